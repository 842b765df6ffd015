// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/file_map.h"

#include <QRectF>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace bitloom::ui {

/// A file as lines of equally many bytes, one below the other, like text: where each region lies on
/// the screen, and which one a pixel shows. A pixel that stands for several regions shows the one
/// with most bytes in it, so the work is bounded by pixels and regions, not by bytes.
class ByteMapLayout {
public:
    /// Neighbouring pixels of a line that show one region.
    struct Run {
        QRectF place;
        int region = 0;
    };

    ByteMapLayout() = default;
    /// area: of all lines. Lines are lineHeight high at least; they grow to at most three times
    /// that where the area has room.
    ByteMapLayout(const FileMap& map, const QRectF& area, double lineHeight, double gap);

    bool isEmpty() const { return m_runs.empty(); }
    int lineCount() const { return m_lineCount; }
    std::int64_t bytesPerLine() const { return m_bytesPerLine; }
    QRectF linePlace(int line) const; ///< of a whole line, also of the last one
    const std::vector<Run>& runs() const { return m_runs; }
    std::optional<int> regionAt(QPointF position) const;
    /// Its part of each line it lies in, at least a pixel wide.
    std::vector<QRectF> placesOf(int region) const;

private:
    /// Where the byte at this offset begins.
    QPointF pointOf(std::int64_t offset) const;
    void layLine(const FileMap& map, int line, std::size_t& region);

    QRectF m_area;
    double m_height = 0;
    double m_step = 0; ///< from line to line
    std::int64_t m_fileBytes = 0;
    std::int64_t m_bytesPerLine = 1;
    int m_lineCount = 0;
    std::vector<Run> m_runs;                                      ///< line by line
    std::vector<std::size_t> m_lineRuns;                          ///< the first run of each line
    std::vector<std::pair<std::int64_t, std::int64_t>> m_extents; ///< offset and end of each region
};

} // namespace bitloom::ui
