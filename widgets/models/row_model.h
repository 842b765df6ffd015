// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/column_header.h"

#include <QAbstractTableModel>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace bitloom::ui {

/// A table with a line per Row and the fixed columns 0 to Columns - 1 of the enum Column. It guards
/// the indices; who derives says what stands in a cell.
template <typename Row, typename Column, int Columns>
class RowModel : public QAbstractTableModel {
public:
    static constexpr int kColumns = Columns;

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const final
    {
        return parent.isValid() ? 0 : static_cast<int>(lines().size());
    }
    int columnCount(const QModelIndex& parent = {}) const final
    {
        return parent.isValid() ? 0 : kColumns;
    }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const final
    {
        if (!index.isValid() || index.model() != this || index.row() >= rowCount()) {
            return {};
        }
        const auto column = static_cast<Column>(index.column());
        return role == Qt::TextAlignmentRole
                   ? columnAlignment(isNumber(column))
                   : cell(lines()[static_cast<std::size_t>(index.row())], column, role);
    }
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const final
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= kColumns) {
            return {};
        }
        const auto column = static_cast<Column>(section);
        return columnHeaderData(header(column), isNumber(column), role);
    }

protected:
    virtual std::span<const Row> lines() const = 0;
    /// Of every role but the alignment.
    virtual QVariant cell(const Row& row, Column column, int role) const = 0;
    virtual ColumnHeader header(Column column) const = 0;
    /// Whether its cells stand right.
    virtual bool isNumber(Column column) const = 0;

    /// Puts rows in place of the shown ones, which lines() gives. Rows that are of the same things
    /// change in place, so that selection and position stay.
    template <typename IsSame>
    void replaceRows(std::vector<Row>& shown, std::vector<Row> rows, IsSame isSame)
    {
        if (!std::equal(rows.begin(), rows.end(), shown.begin(), shown.end(), isSame)) {
            beginResetModel();
            shown = std::move(rows);
            endResetModel();
            return;
        }
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i] != shown[i]) {
                shown[i] = std::move(rows[i]);
                const int row = static_cast<int>(i);
                Q_EMIT dataChanged(index(row, 0), index(row, kColumns - 1));
            }
        }
    }
};

/// The rows that an immutable report lists. Rows: that member of it, a vector.
template <auto Rows, typename Column, int Columns>
class ReportModel;

template <typename Report, typename List, List Report::*Rows, typename Column, int Columns>
class ReportModel<Rows, Column, Columns>
    : public RowModel<typename List::value_type, Column, Columns> {
    using Base = RowModel<typename List::value_type, Column, Columns>;

public:
    using Base::Base;

    void setReport(std::shared_ptr<const Report> report) ///< null: none
    {
        if (report != m_report) {
            this->beginResetModel();
            m_report = std::move(report);
            this->endResetModel();
        }
    }

protected:
    std::span<const typename List::value_type> lines() const final
    {
        return m_report ? std::span(*m_report.*Rows) : std::span<const typename List::value_type>();
    }

private:
    std::shared_ptr<const Report> m_report;
};

} // namespace bitloom::ui
