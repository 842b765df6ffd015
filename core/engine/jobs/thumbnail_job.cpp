// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/data/png_encoder.h"
#include "core/data/thumbnail_maker.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace bitloom::engine {

namespace fs = std::filesystem;

namespace {

void requirePossible(const ThumbnailJob& job)
{
    BITLOOM_REQUIRE(job.size >= kSmallestThumbnail && job.size <= kLargestThumbnail,
                    ErrorCode::InvalidArgument, "thumbnails of ", job.size,
                    " pixels were asked for: ", kSmallestThumbnail, "..", kLargestThumbnail,
                    " are possible");
    BITLOOM_REQUIRE(job.indices.size() <= mostThumbnails(job.size), ErrorCode::InvalidArgument,
                    job.indices.size(), " thumbnails of ", job.size,
                    " pixels were asked for: at most ", mostThumbnails(job.size),
                    " of that size are possible at once");
}

void requireItems(const ThumbnailJob& job, const Dataset& dataset)
{
    for (const std::int64_t index : job.indices) {
        BITLOOM_REQUIRE(index >= 0 && index < dataset.size(), ErrorCode::InvalidArgument,
                        dataset.name(), " has no item ", index, ": it has ", dataset.size(),
                        " items");
    }
}

void makeFolder(const std::string& folder)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot make the folder ", folder, ": ",
                    failure.message());
}

/// Absent, with a warning, for an item that cannot be read.
std::optional<Thumbnail> makeThumbnail(ThumbnailMaker& maker, const Dataset& dataset,
                                       std::int64_t index, const JobContext& context)
{
    try {
        return maker.make(index);
    } catch (const Error& error) {
        context.warn("skipped " + dataset.itemId(index) + ": " + error.what());
        return std::nullopt;
    }
}

void writePng(const fs::path& folder, const Thumbnail& thumbnail)
{
    const ImageU8 picture{{thumbnail.height, thumbnail.width, 3}, thumbnail.rgb};
    writeFileAtomically(folder / (std::to_string(thumbnail.image) + ".png"), encodePng(picture));
}

} // namespace

JobOutcome run(const ThumbnailJob& job, JobContext& context)
{
    requirePossible(job);
    const auto dataset = openDataset(job.data.spec, job.data.split == "train" ? DatasetSplit::Train
                                                                              : DatasetSplit::Test);
    requireItems(job, *dataset);
    if (!job.folder.empty()) {
        makeFolder(job.folder);
    }
    ThumbnailMaker maker(*dataset, job.size);
    std::vector<Thumbnail> thumbnails;
    const auto total = static_cast<std::int64_t>(job.indices.size());
    for (std::int64_t done = 0; done < total; ++done) {
        if (context.control.shouldStop()) {
            return {toJson(thumbnails), false};
        }
        const std::int64_t index = job.indices[static_cast<std::size_t>(done)];
        if (auto thumbnail = makeThumbnail(maker, *dataset, index, context)) {
            if (!job.folder.empty()) {
                writePng(job.folder, *thumbnail);
            }
            thumbnails.push_back(std::move(*thumbnail));
        }
        context.control.report({"thumbnails", done + 1, total, "images"});
    }
    return {toJson(thumbnails)};
}

} // namespace bitloom::engine
