// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/model_store.h"

#include "core/io/model_file.h"

#include <filesystem>
#include <system_error>

namespace bitloom::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeptModels = 2;

/// Size and time of the file behind a reference; empty for a built-in architecture without weights.
std::string stampOf(const std::string& spec)
{
    const fs::path path = modelFilePath(spec);
    std::error_code failure;
    const auto time = fs::last_write_time(path, failure);
    if (failure) {
        return {};
    }
    const auto size = fs::file_size(path, failure);
    return std::to_string(time.time_since_epoch().count()) + ":" +
           std::to_string(failure ? 0 : size);
}

std::string keyOf(const ModelRef& ref, std::uint64_t seed)
{
    std::string key = ref.spec + "|" + stampOf(ref.spec) + "|" + std::to_string(seed);
    for (const std::int64_t size : ref.inputShape) {
        key += ',';
        key += std::to_string(size);
    }
    for (const std::int64_t size : ref.likelyShape) {
        key += ",~";
        key += std::to_string(size);
    }
    return key;
}

} // namespace

std::shared_ptr<const LoadedModel> ModelStore::open(const ModelRef& ref, std::uint64_t seed)
{
    const std::string key = keyOf(ref, seed);
    {
        const std::lock_guard lock(m_mutex);
        for (const Entry& entry : m_entries) {
            if (entry.key == key) {
                return entry.model;
            }
        }
    }
    auto model = std::make_shared<const LoadedModel>(
        openModel(ref.spec, ref.inputShape, seed, ref.likelyShape));
    const std::lock_guard lock(m_mutex);
    m_entries.push_front({key, model});
    if (m_entries.size() > kKeptModels) {
        m_entries.pop_back();
    }
    return model;
}

} // namespace bitloom::engine
