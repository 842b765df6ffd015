// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/common/table_style.h"

#include "widgets/views/row_delegate.h"
#include "widgets/views/table_columns.h"
#include "widgets/views/table_picture.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHash>
#include <QHeaderView>
#include <QScopedValueRollback>
#include <QStyle>
#include <QTreeView>

#include <algorithm>

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

namespace {
/// Follows the width of the view that owns it.
class YieldingColumns final : public QObject {
public:
    YieldingColumns(QTreeView& view, QList<int> order)
        : QObject(&view), m_view(view), m_order(std::move(order))
    {
        view.viewport()->installEventFilter(this);
        const auto follow = [this] { fit(); };
        connect(view.model(), &QAbstractItemModel::modelReset, this, follow);
        connect(view.model(), &QAbstractItemModel::dataChanged, this, follow);
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Resize) {
            fit();
        }
        return QObject::eventFilter(watched, event);
    }

private:
    int room(int column)
    {
        const QString title = m_view.model()->headerData(column, Qt::Horizontal).toString();
        const int margins =
            2 * m_view.style()->pixelMetric(QStyle::PM_HeaderMargin, nullptr, m_view.header()) + 2;
        const QSize text = m_view.fontMetrics().size(0, title);
        const QAbstractItemView& cells = m_view;
        // A hidden column says nothing about its width: what it said when it was shown counts.
        int& shown = m_shown[column];
        shown = std::max(shown, m_view.header()->sectionSizeHint(column));
        return std::max({text.width() + margins, cells.sizeHintForColumn(column), shown});
    }
    void fit()
    {
        m_again = true; // fitting may show or hide a scroll bar, which changes the room
        if (m_fitting) {
            return;
        }
        const QScopedValueRollback<bool> quiet(m_fitting, true);
        for (int tries = 0; m_again && tries < 3; ++tries) {
            m_again = false;
            fitOnce();
        }
    }
    void fitOnce()
    {
        if (m_squeezed >= 0) {
            m_view.header()->setSectionResizeMode(m_squeezed, QHeaderView::ResizeToContents);
            m_squeezed = -1;
        }
        const int columns = m_view.model()->columnCount();
        const int available = m_view.viewport()->width();
        const int leastName = 14 * m_view.fontMetrics().averageCharWidth();
        QList<int> rooms;
        int others = 0;
        for (int column = 0; column < columns; ++column) {
            rooms << room(column);
            others += column == 0 ? 0 : rooms.back();
        }
        for (const int column : std::as_const(m_order)) {
            const bool yields = others + leastName > available;
            others -= yields ? rooms[column] : 0;
            ui::setYielded(m_view, column, yields);
        }
        others -= squeeze(rooms, others + rooms[0] - available);
        m_view.header()->resizeSection(
            0, std::clamp(available - others, leastName, std::max(leastName, rooms[0])));
    }
    /// Names come first: where they are short of room, the widest other column gives up to half of
    /// its own. Gives what it gave.
    int squeeze(const QList<int>& rooms, int missing)
    {
        int widest = 0;
        for (int column = 1; column < rooms.size(); ++column) {
            const bool isShown = !m_view.isColumnHidden(column);
            if (isShown && (widest == 0 || rooms[column] > rooms[widest])) {
                widest = column;
            }
        }
        if (missing <= 0 || widest == 0) {
            return 0;
        }
        const int given = std::min(missing, rooms[widest] / 2);
        m_squeezed = widest;
        m_view.header()->setSectionResizeMode(widest, QHeaderView::Interactive);
        m_view.header()->resizeSection(widest, rooms[widest] - given);
        return given;
    }

    QTreeView& m_view;
    QList<int> m_order;
    QHash<int, int> m_shown; ///< widths of columns as the header last wanted them
    int m_squeezed = -1;     ///< the column that gave room to the names
    bool m_fitting = false;
    bool m_again = false;
};
} // namespace

void yieldColumns(QTreeView& view, const QList<int>& order)
{
    new YieldingColumns(view, order);
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
