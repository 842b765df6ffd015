// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map.h"

#include <QLocale>

#include <cmath>

namespace bitloom::ui {

HeatMap::HeatMap(QWidget* parent) : CellMap(tr("Heat map"), parent)
{
}

void HeatMap::setData(std::shared_ptr<const HeatMapData> matrix)
{
    const bool hasSameRows = m_data && matrix && m_data->rows == matrix->rows &&
                             m_data->columns.size() == matrix->columns.size();
    m_data = std::move(matrix);
    const bool isNothing = !m_data || m_data->isEmpty();
    setContent(isNothing ? nullptr : std::make_shared<HeatCells>(m_data), hasSameRows);
}

void HeatMap::setClickHint(std::function<QString(int, int)> hint)
{
    m_clickHint = std::move(hint);
}

QString HeatMap::tooltipAt(int row, int column) const
{
    if (isEmpty() || row < 0 || row >= m_data->rows.size() || column < 0 ||
        column >= m_data->columns.size()) {
        return {};
    }
    const double value = m_data->valueAt(row, column);
    QString text = tr("%1, bits: %2").arg(m_data->rows.at(row), m_data->columns.at(column));
    text += u'\n' + (std::isfinite(value)
                         ? tr("%1: %2").arg(m_data->legend, QLocale().toString(value, 'g', 10))
                         : tr("%1: not measured yet").arg(m_data->legend));
    if (m_data->chosenAt(row) == column) {
        text += u'\n' + tr("Used by the plan");
    } else if (m_clickHint) {
        text += u'\n' + m_clickHint(row, column);
    }
    return text;
}

QString HeatMap::csv() const
{
    QString text = QStringLiteral("name");
    if (isEmpty()) {
        return text + u'\n';
    }
    for (const QString& column : m_data->columns) {
        text += u',' + csvField(column);
    }
    text += QStringLiteral(",chosen\n");
    for (int row = 0; row < m_data->rows.size(); ++row) {
        text += csvField(m_data->rows.at(row));
        for (int column = 0; column < m_data->columns.size(); ++column) {
            const double value = m_data->valueAt(row, column);
            text += u',' + (std::isfinite(value) ? QString::number(value, 'g', 17) : QString());
        }
        const int chosen = m_data->chosenAt(row);
        text += u',' + (chosen >= 0 && chosen < m_data->columns.size()
                            ? csvField(m_data->columns.at(chosen))
                            : QString());
        text += u'\n';
    }
    return text;
}

} // namespace bitloom::ui
