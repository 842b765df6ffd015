// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/batch_loader.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/data/image_transform.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>

namespace bitloom {

namespace {
// Streams of the seed, so that subset, order and augmentation are independent of each other.
constexpr std::uint64_t kSubsetStream = 0;
constexpr std::uint64_t kOrderStream = 1;
constexpr std::uint64_t kAugmentationStream = 2;

Rng streamOf(std::uint64_t seed, std::uint64_t stream, std::uint64_t epoch)
{
    return Rng(Rng(seed, stream).next(), epoch);
}

/// True for what is wrong with one item, false for what would go wrong with every one.
bool isItemError(ErrorCode code)
{
    return code != ErrorCode::InvalidArgument && code != ErrorCode::OutOfMemory &&
           code != ErrorCode::Internal;
}

void validate(const BatchLoaderOptions& options)
{
    BITLOOM_REQUIRE(options.batchSize >= 1 && options.batchSize <= 1'000'000,
                    ErrorCode::InvalidArgument, "the batch size is ", options.batchSize,
                    "; expected 1 to 1000000");
    BITLOOM_REQUIRE(options.threads >= 0 && options.threads <= 1024, ErrorCode::InvalidArgument,
                    "the number of loader threads is ", options.threads, "; expected 0 to 1024");
    BITLOOM_REQUIRE(options.prefetchBatches >= 1 && options.prefetchBatches <= 1024,
                    ErrorCode::InvalidArgument, "the number of prefetched batches is ",
                    options.prefetchBatches, "; expected 1 to 1024");
    BITLOOM_REQUIRE(!options.limit || *options.limit >= 1, ErrorCode::InvalidArgument,
                    "the image limit is ", options.limit.value_or(0), "; expected at least 1");
    BITLOOM_REQUIRE(!options.randomSubset || *options.randomSubset >= 1, ErrorCode::InvalidArgument,
                    "the size of the random subset is ", options.randomSubset.value_or(0),
                    "; expected at least 1");
}

std::vector<std::int64_t> selectItems(std::int64_t size, const BatchLoaderOptions& options)
{
    std::vector<std::int64_t> items(
        static_cast<std::size_t>(std::min(size, options.limit.value_or(size))));
    std::iota(items.begin(), items.end(), std::int64_t{0});
    if (options.randomSubset && *options.randomSubset < static_cast<std::int64_t>(items.size())) {
        streamOf(options.seed, kSubsetStream, 0).shuffle(items);
        items.resize(static_cast<std::size_t>(*options.randomSubset));
        std::ranges::sort(items);
    }
    return items;
}
} // namespace

class BatchLoader::Impl {
public:
    Impl(std::shared_ptr<const Dataset> dataset, Preprocessing preprocessing,
         const BatchLoaderOptions& options, std::stop_token stop)
        : m_dataset(std::move(dataset)), m_preprocessing(std::move(preprocessing)),
          m_options(options), m_external(std::move(stop))
    {
        validate(options);
        m_shape = ImageTransform(m_preprocessing, m_dataset->commonShape()).outputShape();
        m_items = selectItems(m_dataset->size(), options);
        BITLOOM_REQUIRE(!m_items.empty(), ErrorCode::BadDataset, m_dataset->name(),
                        " holds no items");
        const auto count = static_cast<std::int64_t>(m_items.size());
        m_batches =
            options.dropLast ? count / options.batchSize : ceilDivide(count, options.batchSize);
        const auto perImage =
            static_cast<std::int64_t>(m_shape.height) * m_shape.width * m_shape.channels;
        // Workers take small pictures by the dozen, so that taking work costs little; photographs
        // one by one.
        constexpr std::int64_t kSmallPicture = 64 * 64 * 3;
        m_chunk = perImage <= kSmallPicture && m_dataset->commonShape() ? 16 : 1;
        m_chunksPerBatch = ceilDivide(options.batchSize, m_chunk);
    }
    ~Impl() { stopWorkers(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void startEpoch(std::int64_t epoch);
    std::optional<Batch> next();
    bool stopped() const { return m_external.stop_requested(); }
    std::int64_t imageCount() const;
    std::int64_t batchCount() const { return m_batches; }
    const ImageShape& imageShape() const { return m_shape; }
    const Dataset& dataset() const { return *m_dataset; }
    const std::vector<SkippedImage>& skipped() const { return m_skipped; }

private:
    /// One batch in the making. Workers write to disjoint items of it.
    struct Slot {
        at::Tensor images;
        at::Tensor labels;
        std::int64_t first = 0; ///< position of its first item in m_order
        std::int64_t count = 0;
        std::int64_t openChunks = 0;       ///< not finished yet; guarded by m_mutex
        std::vector<std::string> failures; ///< reason per item; empty: read
        std::vector<std::uint8_t> failed;
        std::exception_ptr error; ///< guarded by m_mutex
    };

    void stopWorkers();
    void work(const std::stop_token& stop);
    void prepareSlot(Slot& slot, std::int64_t batch);
    void fillChunk(Slot& slot, std::int64_t chunk, ImageTransform& transform, ImageU8& image,
                   const std::stop_token& stop);
    Batch finish(Slot slot);
    void noteSkipped(const Slot& slot);

    std::shared_ptr<const Dataset> m_dataset;
    Preprocessing m_preprocessing;
    BatchLoaderOptions m_options;
    std::stop_token m_external;
    ImageShape m_shape;
    std::vector<std::int64_t> m_items;
    std::int64_t m_batches = 0;
    std::int64_t m_chunk = 1;
    std::int64_t m_chunksPerBatch = 1;

    // Constant while workers run.
    std::vector<std::int64_t> m_order;
    std::uint64_t m_augmentationSeed = 0;

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<Slot> m_slots;    ///< ring: batch b is in slot b % size
    std::int64_t m_nextChunk = 0; ///< over the whole epoch; guarded by m_mutex
    std::int64_t m_consumed = 0;  ///< batches handed out; guarded by m_mutex
    std::vector<SkippedImage> m_skipped;

    std::stop_source m_stop;
    std::optional<std::stop_callback<std::function<void()>>> m_forwardStop;
    std::vector<std::jthread> m_workers;
};

std::int64_t BatchLoader::Impl::imageCount() const
{
    return std::min(static_cast<std::int64_t>(m_items.size()), m_batches * m_options.batchSize);
}

void BatchLoader::Impl::stopWorkers()
{
    m_forwardStop.reset();
    m_stop.request_stop();
    m_workers.clear(); // joins
}

void BatchLoader::Impl::startEpoch(std::int64_t epoch)
{
    stopWorkers();
    m_stop = std::stop_source();
    m_forwardStop.emplace(m_external, [source = m_stop]() mutable { source.request_stop(); });
    m_order = m_items;
    const auto epochNumber = static_cast<std::uint64_t>(epoch);
    if (m_options.shuffle) {
        streamOf(m_options.seed, kOrderStream, epochNumber).shuffle(m_order);
    }
    m_augmentationSeed = streamOf(m_options.seed, kAugmentationStream, epochNumber).next();
    m_slots.assign(static_cast<std::size_t>(m_options.prefetchBatches), Slot{});
    m_nextChunk = 0;
    m_consumed = 0;
    m_skipped.clear();
    const auto cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const int threads = m_options.threads > 0 ? m_options.threads : cores;
    for (int i = 0; i < threads; ++i) {
        m_workers.emplace_back([this, stop = m_stop.get_token()] { work(stop); });
    }
}

void BatchLoader::Impl::prepareSlot(Slot& slot, std::int64_t batch)
{
    slot.first = batch * m_options.batchSize;
    slot.count =
        std::min(m_options.batchSize, static_cast<std::int64_t>(m_order.size()) - slot.first);
    slot.openChunks = ceilDivide(slot.count, m_chunk);
    slot.failures.assign(static_cast<std::size_t>(slot.count), {});
    slot.failed.assign(static_cast<std::size_t>(slot.count), 0);
    slot.error = nullptr;
    slot.images =
        at::empty({slot.count, m_shape.channels, m_shape.height, m_shape.width}, at::kFloat);
    slot.labels = at::empty({slot.count}, at::kLong);
}

void BatchLoader::Impl::work(const std::stop_token& stop)
{
    ImageTransform transform(m_preprocessing, m_dataset->commonShape());
    ImageU8 image;
    std::unique_lock lock(m_mutex);
    const auto batchOf = [this] { return m_nextChunk / m_chunksPerBatch; };
    while (true) {
        const bool proceed = m_wake.wait(lock, stop, [&] {
            return batchOf() >= m_batches || batchOf() < m_consumed + m_options.prefetchBatches;
        });
        if (!proceed || stop.stop_requested() || batchOf() >= m_batches) {
            return;
        }
        const std::int64_t batch = batchOf();
        const std::int64_t chunk = m_nextChunk % m_chunksPerBatch;
        Slot& slot = m_slots[static_cast<std::size_t>(batch % m_options.prefetchBatches)];
        std::exception_ptr error;
        try {
            if (chunk == 0) {
                prepareSlot(slot, batch);
            }
            const bool lastOfBatch = (chunk + 1) * m_chunk >= slot.count;
            m_nextChunk = lastOfBatch ? (batch + 1) * m_chunksPerBatch : m_nextChunk + 1;
            lock.unlock();
            fillChunk(slot, chunk, transform, image, stop);
        } catch (...) {
            error = std::current_exception();
        }
        if (!lock.owns_lock()) {
            lock.lock();
        } else {
            // The batch could not even be allocated: it consists of its error alone.
            slot.openChunks = 1;
            m_nextChunk = (batch + 1) * m_chunksPerBatch;
        }
        if (error && !slot.error) {
            slot.error = error;
        }
        if (--slot.openChunks == 0) {
            m_wake.notify_all();
        }
    }
}

void BatchLoader::Impl::fillChunk(Slot& slot, std::int64_t chunk, ImageTransform& transform,
                                  ImageU8& image, const std::stop_token& stop)
{
    const std::size_t elements = transform.outputElements();
    auto* images = static_cast<float*>(slot.images.data_ptr());
    auto* labels = static_cast<std::int64_t*>(slot.labels.data_ptr());
    const std::int64_t end = std::min(slot.count, (chunk + 1) * m_chunk);
    for (std::int64_t i = chunk * m_chunk; i < end && !stop.stop_requested(); ++i) {
        const auto position = static_cast<std::size_t>(i);
        const std::int64_t index = m_order[static_cast<std::size_t>(slot.first + i)];
        try {
            m_dataset->read(index, image);
        } catch (const Error& error) {
            if (!isItemError(error.code())) {
                throw;
            }
            slot.failures[position] = error.what();
            slot.failed[position] = 1;
            continue;
        }
        labels[i] = m_dataset->label(index);
        Rng rng(m_augmentationSeed, static_cast<std::uint64_t>(index));
        transform.apply(image, m_options.augment ? &rng : nullptr,
                        {images + position * elements, elements});
    }
}

void BatchLoader::Impl::noteSkipped(const Slot& slot)
{
    for (std::size_t i = 0; i < slot.failed.size(); ++i) {
        if (slot.failed[i] != 0) {
            const std::int64_t index = m_order[static_cast<std::size_t>(slot.first) + i];
            m_skipped.push_back({index, m_dataset->itemId(index), slot.failures[i]});
        }
    }
    if (static_cast<std::int64_t>(m_skipped.size()) * 100 > imageCount()) {
        constexpr std::size_t kNamed = 5;
        std::string named;
        for (std::size_t i = 0; i < std::min(kNamed, m_skipped.size()); ++i) {
            named += "\n  " + m_skipped[i].itemId + ": " + m_skipped[i].reason;
        }
        m_stop.request_stop();
        fail(ErrorCode::BadDataset, m_dataset->name(), ": ", m_skipped.size(), " of ", imageCount(),
             " images cannot be read, more than the 1 % that may be skipped. The first:", named);
    }
}

Batch BatchLoader::Impl::finish(Slot slot)
{
    Batch batch{std::move(slot.images), std::move(slot.labels), {}};
    const auto elements = static_cast<std::ptrdiff_t>(batch.images.numel() / slot.count);
    auto* images = static_cast<float*>(batch.images.data_ptr());
    auto* labels = static_cast<std::int64_t*>(batch.labels.data_ptr());
    std::ptrdiff_t kept = 0;
    for (std::ptrdiff_t i = 0; i < slot.count; ++i) {
        if (slot.failed[static_cast<std::size_t>(i)] != 0) {
            continue;
        }
        if (kept != i) {
            std::copy_n(images + i * elements, elements, images + kept * elements);
            labels[kept] = labels[i];
        }
        batch.indices.push_back(m_order[static_cast<std::size_t>(slot.first + i)]);
        ++kept;
    }
    if (kept < slot.count) {
        batch.images = batch.images.narrow(0, 0, kept);
        batch.labels = batch.labels.narrow(0, 0, kept);
    }
    return batch;
}

std::optional<Batch> BatchLoader::Impl::next()
{
    while (true) {
        Slot slot;
        {
            std::unique_lock lock(m_mutex);
            if (m_consumed >= m_batches) {
                return std::nullopt;
            }
            Slot& waiting =
                m_slots[static_cast<std::size_t>(m_consumed % m_options.prefetchBatches)];
            const bool ready = m_wake.wait(lock, m_stop.get_token(), [&] {
                return m_nextChunk >= (m_consumed + 1) * m_chunksPerBatch &&
                       waiting.openChunks == 0;
            });
            if (!ready || m_stop.stop_requested()) {
                return std::nullopt;
            }
            slot = std::move(waiting);
            waiting = Slot{};
            ++m_consumed;
        }
        m_wake.notify_all();
        if (slot.error) {
            m_stop.request_stop();
            try {
                std::rethrow_exception(slot.error);
            } catch (const Error&) {
                throw;
            } catch (const std::bad_alloc&) {
                fail(ErrorCode::OutOfMemory, m_dataset->name(), ": no memory for a batch of ",
                     m_options.batchSize, " images");
            } catch (const std::exception& error) {
                fail(ErrorCode::Internal, m_dataset->name(), ": ", error.what());
            }
        }
        noteSkipped(slot);
        Batch batch = finish(std::move(slot));
        if (!batch.indices.empty()) {
            return batch;
        }
    }
}

BatchLoader::BatchLoader(std::shared_ptr<const Dataset> dataset, Preprocessing preprocessing,
                         BatchLoaderOptions options, std::stop_token stop)
    : m_impl(std::make_unique<Impl>(std::move(dataset), std::move(preprocessing), options,
                                    std::move(stop)))
{
    m_impl->startEpoch(0);
}

BatchLoader::~BatchLoader() = default;
void BatchLoader::startEpoch(std::int64_t epoch)
{
    m_impl->startEpoch(epoch);
}
std::optional<Batch> BatchLoader::next()
{
    return m_impl->next();
}
bool BatchLoader::stopped() const
{
    return m_impl->stopped();
}
std::int64_t BatchLoader::imageCount() const
{
    return m_impl->imageCount();
}
std::int64_t BatchLoader::batchCount() const
{
    return m_impl->batchCount();
}
const ImageShape& BatchLoader::imageShape() const
{
    return m_impl->imageShape();
}
const Dataset& BatchLoader::dataset() const
{
    return m_impl->dataset();
}
const std::vector<SkippedImage>& BatchLoader::skipped() const
{
    return m_impl->skipped();
}

} // namespace bitloom
