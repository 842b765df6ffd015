// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/weight_source.h"

#include "core/base/error.h"
#include "core/io/bitpack_source.h"
#include "core/io/checkpoint_source.h"
#include "core/io/interchange/awq_source.h"
#include "core/io/interchange/compressed_tensors_source.h"
#include "core/io/interchange/gptq_source.h"
#include "core/io/packed/packed_file.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/pickle_tensors.h"
#include "core/io/state/torch_archive.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace bitloom::io {

namespace fs = std::filesystem;

namespace {

GptqZeros zerosOf(const std::string& text)
{
    BITLOOM_REQUIRE(text.empty() || text == "v1" || text == "v2", ErrorCode::InvalidArgument,
                    "zero points of GPTQ are v1 or v2, not ", text);
    return text.empty() ? GptqZeros::AsLabelled : text == "v1" ? GptqZeros::V1 : GptqZeros::V2;
}

std::optional<WordLayout> layoutOf(const std::string& text)
{
    const auto layout = wordLayoutFrom(text);
    BITLOOM_REQUIRE(text.empty() || layout, ErrorCode::InvalidArgument,
                    "codes of compressed-tensors lie padded or dense, not ", text);
    return layout;
}

std::unique_ptr<PackedSource> openSafetensors(const fs::path& path,
                                              const ConversionRequest& request)
{
    const SafetensorsReader reader(path);
    const auto holds = [&](std::string_view ending) {
        return std::any_of(reader.entries().begin(), reader.entries().end(),
                           [&](const auto& entry) { return entry.name.ends_with(ending); });
    };
    if (holds(".weight_packed") || reader.metadata().contains(std::string(kSpecKey))) {
        return std::make_unique<CompressedTensorsSource>(path, layoutOf(request.ctLayout));
    }
    if (!holds(".qweight")) {
        return std::make_unique<CheckpointSource>(CheckpointSource::ofState(path));
    }
    const auto config = findQuantizationConfig(path);
    BITLOOM_REQUIRE(config, ErrorCode::NotFound, path.string(),
                    " holds codes of GPTQ or AWQ, but neither config.json nor "
                    "quantize_config.json beside it says how to read them");
    if (config->method == "awq") {
        return std::make_unique<AwqSource>(path, *config);
    }
    BITLOOM_REQUIRE(config->method == "gptq", ErrorCode::Unsupported, config->file.string(),
                    " names the method \"", config->method, "\"; gptq and awq are read");
    return std::make_unique<GptqSource>(path, *config, zerosOf(request.gptqZeros));
}

/// HAWQ's export is a dict of dicts. Its training checkpoint has the same integers among its floats
/// and is a state dict like any other, of which nothing is to be left out.
bool isHawqExport(const fs::path& path)
{
    return withContext(path.string(), [&] {
        const TorchArchive archive = TorchArchive::open(path);
        const auto* root = archive.root().node<PickleDict>();
        const PickleValue* weights = root == nullptr ? nullptr : findEntry(*root, "weight_integer");
        return weights != nullptr && weights->node<PickleDict>() != nullptr;
    });
}

/// What torch.save wrote.
std::unique_ptr<PackedSource> openTorch(const fs::path& path, const ConversionRequest& request)
{
    try {
        return std::make_unique<BitPackSource>(path, BitPackReadOptions{request.assumedOffset});
    } catch (const Error& error) {
        if (error.code() != ErrorCode::UnknownFormat) {
            throw;
        }
    }
    return std::make_unique<CheckpointSource>(isHawqExport(path) ? CheckpointSource::ofHawq(path)
                                                                 : CheckpointSource::ofState(path));
}

} // namespace

std::unique_ptr<PackedSource> openWeights(const ConversionRequest& request)
{
    const fs::path path = request.input;
    std::error_code absent; // what cannot be looked at is opened below, which says why it cannot
    if (fs::is_directory(path, absent)) {
        return std::make_unique<CompressedTensorsSource>(path, layoutOf(request.ctLayout));
    }
    const FileKind kind = detectFileKind(path);
    switch (kind) {
    case FileKind::Hdf5:
        return std::make_unique<PackedFileReader>(path);
    case FileKind::TorchZip:
    case FileKind::TorchLegacy:
        return openTorch(path, request);
    case FileKind::Safetensors:
        return openSafetensors(path, request);
    default:
        fail(ErrorCode::UnknownFormat, path.string(), " is ", describe(kind),
             ", which holds no weights that can be converted");
    }
}

} // namespace bitloom::io
