// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/image.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace bitloom {

/// The most pixels a picture may have (89.5 million, 268 MB as RGB): what decodes to more is
/// refused, not decoded.
inline constexpr std::int64_t kMaxImagePixels = (std::int64_t{1} << 28) / 3;

/// Decodes a JPEG or PNG picture, told apart by content, to 8-bit RGB.
///
/// As PIL's open().convert("RGB") with the same libjpeg-turbo: grey is repeated, CMYK and YCCK
/// become RGB, palettes are looked up, alpha is dropped, EXIF orientation and gamma are ignored.
/// Differs: 16-bit grey PNG keeps its high byte (PIL clips at 255). Errors: UnknownFormat (neither
/// format), CorruptFile (damaged or truncated), UnsafeFile (more than kMaxImagePixels, or
///         more pixels than a file of this size can hold).
void decodeImage(std::span<const std::byte> bytes, ImageU8& image);
/// The same from a file; also NotFound and IoFailure. Messages do not repeat the path.
void decodeImageFile(const std::filesystem::path& path, ImageU8& image);

namespace detail {
void decodeJpeg(std::span<const std::byte> bytes, ImageU8& image);
void decodePng(std::span<const std::byte> bytes, ImageU8& image);
/// UnsafeFile or CorruptFile unless width x height is decent for a file of fileBytes.
void requireImageSize(std::int64_t width, std::int64_t height, std::size_t fileBytes);
} // namespace detail

} // namespace bitloom
