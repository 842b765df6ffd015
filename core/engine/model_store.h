// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/job.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace bitloom {
struct LoadedModel;
}

namespace bitloom::engine {

/// The last few models that jobs opened, so that a job on the model before it need not read it
/// again. A file that changed on disk is read again. Threads: any.
class ModelStore {
public:
    /// Errors: as openModel().
    std::shared_ptr<const LoadedModel> open(const ModelRef& ref, std::uint64_t seed);

private:
    struct Entry {
        std::string key; ///< everything the model depends on, file times included
        std::shared_ptr<const LoadedModel> model;
    };
    std::mutex m_mutex;
    std::deque<Entry> m_entries; ///< newest first
};

} // namespace bitloom::engine
