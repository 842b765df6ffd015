// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/figure_button.h"

#include "widgets/util/theme.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace bitloom::ui {

namespace {
constexpr int kButtonPadding = 8;
constexpr int kButtonGap = 6;
constexpr qreal kSmall = 0.85; ///< caption size against the body
} // namespace

FigureButton::FigureButton(QWidget* parent) : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void FigureButton::setFigure(const FigureText& text)
{
    m_text = text;
    setToolTip(text.definition);
    QStringList parts{text.value, text.detail, changeText()};
    parts.removeAll(QString());
    setAccessibleName(text.caption + QStringLiteral(": ") + parts.join(QStringLiteral(", ")));
    setAccessibleDescription(text.definition);
    if (const int width = textWidth(); width > m_width) {
        m_width = width;
        updateGeometry();
    }
    update();
}

QFont FigureButton::captionFont() const
{
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * kSmall);
    return small;
}

QFont FigureButton::valueFont() const
{
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    strong.setItalic(m_text.predicted);
    return strong;
}

QString FigureButton::changeText() const
{
    return m_text.change.isEmpty() ? QString() : u'(' + m_text.change + u')';
}

int FigureButton::textWidth() const
{
    const QFontMetrics body(font());
    int width = QFontMetrics(valueFont()).horizontalAdvance(m_text.value);
    for (const QString& part : {m_text.detail, changeText()}) {
        // One more pixel each: advances are rounded, and a fraction short would elide.
        width += part.isEmpty() ? 0 : kButtonGap + body.horizontalAdvance(part) + 1;
    }
    return std::max(width, QFontMetrics(captionFont()).horizontalAdvance(m_text.caption));
}

QSize FigureButton::sizeHint() const
{
    const int height =
        QFontMetrics(captionFont()).height() + QFontMetrics(valueFont()).height() + 10;
    return {std::max(m_width, textWidth()) + 2 * kButtonPadding, height};
}

QSize FigureButton::minimumSizeHint() const
{
    const int caption = QFontMetrics(captionFont()).horizontalAdvance(m_text.caption);
    const int value = QFontMetrics(valueFont()).horizontalAdvance(m_text.value);
    return {std::max(caption, value) + 2 + 2 * kButtonPadding, sizeHint().height()};
}

void FigureButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme theme(palette());
    if (hasFocus() || underMouse()) {
        painter.setPen(hasFocus() ? QPen(theme.accent(), 2) : QPen(theme.grid(), 1));
        painter.setBrush(palette().color(isDown() ? QPalette::Midlight : QPalette::Base));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
    const QRect inside = rect().adjusted(kButtonPadding, 5, -kButtonPadding, -5);
    const QFontMetrics caption(captionFont());
    painter.setFont(captionFont());
    painter.setPen(theme.dimText());
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop,
                     caption.elidedText(m_text.caption, Qt::ElideRight, inside.width()));

    int x = inside.left();
    const auto draw = [&](const QString& text, const QFont& textFont, const QColor& colour) {
        const int space = inside.right() + 1 - x;
        if (text.isEmpty() || space <= 0) {
            return;
        }
        const QFontMetrics metrics(textFont);
        painter.setFont(textFont);
        painter.setPen(colour);
        painter.drawText(QRect(x, inside.top() + caption.height(), space, metrics.height()),
                         Qt::AlignLeft | Qt::AlignBottom,
                         metrics.elidedText(text, Qt::ElideRight, space));
        x += metrics.horizontalAdvance(text) + kButtonGap;
    };
    draw(m_text.value, valueFont(), theme.text());
    // Where not all fits, the change matters more than the detail, and half a number is none.
    const QFontMetrics body(font());
    const int change =
        m_text.change.isEmpty() ? 0 : kButtonGap + body.horizontalAdvance(changeText());
    const int space = inside.right() + 1 - x;
    if (body.horizontalAdvance(m_text.detail) + change <= space) {
        draw(m_text.detail, font(), theme.dimText());
    }
    if (change - kButtonGap <= inside.right() + 1 - x) {
        draw(changeText(), font(), theme.text());
    }
}

void FigureButton::changeEvent(QEvent* event)
{
    QAbstractButton::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        m_width = textWidth();
        updateGeometry();
    }
}

} // namespace bitloom::ui
