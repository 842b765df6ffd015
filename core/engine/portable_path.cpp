// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/portable_path.h"
#include "core/types/model_spec.h"

#include <string_view>

namespace bitloom::engine {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view kFolderMark = "{project}";

/// Where the file's path begins in "FILE", "arch:NAME@FILE", "images:DIR"; npos: it names no file.
std::size_t pathStart(const std::string& spec)
{
    if (namesArchitecture(spec)) {
        const std::size_t bytes = fileOfSpec(spec).size();
        return bytes == 0 ? std::string::npos : spec.size() - bytes;
    }
    for (const std::string_view prefix : {"mnist:", "cifar10:", "images:"}) {
        if (spec.starts_with(prefix)) {
            return prefix.size();
        }
    }
    return spec.starts_with("digits:") ? std::string::npos : 0;
}
} // namespace

std::string portablePath(const fs::path& file, const fs::path& folder)
{
    const fs::path absolute = fs::absolute(file).lexically_normal();
    const fs::path inside = absolute.lexically_relative(fs::absolute(folder).lexically_normal());
    const bool isInside = !inside.empty() && *inside.begin() != "..";
    return isInside ? std::string(kFolderMark) + "/" + inside.string() : absolute.string();
}

fs::path localPath(const std::string& portable, const fs::path& folder)
{
    return portable.starts_with(kFolderMark) ? folder.string() + portable.substr(kFolderMark.size())
                                             : portable;
}

std::string portableSpec(const std::string& spec, const fs::path& folder)
{
    const std::size_t start = pathStart(spec);
    if (start == std::string::npos || start == spec.size()) {
        return spec;
    }
    return spec.substr(0, start) + portablePath(spec.substr(start), folder);
}

std::string specWithoutFolders(const std::string& spec)
{
    const std::size_t start = pathStart(spec);
    if (start == std::string::npos) {
        return spec;
    }
    fs::path path = fs::path(spec.substr(start)).lexically_normal();
    if (!path.has_filename()) { // "mnist:folder/"
        path = path.parent_path();
    }
    return spec.substr(0, start) + path.filename().string();
}

std::string localSpec(std::string spec, const fs::path& folder)
{
    if (const std::size_t at = spec.find(kFolderMark); at != std::string::npos) {
        spec.replace(at, kFolderMark.size(), folder.string());
    }
    return spec;
}

} // namespace bitloom::engine
