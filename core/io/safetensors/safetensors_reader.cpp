// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors/safetensors_reader.h"

#include "core/base/error.h"

#include <algorithm>
#include <numeric>

namespace bitloom::io {

SafetensorsReader::SafetensorsReader(const std::filesystem::path& path, MapAccess access)
    : m_path(path), m_mapping(std::make_shared<const MappedFile>(path, access)),
      m_header(
          withContext(path.string(), [&] { return parseSafetensorsHeader(m_mapping->bytes()); })),
      m_byName(m_header.entries.size())
{
    std::iota(m_byName.begin(), m_byName.end(), std::size_t{0});
    std::ranges::sort(m_byName, {}, [this](std::size_t i) -> const std::string& {
        return m_header.entries[i].name;
    });
}

const SafetensorsEntry* SafetensorsReader::find(std::string_view name) const
{
    const auto nameOf = [this](std::size_t i) -> std::string_view {
        return m_header.entries[i].name;
    };
    const auto found = std::ranges::lower_bound(m_byName, name, {}, nameOf);
    return found == m_byName.end() || nameOf(*found) != name ? nullptr : &m_header.entries[*found];
}

std::span<const std::byte> SafetensorsReader::bytesOf(const SafetensorsEntry& entry) const
{
    return m_mapping->bytes().subspan(m_header.dataStart + entry.begin, entry.end - entry.begin);
}

} // namespace bitloom::io
