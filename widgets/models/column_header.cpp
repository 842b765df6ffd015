// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/column_header.h"

#include "widgets/models/roles.h"

namespace bitloom::ui {

int columnAlignment(bool isNumber)
{
    return static_cast<int>((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

QVariant columnHeaderData(const ColumnHeader& header, bool isNumber, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return header.title;
    case Qt::ToolTipRole:
        return header.tip.isEmpty() && header.metric ? definitionOf(*header.metric).meaning
                                                     : header.tip;
    case Qt::WhatsThisRole:
        return header.metric ? whatsThis(*header.metric) : header.tip;
    case Qt::TextAlignmentRole:
        return columnAlignment(isNumber);
    case KeyRole:
        return QString::fromLatin1(header.key);
    default:
        return {};
    }
}

} // namespace bitloom::ui
