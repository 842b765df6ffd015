// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bitloom {

struct ImageShape {
    int height = 0;
    int width = 0;
    int channels = 0; ///< 1 (grey) or 3 (RGB)
    bool operator==(const ImageShape&) const = default;
};

/// A decoded picture: rows from the top, pixels interleaved (HWC), 8 bits per channel.
struct ImageU8 {
    ImageShape shape;
    std::vector<std::uint8_t> pixels; ///< height * width * channels

    std::size_t rowBytes() const
    {
        return static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(shape.channels);
    }
    /// Sets the shape and makes room; the content is unspecified afterwards.
    void reshape(const ImageShape& newShape)
    {
        shape = newShape;
        pixels.resize(rowBytes() * static_cast<std::size_t>(shape.height));
    }
};

} // namespace bitloom
