// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/allocation_flags.h"
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/atomic_file.h"
#include "core/base/run_control.h"
#include "core/cost/allocation.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

class AllocateCommand final : public Command {
public:
    std::string name() const override { return "allocate"; }
    std::string description() const override
    {
        return "Choose the bits of each layer for a budget, exactly";
    }
    std::string examples() const override
    {
        return "  bitloom allocate MODEL --sensitivity sens.json --max-bytes 150000 "
               "--boundary-bits 8 -o plan.json\n"
               "  bitloom allocate MODEL --sensitivity sens.json --max-bops-percent 2 -o "
               "plan.json\n"
               "  bitloom allocate MODEL --sensitivity sens.json --base p.json --lock conv1 "
               "--max-bytes 90000 -o q.json";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        auto* bytes =
            app.add_option("--max-bytes", m_maxBytes, "Budget: stored bytes as cost reports them")
                ->check(CLI::PositiveNumber);
        auto* bops = app.add_option("--max-bops-percent", m_maxBopsPercent,
                                    "Budget: bit operations, percent of float")
                         ->check(CLI::PositiveNumber);
        bytes->excludes(bops);
        m_flags.declare(app);
        app.add_option("--name", m_name, "Name of the plan");
        app.add_option("-o,--output", m_output, "The plan (JSON)")->required();
    }
    void run(Session& session) override
    {
        if (!m_maxBytes && !m_maxBopsPercent) {
            throw CLI::RequiredError("a budget, --max-bytes N or --max-bops-percent X,");
        }
        ProjectRecorder recorder(session);
        const ModelInfo model = inspectModel(session, m_model.ref()).info;
        AllocationOptions options;
        options.budget = m_maxBytes ? BudgetKind::Bytes : BudgetKind::Bops;
        const BitPlan base = m_flags.basePlan(session, model, options);
        const std::int64_t budget =
            m_maxBytes ? *m_maxBytes : bopsBudgetFromPercent(model, *m_maxBopsPercent);
        RunControl control;
        const Interrupts::Scope scope(session.interrupts(), [&] { control.requestStop(); });
        AllocationResult result = allocate(model, m_flags.table(), base, options, budget, control);
        result.plan.name = m_name.empty() ? "allocated" : m_name;
        writeFileAtomically(m_output, toJson(result.plan));
        recorder.saveModel(model, m_model.ref());
        recorder.savePlan(result.plan);
        recorder.recordRun(name(), Json::parse(toJson(result)));
        session.print(Json::parse(toJson(result)), describe(result) + "written to " + m_output);
    }

private:
    static std::string describe(const AllocationResult& result)
    {
        TextTable table({"layer", "W bits", "A bits", "bytes"});
        for (const LayerCost& layer : result.cost.layers) {
            table.addRow({layer.name, std::to_string(layer.weightBits),
                          std::to_string(layer.activationBits), std::to_string(layer.bytes())});
        }
        std::ostringstream loss;
        loss.precision(6);
        loss << "predicted loss " << result.predictedLoss;
        if (result.optimal) {
            loss << ", proven optimal";
        } else {
            loss << ", at most " << result.gap() << " above the optimum";
        }
        return table.toString() + "\n" + formatBytes(result.cost.bytes) + ", " +
               formatFixed(result.cost.bopsPercentOfFp32(), 3) + " % BOPs, " + loss.str() + "\n";
    }

    ModelOptions m_model;
    AllocationFlags m_flags;
    std::optional<std::int64_t> m_maxBytes;
    std::optional<double> m_maxBopsPercent;
    std::string m_name;
    std::string m_output;
};

} // namespace

std::unique_ptr<Command> makeAllocateCommand()
{
    return std::make_unique<AllocateCommand>();
}

} // namespace bitloom::cli
