// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/resize.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace bitloom {

namespace {
constexpr int kWeightBits = 22; // 8-bit pixels times 22-bit weights, summed to one, fit 31 bits
constexpr std::int32_t kHalf = 1 << (kWeightBits - 1);

std::uint8_t toPixel(std::int32_t sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
}

double triangle(double x)
{
    return std::max(0.0, 1.0 - std::abs(x));
}
} // namespace

void BilinearResizer::Taps::prepare(int fromSize, int toSize)
{
    if (from == fromSize && to == toSize) {
        return;
    }
    from = fromSize;
    to = toSize;
    const double step = static_cast<double>(from) / to;
    const double filterScale = std::max(1.0, step);
    const double support = filterScale; // the triangle reaches one unit to each side
    stride = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
    first.resize(static_cast<std::size_t>(to));
    count.resize(static_cast<std::size_t>(to));
    weights.assign(static_cast<std::size_t>(to) * stride, 0);
    std::vector<double> exact(stride);
    for (std::size_t i = 0; i < static_cast<std::size_t>(to); ++i) {
        const double center = (static_cast<double>(i) + 0.5) * step;
        // Truncation, not floor: negative positions are clamped to 0 next.
        const int begin = std::max(0, static_cast<int>(std::trunc(center - support + 0.5)));
        const int end = std::min(from, static_cast<int>(std::trunc(center + support + 0.5)));
        double total = 0.0;
        for (int x = begin; x < end; ++x) {
            const double weight = triangle((x - center + 0.5) * (1.0 / filterScale));
            exact[static_cast<std::size_t>(x - begin)] = weight;
            total += weight;
        }
        first[i] = begin;
        count[i] = end - begin;
        for (std::size_t k = 0; k < static_cast<std::size_t>(end - begin); ++k) {
            const double normalised = total != 0.0 ? exact[k] / total : exact[k];
            weights[i * stride + k] =
                static_cast<std::int32_t>(std::trunc(0.5 + normalised * (1 << kWeightBits)));
        }
    }
}

template <int Channels>
void BilinearResizer::resizeColumns(const ImageU8& in, ImageU8& out) const
{
    for (int y = 0; y < in.shape.height; ++y) {
        const std::uint8_t* source = in.pixels.data() + static_cast<std::size_t>(y) * in.rowBytes();
        std::uint8_t* target = out.pixels.data() + static_cast<std::size_t>(y) * out.rowBytes();
        for (std::size_t x = 0; x < static_cast<std::size_t>(m_horizontal.to); ++x) {
            const std::int32_t* weight = m_horizontal.weights.data() + x * m_horizontal.stride;
            const std::uint8_t* pixel =
                source + static_cast<std::ptrdiff_t>(m_horizontal.first[x]) * Channels;
            std::int32_t sums[Channels];
            std::fill_n(sums, Channels, kHalf);
            for (int k = 0; k < m_horizontal.count[x]; ++k, pixel += Channels) {
                for (int c = 0; c < Channels; ++c) {
                    sums[c] += pixel[c] * weight[k];
                }
            }
            for (int c = 0; c < Channels; ++c) {
                *target++ = toPixel(sums[c]);
            }
        }
    }
}

void BilinearResizer::resizeRows(const ImageU8& in, ImageU8& out)
{
    const std::size_t row = in.rowBytes();
    m_sums.resize(row);
    for (std::size_t y = 0; y < static_cast<std::size_t>(m_vertical.to); ++y) {
        std::fill(m_sums.begin(), m_sums.end(), kHalf);
        for (int k = 0; k < m_vertical.count[y]; ++k) {
            const std::int32_t weight =
                m_vertical.weights[y * m_vertical.stride + static_cast<std::size_t>(k)];
            const std::uint8_t* source =
                in.pixels.data() + static_cast<std::size_t>(m_vertical.first[y] + k) * row;
            for (std::size_t i = 0; i < row; ++i) {
                m_sums[i] += source[i] * weight;
            }
        }
        std::uint8_t* target = out.pixels.data() + y * row;
        for (std::size_t i = 0; i < row; ++i) {
            target[i] = toPixel(m_sums[i]);
        }
    }
}

void BilinearResizer::resize(const ImageU8& in, int height, int width, ImageU8& out)
{
    BITLOOM_ASSERT(&in != &out && height > 0 && width > 0);
    const ImageShape from = in.shape;
    if (from.width == width && from.height == height) {
        out = in;
        return;
    }
    const ImageU8* rows = &in;
    if (from.width != width) {
        m_horizontal.prepare(from.width, width);
        ImageU8& target = from.height == height ? out : m_between;
        target.reshape({from.height, width, from.channels});
        from.channels == 1 ? resizeColumns<1>(in, target) : resizeColumns<3>(in, target);
        rows = &target;
    }
    if (from.height != height) {
        m_vertical.prepare(from.height, height);
        out.reshape({height, width, from.channels});
        resizeRows(*rows, out);
    }
}

} // namespace bitloom
