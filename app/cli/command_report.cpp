// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"

#include "core/base/atomic_file.h"
#include "core/engine/project_report.h"

#include <CLI/CLI.hpp>

#include <filesystem>

namespace bitloom::cli {

namespace {

class ReportCommand final : public Command {
public:
    std::string name() const override { return "report"; }
    std::string description() const override
    {
        return "Show a project as one HTML page with pictures";
    }
    std::string examples() const override { return "  bitloom report demo.bitloom -o report.html"; }
    void declare(CLI::App& app) override
    {
        app.add_option("PROJECT", m_project, "The project folder (NAME.bitloom)")->required();
        app.add_option("--plan", m_plan,
                       "The plan to show: its name in the project, or a file (default: the one "
                       "that was packed last, else the last by name)");
        app.add_option("--pictures", m_pictures,
                       "Folder for the pictures as SVG files of their own");
        app.add_option("-o,--output", m_output, "The page (.html)")->required();
    }
    void run(Session& session) override
    {
        const engine::Project project = engine::Project::open(m_project, engine::Access::ReadOnly);
        const BitPlan plan = std::filesystem::is_regular_file(m_plan)
                                 ? readPlan(m_plan)
                                 : engine::planForReport(project, m_plan);
        writeFileAtomically(m_output, engine::renderProjectReport(project, plan));
        Json written = Json::array({m_output});
        std::string text = "written to " + m_output;
        if (!m_pictures.empty()) {
            for (const auto& [name, picture] : engine::renderProjectPictures(project, plan)) {
                const std::string path = m_pictures + "/" + name;
                writeFileAtomically(path, picture);
                written.push_back(path);
                text += "\nwritten to " + path;
            }
        }
        session.print(Json{{"written", written}}, text);
    }

private:
    std::string m_project;
    std::string m_plan;
    std::string m_pictures;
    std::string m_output;
};

} // namespace

std::unique_ptr<Command> makeReportCommand()
{
    return std::make_unique<ReportCommand>();
}

} // namespace bitloom::cli
