// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/gate_cells.h"

#include "widgets/models/run_series.h"
#include "widgets/plots/chart_metrics.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kMinGateWidth = 30;
constexpr double kMaxGateWidth = 64;
constexpr double kMinGateLabelWidth = 72;
constexpr double kBlockGap = 12;
constexpr double kRampWidth = 96;

struct GateWords {
    Q_DECLARE_TR_FUNCTIONS(GateMap)
};

QString probabilityText(double p)
{
    return QLocale().toString(p, 'f', 2);
}

/// In a cell there is no room for "FP32".
QString bitsText(int bits)
{
    return QLocale().toString(bits);
}

void hatch(QPainter& painter, const QRectF& cell, QColor ink, float opacity)
{
    ink.setAlphaF(opacity);
    painter.fillRect(cell, QBrush(ink, Qt::BDiagPattern));
}

/// counts: no lower gate is shut.
void paintProbability(const CellCanvas& canvas, const QRectF& cell, double probability,
                      bool isLevel, bool counts)
{
    const auto& [painter, grid, theme, font] = canvas;
    const QFontMetricsF metrics(font);
    const GateState state = gateStateOf(probability);
    const QColor full = Theme::magnitude(std::clamp(probability, 0.0, 1.0));
    // Gates above a shut one stay readable but step back.
    const QColor ground = counts ? full : mixed(theme.base(), full, 0.35);
    painter.fillRect(cell, ground);
    const QColor ink = Theme::textOn(ground);
    const bool isAbsorbed = isLevel && state == GateState::Absorbed;
    if (isAbsorbed) {
        hatch(painter, cell, ink, counts ? 0.35F : 0.22F);
    }
    const QString text = probabilityText(probability);
    const double width = metrics.horizontalAdvance(text) + 4;
    if (width <= cell.width() && grid.hasRoomForText()) {
        if (isAbsorbed) { // the hatching must not cross the figures
            painter.fillRect(
                QRectF(cell.center().x() - width / 2, cell.top() + 3, width, cell.height() - 6),
                ground);
        }
        painter.setPen(ink);
        painter.drawText(cell, Qt::AlignCenter, text);
    }
    if (isLevel && state == GateState::Open) {
        painter.fillRect(QRectF(cell.left() + 3, cell.bottom() - 4.5, cell.width() - 6, 2.5), ink);
    }
}

void paintWidth(const CellCanvas& canvas, const QRectF& cell, int bits)
{
    QPainter& painter = canvas.painter;
    const QColor colour = Theme::bits(bits);
    const double height = std::min(cell.height() - 4, canvas.grid.line + 2);
    const QRectF chip(cell.left() + 4, cell.center().y() - height / 2, cell.width() - 6, height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(chip, 4, 4);
    painter.setPen(Theme::textOn(colour));
    painter.drawText(chip, Qt::AlignCenter, bitsText(bits));
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

GateCells::GateCells(std::shared_ptr<const GateMapData> data) : m_data(std::move(data))
{
    for (const bool isWeight : {true, false}) {
        if (isWeight && m_data->hasPruning) {
            m_columns.push_back({GateColumn::Kind::Kept, isWeight, 0});
        }
        for (int level = 0; level < static_cast<int>(GateReading::kLevels.size()); ++level) {
            m_columns.push_back({GateColumn::Kind::Level, isWeight, level});
        }
        m_columns.push_back({GateColumn::Kind::Bits, isWeight, 0});
        if (isWeight) {
            m_firstActivation = static_cast<int>(m_columns.size());
        }
    }
}

QString GateCells::summary() const
{
    return GateWords::tr("Arrow keys move from gate to gate");
}

QString GateCells::label(int row) const
{
    return m_data->rows[static_cast<std::size_t>(row)].name;
}

const GateReading* GateCells::reading(int row, const GateColumn& column) const
{
    const GateMapData::Row& shown = m_data->rows[static_cast<std::size_t>(row)];
    if (column.isWeight) {
        return shown.weight.isEmpty() ? nullptr : &shown.weightGates;
    }
    return shown.activation.isEmpty() ? nullptr : &shown.activationGates;
}

CellGrid GateCells::grid(const QFont& font, double width) const
{
    const QFontMetricsF metrics(font);
    CellGrid grid;
    grid.rows = rowCount();
    grid.columns = static_cast<int>(m_columns.size());
    grid.width = width;
    grid.line = std::ceil(metrics.height());
    grid.rowHeight = grid.line + 8;
    grid.headerHeight = 8 + 3 * (grid.line + 6);
    grid.gapBefore = m_firstActivation;
    grid.gap = kBlockGap;
    const double least = grid.columns * kMinGateWidth + grid.gap + kMargin;
    grid.labelWidth = std::clamp(std::ceil(widestLabel(metrics)) + kMargin + 10, kMinGateLabelWidth,
                                 std::max({kMinGateLabelWidth, width * 0.4, width - 2 * least}));
    if (grid.labelWidth + least > width) { // names give way before cells scroll
        grid.labelWidth = std::max(kMinGateLabelWidth, width - least);
    }
    grid.cellWidth = std::clamp((width - grid.labelWidth - grid.gap - kMargin) / grid.columns,
                                kMinGateWidth, kMaxGateWidth);
    return grid;
}

void GateCells::paintCell(const CellCanvas& canvas, int row, int column, const QRectF& cell) const
{
    const GateColumn& what = m_columns[static_cast<std::size_t>(column)];
    const GateReading* gates = reading(row, what);
    if (gates == nullptr) {
        return;
    }
    switch (what.kind) {
    case GateColumn::Kind::Kept:
        paintProbability(canvas, cell, gates->kept, false, true);
        return;
    case GateColumn::Kind::Level: {
        const auto level = gates->levels.begin() + what.level;
        const bool counts = std::all_of(gates->levels.begin(), level,
                                        [](double p) { return gateStateOf(p) == GateState::Open; });
        paintProbability(canvas, cell, *level, true, counts);
        return;
    }
    case GateColumn::Kind::Bits:
        paintWidth(canvas, cell, gates->bits());
        return;
    }
}

QString GateCells::columnTitle(int column) const
{
    const GateColumn& what = m_columns[static_cast<std::size_t>(column)];
    switch (what.kind) {
    case GateColumn::Kind::Kept:
        return GateWords::tr("kept", "share of channels, short");
    case GateColumn::Kind::Bits:
        return GateWords::tr("bits", "column of widths, short");
    case GateColumn::Kind::Level:
        break;
    }
    return QLocale().toString(GateReading::kLevels.at(static_cast<std::size_t>(what.level)));
}

void GateCells::paintTitles(const CellCanvas& canvas) const
{
    const CellGrid& grid = canvas.grid;
    QFont bold = canvas.font;
    bold.setBold(true);
    canvas.painter.setFont(bold);
    const auto title = [&](int first, int last, const QString& text, const QColor& colour) {
        const double left = grid.cell(0, first).left();
        const QRectF place(left, 8 + grid.line + 8, grid.cell(0, last).right() - left - 1,
                           grid.line);
        write({canvas.painter, grid, canvas.theme, bold}, place, text, colour);
    };
    title(0, m_firstActivation - 1, GateWords::tr("Weights"), canvas.theme.weights());
    title(m_firstActivation, grid.columns - 1, GateWords::tr("Activations"),
          canvas.theme.activations());
    canvas.painter.setFont(canvas.font);
    CellContent::paintTitles(canvas);
}

void GateCells::paintLegend(const CellCanvas& canvas, const QRectF& place) const
{
    QPainter& painter = canvas.painter;
    const QColor dim = canvas.theme.dimText();
    const double middle = place.center().y();
    double x = place.left();
    const auto word = [&](const QString& text, const QColor& colour) {
        const QRectF room(x, place.top(), place.right() - x, place.height());
        x += write(canvas, room, text, colour) + 6;
    };
    word(GateWords::tr("P(open)"), canvas.theme.text());
    word(QLocale().toString(0), dim);
    const double width = std::min(kRampWidth, place.width() * 0.2);
    paintRamp(painter, {x, middle - 6, width, 12});
    x += width + 6;
    word(QLocale().toString(1), dim);
    // The same signs as in the cells.
    x += 8;
    QRectF sample(x, middle - 6, 22, 12);
    painter.fillRect(sample, Theme::magnitude(0.85));
    painter.fillRect(QRectF(sample.left() + 3, sample.bottom() - 4, sample.width() - 6, 2.5),
                     Theme::textOn(Theme::magnitude(0.85)));
    x = sample.right() + 6;
    word(GateWords::tr("open > %1").arg(QLocale().toString(kOpenProbability)), dim);
    sample.moveLeft(x + 8);
    if (sample.right() + 24 < place.right()) {
        const QColor ground = Theme::magnitude(0.2);
        painter.fillRect(sample, ground);
        hatch(painter, sample, Theme::textOn(ground), 0.35F);
        x = sample.right() + 6;
        word(GateWords::tr("shut for good ≤ %1").arg(QLocale().toString(0.40, 'f', 2)), dim);
    }
}

} // namespace bitloom::ui
