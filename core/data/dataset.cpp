// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/dataset.h"

#include "core/base/error.h"
#include "core/data/cifar10.h"
#include "core/data/generated_digits.h"
#include "core/data/image_folder.h"
#include "core/data/mnist.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace bitloom {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view kLegalKinds = "mnist:DIR, cifar10:DIR, images:DIR, digits:N";

bool startsWithAny(std::string_view text, std::span<const std::string_view> prefixes)
{
    return std::ranges::any_of(prefixes, [&](std::string_view p) { return text.starts_with(p); });
}
} // namespace

std::string_view toString(DatasetSplit split)
{
    return split == DatasetSplit::Train ? "train" : "test";
}

ImageU8 Dataset::get(std::int64_t index) const
{
    ImageU8 image;
    read(index, image);
    return image;
}

void Dataset::requireIndex(std::int64_t index) const
{
    BITLOOM_REQUIRE(index >= 0 && index < size(), ErrorCode::InvalidArgument, name(),
                    " has no item ", index, ": it has ", size(), " items");
}

void requireDatasetFolder(const fs::path& folder)
{
    std::error_code failure;
    const fs::file_status status = fs::status(folder, failure);
    BITLOOM_REQUIRE(status.type() != fs::file_type::not_found, ErrorCode::NotFound,
                    "the dataset folder ", folder.string(), " does not exist");
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot open the dataset folder ",
                    folder.string(), ": ", failure.message());
    BITLOOM_REQUIRE(fs::is_directory(status), ErrorCode::BadDataset, folder.string(),
                    " is a file; expected the folder that holds the dataset");
    const fs::directory_iterator readable(folder, failure);
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot read the dataset folder ",
                    folder.string(), ": ", failure.message());
}

std::string describeDatasetFolder(const fs::path& folder)
{
    static constexpr std::array<std::string_view, 4> kMnist{"train-images", "train-labels",
                                                            "t10k-images", "t10k-labels"};
    static constexpr std::array<std::string_view, 2> kCifar{"data_batch_", "test_batch"};
    std::error_code failure;
    int entries = 0;
    int folders = 0;
    std::string firstName;
    for (fs::directory_iterator it(folder, failure), end; !failure && it != end;
         it.increment(failure)) {
        const std::string file = it->path().filename().string();
        if (startsWithAny(file, kMnist)) {
            return "it holds MNIST idx files (open it as mnist:" + folder.string() + ")";
        }
        if (startsWithAny(file, kCifar)) {
            return file.ends_with(".bin")
                       ? "it holds CIFAR-10 binary batches (open it as cifar10:" + folder.string() +
                             ")"
                       : "it holds the Python version of CIFAR-10; the binary version (*.bin) is "
                         "needed";
        }
        folders += it->is_directory(failure) ? 1 : 0;
        if (firstName.empty() || file < firstName) {
            firstName = file;
        }
        ++entries;
    }
    if (entries == 0) {
        return "it is empty";
    }
    if (folders > 0) {
        return "it holds " + std::to_string(folders) +
               " folders, as an image folder does (images:" + folder.string() + ")";
    }
    return "it holds " + std::to_string(entries) + " files, the first is " + firstName;
}

std::shared_ptr<const Dataset> openDataset(std::string_view description, DatasetSplit split)
{
    const std::size_t colon = description.find(':');
    const std::string_view kind = description.substr(0, colon);
    const std::string rest(colon == std::string_view::npos ? std::string_view{}
                                                           : description.substr(colon + 1));
    const bool known = kind == "mnist" || kind == "cifar10" || kind == "images" || kind == "digits";
    BITLOOM_REQUIRE(known, ErrorCode::InvalidArgument, "unknown dataset \"", description,
                    "\"; expected one of ", kLegalKinds);
    BITLOOM_REQUIRE(!rest.empty(), ErrorCode::InvalidArgument, "the dataset \"", description,
                    "\" says no more than its kind; expected one of ", kLegalKinds);
    if (kind == "mnist") {
        return openMnist(rest, split);
    }
    if (kind == "cifar10") {
        return openCifar10(rest, split);
    }
    if (kind == "images") {
        return openImageFolder(rest, split);
    }
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    BITLOOM_REQUIRE(failure == std::errc{} && end == rest.data() + rest.size(),
                    ErrorCode::InvalidArgument, "the dataset \"", description,
                    "\" needs a number of digits, such as digits:10000");
    return std::make_shared<GeneratedDigits>(count, split);
}

} // namespace bitloom
