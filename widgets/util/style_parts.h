// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyle>

class QPainter;
class QStyleOption;
class QStyleOptionComboBox;
class QStyleOptionHeader;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionTab;
class QRect;
class QWidget;

namespace bitloom::ui {

bool isOn(const QStyleOption& option, QStyle::StateFlag flag);

// What Style draws; each paints into option.rect with the option's palette and state.

void paintCheckBox(QPainter& painter, const QStyleOption& option);
void paintRadioButton(QPainter& painter, const QStyleOption& option);
void paintFieldFrame(QPainter& painter, const QStyleOption& option);
void paintButton(QPainter& painter, const QStyleOption& option, bool isDefault);
/// Of toolbars and title lines: nothing until it is touched.
void paintToolButton(QPainter& painter, const QStyleOption& option);
void paintFocusRing(QPainter& painter, const QStyleOption& option);
void paintComboBox(QPainter& painter, const QStyleOptionComboBox& option, const QStyle& style,
                   const QWidget* widget);
void paintSpinBox(QPainter& painter, const QStyleOptionSpinBox& option, const QStyle& style,
                  const QWidget* widget);

void paintHeaderSection(QPainter& painter, const QStyleOptionHeader& option);
void paintTab(QPainter& painter, const QStyleOptionTab& option);
void paintSlider(QPainter& painter, const QStyleOptionSlider& option, const QRect& handle);
void paintScrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRect& handle);
/// A line at the lower edge that only guides the eye.
void paintBottomLine(QPainter& painter, const QStyleOption& option);

/// Handle of a scroll bar without buttons, in the coordinates of option.rect.
QRect scrollHandle(const QStyleOptionSlider& option, int shortest);

} // namespace bitloom::ui
