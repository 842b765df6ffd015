// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/style_parts.h"
#include "widgets/util/theme.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOption>

#include <algorithm>

namespace bitloom::ui {

namespace {
QColor shade(const QStyleOption& option, float alpha)
{
    QColor colour = option.palette.color(QPalette::WindowText);
    colour.setAlphaF(alpha);
    return colour;
}
} // namespace

bool isOn(const QStyleOption& option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

void paintHeaderSection(QPainter& painter, const QStyleOptionHeader& option)
{
    const QRect& rect = option.rect;
    painter.fillRect(rect, option.palette.color(QPalette::Window));
    if (isOn(option, QStyle::State_MouseOver) && isOn(option, QStyle::State_Enabled)) {
        painter.fillRect(rect, shade(option, isOn(option, QStyle::State_Sunken) ? 0.14F : 0.07F));
    }
    const QColor line = Theme(option.palette).grid();
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line);
    if (option.position != QStyleOptionHeader::End &&
        option.position != QStyleOptionHeader::OnlyOneSection) {
        painter.fillRect(QRect(rect.right(), rect.top() + 6, 1, rect.height() - 12), line);
    }
}

void paintTab(QPainter& painter, const QStyleOptionTab& option)
{
    const bool selected = isOn(option, QStyle::State_Selected);
    const Theme theme(option.palette);
    if (!selected && isOn(option, QStyle::State_MouseOver) && isOn(option, QStyle::State_Enabled)) {
        painter.fillRect(option.rect.adjusted(2, 2, -2, -2), shade(option, 0.08F));
    }
    if (selected) {
        constexpr int kThick = 3;
        QRect line = option.rect.adjusted(4, 0, -4, 0);
        const bool below =
            option.shape == QTabBar::RoundedNorth || option.shape == QTabBar::TriangularNorth;
        line.setTop(below ? option.rect.bottom() - kThick + 1 : option.rect.top());
        line.setHeight(kThick);
        painter.fillRect(line,
                         isOn(option, QStyle::State_Enabled) ? theme.accent() : theme.neutral());
    }
}

void paintSlider(QPainter& painter, const QStyleOptionSlider& option, const QRect& handle)
{
    const bool across = option.orientation == Qt::Horizontal;
    const bool enabled = isOn(option, QStyle::State_Enabled);
    const Theme theme(option.palette);
    const QPointF centre = QRectF(handle).center();
    constexpr qreal kGroove = 4;
    const qreal radius = std::min(handle.width(), handle.height()) / 2.0 - 1.5;
    QRectF groove(option.rect);
    if (across) {
        groove = {groove.left() + 2, centre.y() - kGroove / 2, groove.width() - 4, kGroove};
    } else {
        groove = {centre.x() - kGroove / 2, groove.top() + 2, kGroove, groove.height() - 4};
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(shade(option, 0.25F));
    painter.drawRoundedRect(groove, kGroove / 2, kGroove / 2);
    if (enabled) {
        QRectF filled = groove;
        if (across && !option.upsideDown) {
            filled.setRight(centre.x());
        } else if (across) {
            filled.setLeft(centre.x());
        } else {
            filled.setTop(centre.y());
        }
        painter.setBrush(theme.accent());
        painter.drawRoundedRect(filled, kGroove / 2, kGroove / 2);
    }
    const bool touched = isOn(option, QStyle::State_HasFocus) ||
                         option.activeSubControls.testFlag(QStyle::SC_SliderHandle);
    painter.setBrush(option.palette.color(enabled ? QPalette::Base : QPalette::Window));
    painter.setPen(QPen(enabled ? (touched ? theme.text() : theme.accent()) : theme.outline(),
                        enabled ? 2.5 : 1));
    painter.drawEllipse(centre + QPointF(0.5, 0.5), radius, radius);
    painter.restore();
}

void paintScrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRect& handle)
{
    if (option.maximum <= option.minimum) {
        return; // nothing to scroll
    }
    painter.save();
    painter.fillRect(option.rect, option.palette.color(QPalette::Window));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const bool held = isOn(option, QStyle::State_Sunken) &&
                      option.activeSubControls.testFlag(QStyle::SC_ScrollBarSlider);
    const bool touched = isOn(option, QStyle::State_MouseOver);
    painter.setBrush(shade(option, held ? 0.65F : (touched ? 0.55F : 0.4F)));
    const QRectF bar = QRectF(handle).adjusted(3, 3, -3, -3);
    const qreal radius = std::min(bar.width(), bar.height()) / 2;
    painter.drawRoundedRect(bar, radius, radius);
    painter.restore();
}

void paintBottomLine(QPainter& painter, const QStyleOption& option)
{
    const QRect& rect = option.rect;
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1),
                     Theme(option.palette).grid());
}

QRect scrollHandle(const QStyleOptionSlider& option, int shortest)
{
    const bool across = option.orientation == Qt::Horizontal;
    const int room = across ? option.rect.width() : option.rect.height();
    const qint64 range = qint64{option.maximum} - option.minimum;
    int length = room;
    if (range > 0) {
        const qint64 whole = range + option.pageStep;
        length = static_cast<int>(qint64{option.pageStep} * room / std::max<qint64>(whole, 1));
        length = std::min(std::max(length, shortest), room);
    }
    const int start = QStyle::sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, room - length, option.upsideDown);
    return across
               ? QRect(option.rect.left() + start, option.rect.top(), length, option.rect.height())
               : QRect(option.rect.left(), option.rect.top() + start, option.rect.width(), length);
}

} // namespace bitloom::ui
