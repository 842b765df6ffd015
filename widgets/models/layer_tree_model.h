// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_cells.h"
#include "widgets/models/layer_rows.h"
#include "widgets/models/layer_scopes.h"

#include <QAbstractItemModel>
#include <QHash>

#include <memory>

namespace bitloom::ui {

/// The layers of a plan as a tree of scopes (or as a flat list), with sums on the scopes.
///
/// The model changes nothing itself: edits in views become editRequested and lockRequested, and the
/// answer arrives as new rows. Nothing is computed but sums. GUI thread only.
class LayerTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    explicit LayerTreeModel(QObject* parent = nullptr);
    ~LayerTreeModel() override;

    /// Resets only if names or their order changed; otherwise tells which rows and columns changed.
    /// Cost: comparing all rows, and work for the changed ones and their scopes. Null: no model.
    void setRows(std::shared_ptr<const LayerRows> rows);
    std::shared_ptr<const LayerRows> rows() const { return m_rows; }

    void setFlat(bool flat);
    bool isFlat() const { return m_flat; }

    /// Unit of sensitivity and predicted loss, shown in headers and tooltips.
    void setLossUnit(const QString& unit);

    /// The row of a layer; invalid if the model has no such layer.
    QModelIndex indexOf(const QString& layer, LayerColumn column = LayerColumn::Name) const;
    /// The layer, or all layers below the scope, in execution order.
    QStringList layersAt(const QModelIndex& index) const
    {
        return layersAt(QModelIndexList{index});
    }
    /// Each once, in execution order; time grows with the rows and layers, however they overlap.
    QStringList layersAt(const QModelIndexList& rows) const;
    /// Null on a scope.
    const LayerRow* rowAt(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    /// A width in a bits column, a check state in the locked column. Emits a request and returns
    /// true if there is something to change.
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

Q_SIGNALS:
    /// After each setRows that changed something, when all else has been told.
    void rowsChanged();
    /// Unlocked layers for which the width is legal, never empty.
    void editRequested(const QStringList& layers, bitloom::ui::BitTarget target, int bits);
    void lockRequested(const QStringList& layers, bool locked);

private:
    using ColumnSet = std::uint32_t; ///< bit i: LayerColumn i

    bool sameStructure(const LayerRows& rows) const;
    void rebuild();
    /// Sums of the node's children.
    LayerSums childSums(int node) const;
    void tellChanges(const std::vector<std::pair<int, ColumnSet>>& changed);
    bool isOurs(const QModelIndex& index) const { return index.isValid() && index.model() == this; }
    int nodeOf(const QModelIndex& index) const;
    const ScopeNode& node(int index) const { return m_nodes[static_cast<std::size_t>(index)]; }
    QModelIndex indexOfNode(int node, int column) const;
    /// Adds the layers at and below the nodes, each once, and sorts all.
    void collectLayers(std::vector<int> nodes, std::vector<int>& layers) const;
    QList<int> legalBitsAt(int node, BitTarget target) const;

    std::shared_ptr<const LayerRows> m_rows;
    std::vector<ScopeNode> m_nodes;
    std::vector<LayerSums> m_sums;    ///< per node
    std::vector<int> m_nodeOfLayer;   ///< per row
    QHash<QString, int> m_layerIndex; ///< by name
    QString m_lossUnit;
    bool m_flat = false;
};

} // namespace bitloom::ui
