// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/verification.h"

#include "core/base/checked_math.h"
#include "core/base/hash.h"
#include "core/base/heap.h"
#include "core/base/rng.h"
#include "core/graph/graph_json.h"
#include "core/graph/operator_threads.h"
#include "core/graph/parallel_tasks.h"
#include "core/graph/passes/record_shapes.h"
#include "core/io/packed_model.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/stored_rows.h"
#include "core/io/weight_source.h"
#include "core/methods/calibration.h"
#include "core/methods/quantized_executor.h"
#include "core/methods/tensor_differences.h"
#include "core/quant/uniform_quantizer.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

/// Bytes of the unpacked tensor in the type of its source.
std::int64_t sourceBytes(const io::PackedTensorHeader& header)
{
    return checkedNumel(header.shape, header.name) *
           static_cast<std::int64_t>(io::bytesOfDtype(header.dtype).value_or(0));
}

/// What no single place of a tensor stands for.
void addMismatch(PackVerification& result, const std::string& tensor, std::string what)
{
    result.differences.push_back({tensor, {}, -1, {}, what});
    ++result.differenceCount;
    result.mismatches.push_back({tensor, std::move(what)});
}

/// One item for each input of the network: normal numbers, or zeros where it takes indices.
std::vector<c10::IValue> referenceItem(const graph::Graph& network)
{
    std::vector<c10::IValue> inputs = graph::exampleInputs(network);
    Rng rng(0);
    for (c10::IValue& input : inputs) {
        const at::Tensor& example = input.toTensor();
        if (!example.is_floating_point()) {
            continue;
        }
        const at::Tensor item = at::empty(example.sizes(), at::kFloat);
        float* const data = item.mutable_data_ptr<float>();
        for (std::int64_t i = 0; i < item.numel(); ++i) {
            data[i] = static_cast<float>(rng.normal());
        }
        input = item.to(example.options());
    }
    return inputs;
}

/// A network whose weights are replaced one at a time, when they are read, so that no second set of
/// them is ever held. Undefined when cancelled.
at::Tensor
runWith(const LoadedModel& model, const StoredQuantization& stored,
        const std::function<std::function<at::Tensor(const at::Tensor&)>(const graph::Parameter&)>&
            weightOf,
        const std::vector<c10::IValue>& inputs, const std::stop_token& stop)
{
    graph::ExecutorOptions options =
        activationQuantizers(model, stored.plan, stored.state, at::kCPU);
    for (const graph::Parameter& parameter : model.graph->parameters()) {
        if (auto transform = weightOf(parameter)) {
            options.attachments.push_back({parameter.value, {}, std::move(transform)});
        }
    }
    const auto outputs = graph::Executor(model.graph, std::move(options)).run(inputs, stop);
    return outputs ? outputs->front().toTensor() : at::Tensor();
}

/// The network with the file's tensors against the network under the file's
/// plan, both with the file's activation grids: one after the other, so that
/// the weights in use and the operators' workspaces are held once. False when
/// cancelled.
bool compareLogits(const io::PackedSource& source, const LoadedModel& against,
                   const StoredQuantization& stored,
                   const std::map<std::string, WeightCoding>& codings, RunControl& control,
                   PackVerification& result)
{
    const std::vector<c10::IValue> inputs = referenceItem(*against.graph);
    const auto fromFile = [&](const graph::Parameter& parameter) {
        return [&source, name = parameter.name](const at::Tensor&) {
            return decodeParameter(source.readTensor(name));
        };
    };
    const auto fromModel =
        [&](const graph::Parameter& parameter) -> std::function<at::Tensor(const at::Tensor&)> {
        const auto coding = codings.find(parameter.name);
        if (coding == codings.end()) {
            return {};
        }
        const QuantParams grid =
            coding->second.grid != nullptr ? *coding->second.grid : prunedParams();
        return [grid](const at::Tensor& weight) { return fakeQuantize(weight, grid); };
    };
    const c10::InferenceMode inference;
    const graph::OperatorThreads single(1); // for one image, threads cost more than they save
    const std::stop_token stop = control.stopToken();
    const at::Tensor left = runWith(against, stored, fromFile, inputs, stop);
    const at::Tensor right = runWith(against, stored, fromModel, inputs, stop);
    if (!left.defined() || !right.defined()) {
        return false;
    }
    if (!left.equal(right)) {
        addMismatch(result, {},
                    "the logits of the reference batch differ by up to " +
                        std::to_string((left - right).abs().max().item<double>()));
    }
    return true;
}

/// What the model gives, with which the file is compared.
struct Expectation {
    const LoadedModel& model;
    StoredQuantization stored; ///< plan and activation grids as the file states them
    QuantState grids;          ///< of the weights
    std::map<std::string, WeightCoding> codings;
};

/// What one look at one tensor of the file found.
struct TensorFinding {
    PackSheetRow row;
    std::string sha256;
    TensorDifferences differences; ///< empty: none, or nothing to compare with
};

TensorFinding examine(const io::PackedSource& source, const std::string& name,
                      const Expectation* expected)
{
    TensorFinding finding;
    io::TensorChecksums checksums;
    const io::PackedTensor stored = source.readWithChecksums(name, checksums);
    finding.row = io::sheetRow(stored, checksums.payloadCrc);
    finding.sha256 = checksums.sha256;
    if (expected == nullptr) {
        return finding;
    }
    const graph::Parameter* parameter = expected->model.graph->findParameter(name);
    if (parameter == nullptr) {
        finding.differences = {{{name, {}, -1, {}, "is in the file but not in the model"}}, 1};
        return finding;
    }
    const auto coding = expected->codings.find(name);
    finding.differences = differencesOf(
        stored,
        encodeParameter(*parameter, coding == expected->codings.end() ? nullptr : &coding->second));
    return finding;
}

/// Reads each tensor once: checksums, sheet, comparison. The whole file's hash is made meanwhile.
/// False when cancelled.
bool examineAll(const io::PackedSource& source, const fs::path& path, const Expectation* expected,
                RunControl& control, PackVerification& result)
{
    constexpr int kThreads = 4; // each holds one tensor
    const std::vector<io::PackedTensorHeader>& headers = source.tensors();
    const auto count = static_cast<std::int64_t>(headers.size());
    std::vector<TensorFinding> findings(headers.size());
    std::atomic<std::int64_t> done{0};
    runTasks(count + 1, std::min(kThreads, at::get_num_threads()), control.stopToken(),
             [&](std::int64_t i) {
                 if (i == 0) {
                     if (!fs::is_directory(path)) {
                         result.sheet.sha256 = sha256HexOfFile(path);
                     }
                     return;
                 }
                 const auto k = static_cast<std::size_t>(i - 1);
                 findings[k] = withContext(
                     path.string(), [&] { return examine(source, headers[k].name, expected); });
                 control.report({"verifying", ++done, count, "tensors"});
             });
    if (control.shouldStop()) {
        return false;
    }
    std::map<std::string, std::string> digests;
    for (std::size_t k = 0; k < findings.size(); ++k) {
        TensorFinding& finding = findings[k];
        digests.emplace(headers[k].name, std::move(finding.sha256));
        if (finding.differences.count > 0) {
            result.mismatches.push_back({headers[k].name, finding.differences.sentence()});
            result.differenceCount += finding.differences.count;
            std::ranges::move(finding.differences.listed, std::back_inserter(result.differences));
        }
        result.sheet.bytesFp32 += sourceBytes(headers[k]);
        result.sheet.tensors.push_back(std::move(finding.row));
    }
    if (std::string wrong = source.wrongDigest(digests); !wrong.empty()) {
        addMismatch(result, {}, std::move(wrong));
    }
    return true;
}

/// The file's activation quantizers against those that were to be written.
void compareActivations(const QuantState& stored, const QuantState& expected, const BitPlan& plan,
                        PackVerification& result)
{
    for (const TensorPlan& entry : plan.tensors) {
        if (entry.activation.isFloat() || entry.activation.isPruned()) {
            continue;
        }
        const auto left = stored.activations.find(entry.name);
        const auto right = expected.activations.find(entry.name);
        const bool same = left != stored.activations.end() && right != expected.activations.end() &&
                          left->second.scale == right->second.scale &&
                          left->second.zeroPoint == right->second.zeroPoint &&
                          left->second.quantMin == right->second.quantMin &&
                          left->second.quantMax == right->second.quantMax;
        if (!same) {
            addMismatch(result, entry.name,
                        "the quantizer of this activation is not the one that was packed");
        }
    }
}

/// The plan and the network of the file against the model's.
Expectation expectation(const LoadedModel& against, const io::PackedSource& source,
                        const QuantState* grids, PackVerification& result)
{
    Expectation expected{against, readStoredQuantization(source), {}, {}};
    const BitPlan& plan = expected.stored.plan;
    checkPlanAgainst(plan, against.info);
    if (plan.modelFingerprint != against.info.fingerprint) {
        addMismatch(result, {},
                    "the file was packed from the model " + plan.modelFingerprint +
                        ", this one is " + against.info.fingerprint);
    }
    if (source.meta().graph != graph::toJson(*against.graph)) {
        addMismatch(result, {}, "the network in the file differs from the model's");
    }
    if (grids != nullptr) {
        compareActivations(expected.stored.state, *grids, plan, result);
    }
    expected.grids = grids != nullptr ? *grids : weightGrids(against, plan);
    expected.codings = weightCodings(against, plan, expected.grids);
    return expected;
}

/// Everything that takes the model's whole. False when cancelled.
bool compareNetworks(const Expectation& expected, const io::PackedSource& source,
                     RunControl& control, PackVerification& result)
{
    bool allThere = true;
    for (const graph::Parameter& parameter : expected.model.graph->parameters()) {
        const io::PackedTensorHeader* header = source.find(parameter.name);
        if (header == nullptr) {
            addMismatch(result, parameter.name, "is missing in the file");
        }
        allThere = allThere && header != nullptr && header->shape == parameter.tensor.sizes().vec();
    }
    releaseFreeMemory();
    return !allThere || compareLogits(source, expected.model, expected.stored, expected.codings,
                                      control, result);
}

} // namespace

PackVerification verifyPackedFile(const fs::path& path, const LoadedModel* against,
                                  RunControl& control, const QuantState* grids)
{
    releaseFreeMemory(); // what writing the file has left
    PackVerification result;
    const std::unique_ptr<io::PackedSource> source = io::requirePackedWeights(path);
    std::optional<Expectation> expected;
    if (against != nullptr) {
        expected.emplace(withContext(
            path.string(), [&] { return expectation(*against, *source, grids, result); }));
    }
    result.finished = examineAll(*source, path, expected ? &*expected : nullptr, control, result) &&
                      (!expected || compareNetworks(*expected, *source, control, result));
    if (!result.finished) {
        return result;
    }
    io::fillSizes(path, result.sheet);
    result.sheet.format = source->formatId();
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
