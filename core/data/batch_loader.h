// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/dataset.h"
#include "core/data/preprocessing.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace bitloom {

struct Batch {
    at::Tensor images;                 ///< (N, C, H, W) float32, contiguous, CPU
    at::Tensor labels;                 ///< (N) int64
    std::vector<std::int64_t> indices; ///< items of the dataset, one per image
};

struct BatchLoaderOptions {
    std::int64_t batchSize = 128; ///< >= 1
    int threads = 0;              ///< decoding threads; 0: one per core
    int prefetchBatches = 3;      ///< batches in memory beyond the consumer's, >= 1
    std::optional<std::int64_t> limit = std::nullopt; ///< only the first items of the dataset, >= 1
    std::optional<std::int64_t> randomSubset =
        std::nullopt;       ///< that many of them drawn by seed, in index order, >= 1
    bool shuffle = false;   ///< a new order in each epoch
    bool dropLast = false;  ///< leave out a last batch that is not full
    bool augment = false;   ///< apply Preprocessing::augmentation
    std::uint64_t seed = 0; ///< of subset, order and augmentation
};

/// An item that could not be read.
struct SkippedImage {
    std::int64_t index = 0;
    std::string itemId;
    std::string reason;
};

/// Decodes, transforms and batches a dataset in worker threads.
///
/// Determinism: batches depend on the dataset, preprocessing, options and epoch only, not on
/// threads or timing. Memory: at most prefetchBatches batches beyond those the consumer holds, and
/// one decoded image per thread. Unreadable images: left out of their batch, counted and listed. As
/// soon as there are more than 1 % of the items of
///         an epoch, next() throws BadDataset naming the first ones.
/// Cancel: with the stop token (RunControl::stopToken()) or by destroying the loader; workers look
/// at it after each image. Errors: InvalidArgument for illegal options; what a worker throws
/// reaches the caller of next(). Threads: one consumer thread.
class BatchLoader {
public:
    BatchLoader(std::shared_ptr<const Dataset> dataset, Preprocessing preprocessing,
                BatchLoaderOptions options, std::stop_token stop = {});
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// Starts over, in the order and with the augmentation of this epoch. The constructor starts
    /// epoch 0.
    void startEpoch(std::int64_t epoch);
    /// The next batch; nullopt at the end of the epoch, and after a stop (then stopped() is true).
    std::optional<Batch> next();
    bool stopped() const;

    /// Items and batches of an epoch, unreadable ones included.
    std::int64_t imageCount() const;
    std::int64_t batchCount() const;
    const ImageShape& imageShape() const;
    const Dataset& dataset() const;
    /// Images of the batches handed out so far in this epoch that could not be read.
    const std::vector<SkippedImage>& skipped() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace bitloom
