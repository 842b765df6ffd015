// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/memory_dataset.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstring>

namespace bitloom {

MemoryDataset::MemoryDataset(Content content)
    : m_content(std::move(content)), m_itemBytes(static_cast<std::size_t>(m_content.shape.height) *
                                                 static_cast<std::size_t>(m_content.shape.width) *
                                                 static_cast<std::size_t>(m_content.shape.channels))
{
    BITLOOM_ASSERT(m_content.pixels.size() == m_content.labels.size() * m_itemBytes);
}

std::string MemoryDataset::className(std::int64_t label) const
{
    BITLOOM_REQUIRE(label >= 0 && label < classCount(), ErrorCode::InvalidArgument, m_content.name,
                    " has no class ", label);
    return m_content.classNames[static_cast<std::size_t>(label)];
}

std::int64_t MemoryDataset::label(std::int64_t index) const
{
    requireIndex(index);
    return m_content.labels[static_cast<std::size_t>(index)];
}

std::string MemoryDataset::itemId(std::int64_t index) const
{
    requireIndex(index);
    const auto after =
        std::ranges::find_if(m_content.files, [&](const auto& f) { return f.second > index; });
    const auto& [file, first] = *std::prev(after);
    return file + " #" + std::to_string(index - first);
}

void MemoryDataset::read(std::int64_t index, ImageU8& image) const
{
    requireIndex(index);
    image.reshape(m_content.shape);
    std::memcpy(image.pixels.data(),
                m_content.pixels.data() + static_cast<std::size_t>(index) * m_itemBytes,
                m_itemBytes);
}

} // namespace bitloom
