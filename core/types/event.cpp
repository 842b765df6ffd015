// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/event.h"

#include "core/types/detail/phrase_json.h"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace bitloom {

using json::Cursor;
using json::Json;

namespace {

constexpr std::array<std::pair<LogLine::Level, std::string_view>, 4> kLevels{
    {{LogLine::Level::Debug, "debug"},
     {LogLine::Level::Info, "info"},
     {LogLine::Level::Warning, "warning"},
     {LogLine::Level::Error, "error"}}};

Json resultToJson(const std::string& result)
{
    return result.empty() ? Json(nullptr) : json::parse(result, "result");
}

std::string resultFromJson(const Cursor& value)
{
    return value.raw().is_null() ? std::string() : json::dumpLine(value.raw());
}

/// Writes each kind of body into the line's object.
struct Writer {
    Json& line;

    void operator()(const JobStarted& body) const
    {
        line["event"] = "job_started";
        line["kind"] = body.kind;
        line["description"] = body.description;
        line["device"] = body.device;
    }
    void operator()(const Progress& body) const
    {
        line["event"] = "progress";
        line["phase"] = body.phase;
        line["done"] = body.done;
        line["total"] = body.total;
        line["unit"] = body.unit;
        line["rate_per_second"] = json::finite(body.ratePerSecond, "rate_per_second");
        if (body.etaSeconds) {
            line["eta_seconds"] = json::finite(*body.etaSeconds, "eta_seconds");
        }
    }
    void operator()(const Metric& body) const
    {
        line["event"] = "metric";
        line["name"] = body.name;
        // A diverged loss is worth reporting: JSON has no NaN or infinity, so it becomes null.
        line["value"] = std::isfinite(body.value) ? Json(body.value) : Json(nullptr);
        line["step"] = body.step;
    }
    void operator()(const SeriesDeclared& body) const
    {
        line["event"] = "series_declared";
        line["name"] = body.name;
        line["columns"] = body.columns;
    }
    void operator()(const SeriesRow& body) const
    {
        line["event"] = "series_row";
        line["name"] = body.name;
        line["step"] = body.step;
        Json values = Json::array();
        for (const float value : body.values) {
            values.push_back(std::isfinite(value) ? Json(value) : Json(nullptr));
        }
        line["values"] = std::move(values);
    }
    void operator()(const HistoryCut& body) const
    {
        line["event"] = "history_cut";
        line["step"] = body.step;
    }
    void operator()(const JobPaused& body) const
    {
        line["event"] = "job_paused";
        if (!body.reason.empty()) {
            line["reason"] = body.reason;
        }
    }
    void operator()(const JobResumed&) const { line["event"] = "job_resumed"; }
    void operator()(const LogLine& body) const
    {
        line["event"] = "log";
        for (const auto& [level, name] : kLevels) {
            if (level == body.level) {
                line["level"] = name;
            }
        }
        Json phrases = Json::object();
        json::put(line, phrases, "text", body.text);
        if (!phrases.empty()) {
            line["phrases"] = std::move(phrases);
        }
    }
    void operator()(const PartialResult& body) const
    {
        line["event"] = "partial_result";
        line["result"] = resultToJson(body.result);
    }
    void operator()(const JobFinished& body) const
    {
        line["event"] = "job_finished";
        line["result"] = resultToJson(body.result);
    }
    void operator()(const JobFailed& body) const
    {
        line["event"] = "job_failed";
        line["code"] = body.code;
        line["message"] = body.message;
    }
    void operator()(const JobCancelled& body) const
    {
        line["event"] = "job_cancelled";
        line["result"] = resultToJson(body.result);
    }
};

LogLine::Level readLevel(const Cursor& value)
{
    for (const auto& [level, name] : kLevels) {
        if (value.text() == name) {
            return level;
        }
    }
    value.fail(ErrorCode::CorruptFile, "found \"", value.text(),
               "\", allowed are debug, info, warning and error");
}

Progress readProgress(const Cursor& line)
{
    Progress body;
    body.phase = line.at("phase").text();
    body.done = line.at("done").integer();
    body.total = line.at("total").integer();
    body.unit = line.at("unit").text();
    body.ratePerSecond = line.at("rate_per_second").number();
    if (const auto eta = line.find("eta_seconds")) {
        body.etaSeconds = eta->number();
    }
    return body;
}

SeriesRow readSeriesRow(const Cursor& line)
{
    SeriesRow body{line.at("name").text(), line.at("step").integer(), {}};
    const Cursor values = line.at("values");
    for (std::size_t i = 0; i < values.size(); ++i) {
        body.values.push_back(static_cast<float>(
            json::numberOrNull(values.at(i)).value_or(std::numeric_limits<double>::quiet_NaN())));
    }
    return body;
}

decltype(Event::body) readBody(const Cursor& line)
{
    const std::string kind = line.at("event").text();
    if (kind == "job_started") {
        return JobStarted{line.at("kind").text(), line.at("description").text(),
                          line.at("device").text()};
    }
    if (kind == "progress") {
        return readProgress(line);
    }
    if (kind == "metric") {
        const Cursor value = line.at("value");
        return Metric{line.at("name").text(),
                      value.raw().is_null() ? std::numeric_limits<double>::quiet_NaN()
                                            : value.number(),
                      line.at("step").integer()};
    }
    if (kind == "series_declared") {
        return SeriesDeclared{line.at("name").text(), json::texts(line.at("columns"))};
    }
    if (kind == "series_row") {
        return readSeriesRow(line);
    }
    if (kind == "history_cut") {
        return HistoryCut{line.at("step").integer()};
    }
    if (kind == "job_paused") {
        const auto reason = line.find("reason");
        return JobPaused{reason ? reason->text() : std::string()};
    }
    if (kind == "job_resumed") {
        return JobResumed{};
    }
    if (kind == "log") {
        return LogLine{readLevel(line.at("level")), json::phraseUnder(line, "text")};
    }
    if (kind == "partial_result") {
        return PartialResult{resultFromJson(line.at("result"))};
    }
    if (kind == "job_finished") {
        return JobFinished{resultFromJson(line.at("result"))};
    }
    if (kind == "job_failed") {
        return JobFailed{line.at("code").text(), line.at("message").text()};
    }
    if (kind == "job_cancelled") {
        return JobCancelled{resultFromJson(line.at("result"))};
    }
    line.at("event").fail(ErrorCode::CorruptFile, "the event \"", kind, "\" is not known");
}

} // namespace

std::string toJsonLine(const Event& event)
{
    Json line;
    line["job"] = event.job;
    line["time"] = json::finite(event.time, "time");
    std::visit(Writer{line}, event.body);
    // Text may come from another library: bytes that are not UTF-8 are replaced rather than losing
    // the event.
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Event eventFromJsonLine(const std::string& text)
{
    const Json parsed = json::parse(text, "event");
    return withContext("event", [&] {
        const Cursor line(parsed);
        Event event;
        event.job = line.at("job").unsignedInteger();
        event.time = line.at("time").number();
        event.body = readBody(line);
        return event;
    });
}

} // namespace bitloom
