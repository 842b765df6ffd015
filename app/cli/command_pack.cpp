// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/types/json_input.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

class PackCommand final : public Command {
public:
    std::string name() const override { return "pack"; }
    std::string description() const override
    {
        return "Write a model under a plan as one packed file, read it back and prove it";
    }
    std::string examples() const override
    {
        return "  bitloom pack arch:resnet20_cifar@resnet20.th --plan w4a8.json --data cifar10:DIR "
               "-o resnet20.h5";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        app.add_option("--plan", m_plan, "Bit plan (JSON)")->required();
        m_data.declare(app, false);
        m_calibration.declare(app);
        app.add_option("-o,--output", m_output, "The packed file (.h5)")->required();
    }
    void run(Session& session) override
    {
        engine::PackJob job;
        job.model = m_model.ref();
        job.plan = readPlanFor(session, m_plan, inspectModel(session, job.model));
        job.output = m_output;
        job.calibration = m_calibration.options();
        if (m_data.given()) {
            job.data = m_data.ref();
        }
        ProjectRecorder recorder(session);
        const Json sheet = session.runJob(job);
        recorder.savePlan(job.plan);
        recorder.saveSheet(packSheetFromJson(sheet.dump()));
        recorder.savePacked(job.output, job.plan);
        if (recorder.active()) {
            recorder.saveHistograms(session.runJob(engine::HistogramJob{job.model, job.plan, 80}));
        }
        recorder.recordRun(name(), sheet);
        session.print(
            sheet, formatBytes(sheet.at("file_bytes").get<std::int64_t>()) + ", " +
                       formatFixed(sheet.at("ratio").get<double>(), 2) + " times smaller: " +
                       std::to_string(sheet.at("payload_bytes").get<std::int64_t>()) +
                       " bytes payload + " +
                       std::to_string(sheet.at("metadata_bytes").get<std::int64_t>()) +
                       " bytes metadata\nread back and equal bit for bit, written to " + m_output);
    }

private:
    ModelOptions m_model;
    DataOptions m_data;
    CalibrationFlags m_calibration;
    std::string m_plan;
    std::string m_output;
};

class UnpackCommand final : public Command {
public:
    std::string name() const override { return "unpack"; }
    std::string description() const override
    {
        return "Turn a packed file into a state dict that PyTorch loads";
    }
    std::string examples() const override { return "  bitloom unpack resnet20.h5 -o resnet20.pth"; }
    void declare(CLI::App& app) override
    {
        app.add_option("FILE", m_file, "The packed file (.h5)")->required();
        app.add_option("-o,--output", m_output, "The state dict (.pth)")->required();
    }
    void run(Session& session) override
    {
        const Json result = session.runJob(engine::UnpackJob{m_file, m_output});
        session.print(result, countOf(result.at("tensors").get<std::size_t>(), "tensor") +
                                  " written to " + m_output);
    }

private:
    std::string m_file;
    std::string m_output;
};

class VerifyCommand final : public Command {
public:
    std::string name() const override { return "verify"; }
    std::string description() const override
    {
        return "Check a packed file's checksums and, against its model, each code and the logits";
    }
    std::string examples() const override
    {
        return "  bitloom verify resnet20.h5\n"
               "  bitloom verify resnet20.h5 --against arch:resnet20_cifar@resnet20.th";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("FILE", m_file, "The packed file (.h5)")->required();
        app.add_option("--against", m_against, "The model it was packed from");
    }
    void run(Session& session) override
    {
        engine::VerifyJob job;
        job.file = m_file;
        if (!m_against.empty()) {
            job.against = engine::ModelRef{m_against, {}};
        }
        const Json result = session.runJob(job);
        const Json& mismatches = result.at("mismatches");
        std::string text;
        for (const Json& mismatch : mismatches) {
            text += mismatch.at("tensor").get<std::string>() + ": " +
                    mismatch.at("what").get<std::string>() + "\n";
        }
        const bool verified = result.at("verified").get<bool>();
        session.print(result, text + (verified ? "verified: " : "NOT verified: ") +
                                  countOf(result.at("tensors").get<std::size_t>(), "tensor") +
                                  " checked");
        BITLOOM_REQUIRE(verified, ErrorCode::VerifyFailed, m_file, " differs in ",
                        countOf(mismatches.size(), "place"));
    }

private:
    std::string m_file;
    std::string m_against;
};

} // namespace

std::unique_ptr<Command> makePackCommand()
{
    return std::make_unique<PackCommand>();
}

std::unique_ptr<Command> makeUnpackCommand()
{
    return std::make_unique<UnpackCommand>();
}

std::unique_ptr<Command> makeVerifyCommand()
{
    return std::make_unique<VerifyCommand>();
}

} // namespace bitloom::cli
