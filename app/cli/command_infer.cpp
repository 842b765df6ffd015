// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

class InferCommand final : public Command {
public:
    std::string name() const override { return "infer"; }
    std::string description() const override
    {
        return "Run a raw float32 tensor through a model, for comparison";
    }
    std::string examples() const override
    {
        return "  bitloom infer arch:resnet18@resnet18.pth --input x.npy -o y.npy\n"
               "  bitloom infer packed.h5 --input x.npy -o y.npy\n"
               "  bitloom infer model.pt --input x.npy --plan w4a8.json --data images:DIR -o y.npy";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        app.add_option("--input", m_input, "Input tensor (.npy, float32), any batch size")
            ->required();
        app.add_option("--plan", m_plan, "Bit plan (JSON); default: that of a packed model");
        m_data.declare(app, false);
        m_calibration.declare(app);
        app.add_option("-o,--output", m_output, "Output tensor (.npy)")->required();
    }
    void run(Session& session) override
    {
        engine::InferJob job;
        job.model = m_model.ref();
        job.input = m_input;
        job.output = m_output;
        job.calibration = m_calibration.options();
        if (m_data.given()) {
            job.data = m_data.ref();
        }
        if (!m_plan.empty()) {
            job.plan = readPlanFor(session, m_plan, inspectModel(session, job.model).info);
        }
        const Json result = session.runJob(job);
        session.print(
            result,
            formatShape(result.at("input_shape").get<std::vector<std::int64_t>>()) + " to " +
                formatShape(result.at("output_shape").get<std::vector<std::int64_t>>()) + " in " +
                formatFixed(result.at("seconds").get<double>(), 3) + " s, written to " + m_output);
    }

private:
    ModelOptions m_model;
    DataOptions m_data;
    CalibrationFlags m_calibration;
    std::string m_input;
    std::string m_plan;
    std::string m_output;
};

} // namespace

std::unique_ptr<Command> makeInferCommand()
{
    return std::make_unique<InferCommand>();
}

} // namespace bitloom::cli
