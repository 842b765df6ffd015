// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/conversion.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitloom {

/// What became of one tensor in a packed file.
struct PackSheetRow {
    std::string name; ///< parameter or buffer, "layer1.0.conv1.weight"
    std::string kind; ///< "packed", "raw" or "pruned"
    int bits = 32;
    std::vector<std::int64_t> shape;
    std::int64_t packedBytes = 0; ///< codes with row padding, or the raw values
    std::int64_t paddingBits = 0; ///< of packedBytes: bits that hold no code
    std::int64_t scaleBytes = 0;  ///< scales and zero points
    std::uint32_t crc32 = 0;      ///< over packedBytes as stored
    bool verified = false;        ///< read back and equal, code for code
};

/// The proof that goes with a packed checkpoint: its sizes, its hashes, and whether it was read
/// back.
struct PackSheet {
    static constexpr int kVersion = 1;

    std::string fileName;
    /// What the file is: toString(WeightFormat), or a name of what is only read ("gptq", "awq").
    std::string format = std::string(toString(WeightFormat::Packed));
    std::int64_t fileBytes = 0;     ///< = payloadBytes + metadataBytes
    std::int64_t payloadBytes = 0;  ///< sum of packedBytes and scaleBytes: PlanCost::bytes
    std::int64_t metadataBytes = 0; ///< headers, names, plan, checksums of the container
    std::int64_t bytesFp32 = 0;     ///< the model's parameters and buffers in their own types
    double ratio = 0;               ///< bytesFp32 / fileBytes
    std::string sha256;             ///< of the whole file, 64 hex digits
    /// A packed model (holdsModel()): each checksum, each code and the reference logits
    /// agreed. Other formats: each tensor is what its codes become there.
    bool verified = false;
    std::vector<PackSheetRow> tensors; ///< in file order

    std::int64_t images = 0; ///< images that the accuracies below were measured on; 0 = none
    std::optional<double> top1FloatPercent;  ///< the unquantized model
    std::optional<double> top1PlanPercent;   ///< the plan, simulated
    std::optional<double> top1PackedPercent; ///< the weights read back from the packed file
};

/// Whether the file holds the network and the plan beside the weights.
bool holdsModel(const PackSheet& sheet);

/// One JSON object, snake_case keys, "version" first; unset accuracies are null.
std::string toJson(const PackSheet& sheet);

} // namespace bitloom
