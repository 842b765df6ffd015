// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/panel_tabs.h"

#include "widgets/util/style.h"

#include <QEvent>
#include <QStyle>
#include <QTabBar>

namespace bitloom::workbench {

PanelTabs::PanelTabs(QTabBar& bar, std::function<QIcon(const QString&)> iconOf)
    : QObject(&bar), m_bar(bar), m_iconOf(std::move(iconOf))
{
    bar.setAccessibleName(tr("Panels that share this place"));
    bar.setAccessibleDescription(tr("Arrow keys bring another panel to the front."));
    bar.setElideMode(Qt::ElideNone); // "La..." says nothing
    bar.installEventFilter(this);
}

bool PanelTabs::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::FontChange:
    case QEvent::StyleChange:
        m_width = -1;
        break;
    case QEvent::Resize:
    case QEvent::Paint: // the window changes tabs without another event
        fit();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

int PanelTabs::wantedWidth() const
{
    constexpr int kSlack = 2; // what a style may add
    const int padding = m_bar.style()->pixelMetric(QStyle::PM_TabBarTabHSpace, nullptr, &m_bar);
    int wanted = 0;
    for (const QString& title : m_titles) {
        wanted += m_bar.fontMetrics().size(Qt::TextShowMnemonic, title).width() + padding + kSlack;
    }
    return wanted;
}

void PanelTabs::fit()
{
    QStringList titles;
    for (int tab = 0; tab < m_bar.count(); ++tab) {
        titles << m_bar.tabText(tab);
    }
    if (titles == m_titles && m_bar.width() == m_width) {
        return;
    }
    m_titles = titles;
    m_width = m_bar.width();
    m_bar.setProperty(ui::kCloseTabs, false);
    const bool isClose = wantedWidth() > m_width;
    m_bar.setProperty(ui::kCloseTabs, isClose);
    const bool isShort = isClose && wantedWidth() > m_width;
    m_bar.setProperty(ui::kCloseTabs, isClose && !isShort);
    m_bar.setProperty(ui::kShortTabs, isShort);
    for (int tab = 0; tab < m_bar.count(); ++tab) {
        m_bar.setTabIcon(tab, isShort ? m_iconOf(m_bar.tabText(tab)) : QIcon());
    }
    m_bar.setIconSize(m_bar.iconSize()); // places the tabs anew
}

} // namespace bitloom::workbench
