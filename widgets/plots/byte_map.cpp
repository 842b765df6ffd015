// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/byte_map.h"

#include "widgets/plots/plot_drawing.h"
#include "widgets/util/formatting.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace bitloom::ui {

namespace {
constexpr double kLeastRing = 5; // pixels: what is narrower is ringed nevertheless
}

ByteMap::ByteMap(QWidget* parent)
    : QWidget(parent), m_theme(palette()), m_gate(this, [this] {
          relayout();
          update();
      })
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Byte map"));
    setAccessibleDescription(keysText());
}

void ByteMap::setMap(std::shared_ptr<const FileMap> map)
{
    if (map == m_map) {
        return;
    }
    m_map = std::move(map);
    m_current = -1;
    m_hovered = -1;
    findRinged();
    m_gate.markDirty();
}

void ByteMap::setSelectedTensors(const QSet<QString>& tensors)
{
    if (tensors != m_selected) {
        m_selected = tensors;
        findRinged();
        update();
    }
}

void ByteMap::setClickHint(std::function<QString(int)> hint)
{
    m_clickHint = std::move(hint);
}

QString ByteMap::keysText()
{
    return tr("Arrow keys move from region to region and from line to line, Return chooses one.");
}

void ByteMap::relayout()
{
    m_drawing =
        m_map ? std::make_shared<const ByteMapDrawing>(m_map, size(), m_theme, captionFont(*this))
              : nullptr;
    setAccessibleDescription(m_map && m_current >= 0 ? textOf(m_current) : keysText());
}

const ByteMapLayout& ByteMap::lines() const
{
    static const ByteMapLayout kNone;
    m_gate.flush();
    return m_drawing ? m_drawing->lines() : kNone;
}

QString ByteMap::textOf(int region) const
{
    if (!m_map || region < 0 || static_cast<std::size_t>(region) >= m_map->regions.size()) {
        return {};
    }
    const FileRegion& shown = m_map->regions[static_cast<std::size_t>(region)];
    QStringList texts;
    if (!shown.tensor.empty()) {
        texts << QString::fromStdString(shown.tensor);
    }
    texts << regionText(shown)
          << tr("%1 from offset %2").arg(formatExactBytes(shown.bytes), formatExact(shown.offset));
    const QString hint = m_clickHint ? m_clickHint(region) : QString();
    if (!hint.isEmpty()) {
        texts << hint;
    }
    return texts.join(u'\n');
}

void ByteMap::findRinged()
{
    m_ringed.clear();
    for (std::size_t i = 0; m_map && !m_selected.isEmpty() && i < m_map->regions.size(); ++i) {
        if (m_selected.contains(QString::fromStdString(m_map->regions[i].tensor))) {
            m_ringed.push_back(static_cast<int>(i));
        }
    }
}

Picture ByteMap::picture(const QString& name) const
{
    Picture picture;
    picture.name = name;
    picture.size = size();
    picture.paint = [map = m_map, theme = m_theme, font = captionFont(*this)](QPainter& painter,
                                                                              QSize size) {
        painter.fillRect(QRect(QPoint(0, 0), size), theme.base());
        if (map) {
            ByteMapDrawing(map, size, theme, font).paint(painter);
        }
    };
    picture.csv = [text = csv()] { return text; };
    return picture;
}

QString ByteMap::csv() const
{
    QString text = QStringLiteral("offset,bytes,kind,bits,tensor\n");
    if (m_map) {
        for (const FileRegion& region : m_map->regions) {
            text += QString::number(region.offset) + u',' + QString::number(region.bytes) + u',' +
                    QString::fromUtf8(toString(region.kind).data()) + u',' +
                    QString::number(region.bits) + u',' +
                    csvField(QString::fromStdString(region.tensor)) + u'\n';
        }
    }
    return text;
}

bool ByteMap::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const auto region = lines().regionAt(help->pos())) {
            QToolTip::showText(help->globalPos(), textOf(*region), this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

void ByteMap::changeEvent(QEvent* event)
{
    if (changesLook(*event)) {
        m_theme = Theme(palette());
        m_gate.markDirty();
    }
    QWidget::changeEvent(event);
}

void ByteMap::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    relayout();
}

void ByteMap::ring(QPainter& painter, int region, const QColor& colour, double width) const
{
    for (const QRectF& place : m_drawing->lines().placesOf(region)) {
        const double missing = std::max(0.0, kLeastRing - place.width()) / 2;
        const QRectF outline = place.adjusted(-missing, -1, missing, 1);
        painter.setPen(QPen(m_theme.base(), width + 2));
        painter.drawRect(outline);
        painter.setPen(QPen(colour, width));
        painter.drawRect(outline);
    }
}

void ByteMap::paintEvent(QPaintEvent* /*event*/)
{
    m_gate.flush();
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.base());
    if (!m_drawing) {
        return;
    }
    m_drawing->paint(painter);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    for (const int region : m_ringed) {
        ring(painter, region, m_theme.text(), 1.5);
    }
    const int pointed = m_hovered >= 0 ? m_hovered : hasFocus() ? m_current : -1;
    if (pointed >= 0) {
        ring(painter, pointed, m_theme.accent(), 2);
    }
}

void ByteMap::mouseMoveEvent(QMouseEvent* event)
{
    const int hovered = lines().regionAt(event->position()).value_or(-1);
    if (hovered != m_hovered) {
        m_hovered = hovered;
        update();
    }
}

void ByteMap::mousePressEvent(QMouseEvent* event)
{
    const auto region = lines().regionAt(event->position());
    if (event->button() != Qt::LeftButton || !region) {
        QWidget::mousePressEvent(event);
        return;
    }
    setCurrent(*region);
    Q_EMIT regionActivated(*region);
}

void ByteMap::leaveEvent(QEvent* event)
{
    m_hovered = -1;
    update();
    QWidget::leaveEvent(event);
}

void ByteMap::setCurrent(int region)
{
    m_current = region;
    setAccessibleDescription(textOf(region));
    update();
}

int ByteMap::regionOnLine(int step) const
{
    const ByteMapLayout& shown = lines();
    const auto& region = m_map->regions[static_cast<std::size_t>(m_current)];
    const std::int64_t middle = region.offset + region.bytes / 2;
    const std::int64_t line = middle / shown.bytesPerLine() + step;
    if (line < 0 || line >= shown.lineCount()) {
        return m_current;
    }
    const std::int64_t wanted =
        std::clamp<std::int64_t>(middle + step * shown.bytesPerLine(), 0, m_map->fileBytes - 1);
    // By offset, so that also what is too small to be seen is reached.
    const auto after = std::upper_bound(
        m_map->regions.begin(), m_map->regions.end(), wanted,
        [](std::int64_t offset, const FileRegion& other) { return offset < other.offset; });
    const int found = static_cast<int>(after - m_map->regions.begin()) - 1;
    const int last = static_cast<int>(m_map->regions.size()) - 1;
    return found == m_current ? std::clamp(found + step, 0, last) : found; // a long one is left
}

void ByteMap::keyPressEvent(QKeyEvent* event)
{
    if (!m_map || m_map->regions.empty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const int last = static_cast<int>(m_map->regions.size()) - 1;
    const bool begins = m_current < 0; // the first key only shows where one is
    int next = m_current;
    switch (event->key()) {
    case Qt::Key_Left:
        next = begins ? 0 : std::max(m_current - 1, 0);
        break;
    case Qt::Key_Right:
        next = begins ? 0 : std::min(m_current + 1, last);
        break;
    case Qt::Key_Up:
        next = begins ? 0 : regionOnLine(-1);
        break;
    case Qt::Key_Down:
        next = begins ? 0 : regionOnLine(1);
        break;
    case Qt::Key_Home:
        next = 0;
        break;
    case Qt::Key_End:
        next = last;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current >= 0) {
            Q_EMIT regionActivated(m_current);
        }
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    m_hovered = -1;
    setCurrent(next);
}

} // namespace bitloom::ui
