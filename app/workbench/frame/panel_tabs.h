// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QObject>
#include <QStringList>

#include <functional>

class QTabBar;

namespace bitloom::workbench {

/// Lets the tabs of a stack of panels fit into its width: they stand closer together, and where the
/// names have no room even so, only the panel in front shows its own, and the others their icons
/// with the name as tooltip.
class PanelTabs final : public QObject {
    Q_OBJECT
public:
    /// iconOf: by the title of a panel. The bar owns this.
    PanelTabs(QTabBar& bar, std::function<QIcon(const QString& title)> iconOf);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fit();
    int wantedWidth() const;

    QTabBar& m_bar;
    std::function<QIcon(const QString&)> m_iconOf;
    QStringList m_titles; ///< as fitted last
    int m_width = -1;
};

} // namespace bitloom::workbench
