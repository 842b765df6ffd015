// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

class TrainCommand final : public Command {
public:
    std::string name() const override { return "train"; }
    std::string description() const override
    {
        return "Train a model in floating point with cross-entropy";
    }
    std::string examples() const override
    {
        return "  bitloom train arch:lenet5 --data digits:10000 --epochs 3 -o lenet5.pth\n"
               "  bitloom train arch:resnet20_cifar --data cifar10:DIR --epochs 100 --optimizer "
               "sgd\n"
               "      --learning-rate 0.1 --weight-decay 1e-4 --augment -o resnet20.pth";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        m_data.declareBothSplits(app);
        app.add_option("--epochs", m_job.epochs, "Passes over the training images")
            ->check(numbersFrom(1, 100000))
            ->capture_default_str();
        app.add_option("--optimizer", m_job.optimizer, "adam, or sgd with Nesterov momentum 0.9")
            ->check(CLI::IsMember({"adam", "sgd"}))
            ->capture_default_str();
        app.add_option("--learning-rate", m_job.learningRate,
                       "At the start; falls to zero along a cosine")
            ->check(CLI::PositiveNumber)
            ->capture_default_str();
        app.add_option("--weight-decay", m_job.weightDecay, "L2 penalty of the optimizer")
            ->check(CLI::NonNegativeNumber)
            ->capture_default_str();
        app.add_option("--train-batch-size", m_job.batchSize, "Images per step")
            ->check(numbersFrom(1, 65536))
            ->capture_default_str();
        app.add_flag("--augment", m_job.augment,
                     "Random crops and flips as the preprocessing says");
        app.add_option("-o,--output", m_job.output,
                       "The trained state dict (.pth or .safetensors), written after each epoch")
            ->required();
    }
    void run(Session& session) override
    {
        engine::TrainJob job = m_job;
        job.model = m_model.ref();
        job.data = m_data.ref();
        ProjectRecorder recorder(session);
        const Json result = session.runJob(job);
        recorder.saveTraining(result);
        recorder.recordRun(name(), result);
        TextTable table({"epoch", "loss", "train top-1 %", "test top-1 %", "seconds"});
        for (const Json& epoch : result.at("epochs")) {
            const Json& test = epoch.at("test_top1_percent");
            table.addRow({std::to_string(epoch.at("epoch").get<int>()),
                          formatFixed(epoch.at("loss").get<double>(), 4),
                          formatFixed(epoch.at("train_top1_percent").get<double>(), 2),
                          test.is_null() ? "-" : formatFixed(test.get<double>(), 2),
                          formatFixed(epoch.at("seconds").get<double>(), 1)});
        }
        session.print(result, table.toString() + "\nwritten to " + job.output);
    }

private:
    ModelOptions m_model;
    DataOptions m_data;
    engine::TrainJob m_job;
};

} // namespace

std::unique_ptr<Command> makeTrainCommand()
{
    return std::make_unique<TrainCommand>();
}

} // namespace bitloom::cli
