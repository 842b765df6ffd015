// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/dataset.h"

namespace bitloom {

/// CIFAR-10, binary version: data_batch_1.bin to data_batch_5.bin and test_batch.bin.
///
/// Layout: records of 3,073 bytes: the label 0..9, then 1,024 bytes each of red, green and blue,
/// rows from the top. Any number of records per file; any of the five training batches may be
/// missing, not all. Errors: BadDataset (no batch found; the message says what was), CorruptFile
/// (record size, label), naming the file.
std::shared_ptr<const Dataset> openCifar10(const std::filesystem::path& folder, DatasetSplit split);

} // namespace bitloom
