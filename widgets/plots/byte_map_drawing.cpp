// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/byte_map_drawing.h"

#include "widgets/plots/axis_range.h"
#include "widgets/plots/chart_metrics.h"
#include "widgets/util/formatting.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>

namespace bitloom::ui {

namespace {
constexpr double kLineGap = 4; // between lines, and between axes and lines
constexpr double kSwatch = 10;
constexpr double kSeparated = 4; // pixels: a part this wide shows where it ends

struct ByteMapWords {
    Q_DECLARE_TR_FUNCTIONS(ByteMap)
};

/// Regions of one rank have one place in the key; those of codes are told apart by their bits.
int rankOf(const FileRegion& region)
{
    switch (region.kind) {
    case RegionKind::Codes:
        return region.bits == FileRegion::kBitsPerRow ? 99 : region.bits;
    case RegionKind::Values:
        return 100;
    case RegionKind::Scales:
    case RegionKind::Offsets:
    case RegionKind::Layout:
        return 101;
    case RegionKind::Metadata:
        return 102;
    case RegionKind::Padding:
        break;
    }
    return 103;
}

QString keyText(const FileRegion& region)
{
    switch (region.kind) {
    case RegionKind::Codes:
        return region.bits == FileRegion::kBitsPerRow
                   ? ByteMapWords::tr("several widths")
                   : ByteMapWords::tr("%n bit(s)", nullptr, region.bits);
    case RegionKind::Values:
        return ByteMapWords::tr("as it is");
    case RegionKind::Scales:
    case RegionKind::Offsets:
    case RegionKind::Layout:
        return ByteMapWords::tr("scales and offsets");
    case RegionKind::Metadata:
        return ByteMapWords::tr("metadata");
    case RegionKind::Padding:
        break;
    }
    return ByteMapWords::tr("padding");
}
} // namespace

QString regionText(const FileRegion& region)
{
    switch (region.kind) {
    case RegionKind::Codes:
        return region.bits == FileRegion::kBitsPerRow
                   ? ByteMapWords::tr("Codes of several widths")
                   : ByteMapWords::tr("Codes of %n bit(s)", nullptr, region.bits);
    case RegionKind::Values:
        return ByteMapWords::tr("Values as they are, %n bit(s) each", nullptr, region.bits);
    case RegionKind::Scales:
        return ByteMapWords::tr("Scales");
    case RegionKind::Offsets:
        return ByteMapWords::tr("Zero points or origins");
    case RegionKind::Layout:
        return ByteMapWords::tr("Widths, groups or ranges");
    case RegionKind::Metadata:
        return ByteMapWords::tr("Metadata: names, plan, network, checksums");
    case RegionKind::Padding:
        break;
    }
    return ByteMapWords::tr("Padding: what follows begins at an even address");
}

ByteMapDrawing::ByteMapDrawing(std::shared_ptr<const FileMap> map, QSize size, const Theme& theme,
                               const QFont& font)
    : m_map(std::move(map)), m_theme(theme), m_font(font)
{
    const double line = lineHeight(font);
    const QFontMetricsF metrics(font);
    collectKey();
    m_keyTop = size.height() - kMargin / 2 - layKey(size.width() - 2 * kMargin);
    const double bottom = m_keyTop - 2 * kLineGap - line; // the axis of what lies within a line
    // The labels' width depends on the lines, and the lines' number not on their width.
    const auto layout = [&](double left) {
        const QRectF area(left, kMargin / 2, size.width() - left - kMargin,
                          std::max(bottom - kLineGap - kMargin / 2, line));
        return ByteMapLayout(*m_map, area, std::max(line * 0.8, 8.0), 3);
    };
    m_lines = layout(kMargin);
    std::vector<double> starts;
    for (int i = 0; i < m_lines.lineCount(); ++i) {
        starts.push_back(static_cast<double>(m_lines.bytesPerLine()) * i);
    }
    m_offsets = tickTexts(starts, NumberStyle::Bytes);
    for (const QString& text : m_offsets) {
        m_left = std::max(m_left, metrics.horizontalAdvance(text));
    }
    m_left += kMargin + 2 * kLineGap;
    m_lines = layout(m_left);
}

void ByteMapDrawing::collectKey()
{
    std::map<int, std::pair<FileRegion, std::int64_t>> ranks;
    for (const FileRegion& region : m_map->regions) {
        ranks.try_emplace(rankOf(region), region, 0).first->second.second += region.bytes;
    }
    for (const auto& [rank, entry] : ranks) {
        m_key.push_back(
            {entry.first,
             QStringLiteral("%1  %2").arg(keyText(entry.first), formatBytes(entry.second)),
             {}});
    }
}

double ByteMapDrawing::layKey(double width)
{
    const QFontMetricsF metrics(m_font);
    const double line = lineHeight(m_font) + 4;
    double x = 0;
    double y = 0;
    for (KeyEntry& entry : m_key) {
        const double wide = kSwatch + 6 + metrics.horizontalAdvance(entry.text);
        if (x > 0 && x + wide > width) {
            x = 0;
            y += line;
        }
        entry.place = QRectF(kMargin + x, y, wide + 1, line);
        x += wide + 16;
    }
    return y + line;
}

void ByteMapDrawing::paintFill(QPainter& painter, const QRectF& place,
                               const FileRegion& region) const
{
    switch (region.kind) {
    case RegionKind::Codes:
        if (region.bits == FileRegion::kBitsPerRow) {
            painter.fillRect(place, Theme::bits(4));
            painter.fillRect(place, QBrush(Theme::textOn(Theme::bits(4)), Qt::Dense6Pattern));
        } else {
            painter.fillRect(place, Theme::bits(region.bits));
        }
        return;
    case RegionKind::Values:
        painter.fillRect(place, Theme::bits(32));
        return;
    case RegionKind::Scales:
    case RegionKind::Offsets:
    case RegionKind::Layout:
        painter.fillRect(place, m_theme.activations());
        return;
    case RegionKind::Metadata:
        painter.fillRect(place, mixed(m_theme.base(), m_theme.text(), 0.16));
        return;
    case RegionKind::Padding:
        painter.fillRect(place, QBrush(m_theme.outline(), Qt::FDiagPattern));
        return;
    }
}

void ByteMapDrawing::paint(QPainter& painter) const
{
    if (m_lines.isEmpty()) {
        return;
    }
    painter.save();
    painter.setFont(m_font);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const ByteMapLayout::Run& run : m_lines.runs()) {
        QRectF place = run.place;
        if (place.width() >= kSeparated) {
            place.setRight(place.right() - 1); // neighbours of one colour stay two
        }
        paintFill(painter, place, m_map->regions[static_cast<std::size_t>(run.region)]);
    }
    paintAxes(painter);
    paintKey(painter);
    painter.restore();
}

void ByteMapDrawing::paintAxes(QPainter& painter) const
{
    const double line = lineHeight(m_font);
    painter.setPen(m_theme.dimText());
    double free = 0; // labels of lines that are lower than letters leave some out
    for (int i = 0; i < m_lines.lineCount(); ++i) {
        const QRectF place = m_lines.linePlace(i);
        const QRectF text(kMargin, place.center().y() - line / 2, m_left - kMargin - 2 * kLineGap,
                          line);
        if (text.top() + 2 >= free) {
            painter.drawText(text, Qt::AlignRight | Qt::AlignVCenter,
                             m_offsets[static_cast<std::size_t>(i)]);
            free = text.bottom();
        }
    }
    const double width = std::floor(m_lines.linePlace(0).width());
    const double bytes = static_cast<double>(m_lines.bytesPerLine());
    const QFontMetricsF metrics(m_font);
    const int most = std::max(2, static_cast<int>(width / (metrics.averageCharWidth() * 14)));
    const std::vector<double> ticks = axisTicks({0, bytes}, false, most);
    const std::vector<QString> texts = tickTexts(ticks, NumberStyle::Bytes);
    const double top = m_lines.linePlace(m_lines.lineCount() - 1).bottom() + 1;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const double x = std::round(m_left + ticks[i] / bytes * width);
        const QString text = u'+' + texts[i];
        const double wide = metrics.horizontalAdvance(text) + 2;
        const double left = std::clamp(x - wide / 2, m_left, m_left + width - wide);
        painter.drawLine(QPointF(x, top), QPointF(x, top + kLineGap - 1));
        painter.drawText(QRectF(left, top + kLineGap, wide, line), Qt::AlignCenter, text);
    }
}

void ByteMapDrawing::paintKey(QPainter& painter) const
{
    for (const KeyEntry& entry : m_key) {
        const QRectF place = entry.place.translated(0, m_keyTop);
        const QRectF swatch(place.left(), std::round(place.center().y() - kSwatch / 2), kSwatch,
                            kSwatch);
        paintFill(painter, swatch, entry.sample);
        painter.setPen(m_theme.outline());
        painter.drawRect(swatch.adjusted(0, 0, -1, -1));
        painter.setPen(m_theme.text());
        painter.drawText(place.adjusted(kSwatch + 6, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         entry.text);
    }
}

} // namespace bitloom::ui
