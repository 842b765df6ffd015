// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/png_encoder.h"

#include "core/base/error.h"

#include <png.h>

namespace bitloom {

std::string encodePng(const ImageU8& image)
{
    const ImageShape& shape = image.shape;
    BITLOOM_REQUIRE(shape.width > 0 && shape.height > 0 &&
                        (shape.channels == 1 || shape.channels == 3),
                    ErrorCode::InvalidArgument, "a picture of ", shape.width, " x ", shape.height,
                    " with ", shape.channels, " channels cannot become a PNG");
    BITLOOM_ASSERT(image.pixels.size() ==
                   image.rowBytes() * static_cast<std::size_t>(shape.height));
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    header.width = static_cast<png_uint_32>(shape.width);
    header.height = static_cast<png_uint_32>(shape.height);
    header.format = shape.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    const auto write = [&](void* memory, png_alloc_size_t& bytes) {
        const int done =
            png_image_write_to_memory(&header, memory, &bytes, 0, image.pixels.data(), 0, nullptr);
        BITLOOM_REQUIRE(done != 0, ErrorCode::Internal, "libpng: ", header.message);
    };
    png_alloc_size_t bytes = 0;
    write(nullptr, bytes); // counts only
    std::string file(bytes, '\0');
    write(file.data(), bytes);
    file.resize(bytes);
    return file;
}

} // namespace bitloom
