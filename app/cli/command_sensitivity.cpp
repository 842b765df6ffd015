// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

std::string describeTable(const Json& table)
{
    std::vector<std::string> header{"KL (nats)"};
    for (const Json& bits : table.at("bits")) {
        header.push_back(std::to_string(bits.get<int>()) + " bit");
    }
    TextTable text(header);
    std::string subject;
    std::vector<std::string> row;
    const auto flush = [&] {
        if (!row.empty()) {
            row.resize(header.size(), "-");
            text.addRow(row);
        }
    };
    for (const Json& entry : table.at("entries")) {
        const std::string target =
            entry.at("target").get<std::string>() + " " + entry.at("name").get<std::string>();
        if (target != subject) {
            flush();
            subject = target;
            row = {target};
        }
        std::ostringstream value;
        value.precision(3);
        value << entry.at("kl").get<double>();
        row.push_back(value.str());
    }
    flush();
    return text.toString();
}

class SensitivityCommand final : public Command {
public:
    std::string name() const override { return "sensitivity"; }
    std::string description() const override
    {
        return "Measure what each layer loses at each bit width, one layer at a time";
    }
    std::string examples() const override
    {
        return "  bitloom sensitivity arch:resnet20_cifar@resnet20.th --data cifar10:DIR --limit "
               "256 -o sens.json\n"
               "  bitloom sensitivity model.pt --data images:DIR --bits 4,8 --weights-only -o "
               "sens.json";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        m_data.declare(app, true);
        app.add_option("--bits", m_bits, "Bit widths to measure, separated by commas")
            ->delimiter(',')
            ->check(numbersFrom(1, 16))
            ->capture_default_str();
        app.add_flag("--weights-only", m_weightsOnly, "Leave the activations out");
        app.add_flag("--activations-only", m_activationsOnly, "Leave the weights out")
            ->excludes("--weights-only");
        m_quantizer.declare(app);
        m_calibration.declare(app);
        app.add_option("-o,--output", m_output,
                       "The table (JSON); an interrupted sweep continues from OUTPUT.progress")
            ->required();
    }
    void run(Session& session) override
    {
        engine::SensitivityJob job;
        job.model = m_model.ref();
        job.data = m_data.ref();
        job.bits = m_bits;
        job.weights = !m_activationsOnly;
        job.activations = !m_weightsOnly;
        job.spec = m_quantizer.options();
        job.calibration = m_calibration.options();
        job.output = m_output;
        ProjectRecorder recorder(session);
        const Json table = session.runJob(job);
        if (recorder.active()) {
            recorder.saveModel(inspectModel(session, job.model).info, job.model, job.data);
            recorder.saveSensitivity(sensitivityTableFromJson(table.dump()));
            recorder.recordRun(name(), Json{{"written", m_output}});
        }
        session.print(table, describeTable(table) + "\nwritten to " + m_output);
    }

private:
    ModelOptions m_model;
    DataOptions m_data;
    std::vector<int> m_bits = {2, 3, 4, 5, 6, 8};
    bool m_weightsOnly = false;
    bool m_activationsOnly = false;
    QuantizerFlags m_quantizer;
    CalibrationFlags m_calibration;
    std::string m_output;
};

} // namespace

std::unique_ptr<Command> makeSensitivityCommand()
{
    return std::make_unique<SensitivityCommand>();
}

} // namespace bitloom::cli
