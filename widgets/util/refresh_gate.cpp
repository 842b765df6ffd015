// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/refresh_gate.h"

#include <QEvent>
#include <QWidget>

namespace bitloom::ui {

RefreshGate::RefreshGate(QWidget* widget, std::function<void()> refresh)
    : QObject(widget), m_widget(widget), m_refresh(std::move(refresh))
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_dirty && m_widget->isVisible()) {
            run();
        }
    });
    widget->installEventFilter(this);
}

void RefreshGate::markDirty()
{
    m_dirty = true;
    if (m_widget->isVisible() && !m_timer.isActive()) {
        // Through the event loop, so that several changes of one event are one refresh.
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (m_dirty && m_widget->isVisible() && !m_timer.isActive()) {
                    run();
                }
            },
            Qt::QueuedConnection);
    }
}

void RefreshGate::flush()
{
    if (m_dirty) {
        run();
    }
}

bool RefreshGate::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_widget && event->type() == QEvent::Show && m_dirty) {
        run();
    }
    return QObject::eventFilter(watched, event);
}

void RefreshGate::run()
{
    m_dirty = false;
    m_timer.start();
    m_refresh();
}

} // namespace bitloom::ui
