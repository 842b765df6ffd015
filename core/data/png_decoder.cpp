// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/data/image_decoder.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <png.h>

namespace bitloom::detail {

namespace {
/// libpng jumps back to the step that called it; the steps hold no objects with destructors.
class PngDecoder {
public:
    explicit PngDecoder(std::span<const std::byte> bytes) : m_bytes(bytes)
    {
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &PngDecoder::onError,
                                       &PngDecoder::onWarning);
        m_info = m_png != nullptr ? png_create_info_struct(m_png) : nullptr;
        if (m_info == nullptr) {
            png_destroy_read_struct(&m_png, nullptr, nullptr);
            fail(ErrorCode::OutOfMemory, "no memory to decode a PNG");
        }
    }
    ~PngDecoder() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
    PngDecoder(const PngDecoder&) = delete;
    PngDecoder& operator=(const PngDecoder&) = delete;

    bool readHeader()
    {
        if (setjmp(m_return) != 0) {
            return false;
        }
        constexpr png_alloc_size_t kMostChunkBytes = png_alloc_size_t{8} << 20;
        png_set_chunk_malloc_max(m_png, kMostChunkBytes);
        png_set_read_fn(m_png, this, &PngDecoder::onRead);
        png_read_info(m_png, m_info);
        return true;
    }

    /// Everything to 8-bit RGB; transparency (a channel, or a colour) is dropped.
    bool start()
    {
        if (setjmp(m_return) != 0) {
            return false;
        }
        const int colours = png_get_color_type(m_png, m_info);
        png_set_strip_16(m_png);
        if (colours == PNG_COLOR_TYPE_PALETTE) {
            png_set_palette_to_rgb(m_png);
        } else if ((colours & PNG_COLOR_MASK_COLOR) == 0) {
            png_set_expand_gray_1_2_4_to_8(m_png);
            png_set_gray_to_rgb(m_png);
        }
        png_set_strip_alpha(m_png);
        m_passes = png_set_interlace_handling(m_png);
        png_read_update_info(m_png, m_info);
        return true;
    }

    bool readRows(std::uint8_t* pixels, std::size_t rowBytes, int height)
    {
        if (setjmp(m_return) != 0) {
            return false;
        }
        for (int pass = 0; pass < m_passes; ++pass) {
            for (int y = 0; y < height; ++y) {
                png_read_row(m_png, pixels + static_cast<std::size_t>(y) * rowBytes, nullptr);
            }
        }
        return true;
    }

    std::int64_t width() const { return png_get_image_width(m_png, m_info); }
    std::int64_t height() const { return png_get_image_height(m_png, m_info); }
    std::size_t rowBytes() const { return png_get_rowbytes(m_png, m_info); }

    [[noreturn]] void failWith() const
    {
        fail(ErrorCode::CorruptFile, m_truncated ? "is a truncated PNG" : "is a damaged PNG", ": ",
             m_text);
    }

private:
    [[noreturn]] static void onError(png_structp png, png_const_charp text)
    {
        auto& self = *static_cast<PngDecoder*>(png_get_error_ptr(png));
        std::snprintf(self.m_text, sizeof self.m_text, "%s", text);
        longjmp(self.m_return, 1);
    }
    static void onWarning(png_structp, png_const_charp) {}
    static void onRead(png_structp png, png_bytep out, png_size_t count)
    {
        auto& self = *static_cast<PngDecoder*>(png_get_io_ptr(png));
        if (count > self.m_bytes.size() - self.m_position) {
            self.m_truncated = true;
            png_error(png, "the data ends before the picture does");
        }
        std::memcpy(out, self.m_bytes.data() + self.m_position, count);
        self.m_position += count;
    }

    std::span<const std::byte> m_bytes;
    std::size_t m_position = 0;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
    std::jmp_buf m_return{};
    int m_passes = 1;
    bool m_truncated = false;
    char m_text[128] = {};
};
} // namespace

void decodePng(std::span<const std::byte> bytes, ImageU8& image)
{
    PngDecoder decoder(bytes);
    if (!decoder.readHeader()) {
        decoder.failWith();
    }
    requireImageSize(decoder.width(), decoder.height(), bytes.size());
    if (!decoder.start()) {
        decoder.failWith();
    }
    image.reshape({static_cast<int>(decoder.height()), static_cast<int>(decoder.width()), 3});
    BITLOOM_ASSERT(decoder.rowBytes() == image.rowBytes());
    if (!decoder.readRows(image.pixels.data(), image.rowBytes(), image.shape.height)) {
        decoder.failWith();
    }
}

} // namespace bitloom::detail
