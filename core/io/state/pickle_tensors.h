// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/pickle_value.h"
#include "core/io/state/torch_archive.h"
#include "core/types/phrase.h"

#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// "a tuple", "a dict", "a single tensor": what a saved object is, for messages.
std::string_view kindOf(const PickleValue& value);

/// True for a tensor, also one of a layout that Bitloom does not read.
bool isTensorLike(const PickleValue& value);

/// True if any of the dict's values is a tensor.
bool holdsTensors(const PickleDict& dict);

/// The dict's entry of this name, or nullptr.
const PickleValue* findEntry(const PickleDict& dict, std::string_view name);

/// The names of a dict's entries; "(not a text)" for a key that is none.
std::vector<std::string> namesOf(const PickleDict& dict);

/// "a, b and c", of more than ten names the first ten and how many there are beside them.
Phrase listOfNames(const std::vector<std::string>& names);
/// The same as text.
std::string listNames(const std::vector<std::string>& names);

struct TensorEntries {
    std::vector<TorchArchive::Wanted> wanted; ///< under the names of the file, in its order
    std::vector<std::string> ignored;         ///< names of entries that are no tensors
};

/// The tensors of a dict.
/// Errors: CorruptFile for a tensor whose name is no text or occurs twice; Unsupported for sparse
///         tensors.
TensorEntries tensorEntries(const PickleDict& dict);

} // namespace bitloom::io
