// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_tree_model.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

namespace bitloom::ui {

namespace {
std::uint32_t bitOf(LayerColumn column)
{
    return std::uint32_t{1} << static_cast<int>(column);
}

/// The columns in which two rows differ. The name's tooltip and the shared inputs belong to the
/// activation bits.
std::uint32_t changedColumns(const LayerRow& a, const LayerRow& b)
{
    std::uint32_t columns = 0;
    const auto note = [&columns](bool differs, LayerColumn column) {
        columns |= differs ? bitOf(column) : 0;
    };
    note(a.kind != b.kind || a.op != b.op, LayerColumn::Kind);
    note(a.weightShape != b.weightShape || a.outputShape != b.outputShape, LayerColumn::Shape);
    note(a.macs != b.macs, LayerColumn::Macs);
    note(a.parameters != b.parameters, LayerColumn::Parameters);
    note(a.hasWeight != b.hasWeight || !(a.weight == b.weight), LayerColumn::WeightBits);
    note(a.hasWeight != b.hasWeight || !(a.weight == b.weight) || !(a.activation == b.activation),
         LayerColumn::Scheme);
    note(!(a.activation == b.activation) || a.secondActivationBits != b.secondActivationBits ||
             a.sharedInput != b.sharedInput,
         LayerColumn::ActivationBits);
    note(a.bytes != b.bytes, LayerColumn::Bytes);
    note(a.bops != b.bops || a.bopsShare != b.bopsShare, LayerColumn::BopsShare);
    note(a.sensitivity != b.sensitivity, LayerColumn::Sensitivity);
    note(a.predictedLoss != b.predictedLoss, LayerColumn::PredictedLoss);
    if (a.locked != b.locked) { // what may be edited changes with it
        columns |= bitOf(LayerColumn::Locked) | bitOf(LayerColumn::WeightBits) |
                   bitOf(LayerColumn::ActivationBits);
    }
    return columns;
}

std::optional<BitTarget> targetOf(LayerColumn column)
{
    switch (column) {
    case LayerColumn::WeightBits:
        return BitTarget::Weights;
    case LayerColumn::ActivationBits:
        return BitTarget::Activations;
    default:
        return std::nullopt;
    }
}
} // namespace

LayerTreeModel::LayerTreeModel(QObject* parent) : QAbstractItemModel(parent)
{
    rebuild();
}

LayerTreeModel::~LayerTreeModel() = default;

void LayerTreeModel::setRows(std::shared_ptr<const LayerRows> rows)
{
    if (rows == nullptr) {
        rows = std::make_shared<const LayerRows>();
    }
    if (rows == m_rows) {
        return;
    }
    if (!sameStructure(*rows)) {
        beginResetModel();
        m_rows = std::move(rows);
        rebuild();
        endResetModel();
        Q_EMIT rowsChanged();
        return;
    }
    const auto before = std::exchange(m_rows, std::move(rows));
    std::map<int, ColumnSet> changed;                // by node, so that brothers follow each other
    std::map<int, ColumnSet, std::greater<>> scopes; // children before parents
    for (std::size_t i = 0; i < m_rows->size(); ++i) {
        const ColumnSet columns = changedColumns((*before)[i], (*m_rows)[i]);
        if (columns == 0) {
            continue;
        }
        const int layerNode = m_nodeOfLayer[i];
        m_sums[static_cast<std::size_t>(layerNode)] = sumsOf((*m_rows)[i]);
        changed[layerNode] = columns;
        if (const int above = node(layerNode).parent; above > 0) {
            scopes[above] |= columns;
        }
    }
    for (auto it = scopes.begin(); it != scopes.end(); ++it) {
        m_sums[static_cast<std::size_t>(it->first)] = childSums(it->first);
        changed[it->first] = it->second;
        if (const int above = node(it->first).parent; above > 0) {
            scopes[above] |= it->second; // above has a smaller number: it comes later
        }
    }
    if (!changed.empty()) {
        tellChanges({changed.begin(), changed.end()});
        Q_EMIT rowsChanged();
    }
}

bool LayerTreeModel::sameStructure(const LayerRows& rows) const
{
    return m_rows != nullptr && std::equal(rows.begin(), rows.end(), m_rows->begin(), m_rows->end(),
                                           [](const LayerRow& a, const LayerRow& b) {
                                               return a.name == b.name && a.scope == b.scope;
                                           });
}

void LayerTreeModel::rebuild()
{
    if (m_rows == nullptr) {
        m_rows = std::make_shared<const LayerRows>();
    }
    m_nodes = scopeTree(*m_rows, m_flat);
    m_sums.assign(m_nodes.size(), {});
    m_nodeOfLayer.assign(m_rows->size(), 0);
    m_layerIndex.clear();
    m_layerIndex.reserve(static_cast<qsizetype>(m_rows->size()));
    for (int i = static_cast<int>(m_nodes.size()) - 1; i > 0; --i) {
        if (node(i).layer < 0) {
            m_sums[static_cast<std::size_t>(i)] = childSums(i);
            continue;
        }
        const auto layer = static_cast<std::size_t>(node(i).layer);
        m_sums[static_cast<std::size_t>(i)] = sumsOf((*m_rows)[layer]);
        m_nodeOfLayer[layer] = i;
        m_layerIndex.insert((*m_rows)[layer].name, static_cast<int>(layer));
    }
}

LayerSums LayerTreeModel::childSums(int parentNode) const
{
    LayerSums sum;
    for (const int child : node(parentNode).children) {
        add(sum, m_sums[static_cast<std::size_t>(child)]);
    }
    return sum;
}

void LayerTreeModel::tellChanges(const std::vector<std::pair<int, ColumnSet>>& changed)
{
    // One signal for brothers that follow each other and changed in the same columns.
    for (std::size_t i = 0; i < changed.size();) {
        const auto [first, columns] = changed[i];
        int last = first;
        std::size_t next = i + 1;
        while (next < changed.size() && changed[next].second == columns &&
               node(changed[next].first).parent == node(first).parent &&
               node(changed[next].first).row == node(last).row + 1) {
            last = changed[next].first;
            ++next;
        }
        i = next;
        const int left = std::countr_zero(columns);
        const int right = static_cast<int>(std::bit_width(columns)) - 1;
        Q_EMIT dataChanged(indexOfNode(first, left), indexOfNode(last, right));
    }
}

void LayerTreeModel::setFlat(bool flat)
{
    if (flat == m_flat) {
        return;
    }
    beginResetModel();
    m_flat = flat;
    rebuild();
    endResetModel();
}

void LayerTreeModel::setLossUnit(const QString& unit)
{
    if (unit == m_lossUnit) {
        return;
    }
    m_lossUnit = unit;
    Q_EMIT headerDataChanged(Qt::Horizontal, static_cast<int>(LayerColumn::Sensitivity),
                             static_cast<int>(LayerColumn::PredictedLoss));
}

int LayerTreeModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<int>(index.internalId()) : 0;
}

QModelIndex LayerTreeModel::indexOfNode(int nodeIndex, int column) const
{
    return nodeIndex == 0
               ? QModelIndex()
               : createIndex(node(nodeIndex).row, column, static_cast<quintptr>(nodeIndex));
}

QModelIndex LayerTreeModel::indexOf(const QString& layer, LayerColumn column) const
{
    const auto it = m_layerIndex.constFind(layer);
    return it == m_layerIndex.constEnd() ? QModelIndex()
                                         : indexOfNode(m_nodeOfLayer[static_cast<std::size_t>(*it)],
                                                       static_cast<int>(column));
}

void LayerTreeModel::collectLayers(std::vector<int> waiting, std::vector<int>& layers) const
{
    std::vector<bool> seen(m_nodes.size());
    while (!waiting.empty()) {
        const auto next = static_cast<std::size_t>(waiting.back());
        waiting.pop_back();
        if (seen[next]) {
            continue;
        }
        seen[next] = true;
        const ScopeNode& entry = m_nodes[next];
        if (entry.layer >= 0) {
            layers.push_back(entry.layer);
        }
        waiting.insert(waiting.end(), entry.children.begin(), entry.children.end());
    }
    std::sort(layers.begin(), layers.end());
}

QStringList LayerTreeModel::layersAt(const QModelIndexList& rows) const
{
    std::vector<int> nodes;
    for (const QModelIndex& index : rows) {
        if (isOurs(index)) {
            nodes.push_back(nodeOf(index));
        }
    }
    std::vector<int> layers;
    collectLayers(std::move(nodes), layers);
    QStringList names;
    names.reserve(static_cast<qsizetype>(layers.size()));
    for (const int layer : layers) {
        names.append((*m_rows)[static_cast<std::size_t>(layer)].name);
    }
    return names;
}

const LayerRow* LayerTreeModel::rowAt(const QModelIndex& index) const
{
    const int layer = isOurs(index) ? node(nodeOf(index)).layer : -1;
    return layer < 0 ? nullptr : &(*m_rows)[static_cast<std::size_t>(layer)];
}

QModelIndex LayerTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(
        row, column,
        static_cast<quintptr>(node(nodeOf(parent)).children[static_cast<std::size_t>(row)]));
}

QModelIndex LayerTreeModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOfNode(node(nodeOf(child)).parent, 0) : QModelIndex();
}

int LayerTreeModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(node(nodeOf(parent)).children.size());
}

int LayerTreeModel::columnCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : kLayerColumns;
}

QList<int> LayerTreeModel::legalBitsAt(int nodeIndex, BitTarget target) const
{
    std::vector<int> layers;
    collectLayers({nodeIndex}, layers);
    std::set<int> widths;
    for (const int layer : layers) {
        for (const int bits : legalBits((*m_rows)[static_cast<std::size_t>(layer)], target)) {
            widths.insert(bits);
        }
    }
    return {widths.begin(), widths.end()};
}

Qt::ItemFlags LayerTreeModel::flags(const QModelIndex& index) const
{
    if (!isOurs(index)) {
        return Qt::NoItemFlags;
    }
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    const auto column = static_cast<LayerColumn>(index.column());
    const LayerSums& sums = m_sums[static_cast<std::size_t>(nodeOf(index))];
    const bool editable =
        sums.locked < sums.layers && (column == LayerColumn::ActivationBits ||
                                      (column == LayerColumn::WeightBits && sums.weightBits));
    flags.setFlag(Qt::ItemIsEditable, editable);
    flags.setFlag(Qt::ItemIsUserCheckable, column == LayerColumn::Locked);
    return flags;
}

QVariant LayerTreeModel::data(const QModelIndex& index, int role) const
{
    if (!isOurs(index)) {
        return {};
    }
    const auto column = static_cast<LayerColumn>(index.column());
    if (role == Qt::WhatsThisRole) {
        return headerData(index.column(), Qt::Horizontal, role);
    }
    if (role == LayerNamesRole) {
        return layersAt(index);
    }
    const int nodeIndex = nodeOf(index);
    const LayerSums& sums = m_sums[static_cast<std::size_t>(nodeIndex)];
    if (const auto target = targetOf(column)) {
        if (role == LegalBitsRole) {
            return QVariant::fromValue(legalBitsAt(nodeIndex, *target));
        }
        if (role == Qt::EditRole) {
            const auto& range =
                *target == BitTarget::Weights ? sums.weightBits : sums.activationBits;
            return range && !range->isMixed() ? QVariant(range->lowest) : QVariant();
        }
    }
    const ScopeNode& entry = node(nodeIndex);
    return layerCellData({entry.label, entry.path, sums, rowAt(index), m_lossUnit}, column, role);
}

QVariant LayerTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kLayerColumns) {
        return {};
    }
    return layerHeaderData(static_cast<LayerColumn>(section), role, m_lossUnit);
}

bool LayerTreeModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!isOurs(index)) {
        return false;
    }
    const auto column = static_cast<LayerColumn>(index.column());
    if (column == LayerColumn::Locked && role == Qt::CheckStateRole) {
        Q_EMIT lockRequested(layersAt(index), value.toInt() == Qt::Checked);
        return true;
    }
    const auto target = targetOf(column);
    bool isNumber = false;
    const int bits = value.toInt(&isNumber);
    if (!target || role != Qt::EditRole || !isNumber) {
        return false;
    }
    std::vector<int> layers;
    collectLayers({nodeOf(index)}, layers);
    QStringList names;
    for (const int layer : layers) {
        const LayerRow& row = (*m_rows)[static_cast<std::size_t>(layer)];
        if (legalBits(row, *target).contains(bits)) {
            names.append(row.name);
        }
    }
    if (names.isEmpty()) {
        return false;
    }
    Q_EMIT editRequested(names, *target, bits);
    return true;
}

} // namespace bitloom::ui
