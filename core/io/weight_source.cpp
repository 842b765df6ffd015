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
#include "core/io/safetensors/safetensors_files.h"
#include "core/io/safetensors/weight_folder.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/pickle_tensors.h"
#include "core/io/state/state_dict.h"
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

bool isFloat(SafetensorsType type)
{
    return type == SafetensorsType::F16 || type == SafetensorsType::BF16 ||
           type == SafetensorsType::F32 || type == SafetensorsType::F64;
}

/// The formats int-quantized, float-quantized and naive-quantized of compressed-tensors, and the
/// FP8 of others, keep codes under the names of the weights, and their scales beside them. As the
/// tensors of a state dict they would be weights of another size.
SafetensorsPlace findBareCodes(const SafetensorsFiles& files)
{
    const auto found = std::ranges::find_if(files.tensors(), [&](const SafetensorsPlace& place) {
        return place->name.ends_with(".weight") && !isFloat(place->type) &&
               (files.find(place->name + "_scale") || files.find(place->name + "_scale_inv"));
    });
    return found == files.tensors().end() ? SafetensorsPlace{} : *found;
}

/// Null for a state dict.
std::unique_ptr<PackedSource> openBareCodes(SafetensorsFiles files)
{
    const SafetensorsPlace codes = findBareCodes(files);
    if (!codes) {
        return nullptr;
    }
    const bool areIntegers = codes->type == SafetensorsType::I8;
    const auto config =
        areIntegers ? findQuantizationConfig(files.folder()) : std::optional<QuantizationConfig>();
    BITLOOM_REQUIRE(config && config->method == "compressed-tensors", ErrorCode::Unsupported,
                    codes.file->path().string(), ": ", codes->name, " is codes of the type ",
                    toString(codes->type), " with scales beside it; ",
                    areIntegers ? "such codes are read where a config.json of compressed-tensors "
                                  "beside the file says how"
                                : "of packed weights in safetensors, the integers of "
                                  "compressed-tensors, GPTQ and AWQ are read",
                    ": save the model so, or with its weights dequantized");
    return std::make_unique<CompressedTensorsSource>(std::move(files));
}

/// path: a file or a folder of several. Null for a state dict.
std::unique_ptr<PackedSource> openSafetensors(const fs::path& path,
                                              const ConversionRequest& request)
{
    SafetensorsFiles files(path);
    if (files.hasNameEnding(".weight_packed") ||
        files.files().front().metadata().contains(std::string(kSpecKey))) {
        return std::make_unique<CompressedTensorsSource>(std::move(files),
                                                         layoutOf(request.ctLayout));
    }
    if (!files.hasNameEnding(".qweight")) {
        return openBareCodes(std::move(files));
    }
    const auto config = findQuantizationConfig(files.folder());
    BITLOOM_REQUIRE(config, ErrorCode::NotFound, path.string(),
                    " holds codes of GPTQ or AWQ, but neither config.json nor "
                    "quantize_config.json beside it says how to read them");
    if (config->method == "awq") {
        return std::make_unique<AwqSource>(std::move(files), *config);
    }
    BITLOOM_REQUIRE(config->method == "gptq", ErrorCode::Unsupported, config->file.string(),
                    " names the method \"", config->method, "\"; gptq and awq are read");
    return std::make_unique<GptqSource>(std::move(files), *config, zerosOf(request.gptqZeros));
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

/// Whether PyTorch quantized a tensor of the state dict that torch.save wrote.
bool holdsQuantized(const fs::path& path)
{
    try {
        const StateListing listing = listStateDict(path);
        return std::ranges::any_of(
            listing.entries, [](const StateEntry& entry) { return c10::isQIntType(entry.type); });
    } catch (const Error& error) {
        if (error.code() != ErrorCode::UnknownFormat) { // no state dict
            throw;
        }
    }
    return false;
}

/// Null for what torch.save wrote of another form than BitPack's.
std::unique_ptr<PackedSource> openBitPack(const fs::path& path, const ConversionRequest& request)
{
    try {
        return std::make_unique<BitPackSource>(
            path, BitPackReadOptions{request.assumedOffset, request.ignoreCrc});
    } catch (const Error& error) {
        if (error.code() != ErrorCode::UnknownFormat) {
            throw;
        }
    }
    return nullptr;
}

ConversionRequest requestOf(const fs::path& path)
{
    ConversionRequest request;
    request.input = path.string();
    return request;
}

} // namespace

std::unique_ptr<PackedSource> openPackedWeights(const ConversionRequest& request)
{
    const fs::path path = request.input;
    if (standsForWeightFiles(path)) {
        return openSafetensors(path, request);
    }
    switch (detectFileKind(path)) {
    case FileKind::Hdf5:
        return std::make_unique<PackedFileReader>(path);
    case FileKind::Safetensors:
        return openSafetensors(path, request);
    case FileKind::TorchZip:
    case FileKind::TorchLegacy:
        if (std::unique_ptr<PackedSource> bitPack = openBitPack(path, request)) {
            return bitPack;
        }
        return holdsQuantized(path)
                   ? std::make_unique<CheckpointSource>(CheckpointSource::ofState(path))
                   : nullptr;
    default:
        return nullptr;
    }
}

std::unique_ptr<PackedSource> openPackedWeights(const fs::path& path)
{
    return openPackedWeights(requestOf(path));
}

std::unique_ptr<PackedSource> requirePackedWeights(const fs::path& path)
{
    std::unique_ptr<PackedSource> packed = openPackedWeights(path);
    if (packed != nullptr) {
        return packed;
    }
    const bool isFolder = fs::is_directory(path);
    const FileKind kind = isFolder ? FileKind::Unknown : detectFileKind(path);
    BITLOOM_REQUIRE(!isFolder && !standsForWeightFiles(path) && kind != FileKind::Safetensors &&
                        kind != FileKind::TorchZip && kind != FileKind::TorchLegacy,
                    ErrorCode::UnknownFormat, path.string(), " holds plain weights (",
                    textOf(isFolder ? PhraseId::WeightFolder : describe(kind)), "), and ",
                    adviceOnPlainWeights());
    fail(ErrorCode::UnknownFormat, path.string(), " is ", textOf(describe(kind)),
         " without packed weights");
}

std::string_view adviceOnPlainWeights()
{
    return "nothing in it is packed: bitloom pack packs a model under a plan (--plan) or a file of "
           "integers (--input-int-file), bitloom convert writes the weights into another container";
}

std::unique_ptr<PackedSource> openWeights(const ConversionRequest& request)
{
    if (std::unique_ptr<PackedSource> packed = openPackedWeights(request)) {
        return packed;
    }
    const fs::path path = request.input;
    if (standsForWeightFiles(path)) {
        return std::make_unique<CheckpointSource>(CheckpointSource::ofState(path));
    }
    const FileKind kind = detectFileKind(path);
    const bool isTorch = kind == FileKind::TorchZip || kind == FileKind::TorchLegacy;
    BITLOOM_REQUIRE(isTorch || kind == FileKind::Safetensors, ErrorCode::UnknownFormat,
                    path.string(), " is ", textOf(describe(kind)),
                    ", which holds no weights that can be converted");
    return std::make_unique<CheckpointSource>(isTorch && isHawqExport(path)
                                                  ? CheckpointSource::ofHawq(path)
                                                  : CheckpointSource::ofState(path));
}

std::unique_ptr<PackedSource> openWeights(const fs::path& path)
{
    return openWeights(requestOf(path));
}

std::int64_t bytesOfFiles(const fs::path& path)
{
    std::int64_t bytes = 0;
    for (const fs::path& file : filesOfWeights(path)) {
        bytes += static_cast<std::int64_t>(fs::file_size(file));
    }
    return bytes;
}

} // namespace bitloom::io
