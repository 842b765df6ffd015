// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_rows.h"
#include "widgets/models/row_filter.h"

namespace bitloom::ui {

/// Names of a layer's properties in filters: name, scope, op, kind, scheme, bits, wbits, abits,
/// share, macs, params, bytes, bops, sens, loss, locked.
const std::vector<FilterField>& layerFilterFields();

/// A layer as the filter sees it. Refers to the row.
class LayerFilterRow final : public FilterRow {
public:
    explicit LayerFilterRow(const LayerRow& row) : m_row(row) {}
    FilterNumbers numbers(int field) const override;
    QStringList texts(int field) const override;
    bool flag(int field) const override;

private:
    const LayerRow& m_row;
};

/// Fills in the percentiles of a filter from all layers.
void resolveFor(RowFilter& filter, const LayerRows& rows);

} // namespace bitloom::ui
