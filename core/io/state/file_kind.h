// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/phrase.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace bitloom::io {

/// What a file is, judged by its content and never by its name.
enum class FileKind {
    TorchZip,    ///< torch.save since PyTorch 1.6
    TorchScript, ///< torch.jit.save: a module with code
    TorchExport, ///< torch.export.save (.pt2)
    TorchLegacy, ///< torch.save before PyTorch 1.6
    TorchTar,    ///< PyTorch 0.1, or any other tar
    Pickle,      ///< a Python pickle that torch.save did not write
    Hdf5,
    Safetensors,
    Onnx,
    Npy,
    NumpyZip, ///< .npz
    Zip,      ///< some other zip archive
    Gzip,
    Json,
    Text,
    Unknown,
};

/// "a TorchScript module", "a text file": for messages of the form "X is ...".
Phrase describe(FileKind kind);

/// Errors: NotFound, IoFailure, UnknownFormat for a folder; CorruptFile for an empty file and for a
///         zip archive that is cut off.
FileKind detectFileKind(const std::filesystem::path& path);
FileKind detectFileKind(std::span<const std::byte> content);

/// "a text file (starts with 'hello')": what was found in place of the wanted format.
std::string describeContent(std::span<const std::byte> content);

} // namespace bitloom::io
