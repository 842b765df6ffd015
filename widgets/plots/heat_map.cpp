// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr int kMaxPictureHeight = 8000;
} // namespace

HeatMap::HeatMap(QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(palette()), m_gate(this, [this] {
          relayout();
          viewport()->update();
      })
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Heat map"));
    relayout();
}

void HeatMap::setData(std::shared_ptr<const HeatMapData> matrix)
{
    const bool sameRows = m_data && matrix && m_data->rows == matrix->rows &&
                          m_data->columns.size() == matrix->columns.size();
    m_data = std::move(matrix);
    if (!sameRows) {
        m_currentRow = m_currentColumn = m_selectedRow = -1;
        m_hovered = {};
        verticalScrollBar()->setValue(0);
        horizontalScrollBar()->setValue(0);
    }
    setAccessibleDescription(isEmpty() ? m_emptyText : m_data->legend);
    m_gate.markDirty();
}

void HeatMap::setEmptyText(const QString& text)
{
    m_emptyText = text;
    if (isEmpty()) {
        setAccessibleDescription(text);
        m_gate.markDirty();
    }
}

void HeatMap::setClickHint(std::function<QString(int, int)> hint)
{
    m_clickHint = std::move(hint);
}

void HeatMap::setSelectedRow(int row)
{
    const int known = isEmpty() || row >= m_data->rows.size() ? -1 : std::max(row, -1);
    if (known == m_selectedRow) {
        return;
    }
    m_selectedRow = known;
    if (known >= 0) {
        scrollTo(known, -1);
    }
    viewport()->update();
}

bool HeatMap::isEmpty() const
{
    return !m_data || m_data->rows.isEmpty() || m_data->columns.isEmpty();
}

void HeatMap::relayout()
{
    if (isEmpty()) {
        verticalScrollBar()->setRange(0, 0);
        horizontalScrollBar()->setRange(0, 0);
        return;
    }
    m_scale = HeatScale::of(*m_data);
    m_geometry = HeatMapGeometry::of(*m_data, font(), viewport()->width());
    const int room = std::max(viewport()->height() - static_cast<int>(m_geometry.headerHeight), 1);
    const int content = static_cast<int>(std::ceil(m_geometry.contentHeight(*m_data)));
    verticalScrollBar()->setRange(0, std::max(content - room, 0));
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setSingleStep(static_cast<int>(m_geometry.rowHeight));
    const int width = static_cast<int>(std::ceil(m_geometry.contentWidth(*m_data)));
    horizontalScrollBar()->setRange(0, std::max(width - viewport()->width(), 0));
    horizontalScrollBar()->setPageStep(viewport()->width());
}

HeatMapGeometry HeatMap::scrolled() const
{
    HeatMapGeometry geometry = m_geometry;
    geometry.scrollX = horizontalScrollBar()->value();
    geometry.scrollY = verticalScrollBar()->value();
    return geometry;
}

QRect HeatMap::cellRect(int row, int column) const
{
    const_cast<HeatMap*>(this)->m_gate.flush(); // the layout of data that wait to be shown
    return isEmpty() ? QRect() : scrolled().cell(row, column).toRect();
}

std::optional<HeatMap::Cell> HeatMap::cellAt(QPointF position) const
{
    if (isEmpty() || position.y() < m_geometry.headerHeight ||
        position.x() < m_geometry.labelWidth) {
        return std::nullopt;
    }
    const HeatMapGeometry geometry = scrolled();
    const QRectF origin = geometry.cell(0, 0);
    const Cell cell{static_cast<int>((position.y() - origin.top()) / geometry.rowHeight),
                    static_cast<int>((position.x() - origin.left()) / geometry.cellWidth)};
    return cell.row < m_data->rows.size() && cell.column < m_data->columns.size()
               ? std::optional(cell)
               : std::nullopt;
}

QString HeatMap::tooltipAt(int row, int column) const
{
    if (isEmpty() || row < 0 || row >= m_data->rows.size() || column < 0 ||
        column >= m_data->columns.size()) {
        return {};
    }
    const double value = m_data->valueAt(row, column);
    QString text = tr("%1, bits: %2").arg(m_data->rows.at(row), m_data->columns.at(column));
    text += u'\n' + (std::isfinite(value)
                         ? tr("%1: %2").arg(m_data->legend, QLocale().toString(value, 'g', 10))
                         : tr("%1: not measured yet").arg(m_data->legend));
    if (m_data->chosenAt(row) == column) {
        text += u'\n' + tr("Used by the plan");
    } else if (m_clickHint) {
        text += u'\n' + m_clickHint(row, column);
    }
    return text;
}

void HeatMap::setCurrent(int row, int column)
{
    if (row == m_currentRow && column == m_currentColumn) {
        return;
    }
    m_currentRow = row;
    m_currentColumn = column;
    setAccessibleDescription(tooltipAt(row, column));
    viewport()->update();
    Q_EMIT currentCellChanged(row, column);
}

void HeatMap::scrollTo(int row, int column)
{
    m_gate.flush();
    const int top = static_cast<int>(row * m_geometry.rowHeight);
    const int bottom = static_cast<int>(std::ceil((row + 1) * m_geometry.rowHeight)) + 4;
    QScrollBar* vertical = verticalScrollBar();
    if (top < vertical->value()) {
        vertical->setValue(top);
    } else if (bottom > vertical->value() + vertical->pageStep()) {
        vertical->setValue(bottom - vertical->pageStep());
    }
    if (column >= 0) {
        const int room = viewport()->width() - static_cast<int>(m_geometry.labelWidth);
        const int left = static_cast<int>(column * m_geometry.cellWidth);
        const int right = static_cast<int>((column + 1) * m_geometry.cellWidth);
        QScrollBar* horizontal = horizontalScrollBar();
        if (left < horizontal->value()) {
            horizontal->setValue(left);
        } else if (right > horizontal->value() + room) {
            horizontal->setValue(right - room);
        }
    }
}

void HeatMap::paintContent(QPainter& painter)
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
    const HeatMapGeometry geometry = scrolled();
    const HeatMapPainter cells(*m_data, m_scale, geometry, m_theme, font());
    const int count = static_cast<int>(m_data->rows.size());
    const int first =
        std::clamp(static_cast<int>(geometry.scrollY / geometry.rowHeight), 0, count - 1);
    const double end = geometry.scrollY + viewport()->height() - geometry.headerHeight;
    const int last = std::clamp(static_cast<int>(end / geometry.rowHeight), first, count - 1);
    cells.paintRows(painter, first, last);
    m_paintedRows = last - first + 1;
    if (m_selectedRow >= first && m_selectedRow <= last) {
        cells.paintRowRing(painter, m_selectedRow);
    }
    const Cell current = m_hovered.row >= 0 ? m_hovered
                         : hasFocus()       ? Cell{m_currentRow, m_currentColumn}
                                            : Cell{};
    if (current.row >= first && current.row <= last) {
        cells.paintCellRing(painter, current.row, current.column);
    }
    cells.paintHeader(painter);
}

void HeatMap::paintEvent(QPaintEvent* /*event*/)
{
    m_gate.flush();
    QPainter painter(viewport());
    painter.setFont(font());
    paintContent(painter);
}

void HeatMap::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void HeatMap::changeEvent(QEvent* event)
{
    if (changesLook(*event)) {
        m_theme = Theme(palette());
        m_gate.markDirty();
    }
    QAbstractScrollArea::changeEvent(event);
}

bool HeatMap::viewportEvent(QEvent* event)
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

void HeatMap::mousePressEvent(QMouseEvent* event)
{
    const auto cell = cellAt(event->position());
    if (event->button() != Qt::LeftButton || !cell) {
        QAbstractScrollArea::mousePressEvent(event);
        return;
    }
    setCurrent(cell->row, cell->column);
    Q_EMIT cellActivated(cell->row, cell->column);
}

void HeatMap::mouseMoveEvent(QMouseEvent* event)
{
    const Cell cell = cellAt(event->position()).value_or(Cell{});
    if (!(cell == m_hovered)) {
        m_hovered = cell;
        viewport()->setCursor(cell.row >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        viewport()->update();
    }
}

void HeatMap::keyPressEvent(QKeyEvent* event)
{
    if (isEmpty()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    m_gate.flush();
    const int lastRow = static_cast<int>(m_data->rows.size()) - 1;
    const int lastColumn = static_cast<int>(m_data->columns.size()) - 1;
    const int page =
        std::max(static_cast<int>(verticalScrollBar()->pageStep() / m_geometry.rowHeight) - 1, 1);
    // The first key only shows where one is.
    const bool isNew = m_currentRow < 0;
    int row = isNew ? std::max(m_selectedRow, 0) : m_currentRow;
    int column = std::max(m_currentColumn, 0);
    switch (event->key()) {
    case Qt::Key_Up:
        row -= isNew ? 0 : 1;
        break;
    case Qt::Key_Down:
        row += isNew ? 0 : 1;
        break;
    case Qt::Key_Left:
        column -= isNew ? 0 : 1;
        break;
    case Qt::Key_Right:
        column += isNew ? 0 : 1;
        break;
    case Qt::Key_PageUp:
        row -= page;
        break;
    case Qt::Key_PageDown:
        row += page;
        break;
    case Qt::Key_Home:
        row = 0;
        break;
    case Qt::Key_End:
        row = lastRow;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (!isNew) {
            Q_EMIT cellActivated(m_currentRow, m_currentColumn);
        }
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    m_hovered = {};
    setCurrent(std::clamp(row, 0, lastRow), std::clamp(column, 0, lastColumn));
    scrollTo(m_currentRow, m_currentColumn);
}

Picture HeatMap::picture(const QString& name) const
{
    Picture picture;
    picture.name = name;
    picture.csv = [text = csv()] { return text; };
    if (isEmpty()) {
        picture.size = size();
        picture.paint = [base = m_theme.base()](QPainter& painter, QSize size) {
            painter.fillRect(QRect(QPoint(0, 0), size), base);
        };
        return picture;
    }
    const HeatMapGeometry natural = HeatMapGeometry::of(*m_data, font(), viewport()->width());
    const double height = natural.headerHeight + natural.contentHeight(*m_data);
    picture.size = QSize(static_cast<int>(std::ceil(natural.contentWidth(*m_data))),
                         std::min(static_cast<int>(std::ceil(height)), kMaxPictureHeight));
    picture.paint = [matrix = m_data, theme = m_theme, font = font()](QPainter& painter,
                                                                      QSize size) {
        HeatMapGeometry geometry = HeatMapGeometry::of(*matrix, font, size.width());
        // All rows, however low: without text where there is no room for it.
        geometry.rowHeight =
            std::min(geometry.rowHeight, (size.height() - geometry.headerHeight) /
                                             static_cast<double>(matrix->rows.size()));
        painter.fillRect(QRect(QPoint(0, 0), size), theme.base());
        if (geometry.rowHeight <= 0) {
            return;
        }
        const HeatScale scale = HeatScale::of(*matrix);
        const HeatMapPainter cells(*matrix, scale, geometry, theme, font);
        cells.paintRows(painter, 0, static_cast<int>(matrix->rows.size()) - 1);
        cells.paintHeader(painter);
    };
    return picture;
}

QString HeatMap::csv() const
{
    QString text = QStringLiteral("name");
    if (isEmpty()) {
        return text + u'\n';
    }
    for (const QString& column : m_data->columns) {
        text += u',' + csvField(column);
    }
    text += QStringLiteral(",chosen\n");
    for (int row = 0; row < m_data->rows.size(); ++row) {
        text += csvField(m_data->rows.at(row));
        for (int column = 0; column < m_data->columns.size(); ++column) {
            const double value = m_data->valueAt(row, column);
            text += u',' + (std::isfinite(value) ? QString::number(value, 'g', 17) : QString());
        }
        const int chosen = m_data->chosenAt(row);
        text += u',' + (chosen >= 0 && chosen < m_data->columns.size()
                            ? csvField(m_data->columns.at(chosen))
                            : QString());
        text += u'\n';
    }
    return text;
}

} // namespace bitloom::ui
