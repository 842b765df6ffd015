// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"
#include "core/io/file_map.h"
#include "core/io/packed/packed_source.h"
#include "core/io/weight_source.h"
#include "core/methods/packed_detail.h"

#include <filesystem>

namespace bitloom::engine {

JobOutcome run(const FileMapJob& job, JobContext&)
{
    return {toJson(mapFile(job.file))};
}

JobOutcome run(const PackedDetailJob& job, JobContext& context)
{
    const auto file = io::openWeights(std::filesystem::path(job.file));
    std::shared_ptr<const LoadedModel> against;
    if (job.against) {
        against = openComparedModel(*job.against, *file, context);
    }
    std::optional<PackedDetail> detail = withContext(job.file, [&] {
        return packedDetail(*file, job.tensor, against.get(), job.bins, context.control);
    });
    if (!detail) {
        return {{}, false};
    }
    if (detail->against) {
        detail->against->model = job.against->spec;
    }
    return {toJson(*detail)};
}

} // namespace bitloom::engine
