// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/method_flags.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/engine/method_catalog.h"
#include "core/types/search_result.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>

namespace bitloom::cli {

namespace {

std::string describe(const Json& result)
{
    TextTable table({"layer", "weight bits", "activation bits", "kept channels %"});
    for (const Json& layer : result.at("layers")) {
        table.addRow({layer.at("name").get<std::string>(),
                      std::to_string(layer.at("weight_bits").get<int>()),
                      std::to_string(layer.at("activation_bits").get<int>()),
                      formatFixed(layer.at("kept_percent").get<double>(), 1)});
    }
    return table.toString() + "\n" + formatFixed(result.at("top1_percent").get<double>(), 2) +
           " % top-1 at " + formatFixed(result.at("relative_bops_percent").get<double>(), 3) +
           " % of the bit operations (" +
           formatFixed(result.at("relative_bops_percent_counting_pruned_inputs").get<double>(), 3) +
           " % with pruned inputs counted)\nread back and equal bit for bit, written to " +
           result.at("packed").get<std::string>();
}

bool isFileName(const std::string& name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
}

/// One method: its own flags, and what every search takes.
class MethodSearch {
public:
    MethodSearch(const engine::MethodDescription& method, CLI::App& parent)
        : m_method(method), m_app(parent.add_subcommand(method.name, method.summary)),
          m_flags(*method.options), m_name(method.name)
    {
        m_app->footer("Source: " + method.source);
        m_model.declare(*m_app);
        m_data.declare(*m_app, true);
        m_app
            ->add_option("-o,--output", m_project,
                         "Project folder: exports/NAME.h5 is the packed outcome, "
                         "runs/NAME.run.h5 history and state; the same command continues a run "
                         "that was stopped")
            ->required();
        m_app->add_option("--name", m_name, "Of this run in the project")
            ->check(CLI::Validator(
                [](const std::string& name) {
                    return isFileName(name)
                               ? std::string()
                               : "a name has letters, digits, - and _, found '" + name + "'";
                },
                ""))
            ->capture_default_str();
        m_flags.declare(*m_app);
    }

    bool isAsked() const { return m_app->parsed(); }

    void run(Session& session)
    {
        engine::SearchJob job;
        job.method = m_method.name;
        job.model = m_model.ref();
        job.data = m_data.ref();
        job.options = m_flags.values();
        session.setProject(m_project);
        ProjectRecorder recorder(session);
        const engine::Project& project = recorder.project();
        job.output = project.exportPath(m_name + ".h5").string();
        job.runFile = project.runFilePath(m_name).string();
        recorder.saveModel(inspectModel(session, job.model), job.model, job.data);
        const Json result = session.runJob(job);
        const SearchResult found = searchResultFromJson(result.dump());
        recorder.savePoint(pointOf(found, m_name));
        recorder.saveSheet(found.sheet);
        recorder.recordRun("search", result);
        session.print(result, describe(result));
    }

private:
    const engine::MethodDescription& m_method;
    CLI::App* m_app;
    MethodFlags m_flags;
    ModelOptions m_model;
    DataOptions m_data;
    std::string m_project;
    std::string m_name;
};

class SearchCommand final : public Command {
public:
    std::string name() const override { return "search"; }
    std::string description() const override
    {
        return "Search bits by training, pack and prove the outcome";
    }
    std::string examples() const override
    {
        return "  bitloom search bayesian-bits arch:lenet5 --data mnist:DIR --preset mnist-lenet5 "
               "-o mnist.bitloom\n"
               "  bitloom search bayesian-bits arch:lenet5 --data digits:8000 --preset quick -o "
               "quick.bitloom";
    }
    void declare(CLI::App& app) override
    {
        app.require_subcommand(1);
        for (const engine::MethodDescription& method : engine::methodCatalog()) {
            m_methods.push_back(std::make_unique<MethodSearch>(method, app));
        }
    }
    void run(Session& session) override
    {
        for (const auto& method : m_methods) {
            if (method->isAsked()) {
                method->run(session);
            }
        }
    }

private:
    std::vector<std::unique_ptr<MethodSearch>> m_methods;
};

} // namespace

std::unique_ptr<Command> makeSearchCommand()
{
    return std::make_unique<SearchCommand>();
}

} // namespace bitloom::cli
