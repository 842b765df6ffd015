// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/session.h"

#include "core/base/error.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <utility>

namespace bitloom::cli {

std::string quoteForShell(const std::string& word)
{
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-_./:=@,+%").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::all_of(word.begin(), word.end(), isPlain)) {
        return word;
    }
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

Session::Session(GlobalOptions options, std::vector<std::string> commandLine)
    : m_options(std::move(options)),
      m_sink(std::make_shared<ConsoleSink>(m_options.events, !m_options.quiet))
{
    // Who called the program by which path does not matter to whoever repeats it.
    commandLine.front() = "bitloom";
    for (const std::string& word : commandLine) {
        m_commandLine += (m_commandLine.empty() ? "" : " ") + quoteForShell(word);
    }
}

Session::~Session() = default;

engine::Engine& Session::engine()
{
    if (!m_engine) {
        m_engine =
            std::make_unique<engine::Engine>(engine::Engine::Options{m_options.threads}, m_sink);
    }
    return *m_engine;
}

Json Session::runJob(engine::JobSpec spec)
{
    engine::JobRequest request;
    request.spec = std::move(spec);
    request.device = m_options.device;
    request.seed = m_options.seed;
    const JobId job = engine().submit(std::move(request));
    JobEnd end;
    {
        const Interrupts::Scope scope(m_interrupts, [this, job] { engine().cancel(job); });
        end = m_sink->waitForEnd(job);
    }
    switch (end.kind) {
    case JobEnd::Kind::Finished:
        return Json::parse(end.result);
    case JobEnd::Kind::Cancelled:
        throw Cancelled{end.result.empty() ? Json() : Json::parse(end.result)};
    case JobEnd::Kind::Failed:
        break;
    }
    throw Error(errorCodeFrom(end.code), end.result);
}

void Session::setCircumstances(const std::string& device, std::uint64_t seed, int threads)
{
    BITLOOM_ASSERT(!m_engine);
    m_options.device = device;
    m_options.seed = seed;
    m_options.threads = threads;
}

void Session::show(const Event& event)
{
    m_sink->post(std::make_shared<const Event>(event));
}

void Session::showProgress(const ProgressReport& report)
{
    Event event;
    event.time =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    event.body = Progress{report.phase, report.done, report.total, report.unit, 0, std::nullopt};
    show(event);
}

void Session::print(const Json& result, const std::string& text)
{
    m_hasPrinted = true;
    if (m_options.json) {
        std::cout << result.dump(2) << '\n';
    } else {
        std::cout << text;
        if (!text.empty() && text.back() != '\n') {
            std::cout << '\n';
        }
    }
    std::cout.flush();
    BITLOOM_REQUIRE(std::cout.good(), ErrorCode::IoFailure,
                    "the result could not be written to standard output");
}

void Session::note(const std::string& line)
{
    if (!m_options.quiet) {
        m_sink->note(line);
    }
}

} // namespace bitloom::cli
