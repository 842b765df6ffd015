// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/layer_text.h"
#include "app/cli/packed_text.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/types/file_report.h"
#include "core/types/json_input.h"
#include "core/types/model_spec.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace bitloom::cli {

namespace {

std::string describeModel(const Json& result)
{
    const Json& model = result.at("model");
    TextTable table({"layer", "op", "weight", "output", "MACs", "parameters"});
    for (const Json& layer : result.at("layers")) {
        table.addRow({layer.at("name").get<std::string>(), layer.at("op").get<std::string>(),
                      formatShape(layer.at("weight_shape").get<std::vector<std::int64_t>>()),
                      formatShape(layer.at("output_shape").get<std::vector<std::int64_t>>()),
                      formatCount(layer.at("macs").get<double>()),
                      formatCount(layer.at("parameters").get<double>())});
    }
    return model.at("name").get<std::string>() + ": " + std::to_string(result.at("layers").size()) +
           " layers, " + formatCount(model.at("parameters").get<double>()) + " parameters, " +
           formatCount(model.at("macs").get<double>()) + " MACs, input " +
           formatShape(model.at("input_shape").get<std::vector<std::int64_t>>()) + "\n" +
           model.at("fingerprint").get<std::string>() + "\n\n" + table.toString();
}

/// Which plan packed weights have; empty: they are not packed.
std::string planLine(const Json& result)
{
    const auto plan = result.find("plan");
    return plan == result.end() ? std::string()
                                : "\nits plan: " + plan->at("name").get<std::string>() +
                                      " (bitloom plan create MODEL -o PLAN writes it, bitloom cost "
                                      "MODEL counts it)\n";
}

constexpr std::size_t kListedTensors = 20;

/// What the file holds of a tensor: "float32", "4 bits unsigned, a scale per channel".
std::string storageOf(const FileTensor& tensor)
{
    return tensor.storage.empty() ? tensor.dtype : tensor.storage;
}

std::string tensorTable(const FileReport& report)
{
    TextTable table({"tensor", "stored as", "shape", "bytes"});
    const std::size_t listed = std::min(kListedTensors, report.tensors.size());
    for (std::size_t i = 0; i < listed; ++i) {
        const FileTensor& tensor = report.tensors[i];
        table.addRow({tensor.name, storageOf(tensor), formatShape(tensor.shape),
                      std::to_string(tensor.bytes)});
    }
    const std::size_t others = report.tensors.size() - listed;
    return table.toString() +
           (others > 0 ? "and " + countOf(others, "tensor") + " more: --json lists all\n" : "");
}

/// What to do with weights that come without a network.
std::string advice(const FileReport& report)
{
    std::string text;
    for (const ArchitectureGuess& guess : report.guesses) {
        text += guess.name + ": " + textOf(guess.reason) + "\n";
        if (guess.fits) {
            text += "  bitloom inspect " + quoteForShell(guess.model) + "\n";
        }
    }
    if (report.guesses.empty() || !report.guesses.front().fits) {
        text += "weights only: attach a graph (save the model with torch.jit.trace or "
                "torch.jit.script)\n";
    }
    return text;
}

std::string describe(const FileReport& report)
{
    const bool isState = report.kind == DocumentKind::StateDict;
    std::string text = report.file + " is " + textOf(report.description) +
                       (isState ? ": a state dict of " : ": ") +
                       countOf(report.tensors.size(), "tensor") + ", " +
                       formatBytes(report.fileBytes) + "\n";
    for (const Phrase& note : report.notes) {
        text += "note: " + textOf(note) + "\n";
    }
    const bool hasNetwork = !isState && !report.model.empty();
    return text + (hasNetwork ? "" : advice(report)) + "\n" + tensorTable(report);
}

class InspectCommand final : public Command {
public:
    std::string name() const override { return "inspect"; }
    std::string description() const override
    {
        return "Show the layers of a model or of a project's model, one layer closely, or what a "
               "file of "
               "weights fits";
    }
    std::string examples() const override
    {
        return "  bitloom inspect arch:resnet18\n"
               "  bitloom inspect arch:resnet20_cifar@resnet20.th --json\n"
               "  bitloom inspect model.pt --input-shape 1,3,224,224\n"
               "  bitloom inspect weights.pth\n"
               "  bitloom inspect demo.bitloom\n"
               "  bitloom inspect packed.h5 --bytes\n"
               "  bitloom inspect packed.h5 --codes conv1.weight --against model.pt\n"
               "  bitloom inspect model.pt --layer conv1 --bits 2,4,8 --plan p.json --data "
               "cifar10:DIR";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        app.add_option("--layer", m_layer,
                       "Show this layer's ranges, grids and quantization errors");
        app.add_option("--bits", m_bits, "With --layer: bit widths to compare, separated by commas")
            ->delimiter(',')
            ->check(numbersFrom(0, 32))
            ->capture_default_str()
            ->needs("--layer");
        app.add_option("--bins", m_bins, "With --layer: bins of each histogram")
            ->check(numbersFrom(1, 10000))
            ->capture_default_str()
            ->needs("--layer");
        app.add_option("--plan", m_plan,
                       "With --layer: the plan it is seen under (default: that of a packed model, "
                       "else 8 bits everywhere)")
            ->needs("--layer");
        m_data.declare(app, false);
        m_calibration.declare(app);
        app.add_flag("--bytes", m_bytes, "Show where everything lies in a packed file")
            ->excludes("--layer");
        app.add_option("--codes", m_codes,
                       "Count the codes of this tensor of a packed file and show what they lost")
            ->excludes("--layer")
            ->excludes("--bytes");
        app.add_option("--against", m_against, "With --codes: the model it was packed from")
            ->needs("--codes");
    }
    void run(Session& session) override
    {
        if (m_bytes) {
            const Json map = session.runJob(engine::FileMapJob{m_model.spec});
            session.print(map, textOf(fileMapFromJson(map.dump())));
            return;
        }
        if (!m_codes.empty()) {
            inspectCodes(session);
            return;
        }
        if (!m_layer.empty()) {
            inspectLayer(session);
            return;
        }
        engine::ModelRef model = m_model.ref();
        Json container; // of a packed model
        std::string containerText;
        if (!namesArchitecture(m_model.spec)) {
            const Json report = session.runJob(engine::IdentifyJob{m_model.spec});
            const FileReport file = fileReportFromJson(report.dump());
            const bool isPacked = file.kind == DocumentKind::Packed;
            if (file.kind == DocumentKind::StateDict || (isPacked && file.model.empty())) {
                session.print(report, describe(file));
                return;
            }
            if (file.kind == DocumentKind::Project) {
                model = modelOfProject(m_model.spec);
            }
            if (isPacked) {
                container = report;
                containerText = describe(file) + "\n";
            }
        }
        ProjectRecorder recorder(session);
        Json result = session.runJob(engine::InspectJob{model});
        recorder.saveModel(modelInfoFromJson(result.dump()), model);
        const std::string text = containerText + describeModel(result) + planLine(result);
        if (!container.is_null()) {
            result["container"] = std::move(container);
        }
        session.print(result, text);
    }

private:
    static engine::ModelRef modelOfProject(const std::string& folder)
    {
        const auto source = engine::Project::open(folder, engine::Access::ReadOnly).source();
        BITLOOM_REQUIRE(source.has_value(), ErrorCode::NotFound, "the project ", folder,
                        " does not say which model it belongs to: run a command with --project on "
                        "it first");
        return source->model;
    }
    void inspectCodes(Session& session) const
    {
        engine::PackedDetailJob job;
        job.file = m_model.spec;
        job.tensor = m_codes;
        if (!m_against.empty()) {
            job.against = engine::ModelRef{m_against, m_model.inputShape};
        }
        const Json result = session.runJob(job);
        session.print(result, textOf(packedDetailFromJson(result.dump())));
    }
    void inspectLayer(Session& session) const
    {
        const ModelReport model = inspectModel(session, m_model.ref());
        engine::LayerDetailJob job;
        job.model = m_model.ref();
        job.layer = m_layer;
        job.plan = m_plan.empty() && !model.plan ? makeUniformPlan(model.info, UniformPlanOptions{})
                                                 : planFor(session, m_plan, model);
        job.bits = m_bits;
        job.bins = m_bins;
        if (m_data.given()) {
            job.data = m_data.ref();
        }
        job.calibration = m_calibration.options();
        const Json result = session.runJob(job);
        session.print(result, textOf(layerDetailFromJson(result.dump())));
    }

    ModelOptions m_model;
    std::string m_layer;
    std::vector<int> m_bits = {2, 4, 8};
    int m_bins = 100;
    std::string m_plan;
    DataOptions m_data;
    CalibrationFlags m_calibration;
    bool m_bytes = false;
    std::string m_codes;
    std::string m_against;
};

} // namespace

std::unique_ptr<Command> makeInspectCommand()
{
    return std::make_unique<InspectCommand>();
}

} // namespace bitloom::cli
