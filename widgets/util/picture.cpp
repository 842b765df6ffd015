// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/picture.h"

#include <QBuffer>
#include <QFileInfo>
#include <QImage>
#include <QImageWriter>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

namespace bitloom::ui {

namespace {
const QString kDescription = QStringLiteral("bitloom-provenance-goes-here");

QByteArray renderPng(const Picture& picture, QSize size, double scale, const Provenance& provenance)
{
    QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(Qt::transparent);
    {
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        picture.paint(painter, size);
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QImageWriter writer(&buffer, "png");
    writer.setText(QStringLiteral("Software"), QStringLiteral("Bitloom"));
    for (const auto& [key, value] : provenance.fields()) {
        writer.setText(QLatin1String(kProvenancePrefix) + key, value);
    }
    writer.write(image);
    return bytes;
}

QByteArray renderSvg(const Picture& picture, QSize size, const Provenance& provenance)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setResolution(96);
    generator.setTitle(picture.name);
    generator.setDescription(kDescription);
    QPainter painter(&generator);
    picture.paint(painter, size);
    painter.end();
    // Whether Qt escapes it depends on its version, and a name may hold any letter.
    bytes.replace(kDescription.toLatin1(), provenance.toLine().toHtmlEscaped().toUtf8());
    return bytes;
}

QByteArray renderPdf(const Picture& picture, QSize size, const Provenance& provenance)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setCreator(QStringLiteral("Bitloom"));
    writer.setTitle(picture.name + QStringLiteral(" (") + provenance.toLine() + u')');
    // One device-independent pixel is 1/96 inch.
    writer.setResolution(96);
    writer.setPageSize(QPageSize(QSizeF(size) * 72.0 / 96.0, QPageSize::Point));
    writer.setPageMargins(QMarginsF());
    QPainter painter(&writer);
    picture.paint(painter, size);
    painter.end();
    return bytes;
}

QByteArray renderCsv(const Picture& picture, const Provenance& provenance)
{
    QString text;
    for (const auto& [key, value] : provenance.fields()) {
        text += QStringLiteral("# ") + key + QStringLiteral(": ") + value + u'\n';
    }
    return (text + picture.csv()).toUtf8();
}
} // namespace

std::optional<PictureFormat> pictureFormatFrom(const QString& fileName)
{
    const QString ending = QFileInfo(fileName).suffix().toLower();
    if (ending == QLatin1String("png")) {
        return PictureFormat::Png;
    }
    if (ending == QLatin1String("svg")) {
        return PictureFormat::Svg;
    }
    if (ending == QLatin1String("pdf")) {
        return PictureFormat::Pdf;
    }
    if (ending == QLatin1String("csv")) {
        return PictureFormat::Csv;
    }
    return std::nullopt;
}

QByteArray renderPicture(const Picture& picture, PictureFormat format, QSize size, double scale,
                         const Provenance& provenance)
{
    switch (format) {
    case PictureFormat::Png:
        return renderPng(picture, size, scale, provenance);
    case PictureFormat::Svg:
        return renderSvg(picture, size, provenance);
    case PictureFormat::Pdf:
        return renderPdf(picture, size, provenance);
    case PictureFormat::Csv:
        return renderCsv(picture, provenance);
    }
    return {};
}

QString csvField(const QString& text)
{
    if (!text.contains(u',') && !text.contains(u'"') && !text.contains(u'\n')) {
        return text;
    }
    QString quoted = text;
    return u'"' + quoted.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

} // namespace bitloom::ui
