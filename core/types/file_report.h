// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What a path is to Bitloom.
enum class DocumentKind {
    TorchScript, ///< a model with its graph
    Packed,      ///< a packed model (HDF5)
    StateDict,   ///< weights only: needs an architecture
    Plan,        ///< bit plan
    Sensitivity, ///< sensitivity table
    Predictions,
    Project, ///< a project folder
    Unknown,
};

/// One tensor of a state dict, as the file describes it.
struct FileTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::string dtype; ///< "float32", "int64", ...
    std::int64_t bytes = 0;
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
    std::string reason;          ///< the same as one sentence, with the first names
};

/// What a file is and what can be done with it.
struct FileReport {
    std::string file; ///< as given
    DocumentKind kind = DocumentKind::Unknown;
    std::string description;    ///< "a PyTorch checkpoint": for sentences of the form "X is ..."
    std::int64_t fileBytes = 0; ///< 0 for a folder
    std::string model;          ///< what to open as a model; empty: it is none, or needs a choice
    std::vector<FileTensor> tensors;        ///< of a state dict, in file order
    std::vector<ArchitectureGuess> guesses; ///< for a state dict, best first; empty: none is near
    std::vector<std::string> notes;         ///< what the reader chose, one sentence each
};

/// "torchscript", "packed", "state_dict", "plan", "sensitivity", "predictions", "project",
/// "unknown".
std::string_view toString(DocumentKind kind);

/// One line (docs/formats.md, "file report").
std::string toJson(const FileReport& report);
/// Errors: CorruptFile, InvalidArgument with the key's path.
FileReport fileReportFromJson(std::string_view text);

} // namespace bitloom
