// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/data/image_decoder.h"

#include <csetjmp>
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

namespace bitloom::detail {

namespace {
/// libjpeg reports errors through a callback that must not return. It jumps back to the step that
/// called libjpeg; the steps hold no objects with destructors, so nothing is skipped.
class JpegDecoder {
public:
    explicit JpegDecoder(std::span<const std::byte> bytes) : m_bytes(bytes)
    {
        m_info.err = jpeg_std_error(&m_errors);
        m_errors.error_exit = &JpegDecoder::onError;
        m_errors.emit_message = &JpegDecoder::onMessage;
        m_info.client_data = this;
    }
    ~JpegDecoder() { jpeg_destroy_decompress(&m_info); }
    JpegDecoder(const JpegDecoder&) = delete;
    JpegDecoder& operator=(const JpegDecoder&) = delete;

    bool readHeader()
    {
        if (setjmp(m_return) != 0) {
            return false;
        }
        jpeg_create_decompress(&m_info);
        jpeg_mem_src(&m_info, reinterpret_cast<const unsigned char*>(m_bytes.data()),
                     m_bytes.size());
        jpeg_read_header(&m_info, TRUE);
        return true;
    }

    bool start(J_COLOR_SPACE colours)
    {
        if (setjmp(m_return) != 0) {
            return false;
        }
        m_info.out_color_space = colours;
        jpeg_start_decompress(&m_info);
        return true;
    }

    bool readRow(std::uint8_t* row)
    {
        if (setjmp(m_return) != 0) {
            return false;
        }
        JSAMPROW target = row;
        return jpeg_read_scanlines(&m_info, &target, 1) == 1 && !m_truncated;
    }

    const jpeg_decompress_struct& info() const { return m_info; }

    [[noreturn]] void failWith() const
    {
        if (m_truncated) {
            fail(ErrorCode::CorruptFile,
                 "is a truncated JPEG: the data ends before the picture does");
        }
        fail(ErrorCode::CorruptFile, "is a damaged JPEG: ", m_text);
    }

private:
    static JpegDecoder& self(j_common_ptr info)
    {
        return *static_cast<JpegDecoder*>(info->client_data);
    }

    [[noreturn]] static void onError(j_common_ptr info)
    {
        JpegDecoder& decoder = self(info);
        info->err->format_message(info, decoder.m_text);
        longjmp(decoder.m_return, 1);
    }
    static void onMessage(j_common_ptr info, int)
    {
        // Other warnings (extraneous bytes, odd markers) leave a usable picture, and PIL accepts it
        // too.
        if (info->err->msg_code == JWRN_JPEG_EOF) {
            self(info).m_truncated = true;
        }
    }

    std::span<const std::byte> m_bytes;
    jpeg_decompress_struct m_info{};
    jpeg_error_mgr m_errors{};
    std::jmp_buf m_return{};
    char m_text[JMSG_LENGTH_MAX] = {};
    bool m_truncated = false;
};

/// a * b / 255, rounded, for bytes.
std::uint32_t scaleByte(std::uint32_t a, std::uint32_t b)
{
    const std::uint32_t product = a * b + 128;
    return (product + (product >> 8)) >> 8;
}

/// CMYK pixels as Adobe writes them (255 means no ink) to RGB.
void invertedCmykToRgb(const std::uint8_t* cmyk, std::uint8_t* rgb, int width)
{
    for (int x = 0; x < width; ++x, cmyk += 4, rgb += 3) {
        const std::uint32_t light = cmyk[3];
        for (int c = 0; c < 3; ++c) {
            const std::uint32_t ink = 255U - cmyk[c];
            rgb[c] = static_cast<std::uint8_t>(light - scaleByte(ink, light));
        }
    }
}
} // namespace

void decodeJpeg(std::span<const std::byte> bytes, ImageU8& image)
{
    JpegDecoder decoder(bytes);
    if (!decoder.readHeader()) {
        decoder.failWith();
    }
    const auto& info = decoder.info();
    requireImageSize(info.image_width, info.image_height, bytes.size());
    const bool cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
    if (!decoder.start(cmyk ? JCS_CMYK : JCS_RGB)) {
        decoder.failWith();
    }
    const int width = static_cast<int>(info.output_width);
    image.reshape({static_cast<int>(info.output_height), width, 3});
    std::vector<std::uint8_t> inks(cmyk ? static_cast<std::size_t>(width) * 4 : 0);
    for (int y = 0; y < image.shape.height; ++y) {
        std::uint8_t* row = image.pixels.data() + static_cast<std::size_t>(y) * image.rowBytes();
        if (!decoder.readRow(cmyk ? inks.data() : row)) {
            decoder.failWith();
        }
        if (cmyk) {
            invertedCmykToRgb(inks.data(), row, width);
        }
    }
}

} // namespace bitloom::detail
