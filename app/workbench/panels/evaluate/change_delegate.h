// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/row_delegate.h"

namespace bitloom::workbench {

/// Paints a change as a bar from the middle of the cell, to the left for worse, to the right for
/// better, with the number at the right end.
class ChangeDelegate final : public ui::RowDelegate {
    Q_OBJECT
public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace bitloom::workbench
