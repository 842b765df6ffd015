// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QScrollArea>

class QGridLayout;

namespace bitloom::workbench {

/// Small pictures beside each other where there is room, below each other in a narrow panel, which
/// then scrolls.
class PlotGrid final : public QScrollArea {
    Q_OBJECT
public:
    static constexpr int kLeastWidth = 250; ///< of one
    static constexpr int kLeastHeight = 170;

    explicit PlotGrid(const QList<QWidget*>& plots, QWidget* parent = nullptr);

    int columns() const { return m_columns; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void arrange();

    QList<QWidget*> m_plots;
    QGridLayout* m_layout;
    int m_columns = 0;
    QList<QWidget*> m_shown;
};

} // namespace bitloom::workbench
