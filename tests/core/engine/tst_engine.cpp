// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/base/sanitizers.h"
#include "core/engine/engine.h"
#include "core/types/json_input.h"

#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace bitloom;
using namespace bitloom::engine;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

/// Generous: a loaded machine must not fail the tests. The measured time is printed.
constexpr auto kReaction = 5s;
constexpr auto kPatience = 60s;

/// Keeps every event and lets a test wait for what it needs to see.
class Recorder : public EventSink {
public:
    void post(EventPtr event) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(std::move(event));
        }
        m_changed.notify_all();
    }
    std::vector<EventPtr> of(JobId job) const
    {
        const std::lock_guard lock(m_mutex);
        std::vector<EventPtr> events;
        for (const EventPtr& event : m_events) {
            if (event->job == job) {
                events.push_back(event);
            }
        }
        return events;
    }
    template <typename Body>
    std::size_t count(JobId job) const
    {
        std::size_t number = 0;
        for (const EventPtr& event : of(job)) {
            number += std::holds_alternative<Body>(event->body) ? 1U : 0U;
        }
        return number;
    }
    /// False after a time in which it should long have happened.
    template <typename Body>
    bool waitFor(JobId job)
    {
        const auto deadline = Clock::now() + kPatience;
        while (count<Body>(job) == 0) {
            std::unique_lock lock(m_mutex);
            if (m_changed.wait_until(lock, std::min(deadline, Clock::now() + 50ms)) ==
                    std::cv_status::timeout &&
                Clock::now() >= deadline) {
                return false;
            }
        }
        return true;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<EventPtr> m_events;
};

#ifdef __linux__
/// Keeps how much each thread of the program stands back when a job has finished.
class PriorityRecorder final : public EventSink {
public:
    void post(EventPtr event) override
    {
        if (std::holds_alternative<JobFinished>(event->body)) {
            for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
                const auto id = static_cast<id_t>(std::stoi(task.path().filename().string()));
                niceness.push_back(getpriority(PRIO_PROCESS, id));
            }
            poster = getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)));
        }
    }
    std::vector<int> niceness;
    int poster = -1;
};
#endif

bool isLast(const Event& event)
{
    return std::holds_alternative<JobFinished>(event.body) ||
           std::holds_alternative<JobFailed>(event.body) ||
           std::holds_alternative<JobCancelled>(event.body);
}

/// JobStarted first, exactly one last event, and nothing after it; empty when that is so.
std::string orderFault(const std::vector<EventPtr>& events)
{
    if (events.empty()) {
        return "no events";
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (std::holds_alternative<JobStarted>(events[i]->body) != (i == 0)) {
            return "JobStarted is not the first event alone";
        }
        if (isLast(*events[i]) != (i + 1 == events.size())) {
            return "event " + std::to_string(i) + " of " + std::to_string(events.size()) +
                   ": the last event is not the last";
        }
        if (i > 0 && events[i]->time < events[i - 1]->time) {
            return "time runs backwards";
        }
    }
    return {};
}

JobRequest request(JobSpec spec, std::string slot = {})
{
    JobRequest request;
    request.spec = std::move(spec);
    request.slot = std::move(slot);
    return request;
}

const ModelRef kModel{"arch:lenet5", {}};

DataRef digits(int count, std::int64_t batchSize = 16)
{
    DataRef data;
    data.spec = "digits:" + std::to_string(count);
    data.batchSize = batchSize;
    return data;
}

} // namespace

class TestEngine : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Recorder> m_sink;

    std::string file(const std::string& name) const
    {
        return m_folder.path().toStdString() + "/" + name;
    }
    /// A job that takes minutes unless it is stopped.
    TrainJob longJob() const
    {
        TrainJob job;
        job.model = kModel;
        job.data = digits(128);
        job.batchSize = 16;
        job.epochs = 10000;
        job.output = file("long.pth");
        return job;
    }
    SensitivityJob sweep(const std::string& output) const
    {
        SensitivityJob job;
        job.model = kModel;
        job.data = digits(2000);
        job.bits = {2, 3, 4, 5, 6, 7, 8};
        job.calibration.images = 16;
        job.output = output;
        return job;
    }

private Q_SLOTS:
    void init() { m_sink = std::make_shared<Recorder>(); }

    void jobsStandBackWhereTheyShould()
    {
        if (kThreadSanitizer) {
            QSKIP("under the thread sanitizer OpenMP has no threads");
        }
#if defined(__linux__)
        const int ours = getpriority(PRIO_PROCESS, 0);
        const int theirs = std::min(ours + 7, 19); // the tests may be stood back themselves
        const auto sink = std::make_shared<PriorityRecorder>();
        Engine engine({.threads = 2, .niceness = theirs}, sink);
        engine.wait(engine.submit(request(EvalJob{kModel, digits(64), std::nullopt, {}})));
        QCOMPARE(sink->poster, theirs);
        // The thread of the job and those of OpenMP that it started; this one is as it was.
        QVERIFY(std::count(sink->niceness.begin(), sink->niceness.end(), theirs) >= 2);
        QCOMPARE(getpriority(PRIO_PROCESS, 0), ours);
        QVERIFY_EXCEPTION_THROWN(Engine({.threads = 1, .niceness = 20}, sink), Error);
        QVERIFY_EXCEPTION_THROWN(Engine({.threads = 1, .niceness = -1}, sink), Error);
#else
        QSKIP("threads have no niceness of their own here");
#endif
    }

    void eventsComeInOrder()
    {
        Engine engine({2}, m_sink);
        const JobId inspect = engine.submit(request(InspectJob{kModel}));
        const JobId eval = engine.submit(request(EvalJob{kModel, digits(64), std::nullopt, {}}));
        QVERIFY(eval > inspect);
        engine.wait(eval);
        engine.wait(inspect);
        for (const JobId job : {inspect, eval}) {
            const auto events = m_sink->of(job);
            QVERIFY2(orderFault(events).empty(), orderFault(events).c_str());
            QVERIFY(std::holds_alternative<JobFinished>(events.back()->body));
        }
        QVERIFY(m_sink->count<Progress>(eval) > 0);
        QCOMPARE(m_sink->count<Metric>(eval), std::size_t{1});
        const auto started = std::get<JobStarted>(m_sink->of(eval).front()->body);
        QCOMPARE(started.kind, std::string("eval"));
        QCOMPARE(started.device, std::string("cpu"));
        // One job at a time on a device: the second starts after the first has ended.
        QVERIFY(m_sink->of(inspect).back()->time <= m_sink->of(eval).front()->time);
        const auto finished = std::get<JobFinished>(m_sink->of(inspect).back()->body);
        QCOMPARE(modelInfoFromJson(finished.result).name, std::string("lenet5"));
        engine.wait(12345); // a job that never was has ended
        engine.cancel(12345);
    }

    void aFailingJobSaysWhy()
    {
        Engine engine({2}, m_sink);
        const JobId bad = engine.submit(request(InspectJob{{"arch:lenet6", {}}}));
        const JobId good = engine.submit(request(InspectJob{kModel}));
        engine.wait(good);
        const auto events = m_sink->of(bad);
        QVERIFY2(orderFault(events).empty(), orderFault(events).c_str());
        const auto failed = std::get<JobFailed>(events.back()->body);
        QCOMPARE(failed.code, std::string("not_found"));
        QVERIFY(failed.message.find("lenet5") != std::string::npos);
        QCOMPARE(m_sink->count<JobFinished>(good), std::size_t{1});
    }

    void anUnknownDeviceIsRefusedAtOnce()
    {
        Engine engine({2}, m_sink);
        JobRequest job = request(InspectJob{kModel});
        job.device = "cuda:99";
        BITLOOM_EXPECT_ERROR(engine.submit(job), ErrorCode::InvalidArgument, "cuda:99");
        job.device = "abacus";
        BITLOOM_EXPECT_ERROR(engine.submit(job), ErrorCode::InvalidArgument, "abacus");
    }

    /// An engine that may meet CUDA later prepares for it; jobs on the CPU run there all the same.
    void jobsRunAfterThePreparationForCuda()
    {
        Engine engine({.threads = 2, .devicesMayChange = true}, m_sink);
        JobRequest job = request(InspectJob{kModel});
        job.device = "cuda:99";
        BITLOOM_EXPECT_ERROR(engine.submit(job), ErrorCode::InvalidArgument, "cuda:99");
        const JobId good = engine.submit(request(InspectJob{kModel}));
        engine.wait(good);
        QCOMPARE(m_sink->count<JobFinished>(good), std::size_t{1});
    }

    void cancelOfARunningJob_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"train", "eval", "sensitivity"}) {
            QTest::newRow(kind) << kind;
        }
    }

    void cancelOfARunningJob()
    {
        QFETCH(QString, kind);
        Engine engine({2}, m_sink);
        JobSpec spec = longJob();
        if (kind == "eval") {
            spec = EvalJob{kModel, digits(100000, 4), std::nullopt, {}};
        } else if (kind == "sensitivity") {
            spec = sweep(file("cancelled.json"));
        }
        const JobId job = engine.submit(request(spec));
        QVERIFY(m_sink->waitFor<Progress>(job));
        const auto start = Clock::now();
        engine.cancel(job);
        engine.wait(job);
        const auto took = Clock::now() - start;
        qInfo("%s stopped after %lld ms", qPrintable(kind),
              static_cast<long long>(
                  std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
        QVERIFY(took < kReaction);
        const auto events = m_sink->of(job);
        QVERIFY2(orderFault(events).empty(), orderFault(events).c_str());
        QVERIFY(std::holds_alternative<JobCancelled>(events.back()->body));
        for (const auto& entry : std::filesystem::directory_iterator(file(""))) {
            QVERIFY2(entry.path().string().find(".partial") == std::string::npos,
                     entry.path().c_str());
        }
    }

    void aQueuedJobNeverStarts()
    {
        Engine engine({2}, m_sink);
        const JobId running = engine.submit(request(longJob()));
        const JobId queued = engine.submit(request(InspectJob{kModel}));
        QVERIFY(m_sink->waitFor<Progress>(running));
        engine.cancel(queued);
        engine.cancel(running);
        engine.wait(queued);
        const auto events = m_sink->of(queued);
        QCOMPARE(events.size(), std::size_t{1});
        QVERIFY(std::holds_alternative<JobCancelled>(events.front()->body));
    }

    void pauseHoldsAndResumeGoesOn()
    {
        Engine engine({2}, m_sink);
        const JobId job = engine.submit(request(longJob()));
        QVERIFY(m_sink->waitFor<Progress>(job));
        engine.pause(job);
        // The step in progress ends; after that there is silence.
        std::size_t before = 0;
        std::size_t after = m_sink->count<Progress>(job);
        const auto deadline = Clock::now() + kPatience;
        do {
            before = after;
            std::this_thread::sleep_for(500ms);
            after = m_sink->count<Progress>(job);
        } while (after != before && Clock::now() < deadline);
        QCOMPARE(after, before);
        engine.resume(job);
        QTRY_VERIFY_WITH_TIMEOUT(m_sink->count<Progress>(job) > after, 30'000);
        engine.pause(job);
        engine.cancel(job); // a stop ends the pause
        engine.wait(job);
        QCOMPARE(m_sink->count<JobCancelled>(job), std::size_t{1});
    }

    void aPreviewDoesNotWaitForALongJob()
    {
        Engine engine({2}, m_sink);
        const JobId running = engine.submit(request(longJob()));
        QVERIFY(m_sink->waitFor<Progress>(running));
        const JobId preview = engine.submit(request(InspectJob{kModel}, "preview"));
        engine.wait(preview);
        QCOMPARE(m_sink->count<JobFinished>(preview), std::size_t{1});
        QCOMPARE(m_sink->count<JobFinished>(running), std::size_t{0});
        engine.cancel(running);
        engine.wait(running);
    }

    void aNewerJobOfTheSlotSupersedes()
    {
        Engine engine({2}, m_sink);
        const JobId other = engine.submit(request(longJob(), "other"));
        const JobId older = engine.submit(request(InspectJob{kModel}, "preview"));
        const JobId newer = engine.submit(request(InspectJob{kModel}, "preview"));
        QVERIFY(m_sink->waitFor<Progress>(other));
        const JobId newest = engine.submit(request(InspectJob{kModel}, "other"));
        engine.wait(newest);
        // Queued or running: nothing more is heard of a superseded job but its cancellation.
        QCOMPARE(m_sink->of(older).size(), std::size_t{1});
        QVERIFY(std::holds_alternative<JobCancelled>(m_sink->of(older).back()->body));
        const auto events = m_sink->of(other);
        QVERIFY2(orderFault(events).empty(), orderFault(events).c_str());
        const auto& last = std::get<JobCancelled>(events.back()->body);
        QVERIFY(last.result.empty());
        QCOMPARE(m_sink->count<JobFinished>(newer), std::size_t{1});
        QCOMPARE(m_sink->count<JobFinished>(newest), std::size_t{1});
    }

    void theDestructorStopsEverything()
    {
        JobId running = 0;
        JobId queued = 0;
        {
            Engine engine({2}, m_sink);
            running = engine.submit(request(longJob()));
            queued = engine.submit(request(longJob()));
            QVERIFY(m_sink->waitFor<Progress>(running));
            engine.pause(running);
        }
        QCOMPARE(m_sink->count<JobCancelled>(running), std::size_t{1});
        QCOMPARE(m_sink->of(queued).size(), std::size_t{1});
        QCOMPARE(m_sink->count<JobCancelled>(queued), std::size_t{1});
    }

    void severalEnginesSideBySide()
    {
        const auto otherSink = std::make_shared<Recorder>();
        Engine first({1}, m_sink);
        Engine second({1}, otherSink);
        const EvalJob job{kModel, digits(128), std::nullopt, {}};
        const JobId left = first.submit(request(job));
        const JobId right = second.submit(request(job));
        first.wait(left);
        second.wait(right);
        const auto resultOf = [](const Recorder& sink, JobId id) {
            const std::string json = std::get<JobFinished>(sink.of(id).back()->body).result;
            return json.substr(0, json.find("\"seconds\""));
        };
        QCOMPARE(resultOf(*m_sink, left), resultOf(*otherSink, right));
    }

    void aStoppedSweepContinuesToTheSameTable()
    {
        SensitivityJob job = sweep(file("whole.json"));
        job.data = digits(128);
        Engine engine({2}, m_sink);
        engine.wait(engine.submit(request(job)));
        const std::string whole = test::readFile(job.output);

        job.output = file("parts.json");
        const std::string progress = job.output + ".progress";
        const JobId stopped = engine.submit(request(job));
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(progress), 30'000);
        engine.cancel(stopped);
        engine.wait(stopped);
        QCOMPARE(m_sink->count<JobCancelled>(stopped), std::size_t{1});
        QVERIFY(std::filesystem::exists(progress));
        QVERIFY(!std::filesystem::exists(job.output));

        const JobId continued = engine.submit(request(job));
        engine.wait(continued);
        QCOMPARE(test::readFile(job.output), whole);
        QVERIFY(!std::filesystem::exists(progress));
        // The finished table is not measured again.
        const JobId cached = engine.submit(request(job));
        engine.wait(cached);
        QCOMPARE(m_sink->count<Progress>(cached), std::size_t{0});
        QCOMPARE(m_sink->count<JobFinished>(cached), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
