// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/thumbnail_maker.h"

#include <algorithm>

namespace bitloom {

namespace {

/// The other side of a picture whose longer side becomes size; at least one pixel.
int scaledSide(int side, int longer, int size)
{
    const auto rounded = (std::int64_t{side} * size + longer / 2) / longer;
    return std::max(1, static_cast<int>(rounded));
}

std::vector<std::uint8_t> toRgb(const ImageU8& image)
{
    if (image.shape.channels == 3) {
        return image.pixels;
    }
    std::vector<std::uint8_t> rgb;
    rgb.reserve(image.pixels.size() * 3);
    for (const std::uint8_t grey : image.pixels) {
        rgb.insert(rgb.end(), 3, grey);
    }
    return rgb;
}

} // namespace

ThumbnailMaker::ThumbnailMaker(const Dataset& dataset, int size) : m_dataset(dataset), m_size(size)
{
}

Thumbnail ThumbnailMaker::make(std::int64_t index)
{
    m_dataset.read(index, m_decoded);
    const ImageU8* picture = &m_decoded;
    const ImageShape& shape = m_decoded.shape;
    const int longer = std::max(shape.width, shape.height);
    if (longer > m_size) {
        m_resizer.resize(m_decoded, scaledSide(shape.height, longer, m_size),
                         scaledSide(shape.width, longer, m_size), m_small);
        picture = &m_small;
    }
    Thumbnail thumbnail;
    thumbnail.image = index;
    thumbnail.label = m_dataset.label(index);
    thumbnail.className = m_dataset.className(thumbnail.label);
    thumbnail.width = picture->shape.width;
    thumbnail.height = picture->shape.height;
    thumbnail.rgb = toRgb(*picture);
    return thumbnail;
}

} // namespace bitloom
