// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/provenance.h"

#include <QByteArray>
#include <QSize>
#include <QString>

#include <functional>
#include <optional>

class QPainter;

namespace bitloom::ui {

/// Something that can be exported: a plot or a table.
struct Picture {
    QString name; ///< proposed file name without ending, "frontier"
    QSize size;   ///< proposed, device-independent pixels
    /// Paints into (0, 0, size); also called outside of paint events.
    std::function<void(QPainter&, QSize)> paint;
    /// The numbers behind it as comma-separated values with a header line; '.' as decimal point.
    std::function<QString()> csv;
};

enum class PictureFormat { Png, Svg, Pdf, Csv };

std::optional<PictureFormat> pictureFormatFrom(const QString& fileName); ///< by its ending

/// The bytes of the exported file. Provenance goes into PNG text chunks, the SVG's description, the
/// PDF's title and the CSV's first comment lines. scale: pixels per point, PNG only.
QByteArray renderPicture(const Picture& picture, PictureFormat format, QSize size, double scale,
                         const Provenance& provenance);

/// One CSV field: quoted where it holds a comma, a quote or a line break.
QString csvField(const QString& text);

} // namespace bitloom::ui
