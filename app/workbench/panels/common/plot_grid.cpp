// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/common/plot_grid.h"

#include <QEvent>
#include <QGridLayout>

#include <algorithm>

namespace bitloom::workbench {

PlotGrid::PlotGrid(const QList<QWidget*>& plots, QWidget* parent)
    : QScrollArea(parent), m_plots(plots), m_layout(new QGridLayout)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    content->setLayout(m_layout);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(1);
    for (QWidget* plot : m_plots) {
        plot->setMinimumHeight(kLeastHeight);
        plot->setParent(content);
        plot->installEventFilter(this);
    }
    setWidget(content);
    arrange();
}

void PlotGrid::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    arrange();
}

bool PlotGrid::eventFilter(QObject* watched, QEvent* event)
{
    // One that has nothing to show leaves its place to the others.
    if (event->type() == QEvent::ShowToParent || event->type() == QEvent::HideToParent) {
        arrange();
    }
    return QScrollArea::eventFilter(watched, event);
}

void PlotGrid::arrange()
{
    QList<QWidget*> shown;
    for (QWidget* plot : std::as_const(m_plots)) {
        if (!plot->isHidden()) {
            shown << plot;
        }
    }
    const int count = static_cast<int>(shown.size());
    const int columns = std::clamp(width() / kLeastWidth, 1, std::clamp(count, 1, 2));
    if (columns == m_columns && shown == m_shown) {
        return;
    }
    m_columns = columns;
    m_shown = shown;
    for (QWidget* plot : std::as_const(m_plots)) {
        m_layout->removeWidget(plot);
    }
    for (int i = 0; i < count; ++i) {
        // The last one of an odd number takes the whole line.
        const bool isAlone = i == count - 1 && i % columns == 0;
        m_layout->addWidget(shown[i], i / columns, i % columns, 1, isAlone ? columns : 1);
    }
    for (int column = 0; column < 2; ++column) {
        m_layout->setColumnStretch(column, column < columns ? 1 : 0);
    }
}

} // namespace bitloom::workbench
