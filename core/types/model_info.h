// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom {

enum class LayerKind { Conv, ConvTranspose, Linear, MatMul };

/// One quantizable operation as the table shows it.
struct LayerInfo {
    std::string name; ///< module path of the weight's owner ("layer1.0.conv1"); for matmul its
                      ///< scope + counter
    LayerKind kind = LayerKind::Conv;
    std::string op;     ///< ATen operator, "aten::conv2d"
    std::string weight; ///< parameter name ("layer1.0.conv1.weight"); empty for matmul
    std::string bias;   ///< parameter name or empty
    std::vector<std::int64_t> weightShape; ///< empty for matmul
    std::int64_t weightBytes = 0;          ///< of the weight in its own type; 0 for matmul
    int weightAxis = 0; ///< output-channel axis of the weight (1 for transposed convolution)
    std::int64_t groups = 1;
    std::vector<std::int64_t> outputShape; ///< at batch 1
    std::int64_t macs = 0;                 ///< multiply-accumulates at batch 1
    std::int64_t parameters = 0;           ///< elements of weight and bias
    /// Activation tensors it reads (names in ModelInfo::tensors): one for conv and linear, two for
    /// matmul.
    std::vector<std::string> inputs;
};

/// One activation tensor that feeds at least one layer.
struct TensorInfo {
    std::string name;                ///< unique value name ("input", "layer1.0.relu")
    std::vector<std::int64_t> shape; ///< at batch 1
    bool isModelInput = false;
    std::vector<std::string> readers; ///< names of the layers that read it
};

/// What every cost, plan and table needs to know of a model: no weights, no operators.
struct ModelInfo {
    std::string name;
    std::string fingerprint;              ///< "sha256:<64 hex>" over structure and weights
    std::vector<std::int64_t> inputShape; ///< at batch 1
    std::int64_t parameters = 0;     ///< elements of all trainable parameters (buffers not counted)
    std::int64_t macs = 0;           ///< sum over layers, batch 1
    std::int64_t storedBytes = 0;    ///< bytes of all parameters and buffers in their own types
    std::vector<LayerInfo> layers;   ///< in execution order
    std::vector<TensorInfo> tensors; ///< in execution order
    /// Parameters and buffers that are no layer's weight: name, bytes. Stored raw in a packed file.
    struct RawTensor {
        std::string name;
        std::int64_t bytes = 0;
    };
    std::vector<RawTensor> rawTensors;
};

} // namespace bitloom
