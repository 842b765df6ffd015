// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/dataset.h"

#include <functional>
#include <string>
#include <vector>

namespace bitloom {

/// Small pictures of one shape, all held in memory (MNIST, CIFAR-10).
class MemoryDataset : public Dataset {
public:
    struct Content {
        std::string name;
        ImageShape shape;
        std::vector<std::uint8_t> pixels; ///< item after item, HWC
        std::vector<std::uint8_t> labels;
        std::vector<std::string> classNames;
        /// The items of one file follow each other: file name and index of its first item.
        std::vector<std::pair<std::string, std::int64_t>> files;
    };
    explicit MemoryDataset(Content content);

    std::string name() const override { return m_content.name; }
    std::int64_t size() const override
    {
        return static_cast<std::int64_t>(m_content.labels.size());
    }
    std::int64_t classCount() const override
    {
        return static_cast<std::int64_t>(m_content.classNames.size());
    }
    std::string className(std::int64_t label) const override;
    std::int64_t label(std::int64_t index) const override;
    std::string itemId(std::int64_t index) const override;
    void read(std::int64_t index, ImageU8& image) const override;
    std::optional<ImageShape> commonShape() const override { return m_content.shape; }

private:
    Content m_content;
    std::size_t m_itemBytes;
};

} // namespace bitloom
