// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/table_picture.h"

#include "widgets/models/roles.h"
#include "widgets/util/theme.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QPainter>
#include <QPointer>
#include <QTreeView>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kMaxRows = 500; // a taller picture cannot be read any more
constexpr int kPadding = 8;

QString tr(const char* text)
{
    return QCoreApplication::translate("TablePicture", text);
}

/// Columns in the order in which the user has them; those without a header hold buttons.
std::vector<int> columnsOf(const QTreeView& view, bool withHidden)
{
    std::vector<int> columns;
    for (int section = 0; section < view.header()->count(); ++section) {
        const int column = view.header()->logicalIndex(section);
        const QString header =
            view.model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        if ((withHidden || !view.isColumnHidden(column)) && !header.isEmpty()) {
            columns.push_back(column);
        }
    }
    return columns;
}

int rowHeight(const QTreeView& view)
{
    return view.fontMetrics().height() + kPadding;
}

QSize pictureSize(const QTreeView& view)
{
    int width = 2 * kPadding;
    for (const int column : columnsOf(view, false)) {
        width += std::max(40, view.columnWidth(column));
    }
    const int rows = std::min(view.model()->rowCount(), kMaxRows);
    return {width, (rows + 1 + (view.model()->rowCount() > kMaxRows ? 1 : 0)) * rowHeight(view) +
                       kPadding};
}

void paintTable(const QTreeView& view, QPainter& painter, QSize size)
{
    const ui::Theme theme(view.palette());
    const QSize natural = pictureSize(view);
    painter.save();
    painter.fillRect(QRect(QPoint(0, 0), size), theme.base());
    const double scale = std::min(static_cast<double>(size.width()) / natural.width(),
                                  static_cast<double>(size.height()) / natural.height());
    painter.scale(scale, scale);
    painter.setFont(view.font());
    const int height = rowHeight(view);
    const int rows = std::min(view.model()->rowCount(), kMaxRows);
    int x = kPadding;
    for (const int column : columnsOf(view, false)) {
        const int width = std::max(40, view.columnWidth(column));
        const auto cell = [&](int row, const QString& text, const QVariant& alignment,
                              const QColor& colour) {
            const QRect rect(x + 4, row * height, width - kPadding, height);
            const int aligned =
                alignment.isValid() ? alignment.toInt() : int(Qt::AlignLeft | Qt::AlignVCenter);
            painter.setPen(colour);
            painter.drawText(rect, aligned | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
        };
        const QAbstractItemModel& model = *view.model();
        cell(0, model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
             model.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole), theme.dimText());
        for (int row = 0; row < rows; ++row) {
            const QModelIndex index = model.index(row, column);
            cell(row + 1, index.data().toString(), index.data(Qt::TextAlignmentRole), theme.text());
        }
        x += width;
    }
    painter.setPen(theme.grid());
    painter.drawLine(kPadding, height, natural.width() - kPadding, height);
    if (view.model()->rowCount() > kMaxRows) {
        painter.setPen(theme.dimText());
        painter.drawText(
            QRect(kPadding, (rows + 1) * height, natural.width(), height), Qt::AlignVCenter,
            tr("%1 more rows: the CSV holds them all").arg(view.model()->rowCount() - kMaxRows));
    }
    painter.restore();
}

QString tableAsCsv(const QTreeView& view)
{
    const QAbstractItemModel& model = *view.model();
    const std::vector<int> columns = columnsOf(view, true);
    QString text;
    QStringList line;
    for (const int column : columns) {
        const QVariant key = model.headerData(column, Qt::Horizontal, ui::KeyRole);
        line << ui::csvField(
            (key.isValid() ? key : model.headerData(column, Qt::Horizontal, Qt::DisplayRole))
                .toString());
    }
    text += line.join(u',') + u'\n';
    for (int row = 0; row < model.rowCount(); ++row) {
        line.clear();
        for (const int column : columns) {
            const QModelIndex index = model.index(row, column);
            const QVariant raw = index.data(ui::RawTextRole);
            line << ui::csvField((raw.isValid() ? raw : index.data()).toString());
        }
        text += line.join(u',') + u'\n';
    }
    return text;
}
} // namespace

ui::Picture tablePicture(const QString& name, const QTreeView& view)
{
    const QPointer<const QTreeView> table(&view);
    return {name, pictureSize(view),
            [table](QPainter& painter, QSize size) {
                if (table) {
                    paintTable(*table, painter, size);
                }
            },
            [table] { return table ? tableAsCsv(*table) : QString(); }};
}

} // namespace bitloom::workbench
