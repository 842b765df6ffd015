// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "tests/app/workbench/controls.h"

#include <QtTest>

namespace bitloom::test {

inline constexpr int kPatience = 60000;

/// A document with LeNet-5 opened by the real engine, and a second plan of few bits.
class OpenedModel {
public:
    OpenedModel() : center(bridge)
    {
        engine::InspectJob job;
        job.model.spec = "arch:lenet5";
        workbench::JobOrder order;
        order.spec = job;
        order.title = QStringLiteral("Open");
        order.onFinished = [this, job](const workbench::JobResult& result) {
            document.open(std::get<std::shared_ptr<const ModelReport>>(result), job.model);
            UniformPlanOptions options;
            options.weightBits = 2;
            options.activationBits = 2;
            BitPlan plan = makeUniformPlan(*document.model(), options);
            plan.name = "w2a2";
            document.addPlan(plan);
            return QString();
        };
        center.start(std::move(order), &context);
    }
    bool wait()
    {
        return QTest::qWaitFor([this] { return document.isOpen(); }, kPatience);
    }
    bool waitForJobs()
    {
        return QTest::qWaitFor([this] { return !center.isBusy(); }, kPatience);
    }

    QObject context;
    workbench::PlanDocument document;
    workbench::EngineBridge bridge{2};
    workbench::JobCenter center;
};

/// Stands in for the project's plan files, which no panel knows.
inline QString commandOf(const engine::JobSpec& spec)
{
    return QStringLiteral("bitloom %1").arg(QString::fromStdString(engine::kindOf(spec)));
}

} // namespace bitloom::test
