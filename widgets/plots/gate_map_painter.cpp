// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/gate_map_painter.h"

#include "widgets/models/run_series.h"
#include "widgets/util/formatting.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLinearGradient>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kMargin = 12;
constexpr double kMinCellWidth = 30;
constexpr double kMaxCellWidth = 64;
constexpr double kMinLabelWidth = 72;
constexpr double kBlockGap = 12;
constexpr double kRampWidth = 96;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(GateMap)
};

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](int x, int y) {
        return static_cast<int>(std::lround(x + (y - x) * share));
    };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

QString probabilityText(double p)
{
    return QLocale().toString(p, 'f', 2);
}

/// In a cell there is no room for "FP32".
QString bitsText(int bits)
{
    return QLocale().toString(bits);
}
} // namespace

GateMapData gateMapData(const RunHistory& history, const std::vector<GateRow>& rows,
                        std::optional<std::int64_t> step)
{
    GateMapData data;
    const HistorySeries* gates = history.find("gate_probabilities");
    const auto row = gates == nullptr ? std::nullopt : rowAt(*gates, step);
    if (!row) {
        return data;
    }
    for (const GateRow& one : rows) {
        GateMapData::Row shown;
        shown.name = one.name;
        if (one.weight) {
            shown.weight = QString::fromStdString(one.weight->name);
            shown.weightGates = one.weight->reading(*gates, *row);
            data.hasPruning = data.hasPruning || shown.weightGates.kept < 1;
        }
        if (one.activation) {
            shown.activation = QString::fromStdString(one.activation->name);
            shown.activationGates = one.activation->reading(*gates, *row);
        }
        data.rows.push_back(shown);
    }
    return data;
}

GateMapGeometry GateMapGeometry::of(const GateMapData& data, const QFont& font, double width)
{
    const QFontMetricsF metrics(font);
    GateMapGeometry geometry;
    const auto addBlock = [&geometry](bool isWeight, bool hasKept) {
        if (hasKept) {
            geometry.columns.push_back({GateColumn::Kind::Kept, isWeight, 0});
        }
        for (int level = 0; level < static_cast<int>(GateReading::kLevels.size()); ++level) {
            geometry.columns.push_back({GateColumn::Kind::Level, isWeight, level});
        }
        geometry.columns.push_back({GateColumn::Kind::Bits, isWeight, 0});
    };
    addBlock(true, data.hasPruning);
    addBlock(false, false);
    geometry.width = width;
    geometry.line = std::ceil(metrics.height());
    geometry.rowHeight = geometry.line + 8;
    geometry.headerHeight = 8 + 3 * (geometry.line + 6);
    geometry.gap = kBlockGap;
    double widest = 0;
    for (const GateMapData::Row& row : data.rows) {
        widest = std::max(widest, metrics.horizontalAdvance(row.name));
    }
    const auto columns = static_cast<double>(geometry.columns.size());
    const double least = columns * kMinCellWidth + geometry.gap + kMargin;
    geometry.labelWidth = std::clamp(std::ceil(widest) + kMargin + 10, kMinLabelWidth,
                                     std::max({kMinLabelWidth, width * 0.4, width - 2 * least}));
    if (geometry.labelWidth + least > width) { // names give way before cells scroll
        geometry.labelWidth = std::max(kMinLabelWidth, width - least);
    }
    geometry.cellWidth =
        std::clamp((width - geometry.labelWidth - geometry.gap - kMargin) / columns, kMinCellWidth,
                   kMaxCellWidth);
    return geometry;
}

std::pair<int, int> GateMapGeometry::block(bool isWeight) const
{
    const auto split = std::find_if(columns.begin(), columns.end(),
                                    [](const GateColumn& column) { return !column.isWeight; });
    const int middle = static_cast<int>(split - columns.begin());
    return isWeight ? std::pair(0, middle) : std::pair(middle, static_cast<int>(columns.size()));
}

QRectF GateMapGeometry::cell(int row, int column) const
{
    const double shift = column >= block(false).first ? gap : 0;
    return {labelWidth + column * cellWidth + shift - scrollX,
            headerHeight + row * rowHeight - scrollY, cellWidth, rowHeight};
}

QRectF GateMapGeometry::row(int row) const
{
    const QRectF last = cell(row, static_cast<int>(columns.size()) - 1);
    return {4, last.top(), last.right() - 4, rowHeight};
}

double GateMapGeometry::contentWidth() const
{
    return labelWidth + static_cast<double>(columns.size()) * cellWidth + gap + kMargin;
}

double GateMapGeometry::contentHeight(const GateMapData& data) const
{
    return static_cast<double>(data.rows.size()) * rowHeight + kMargin;
}

const GateReading* GateMapPainter::reading(int row, const GateColumn& column) const
{
    const GateMapData::Row& shown = m_data.rows[static_cast<std::size_t>(row)];
    if (column.isWeight) {
        return shown.weight.isEmpty() ? nullptr : &shown.weightGates;
    }
    return shown.activation.isEmpty() ? nullptr : &shown.activationGates;
}

void GateMapPainter::paintProbability(QPainter& painter, const QRectF& cell, double probability,
                                      bool isLevel, bool counts) const
{
    const QFontMetricsF metrics(m_font);
    const GateState state = gateStateOf(probability);
    const QColor full = Theme::magnitude(std::clamp(probability, 0.0, 1.0));
    // Gates above a shut one do not count: they stay readable but step back.
    const QColor ground = counts ? full : mixed(m_theme.base(), full, 0.35);
    painter.fillRect(cell, ground);
    const QColor ink = Theme::textOn(ground);
    if (isLevel && state == GateState::Absorbed) {
        QColor hatch = ink;
        hatch.setAlphaF(counts ? 0.35F : 0.22F);
        painter.fillRect(cell, QBrush(hatch, Qt::BDiagPattern));
    }
    const QString text = probabilityText(probability);
    const bool isOpen = isLevel && state == GateState::Open;
    const double room = cell.width() - 4;
    if (metrics.horizontalAdvance(text) <= room && m_geometry.rowHeight >= metrics.height()) {
        if (isLevel && state == GateState::Absorbed) { // the hatching must not cross the figures
            const double width = metrics.horizontalAdvance(text) + 4;
            painter.fillRect(
                QRectF(cell.center().x() - width / 2, cell.top() + 3, width, cell.height() - 6),
                ground);
        }
        painter.setPen(ink);
        painter.drawText(cell, Qt::AlignCenter, text);
    }
    if (isOpen) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        painter.drawRect(QRectF(cell.left() + 3, cell.bottom() - 4.5, cell.width() - 6, 2.5));
    }
}

void GateMapPainter::paintCell(QPainter& painter, int row, int column) const
{
    const GateColumn& what = m_geometry.columns[static_cast<std::size_t>(column)];
    const GateReading* gates = reading(row, what);
    const QRectF cell = m_geometry.cell(row, column).adjusted(0, 0, -1, -1);
    if (gates == nullptr) {
        return;
    }
    switch (what.kind) {
    case GateColumn::Kind::Kept:
        paintProbability(painter, cell, gates->kept, false, true);
        return;
    case GateColumn::Kind::Level: {
        const auto level = static_cast<std::size_t>(what.level);
        const bool counts = std::all_of(gates->levels.begin(), gates->levels.begin() + what.level,
                                        [](double p) { return gateStateOf(p) == GateState::Open; });
        paintProbability(painter, cell, gates->levels[level], true, counts);
        return;
    }
    case GateColumn::Kind::Bits: {
        const int bits = gates->bits();
        const QColor colour = Theme::bits(bits);
        const double height = std::min(cell.height() - 4, m_geometry.line + 2);
        const QRectF chip(cell.left() + 4, cell.center().y() - height / 2, cell.width() - 6,
                          height);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(chip, 4, 4);
        painter.setPen(Theme::textOn(colour));
        painter.drawText(chip, Qt::AlignCenter, bitsText(bits));
        return;
    }
    }
}

void GateMapPainter::paintRows(QPainter& painter, int first, int last) const
{
    const QFontMetricsF metrics(m_font);
    painter.setFont(m_font);
    for (int row = first; row <= last; ++row) {
        painter.save();
        painter.setClipRect(QRectF(m_geometry.labelWidth, m_geometry.headerHeight,
                                   m_geometry.width - m_geometry.labelWidth, 1e6),
                            Qt::IntersectClip);
        for (int column = 0; column < static_cast<int>(m_geometry.columns.size()); ++column) {
            const QRectF cell = m_geometry.cell(row, column);
            if (cell.right() > m_geometry.labelWidth && cell.left() < m_geometry.width) {
                paintCell(painter, row, column);
            }
        }
        painter.restore();
        const QRectF cell = m_geometry.cell(row, 0);
        if (m_geometry.rowHeight >= metrics.height()) {
            const QRectF label(kMargin, cell.top(), m_geometry.labelWidth - kMargin - 8,
                               m_geometry.rowHeight - 1);
            painter.setPen(m_theme.text());
            painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter,
                             metrics.elidedText(m_data.rows[static_cast<std::size_t>(row)].name,
                                                Qt::ElideMiddle, label.width()));
        }
    }
}

void GateMapPainter::paintLegend(QPainter& painter, const QRectF& place) const
{
    const QFontMetricsF metrics(m_font);
    double x = place.left();
    const auto write = [&](const QString& text, const QColor& colour) {
        const double room = place.right() - x;
        if (room < 24) {
            return;
        }
        painter.setPen(colour);
        painter.drawText(QRectF(x, place.top(), room, place.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideRight, room));
        x += metrics.horizontalAdvance(text) + 6;
    };
    write(Words::tr("P(open)"), m_theme.text());
    write(QLocale().toString(0), m_theme.dimText());
    const double width = std::min(kRampWidth, place.width() * 0.2);
    const QRectF ramp(x, place.center().y() - 6, width, 12);
    QLinearGradient gradient(ramp.topLeft(), ramp.topRight());
    for (int i = 0; i <= 16; ++i) {
        gradient.setColorAt(i / 16.0, Theme::magnitude(i / 16.0));
    }
    painter.fillRect(ramp, gradient);
    x = ramp.right() + 6;
    write(QLocale().toString(1), m_theme.dimText());
    // The same signs as in the cells.
    x += 8;
    QRectF sample(x, place.center().y() - 6, 22, 12);
    painter.fillRect(sample, Theme::magnitude(0.85));
    painter.fillRect(QRectF(sample.left() + 3, sample.bottom() - 4, sample.width() - 6, 2.5),
                     Theme::textOn(Theme::magnitude(0.85)));
    x = sample.right() + 6;
    write(Words::tr("open > %1").arg(QLocale().toString(kOpenProbability)), m_theme.dimText());
    x += 8;
    sample.moveLeft(x);
    if (sample.right() + 24 < place.right()) {
        const QColor ground = Theme::magnitude(0.2);
        painter.fillRect(sample, ground);
        QColor hatch = Theme::textOn(ground);
        hatch.setAlphaF(0.35F);
        painter.fillRect(sample, QBrush(hatch, Qt::BDiagPattern));
        x = sample.right() + 6;
        write(Words::tr("shut for good ≤ %1").arg(QLocale().toString(0.40, 'f', 2)),
              m_theme.dimText());
    }
}

void GateMapPainter::paintHeader(QPainter& painter) const
{
    const QFontMetricsF metrics(m_font);
    painter.setFont(m_font);
    painter.fillRect(QRectF(0, 0, m_geometry.width, m_geometry.headerHeight), m_theme.base());
    paintLegend(painter, {kMargin, 6, m_geometry.width - 2 * kMargin, m_geometry.line + 4});
    painter.save();
    painter.setClipRect(QRectF(m_geometry.labelWidth, 0, m_geometry.width, m_geometry.headerHeight),
                        Qt::IntersectClip);
    const double blockTop = 8 + m_geometry.line + 8;
    for (const bool isWeight : {true, false}) {
        const auto [first, last] = m_geometry.block(isWeight);
        const QRectF left = m_geometry.cell(0, first);
        const QRectF right = m_geometry.cell(0, last - 1);
        const QRectF title(left.left(), blockTop, right.right() - left.left() - 1, m_geometry.line);
        QFont bold = m_font;
        bold.setBold(true);
        painter.setFont(bold);
        painter.setPen(isWeight ? m_theme.weights() : m_theme.activations());
        painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF(bold).elidedText(isWeight ? Words::tr("Weights")
                                                                 : Words::tr("Activations"),
                                                        Qt::ElideRight, title.width()));
    }
    painter.setFont(m_font);
    painter.setPen(m_theme.dimText());
    const double top = m_geometry.headerHeight - m_geometry.line - 5;
    for (int column = 0; column < static_cast<int>(m_geometry.columns.size()); ++column) {
        const GateColumn& what = m_geometry.columns[static_cast<std::size_t>(column)];
        const QRectF cell = m_geometry.cell(0, column);
        const QString title =
            what.kind == GateColumn::Kind::Kept ? Words::tr("kept", "share of channels, short")
            : what.kind == GateColumn::Kind::Bits
                ? Words::tr("bits", "column of widths, short")
                : QLocale().toString(GateReading::kLevels.at(static_cast<std::size_t>(what.level)));
        painter.drawText(QRectF(cell.left(), top, cell.width() - 1, m_geometry.line),
                         Qt::AlignCenter,
                         metrics.elidedText(title, Qt::ElideRight, cell.width() - 1));
    }
    painter.restore();
    painter.setPen(QPen(m_theme.grid(), 1));
    painter.drawLine(QPointF(0, m_geometry.headerHeight - 0.5),
                     QPointF(m_geometry.width, m_geometry.headerHeight - 0.5));
}

void GateMapPainter::paintRowRing(QPainter& painter, int row) const
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.accent(), 2));
    painter.drawRoundedRect(m_geometry.row(row).adjusted(1, -1, 3, 0), 3, 3);
}

void GateMapPainter::paintCellRing(QPainter& painter, int row, int column) const
{
    const QRectF cell = m_geometry.cell(row, column).adjusted(0, 0, -1, -1);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.base(), 1.5));
    painter.drawRoundedRect(cell.adjusted(2.5, 2.5, -2.5, -2.5), 2, 2);
    painter.setPen(QPen(m_theme.accent(), 2.5));
    painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
}

} // namespace bitloom::ui
