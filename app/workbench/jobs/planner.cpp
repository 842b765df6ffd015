// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/planner.h"

#include "core/base/error.h"
#include "core/base/run_control.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace bitloom::workbench {

/// The thread, its newest questions, and what it has prepared.
struct Planner::Worker {
    explicit Worker(Planner& owner) : planner(owner), thread([this] { loop(); }) {}

    ~Worker()
    {
        {
            const std::lock_guard lock(mutex);
            quit = true;
            stopRunning();
        }
        wake.notify_one();
        thread.join();
    }

    /// With the mutex held.
    void stopRunning()
    {
        if (control) {
            control->requestStop();
        }
    }

    void loop()
    {
        std::unique_lock lock(mutex);
        while (true) {
            wake.wait(lock, [this] { return quit || newProblem || newBudget; });
            if (quit) {
                return;
            }
            const bool changed = std::exchange(newProblem, false);
            // A budget before its problem's frontier: the user is dragging and waits for it.
            const std::optional<std::int64_t> budget = std::exchange(newBudget, std::nullopt);
            if (changed) {
                frontierDue = problem.has_value();
            }
            const std::optional<PlanningProblem> current = problem;
            const quint64 number = problemNumber;
            RunControl running;
            control = &running;
            lock.unlock();
            work(changed, current, number, budget, running);
            lock.lock();
            control = nullptr;
            if (frontierDue && !newProblem && !newBudget && problemNumber == number) {
                frontierDue = false;
                RunControl frontierRun;
                control = &frontierRun;
                lock.unlock();
                computeFrontier(*current, number, frontierRun);
                lock.lock();
                control = nullptr;
            }
        }
    }

    void work(bool changed, const std::optional<PlanningProblem>& current, quint64 number,
              const std::optional<std::int64_t>& budget, RunControl& running)
    {
        try {
            if (changed) {
                allocator.reset();
                if (current) {
                    allocator = std::make_unique<Allocator>(*current->model, *current->table,
                                                            current->base, current->options);
                    const qint64 low = allocator->minimumCost();
                    const qint64 high = allocator->maximumCost();
                    answer(number, [low, high](Planner& to) { Q_EMIT to.rangeKnown(low, high); });
                }
            }
            if (budget && allocator) {
                auto result =
                    std::make_shared<const AllocationResult>(allocator->allocate(*budget, running));
                if (!running.stopRequested()) {
                    answer(number,
                           [budget, result](Planner& to) { Q_EMIT to.allocated(*budget, result); });
                }
            }
        } catch (const Error& error) {
            const QString sentence = QString::fromUtf8(error.what());
            answer(number, [sentence](Planner& to) { Q_EMIT to.failed(sentence); });
        }
    }

    void computeFrontier(const PlanningProblem& current, quint64 number, RunControl& running)
    {
        if (!allocator) {
            return; // the problem has no answer, which was said already
        }
        try {
            auto frontier = std::make_shared<const Frontier>(
                predictFrontier(*current.model, *current.table, current.base, current.options,
                                kFrontierPoints, running));
            if (frontier->finished) {
                answer(number, [frontier](Planner& to) { Q_EMIT to.frontierReady(frontier); });
            } else {
                const std::lock_guard lock(mutex);
                frontierDue = problemNumber == number; // interrupted by a budget: again afterwards
            }
        } catch (const Error& error) {
            const QString sentence = QString::fromUtf8(error.what());
            answer(number, [sentence](Planner& to) { Q_EMIT to.failed(sentence); });
        }
    }

    /// Delivers in the GUI thread, if the problem is still the same then.
    void answer(quint64 number, std::function<void(Planner&)> deliver)
    {
        QMetaObject::invokeMethod(
            &planner,
            [this, number, deliver = std::move(deliver)] {
                if (number == planner.m_problem) {
                    deliver(planner);
                }
            },
            Qt::QueuedConnection);
    }

    Planner& planner;
    std::mutex mutex;
    std::condition_variable wake;
    bool quit = false;
    bool newProblem = false;
    bool frontierDue = false;
    quint64 problemNumber = 0;
    std::optional<PlanningProblem> problem;
    std::optional<std::int64_t> newBudget;
    RunControl* control = nullptr;        ///< of what runs now
    std::unique_ptr<Allocator> allocator; ///< the thread's own
    std::thread thread;                   ///< last: starts when everything else is there
};

Planner::Planner(QObject* parent) : QObject(parent), m_worker(std::make_unique<Worker>(*this))
{
}

Planner::~Planner() = default;

void Planner::setProblem(std::optional<PlanningProblem> problem)
{
    ++m_problem;
    {
        const std::lock_guard lock(m_worker->mutex);
        m_worker->problem = std::move(problem);
        m_worker->problemNumber = m_problem;
        m_worker->newProblem = true;
        m_worker->newBudget.reset();
        m_worker->stopRunning();
    }
    m_worker->wake.notify_one();
}

void Planner::ask(std::int64_t budget)
{
    {
        const std::lock_guard lock(m_worker->mutex);
        m_worker->newBudget = budget;
        m_worker->stopRunning();
    }
    m_worker->wake.notify_one();
}

} // namespace bitloom::workbench
