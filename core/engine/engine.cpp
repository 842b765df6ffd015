// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"

#include "core/base/error.h"
#include "core/engine/device.h"
#include "core/engine/model_store.h"
#include "core/engine/running_job.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace bitloom::engine {

namespace {

using JobPtr = std::shared_ptr<RunningJob>;

/// Of the calling thread. Linux keeps a niceness per thread, and a new thread inherits that of the
/// one that starts it: so do the workers of OpenMP and the loaders.
void standBack([[maybe_unused]] int niceness)
{
#ifdef __linux__
    if (niceness > 0) { // always permitted; only the way back is not
        setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), niceness);
    }
#endif
}

/// One thread and its queue.
class Worker {
public:
    Worker(ModelStore& models, int niceness, std::shared_future<void> ready,
           std::function<void(JobId)> ended)
        : m_models(models), m_ready(std::move(ready)), m_ended(std::move(ended)),
          m_thread([this, niceness] {
              standBack(niceness);
              loop();
          })
    {
    }

    ~Worker()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closing = true;
        }
        m_changed.notify_all();
        m_thread.join();
    }

    void push(JobPtr job)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_queue.push_back(std::move(job));
        }
        m_changed.notify_all();
    }

private:
    void loop()
    {
        m_ready.wait();
        while (true) {
            JobPtr job;
            {
                std::unique_lock lock(m_mutex);
                m_changed.wait(lock, [this] { return m_closing || !m_queue.empty(); });
                if (m_queue.empty()) {
                    return;
                }
                job = std::move(m_queue.front());
                m_queue.pop_front();
            }
            job->run(m_models);
            m_ended(job->id());
        }
    }

    ModelStore& m_models;
    std::shared_future<void> m_ready; ///< no job runs before
    std::function<void(JobId)> m_ended;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<JobPtr> m_queue;
    bool m_closing = false;
    std::thread m_thread; ///< last: it uses the others
};

} // namespace

struct Engine::Impl {
    std::shared_ptr<EventSink> sink;
    std::shared_future<void> ready; ///< devices can be used
    ModelStore models;
    int niceness = 0;
    std::mutex mutex;
    std::condition_variable jobEnded;
    JobId lastId = 0;
    std::map<JobId, JobPtr> jobs;                           ///< queued and running
    std::map<std::string, std::unique_ptr<Worker>> workers; ///< by lane

    JobPtr find(JobId id)
    {
        const std::lock_guard lock(mutex);
        const auto found = jobs.find(id);
        return found == jobs.end() ? nullptr : found->second;
    }

    void forget(JobId id)
    {
        {
            const std::lock_guard lock(mutex);
            jobs.erase(id);
        }
        jobEnded.notify_all();
    }

    /// A preview follows the user's hand, so it does not queue behind a long job; nor does work
    /// that passes over files and uses no device.
    static std::string laneOf(const JobRequest& request)
    {
        if (request.slot.empty() && std::holds_alternative<ConvertJob>(request.spec)) {
            return "files";
        }
        return request.slot.empty() ? request.device : request.device + " previews";
    }

    Worker& workerFor(const JobRequest& request)
    {
        std::unique_ptr<Worker>& worker = workers[laneOf(request)];
        if (!worker) {
            worker = std::make_unique<Worker>(models, niceness, ready,
                                              [this](JobId ended) { forget(ended); });
        }
        return *worker;
    }
};

Engine::Engine(const Options& options, std::shared_ptr<EventSink> sink)
    : m_impl(std::make_unique<Impl>())
{
    BITLOOM_REQUIRE(options.niceness >= 0 && options.niceness <= 19, ErrorCode::InvalidArgument,
                    "found the niceness ", options.niceness, ", allowed are 0..19");
    m_impl->sink = std::move(sink);
    m_impl->niceness = options.niceness;
    m_impl->ready = options.devicesMayChange
                        ? std::async(std::launch::async, prepareForCuda).share()
                        : std::async(std::launch::deferred, [] {}).share();
    setThreadCount(options.threads);
}

Engine::~Engine()
{
    {
        const std::lock_guard lock(m_impl->mutex);
        for (const auto& [id, job] : m_impl->jobs) {
            job->control().requestStop();
        }
    }
    m_impl->workers.clear(); // joins: each job still posts its last event
}

JobId Engine::submit(JobRequest request)
{
    if (request.device != "cpu") {
        m_impl->ready.wait(); // whoever loads CUDA must be the first to ask for it
    }
    request.device = canonicalDevice(request.device);
    const std::lock_guard lock(m_impl->mutex);
    if (!request.slot.empty()) {
        for (const auto& [otherId, other] : m_impl->jobs) {
            if (other->request().slot == request.slot) {
                other->supersede();
            }
        }
    }
    const JobId id = ++m_impl->lastId;
    auto job = std::make_shared<RunningJob>(id, std::move(request), m_impl->sink);
    m_impl->jobs.emplace(id, job);
    m_impl->workerFor(job->request()).push(job);
    return id;
}

void Engine::cancel(JobId id)
{
    if (const JobPtr job = m_impl->find(id)) {
        job->control().requestStop();
    }
}

void Engine::pause(JobId id)
{
    if (const JobPtr job = m_impl->find(id)) {
        job->control().pause();
    }
}

void Engine::resume(JobId id)
{
    if (const JobPtr job = m_impl->find(id)) {
        job->control().resume();
    }
}

void Engine::steer(JobId id, SearchOrders orders)
{
    if (const JobPtr job = m_impl->find(id)) {
        job->steer(std::move(orders));
    }
}

void Engine::wait(JobId id)
{
    std::unique_lock lock(m_impl->mutex);
    m_impl->jobEnded.wait(lock, [this, id] { return !m_impl->jobs.contains(id); });
}

std::string kindOf(const JobSpec& spec)
{
    struct Namer {
        const char* operator()(const InspectJob&) const { return "inspect"; }
        const char* operator()(const EvalJob&) const { return "eval"; }
        const char* operator()(const SensitivityJob&) const { return "sensitivity"; }
        const char* operator()(const PackJob&) const { return "pack"; }
        const char* operator()(const ExportPreviewJob&) const { return "export_preview"; }
        const char* operator()(const ConvertJob&) const { return "convert"; }
        const char* operator()(const UnpackJob&) const { return "unpack"; }
        const char* operator()(const VerifyJob&) const { return "verify"; }
        const char* operator()(const InferJob&) const { return "infer"; }
        const char* operator()(const TrainJob&) const { return "train"; }
        const char* operator()(const SearchJob&) const { return "search"; }
        const char* operator()(const HistogramJob&) const { return "histograms"; }
        const char* operator()(const LayerDetailJob&) const { return "layer_detail"; }
        const char* operator()(const ThumbnailJob&) const { return "thumbnails"; }
        const char* operator()(const IdentifyJob&) const { return "identify"; }
        const char* operator()(const FileMapJob&) const { return "file_map"; }
        const char* operator()(const PackedDetailJob&) const { return "packed_detail"; }
    };
    return std::visit(Namer{}, spec);
}

} // namespace bitloom::engine
