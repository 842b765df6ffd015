// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/job_context.h"
#include "core/io/identify.h"

namespace bitloom::engine {

JobOutcome run(const IdentifyJob& job, JobContext&)
{
    return {toJson(identifyFile(job.file))};
}

} // namespace bitloom::engine
