// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/row_filter.h"

#include <QSortFilterProxyModel>

namespace bitloom::ui {

class LayerTreeModel;

/// Shows the layers that match a filter, with the scopes above them. Without a sort column the
/// layers stay in execution order; sorting is by raw values, unknown ones last in either direction.
class LayerFilterProxy final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit LayerFilterProxy(LayerTreeModel* layers, QObject* parent = nullptr);

    /// Absent: accepted. An error leaves the filter as it is.
    std::optional<FilterError> setFilterText(const QString& text);
    QString filterText() const { return m_text; }
    /// Names of the layers that match, in execution order.
    QStringList matchingLayers() const;

Q_SIGNALS:
    void filterAboutToChange();
    void filterChanged(const QString& text);
    /// The filter or the rows changed: other layers may match.
    void matchesChanged();

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    void refilter();

    LayerTreeModel* m_layers;
    RowFilter m_filter;
    QString m_text;
};

} // namespace bitloom::ui
