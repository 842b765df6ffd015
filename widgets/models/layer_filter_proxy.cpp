// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_filter_proxy.h"

#include "widgets/models/layer_filter.h"
#include "widgets/models/layer_tree_model.h"
#include "widgets/models/roles.h"

namespace bitloom::ui {

namespace {
/// layer2 before layer10, whatever the locale (QCollator counts digits in some locales only).
bool naturallyLess(QStringView a, QStringView b)
{
    const auto digits = [](QStringView text, qsizetype from) {
        qsizetype end = from;
        while (end < text.size() && text[end].isDigit()) {
            ++end;
        }
        return text.mid(from, end - from);
    };
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() && j < b.size()) {
        const QStringView left = digits(a, i);
        const QStringView right = digits(b, j);
        if (!left.isEmpty() && !right.isEmpty()) {
            const auto value = [](QStringView number) { return number.toDouble(); };
            if (value(left) != value(right)) {
                return value(left) < value(right);
            }
            i += left.size();
            j += right.size();
            continue;
        }
        const QChar x = a[i++].toCaseFolded();
        const QChar y = b[j++].toCaseFolded();
        if (x != y) {
            return x < y;
        }
    }
    return a.size() - i < b.size() - j;
}
} // namespace

LayerFilterProxy::LayerFilterProxy(LayerTreeModel* layers, QObject* parent)
    : QSortFilterProxyModel(parent), m_layers(layers)
{
    setSortRole(SortRole);
    setRecursiveFilteringEnabled(true);
    setSourceModel(layers);
    connect(layers, &LayerTreeModel::rowsChanged, this, [this] {
        if (m_filter.needsColumns()) { // every change moves the percentiles
            refilter();
        }
        Q_EMIT matchesChanged();
    });
}

std::optional<FilterError> LayerFilterProxy::setFilterText(const QString& text)
{
    auto parsed = RowFilter::parse(text, layerFilterFields());
    if (const auto* error = std::get_if<FilterError>(&parsed)) {
        return *error;
    }
    Q_EMIT filterAboutToChange();
    m_filter = std::get<RowFilter>(std::move(parsed));
    m_text = text;
    refilter();
    Q_EMIT filterChanged(text);
    Q_EMIT matchesChanged();
    return std::nullopt;
}

void LayerFilterProxy::refilter()
{
    resolveFor(m_filter, *m_layers->rows());
    invalidateFilter();
}

QStringList LayerFilterProxy::matchingLayers() const
{
    QStringList names;
    for (const LayerRow& row : *m_layers->rows()) {
        if (m_filter.matches(LayerFilterRow(row))) {
            names.append(row.name);
        }
    }
    return names;
}

bool LayerFilterProxy::filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const
{
    if (m_filter.isEmpty()) {
        return true;
    }
    // A scope matches by its layers only: the base class then keeps it.
    const LayerRow* row = m_layers->rowAt(m_layers->index(sourceRow, 0, sourceParent));
    return row != nullptr && m_filter.matches(LayerFilterRow(*row));
}

bool LayerFilterProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(SortRole);
    const QVariant b = right.data(SortRole);
    if (a.isValid() != b.isValid()) {
        return a.isValid() == (sortOrder() == Qt::AscendingOrder);
    }
    if (a.typeId() == QMetaType::QString && b.typeId() == QMetaType::QString) {
        return naturallyLess(a.toString(), b.toString());
    }
    return a.toDouble() < b.toDouble();
}

} // namespace bitloom::ui
