// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/base/file_lock.h"
#include "core/base/text.h"
#include "core/engine/project.h"
#include "core/engine/project_runs.h"
#include "core/io/events/run_events.h"
#include "core/types/run_paths.h"
#include "core/types/search_result.h"

#include <CLI/CLI.hpp>

#include <atomic>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace bitloom::cli {

namespace {

using State = WatchedRun::State;
constexpr std::chrono::milliseconds kPeriod{200};
/// A search that was just started opens its model and its images before it says anything.
constexpr std::chrono::seconds kEventPatience{15};

/// What is printed of a run while one watches.
class WatchPrinter {
public:
    explicit WatchPrinter(Session& session) : m_session(session) {}

    void print(const Event& event)
    {
        if (m_session.options().json) {
            std::cout << toJsonLine(event) << '\n' << std::flush;
        }
        m_session.show(event);
        const auto* row = std::get_if<SeriesRow>(&event.body);
        if (row != nullptr && row->name == "evaluation" && row->values.size() >= 2 &&
            !m_session.options().json) {
            std::cout << "step " << row->step << ": " << formatFixed(row->values[0], 2)
                      << " % top-1 at " << formatFixed(row->values[1], 3)
                      << " % of the bit operations\n"
                      << std::flush;
        }
    }

private:
    Session& m_session;
};

class WatchCommand final : public Command {
public:
    std::string name() const override { return "watch"; }
    std::string description() const override
    {
        return "Follow a search that another process runs, to its end";
    }
    std::string examples() const override
    {
        return "  bitloom watch mnist.bitloom\n"
               "  bitloom watch mnist.bitloom --run bayesian-bits --json";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("PROJECT", m_project, "The project folder (NAME.bitloom)")->required();
        app.add_option("--run", m_run, "Name of the run; default: the one that runs");
    }
    void run(Session& session) override
    {
        const engine::Project project = engine::Project::open(m_project, engine::Access::ReadOnly);
        const Interrupts::Scope scope(session.interrupts(), [this] { m_stopped = true; });
        const std::string run = chooseRun(project.folder());
        follow(session, run, runEventsPath(project.runFilePath(run)));
    }

private:
    /// Waits a moment for a run to begin where somebody may be about to.
    std::string chooseRun(const std::filesystem::path& folder) const
    {
        const auto deadline = std::chrono::steady_clock::now() + kEventPatience;
        while (true) {
            const std::vector<engine::RunOverview> runs = engine::runOverviews(folder);
            for (const engine::RunOverview& run : runs) {
                if (run.name == m_run || (m_run.empty() && run.state == State::Running)) {
                    return run.name;
                }
            }
            requireUnstopped();
            if (!FileLock::isHeld(folder / ".lock") ||
                std::chrono::steady_clock::now() >= deadline) {
                failWithout(runs);
            }
            std::this_thread::sleep_for(kPeriod);
        }
    }

    [[noreturn]] void failWithout(const std::vector<engine::RunOverview>& runs) const
    {
        if (!m_run.empty()) {
            engine::runNamed(runs, m_run, m_project); // throws: it is not there
        }
        std::vector<std::string> names;
        for (const engine::RunOverview& run : runs) {
            names.push_back(run.name + " (" + std::string(toString(run.state)) + ")");
        }
        fail(ErrorCode::NotFound, "no search runs in the project ", m_project, " now; it has ",
             runs.empty() ? "no runs" : joinForPeople(names),
             runs.empty() ? "" : ", of which --run shows one");
    }

    void follow(Session& session, const std::string& name, const std::filesystem::path& events)
    {
        WatchPrinter printer(session);
        WatchedRun run;
        io::RunEventsReader reader(events);
        std::size_t damaged = 0;
        while (true) {
            const bool wasAlive = io::isRunAlive(events); // before reading: then all of it is read
            io::RunEventsNews news;
            do {
                requireUnstopped();
                news = reader.read();
                if (news.restarted) {
                    run = WatchedRun();
                }
                for (const Event& event : news.events) {
                    run.apply(event);
                    printer.print(event);
                }
                damaged += news.damagedLines;
            } while (news.hasMore);
            if (!wasAlive && news.events.empty()) {
                break;
            }
            std::this_thread::sleep_for(kPeriod);
        }
        if (damaged > 0) {
            session.note("warning: " + countOf(damaged, "line") + " of " + events.string() +
                         " could not be read");
        }
        end(session, name, run);
    }

    void end(Session& session, const std::string& name, const WatchedRun& run) const
    {
        BITLOOM_REQUIRE(run.state != State::Unknown, ErrorCode::NotFound, "the run ", name,
                        " left no events to be shown; `bitloom runs ", m_project,
                        "` says how it stands");
        BITLOOM_REQUIRE(run.state != State::Failed, errorCodeFrom(run.failureCode), "the run ",
                        name, " failed: ", run.failure);
        BITLOOM_REQUIRE(run.state == State::Finished, ErrorCode::NotFound, "the run ", name,
                        run.state == State::Stopped ? " was stopped" : " ended without a word",
                        "; `bitloom resume ", m_project, " --run ", name, "` goes on with it");
        if (!session.options().json) {
            const SearchResult result = searchResultFromJson(run.result);
            session.print(Json(), "finished: " + formatFixed(result.top1Percent, 2) +
                                      " % top-1 at " + formatFixed(result.relativeBopsPercent, 3) +
                                      " % of the bit operations, packed in " + result.packed);
        }
    }

    void requireUnstopped() const
    {
        if (m_stopped) {
            throw Cancelled{};
        }
    }

    std::string m_project;
    std::string m_run;
    std::atomic<bool> m_stopped = false;
};

} // namespace

std::unique_ptr<Command> makeWatchCommand()
{
    return std::make_unique<WatchCommand>();
}

} // namespace bitloom::cli
