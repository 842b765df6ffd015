// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/verification.h"

#include "core/base/checked_math.h"
#include "core/base/hash.h"
#include "core/base/mapped_file.h"
#include "core/base/rng.h"
#include "core/graph/graph_json.h"
#include "core/io/packed_file.h"
#include "core/io/packed_model.h"
#include "core/io/packed_tensor_codec.h"
#include "core/methods/calibration.h"
#include "core/methods/quantized_executor.h"
#include "core/quant/uniform_quantizer.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

std::int64_t paddingBits(const io::PackedTensor& tensor)
{
    if (tensor.kind != io::PackedKind::Int) {
        return 0;
    }
    std::int64_t codeBits = tensor.matrix().rows * tensor.matrix().cols * tensor.bits;
    if (tensor.bits == io::PackedTensorHeader::kBitsPerRow) {
        codeBits = 0;
        for (const std::uint8_t bits : tensor.rowBits) {
            codeBits += tensor.matrix().cols * bits;
        }
    }
    return tensor.payloadBytes * 8 - codeBits;
}

/// Bytes of the unpacked tensor in the type of its source.
std::int64_t sourceBytes(const io::PackedTensorHeader& header)
{
    return checkedNumel(header.shape, header.name) *
           static_cast<std::int64_t>(io::bytesOfDtype(header.dtype).value_or(0));
}

PackSheetRow sheetRow(const io::PackedTensor& tensor)
{
    PackSheetRow row;
    row.name = tensor.name;
    row.kind = tensor.kind == io::PackedKind::Raw ? "raw" : tensor.bits == 0 ? "pruned" : "packed";
    row.bits = tensor.kind == io::PackedKind::Int
                   ? tensor.bits
                   : static_cast<int>(8 * io::bytesOfDtype(tensor.dtype).value_or(0));
    row.shape = tensor.shape;
    row.packedBytes = tensor.payloadBytes;
    row.paddingBits = paddingBits(tensor);
    row.scaleBytes = tensor.parameterBytes;
    row.crc32 = tensor.kind == io::PackedKind::Raw ? crc32(tensor.data)
                                                   : crc32(std::as_bytes(std::span(tensor.words)));
    return row;
}

/// Index of the first difference of two equally long lists, or -1.
template <typename T>
std::int64_t firstDifference(const std::vector<T>& left, const std::vector<T>& right)
{
    const auto place = std::mismatch(left.begin(), left.end(), right.begin()).first;
    return place == left.end() ? -1 : place - left.begin();
}

std::string describeDifference(const char* what, std::int64_t index, const std::string& found,
                               const std::string& expected)
{
    return std::string(what) + " " + std::to_string(index) + " is " + found + ", the model gives " +
           expected;
}

/// What differs between a stored tensor and the one that the model gives now; empty: nothing.
std::string compareTensors(const io::PackedTensor& stored, const io::PackedTensor& expected)
{
    if (stored.kind != expected.kind || stored.shape != expected.shape ||
        stored.dtype != expected.dtype || stored.bits != expected.bits ||
        stored.encoding != expected.encoding || stored.axis != expected.axis) {
        return "kind, shape, type or bits differ from the model under the stored plan";
    }
    if (stored.scale.size() != expected.scale.size() ||
        stored.zeroPoint.size() != expected.zeroPoint.size() ||
        stored.words.size() != expected.words.size() ||
        stored.data.size() != expected.data.size()) {
        return "the number of scales, zero points or codes differs from the model's";
    }
    if (const auto at = firstDifference(stored.scale, expected.scale); at >= 0) {
        const auto i = static_cast<std::size_t>(at);
        return describeDifference("scale", at, std::to_string(stored.scale[i]),
                                  std::to_string(expected.scale[i]));
    }
    if (const auto at = firstDifference(stored.zeroPoint, expected.zeroPoint); at >= 0) {
        const auto i = static_cast<std::size_t>(at);
        return describeDifference("zero point", at, std::to_string(stored.zeroPoint[i]),
                                  std::to_string(expected.zeroPoint[i]));
    }
    if (stored.words != expected.words) {
        const std::vector<std::int32_t> left = io::decodeIntegers(stored);
        const std::vector<std::int32_t> right = io::decodeIntegers(expected);
        const std::int64_t at = firstDifference(left, right);
        if (at < 0) {
            return "padding bits are not zero";
        }
        const auto i = static_cast<std::size_t>(at);
        return describeDifference("code", at, std::to_string(left[i]), std::to_string(right[i]));
    }
    if (const auto at = firstDifference(stored.data, expected.data); at >= 0) {
        return "byte " + std::to_string(at) + " of the raw values differs from the model's";
    }
    return {};
}

at::Tensor referenceBatch(const std::vector<std::int64_t>& inputShape)
{
    constexpr std::int64_t kImages = 1;
    std::vector<std::int64_t> shape = inputShape;
    shape.front() = kImages;
    at::Tensor batch = at::empty(shape, at::kFloat);
    Rng rng(0);
    float* data = batch.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < batch.numel(); ++i) {
        data[i] = static_cast<float>(rng.normal());
    }
    return batch;
}

/// A network whose weights are replaced one at a time, when they are read, so that no second set of
/// them is ever held.
at::Tensor
runWith(const LoadedModel& model, const StoredQuantization& stored,
        const std::function<std::function<at::Tensor(const at::Tensor&)>(const graph::Parameter&)>&
            weightOf,
        const at::Tensor& batch)
{
    graph::ExecutorOptions options =
        activationQuantizers(model, stored.plan, stored.state, at::kCPU);
    for (const graph::Parameter& parameter : model.graph->parameters()) {
        if (auto transform = weightOf(parameter)) {
            options.attachments.push_back({parameter.value, {}, std::move(transform)});
        }
    }
    return graph::Executor(model.graph, std::move(options)).run(batch);
}

/// The network with the file's tensors against the network under the file's plan, both with the
/// file's activation grids.
void compareLogits(const io::PackedFileReader& reader, const LoadedModel& against,
                   const StoredQuantization& stored,
                   const std::map<std::string, WeightCoding>& codings, PackVerification& result)
{
    const c10::InferenceMode inference;
    const at::Tensor batch = referenceBatch(against.info.inputShape);
    const at::Tensor left = runWith(
        against, stored,
        [&](const graph::Parameter& parameter) {
            return [&reader, name = parameter.name](const at::Tensor&) {
                return decodeParameter(reader.readTensor(name));
            };
        },
        batch);
    const at::Tensor right = runWith(
        against, stored,
        [&](const graph::Parameter& parameter) -> std::function<at::Tensor(const at::Tensor&)> {
            const auto coding = codings.find(parameter.name);
            if (coding == codings.end()) {
                return {};
            }
            const QuantParams grid =
                coding->second.grid != nullptr ? *coding->second.grid : prunedParams();
            return [grid](const at::Tensor& weight) { return fakeQuantize(weight, grid); };
        },
        batch);
    if (!left.equal(right)) {
        result.mismatches.push_back(
            {"", "the logits of the reference batch differ by up to " +
                     std::to_string((left - right).abs().max().item<double>())});
    }
}

void fillSizes(const fs::path& path, PackSheet& sheet)
{
    const MappedFile file(path);
    sheet.fileName = path.filename().string();
    sheet.fileBytes = static_cast<std::int64_t>(file.size());
    sheet.sha256 = sha256Hex(file.bytes());
    for (const PackSheetRow& row : sheet.tensors) {
        sheet.payloadBytes += row.packedBytes + row.scaleBytes;
    }
    sheet.metadataBytes = sheet.fileBytes - sheet.payloadBytes;
}

/// Compares each tensor of the file with what the model gives under the file's plan. False when
/// cancelled.
bool compareParameters(const io::PackedFileReader& reader, const LoadedModel& against,
                       const std::map<std::string, WeightCoding>& codings, RunControl& control,
                       PackVerification& result)
{
    std::set<std::string> known;
    std::int64_t done = 0;
    for (const graph::Parameter& parameter : against.graph->parameters()) {
        if (control.shouldStop()) {
            return false;
        }
        known.insert(parameter.name);
        if (reader.find(parameter.name) == nullptr) {
            result.mismatches.push_back({parameter.name, "is missing in the file"});
            continue;
        }
        const auto coding = codings.find(parameter.name);
        const std::string difference = compareTensors(
            reader.readTensor(parameter.name),
            encodeParameter(parameter, coding == codings.end() ? nullptr : &coding->second));
        if (!difference.empty()) {
            result.mismatches.push_back({parameter.name, difference});
        }
        control.report(
            {"verifying", ++done, static_cast<std::int64_t>(reader.tensors().size()), "tensors"});
    }
    for (const io::PackedTensorHeader& header : reader.tensors()) {
        if (!known.contains(header.name)) {
            result.mismatches.push_back({header.name, "is in the file but not in the model"});
        }
    }
    return true;
}

/// Everything that can be compared with the model. False when cancelled.
bool compareWith(const LoadedModel& against, const io::PackedFileReader& reader,
                 RunControl& control, PackVerification& result)
{
    const StoredQuantization stored = readStoredQuantization(reader);
    checkPlanAgainst(stored.plan, against.info);
    if (stored.plan.modelFingerprint != against.info.fingerprint) {
        result.mismatches.push_back({"", "the file was packed from the model " +
                                             stored.plan.modelFingerprint + ", this one is " +
                                             against.info.fingerprint});
    }
    if (reader.meta().graph != graph::toJson(*against.graph)) {
        result.mismatches.push_back({"", "the network in the file differs from the model's"});
    }
    const QuantState expected = weightGrids(against, stored.plan);
    const auto codings = weightCodings(against, stored.plan, expected);
    if (!compareParameters(reader, against, codings, control, result)) {
        return false;
    }
    const bool allThere =
        std::all_of(against.graph->parameters().begin(), against.graph->parameters().end(),
                    [&](const graph::Parameter& parameter) {
                        const io::PackedTensorHeader* header = reader.find(parameter.name);
                        return header != nullptr && header->shape == parameter.tensor.sizes().vec();
                    });
    if (allThere) {
        compareLogits(reader, against, stored, codings, result);
    }
    return true;
}

} // namespace

PackVerification verifyPackedFile(const fs::path& path, const LoadedModel* against,
                                  RunControl& control)
{
    PackVerification result;
    const io::PackedFileReader reader(path);
    withContext(path.string(), [&] {
        for (const std::string& sentence : reader.wrongChecksums()) {
            result.mismatches.push_back({"", sentence});
        }
        for (const io::PackedTensorHeader& header : reader.tensors()) {
            result.sheet.tensors.push_back(sheetRow(reader.readTensor(header.name)));
            result.sheet.bytesFp32 += sourceBytes(header);
        }
    });
    fillSizes(path, result.sheet);
    if (against != nullptr && !compareWith(*against, reader, control, result)) {
        result.finished = false;
        return result;
    }
    result.sheet.ratio =
        static_cast<double>(result.sheet.bytesFp32) / static_cast<double>(result.sheet.fileBytes);
    result.sheet.verified = result.mismatches.empty();
    for (PackSheetRow& row : result.sheet.tensors) {
        row.verified = std::none_of(
            result.mismatches.begin(), result.mismatches.end(), [&](const PackMismatch& mismatch) {
                return mismatch.tensor.empty() || mismatch.tensor == row.name;
            });
    }
    return result;
}

} // namespace bitloom
