// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/batch_loader.h"

#include "core/base/error.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>

#include "tests/support/test_support.h"

#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <thread>

using namespace bitloom;
using namespace std::chrono_literals;

namespace {
/// Pictures computed from their index; chosen items fail, and reading can be slow.
class FakeDataset : public Dataset {
public:
    FakeDataset(std::int64_t size, ImageShape shape) : m_size(size), m_shape(shape) {}

    std::string name() const override { return "fake"; }
    std::int64_t size() const override { return m_size; }
    std::int64_t classCount() const override { return 7; }
    std::string className(std::int64_t label) const override { return std::to_string(label); }
    std::int64_t label(std::int64_t index) const override { return index % 7; }
    std::string itemId(std::int64_t index) const override
    {
        return "item-" + std::to_string(index);
    }
    std::optional<ImageShape> commonShape() const override { return m_shape; }
    void read(std::int64_t index, ImageU8& image) const override
    {
        ++reads;
        if (delay.count() > 0) {
            std::this_thread::sleep_for(delay);
        }
        if (broken.contains(index)) {
            fail(failure, "cannot be decoded");
        }
        image.reshape(m_shape);
        for (std::size_t i = 0; i < image.pixels.size(); ++i) {
            image.pixels[i] =
                static_cast<std::uint8_t>((static_cast<std::size_t>(index) * 31 + i * 7) & 0xFFU);
        }
    }

    std::set<std::int64_t> broken;
    ErrorCode failure = ErrorCode::CorruptFile;
    std::chrono::milliseconds delay{0};
    mutable std::atomic<int> reads = 0;

private:
    std::int64_t m_size;
    ImageShape m_shape;
};

Preprocessing cifarPreprocessing()
{
    return presetFor("resnet20_cifar", std::vector<std::int64_t>{1, 3, 32, 32});
}

std::shared_ptr<FakeDataset> fakeCifar(std::int64_t size)
{
    return std::make_shared<FakeDataset>(size, ImageShape{32, 32, 3});
}

std::vector<Batch> drain(BatchLoader& loader)
{
    std::vector<Batch> batches;
    while (auto batch = loader.next()) {
        batches.push_back(std::move(*batch));
    }
    return batches;
}

std::vector<std::int64_t> indicesOf(const std::vector<Batch>& batches)
{
    std::vector<std::int64_t> indices;
    for (const Batch& batch : batches) {
        indices.insert(indices.end(), batch.indices.begin(), batch.indices.end());
    }
    return indices;
}
} // namespace

class TestBatchLoader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ordersAndBatches();
    void dropLast();
    void normalisesAsLibTorchDoes();
    void sameForAnyThreadCount_data();
    void sameForAnyThreadCount();
    void epochsDifferAndRepeat();
    void subsets();
    void skipsUnreadableImages();
    void tooManyUnreadableImages();
    void otherErrorsReachTheConsumer();
    void stopsPromptly();
    void prefetchIsBounded();
    void illegalOptions_data();
    void illegalOptions();
};

void TestBatchLoader::ordersAndBatches()
{
    BatchLoader loader(fakeCifar(70), cifarPreprocessing(), {.batchSize = 32, .threads = 2});
    QCOMPARE(loader.batchCount(), 3);
    QCOMPARE(loader.imageCount(), 70);
    const auto batches = drain(loader);
    QCOMPARE(batches.size(), 3U);
    QCOMPARE(batches[2].images.sizes().vec(), (std::vector<std::int64_t>{6, 3, 32, 32}));
    std::vector<std::int64_t> expected(70);
    std::iota(expected.begin(), expected.end(), 0);
    QCOMPARE(indicesOf(batches), expected);
    for (const Batch& batch : batches) {
        const auto* labels = batch.labels.const_data_ptr<std::int64_t>();
        for (std::size_t i = 0; i < batch.indices.size(); ++i) {
            QCOMPARE(labels[i], batch.indices[i] % 7);
        }
    }
    QVERIFY(!loader.next().has_value());
    QVERIFY(!loader.stopped());
}

void TestBatchLoader::dropLast()
{
    BatchLoader loader(fakeCifar(70), cifarPreprocessing(), {.batchSize = 32, .dropLast = true});
    QCOMPARE(loader.imageCount(), 64);
    QCOMPARE(indicesOf(drain(loader)).size(), 64U);
}

void TestBatchLoader::normalisesAsLibTorchDoes()
{
    const auto data = fakeCifar(5);
    const Preprocessing preprocessing = cifarPreprocessing();
    BatchLoader loader(data, preprocessing, {.batchSize = 5});
    const Batch batch = *loader.next();
    for (std::int64_t item = 0; item < 5; ++item) {
        const ImageU8 image = data->get(item);
        for (std::int64_t channel = 0; channel < 3; ++channel) {
            at::Tensor plane = at::empty({32, 32}, at::kFloat);
            for (std::int64_t p = 0; p < 1024; ++p) {
                plane.data_ptr<float>()[p] =
                    image.pixels[static_cast<std::size_t>(p * 3 + channel)];
            }
            const auto c = static_cast<std::size_t>(channel);
            // Tensors, not numbers: torchvision subtracts and divides by float32 tensors.
            const at::Tensor mean = at::empty({1}, at::kFloat).fill_(preprocessing.mean[c]);
            const at::Tensor deviation =
                at::empty({1}, at::kFloat).fill_(preprocessing.standardDeviation[c]);
            const at::Tensor expected = plane.div(255).sub(mean).div(deviation);
            QVERIFY(at::equal(batch.images.select(0, item).select(0, channel), expected));
        }
    }
}

void TestBatchLoader::sameForAnyThreadCount_data()
{
    QTest::addColumn<int>("threads");
    QTest::addColumn<int>("prefetch");
    QTest::newRow("2 threads") << 2 << 1;
    QTest::newRow("4 threads") << 4 << 3;
    QTest::newRow("7 threads") << 7 << 16;
}

void TestBatchLoader::sameForAnyThreadCount()
{
    QFETCH(int, threads);
    QFETCH(int, prefetch);
    const auto data = fakeCifar(333);
    data->broken = {5, 200, 332};
    BatchLoaderOptions options{
        .batchSize = 50, .threads = 1, .shuffle = true, .augment = true, .seed = 9};
    BatchLoader alone(data, cifarPreprocessing(), options);
    options.threads = threads;
    options.prefetchBatches = prefetch;
    BatchLoader many(data, cifarPreprocessing(), options);
    const auto expected = drain(alone);
    const auto actual = drain(many);
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
        QCOMPARE(actual[i].indices, expected[i].indices);
        QVERIFY(at::equal(actual[i].images, expected[i].images));
        QVERIFY(at::equal(actual[i].labels, expected[i].labels));
    }
    QCOMPARE(many.skipped().size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        QCOMPARE(many.skipped()[i].index, alone.skipped()[i].index);
    }
}

void TestBatchLoader::epochsDifferAndRepeat()
{
    const BatchLoaderOptions options{.batchSize = 40, .shuffle = true, .augment = true, .seed = 3};
    BatchLoader loader(fakeCifar(100), cifarPreprocessing(), options);
    const auto first = drain(loader);
    loader.startEpoch(1);
    const auto second = drain(loader);
    loader.startEpoch(0);
    const auto again = drain(loader);
    QCOMPARE(indicesOf(again), indicesOf(first));
    QVERIFY(at::equal(again[1].images, first[1].images));
    QVERIFY(indicesOf(second) != indicesOf(first));
    auto sorted = indicesOf(second);
    std::ranges::sort(sorted);
    QCOMPARE(sorted.front(), 0);
    QCOMPARE(sorted.back(), 99);
    QVERIFY(std::ranges::adjacent_find(sorted) == sorted.end());
    loader.startEpoch(2); // left unread: the next start must not hang or mix epochs
    loader.startEpoch(1);
    QCOMPARE(indicesOf(drain(loader)), indicesOf(second));
}

void TestBatchLoader::subsets()
{
    const auto indices = [](BatchLoaderOptions options) {
        BatchLoader loader(fakeCifar(100), cifarPreprocessing(), options);
        return indicesOf(drain(loader));
    };
    QCOMPARE(indices({.limit = 3}), (std::vector<std::int64_t>{0, 1, 2}));
    QCOMPARE(indices({.limit = 1000}).size(), 100U);
    const auto drawn = indices({.randomSubset = 20, .seed = 4});
    QCOMPARE(drawn.size(), 20U);
    QVERIFY(std::ranges::is_sorted(drawn));
    QVERIFY(std::ranges::adjacent_find(drawn) == drawn.end());
    QVERIFY(drawn.back() > 50); // not just the first ones
    QCOMPARE(indices({.randomSubset = 20, .seed = 4}), drawn);
    QVERIFY(indices({.randomSubset = 20, .seed = 5}) != drawn);
    QVERIFY(indices({.limit = 30, .randomSubset = 20, .seed = 4}).back() < 30);
}

void TestBatchLoader::skipsUnreadableImages()
{
    const auto data = fakeCifar(400);
    data->broken = {10, 11, 12, 399};
    BatchLoader loader(data, cifarPreprocessing(), {.batchSize = 3});
    const auto batches = drain(loader);
    const auto indices = indicesOf(batches);
    QCOMPARE(indices.size(), 396U);
    QVERIFY(
        std::ranges::none_of(indices, [&](std::int64_t i) { return data->broken.contains(i); }));
    QCOMPARE(batches[3].indices, (std::vector<std::int64_t>{9}));
    QCOMPARE(batches[3].images.size(0), 1);
    // What follows a skipped image still carries its own pixels and label.
    BatchLoader whole(data, cifarPreprocessing(), {.batchSize = 13});
    const Batch first = *whole.next();
    QCOMPARE(first.indices.back(), 9);
    QCOMPARE(loader.skipped().size(), 4U);
    QCOMPARE(loader.skipped()[3].itemId, std::string("item-399"));
    QCOMPARE(loader.skipped()[3].reason, std::string("cannot be decoded"));
    BatchLoader late(data, cifarPreprocessing(), {.batchSize = 20});
    const Batch compacted = *late.next();
    QCOMPARE(compacted.indices.back(), 19);
    BatchLoader clean(fakeCifar(400), cifarPreprocessing(), {.batchSize = 20});
    QVERIFY(at::equal(compacted.images.select(0, 16), clean.next()->images.select(0, 19)));
    QCOMPARE(compacted.labels.const_data_ptr<std::int64_t>()[16], 19 % 7);
}

void TestBatchLoader::tooManyUnreadableImages()
{
    const auto data = fakeCifar(400);
    data->broken = {10, 11, 12, 13, 399};
    BatchLoader loader(data, cifarPreprocessing(), {.batchSize = 100});
    BITLOOM_EXPECT_ERROR(
        drain(loader), ErrorCode::BadDataset,
        "5 of 400 images cannot be read, more than the 1 % that may be skipped. The first:\n"
        "  item-10: cannot be decoded\n  item-11:");
    QVERIFY(!loader.next().has_value());
}

void TestBatchLoader::otherErrorsReachTheConsumer()
{
    const auto data = fakeCifar(400);
    data->broken = {150};
    data->failure = ErrorCode::OutOfMemory;
    BatchLoader loader(data, cifarPreprocessing(), {.batchSize = 100, .threads = 2});
    QVERIFY(loader.next().has_value());
    BITLOOM_EXPECT_ERROR(loader.next(), ErrorCode::OutOfMemory, "cannot be decoded");
    QVERIFY(!loader.next().has_value());
}

void TestBatchLoader::stopsPromptly()
{
    const auto data = fakeCifar(100000);
    data->delay = 5ms;
    std::stop_source source;
    BatchLoader loader(data, cifarPreprocessing(), {.batchSize = 10000, .threads = 2},
                       source.get_token());
    std::jthread stopper([&] {
        std::this_thread::sleep_for(30ms);
        source.request_stop();
    });
    QVERIFY(!loader.next().has_value()); // would take 25 s
    QVERIFY(loader.stopped());
    QVERIFY(data->reads < 1000);
    const auto second = std::make_unique<BatchLoader>(data, cifarPreprocessing(),
                                                      BatchLoaderOptions{.batchSize = 10000});
    QVERIFY(!second->stopped());
}

void TestBatchLoader::prefetchIsBounded()
{
    const auto data = fakeCifar(1000);
    BatchLoader loader(data, cifarPreprocessing(),
                       {.batchSize = 10, .threads = 4, .prefetchBatches = 2});
    for (int batch = 0; batch < 20; ++batch) {
        QVERIFY(loader.next().has_value());
        QVERIFY(data->reads <= 10 * (batch + 1 + 2));
    }
}

void TestBatchLoader::illegalOptions_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("text");
    QTest::newRow("batch size 0") << 0 << "batch size is 0";
    QTest::newRow("threads -1") << 1 << "threads is -1";
    QTest::newRow("prefetch 0") << 2 << "prefetched batches is 0";
    QTest::newRow("limit 0") << 3 << "limit is 0";
    QTest::newRow("subset 0") << 4 << "subset is 0";
}

void TestBatchLoader::illegalOptions()
{
    QFETCH(int, which);
    QFETCH(QString, text);
    const std::array<BatchLoaderOptions, 5> options{
        BatchLoaderOptions{.batchSize = 0}, BatchLoaderOptions{.threads = -1},
        BatchLoaderOptions{.prefetchBatches = 0}, BatchLoaderOptions{.limit = 0},
        BatchLoaderOptions{.randomSubset = 0}};
    BITLOOM_EXPECT_ERROR(
        BatchLoader(fakeCifar(5), cifarPreprocessing(), options[static_cast<std::size_t>(which)]),
        ErrorCode::InvalidArgument, text.toStdString());
}

QTEST_GUILESS_MAIN(TestBatchLoader)
#include "tst_batch_loader.moc"
