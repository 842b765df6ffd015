// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/table_style.h"

#include "widgets/views/row_delegate.h"
#include "widgets/views/table_picture.h"

#include <QAction>
#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTreeView>

namespace bitloom::workbench {

void setUpTable(QTreeView& view, const QString& accessibleName)
{
    view.setAccessibleName(accessibleName);
    view.setAccessibleDescription(
        QObject::tr("Arrow keys move between the rows, Ctrl+C copies the selected ones."));
    view.setItemDelegate(new ui::RowDelegate(&view));
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
    QObject::connect(copy, &QAction::triggered, &view, [&view] {
        QGuiApplication::clipboard()->setText(
            ui::tableText(view, view.selectionModel()->selectedRows(), u'\t'));
    });
    view.addAction(copy);
    view.setContextMenuPolicy(Qt::ActionsContextMenu);
}

void sizeColumns(QTreeView& view, int nameCharacters)
{
    QHeaderView* header = view.header();
    header->setStretchLastSection(false);
    header->setResizeContentsPrecision(50);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(0, QHeaderView::Interactive);
    header->resizeSection(0, nameCharacters * view.fontMetrics().averageCharWidth());
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

} // namespace bitloom::workbench
