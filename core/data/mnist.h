// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/dataset.h"

namespace bitloom {

/// MNIST (or a set in its layout, such as Fashion-MNIST) from idx files.
///
/// Files: {train,t10k}-images-idx3-ubyte and {train,t10k}-labels-idx1-ubyte, each plain or with
/// .gz. Layout: big-endian magic 0x803 (images) or 0x801 (labels), counts, then bytes; the file
/// ends with the last item. Errors: BadDataset (missing files, images and labels that do not fit
/// together), CorruptFile (magic, sizes, a label
///         above 9, a truncated gzip stream), each naming the file.
std::shared_ptr<const Dataset> openMnist(const std::filesystem::path& folder, DatasetSplit split);

} // namespace bitloom
