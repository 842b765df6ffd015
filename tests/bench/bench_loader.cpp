// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/data/batch_loader.h"
#include "core/data/generated_digits.h"
#include "core/data/memory_dataset.h"
#include "core/data/resize.h"

#include <benchmark/benchmark.h>

using namespace bitloom;

namespace {
std::shared_ptr<const Dataset> fakeCifar(std::size_t count)
{
    MemoryDataset::Content content;
    content.name = "noise";
    content.shape = {32, 32, 3};
    content.pixels.resize(count * 32 * 32 * 3);
    Rng rng(1);
    for (std::uint8_t& pixel : content.pixels) {
        pixel = static_cast<std::uint8_t>(rng.next() & 0xFFU);
    }
    content.labels.assign(count, 0);
    content.classNames.assign(10, "class");
    content.files = {{"noise", 0}};
    return std::make_shared<MemoryDataset>(std::move(content));
}

/// Images per second of one loader thread: CIFAR-10 pictures from memory to normalised batches.
void loadCifar(benchmark::State& state)
{
    constexpr std::size_t kImages = 10000;
    const bool augment = state.range(0) != 0;
    BatchLoader loader(fakeCifar(kImages),
                       presetFor("resnet20_cifar", std::vector<std::int64_t>{1, 3, 32, 32}),
                       {.batchSize = 128, .threads = 1, .shuffle = augment, .augment = augment});
    std::int64_t epoch = 0;
    for (auto _ : state) {
        loader.startEpoch(epoch++);
        while (auto batch = loader.next()) {
            benchmark::DoNotOptimize(batch->images.data_ptr());
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kImages));
}
BENCHMARK(loadCifar)
    ->ArgName("augment")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

void drawDigits(benchmark::State& state)
{
    const GeneratedDigits digits(GeneratedDigits::kMaxCount, DatasetSplit::Train);
    ImageU8 image;
    std::int64_t index = 0;
    for (auto _ : state) {
        digits.read(index++, image);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(drawDigits);

/// A usual photograph to the usual size before the crop.
void resizePhotograph(benchmark::State& state)
{
    ImageU8 photograph;
    photograph.reshape({375, 500, 3});
    ImageU8 result;
    BilinearResizer resizer;
    for (auto _ : state) {
        resizer.resize(photograph, 256, 341, result);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(resizePhotograph);
} // namespace

BENCHMARK_MAIN();
