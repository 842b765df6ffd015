// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/picture.h"

#include <QModelIndexList>
#include <QString>

class QTreeView;

namespace bitloom::ui {

/// A table as a picture: the visible columns of the expanded rows, at most kPictureRows of them, as
/// they are now. Its CSV has those columns and the ones that gave way for lack of room (KeyRole,
/// RawTextRole), and every row without children, expanded or not.
inline constexpr int kPictureRows = 2000;
Picture tablePicture(const QString& name, const QTreeView& view);

/// What tablePicture().csv gives, with another separator and for chosen rows: for the clipboard.
QString tableText(const QTreeView& view, const QModelIndexList& rows, QChar separator);

} // namespace bitloom::ui
