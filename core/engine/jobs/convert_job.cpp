// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"
#include "core/io/conversion.h"
#include "core/io/model_source.h"
#include "core/methods/calibration.h"

#include <optional>

namespace bitloom::engine {

JobOutcome run(const ConvertJob& job, JobContext& context)
{
    const std::optional<ConversionReport> report = convertWeights(job.request, context.control);
    return report ? JobOutcome{toJson(*report)} : JobOutcome{{}, false};
}

JobOutcome run(const ExportPreviewJob& job, JobContext& context)
{
    const auto model = openJobModel(job.model, context);
    requirePlanOf(job.plan, *model);
    const QuantState grids = weightGrids(*model, job.plan);
    const io::ModelSource source(*model, job.plan, grids, {},
                                 io::ModelSource::ActivationGrids::Optional);
    const auto reports = foreseeFormats(source, job.formats, job.dtype, context.control);
    return reports ? JobOutcome{toJson(*reports)} : JobOutcome{{}, false};
}

} // namespace bitloom::engine
