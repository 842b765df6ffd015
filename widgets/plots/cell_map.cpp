// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/cell_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr int kMaxPictureHeight = 8000;

QSize contentSize(const CellGrid& grid)
{
    return {static_cast<int>(std::ceil(grid.contentWidth())),
            static_cast<int>(std::ceil(grid.contentHeight()))};
}

void bringIntoSight(QScrollBar& bar, double start, double end, int room)
{
    const int first = static_cast<int>(start);
    const int last = static_cast<int>(std::ceil(end));
    if (first < bar.value()) {
        bar.setValue(first);
    } else if (last > bar.value() + room) {
        bar.setValue(last - room);
    }
}
} // namespace

CellMap::CellMap(const QString& name, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(palette()), m_gate(this, [this] {
          relayout();
          viewport()->update();
      })
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(name);
    relayout();
}

void CellMap::setContent(std::shared_ptr<const CellContent> content, bool hasSameRows)
{
    m_content = std::move(content);
    const QString summary = isEmpty() ? m_emptyText : m_content->summary();
    if (!hasSameRows) {
        m_current = m_hovered = {};
        m_selectedRow = -1;
        verticalScrollBar()->setValue(0);
        horizontalScrollBar()->setValue(0);
    }
    if (!hasSameRows || summary != m_summary) {
        m_summary = summary;
        setAccessibleDescription(summary);
    }
    m_gate.markDirty();
}

void CellMap::setEmptyText(const QString& text)
{
    m_emptyText = text;
    if (isEmpty()) {
        setAccessibleDescription(text);
        m_gate.markDirty();
    }
}

void CellMap::setSelectedRow(int row)
{
    const int known = isEmpty() || row >= m_content->rowCount() ? -1 : std::max(row, -1);
    if (known == m_selectedRow) {
        return;
    }
    m_selectedRow = known;
    if (known >= 0) {
        scrollTo({known, -1});
    }
    viewport()->update();
}

void CellMap::relayout()
{
    if (isEmpty()) {
        verticalScrollBar()->setRange(0, 0);
        horizontalScrollBar()->setRange(0, 0);
        return;
    }
    m_grid = m_content->grid(font(), viewport()->width());
    const QSize content = contentSize(m_grid);
    const int room = std::max(viewport()->height() - static_cast<int>(m_grid.headerHeight), 1);
    verticalScrollBar()->setRange(0, std::max(content.height() - room, 0));
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setSingleStep(static_cast<int>(m_grid.rowHeight));
    horizontalScrollBar()->setRange(0, std::max(content.width() - viewport()->width(), 0));
    horizontalScrollBar()->setPageStep(viewport()->width());
}

CellGrid CellMap::scrolled() const
{
    CellGrid grid = m_grid;
    grid.scrollX = horizontalScrollBar()->value();
    grid.scrollY = verticalScrollBar()->value();
    return grid;
}

QRect CellMap::cellRect(int row, int column) const
{
    const_cast<CellMap*>(this)->m_gate.flush(); // the layout of data that wait to be shown
    return isEmpty() ? QRect() : scrolled().cell(row, column).toRect();
}

std::optional<CellMap::Cell> CellMap::cellAt(QPointF position) const
{
    const CellGrid grid = scrolled();
    const Cell cell{isEmpty() ? -1 : grid.rowAt(position.y()), grid.columnAt(position.x())};
    return cell.row >= 0 && cell.column >= 0 ? std::optional(cell) : std::nullopt;
}

void CellMap::setCurrent(const Cell& cell)
{
    if (cell == m_current) {
        return;
    }
    m_current = cell;
    setAccessibleDescription(tooltipAt(cell.row, cell.column));
    viewport()->update();
    Q_EMIT currentCellChanged(cell.row, cell.column);
}

void CellMap::scrollTo(const Cell& cell)
{
    m_gate.flush();
    bringIntoSight(*verticalScrollBar(), cell.row * m_grid.rowHeight,
                   (cell.row + 1) * m_grid.rowHeight + 4, verticalScrollBar()->pageStep());
    if (cell.column >= 0) {
        const QRectF place = m_grid.cell(cell.row, cell.column).translated(-m_grid.labelWidth, 0);
        bringIntoSight(*horizontalScrollBar(), place.left(), place.right(),
                       viewport()->width() - static_cast<int>(m_grid.labelWidth));
    }
}

void CellMap::paintContent(QPainter& painter)
{
    m_paintedRows = 0;
    painter.fillRect(viewport()->rect(), m_theme.base());
    if (isEmpty()) {
        painter.setPen(m_theme.dimText());
        painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const CellGrid grid = scrolled();
    const QFont letters = font();
    const CellCanvas canvas{painter, grid, m_theme, letters};
    const int first = std::clamp(static_cast<int>(grid.scrollY / grid.rowHeight), 0, grid.rows - 1);
    const double end = grid.scrollY + viewport()->height() - grid.headerHeight;
    const int last = std::clamp(static_cast<int>(end / grid.rowHeight), first, grid.rows - 1);
    m_content->paintRows(canvas, first, last);
    m_paintedRows = last - first + 1;
    if (m_selectedRow >= first && m_selectedRow <= last) {
        CellContent::paintRowRing(canvas, m_selectedRow);
    }
    const Cell shown = m_hovered.row >= 0 ? m_hovered : hasFocus() ? m_current : Cell{};
    if (shown.row >= first && shown.row <= last) {
        CellContent::paintCellRing(canvas, shown.row, shown.column);
    }
    m_content->paintHeader(canvas);
}

void CellMap::paintEvent(QPaintEvent* /*event*/)
{
    m_gate.flush();
    QPainter painter(viewport());
    painter.setFont(font());
    paintContent(painter);
}

void CellMap::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void CellMap::changeEvent(QEvent* event)
{
    if (changesLook(*event)) {
        m_theme = Theme(palette());
        m_gate.markDirty();
    }
    QAbstractScrollArea::changeEvent(event);
}

bool CellMap::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto cell = cellAt(help->pos());
        if (cell) {
            QToolTip::showText(help->globalPos(), tooltipAt(cell->row, cell->column), viewport(),
                               cellRect(cell->row, cell->column));
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    if (event->type() == QEvent::Leave && m_hovered.row >= 0) {
        m_hovered = {};
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void CellMap::mousePressEvent(QMouseEvent* event)
{
    const auto cell = cellAt(event->position());
    if (event->button() != Qt::LeftButton || !cell) {
        QAbstractScrollArea::mousePressEvent(event);
        return;
    }
    setCurrent(*cell);
    Q_EMIT cellActivated(cell->row, cell->column);
}

void CellMap::mouseMoveEvent(QMouseEvent* event)
{
    const Cell cell = cellAt(event->position()).value_or(Cell{});
    if (!(cell == m_hovered)) {
        m_hovered = cell;
        viewport()->setCursor(cell.row >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        viewport()->update();
    }
}

void CellMap::keyPressEvent(QKeyEvent* event)
{
    if (isEmpty()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    m_gate.flush();
    const int page =
        std::max(static_cast<int>(verticalScrollBar()->pageStep() / m_grid.rowHeight) - 1, 1);
    // The first key only shows where one is.
    const bool isNew = m_current.row < 0;
    const int step = isNew ? 0 : 1;
    Cell next = isNew ? Cell{std::max(m_selectedRow, 0), 0} : m_current;
    switch (event->key()) {
    case Qt::Key_Up:
        next.row -= step;
        break;
    case Qt::Key_Down:
        next.row += step;
        break;
    case Qt::Key_Left:
        next.column -= step;
        break;
    case Qt::Key_Right:
        next.column += step;
        break;
    case Qt::Key_PageUp:
        next.row -= page;
        break;
    case Qt::Key_PageDown:
        next.row += page;
        break;
    case Qt::Key_Home:
        next.row = 0;
        break;
    case Qt::Key_End:
        next.row = m_grid.rows - 1;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (!isNew) {
            Q_EMIT cellActivated(m_current.row, m_current.column);
        }
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    m_hovered = {};
    setCurrent(
        {std::clamp(next.row, 0, m_grid.rows - 1), std::clamp(next.column, 0, m_grid.columns - 1)});
    scrollTo(m_current);
}

Picture CellMap::picture(const QString& name) const
{
    Picture picture;
    picture.name = name;
    picture.csv = [text = csv()] { return text; };
    picture.size = size();
    if (!isEmpty()) {
        const CellGrid natural = m_content->grid(font(), viewport()->width());
        const QSize content = contentSize(natural);
        const int height = content.height() + static_cast<int>(std::ceil(natural.headerHeight));
        picture.size = {content.width(), std::min(height, kMaxPictureHeight)};
    }
    picture.paint = [content = m_content, theme = m_theme, font = font()](QPainter& painter,
                                                                          QSize size) {
        painter.fillRect(QRect(QPoint(0, 0), size), theme.base());
        if (!content) {
            return;
        }
        CellGrid grid = content->grid(font, size.width());
        // All rows, however low: without text where there is no room for it.
        grid.rowHeight = std::min(grid.rowHeight, (size.height() - grid.headerHeight) / grid.rows);
        if (grid.rowHeight > 0) {
            painter.setRenderHint(QPainter::Antialiasing);
            const CellCanvas canvas{painter, grid, theme, font};
            content->paintRows(canvas, 0, grid.rows - 1);
            content->paintHeader(canvas);
        }
    };
    return picture;
}

} // namespace bitloom::ui
