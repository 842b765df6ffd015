// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringList>

class QWidget;

namespace bitloom::test {

/// Controls of ours below this widget, hidden ones too: what takes the keyboard or the mouse, less
/// the parts that Qt's own controls are made of.
QList<QWidget*> controlsOf(const QWidget& root);

// Each of these returns one line per finding, naming the widget; empty: all is well.

/// Controls without an accessible name, and those that are no plain labelled button and have no
/// accessible description either.
QStringList namelessControls(const QWidget& root);
/// Visible, enabled controls that the Tab key never gets to, and those that do not let it go.
QStringList unreachableControls(QWidget& root);
/// Visible labels, buttons and tabs that are smaller than their text.
QStringList clippedTexts(const QWidget& root);
/// Visible widgets that stick out of the window, less what a scroll area brings into view.
QStringList widgetsOutside(const QWidget& window);

/// "ClassName objectName 'text' in Parent/Parent".
QString describeWidget(const QWidget& widget);

} // namespace bitloom::test
