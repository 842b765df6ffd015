// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/style_parts.h"
#include "widgets/util/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QStyleOption>

namespace bitloom::ui {

namespace {
constexpr qreal kRadius = 4;
constexpr qreal kRing = 2; ///< of the focus

QRectF sharp(const QRect& rect)
{
    return QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
}

bool isEnabled(const QStyleOption& option)
{
    return isOn(option, QStyle::State_Enabled);
}

/// Touched by the mouse or the keyboard: both look alike.
bool isTouched(const QStyleOption& option)
{
    return isEnabled(option) &&
           (isOn(option, QStyle::State_MouseOver) || isOn(option, QStyle::State_HasFocus));
}

QPen outlineOf(const QStyleOption& option)
{
    const Theme theme(option.palette);
    if (!isEnabled(option)) {
        QColor faint = theme.outline();
        faint.setAlphaF(0.5F);
        return {faint, 1};
    }
    return isOn(option, QStyle::State_HasFocus) ? QPen(theme.accent(), kRing)
                                                : QPen(theme.outline(), 1);
}

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

void paintBox(QPainter& painter, const QStyleOption& option, const QRect& rect,
              const QBrush& ground)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(outlineOf(option));
    painter.setBrush(ground);
    const qreal in = painter.pen().widthF() > 1 ? 0.5 : 0;
    painter.drawRoundedRect(sharp(rect).adjusted(in, in, -in, -in), kRadius, kRadius);
}

void paintChevron(QPainter& painter, const QRect& place, const QColor& colour, bool up, qreal size)
{
    const QPointF centre = QRectF(place).center();
    const qreal tip = up ? -size / 2 : size / 2;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(QPolygonF{centre + QPointF(-size, -tip), centre + QPointF(0, tip),
                                   centre + QPointF(size, -tip)});
}

QColor inkOf(const QStyleOption& option)
{
    return option.palette.color(isEnabled(option) ? QPalette::Active : QPalette::Disabled,
                                QPalette::ButtonText);
}
} // namespace

void paintCheckBox(QPainter& painter, const QStyleOption& option)
{
    const bool partly = isOn(option, QStyle::State_NoChange);
    const bool checked = isOn(option, QStyle::State_On) || partly;
    const Theme theme(option.palette);
    const QColor fill = isEnabled(option) ? theme.accent() : theme.neutral();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = sharp(option.rect.adjusted(1, 1, -1, -1));
    const QColor edge = isTouched(option) ? theme.text() : theme.outline();
    painter.setPen(
        QPen(checked ? fill : (isEnabled(option) ? edge : withAlpha(theme.outline(), 0.5F)),
             isTouched(option) && !checked ? 1.5 : 1));
    painter.setBrush(checked ? QBrush(fill) : QBrush(theme.base()));
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(
        QPen(Theme::textOn(fill), box.width() / 7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const auto at = [&box](qreal x, qreal y) {
        return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
    };
    if (partly) {
        painter.drawLine(at(0.28, 0.5), at(0.72, 0.5));
    } else if (checked) {
        painter.drawPolyline(QPolygonF{at(0.24, 0.52), at(0.43, 0.71), at(0.77, 0.3)});
    }
    painter.restore();
}

void paintRadioButton(QPainter& painter, const QStyleOption& option)
{
    const bool checked = isOn(option, QStyle::State_On);
    const Theme theme(option.palette);
    const QColor fill = isEnabled(option) ? theme.accent() : theme.neutral();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF disc = sharp(option.rect.adjusted(1, 1, -1, -1));
    painter.setPen(QPen(checked ? fill : (isTouched(option) ? theme.text() : theme.outline()),
                        checked ? disc.width() / 3.2 : 1));
    const qreal in = checked ? disc.width() / 6.4 : 0;
    painter.setBrush(theme.base());
    painter.drawEllipse(disc.adjusted(in, in, -in, -in));
    painter.restore();
}

void paintFieldFrame(QPainter& painter, const QStyleOption& option)
{
    painter.save();
    paintBox(painter, option, option.rect, Qt::NoBrush);
    painter.restore();
}

void paintButton(QPainter& painter, const QStyleOption& option, bool isDefault)
{
    const Theme theme(option.palette);
    painter.save();
    QColor ground = option.palette.color(QPalette::Button);
    const bool pressed = isOn(option, QStyle::State_Sunken) || isOn(option, QStyle::State_On);
    paintBox(painter, option, option.rect, ground);
    if (isEnabled(option) && (pressed || isOn(option, QStyle::State_MouseOver))) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(withAlpha(theme.text(), pressed ? 0.18F : 0.08F));
        painter.drawRoundedRect(sharp(option.rect), kRadius, kRadius);
    }
    if (isDefault && isEnabled(option) && !isOn(option, QStyle::State_HasFocus)) {
        painter.setPen(QPen(theme.accent(), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(sharp(option.rect), kRadius, kRadius);
    }
    painter.restore();
}

void paintToolButton(QPainter& painter, const QStyleOption& option)
{
    const bool pressed = isOn(option, QStyle::State_Sunken) || isOn(option, QStyle::State_On);
    const bool raised = isEnabled(option) && isOn(option, QStyle::State_MouseOver);
    if (!pressed && !raised) {
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(withAlpha(Theme(option.palette).text(), pressed ? 0.18F : 0.1F));
    painter.drawRoundedRect(sharp(option.rect), kRadius, kRadius);
    painter.restore();
}

void paintFocusRing(QPainter& painter, const QStyleOption& option)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme(option.palette).accent(), kRing));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), kRadius - 1, kRadius - 1);
    painter.restore();
}

void paintComboBox(QPainter& painter, const QStyleOptionComboBox& option, const QStyle& style,
                   const QWidget* widget)
{
    painter.save();
    const QColor ground =
        option.palette.color(option.editable || !option.frame ? QPalette::Base : QPalette::Button);
    if (option.frame) {
        paintBox(painter, option, option.rect, ground);
        if (isEnabled(option) && !option.editable && isOn(option, QStyle::State_MouseOver)) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(withAlpha(Theme(option.palette).text(), 0.08F));
            painter.drawRoundedRect(sharp(option.rect), kRadius, kRadius);
        }
    } else {
        painter.fillRect(option.rect, ground);
    }
    const QRect arrow =
        style.subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxArrow, widget);
    paintChevron(painter, arrow, inkOf(option), false, 4);
    painter.restore();
}

void paintSpinBox(QPainter& painter, const QStyleOptionSpinBox& option, const QStyle& style,
                  const QWidget* widget)
{
    painter.save();
    if (option.frame) {
        paintBox(painter, option, option.rect, option.palette.color(QPalette::Base));
    } else {
        painter.fillRect(option.rect, option.palette.color(QPalette::Base));
    }
    if (option.buttonSymbols != QAbstractSpinBox::NoButtons) {
        for (const auto part : {QStyle::SC_SpinBoxUp, QStyle::SC_SpinBoxDown}) {
            const bool up = part == QStyle::SC_SpinBoxUp;
            const bool can = option.stepEnabled.testFlag(up ? QAbstractSpinBox::StepUpEnabled
                                                            : QAbstractSpinBox::StepDownEnabled);
            const QRect place = style.subControlRect(QStyle::CC_SpinBox, &option, part, widget);
            if (can && option.activeSubControls == part) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(withAlpha(Theme(option.palette).text(),
                                           isOn(option, QStyle::State_Sunken) ? 0.18F : 0.1F));
                painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), 2, 2);
            }
            paintChevron(painter, place,
                         can ? inkOf(option)
                             : option.palette.color(QPalette::Disabled, QPalette::ButtonText),
                         up, 3);
        }
    }
    painter.restore();
}

} // namespace bitloom::ui
