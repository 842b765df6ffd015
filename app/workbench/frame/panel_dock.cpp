// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/panel_dock.h"

#include "widgets/util/help.h"
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
    setWhatsThis(panel->whatsThis()); // for the title line, which leaves the panel
    setFeatures(QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetClosable);
    const auto addButton = [panel](const QString& icon, const QString& name, const QString& tip) {
        auto* button = new QToolButton(panel->titleLine());
        button->setIcon(ui::icon(icon));
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(name);
        ui::setHelp(*button, tip);
        panel->titleLine()->layout()->addWidget(button);
        return button;
    };
    auto* picture =
        addButton(QStringLiteral("picture"), tr("Export a picture of %1").arg(panel->title()),
                  tr("Write what this panel shows as PNG, SVG, PDF or CSV."));
    connect(picture, &QToolButton::clicked, this, &PanelDock::pictureRequested);
    auto* hide = addButton(QStringLiteral("close"), tr("Hide %1").arg(panel->title()),
                           tr("Hide this panel; the View menu brings it back."));
    connect(hide, &QToolButton::clicked, this, &QDockWidget::close);
    setWidget(panel);
    setTitleBarWidget(panel->titleLine());
    panel->titleLine()->show();
}

} // namespace bitloom::workbench
