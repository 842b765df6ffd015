// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/image_decoder.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

namespace bitloom {

namespace detail {
void requireImageSize(std::int64_t width, std::int64_t height, std::size_t fileBytes)
{
    // Deflate packs a byte at most 1032:1 and a byte holds at most 8 pixels of a PNG; JPEG stays
    // below that.
    constexpr std::int64_t kMostPixelsPerByte = 1032 * 8;
    BITLOOM_REQUIRE(width >= 1 && height >= 1, ErrorCode::CorruptFile, "states a size of ", width,
                    " x ", height, " pixels");
    BITLOOM_REQUIRE(width <= kMaxImagePixels / height, ErrorCode::UnsafeFile, "has ", width, " x ",
                    height, " pixels; at most ", kMaxImagePixels, " pixels are decoded");
    BITLOOM_REQUIRE(width * height / kMostPixelsPerByte <= static_cast<std::int64_t>(fileBytes),
                    ErrorCode::UnsafeFile, "states ", width, " x ", height, " pixels, which ",
                    fileBytes, " bytes cannot hold");
}
} // namespace detail

void decodeImage(std::span<const std::byte> bytes, ImageU8& image)
{
    const auto at = [&](std::size_t i) {
        return i < bytes.size() ? std::to_integer<int>(bytes[i]) : -1;
    };
    if (at(0) == 0xFF && at(1) == 0xD8) {
        detail::decodeJpeg(bytes, image);
    } else if (at(0) == 0x89 && at(1) == 'P' && at(2) == 'N' && at(3) == 'G') {
        detail::decodePng(bytes, image);
    } else {
        fail(ErrorCode::UnknownFormat, "is neither a JPEG nor a PNG picture");
    }
}

void decodeImageFile(const std::filesystem::path& path, ImageU8& image)
{
    const MappedFile file(path);
    decodeImage(file.bytes(), image);
}

} // namespace bitloom
