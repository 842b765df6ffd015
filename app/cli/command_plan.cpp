// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/plan_edit_flags.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/types/json_output.h"
#include "core/types/plan_edit.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

std::string describe(const BitPlan& plan)
{
    TextTable layers({"layer", "weight bits", "scheme", "granularity", "observer"});
    for (const LayerPlan& layer : plan.layers) {
        layers.addRow({layer.name, layer.hasWeight ? formatBits(layer.weight.bits) : "-",
                       std::string(toString(layer.weight.scheme)),
                       std::string(toString(layer.weight.granularity)),
                       std::string(toString(layer.weight.observer))});
    }
    TextTable tensors({"activation", "bits", "scheme", "observer"});
    for (const TensorPlan& tensor : plan.tensors) {
        tensors.addRow({tensor.name, formatBits(tensor.activation.bits),
                        std::string(toString(tensor.activation.scheme)),
                        std::string(toString(tensor.activation.observer))});
    }
    return (plan.name.empty() ? "plan" : plan.name) + " for " + plan.modelName + " " +
           plan.modelFingerprint + "\n\n" + layers.toString() + "\n" + tensors.toString();
}

void savePlan(Session& session, const BitPlan& plan, const std::string& path,
              const std::string& text)
{
    const std::string json = toJson(plan);
    writeFileAtomically(path, json);
    session.print(Json::parse(json), text + "written to " + path);
}

class PlanCreate {
public:
    void declare(CLI::App& app)
    {
        m_model.declare(app);
        auto* weights = app.add_option("--weight-bits", m_weightBits,
                                       "0..16 or 32; without widths: the plan of a packed model");
        auto* activations = app.add_option("--activation-bits", m_activationBits, "0..16 or 32");
        app.add_option("--from", m_from,
                       "Take over the entries of this plan (JSON), made for other weights of the "
                       "same layers")
            ->excludes(weights);
        weights->needs(activations);
        activations->needs(weights);
        app.add_option("--boundary-bits", m_boundaryBits,
                       "Both widths of the first and the last layer")
            ->needs(weights);
        m_quantizer.declare(app);
        for (const char* ofUniform :
             {"--weight-scheme", "--weight-granularity", "--weight-observer", "--activation-scheme",
              "--activation-observer", "--quantize-input"}) {
            app.get_option(ofUniform)->needs(weights);
        }
        app.add_option("--name", m_name,
                       "Name of the plan (default: w4a8, or w4a8b8 with boundary bits; that of a "
                       "packed model)");
        app.add_option("-o,--output", m_output, "The plan (JSON)")->required();
    }
    void run(Session& session)
    {
        const ModelReport model = inspectModel(session, m_model.ref());
        BitPlan plan = m_weightBits     ? uniformPlan(model.info)
                       : m_from.empty() ? ownPlan(model)
                                        : takenOver(session, model.info);
        if (!m_name.empty()) {
            plan.name = m_name;
        }
        ProjectRecorder(session).savePlan(plan);
        savePlan(session, plan, m_output, describe(plan) + "\n");
    }

private:
    BitPlan uniformPlan(const ModelInfo& model) const
    {
        UniformPlanOptions options = m_quantizer.options();
        options.weightBits = m_weightBits.value();
        options.activationBits = m_activationBits.value();
        options.boundaryBits = m_boundaryBits;
        BitPlan plan = makeUniformPlan(model, options);
        plan.name = "w" + std::to_string(options.weightBits) + "a" +
                    std::to_string(options.activationBits) +
                    (m_boundaryBits ? "b" + std::to_string(*m_boundaryBits) : "");
        return plan;
    }
    BitPlan takenOver(Session& session, const ModelInfo& model) const
    {
        BitPlan plan = readPlanFor(session, m_from, model);
        plan.modelName = model.name;
        plan.modelFingerprint = model.fingerprint;
        return plan;
    }
    static BitPlan ownPlan(const ModelReport& model)
    {
        if (!model.plan) {
            throw CLI::RequiredError("--weight-bits and --activation-bits (" + model.info.name +
                                     " is not packed)");
        }
        return *model.plan;
    }

    ModelOptions m_model;
    QuantizerFlags m_quantizer;
    std::optional<int> m_weightBits;
    std::optional<int> m_activationBits;
    std::optional<int> m_boundaryBits;
    std::string m_from;
    std::string m_name;
    std::string m_output;
};

class PlanSet {
public:
    void declare(CLI::App& app)
    {
        app.add_option("PLAN", m_plan, "The plan to change (JSON)")->required();
        app.add_option("GLOB", m_globs, "Layers by name: conv1, 'layer2.*', '*'; several at will")
            ->required();
        auto* exact = app.add_flag(
            "--exact", m_exact, "The names are those of layers, letter by letter, and no patterns");
        app.add_flag("--tensors", m_tensors,
                     "The names are those of activation tensors, letter by letter")
            ->excludes(exact);
        declarePlanEdit(app, m_edit);
        app.add_option("-o,--output", m_output,
                       "Where to write the changed plan (default: PLAN itself)");
    }
    void run(Session& session)
    {
        if (!m_edit.changesWeights() && !m_edit.changesActivations()) {
            throw CLI::RequiredError("something to change, such as --weight-bits N,");
        }
        BitPlan plan = readPlan(m_plan);
        const PlanEditResult edited = m_tensors ? editTensors(plan, m_globs, m_edit)
                                      : m_exact ? editLayers(plan, m_globs, m_edit)
                                                : editPlan(plan, m_globs, m_edit);
        std::string text = countOf(edited.layers.size(), "layer") + " matched, " +
                           countOf(edited.tensors.size(), "activation") + " changed\n";
        for (const std::string& layer : edited.otherReaders) {
            text += "layer " + layer + " reads a changed activation too\n";
        }
        savePlan(session, plan, m_output.empty() ? m_plan : m_output, text);
    }

private:
    std::string m_plan;
    std::vector<std::string> m_globs;
    bool m_exact = false;
    bool m_tensors = false;
    PlanEdit m_edit;
    std::string m_output;
};

class PlanShow {
public:
    void declare(CLI::App& app) { app.add_option("PLAN", m_plan, "Bit plan (JSON)")->required(); }
    void run(Session& session)
    {
        const BitPlan plan = readPlan(m_plan);
        session.print(Json::parse(toJson(plan)), describe(plan));
    }

private:
    std::string m_plan;
};

class PlanDiff {
public:
    void declare(CLI::App& app)
    {
        app.add_option("PLAN", m_left, "Bit plan (JSON)")->required();
        app.add_option("OTHER", m_right, "Bit plan (JSON)")->required();
    }
    void run(Session& session)
    {
        const std::vector<PlanDifference> differences =
            diffPlans(readPlan(m_left), readPlan(m_right));
        TextTable table({"what", "field", m_left, m_right});
        for (const PlanDifference& difference : differences) {
            table.addRow({difference.subject, difference.field, difference.left, difference.right});
        }
        session.print(Json::parse(toJson(differences)),
                      differences.empty() ? "no differences" : table.toString());
    }

private:
    std::string m_left;
    std::string m_right;
};

class PlanCommand final : public Command {
public:
    std::string name() const override { return "plan"; }
    std::string description() const override
    {
        return "Create, change, show and compare bit plans";
    }
    std::string examples() const override
    {
        return "  bitloom plan create arch:resnet18 --weight-bits 4 --activation-bits 8 "
               "--boundary-bits 8 -o p.json\n"
               "  bitloom plan create packed.h5 -o p.json\n"
               "  bitloom plan create arch:resnet18@tuned.pth --from p.json -o tuned.json\n"
               "  bitloom plan set p.json 'layer4.*' fc --weight-bits 3\n"
               "  bitloom plan set p.json fc --weight-granularity per_tensor --weight-range "
               "-0.5:0.5\n"
               "  bitloom plan diff p.json q.json";
    }
    void declare(CLI::App& app) override
    {
        app.require_subcommand(1);
        m_createApp = app.add_subcommand("create", "A plan with the same bits everywhere");
        m_create.declare(*m_createApp);
        m_setApp =
            app.add_subcommand("set", "Change the entries of the layers that match a pattern");
        m_set.declare(*m_setApp);
        m_showApp = app.add_subcommand("show", "Print a plan");
        m_show.declare(*m_showApp);
        m_diffApp = app.add_subcommand("diff", "List what differs between two plans");
        m_diff.declare(*m_diffApp);
    }
    void run(Session& session) override
    {
        if (m_createApp->parsed()) {
            m_create.run(session);
        } else if (m_setApp->parsed()) {
            m_set.run(session);
        } else if (m_showApp->parsed()) {
            m_show.run(session);
        } else {
            m_diff.run(session);
        }
    }

private:
    PlanCreate m_create;
    PlanSet m_set;
    PlanShow m_show;
    PlanDiff m_diff;
    CLI::App* m_createApp = nullptr;
    CLI::App* m_setApp = nullptr;
    CLI::App* m_showApp = nullptr;
    CLI::App* m_diffApp = nullptr;
};

} // namespace

std::unique_ptr<Command> makePlanCommand()
{
    return std::make_unique<PlanCommand>();
}

} // namespace bitloom::cli
