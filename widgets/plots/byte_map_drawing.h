// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/file_map.h"
#include "widgets/plots/byte_map_layout.h"
#include "widgets/util/theme.h"

#include <QFont>
#include <QSize>
#include <QString>

#include <memory>
#include <vector>

class QPainter;

namespace bitloom::ui {

/// A byte map as it looks at one size: axes, lines and key. It holds all that it needs, so that a
/// picture can outlive its widget.
class ByteMapDrawing {
public:
    /// map is never null.
    ByteMapDrawing(std::shared_ptr<const FileMap> map, QSize size, const Theme& theme,
                   const QFont& font);

    const ByteMapLayout& lines() const { return m_lines; }
    void paint(QPainter& painter) const;

private:
    /// Regions that look alike.
    struct KeyEntry {
        FileRegion sample;
        QString text;
        QRectF place;
    };
    void collectKey();
    double layKey(double width); ///< returns its height
    void paintFill(QPainter& painter, const QRectF& place, const FileRegion& region) const;
    void paintAxes(QPainter& painter) const;
    void paintKey(QPainter& painter) const;

    std::shared_ptr<const FileMap> m_map;
    Theme m_theme;
    QFont m_font;
    std::vector<QString> m_offsets; ///< of the lines
    double m_left = 0;
    double m_keyTop = 0;
    std::vector<KeyEntry> m_key;
    ByteMapLayout m_lines;
};

/// "codes, 4 bits", "scales, 32 bits", "metadata": what a region holds.
QString regionText(const FileRegion& region);

} // namespace bitloom::ui
