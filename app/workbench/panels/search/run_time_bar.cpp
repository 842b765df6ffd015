// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_time_bar.h"

#include "app/workbench/document/run_view.h"
#include "widgets/models/run_series.h"
#include "widgets/util/formatting.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSlider>
#include <QToolButton>

#include <algorithm>

namespace bitloom::workbench {

namespace {
/// The series that says what moments there are: gates, or whatever is recorded most often.
const HistorySeries* momentsOf(const RunView& view)
{
    if (view.isEmpty()) {
        return nullptr;
    }
    const HistorySeries* gates = view.history().find("gate_probabilities");
    return gates != nullptr && gates->rows() > 0 ? gates : view.history().find("losses");
}
} // namespace

RunTimeBar::RunTimeBar(RunView& view, QWidget* parent)
    : QWidget(parent), m_view(view), m_text(new QLabel), m_slider(new QSlider(Qt::Horizontal)),
      m_newest(new QToolButton)
{
    m_slider->setAccessibleName(tr("Moment of the run"));
    m_slider->setAccessibleDescription(
        tr("Arrow keys go from recorded step to recorded step, End shows the newest"));
    m_slider->setToolTip(tr("Go back to an earlier step of the run: all views show it."));
    m_newest->setText(tr("Newest"));
    m_newest->setCheckable(true);
    m_newest->setToolTip(tr("Always show the newest step."));
    m_newest->setAccessibleName(tr("Show the newest step"));
    m_newest->setToolButtonStyle(Qt::ToolButtonTextOnly);
    // Numbers of any step find room, so that the slider does not jump.
    m_text->setMinimumWidth(fontMetrics().horizontalAdvance(tr("Step %1").arg(88'888)));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 6);
    layout->setSpacing(8);
    layout->addWidget(m_text);
    layout->addWidget(m_slider, 1);
    layout->addWidget(m_newest);
    connect(m_slider, &QSlider::valueChanged, this, &RunTimeBar::takePosition);
    connect(m_newest, &QToolButton::clicked, this, [this] {
        m_view.setTime(std::nullopt);
        m_newest->setChecked(true);
    });
}

void RunTimeBar::takePosition(int position)
{
    const HistorySeries* moments = momentsOf(m_view);
    if (m_isRefreshing || moments == nullptr || moments->rows() == 0) {
        return;
    }
    const auto row = static_cast<std::size_t>(std::max(position, 0));
    m_view.setTime(row + 1 >= moments->rows() ? std::nullopt : std::optional(moments->steps[row]));
}

void RunTimeBar::refresh()
{
    const HistorySeries* moments = momentsOf(m_view);
    const int rows = moments == nullptr ? 0 : static_cast<int>(moments->rows());
    setEnabled(rows > 1);
    const QScopedValueRollback<bool> quiet(m_isRefreshing, true);
    m_slider->setRange(0, std::max(rows - 1, 0));
    m_slider->setPageStep(std::max(rows / 10, 1));
    m_newest->setChecked(!m_view.time());
    if (rows == 0) {
        m_text->setText(ui::notKnown());
        return;
    }
    const auto row = ui::rowAt(*moments, m_view.time()).value_or(0);
    m_slider->setValue(static_cast<int>(row));
    m_text->setText(
        tr("Step %1").arg(ui::formatExact(m_view.time().value_or(moments->steps.back()))));
}

} // namespace bitloom::workbench
