// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/mnist.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/data/gzip_file.h"
#include "core/data/memory_dataset.h"

#include <algorithm>
#include <array>
#include <ios>

namespace bitloom {

namespace fs = std::filesystem;

namespace {
constexpr std::uint32_t kImageMagic = 0x803;
constexpr std::uint32_t kLabelMagic = 0x801;
constexpr std::int64_t kMaxMnistSide = 1024;
/// Far above MNIST's 47 MB: what an idx file may ask us to hold in memory.
constexpr std::int64_t kMaxBytes = std::int64_t{1} << 30;
constexpr int kMnistClasses = 10;

fs::path findFile(const fs::path& folder, const std::string& stem)
{
    for (const char* ending : {"", ".gz"}) {
        fs::path candidate = folder / (stem + ending);
        if (fs::exists(candidate)) {
            return candidate;
        }
    }
    fail(ErrorCode::BadDataset, folder.string(), " has no ", stem, " or ", stem,
         ".gz: ", describeDatasetFolder(folder));
}

std::uint32_t bigEndian(std::span<const std::uint8_t> bytes)
{
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes) {
        value = (value << 8) | byte;
    }
    return value;
}

struct IdxContent {
    std::vector<std::int64_t> sizes;
    std::vector<std::uint8_t> values;
};

/// Reads an idx file with the given number of dimensions. A wrong claim is noticed at the first
/// missing byte: memory grows with the content that is really there.
IdxContent readIdx(const fs::path& path, std::uint32_t magic, int dimensions)
{
    GzipFile file(path);
    std::array<std::uint8_t, 16> header{};
    const std::size_t headerBytes = 4 + 4 * static_cast<std::size_t>(dimensions);
    const std::size_t got = file.read({header.data(), headerBytes});
    BITLOOM_REQUIRE(got == headerBytes, ErrorCode::CorruptFile,
                    "is too short for an idx header: ", got, " of ", headerBytes, " bytes");
    const std::uint32_t foundMagic = bigEndian({header.data(), 4});
    BITLOOM_REQUIRE(foundMagic == magic, ErrorCode::CorruptFile, std::hex,
                    "has the magic number 0x", foundMagic, ", expected 0x", magic, std::dec,
                    dimensions == 3 ? " (idx3, images)" : " (idx1, labels)");
    IdxContent content;
    std::int64_t bytes = 1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(dimensions); ++i) {
        const std::int64_t size = bigEndian({header.data() + 4 + 4 * i, 4});
        BITLOOM_REQUIRE(size >= 1 && (i == 0 || size <= kMaxMnistSide), ErrorCode::CorruptFile,
                        "states ", i == 0 ? "the count " : "the image side ", size,
                        "; expected at least 1", i == 0 ? "" : " and at most 1024");
        content.sizes.push_back(size);
        bytes = checkedMultiply(bytes, size, "idx content");
    }
    BITLOOM_REQUIRE(bytes <= kMaxBytes, ErrorCode::UnsafeFile, "states ", bytes,
                    " bytes of content, more than the limit of ", kMaxBytes);
    constexpr std::size_t kChunk = std::size_t{1} << 22;
    while (content.values.size() < static_cast<std::size_t>(bytes)) {
        const std::size_t before = content.values.size();
        const std::size_t step = std::min(kChunk, static_cast<std::size_t>(bytes) - before);
        content.values.resize(before + step);
        const std::size_t read = file.read({content.values.data() + before, step});
        BITLOOM_REQUIRE(read == step, ErrorCode::CorruptFile, "is truncated: the header states ",
                        bytes, " bytes of content, the file holds ", before + read);
    }
    BITLOOM_REQUIRE(file.atEnd(), ErrorCode::CorruptFile, "goes on after the ", bytes,
                    " bytes of content that its header states");
    return content;
}
} // namespace

std::shared_ptr<const Dataset> openMnist(const fs::path& folder, DatasetSplit split)
{
    requireDatasetFolder(folder);
    const std::string prefix = split == DatasetSplit::Train ? "train" : "t10k";
    const fs::path imagePath = findFile(folder, prefix + "-images-idx3-ubyte");
    const fs::path labelPath = findFile(folder, prefix + "-labels-idx1-ubyte");
    IdxContent images =
        withContext(imagePath.string(), [&] { return readIdx(imagePath, kImageMagic, 3); });
    IdxContent labels =
        withContext(labelPath.string(), [&] { return readIdx(labelPath, kLabelMagic, 1); });
    BITLOOM_REQUIRE(images.sizes[0] == labels.sizes[0], ErrorCode::BadDataset, folder.string(),
                    ": ", imagePath.filename().string(), " has ", images.sizes[0], " images but ",
                    labelPath.filename().string(), " has ", labels.sizes[0], " labels");
    const auto wrong = std::ranges::find_if(
        labels.values, [](std::uint8_t label) { return label >= kMnistClasses; });
    BITLOOM_REQUIRE(wrong == labels.values.end(), ErrorCode::CorruptFile, labelPath.string(),
                    ": item ", wrong - labels.values.begin(), " has the label ",
                    static_cast<int>(*wrong), "; labels are 0 to 9");
    MemoryDataset::Content content;
    content.name = "mnist " + std::string(toString(split));
    content.shape = {static_cast<int>(images.sizes[1]), static_cast<int>(images.sizes[2]), 1};
    content.pixels = std::move(images.values);
    content.labels = std::move(labels.values);
    for (int digit = 0; digit < kMnistClasses; ++digit) {
        content.classNames.push_back(std::to_string(digit));
    }
    content.files = {{imagePath.filename().string(), 0}};
    return std::make_shared<MemoryDataset>(std::move(content));
}

} // namespace bitloom
