// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/methods/layer_detail.h"

namespace bitloom::engine {

JobOutcome run(const LayerDetailJob& job, JobContext& context)
{
    const auto model = openJobModel(job.model, context);
    std::unique_ptr<BatchLoader> images;
    if (job.data) {
        images = openCalibrationImages(*job.data, job.calibration, *model, context);
    }
    const auto detail = layerDetail(*model, job.plan, {job.layer, job.bits, job.bins}, images.get(),
                                    jobDevice(context), context.control);
    if (images) {
        warnAboutSkipped(*images, context);
    }
    return detail ? JobOutcome{toJson(*detail)} : JobOutcome{{}, false};
}

} // namespace bitloom::engine
