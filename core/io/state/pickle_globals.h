// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/pickle_value.h"

#include <span>
#include <string_view>

namespace bitloom::io {

/// What a permitted global stands for. Each is data or a constructor of plain data; none runs
/// Python code.
enum class GlobalRole {
    StorageType,
    Dtype,
    TensorType,
    RebuildTensor,
    RebuildTensorV2,
    RebuildTensorV3,
    RebuildParameter,
    RebuildFromType,
    SparseTensor,
    QuantizedTensor,
    Size,
    Device,
    OrderedDict,
    DefaultDict,
    Set,
    List,
    Tuple,
    Bytes,
    CodecsEncode,
    NumpyScalar,
    NumpyDtype,
    NumpyArray,
    QuantizationScheme,
    Layout,
};

/// One entry of the fixed allow-list.
struct PickleGlobal {
    std::string_view module;
    std::string_view name;
    GlobalRole role;
    c10::ScalarType type = c10::ScalarType::Undefined; ///< of a StorageType or Dtype
};

/// Looks a global up.
/// Errors: UnsafeFile naming it when it is not in the table. Nothing is imported or run.
const PickleGlobal& allowedGlobal(std::string_view module, std::string_view name);

/// What Python would get from callee(*arguments), as plain data.
/// Errors: CorruptFile when the arguments do not fit; UnsafeFile when the tree's budget is
///         exceeded.
PickleValue callGlobal(PickleTree& tree, const PickleGlobal& callee,
                       std::span<const PickleValue> arguments);

/// The storage that a persistent id ('storage', type, key, location, numel[, view]) names.
PickleValue storageOfPersistentId(PickleTree& tree, const PickleValue& id);

} // namespace bitloom::io
