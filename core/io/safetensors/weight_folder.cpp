// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors/weight_folder.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <string_view>
#include <system_error>

namespace bitloom::io {

namespace fs = std::filesystem;

namespace {

constexpr const char* kWeightsFile = "model.safetensors";
constexpr const char* kWeightsIndex = "model.safetensors.index.json";
constexpr std::string_view kIndexEnding = ".safetensors.index.json";

bool isIndex(const fs::path& path)
{
    std::error_code absent;
    return path.filename().string().ends_with(kIndexEnding) && fs::is_regular_file(path, absent);
}

std::vector<fs::path> filesOfIndex(const fs::path& index)
{
    return withContext(index.string(), [&] {
        const auto json = nlohmann::json::parse(readTextFile(index), nullptr, false);
        const auto map = json.is_object() ? json.find("weight_map") : json.end();
        BITLOOM_REQUIRE(map != json.end() && map->is_object() && !map->empty(),
                        ErrorCode::CorruptFile,
                        "there is no weight_map, which lists the file of each tensor");
        std::set<fs::path> files;
        for (const auto& file : *map) {
            const fs::path name = file.is_string() ? fs::path(file.get<std::string>()) : fs::path();
            BITLOOM_REQUIRE(!name.empty() && name == name.filename() && name != "..",
                            ErrorCode::UnsafeFile, "weight_map names ", file.dump(),
                            ", a file in the same folder was expected");
            files.insert(index.parent_path() / name);
        }
        return std::vector<fs::path>(files.begin(), files.end());
    });
}

} // namespace

bool standsForWeightFiles(const fs::path& path)
{
    std::error_code absent; // what cannot be looked at is opened as a file, which says why
    return isIndex(path) || fs::exists(path / kWeightsFile, absent) ||
           fs::exists(path / kWeightsIndex, absent);
}

std::vector<fs::path> filesOfWeights(const fs::path& path)
{
    if (!standsForWeightFiles(path)) {
        return {path};
    }
    std::error_code absent;
    const fs::path index = isIndex(path) ? path : path / kWeightsIndex;
    return fs::exists(index, absent) ? filesOfIndex(index) : std::vector{path / kWeightsFile};
}

} // namespace bitloom::io
