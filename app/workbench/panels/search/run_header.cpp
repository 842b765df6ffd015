// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_header.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/run_view.h"
#include "app/workbench/panels/common/state_mark.h"
#include "widgets/models/run_close_up.h"
#include "widgets/util/definitions.h"
#include "widgets/util/formatting.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace bitloom::workbench {

namespace {
Mark markOf(const RunView& view)
{
    if (view.isRunning()) {
        return view.isPaused() ? Mark::Paused : Mark::Running;
    }
    switch (view.run().state) {
    case WatchedRun::State::Finished:
        return Mark::Done;
    case WatchedRun::State::Failed:
        return Mark::Failed;
    default:
        return Mark::Stopped;
    }
}

QString stateText(const RunView& view)
{
    if (view.isRunning()) {
        return view.isPaused()                               ? RunHeader::tr("Paused")
               : view.source() == RunView::Source::Elsewhere ? RunHeader::tr("Running elsewhere")
                                                             : RunHeader::tr("Running");
    }
    switch (view.run().state) {
    case WatchedRun::State::Finished:
        return RunHeader::tr("Finished");
    case WatchedRun::State::Failed:
        return RunHeader::tr("Failed");
    default:
        return RunHeader::tr("Stopped, can go on");
    }
}

QString detailText(const RunView& view)
{
    QStringList parts;
    const WatchedRun& run = view.run();
    if (view.isRunning() && run.progress && !run.progress->phase.empty()) {
        parts << QString::fromStdString(run.progress->phase);
    }
    const auto last = ui::lastStepOf(view.history());
    if (const auto& outcome = view.outcome(); outcome && last) {
        if (const auto epoch = outcome->epochAt(view.time().value_or(*last))) {
            parts << RunHeader::tr("epoch %1 of %2")
                         .arg(ui::formatExact(*epoch), ui::formatExact(outcome->epochs));
        }
    }
    if (last) {
        parts << (view.time() ? RunHeader::tr("step %1 of %2")
                                    .arg(ui::formatExact(*view.time()), ui::formatExact(*last))
                              : RunHeader::tr("step %1").arg(ui::formatExact(*last)));
    }
    if (run.startedAt > 0 && run.lastEventAt > run.startedAt) {
        parts << ui::formatDuration(run.lastEventAt - run.startedAt);
    } else if (view.outcome() && view.outcome()->seconds > 0) {
        parts << ui::formatDuration(view.outcome()->seconds);
    }
    return parts.join(QStringLiteral(" · "));
}

QString subjectText(const RunView& view, const PlanDocument& document)
{
    const RunFacts& facts = view.facts();
    QStringList parts;
    const auto model = document.model();
    if (model && (facts.fingerprint.isEmpty() ||
                  facts.fingerprint == QString::fromStdString(model->fingerprint))) {
        parts << QString::fromStdString(model->name);
    } else if (!facts.fingerprint.isEmpty()) {
        parts << RunHeader::tr("another model");
    }
    if (!facts.data.isEmpty()) {
        parts << facts.data;
    }
    if (facts.lambda) {
        parts << RunHeader::tr("λ %1").arg(ui::formatSignificant(*facts.lambda));
    }
    if (facts.epochs) {
        parts << RunHeader::tr("%n epoch(s)", nullptr, *facts.epochs);
    }
    if (!facts.device.isEmpty()) {
        parts << facts.device;
    }
    return parts.join(QStringLiteral(" · "));
}

/// A caption above its value.
QLabel* addFigure(QHBoxLayout& line, const QString& caption, ui::Metric metric)
{
    const ui::Definition definition = ui::definitionOf(metric);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    auto* title = new QLabel(caption);
    title->setForegroundRole(QPalette::PlaceholderText);
    auto* value = new QLabel;
    QFont font = value->font();
    font.setBold(true);
    if (font.pointSizeF() > 0) {
        font.setPointSizeF(font.pointSizeF() * 1.2);
    }
    value->setFont(font);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (QLabel* label : {title, value}) {
        label->setToolTip(definition.meaning);
        label->setWhatsThis(ui::whatsThis(metric));
        column->addWidget(label);
    }
    line.addLayout(column);
    return value;
}
} // namespace

RunHeaderText runHeaderText(const RunView& view, const PlanDocument& document)
{
    RunHeaderText text;
    text.state = stateText(view);
    text.detail = detailText(view);
    text.subject = subjectText(view, document);
    const auto evaluation = ui::evaluationReading(view.history(), view.time());
    text.top1 = evaluation ? ui::formatPercent(evaluation->top1Percent) : ui::notKnown();
    text.bops = evaluation ? ui::formatPercent(evaluation->relativeBopsPercent) : ui::notKnown();
    text.expectedBops =
        evaluation ? ui::formatPercent(evaluation->expectedBopsPercent) : ui::notKnown();
    return text;
}

RunHeader::RunHeader(QWidget* parent)
    : QWidget(parent), m_mark(new QLabel), m_state(new QLabel), m_subject(new QLabel)
{
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_state->setAccessibleName(tr("State of the run"));
    m_subject->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_subject->setAccessibleName(tr("What the run was asked"));
    m_subject->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel* label : {m_state, m_subject}) {
        label->setMinimumWidth(40); // long names must not widen the dock
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    auto* first = new QHBoxLayout;
    first->setSpacing(8);
    first->addWidget(m_mark);
    first->addWidget(m_state, 1);
    auto* figures = new QHBoxLayout;
    figures->setSpacing(24);
    m_top1 = addFigure(*figures, tr("Top-1"), ui::Metric::Top1);
    m_bops = addFigure(*figures, tr("BOPs"), ui::Metric::Bops);
    m_expected = addFigure(*figures, tr("Expected BOPs"), ui::Metric::ExpectedBops);
    figures->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(4);
    layout->addLayout(first);
    layout->addWidget(m_subject);
    layout->addLayout(figures);
}

void RunHeader::show(const RunView& view, const PlanDocument& document)
{
    const RunHeaderText text = runHeaderText(view, document);
    const Mark mark = markOf(view);
    m_mark->setPixmap(markPixmap(mark, 16, markColour(mark, palette()), devicePixelRatioF()));
    const QString state =
        text.detail.isEmpty() ? text.state : text.state + QStringLiteral(" · ") + text.detail;
    m_state->setText(state);
    m_state->setToolTip(state);
    m_subject->setText(text.subject);
    m_subject->setToolTip(text.subject);
    m_subject->setVisible(!text.subject.isEmpty());
    const auto set = [](QLabel& label, ui::Metric metric, const QString& value) {
        label.setText(value);
        label.setAccessibleName(tr("%1: %2").arg(ui::definitionOf(metric).name, value));
    };
    set(*m_top1, ui::Metric::Top1, text.top1);
    set(*m_bops, ui::Metric::Bops, text.bops);
    set(*m_expected, ui::Metric::ExpectedBops, text.expectedBops);
}

} // namespace bitloom::workbench
