// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/verification.h"

#include "core/base/hash.h"
#include "core/base/mapped_file.h"
#include "core/base/rng.h"
#include "core/io/packed_file.h"
#include "core/io/packed_model.h"
#include "core/io/packed_tensor_codec.h"
#include "core/methods/calibration.h"
#include "core/methods/quantized_executor.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
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
    constexpr std::int64_t kImages = 4;
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

/// The packed file as a model of its own against the given model under the file's plan and
/// activation grids.
void compareLogits(const LoadedModel& packed, const LoadedModel& against,
                   const QuantState& expected, PackVerification& result)
{
    const c10::InferenceMode inference;
    const at::Tensor batch = referenceBatch(packed.info.inputShape);
    QuantState state = packed.stored->state;
    state.weights = expected.weights;
    const at::Tensor left = makeStoredExecutor(packed, at::kCPU).run(batch);
    const at::Tensor right =
        makeQuantizedExecutor(against, packed.stored->plan, state, at::kCPU).run(batch);
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
                       const BitPlan& plan, const QuantState& expected, RunControl& control,
                       PackVerification& result)
{
    const auto codings = weightCodings(against, plan, expected);
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

} // namespace

PackVerification verifyPackedFile(const fs::path& path, const LoadedModel& packed,
                                  const LoadedModel* against, RunControl& control)
{
    PackVerification result;
    const io::PackedFileReader reader(path);
    withContext(path.string(), [&] {
        for (const std::string& sentence : reader.wrongChecksums()) {
            result.mismatches.push_back({"", sentence});
        }
        for (const io::PackedTensorHeader& header : reader.tensors()) {
            result.sheet.tensors.push_back(sheetRow(reader.readTensor(header.name)));
        }
    });
    fillSizes(path, result.sheet);
    result.sheet.bytesFp32 = packed.info.storedBytes;
    if (against != nullptr) {
        const BitPlan& plan = packed.stored->plan;
        checkPlanAgainst(plan, against->info);
        const QuantState expected = weightGrids(*against, plan);
        if (plan.modelFingerprint != against->info.fingerprint) {
            result.mismatches.push_back({"", "the file was packed from the model " +
                                                 plan.modelFingerprint + ", this one is " +
                                                 against->info.fingerprint});
        }
        if (!compareParameters(reader, *against, plan, expected, control, result)) {
            result.finished = false;
            return result;
        }
        compareLogits(packed, *against, expected, result);
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
