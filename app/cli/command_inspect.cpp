// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

std::string describe(const Json& result)
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

class InspectCommand final : public Command {
public:
    std::string name() const override { return "inspect"; }
    std::string description() const override
    {
        return "Show a model's layers, parameters and multiply-accumulates";
    }
    std::string examples() const override
    {
        return "  bitloom inspect arch:resnet18\n"
               "  bitloom inspect arch:resnet20_cifar@resnet20.th --json\n"
               "  bitloom inspect model.pt --input-shape 1,3,224,224";
    }
    void declare(CLI::App& app) override { m_model.declare(app); }
    void run(Session& session) override
    {
        const Json result = session.runJob(engine::InspectJob{m_model.ref()});
        session.print(result, describe(result));
    }

private:
    ModelOptions m_model;
};

} // namespace

std::unique_ptr<Command> makeInspectCommand()
{
    return std::make_unique<InspectCommand>();
}

} // namespace bitloom::cli
