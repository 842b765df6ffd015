// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"
#include "core/engine/method_catalog.h"
#include "core/methods/bayesian_bits/run_warnings.h"
#include "core/types/run_history.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <mutex>

using namespace bitloom;
using namespace bitloom::engine;
using bayesian_bits::RunWarning;

namespace {

class AllEvents : public EventSink {
public:
    void post(EventPtr event) override
    {
        const std::lock_guard lock(m_mutex);
        m_events.push_back(std::move(event));
    }
    std::vector<EventPtr> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_events, {});
    }

private:
    std::mutex m_mutex;
    std::vector<EventPtr> m_events;
};

/// The history as somebody sees it who only listens.
RunHistory heard(const std::vector<EventPtr>& events)
{
    RunHistory history;
    for (const EventPtr& event : events) {
        if (const auto* declared = std::get_if<SeriesDeclared>(&event->body)) {
            history.declare(declared->name, declared->columns);
        } else if (const auto* row = std::get_if<SeriesRow>(&event->body)) {
            history.append(row->name, row->step, row->values);
        }
    }
    return history;
}

} // namespace

/// Searches through the engine's front door.
class TestSearchJob : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<AllEvents> m_sink = std::make_shared<AllEvents>();
    Engine m_engine{{1}, m_sink};

    SearchJob job(const std::string& name,
                  std::initializer_list<std::pair<const char*, OptionValue>> said = {}) const
    {
        SearchJob job;
        job.method = "bayesian-bits";
        job.model = {"arch:lenet5", {}};
        job.data.spec = "digits:96";
        job.data.batchSize = 32;
        const OptionSchema& schema = *methodNamed(job.method).options;
        OptionValues values;
        values.set("epochs", std::int64_t{2});
        values.set("train-batch-size", std::int64_t{32});
        values.set("log-every", std::int64_t{2});
        for (const auto& [option, value] : said) {
            values.set(option, value);
        }
        job.options = schema.completed(schema.preset("quick"), values);
        job.runFile = m_folder.filePath(QString::fromStdString(name + ".run.h5")).toStdString();
        job.output = m_folder.filePath(QString::fromStdString(name + ".h5")).toStdString();
        return job;
    }
    std::vector<EventPtr> run(SearchJob job)
    {
        JobRequest request;
        request.spec = std::move(job);
        m_engine.wait(m_engine.submit(std::move(request)));
        return m_sink->take();
    }
    static std::string resultOf(const std::vector<EventPtr>& events)
    {
        if (const auto* failed = std::get_if<JobFailed>(&events.back()->body)) {
            qWarning("%s", failed->message.c_str());
        }
        const auto* finished = std::get_if<JobFinished>(&events.back()->body);
        return finished == nullptr ? std::string() : finished->result;
    }

private Q_SLOTS:
    void theHistoryIsSaidAndComplete()
    {
        const std::vector<EventPtr> events = run(job("history"));
        QVERIFY(!resultOf(events).empty());
        const RunHistory history = heard(events);
        using Steps = std::vector<std::int64_t>;
        const auto stepsOf = [&](const char* name) {
            const HistorySeries* series = history.find(name);
            return series == nullptr ? Steps() : series->steps;
        };
        // 96 images in batches of 32: three steps an epoch, every second is recorded.
        QCOMPARE(stepsOf("losses"), (Steps{2, 4, 6}));
        QCOMPARE(stepsOf("learning_rates"), (Steps{2, 4, 6}));
        QCOMPARE(stepsOf("gate_probabilities"), (Steps{0, 2, 4, 6}));
        QCOMPARE(stepsOf("ranges"), (Steps{0, 2, 4, 6}));
        QCOMPARE(stepsOf("evaluation"), (Steps{3, 6}));
        QCOMPARE(stepsOf("channel_probabilities"), (Steps{3, 6}));
        QCOMPARE(stepsOf("tensor_ranges"), (Steps{3, 6}));
        // LeNet-5 prunes 32, 64 and 512 channels; 4 weights and 3 activations have a quantizer.
        QCOMPARE(history.find("channel_probabilities")->columns.size(), std::size_t{608});
        QCOMPARE(history.find("tensor_ranges")->columns.size(), std::size_t{21});
    }

    void withoutPruningThereAreNoChannels()
    {
        const RunHistory history =
            heard(run(job("whole", {{"include-pruning", false}, {"epochs", std::int64_t{1}}})));
        QCOMPARE(history.find("evaluation")->rows(), std::size_t{1});
        QVERIFY(history.find("channel_probabilities") == nullptr);
    }

    void warningsAreSaidWhenTheyArise()
    {
        // Gates that fall fast: channels and bits go within a few steps.
        const std::vector<EventPtr> events =
            run(job("warned", {{"learning-rate-q", 2.0}, {"lambda", 10.0}}));
        const RunHistory history = heard(events);
        std::vector<std::string> expected;
        for (const RunWarning& warning : bayesian_bits::runWarnings(history)) {
            expected.push_back("step " + std::to_string(warning.step) + ": " + warning.sentence);
        }
        std::vector<std::string> said;
        bool hasWarned = false;
        std::int64_t step = 0; // of the newest row
        for (const EventPtr& event : events) {
            if (const auto* row = std::get_if<SeriesRow>(&event->body)) {
                step = row->step;
            }
            const auto* line = std::get_if<LogLine>(&event->body);
            if (line == nullptr || !line->text.starts_with("step ")) {
                continue;
            }
            said.push_back(line->text);
            QVERIFY(std::stoll(line->text.substr(5)) <= step);
            const bool isAbsorbed = line->text.find("from here on") != std::string::npos;
            QCOMPARE(line->level == LogLine::Level::Info, isAbsorbed);
            hasWarned = hasWarned || !isAbsorbed;
        }
        QCOMPARE(said, expected);
        QVERIFY(hasWarned);
    }
};

QTEST_GUILESS_MAIN(TestSearchJob)
#include "tst_search_job.moc"
