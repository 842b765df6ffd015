// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <functional>

class QWidget;

namespace bitloom::ui {

/// Redraws a widget at most 25 times a second, and not at all while it is hidden.
///
/// markDirty() may be called as often as data arrive. The refresh runs at once if the last one is
/// 40 ms ago, otherwise when that time is over; a hidden widget refreshes when it is shown.
class RefreshGate final : public QObject {
    Q_OBJECT
public:
    static constexpr int kIntervalMs = 40;

    RefreshGate(QWidget* widget, std::function<void()> refresh);

    void markDirty();
    bool isDirty() const { return m_dirty; }
    /// Refreshes now if something is waiting, also a hidden widget: before a picture is taken.
    void flush();

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void run();

    QWidget* m_widget;
    std::function<void()> m_refresh;
    QTimer m_timer;
    bool m_dirty = false;
};

} // namespace bitloom::ui
