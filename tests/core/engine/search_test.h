// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/engine.h"
#include "core/engine/method_catalog.h"
#include "core/io/model_file.h"
#include "core/io/state/state_dict.h"
#include "core/types/run_history.h"
#include "tests/core/engine/all_events.h"

#include <nlohmann/json.hpp>

#include <QObject>
#include <QTemporaryDir>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bitloom::test {

/// The history as somebody sees it who only listens.
inline RunHistory heard(const std::vector<EventPtr>& events)
{
    RunHistory history;
    for (const EventPtr& event : events) {
        if (const auto* declared = std::get_if<SeriesDeclared>(&event->body)) {
            std::erase_if(history.series, [&](const HistorySeries& known) {
                return known.name == declared->name; // it begins anew
            });
            history.declare(declared->name, declared->columns);
        } else if (const auto* cut = std::get_if<HistoryCut>(&event->body)) {
            history.cutAfter(cut->step);
        } else if (const auto* row = std::get_if<SeriesRow>(&event->body)) {
            history.append(row->name, row->step, row->values);
        }
    }
    return history;
}

/// Searches through the engine's front door.
class SearchTest : public QObject {
protected:
    QTemporaryDir m_folder;
    std::shared_ptr<AllEvents> m_sink = std::make_shared<AllEvents>();
    engine::Engine m_engine{{1}, m_sink};

    engine::SearchJob
    job(const std::string& name,
        std::initializer_list<std::pair<const char*, OptionValue>> said = {}) const
    {
        engine::SearchJob job;
        job.method = "bayesian-bits";
        job.model = {"arch:lenet5", {}};
        job.data.spec = "digits:96";
        job.data.batchSize = 32;
        const OptionSchema& schema = *engine::methodNamed(job.method).options;
        OptionValues values;
        values.set("epochs", std::int64_t{2});
        values.set("train-batch-size", std::int64_t{32});
        values.set("log-every", std::int64_t{2});
        for (const auto& [option, value] : said) {
            values.set(option, value);
        }
        job.options = schema.completed(schema.preset("quick"), values);
        // A folder each: the plan in the packed file has the file's name.
        const std::filesystem::path folder =
            m_folder.filePath(QString::fromStdString(name)).toStdString();
        std::filesystem::create_directories(folder);
        job.runFile = folder / "searched.run.h5";
        job.output = folder / "searched.h5";
        return job;
    }
    std::vector<EventPtr> run(engine::JobSpec job, std::function<void(const Event&)> onEvent = {})
    {
        engine::JobRequest request;
        request.spec = std::move(job);
        m_sink->onEvent = onEvent ? std::move(onEvent) : [](const Event&) {};
        m_engine.wait(m_engine.submit(std::move(request)));
        return m_sink->take();
    }
    static bool isRow(const Event& event, const char* series, std::int64_t step)
    {
        const auto* row = std::get_if<SeriesRow>(&event.body);
        return row != nullptr && row->name == series && row->step == step;
    }
    static bool isSaid(const std::vector<EventPtr>& events, const std::string& text)
    {
        return std::ranges::any_of(events, [&](const EventPtr& event) {
            const auto* line = std::get_if<LogLine>(&event->body);
            return line != nullptr && textOf(line->text).find(text) != std::string::npos;
        });
    }
    static io::StateDict weightsOf(const LoadedModel& model)
    {
        io::StateDict state;
        for (const graph::Parameter& parameter : model.graph->parameters()) {
            state.tensors.emplace_back(parameter.name, parameter.tensor);
        }
        return state;
    }
    static std::string failureOf(const std::vector<EventPtr>& events)
    {
        const auto* failed = std::get_if<JobFailed>(&events.back()->body);
        return failed == nullptr ? "it did not fail" : failed->code + ": " + failed->message;
    }
    static nlohmann::json parsed(const std::string& result)
    {
        return nlohmann::json::parse(result.empty() ? "{}" : result);
    }
    static std::string resultOf(const std::vector<EventPtr>& events)
    {
        return test::resultOf(*events.back());
    }
};

} // namespace bitloom::test
