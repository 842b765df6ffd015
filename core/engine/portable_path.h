// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace bitloom::engine {

// Paths in a project's files: relative to the project where they lie inside, else absolute. A
// project folder may be moved, and opened from anywhere.

/// "{project}/exports/a.h5" for a file inside the folder, else its absolute path.
std::string portablePath(const std::filesystem::path& file, const std::filesystem::path& folder);
std::filesystem::path localPath(const std::string& portable, const std::filesystem::path& folder);

/// The same for what a job opens: "FILE", "arch:NAME@FILE", "images:DIR". Others stay as they are.
std::string portableSpec(const std::string& spec, const std::filesystem::path& folder);
std::string localSpec(std::string spec, const std::filesystem::path& folder);

/// "arch:NAME@a/b.pth" -> "arch:NAME@b.pth": for files that leave this machine.
std::string specWithoutFolders(const std::string& spec);

} // namespace bitloom::engine
