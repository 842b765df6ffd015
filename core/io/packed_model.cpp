// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed_model.h"

#include "core/base/error.h"
#include "core/graph/graph_json.h"
#include "core/graph/parallel_tasks.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_tensor_codec.h"

#include <ATen/Parallel.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

io::PackedActivation packedActivation(const TensorPlan& entry, const QuantState& state)
{
    io::PackedActivation packed;
    packed.name = entry.name;
    packed.bits = entry.activation.bits;
    packed.isSigned = entry.activation.scheme == QScheme::Symmetric;
    if (entry.activation.isPruned()) {
        return packed;
    }
    const auto grid = state.activations.find(entry.name);
    BITLOOM_REQUIRE(grid != state.activations.end(), ErrorCode::InvalidArgument, "activation ",
                    entry.name,
                    " has integer bits in the plan but no range: calibrate it with images first");
    packed.perChannel = grid->second.axis >= 0;
    packed.scale = grid->second.scale;
    packed.zeroPoint = grid->second.zeroPoint;
    if (const auto range = state.activationRanges.find(entry.name);
        range != state.activationRanges.end()) {
        packed.low = range->second.low;
        packed.high = range->second.high;
    }
    return packed;
}

Json parseMeta(const std::string& text, const char* what)
{
    try {
        return Json::parse(text);
    } catch (const Json::exception& error) {
        fail(ErrorCode::CorruptFile, "/meta/", what, " is not JSON: ", error.what());
    }
}

BitPlan planOf(const io::PackedFileReader& reader)
{
    const Json config = parseMeta(reader.meta().config, "config");
    BITLOOM_REQUIRE(config.is_object() && config.contains("plan"), ErrorCode::CorruptFile,
                    "/meta/config holds no bit plan");
    return bitPlanFromJson(config.at("plan").dump());
}

/// Lets tasks that run side by side do one part of their work in the order of their numbers.
class Turns {
public:
    /// Waits until number's turn has come. False: a task before it gave up.
    bool await(std::int64_t number)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_next == number || m_isOver; });
        return !m_isOver;
    }
    void pass()
    {
        {
            const std::lock_guard lock(m_mutex);
            ++m_next;
        }
        m_changed.notify_all();
    }
    void giveUp()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isOver = true;
        }
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::int64_t m_next = 0;
    bool m_isOver = false;
};

/// One tensor is encoded while the one before it is written. False when cancelled.
bool writeParameters(io::PackedFileWriter& writer, const graph::Graph& graph,
                     const std::map<std::string, WeightCoding>& codings, RunControl& control)
{
    constexpr int kThreads = 2; // more would hold more tensors and wait for the writer
    const std::vector<graph::Parameter>& parameters = graph.parameters();
    const auto count = static_cast<std::int64_t>(parameters.size());
    Turns turns;
    const auto encodeAndWrite = [&](std::int64_t i) {
        const graph::Parameter& parameter = parameters[static_cast<std::size_t>(i)];
        const auto coding = codings.find(parameter.name);
        const io::PackedTensor tensor =
            encodeParameter(parameter, coding == codings.end() ? nullptr : &coding->second);
        if (!turns.await(i)) {
            return;
        }
        if (control.shouldStop()) {
            turns.giveUp();
            return;
        }
        writer.add(tensor);
        control.report({"packing", i + 1, count, "tensors"});
        turns.pass();
    };
    runTasks(count, std::min(kThreads, at::get_num_threads()), {}, [&](std::int64_t i) {
        try {
            encodeAndWrite(i);
        } catch (...) {
            turns.giveUp();
            throw;
        }
    });
    return !control.stopRequested();
}

} // namespace

bool writePackedModel(const fs::path& path, const LoadedModel& model, const BitPlan& plan,
                      const QuantState& state, const PackInfo& info, RunControl& control)
{
    checkPlanAgainst(plan, model.info);
    Json config = info.config.empty() ? Json::object() : Json::parse(info.config);
    config["plan"] = Json::parse(toJson(plan));
    io::PackedMeta meta;
    meta.model = model.info.name;
    meta.config = config.dump();
    meta.graph = graph::toJson(*model.graph);
    meta.provenance = info.provenance.empty() ? "{}" : info.provenance;
    const auto codings = weightCodings(model, plan, state);
    io::PackedFileWriter writer(path, std::move(meta));
    if (!writeParameters(writer, *model.graph, codings, control)) {
        return false;
    }
    for (const TensorPlan& entry : plan.tensors) {
        if (!entry.activation.isFloat()) {
            writer.add(packedActivation(entry, state));
        }
    }
    writer.finish();
    return true;
}

StoredQuantization readStoredQuantization(const io::PackedFileReader& reader)
{
    StoredQuantization stored;
    stored.plan = planOf(reader);
    for (const io::PackedActivation& activation : reader.activations()) {
        if (activation.bits > 0) {
            QuantParams grid = gridOfCodes(activation.scale, activation.zeroPoint, activation.bits,
                                           activation.isSigned, activation.perChannel ? 1 : -1);
            const TensorPlan* entry = stored.plan.findTensor(activation.name);
            grid.quantMin += entry != nullptr && entry->activation.narrow ? 1 : 0;
            stored.state.activations[activation.name] = std::move(grid);
            stored.state.activationRanges[activation.name] = {activation.low, activation.high};
        }
    }
    return stored;
}

PackedModel readPackedModel(const fs::path& path)
{
    const io::PackedFileReader reader(path);
    return withContext(path.string(), [&] {
        std::map<std::string, at::Tensor> tensors;
        std::map<std::string, QuantParams> grids;
        for (const io::PackedTensorHeader& header : reader.tensors()) {
            const io::PackedTensor tensor = reader.readTensor(header.name);
            tensors.emplace(header.name, decodeParameter(tensor));
            if (tensor.kind == io::PackedKind::Int && tensor.bits > 0) {
                grids.emplace(header.name, gridOf(tensor));
            }
        }
        const graph::TensorSource source = [&](const std::string& name) {
            const auto found = tensors.find(name);
            BITLOOM_REQUIRE(found != tensors.end(), ErrorCode::CorruptFile,
                            "the graph reads the tensor ", name, ", which the file does not hold");
            return found->second;
        };
        PackedModel model{
            graph::graphFromJson(reader.meta().graph, source), {}, reader.meta().provenance};
        model.quantization = readStoredQuantization(reader);
        QuantState& state = model.quantization.state;
        for (const graph::LayerSite& layer : graph::findLayers(model.graph)) {
            if (layer.weight) {
                const auto grid = grids.find(model.graph.parameter(*layer.weight).name);
                if (grid != grids.end()) {
                    QuantParams& weights = state.weights[layer.name] = grid->second;
                    const LayerPlan* entry = model.quantization.plan.findLayer(layer.name);
                    weights.quantMin += entry != nullptr && entry->weight.narrow ? 1 : 0;
                }
            }
        }
        return model;
    });
}

std::vector<std::pair<std::string, at::Tensor>> unpackedState(const fs::path& path)
{
    const io::PackedFileReader reader(path);
    return withContext(path.string(), [&] {
        std::vector<std::pair<std::string, at::Tensor>> state;
        for (const io::PackedTensorHeader& header : reader.tensors()) {
            state.emplace_back(header.name, decodeParameter(reader.readTensor(header.name)));
        }
        return state;
    });
}

} // namespace bitloom
