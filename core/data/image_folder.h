// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/dataset.h"

namespace bitloom {

/// JPEG and PNG photographs in folders by class: DIR/train/CLASS/..., DIR/val/CLASS/..., or
/// DIR/CLASS/... alone.
///
/// Split: Train reads train/, Test reads val/ (or test/); a folder with neither is read whole for
/// both. Labels: with DIR/labels.csv (lines "path,class index,name", path relative to DIR, a header
/// line is allowed) from there;
///         a file that it does not list takes the index of its class folder's listed files. Without
///         it, class folders are numbered in order of their names, over all splits together.
/// Items are in order of their paths; files with endings other than .jpg .jpeg .png are left aside.
/// Listed files that are missing are items too: they cannot be read, and count as such. Errors:
/// BadDataset (no images, no folder for the split, a file without a label), CorruptFile
/// (labels.csv, with line).
std::shared_ptr<const Dataset> openImageFolder(const std::filesystem::path& folder,
                                               DatasetSplit split);

} // namespace bitloom
