// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/cifar10.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/data/memory_dataset.h"

namespace bitloom {

namespace fs = std::filesystem;

namespace {
constexpr int kCifarSide = 32;
constexpr std::size_t kPlane = kCifarSide * kCifarSide;
constexpr std::size_t kRecord = 1 + 3 * kPlane;
constexpr int kCifarClasses = 10;

void appendBatch(const fs::path& path, MemoryDataset::Content& content)
{
    const MappedFile file(path);
    const auto bytes = file.bytes();
    BITLOOM_REQUIRE(bytes.size() % kRecord == 0, ErrorCode::CorruptFile, "has ", bytes.size(),
                    " bytes, which is no multiple of the record size ", kRecord,
                    " (last record truncated, or not "
                    "the binary version of CIFAR-10)");
    const std::size_t records = bytes.size() / kRecord;
    content.files.emplace_back(path.filename().string(),
                               static_cast<std::int64_t>(content.labels.size()));
    content.labels.reserve(content.labels.size() + records);
    std::size_t out = content.pixels.size();
    content.pixels.resize(out + records * 3 * kPlane);
    for (std::size_t record = 0; record < records; ++record) {
        const std::byte* from = bytes.data() + record * kRecord;
        const auto label = std::to_integer<std::uint8_t>(*from++);
        BITLOOM_REQUIRE(label < kCifarClasses, ErrorCode::CorruptFile, "record ", record,
                        " has the label ", static_cast<int>(label), "; labels are 0 to 9");
        content.labels.push_back(label);
        for (std::size_t pixel = 0; pixel < kPlane; ++pixel) {
            for (std::size_t channel = 0; channel < 3; ++channel) {
                content.pixels[out++] =
                    std::to_integer<std::uint8_t>(from[channel * kPlane + pixel]);
            }
        }
    }
}
} // namespace

std::shared_ptr<const Dataset> openCifar10(const fs::path& folder, DatasetSplit split)
{
    requireDatasetFolder(folder);
    std::vector<std::string> names{"test_batch.bin"};
    if (split == DatasetSplit::Train) {
        names = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                 "data_batch_5.bin"};
    }
    MemoryDataset::Content content;
    content.name = "cifar10 " + std::string(toString(split));
    content.shape = {kCifarSide, kCifarSide, 3};
    content.classNames = {"airplane", "automobile", "bird",  "cat",  "deer",
                          "dog",      "frog",       "horse", "ship", "truck"};
    for (const std::string& name : names) {
        const fs::path path = folder / name;
        if (fs::exists(path)) {
            withContext(path.string(), [&] { appendBatch(path, content); });
        }
    }
    BITLOOM_REQUIRE(!content.labels.empty(), ErrorCode::BadDataset, folder.string(), " has no ",
                    split == DatasetSplit::Train ? "data_batch_1.bin to data_batch_5.bin"
                                                 : "test_batch.bin",
                    ": ", describeDatasetFolder(folder));
    return std::make_shared<MemoryDataset>(std::move(content));
}

} // namespace bitloom
