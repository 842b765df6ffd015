// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/cell_painting.h"

#include "core/types/quant_spec.h"
#include "widgets/util/formatting.h"
#include "widgets/util/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr int kChipPadding = 6;
constexpr qreal kRadius = 3;

QRectF inset(const QRect& rect)
{
    return QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
}

QBrush fillOf(int bits, const Theme& theme)
{
    return bits == kPrunedBits ? QBrush(theme.neutral(), Qt::BDiagPattern)
                               : QBrush(Theme::bits(bits));
}
} // namespace

int rowHeight(const QFontMetrics& metrics)
{
    return metrics.height() + 8;
}

int bitsChipWidth(const QFontMetrics& metrics, const QString& text)
{
    return std::max(metrics.horizontalAdvance(text),
                    metrics.horizontalAdvance(formatBits(kFloatBits))) +
           2 * kChipPadding;
}

void paintBitsChip(QPainter& painter, const QRect& cell, const BitRange& bits, const QString& text,
                   const QPalette& palette, const QFont& font)
{
    const QFontMetrics metrics(font);
    const Theme theme(palette);
    const int width = std::min(bitsChipWidth(metrics, text), cell.width() - 4);
    const int height = std::min(metrics.height() + 4, cell.height() - 2);
    const QRect chip(cell.right() - 3 - width, cell.center().y() - height / 2, width, height);

    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font);
    QColor outline = theme.dimText();
    outline.setAlphaF(0.55F);
    QColor textColour = theme.text();
    if (bits.isMixed()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.base());
        painter.drawRoundedRect(inset(chip), kRadius, kRadius);
        const int band = std::max(2, metrics.height() / 6);
        const QRect low(chip.left() + 3, chip.bottom() - 1 - band, chip.width() / 2 - 3, band);
        painter.fillRect(low, fillOf(bits.lowest, theme));
        painter.fillRect(low.translated(low.width(), 0), fillOf(bits.highest, theme));
        painter.setBrush(Qt::NoBrush);
    } else if (bits.lowest == kPrunedBits) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.base());
        painter.drawRoundedRect(inset(chip), kRadius, kRadius);
        QColor hatch = theme.neutral();
        hatch.setAlphaF(0.45F);
        painter.setBrush(QBrush(hatch, Qt::BDiagPattern));
    } else {
        painter.setBrush(fillOf(bits.lowest, theme));
        textColour = Theme::textOn(Theme::bits(bits.lowest));
    }
    painter.setPen(outline);
    painter.drawRoundedRect(inset(chip), kRadius, kRadius);
    painter.setPen(textColour);
    // A mixed chip's text makes room for its band of colours.
    painter.drawText(bits.isMixed() ? chip.adjusted(0, 0, 0, -2) : chip, Qt::AlignCenter,
                     metrics.elidedText(text, Qt::ElideRight, chip.width()));
    painter.restore();
}

void paintShareBar(QPainter& painter, const QRect& cell, double share, const QString& text,
                   const QPalette& palette, bool selected, const QFont& font)
{
    const QFontMetrics metrics(font);
    const QColor textColour = palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const int numberWidth = metrics.horizontalAdvance(formatPercent(100));
    const QRect number = cell.adjusted(kCellMargin, 0, -kCellMargin, 0);
    const int space = number.width() - numberWidth - kCellMargin;
    painter.save();
    painter.setFont(font);
    if (space >= 8) {
        const Theme theme(palette);
        const int height = std::max(4, metrics.height() / 2);
        const QRect track(number.left(), cell.center().y() - height / 2, space, height);
        QColor ground = theme.grid();
        if (selected) { // the theme's colours vanish on the selection
            ground = textColour;
            ground.setAlphaF(0.3F);
        }
        painter.fillRect(track, ground);
        const int length =
            static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * track.width()));
        painter.fillRect(QRect(track.left(), track.top(), length, height),
                         selected ? textColour : theme.weights());
    }
    painter.setPen(textColour);
    painter.drawText(number, static_cast<int>(Qt::AlignRight | Qt::AlignVCenter), text);
    painter.restore();
}

} // namespace bitloom::ui
