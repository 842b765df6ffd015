// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/rng.h"
#include "core/data/image.h"
#include "core/data/preprocessing.h"
#include "core/data/resize.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace bitloom {

/// Carries out a Preprocessing on one picture after the other.
///
/// Numerics: a pixel becomes (float(p) / 255 - float(mean)) / float(std), each step rounded to
/// float32: the bits that
///           torchvision's ToTensor and Normalize give.
/// Threads: one object per thread (it keeps scratch pictures).
class ImageTransform {
public:
    /// common is the shape that all pictures share, if they do.
    /// Errors: InvalidArgument for an illegal Preprocessing, or one that leaves pictures of several
    /// sizes.
    ImageTransform(const Preprocessing& preprocessing, std::optional<ImageShape> common);

    /// Shape of every result.
    const ImageShape& outputShape() const { return m_output; }
    std::size_t outputElements() const;

    /// Writes the picture planar (C, H, W) to out, outputElements() floats. rng != nullptr: with
    /// augmentation.
    void apply(const ImageU8& image, Rng* rng, std::span<float> out);

private:
    const ImageU8* toChannels(const ImageU8& image);
    const ImageU8* resized(const ImageU8& image);
    const ImageU8* randomResizedCrop(const ImageU8& image, Rng& rng);
    void normalise(const ImageU8& image, int top, int left, bool flip, std::span<float> out) const;

    Preprocessing m_preprocessing;
    ImageShape m_output;
    std::vector<std::array<float, 256>>
        m_tables; ///< normalised value of each pixel value, per channel
    BilinearResizer m_resizer;
    ImageU8 m_coloured;
    ImageU8 m_cropped;
    ImageU8 m_resized;
};

/// Size after resizing the shorter side: the longer one is truncated to whole pixels.
ImageShape shorterSideShape(const ImageShape& shape, int shorterSide);
/// Offset of a centred window of size inner in outer (negative where outer is smaller): half to
/// even, as Python rounds.
int centeredOffset(int outer, int inner);

} // namespace bitloom
