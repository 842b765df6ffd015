// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/byte_map.h"

#include "widgets/plots/plot_drawing.h"
#include "widgets/util/formatting.h"

#include <QPainter>

#include <algorithm>

namespace bitloom::ui {

namespace {
constexpr double kLeastRing = 5; // pixels: what is narrower is ringed nevertheless
}

ByteMap::ByteMap(QWidget* parent) : PartChart(parent)
{
    setAccessibleName(tr("Byte map"));
    setAccessibleDescription(idleText());
}

void ByteMap::setMap(std::shared_ptr<const FileMap> map)
{
    if (map == m_map) {
        return;
    }
    m_map = std::move(map);
    forgetParts();
    findRinged();
    contentChanged();
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

QString ByteMap::idleText() const
{
    return tr("Arrow keys move from region to region and from line to line, Return chooses one.");
}

void ByteMap::layOut()
{
    m_drawing =
        m_map ? std::make_shared<const ByteMapDrawing>(m_map, size(), theme(), captionFont(*this))
              : nullptr;
}

const ByteMapLayout& ByteMap::lines() const
{
    static const ByteMapLayout kNone;
    flush();
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

PartChart::Painting ByteMap::painting() const
{
    return [map = m_map, look = theme(), font = captionFont(*this)](QPainter& painter, QSize size) {
        if (map) {
            ByteMapDrawing(map, size, look, font).paint(painter);
        }
    };
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

void ByteMap::ring(QPainter& painter, int region, const QColor& colour, double width) const
{
    for (const QRectF& place : m_drawing->lines().placesOf(region)) {
        const double missing = std::max(0.0, kLeastRing - place.width()) / 2;
        const QRectF outline = place.adjusted(-missing, -1, missing, 1);
        painter.setPen(QPen(theme().base(), width + 2));
        painter.drawRect(outline);
        painter.setPen(QPen(colour, width));
        painter.drawRect(outline);
    }
}

void ByteMap::paintChart(QPainter& painter, int pointed)
{
    if (!m_drawing) {
        return;
    }
    m_drawing->paint(painter);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    for (const int region : m_ringed) {
        ring(painter, region, theme().text(), 1.5);
    }
    if (pointed >= 0) {
        ring(painter, pointed, theme().accent(), 2);
    }
}

std::optional<PartChart::Part> ByteMap::partAt(QPointF position) const
{
    const auto region = lines().regionAt(position);
    if (!region) {
        return std::nullopt;
    }
    Part part{*region, {}};
    for (const QRectF& place : lines().placesOf(*region)) {
        if (place.contains(position)) {
            part.place = place;
        }
    }
    return part;
}

int ByteMap::regionOnLine(int step) const
{
    const ByteMapLayout& shown = lines();
    const auto& region = m_map->regions[static_cast<std::size_t>(currentPart())];
    const std::int64_t middle = region.offset + region.bytes / 2;
    const std::int64_t line = middle / shown.bytesPerLine() + step;
    if (line < 0 || line >= shown.lineCount()) {
        return currentPart();
    }
    const std::int64_t wanted =
        std::clamp<std::int64_t>(middle + step * shown.bytesPerLine(), 0, m_map->fileBytes - 1);
    // By offset, so that also what is too small to be seen is reached.
    const auto after = std::upper_bound(
        m_map->regions.begin(), m_map->regions.end(), wanted,
        [](std::int64_t offset, const FileRegion& other) { return offset < other.offset; });
    const int found = static_cast<int>(after - m_map->regions.begin()) - 1;
    const int last = static_cast<int>(m_map->regions.size()) - 1;
    return found == currentPart() ? std::clamp(found + step, 0, last) : found; // a long one is left
}

std::optional<int> ByteMap::partTowards(int key) const
{
    if (!m_map || m_map->regions.empty()) {
        return std::nullopt;
    }
    const int last = static_cast<int>(m_map->regions.size()) - 1;
    const bool begins = currentPart() < 0; // the first key only shows where one is
    switch (key) {
    case Qt::Key_Left:
        return begins ? 0 : std::max(currentPart() - 1, 0);
    case Qt::Key_Right:
        return begins ? 0 : std::min(currentPart() + 1, last);
    case Qt::Key_Up:
        return begins ? 0 : regionOnLine(-1);
    case Qt::Key_Down:
        return begins ? 0 : regionOnLine(1);
    case Qt::Key_Home:
        return 0;
    case Qt::Key_End:
        return last;
    default:
        return std::nullopt;
    }
}

} // namespace bitloom::ui
