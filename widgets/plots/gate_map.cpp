// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/gate_map.h"

#include "widgets/util/formatting.h"

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

bool sameRows(const GateMapData& a, const GateMapData& b)
{
    return a.hasPruning == b.hasPruning &&
           std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(),
                      [](const auto& x, const auto& y) { return x.name == y.name; });
}
} // namespace

GateMap::GateMap(QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(palette()), m_gate(this, [this] {
          relayout();
          viewport()->update();
      })
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Gates of all layers"));
    relayout();
}

void GateMap::setData(std::shared_ptr<const GateMapData> gates)
{
    const bool keeps = m_data && gates && sameRows(*m_data, *gates);
    m_data = std::move(gates);
    if (!keeps) {
        m_current = m_hovered = {};
        m_selectedRow = -1;
        verticalScrollBar()->setValue(0);
        horizontalScrollBar()->setValue(0);
        setAccessibleDescription(isEmpty() ? m_emptyText : tr("Arrow keys move from gate to gate"));
    }
    m_gate.markDirty();
}

void GateMap::setEmptyText(const QString& text)
{
    m_emptyText = text;
    if (isEmpty()) {
        setAccessibleDescription(text);
        m_gate.markDirty();
    }
}

void GateMap::setSelectedRow(int row)
{
    const int known =
        isEmpty() || row >= static_cast<int>(m_data->rows.size()) ? -1 : std::max(row, -1);
    if (known == m_selectedRow) {
        return;
    }
    m_selectedRow = known;
    if (known >= 0) {
        scrollTo(known);
    }
    viewport()->update();
}

void GateMap::relayout()
{
    if (isEmpty()) {
        verticalScrollBar()->setRange(0, 0);
        horizontalScrollBar()->setRange(0, 0);
        return;
    }
    m_geometry = GateMapGeometry::of(*m_data, font(), viewport()->width());
    const int room = std::max(viewport()->height() - static_cast<int>(m_geometry.headerHeight), 1);
    const int content = static_cast<int>(std::ceil(m_geometry.contentHeight(*m_data)));
    verticalScrollBar()->setRange(0, std::max(content - room, 0));
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setSingleStep(static_cast<int>(m_geometry.rowHeight));
    const int width = static_cast<int>(std::ceil(m_geometry.contentWidth()));
    horizontalScrollBar()->setRange(0, std::max(width - viewport()->width(), 0));
    horizontalScrollBar()->setPageStep(viewport()->width());
}

GateMapGeometry GateMap::scrolled() const
{
    GateMapGeometry geometry = m_geometry;
    geometry.scrollX = horizontalScrollBar()->value();
    geometry.scrollY = verticalScrollBar()->value();
    return geometry;
}

QRect GateMap::cellRect(int row, int column) const
{
    const_cast<GateMap*>(this)->m_gate.flush(); // the layout of data that wait to be shown
    return isEmpty() ? QRect() : scrolled().cell(row, column).toRect();
}

std::optional<GateMap::Cell> GateMap::cellAt(QPointF position) const
{
    if (isEmpty() || position.y() < m_geometry.headerHeight) {
        return std::nullopt;
    }
    const GateMapGeometry geometry = scrolled();
    const int row =
        static_cast<int>((position.y() - geometry.cell(0, 0).top()) / geometry.rowHeight);
    if (row < 0 || row >= static_cast<int>(m_data->rows.size())) {
        return std::nullopt;
    }
    for (int column = 0; column < static_cast<int>(geometry.columns.size()); ++column) {
        if (position.x() >= geometry.labelWidth && geometry.cell(row, column).contains(position)) {
            return Cell{row, column};
        }
    }
    // The name stands for its row.
    return position.x() < geometry.labelWidth ? std::optional(Cell{row, 0}) : std::nullopt;
}

QString GateMap::tooltipAt(int row, int column) const
{
    if (isEmpty() || row < 0 || row >= static_cast<int>(m_data->rows.size()) || column < 0 ||
        column >= static_cast<int>(m_geometry.columns.size())) {
        return {};
    }
    const GateMapData::Row& shown = m_data->rows[static_cast<std::size_t>(row)];
    const GateColumn& what = m_geometry.columns[static_cast<std::size_t>(column)];
    const QString quantizer = what.isWeight ? shown.weight : shown.activation;
    const GateReading& gates = what.isWeight ? shown.weightGates : shown.activationGates;
    if (quantizer.isEmpty()) {
        return what.isWeight ? tr("%1: no weight is quantized here").arg(shown.name)
                             : tr("%1: no activation is quantized after it").arg(shown.name);
    }
    switch (what.kind) {
    case GateColumn::Kind::Kept:
        return tr("%1\nChannels are kept with probability %2 on average.")
            .arg(quantizer, formatSignificant(gates.kept));
    case GateColumn::Kind::Bits:
        return tr("%1\nEvaluation would take %n bit(s) now.", nullptr, gates.bits()).arg(quantizer);
    case GateColumn::Kind::Level:
        break;
    }
    const auto level = static_cast<std::size_t>(what.level);
    const double p = gates.levels[level];
    const QString state =
        gateStateOf(p) == GateState::Open ? tr("Open in evaluation (above 0.66).")
        : gateStateOf(p) == GateState::Undecided
            ? tr("Shut in evaluation, can still open while training.")
            : tr("Shut for good: at or below 0.40 (logit −2) nothing opens it again.");
    QString text = tr("%1, %n bit(s)\nP(open) = %2\n%3", nullptr, GateReading::kLevels.at(level))
                       .arg(quantizer, formatSignificant(p), state);
    if (!std::all_of(gates.levels.begin(), gates.levels.begin() + what.level,
                     [](double lower) { return gateStateOf(lower) == GateState::Open; })) {
        text += u'\n' + tr("It does not count: a lower level is shut.");
    }
    return text;
}

void GateMap::setCurrent(const Cell& cell)
{
    const bool isOtherRow = cell.row != m_current.row;
    m_current = cell;
    setAccessibleDescription(tooltipAt(cell.row, cell.column));
    viewport()->update();
    if (isOtherRow || m_selectedRow != cell.row) {
        Q_EMIT rowActivated(cell.row);
    }
}

void GateMap::scrollTo(int row)
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
}

void GateMap::paintEvent(QPaintEvent* /*event*/)
{
    m_gate.flush();
    QPainter painter(viewport());
    painter.setFont(font());
    painter.fillRect(viewport()->rect(), m_theme.base());
    m_paintedRows = 0;
    if (isEmpty()) {
        painter.setPen(m_theme.dimText());
        painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24),
                         Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const GateMapGeometry geometry = scrolled();
    const GateMapPainter cells(*m_data, geometry, m_theme, font());
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
    const Cell shown = m_hovered.row >= 0 ? m_hovered : hasFocus() ? m_current : Cell{};
    if (shown.row >= first && shown.row <= last) {
        cells.paintCellRing(painter, shown.row, shown.column);
    }
    cells.paintHeader(painter);
}

void GateMap::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void GateMap::changeEvent(QEvent* event)
{
    if (changesLook(*event)) {
        m_theme = Theme(palette());
        m_gate.markDirty();
    }
    QAbstractScrollArea::changeEvent(event);
}

bool GateMap::viewportEvent(QEvent* event)
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

void GateMap::mousePressEvent(QMouseEvent* event)
{
    const auto cell = cellAt(event->position());
    if (event->button() != Qt::LeftButton || !cell) {
        QAbstractScrollArea::mousePressEvent(event);
        return;
    }
    setCurrent(*cell);
}

void GateMap::mouseMoveEvent(QMouseEvent* event)
{
    const Cell cell = cellAt(event->position()).value_or(Cell{});
    if (!(cell == m_hovered)) {
        m_hovered = cell;
        viewport()->setCursor(cell.row >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        viewport()->update();
    }
}

void GateMap::keyPressEvent(QKeyEvent* event)
{
    if (isEmpty()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    m_gate.flush();
    const int lastRow = static_cast<int>(m_data->rows.size()) - 1;
    const int lastColumn = static_cast<int>(m_geometry.columns.size()) - 1;
    const int page =
        std::max(static_cast<int>(verticalScrollBar()->pageStep() / m_geometry.rowHeight) - 1, 1);
    // The first key only shows where one is.
    const bool isNew = m_current.row < 0;
    Cell next = isNew ? Cell{std::max(m_selectedRow, 0), 0} : m_current;
    switch (event->key()) {
    case Qt::Key_Up:
        next.row -= isNew ? 0 : 1;
        break;
    case Qt::Key_Down:
        next.row += isNew ? 0 : 1;
        break;
    case Qt::Key_Left:
        next.column -= isNew ? 0 : 1;
        break;
    case Qt::Key_Right:
        next.column += isNew ? 0 : 1;
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
        next.row = lastRow;
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    m_hovered = {};
    setCurrent({std::clamp(next.row, 0, lastRow), std::clamp(next.column, 0, lastColumn)});
    scrollTo(m_current.row);
}

Picture GateMap::picture(const QString& name) const
{
    Picture picture;
    picture.name = name;
    picture.csv = [text = csv()] { return text; };
    picture.size = size();
    picture.paint = [base = m_theme.base()](QPainter& painter, QSize size) {
        painter.fillRect(QRect(QPoint(0, 0), size), base);
    };
    if (isEmpty()) {
        return picture;
    }
    const GateMapGeometry natural = GateMapGeometry::of(*m_data, font(), viewport()->width());
    const double height = natural.headerHeight + natural.contentHeight(*m_data);
    picture.size = QSize(static_cast<int>(std::ceil(natural.contentWidth())),
                         std::min(static_cast<int>(std::ceil(height)), kMaxPictureHeight));
    picture.paint = [gates = m_data, theme = m_theme, font = font()](QPainter& painter,
                                                                     QSize size) {
        GateMapGeometry geometry = GateMapGeometry::of(*gates, font, size.width());
        // All rows, however low: without text where there is no room for it.
        geometry.rowHeight =
            std::min(geometry.rowHeight, (size.height() - geometry.headerHeight) /
                                             static_cast<double>(gates->rows.size()));
        painter.fillRect(QRect(QPoint(0, 0), size), theme.base());
        if (geometry.rowHeight <= 0) {
            return;
        }
        painter.setRenderHint(QPainter::Antialiasing);
        const GateMapPainter cells(*gates, geometry, theme, font);
        cells.paintRows(painter, 0, static_cast<int>(gates->rows.size()) - 1);
        cells.paintHeader(painter);
    };
    return picture;
}

QString GateMap::csv() const
{
    QString text = QStringLiteral("quantizer,kept,p4,p8,p16,p32,bits\n");
    if (isEmpty()) {
        return text;
    }
    const auto add = [&text](const QString& quantizer, const GateReading& gates) {
        if (quantizer.isEmpty()) {
            return;
        }
        text += csvField(quantizer) + u',' + QString::number(gates.kept, 'g', 9);
        for (const double p : gates.levels) {
            text += u',' + QString::number(p, 'g', 9);
        }
        text += u',' + QString::number(gates.bits()) + u'\n';
    };
    for (const GateMapData::Row& row : m_data->rows) {
        add(row.weight, row.weightGates);
        add(row.activation, row.activationGates);
    }
    return text;
}

} // namespace bitloom::ui
