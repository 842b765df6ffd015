// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"
#include "core/io/loaded_model.h"
#include "core/io/packed/packed_tensor.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What a plan says about each parameter that is a layer's weight: parameter name -> its entry and
/// grid.
struct WeightCoding {
    const LayerInfo* layer = nullptr;
    QuantSpec spec;
    const QuantParams* grid = nullptr; ///< null for pruned weights
};
/// Only weights that become codes. Errors: InvalidArgument for an entry without grid in the state.
std::map<std::string, WeightCoding> weightCodings(const LoadedModel& model, const BitPlan& plan,
                                                  const QuantState& state);

/// A parameter as a tensor of a packed file: codes if coding is given, its own values otherwise.
/// Errors: Unsupported for a dtype that files cannot hold.
io::PackedTensor encodeParameter(const graph::Parameter& parameter, const WeightCoding* coding);
/// Everything of it but its codes or values, with its sizes in bytes.
io::PackedTensor parametersOf(const graph::Parameter& parameter, const WeightCoding* coding);

/// The name that packed files give a type ("float32"). Errors: Unsupported naming the tensor for
/// one that they cannot hold.
std::string dtypeName(const std::string& tensor, c10::ScalarType type);
/// The same for messages: LibTorch's own name for a type that packed files cannot hold.
std::string typeName(c10::ScalarType type);
/// The way back; nullopt for an unknown name.
std::optional<c10::ScalarType> dtypeNamed(std::string_view name);

/// The way back. Codes are dequantized in float32 and then take their source's dtype; codes of an
/// integer source without a scale are those integers.
at::Tensor decodeParameter(const io::PackedTensor& tensor);

/// The integers of a tensor of kind Int, int32.
at::Tensor integersOf(const io::PackedTensor& tensor);

/// The grid of codes of so many bits, the lowest ones negative or from 0 up. zeroPoint: as scale,
/// or empty where all are 0. axis: of the channels, -1 for one grid.
QuantParams gridOfCodes(const std::vector<float>& scale, const std::vector<std::int32_t>& zeroPoint,
                        int bits, bool isSigned, int axis);

/// True for codes that lie on one grid per tensor or channel, as a plan's entries describe them.
bool hasGrid(const io::PackedTensor& tensor);

/// The grid of a tensor of kind Int as the file holds it.
QuantParams gridOf(const io::PackedTensor& tensor);

} // namespace bitloom
