// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/table_picture.h"

#include "widgets/models/roles.h"
#include "widgets/util/theme.h"
#include "widgets/views/cell_painting.h"
#include "widgets/views/table_columns.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QPainter>
#include <QTreeView>

#include <algorithm>
#include <memory>

namespace bitloom::ui {

namespace {
struct Cell {
    QString text;
    int alignment = Qt::AlignLeft | Qt::AlignVCenter;
    bool italic = false;
    QVariant bits;
    QVariant bar;
    int indent = 0; ///< pixels
};

/// What the picture is painted from when the table has gone on.
struct Snapshot {
    QList<Cell> header;
    QList<int> widths;
    QList<QList<Cell>> rows;
    double fullBar = 0; ///< the largest bar fills its cell
    QString csv;
    QFont font;
    QPalette palette;
};

/// In the order that the user gave them: the visible ones, or all that the user did not hide.
enum class Columns { Visible, Wanted };
QList<int> columnsOf(const QTreeView& view, Columns which)
{
    QList<int> columns;
    for (int place = 0; place < view.header()->count(); ++place) {
        const int column = view.header()->logicalIndex(place);
        if (!view.isColumnHidden(column) ||
            (which == Columns::Wanted && hasYielded(view, column))) {
            columns.append(column);
        }
    }
    return columns;
}

Cell cellOf(const QModelIndex& index)
{
    Cell cell;
    cell.text = index.data().toString();
    if (const QVariant checked = index.data(Qt::CheckStateRole);
        cell.text.isEmpty() && checked.isValid() && checked.toInt() != Qt::Unchecked) {
        cell.text = index.data(Qt::AccessibleTextRole).toString();
    }
    if (const QVariant alignment = index.data(Qt::TextAlignmentRole); alignment.isValid()) {
        cell.alignment = alignment.toInt();
    }
    cell.italic = index.data(PredictedRole).toBool();
    cell.bits = index.data(BitsRole);
    cell.bar = index.data(BarRole);
    return cell;
}

QModelIndexList leaves(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    QModelIndexList found;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        if (model.rowCount(index) == 0) {
            found.append(index);
        } else {
            found.append(leaves(model, index));
        }
    }
    return found;
}

std::shared_ptr<const Snapshot> snapshotOf(const QTreeView& view)
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->font = view.font();
    snapshot->palette = view.palette();
    const QList<int> columns = columnsOf(view, Columns::Visible);
    const QAbstractItemModel* model = view.model();
    for (const int column : columns) {
        Cell title;
        title.text = model->headerData(column, Qt::Horizontal).toString();
        const QVariant alignment = model->headerData(column, Qt::Horizontal, Qt::TextAlignmentRole);
        title.alignment = alignment.isValid() ? alignment.toInt() : title.alignment;
        snapshot->header.append(title);
        snapshot->widths.append(view.columnWidth(column));
    }
    for (QModelIndex row = model->index(0, 0);
         row.isValid() && snapshot->rows.size() < kPictureRows; row = view.indexBelow(row)) {
        int depth = 0;
        for (QModelIndex above = row.parent(); above.isValid(); above = above.parent()) {
            ++depth;
        }
        QList<Cell> cells;
        for (const int column : columns) {
            cells.append(cellOf(row.siblingAtColumn(column)));
            snapshot->fullBar = std::max(snapshot->fullBar, cells.last().bar.toDouble());
            cells.last().indent = column == 0 ? depth * view.indentation() : 0;
        }
        snapshot->rows.append(cells);
    }
    snapshot->fullBar = snapshot->fullBar > 0 ? snapshot->fullBar : 1;
    snapshot->csv = tableText(view, leaves(*model), u',');
    return snapshot;
}

/// Titles may have a second line for the unit.
int headerHeight(const Snapshot& snapshot)
{
    const QFontMetrics metrics(snapshot.font);
    qsizetype lines = 1;
    for (const Cell& cell : snapshot.header) {
        lines = std::max(lines, cell.text.count(u'\n') + 1);
    }
    return rowHeight(metrics) + static_cast<int>(lines - 1) * metrics.lineSpacing();
}

void paintCell(QPainter& painter, const QRect& rect, const Cell& cell, const Snapshot& snapshot)
{
    QFont font = snapshot.font;
    font.setItalic(cell.italic);
    const QColor text = snapshot.palette.color(QPalette::Text);
    if (cell.bits.canConvert<BitRange>()) {
        paintBitsChip(painter, rect, cell.bits.value<BitRange>(), cell.text, snapshot.palette,
                      font);
    } else if (cell.bar.isValid()) {
        paintShareBar(painter, rect, cell.bar.toDouble() / snapshot.fullBar, cell.text,
                      snapshot.palette, false, font);
    } else {
        const QRect inside = rect.adjusted(kCellMargin + cell.indent, 0, -kCellMargin, 0);
        painter.setFont(font);
        painter.setPen(text);
        const QFontMetrics metrics(font);
        QStringList lines = cell.text.split(u'\n');
        for (QString& line : lines) {
            line = metrics.elidedText(line, Qt::ElideMiddle, inside.width());
        }
        painter.drawText(inside, cell.alignment, lines.join(u'\n'));
    }
}

void paint(QPainter& painter, const Snapshot& snapshot, QSize natural, QSize size)
{
    painter.fillRect(QRect(QPoint(), size), snapshot.palette.color(QPalette::Base));
    const double scale = std::min(size.width() / static_cast<double>(natural.width()),
                                  size.height() / static_cast<double>(natural.height()));
    painter.scale(scale, scale);
    const Theme theme(snapshot.palette);
    int y = 0;
    const auto paintRow = [&](const QList<Cell>& cells, int height) {
        int x = 0;
        for (qsizetype i = 0; i < cells.size(); ++i) {
            paintCell(painter, QRect(x, y, snapshot.widths[i], height), cells[i], snapshot);
            x += snapshot.widths[i];
        }
        y += height;
        painter.fillRect(QRect(0, y - 1, natural.width(), 1), theme.grid());
    };
    paintRow(snapshot.header, headerHeight(snapshot));
    for (const auto& row : snapshot.rows) {
        paintRow(row, rowHeight(QFontMetrics(snapshot.font)));
    }
}
} // namespace

QString tableText(const QTreeView& view, const QModelIndexList& rows, QChar separator)
{
    const QList<int> columns = columnsOf(view, Columns::Wanted);
    const auto field = [separator](QString text) {
        return separator == u',' ? csvField(text) : text.replace(u'\t', u' ').replace(u'\n', u' ');
    };
    QStringList lines;
    QStringList titles;
    for (const int column : columns) {
        const QString key = view.model()->headerData(column, Qt::Horizontal, KeyRole).toString();
        titles << field(key.isEmpty() ? view.model()->headerData(column, Qt::Horizontal).toString()
                                      : key);
    }
    lines << titles.join(separator);
    for (const QModelIndex& row : rows) {
        QStringList cells;
        for (const int column : columns) {
            const QModelIndex index = row.siblingAtColumn(column);
            const QVariant raw = index.data(RawTextRole);
            cells << field((raw.isValid() ? raw : index.data()).toString());
        }
        lines << cells.join(separator);
    }
    return lines.join(u'\n') + u'\n';
}

Picture tablePicture(const QString& name, const QTreeView& view)
{
    const auto snapshot = snapshotOf(view);
    int width = 0;
    for (const int column : snapshot->widths) {
        width += column;
    }
    const int rows = static_cast<int>(snapshot->rows.size());
    Picture picture;
    picture.name = name;
    picture.size = QSize(std::max(width, 1),
                         headerHeight(*snapshot) + rows * rowHeight(QFontMetrics(snapshot->font)));
    picture.paint = [snapshot, natural = picture.size](QPainter& painter, QSize size) {
        paint(painter, *snapshot, natural, size);
    };
    picture.csv = [snapshot] { return snapshot->csv; };
    return picture;
}

} // namespace bitloom::ui
