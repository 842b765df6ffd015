// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/table_style.h"

#include "widgets/models/roles.h"

#include <QAction>
#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTreeView>

#include <algorithm>

namespace bitloom::workbench {

QSize RowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(option.fontMetrics.height() + 8);
    return size;
}

void setUpTable(QTreeView& view, const QString& accessibleName)
{
    view.setAccessibleName(accessibleName);
    view.setItemDelegate(new RowDelegate(&view));
    view.setRootIsDecorated(false);
    view.setItemsExpandable(false);
    view.setUniformRowHeights(true);
    view.setAllColumnsShowFocus(true);
    view.setFrameShape(QFrame::NoFrame);
    view.setSelectionMode(QAbstractItemView::ExtendedSelection);
    view.setSelectionBehavior(QAbstractItemView::SelectRows);
    view.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setTextElideMode(Qt::ElideRight);
    view.header()->setHighlightSections(false);
    view.header()->setMinimumSectionSize(32);

    auto* copy = new QAction(QObject::tr("Copy"), &view);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, &view,
                     [&view] { QGuiApplication::clipboard()->setText(selectedRowsAsText(view)); });
    view.addAction(copy);
    view.setContextMenuPolicy(Qt::ActionsContextMenu);
}

QFont fixedFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const QFont ordinary = QGuiApplication::font();
    if (ordinary.pointSizeF() > 0) {
        font.setPointSizeF(ordinary.pointSizeF());
    } else {
        font.setPixelSize(ordinary.pixelSize());
    }
    return font;
}

QString selectedRowsAsText(const QTreeView& view)
{
    QModelIndexList rows = view.selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QString text;
    for (const QModelIndex& row : rows) {
        QStringList cells;
        for (int section = 0; section < view.header()->count(); ++section) {
            const int column = view.header()->logicalIndex(section);
            if (view.isColumnHidden(column)) {
                continue;
            }
            const QModelIndex cell = row.siblingAtColumn(column);
            const QVariant raw = cell.data(ui::RawTextRole);
            cells << (raw.isValid() ? raw : cell.data()).toString();
        }
        text += cells.join(u'\t') + u'\n';
    }
    return text;
}

} // namespace bitloom::workbench
