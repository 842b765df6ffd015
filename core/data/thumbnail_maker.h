// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/dataset.h"
#include "core/data/image.h"
#include "core/data/resize.h"
#include "core/types/thumbnail.h"

#include <cstdint>

namespace bitloom {

/// Makes small pictures of a dataset's items: decoded, shrunk to at most size pixels on the longer
/// side (smaller ones stay as they are), grey as RGB, and nothing else.
/// Threads: one object per thread (it keeps scratch pictures).
class ThumbnailMaker {
public:
    /// size >= 1.
    ThumbnailMaker(const Dataset& dataset, int size);

    /// Errors: as Dataset::read().
    Thumbnail make(std::int64_t index);

private:
    const Dataset& m_dataset;
    int m_size;
    BilinearResizer m_resizer;
    ImageU8 m_decoded;
    ImageU8 m_small;
};

} // namespace bitloom
