// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/panel_dock.h"

#include "widgets/util/icons.h"
#include "widgets/views/panel.h"

#include <QLayout>
#include <QToolButton>

namespace bitloom::workbench {

PanelDock::PanelDock(ui::Panel* panel, const QString& tabGroup, QWidget* parent)
    : QDockWidget(panel->title(), parent), m_panel(panel), m_tabGroup(tabGroup)
{
    setObjectName(QStringLiteral("dock.") + panel->id());
    setAccessibleName(panel->title());
    setFeatures(QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetClosable);
    auto* hideButton = new QToolButton(panel->titleLine());
    hideButton->setIcon(ui::icon(QStringLiteral("close")));
    hideButton->setAutoRaise(true);
    hideButton->setFocusPolicy(Qt::TabFocus);
    hideButton->setAccessibleName(tr("Hide %1").arg(panel->title()));
    hideButton->setToolTip(tr("Hide this panel; the View menu brings it back."));
    hideButton->setAccessibleDescription(hideButton->toolTip());
    panel->titleLine()->layout()->addWidget(hideButton);
    connect(hideButton, &QToolButton::clicked, this, &QDockWidget::close);
    setWidget(panel);
    setTitleBarWidget(panel->titleLine());
    panel->titleLine()->show();
}

} // namespace bitloom::workbench
