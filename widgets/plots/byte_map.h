// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/file_map.h"
#include "widgets/plots/byte_map_drawing.h"
#include "widgets/plots/part_chart.h"

#include <QSet>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace bitloom::ui {

/// Where everything lies in a file: its bytes as lines, each region in the colour of its bits,
/// offsets as axis, a key below.
///
/// Keys: Left and Right go to the region before and after, Up and Down to the line above and below,
/// Home and End to the ends of the file, Return or Space activates. A click does both. Large files
/// cost no more than their pixels and regions.
class ByteMap final : public PartChart {
    Q_OBJECT
public:
    explicit ByteMap(QWidget* parent = nullptr);

    void setMap(std::shared_ptr<const FileMap> map); ///< null: nothing yet
    /// Rings all that belongs to these tensors.
    void setSelectedTensors(const QSet<QString>& tensors);
    /// What a click on this region does, for its tooltip; empty: nothing.
    void setClickHint(std::function<QString(int region)> hint);

    const ByteMapLayout& lines() const; ///< as they are painted next
    QString textOf(int region) const override;
    int ringedRegions() const { return static_cast<int>(m_ringed.size()); }

    QString csv() const override;
    QSize sizeHint() const override { return {480, 220}; }
    QSize minimumSizeHint() const override { return {200, 110}; }

protected:
    void layOut() override;
    Painting painting() const override;
    void paintChart(QPainter& painter, int pointed) override;
    std::optional<Part> partAt(QPointF position) const override;
    std::optional<int> partTowards(int key) const override;
    QString idleText() const override;

private:
    void findRinged();
    int regionOnLine(int step) const; ///< above or below the current one
    void ring(QPainter& painter, int region, const QColor& colour, double width) const;

    std::shared_ptr<const FileMap> m_map;
    std::shared_ptr<const ByteMapDrawing> m_drawing; ///< null: no map
    QSet<QString> m_selected;
    std::vector<int> m_ringed; ///< regions of the selected tensors
    std::function<QString(int)> m_clickHint;
};

} // namespace bitloom::ui
