// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/search_request.h"

#include "core/base/error.h"
#include "core/engine/method_catalog.h"
#include "core/engine/portable_path.h"
#include "core/types/run_paths.h"

#include <nlohmann/json.hpp>

namespace bitloom::engine {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {
fs::path projectOf(const fs::path& runFile)
{
    return projectOfRunFile(fs::absolute(runFile).lexically_normal());
}

/// Values with the options that are files passed through a function.
template <typename Change>
OptionValues withFiles(const SearchJob& job, const Change& change)
{
    OptionValues values = job.options;
    for (const OptionSpec& option : methodNamed(job.method).options->options()) {
        const OptionValue* const value = option.isFile ? values.find(option.name) : nullptr;
        if (value != nullptr && !std::get<std::string>(*value).empty()) {
            values.set(option.name, change(std::get<std::string>(*value)));
        }
    }
    return values;
}

OptionValues portableOptions(const SearchJob& job)
{
    return withFiles(job, [project = projectOf(job.runFile)](const std::string& file) {
        return portablePath(file, project);
    });
}

} // namespace

std::string toJson(const SearchRequest& request)
{
    const SearchJob& job = request.job;
    const fs::path project = projectOf(job.runFile);
    Json document;
    document["method"] = job.method;
    document["model"] = request.fingerprint;
    document["model_spec"] = portableSpec(job.model.spec, project);
    document["input_shape"] = job.model.inputShape;
    document["data"] = portableSpec(job.data.spec, project);
    document["limit"] = job.data.limit;
    document["preprocessing"] = job.data.preprocessing;
    document["batch_size"] = job.data.batchSize;
    document["options"] = Json::parse(toJson(portableOptions(job)));
    document["seed"] = request.seed;
    document["device"] = request.device;
    document["threads"] = request.threads;
    return document.dump();
}

std::string provenanceJson(const SearchRequest& request)
{
    Json document = Json::parse(toJson(request));
    document.erase("model_spec"); // the fingerprint says which model it is
    document["data"] = specWithoutFolders(request.job.data.spec);
    document["options"] = Json::parse(toJson(withFiles(
        request.job, [](const std::string& file) { return fs::path(file).filename().string(); })));
    return document.dump();
}

SearchRequest searchRequestFromJson(const std::string& text, const fs::path& runFile)
{
    return withContext(runFile.string() + ": request", [&] {
        try {
            const Json document = Json::parse(text);
            const fs::path project = projectOf(runFile);
            SearchRequest request;
            SearchJob& job = request.job;
            job.method = document.at("method");
            job.model.spec = localSpec(document.at("model_spec"), project);
            job.model.inputShape = document.at("input_shape").get<std::vector<std::int64_t>>();
            job.data.spec = localSpec(document.at("data"), project);
            job.data.limit = document.at("limit").get<std::int64_t>();
            job.data.preprocessing = document.at("preprocessing");
            job.data.batchSize = document.at("batch_size").get<std::int64_t>();
            job.options = optionValuesFromJson(*methodNamed(job.method).options,
                                               document.at("options").dump());
            job.runFile = runFile.string();
            job.options = withFiles(job, [&project](const std::string& file) {
                return localPath(file, project).string();
            });
            request.fingerprint = document.at("model");
            request.seed = document.at("seed").get<std::uint64_t>();
            request.device = document.at("device");
            request.threads = document.at("threads").get<int>();
            return request;
        } catch (const Json::exception& error) {
            fail(ErrorCode::CorruptFile, error.what());
        }
    });
}

std::vector<std::string> differences(const SearchRequest& there, const SearchRequest& here)
{
    std::vector<std::string> found;
    const auto compare = [&found](const std::string& what, const auto& left, const auto& right) {
        if (left != right) {
            found.push_back(detail::concatenate(what, " is ", left, " there and ", right, " here"));
        }
    };
    compare("the method", there.job.method, here.job.method);
    compare("the model's fingerprint", there.fingerprint, here.fingerprint);
    compare("the input shape", Json(there.job.model.inputShape).dump(),
            Json(here.job.model.inputShape).dump());
    compare("the data", portableSpec(there.job.data.spec, projectOf(there.job.runFile)),
            portableSpec(here.job.data.spec, projectOf(here.job.runFile)));
    compare("--limit", there.job.data.limit, here.job.data.limit);
    compare("the preprocessing", there.job.data.preprocessing, here.job.data.preprocessing);
    const OptionValues ours = portableOptions(here.job);
    const OptionValues theirs = portableOptions(there.job);
    for (const auto& [name, value] : theirs.all()) {
        const OptionValue* const other = ours.find(name);
        compare(name, toText(value), other != nullptr ? toText(*other) : "not said");
    }
    compare("the seed", there.seed, here.seed);
    compare("the device", there.device, here.device);
    compare("the number of threads", there.threads, here.threads);
    return found;
}

} // namespace bitloom::engine
