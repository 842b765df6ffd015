// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>
#include <QWidget>

namespace bitloom::test {

/// The control that a screen reader calls so; nullptr: none.
template <typename Control>
Control* named(const QWidget& widget, const QString& name)
{
    const auto controls = widget.findChildren<Control*>();
    for (Control* control : controls) {
        if (control->accessibleName() == name) {
            return control;
        }
    }
    return nullptr;
}

/// The button that says this; nullptr: none.
inline QPushButton* buttonSaying(const QWidget& widget, const QString& text)
{
    const auto buttons = widget.findChildren<QPushButton*>();
    for (QPushButton* button : buttons) {
        if (button->text() == text) {
            return button;
        }
    }
    return nullptr;
}

/// Drops a file from outside onto a window. True if the window took it.
inline bool dropFile(QWidget& window, const QString& file)
{
    QMimeData content;
    content.setUrls({QUrl::fromLocalFile(file)});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &content, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &enter); // without it no drop arrives
    QDropEvent event(QPointF(10, 10), Qt::CopyAction, &content, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&window, &event);
    return enter.isAccepted();
}

} // namespace bitloom::test
