// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/phrase.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What a path is to Bitloom.
enum class DocumentKind {
    TorchScript, ///< a model with its graph
    Packed,      ///< packed weights in any container, with a network or without
    StateDict,   ///< weights only: needs an architecture
    Plan,        ///< bit plan
    Sensitivity, ///< sensitivity table
    Predictions,
    Project, ///< a project folder
    Unknown,
};

/// One tensor of a state dict or of packed weights, as the file describes it.
struct FileTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::string dtype;      ///< "float32", "int64", ...; of codes: of what was packed
    std::int64_t bytes = 0; ///< in the file; of codes: with their scales
    /// Width of codes; absent for values that are as they are, and where each channel has its own.
    std::optional<int> bits{};
    /// How codes lie there: "4 bits unsigned, groups of 32, zero points". Empty: values as they
    /// are.
    std::string storage{};
};

/// How well a built-in architecture fits the names and shapes of a state dict.
struct ArchitectureGuess {
    std::string name;            ///< "resnet20_cifar"
    std::string model;           ///< the model to open: "arch:resnet20_cifar@weights.pth"
    bool fits = false;           ///< every name and shape agrees
    std::int64_t matching = 0;   ///< tensors of the architecture with equal name and shape
    std::int64_t expected = 0;   ///< tensors of the architecture, batch counters not counted
    std::int64_t missing = 0;    ///< of these, names that the file lacks
    std::int64_t misshapen = 0;  ///< of these, names with another shape
    std::int64_t unexpected = 0; ///< names of the file that the architecture does not know
    Phrase reason;               ///< the same as one sentence, with the first names
};

/// What a file is and what can be done with it.
struct FileReport {
    std::string file; ///< as given
    DocumentKind kind = DocumentKind::Unknown;
    Phrase description;         ///< "a PyTorch checkpoint": for sentences of the form "X is ..."
    std::int64_t fileBytes = 0; ///< 0 for a folder
    std::string model;          ///< what to open as a model; empty: it is none, or needs a choice
    std::vector<FileTensor> tensors; ///< of weights, in file order
    /// For weights without a network, best first; empty: none is near.
    std::vector<ArchitectureGuess> guesses;
    std::vector<Phrase> notes; ///< what the reader chose, one sentence each
    Phrase container{};        ///< of packed weights: "packed HDF5 1.0", "GPTQ v2", "BitPack"
};

/// "torchscript", "packed", "state_dict", "plan", "sensitivity", "predictions", "project",
/// "unknown".
std::string_view toString(DocumentKind kind);

/// One line (docs/formats.md, "file report").
std::string toJson(const FileReport& report);
/// Errors: CorruptFile, InvalidArgument with the key's path.
FileReport fileReportFromJson(std::string_view text);

} // namespace bitloom
