// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/rng.h"
#include "core/data/batch_loader.h"
#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "core/graph/graph_builder.h"
#include "core/io/conversion.h"
#include "core/io/model_file.h"
#include "core/io/model_source.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <memory>
#include <utility>

namespace bitloom::test {

inline at::Tensor randomTensor(const std::vector<std::int64_t>& shape, Rng& rng, double scale)
{
    at::Tensor tensor = at::empty(shape, at::kFloat);
    float* data = tensor.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        data[i] = static_cast<float>(rng.normal() * scale);
    }
    return tensor;
}

/// Packs a model under a plan into our HDF5, compared tensor by tensor. False when cancelled.
inline bool writePacked(const std::filesystem::path& path, const LoadedModel& model,
                        const BitPlan& plan, const QuantState& state, RunControl& control)
{
    ConversionRequest request;
    request.output = path.string();
    request.to = WeightFormat::Packed;
    return writeWeights(io::ModelSource(model, plan, state), request, control);
}

/// A residual network for 28x28 digits with batch normalisation: stem, one block with a 1x1
/// shortcut (so that two layers share one activation tensor), a depthwise convolution and a linear
/// layer.
inline LoadedModel smallResidualNetwork(std::uint64_t seed)
{
    using graph::arg;
    using graph::argInts;
    using graph::argNone;
    using graph::ValueIndex;
    Rng rng(seed);
    graph::GraphBuilder builder("small_residual");
    const auto conv = [&](ValueIndex x, const std::string& path, std::int64_t in, std::int64_t out,
                          std::int64_t kernel, std::int64_t stride, std::int64_t groups) {
        const double scale = 1 / std::sqrt(static_cast<double>(in / groups * kernel * kernel));
        const ValueIndex weight = builder.addParameter(
            path + ".weight", randomTensor({out, in / groups, kernel, kernel}, rng, scale));
        return builder.add("aten::conv2d",
                           {arg(x), arg(weight), argNone(), argInts({stride, stride}),
                            argInts({kernel / 2, kernel / 2}), argInts({1, 1}), arg(groups)},
                           path, path);
    };
    const auto norm = [&](ValueIndex x, const std::string& path, std::int64_t channels) {
        const ValueIndex weight = builder.addParameter(path + ".weight", at::ones({channels}));
        const ValueIndex bias =
            builder.addParameter(path + ".bias", randomTensor({channels}, rng, 0.1));
        const ValueIndex mean =
            builder.addParameter(path + ".running_mean", randomTensor({channels}, rng, 0.1), true);
        const ValueIndex variance =
            builder.addParameter(path + ".running_var", at::ones({channels}), true);
        return builder.add("aten::batch_norm",
                           {arg(x), arg(weight), arg(bias), arg(mean), arg(variance), arg(false),
                            arg(0.1), arg(1e-5), arg(false)},
                           path, path);
    };
    const auto relu = [&](ValueIndex x, const std::string& path) {
        return builder.add("aten::relu", {arg(x)}, path, path);
    };
    const ValueIndex input = builder.addInput("input", {1, 1, 28, 28});
    ValueIndex x = relu(norm(conv(input, "stem", 1, 8, 3, 2, 1), "stem_bn", 8), "stem_relu");
    ValueIndex y =
        relu(norm(conv(x, "block.conv1", 8, 16, 3, 2, 1), "block.bn1", 16), "block.relu1");
    y = norm(conv(y, "block.conv2", 16, 16, 3, 1, 1), "block.bn2", 16);
    const ValueIndex shortcut = conv(x, "block.shortcut", 8, 16, 1, 2, 1);
    x = relu(builder.add("aten::add.Tensor", {arg(y), arg(shortcut)}, "block", "block.add"),
             "block.relu2");
    x = relu(conv(x, "depthwise", 16, 16, 3, 2, 16), "depthwise_relu");
    x = builder.add("aten::flatten.using_ints", {arg(x), arg(std::int64_t{1})}, "", "flatten");
    const ValueIndex weight = builder.addParameter("fc.weight", randomTensor({10, 256}, rng, 0.06));
    const ValueIndex bias = builder.addParameter("fc.bias", randomTensor({10}, rng, 0.1));
    x = builder.add("aten::linear", {arg(x), arg(weight), arg(bias)}, "fc", "fc");
    return describeModel(builder.finish({x}), {});
}

inline BatchLoader digits(std::int64_t count, std::int64_t batchSize,
                          DatasetSplit split = DatasetSplit::Test, bool shuffle = false)
{
    BatchLoaderOptions options;
    options.batchSize = batchSize;
    options.threads = 1;
    options.shuffle = shuffle;
    const std::vector<std::int64_t> shape{1, 1, 28, 28};
    return BatchLoader(openDataset("digits:" + std::to_string(count), split),
                       presetFor("lenet5", shape), options);
}

} // namespace bitloom::test
