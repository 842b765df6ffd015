// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/gate_map.h"

#include "widgets/util/formatting.h"

#include <algorithm>

namespace bitloom::ui {

namespace {
bool sameRows(const GateMapData& a, const GateMapData& b)
{
    return a.hasPruning == b.hasPruning &&
           std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(),
                      [](const auto& x, const auto& y) { return x.name == y.name; });
}
} // namespace

GateMap::GateMap(QWidget* parent) : CellMap(tr("Gates of all layers"), parent)
{
    const auto choose = [this](int row) {
        if (row != selectedRow()) {
            Q_EMIT rowActivated(row);
        }
    };
    connect(this, &CellMap::currentCellChanged, this, choose);
    connect(this, &CellMap::cellActivated, this, choose);
}

void GateMap::setData(std::shared_ptr<const GateMapData> gates)
{
    const bool hasSameRows = m_data && gates && sameRows(*m_data, *gates);
    m_data = std::move(gates);
    const bool isNothing = !m_data || m_data->rows.empty();
    m_cells = isNothing ? nullptr : std::make_shared<GateCells>(m_data);
    setContent(m_cells, hasSameRows);
}

std::optional<CellMap::Cell> GateMap::cellAt(QPointF position) const
{
    const CellGrid grid = scrolled();
    const int row = isEmpty() ? -1 : grid.rowAt(position.y());
    // The name stands for its row.
    return row >= 0 && position.x() < grid.labelWidth ? std::optional(Cell{row, 0})
                                                      : CellMap::cellAt(position);
}

QString GateMap::tooltipAt(int row, int column) const
{
    if (isEmpty() || row < 0 || row >= m_cells->rowCount() || column < 0 ||
        column >= static_cast<int>(m_cells->columns().size())) {
        return {};
    }
    const GateMapData::Row& shown = m_data->rows[static_cast<std::size_t>(row)];
    const GateColumn& what = m_cells->columns()[static_cast<std::size_t>(column)];
    const GateReading* gates = m_cells->reading(row, what);
    if (gates == nullptr) {
        return what.isWeight ? tr("%1: no weight is quantized here").arg(shown.name)
                             : tr("%1: no activation is quantized after it").arg(shown.name);
    }
    const QString quantizer = what.isWeight ? shown.weight : shown.activation;
    switch (what.kind) {
    case GateColumn::Kind::Kept:
        return tr("%1\nChannels are kept with probability %2 on average.")
            .arg(quantizer, formatSignificant(gates->kept));
    case GateColumn::Kind::Bits:
        return tr("%1\nEvaluation would take %n bit(s) now.", nullptr, gates->bits())
            .arg(quantizer);
    case GateColumn::Kind::Level:
        break;
    }
    const auto level = static_cast<std::size_t>(what.level);
    const double p = gates->levels[level];
    const QString state =
        gateStateOf(p) == GateState::Open ? tr("Open in evaluation (above 0.66).")
        : gateStateOf(p) == GateState::Undecided
            ? tr("Shut in evaluation, can still open while training.")
            : tr("Shut for good: at or below 0.40 (logit −2) nothing opens it again.");
    QString text = tr("%1, %n bit(s)\nP(open) = %2\n%3", nullptr, GateReading::kLevels.at(level))
                       .arg(quantizer, formatSignificant(p), state);
    if (!std::all_of(gates->levels.begin(), gates->levels.begin() + what.level,
                     [](double lower) { return gateStateOf(lower) == GateState::Open; })) {
        text += u'\n' + tr("It does not count: a lower level is shut.");
    }
    return text;
}

QString GateMap::csv() const
{
    QString text = QStringLiteral("quantizer,kept,p4,p8,p16,p32,bits\n");
    if (isEmpty()) {
        return text;
    }
    const auto add = [&text](const QString& quantizer, const GateReading& gates) {
        if (quantizer.isEmpty()) {
            return;
        }
        text += csvField(quantizer) + u',' + QString::number(gates.kept, 'g', 9);
        for (const double p : gates.levels) {
            text += u',' + QString::number(p, 'g', 9);
        }
        text += u',' + QString::number(gates.bits()) + u'\n';
    };
    for (const GateMapData::Row& row : m_data->rows) {
        add(row.weight, row.weightGates);
        add(row.activation, row.activationGates);
    }
    return text;
}

} // namespace bitloom::ui
