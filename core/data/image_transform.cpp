// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/image_transform.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>

namespace bitloom {

namespace {
/// ITU-R 601 luma with 16 fractional bits, as PIL's convert("L").
std::uint8_t luma(const std::uint8_t* rgb)
{
    constexpr std::uint32_t kRed = 19595;
    constexpr std::uint32_t kGreen = 38470;
    constexpr std::uint32_t kBlue = 7471;
    return static_cast<std::uint8_t>((rgb[0] * kRed + rgb[1] * kGreen + rgb[2] * kBlue + 0x8000U) >>
                                     16);
}

void copyWindow(const ImageU8& from, int top, int left, ImageU8& to)
{
    const auto channels = static_cast<std::size_t>(from.shape.channels);
    for (int y = 0; y < to.shape.height; ++y) {
        std::memcpy(to.pixels.data() + static_cast<std::size_t>(y) * to.rowBytes(),
                    from.pixels.data() + static_cast<std::size_t>(top + y) * from.rowBytes() +
                        static_cast<std::size_t>(left) * channels,
                    to.rowBytes());
    }
}
} // namespace

ImageShape shorterSideShape(const ImageShape& shape, int shorterSide)
{
    const std::int64_t shorter = std::min(shape.height, shape.width);
    const std::int64_t longer = std::max(shape.height, shape.width);
    const auto scaled = static_cast<int>(shorterSide * longer / shorter);
    return shape.width <= shape.height ? ImageShape{scaled, shorterSide, shape.channels}
                                       : ImageShape{shorterSide, scaled, shape.channels};
}

int centeredOffset(int outer, int inner)
{
    const int difference = outer - inner;
    if (difference < 0) {
        return -((inner - outer) / 2); // zeros: the odd one goes to the far side
    }
    const int half = difference / 2;
    return difference % 2 == 0 ? half : half + half % 2;
}

ImageTransform::ImageTransform(const Preprocessing& preprocessing, std::optional<ImageShape> common)
    : m_preprocessing(preprocessing)
{
    validate(preprocessing);
    if (common && preprocessing.resizeShorterSide) {
        common = shorterSideShape(*common, *preprocessing.resizeShorterSide);
    }
    if (preprocessing.resizeExact) {
        common = ImageShape{preprocessing.resizeExact->first, preprocessing.resizeExact->second, 0};
    }
    if (preprocessing.centerCrop) {
        common = ImageShape{*preprocessing.centerCrop, *preprocessing.centerCrop, 0};
    }
    BITLOOM_REQUIRE(common.has_value(), ErrorCode::InvalidArgument,
                    "the images differ in size and the preprocessing does not make them equal; set "
                    "resize_exact or "
                    "center_crop");
    m_output = {common->height, common->width, preprocessing.channels};
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(preprocessing.channels);
         ++channel) {
        const auto mean = static_cast<float>(preprocessing.mean[channel]);
        const auto deviation = static_cast<float>(preprocessing.standardDeviation[channel]);
        auto& table = m_tables.emplace_back();
        for (std::size_t value = 0; value < table.size(); ++value) {
            table[value] = (static_cast<float>(value) / 255.0F - mean) / deviation;
        }
    }
}

std::size_t ImageTransform::outputElements() const
{
    return static_cast<std::size_t>(m_output.height) * static_cast<std::size_t>(m_output.width) *
           static_cast<std::size_t>(m_output.channels);
}

const ImageU8* ImageTransform::toChannels(const ImageU8& image)
{
    if (image.shape.channels == m_preprocessing.channels) {
        return &image;
    }
    m_coloured.reshape({image.shape.height, image.shape.width, m_preprocessing.channels});
    std::uint8_t* out = m_coloured.pixels.data();
    if (m_preprocessing.channels == 3) {
        for (const std::uint8_t grey : image.pixels) {
            out = std::fill_n(out, 3, grey);
        }
    } else {
        for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
            *out++ = luma(image.pixels.data() + i);
        }
    }
    return &m_coloured;
}

const ImageU8* ImageTransform::resized(const ImageU8& image)
{
    ImageShape target = image.shape;
    if (m_preprocessing.resizeExact) {
        std::tie(target.height, target.width) = *m_preprocessing.resizeExact;
    } else if (m_preprocessing.resizeShorterSide) {
        target = shorterSideShape(image.shape, *m_preprocessing.resizeShorterSide);
    }
    if (target == image.shape) {
        return &image;
    }
    m_resizer.resize(image, target.height, target.width, m_resized);
    return &m_resized;
}

/// Ten tries for a window of random area and aspect; a picture too narrow or too flat gets its
/// largest legal window.
const ImageU8* ImageTransform::randomResizedCrop(const ImageU8& image, Rng& rng)
{
    constexpr double kSmallestArea = 0.08;
    constexpr double kFlattest = 3.0 / 4.0;
    constexpr double kWidest = 4.0 / 3.0;
    const int fullHeight = image.shape.height;
    const int fullWidth = image.shape.width;
    int height = 0;
    int width = 0;
    for (int attempt = 0; attempt < 10; ++attempt) {
        const double area = rng.uniform(kSmallestArea, 1.0) * fullHeight * fullWidth;
        const double aspect = std::exp(rng.uniform(std::log(kFlattest), std::log(kWidest)));
        width = static_cast<int>(std::lrint(std::sqrt(area * aspect)));
        height = static_cast<int>(std::lrint(std::sqrt(area / aspect)));
        if (width >= 1 && width <= fullWidth && height >= 1 && height <= fullHeight) {
            break;
        }
        height = 0;
    }
    int top = 0;
    int left = 0;
    if (height > 0) {
        const int tops = fullHeight - height + 1;
        const int lefts = fullWidth - width + 1;
        top = static_cast<int>(rng.below(static_cast<std::uint64_t>(tops)));
        left = static_cast<int>(rng.below(static_cast<std::uint64_t>(lefts)));
    } else {
        width = std::clamp(static_cast<int>(std::lrint(fullHeight * kWidest)), 1, fullWidth);
        height = std::clamp(static_cast<int>(std::lrint(fullWidth / kFlattest)), 1, fullHeight);
        top = (fullHeight - height) / 2;
        left = (fullWidth - width) / 2;
    }
    m_cropped.reshape({height, width, image.shape.channels});
    copyWindow(image, top, left, m_cropped);
    m_resizer.resize(m_cropped, m_output.height, m_output.width, m_resized);
    return &m_resized;
}

void ImageTransform::normalise(const ImageU8& image, int top, int left, bool flip,
                               std::span<float> out) const
{
    const auto channels = static_cast<std::size_t>(m_output.channels);
    const int height = m_output.height;
    const int width = m_output.width;
    const int firstColumn = std::clamp(-left, 0, width);
    const int lastColumn = std::clamp(image.shape.width - left, firstColumn, width);
    float* target = out.data();
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const std::array<float, 256>& table = m_tables[channel];
        for (int y = 0; y < height; ++y, target += width) {
            const int sourceRow = y + top;
            if (sourceRow < 0 || sourceRow >= image.shape.height) {
                std::fill_n(target, width, table[0]);
                continue;
            }
            const std::uint8_t* source =
                image.pixels.data() + static_cast<std::size_t>(sourceRow) * image.rowBytes() +
                static_cast<std::size_t>(firstColumn + left) * channels + channel;
            std::fill_n(target, firstColumn, table[0]);
            for (int x = firstColumn; x < lastColumn; ++x, source += channels) {
                target[x] = table[*source];
            }
            std::fill(target + lastColumn, target + width, table[0]);
            if (flip) {
                std::reverse(target, target + width);
            }
        }
    }
}

void ImageTransform::apply(const ImageU8& image, Rng* rng, std::span<float> out)
{
    BITLOOM_ASSERT(out.size() == outputElements());
    const ImageU8* current = toChannels(image);
    const Augmentation& augmentation = m_preprocessing.augmentation;
    if (rng != nullptr && augmentation.randomResizedCrop) {
        current = randomResizedCrop(*current, *rng);
    } else {
        current = resized(*current);
    }
    int top = 0;
    int left = 0;
    if (m_preprocessing.centerCrop) {
        top = centeredOffset(current->shape.height, m_output.height);
        left = centeredOffset(current->shape.width, m_output.width);
    } else {
        BITLOOM_REQUIRE(current->shape.height == m_output.height &&
                            current->shape.width == m_output.width,
                        ErrorCode::ShapeMismatch, "an image of ", current->shape.width, " x ",
                        current->shape.height, " pixels where ", m_output.width, " x ",
                        m_output.height, " were expected");
    }
    bool flip = false;
    if (rng != nullptr) {
        if (augmentation.cropPadding > 0) {
            const int padding = augmentation.cropPadding;
            const int places = 2 * padding + 1;
            const auto choices = static_cast<std::uint64_t>(places);
            top += static_cast<int>(rng->below(choices)) - padding;
            left += static_cast<int>(rng->below(choices)) - padding;
        }
        flip = augmentation.horizontalFlip && (rng->next() >> 63) != 0;
    }
    normalise(*current, top, left, flip, out);
}

} // namespace bitloom
