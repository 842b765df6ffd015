// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/event.h"

namespace bitloom::engine {

/// Where a job's events go. post() is called from worker threads, must not block for long and must
/// not pause or resume the job.
class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void post(EventPtr event) = 0;
};

} // namespace bitloom::engine
