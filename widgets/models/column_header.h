// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/definitions.h"

#include <QString>
#include <QVariant>

#include <optional>

namespace bitloom::ui {

/// What a table says of one of its columns.
struct ColumnHeader {
    QString title;
    QString tip;     ///< one sentence; empty: the metric's meaning
    const char* key; ///< of files and settings, never translated
    std::optional<Metric> metric = {};
};

/// For headerData(): texts, key, and the side on which the column's cells stand.
QVariant columnHeaderData(const ColumnHeader& header, bool isNumber, int role);
/// Of cells and headers: numbers stand right.
int columnAlignment(bool isNumber);

} // namespace bitloom::ui
