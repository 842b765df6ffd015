// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/cost/cost_model.h"
#include "core/types/json_output.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

std::string describe(const PlanCost& cost)
{
    TextTable table({"layer", "W bits", "A bits", "MACs", "BOPs", "share %", "bytes"});
    for (const LayerCost& layer : cost.layers) {
        const double share = cost.bops == 0 ? 0
                                            : 100.0 * static_cast<double>(layer.bops) /
                                                  static_cast<double>(cost.bops);
        table.addRow({layer.name, std::to_string(layer.weightBits),
                      std::to_string(layer.activationBits),
                      formatCount(static_cast<double>(layer.macs)),
                      formatCount(static_cast<double>(layer.bops)), formatFixed(share, 2),
                      std::to_string(layer.bytes())});
    }
    return table.toString() + "\n" + formatBytes(cost.bytes) + " (" + std::to_string(cost.bytes) +
           " bytes, " + std::to_string(cost.rawBytes) + " of them unquantized), " +
           formatFixed(static_cast<double>(cost.bytesFp32) / static_cast<double>(cost.bytes), 2) +
           " times smaller than " + formatBytes(cost.bytesFp32) + "\n" +
           formatCount(static_cast<double>(cost.bops)) + " BOPs, " +
           formatFixed(cost.bopsPercentOfFp32(), 3) +
           " % of floating point (MACs x weight bits x activation bits; an unquantized image "
           "counts 8 bits)\n";
}

class CostCommand final : public Command {
public:
    std::string name() const override { return "cost"; }
    std::string description() const override
    {
        return "Count the bytes and bit operations of a plan";
    }
    std::string examples() const override
    {
        return "  bitloom cost arch:resnet18 --plan w4a8.json\n"
               "  bitloom cost packed.h5";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        app.add_option("--plan", m_plan, "Bit plan (JSON); default: that of a packed model");
    }
    void run(Session& session) override
    {
        const ModelReport model = inspectModel(session, m_model.ref());
        const PlanCost cost = computeCost(model.info, planFor(session, m_plan, model));
        session.print(Json::parse(toJson(cost)), describe(cost));
    }

private:
    ModelOptions m_model;
    std::string m_plan;
};

} // namespace

std::unique_ptr<Command> makeCostCommand()
{
    return std::make_unique<CostCommand>();
}

} // namespace bitloom::cli
