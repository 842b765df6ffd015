// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/layer_columns.h"

#include "widgets/models/layer_cells.h"
#include "widgets/views/cell_painting.h"
#include "widgets/views/table_columns.h"

#include <QHeaderView>
#include <QScopedValueRollback>
#include <QSet>
#include <QTreeView>

#include <algorithm>
#include <array>

namespace bitloom::ui {

namespace {
constexpr std::array kFlexible{LayerColumn::Name, LayerColumn::BopsShare};

bool isFlexible(int column)
{
    return std::find(kFlexible.begin(), kFlexible.end(), static_cast<LayerColumn>(column)) !=
           kFlexible.end();
}
} // namespace

LayerColumns::LayerColumns(QTreeView& view) : QObject(&view), m_view(view)
{
    connect(view.header(), &QHeaderView::sectionResized, this, [this](int, int before, int now) {
        if (m_fitting) {
            return;
        }
        if (before != 0 && now != 0) { // else it was shown or hidden
            m_chosen = true;
        }
        fit();
    });
    connect(view.model(), &QAbstractItemModel::headerDataChanged, this,
            [this](Qt::Orientation, int first, int last) { titlesChanged(first, last); });
    connect(view.model(), &QAbstractItemModel::modelReset, this, &LayerColumns::fit);
    reset();
}

void LayerColumns::reset()
{
    {
        const QScopedValueRollback<bool> quiet(m_fitting, true);
        const QSet<LayerColumn> hidden{LayerColumn::Kind, LayerColumn::Shape,
                                       LayerColumn::Parameters, LayerColumn::Scheme};
        for (int column = 0; column < kLayerColumns; ++column) {
            m_view.header()->moveSection(m_view.header()->visualIndex(column), column);
            m_view.setColumnHidden(column, hidden.contains(static_cast<LayerColumn>(column)));
        }
    }
    m_chosen = false;
    m_digitWidth = characters(1);
    m_view.sortByColumn(-1, Qt::AscendingOrder);
    fit();
}

QByteArray LayerColumns::save() const
{
    return savedColumns(m_view, m_chosen);
}

bool LayerColumns::restore(const QByteArray& json)
{
    if (!restoreColumns(m_view, json)) {
        return false;
    }
    fit();
    return true;
}

void LayerColumns::fit()
{
    if (m_chosen || m_fitting) {
        return;
    }
    const QScopedValueRollback<bool> quiet(m_fitting, true);
    std::array<int, kLayerColumns> widths{};
    int left = m_view.viewport()->width();
    int give = 0;
    for (int column = 0; column < kLayerColumns; ++column) {
        if (m_view.isColumnHidden(column)) {
            continue;
        }
        const auto at = static_cast<std::size_t>(column);
        widths[at] = usualWidth(column);
        left -= widths[at];
        give += isFlexible(column) ? widths[at] - leastWidth(column) : 0;
    }
    for (const LayerColumn flexible : kFlexible) {
        const int column = static_cast<int>(flexible);
        int& width = widths[static_cast<std::size_t>(column)];
        if (width == 0) {
            continue;
        }
        if (left > 0) {
            const int more = std::min(left, std::max(mostWidth(column) - width, 0));
            width += more;
            left -= more;
        } else if (give > 0) { // each its share of what is missing
            const int mine = width - leastWidth(column);
            width -= std::min(mine, (-left * mine + give - 1) / give);
        }
    }
    for (int column = 0; column < kLayerColumns; ++column) {
        if (const int width = widths[static_cast<std::size_t>(column)]; width > 0) {
            m_view.setColumnWidth(column, width);
        }
    }
}

void LayerColumns::followFont()
{
    const int digit = characters(1);
    if (m_chosen && m_digitWidth > 0) {
        const QScopedValueRollback<bool> quiet(m_fitting, true);
        for (int column = 0; column < kLayerColumns; ++column) {
            if (!m_view.isColumnHidden(column)) {
                m_view.setColumnWidth(column, m_view.columnWidth(column) * digit / m_digitWidth);
            }
        }
    }
    m_digitWidth = digit;
    fit();
}

void LayerColumns::titlesChanged(int first, int last)
{
    fit();
    for (int column = first; m_chosen && column <= last; ++column) { // room for the unit
        if (!m_view.isColumnHidden(column)) {
            m_view.setColumnWidth(column, std::max(m_view.columnWidth(column), titleWidth(column)));
        }
    }
}

int LayerColumns::characters(int count) const
{
    return m_view.fontMetrics().horizontalAdvance(u'0') * count;
}

int LayerColumns::titleWidth(int column) const
{
    const QString title = m_view.model()->headerData(column, Qt::Horizontal).toString();
    int width = 0;
    for (const QString& line : title.split(u'\n')) {
        width = std::max(width, m_view.fontMetrics().horizontalAdvance(line));
    }
    return width + 2 * kCellMargin + 2;
}

int LayerColumns::usualWidth(int column) const
{
    const int wanted = [column] {
        switch (static_cast<LayerColumn>(column)) {
        case LayerColumn::Name:
            return 20;
        case LayerColumn::Kind:
            return 9;
        case LayerColumn::Shape:
            return 17;
        case LayerColumn::Scheme:
            return 25;
        case LayerColumn::BopsShare:
            return 17;
        default:
            return 7;
        }
    }();
    return std::max(titleWidth(column), characters(wanted) + 2 * kCellMargin + 2);
}

int LayerColumns::leastWidth(int column) const
{
    const int least = static_cast<LayerColumn>(column) == LayerColumn::Name ? 14 : 11;
    return std::min(usualWidth(column), std::max(titleWidth(column), characters(least)));
}

int LayerColumns::mostWidth(int column) const
{
    return characters(static_cast<LayerColumn>(column) == LayerColumn::Name ? 44 : 30);
}

} // namespace bitloom::ui
