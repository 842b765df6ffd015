// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors/safetensors_writer.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"

#include <algorithm>
#include <set>
#include <utility>

namespace bitloom::io {

namespace {

std::vector<SafetensorsEntry> layOut(std::vector<SafetensorsDeclaration> tensors)
{
    std::set<std::string_view> names;
    std::vector<SafetensorsEntry> entries;
    for (SafetensorsDeclaration& tensor : tensors) {
        BITLOOM_REQUIRE(names.insert(tensor.name).second, ErrorCode::InvalidArgument, "the name ",
                        tensor.name, " occurs twice");
        BITLOOM_REQUIRE(tensor.name != "__metadata__", ErrorCode::InvalidArgument,
                        "a tensor cannot have the name __metadata__, which the format reserves");
        entries.push_back({tensor.name, tensor.type, std::move(tensor.shape), 0, 0});
    }
    std::ranges::stable_sort(entries, std::ranges::greater{},
                             [](const SafetensorsEntry& entry) { return bitsOf(entry.type); });
    std::uint64_t position = 0;
    for (SafetensorsEntry& entry : entries) {
        entry.begin = position;
        position =
            checkedAdd(position, safetensorsBytes(entry.name, entry.type, entry.shape), "the data");
        entry.end = position;
    }
    return entries;
}

} // namespace

SafetensorsWriter::SafetensorsWriter(const std::filesystem::path& path,
                                     std::vector<SafetensorsDeclaration> tensors,
                                     const std::map<std::string, std::string>& metadata)
    : m_entries(layOut(std::move(tensors))), m_header(makeSafetensorsHeader(m_entries, metadata)),
      m_file(path)
{
    m_file.write(m_header);
}

void SafetensorsWriter::skipComplete()
{
    while (m_current < m_entries.size() && m_entries[m_current].end == m_written) {
        ++m_current;
    }
}

void SafetensorsWriter::append(std::string_view name, std::span<const std::byte> bytes)
{
    if (bytes.empty()) {
        return;
    }
    skipComplete();
    BITLOOM_REQUIRE(
        m_current < m_entries.size() && m_entries[m_current].name == name,
        ErrorCode::InvalidArgument, "the values of tensor ", name, " were given out of turn: ",
        m_current < m_entries.size() ? m_entries[m_current].name : "none", " was expected");
    const std::uint64_t left = m_entries[m_current].end - m_written;
    BITLOOM_REQUIRE(bytes.size() <= left, ErrorCode::InvalidArgument, "tensor ", name,
                    " was declared with ", left, " more bytes, ", bytes.size(), " were given");
    m_file.write(bytes);
    m_written += bytes.size();
}

void SafetensorsWriter::replaceMetadata(std::string_view key, std::string_view value)
{
    const auto quoted = [](std::string_view text) { return "\"" + std::string(text) + "\""; };
    const std::string member = quoted(key) + ":";
    const std::string text = quoted(value);
    const std::size_t found = m_header.find(member); // the metadata stands before all tensors
    const std::size_t at = found + member.size();
    BITLOOM_REQUIRE(found != std::string::npos && at + text.size() < m_header.size() &&
                        m_header[at] == '"' &&
                        m_header.find_first_of("\"\\", at + 1) == at + text.size() - 1 &&
                        value.find_first_of("\"\\") == std::string_view::npos,
                    ErrorCode::InvalidArgument, "the metadata holds no ", key, " of ", value.size(),
                    " characters");
    m_file.overwrite(at, std::as_bytes(std::span(text.data(), text.size())));
}

void SafetensorsWriter::finish()
{
    skipComplete();
    BITLOOM_REQUIRE(m_current == m_entries.size(), ErrorCode::InvalidArgument, "tensor ",
                    m_entries[m_current].name, " lacks ", m_entries[m_current].end - m_written,
                    " of its bytes");
    m_file.commit();
}

} // namespace bitloom::io
