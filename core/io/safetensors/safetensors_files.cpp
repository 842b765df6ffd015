// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors/safetensors_files.h"

#include "core/base/error.h"
#include "core/io/safetensors/weight_folder.h"

#include <algorithm>

namespace bitloom::io {

namespace {

std::string_view nameOf(const SafetensorsPlace& place)
{
    return place->name;
}

} // namespace

SafetensorsFiles::SafetensorsFiles(const std::filesystem::path& path, MapAccess access)
    : m_path(path)
{
    for (const std::filesystem::path& file : filesOfWeights(path)) {
        m_files.emplace_back(file, access);
    }
    for (const SafetensorsReader& file : m_files) {
        for (const SafetensorsEntry& entry : file.entries()) {
            m_tensors.push_back({&file, &entry});
        }
    }
    m_byName = m_tensors;
    std::ranges::stable_sort(m_byName, {}, nameOf);
    const auto twice = std::ranges::adjacent_find(m_byName, {}, nameOf);
    BITLOOM_REQUIRE(twice == m_byName.end(), ErrorCode::CorruptFile,
                    std::next(twice)->file->path().string(), ": tensor ", (*twice)->name,
                    " is in another file of the folder too");
}

SafetensorsPlace SafetensorsFiles::find(std::string_view name) const
{
    const auto found = std::ranges::lower_bound(m_byName, name, {}, nameOf);
    return found == m_byName.end() || nameOf(*found) != name ? SafetensorsPlace{} : *found;
}

bool SafetensorsFiles::hasNameEnding(std::string_view ending) const
{
    return std::ranges::any_of(
        m_tensors, [&](const SafetensorsPlace& place) { return place->name.ends_with(ending); });
}

} // namespace bitloom::io
