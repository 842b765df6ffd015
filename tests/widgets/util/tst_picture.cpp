// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/picture.h"
#include "widgets/util/provenance_reader.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>
#include <QPainter>
#include <QSvgRenderer>
#include <QtTest>

using namespace bitloom;

namespace {
ui::Picture sample()
{
    ui::Picture picture;
    picture.name = QStringLiteral("sample");
    picture.size = {200, 100};
    picture.paint = [](QPainter& painter, QSize size) {
        painter.fillRect(QRect(QPoint(0, 0), size), Qt::white);
        painter.fillRect(QRect(size.width() / 2, 0, size.width() / 2, size.height()), Qt::blue);
    };
    picture.csv = [] {
        return QStringLiteral("layer,bits\n") + ui::csvField(QStringLiteral("a,b")) +
               QStringLiteral(",4\n");
    };
    return picture;
}

const ui::Provenance kProvenance{QStringLiteral("lenet5"), QStringLiteral("sha256:12"),
                                 QStringLiteral("w4a8"), QStringLiteral("7"),
                                 QStringLiteral("bitloom 0.1.0")};
} // namespace

class TestPicture : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pngHasSizeContentAndProvenance()
    {
        QByteArray bytes =
            ui::renderPicture(sample(), ui::PictureFormat::Png, {200, 100}, 2.0, kProvenance);
        QBuffer buffer(&bytes);
        QImageReader reader(&buffer);
        QCOMPARE(reader.text(QStringLiteral("bitloom.plan")), QStringLiteral("w4a8"));
        QCOMPARE(reader.text(QStringLiteral("bitloom.fingerprint")), QStringLiteral("sha256:12"));
        const QImage image = reader.read();
        QCOMPARE(image.size(), QSize(400, 200));
        QCOMPARE(image.pixelColor(399, 100), QColor(Qt::blue));
        QCOMPARE(image.pixelColor(1, 100), QColor(Qt::white));
    }

    void svgIsReadAgain()
    {
        const QByteArray bytes =
            ui::renderPicture(sample(), ui::PictureFormat::Svg, {200, 100}, 1.0, kProvenance);
        QVERIFY(bytes.contains("plan=w4a8"));
        QSvgRenderer renderer(bytes);
        QVERIFY(renderer.isValid());
        QCOMPARE(renderer.viewBox(), QRect(0, 0, 200, 100));
        QImage image(200, 100, QImage::Format_RGB32);
        QPainter painter(&image);
        renderer.render(&painter);
        QCOMPARE(image.pixelColor(150, 50), QColor(Qt::blue));
    }

    void pdfHasOnePageOfTheSize()
    {
        const QByteArray bytes =
            ui::renderPicture(sample(), ui::PictureFormat::Pdf, {200, 100}, 1.0, kProvenance);
        QVERIFY(bytes.startsWith("%PDF-"));
        QVERIFY2(bytes.contains("/MediaBox [0 0 150 75]") ||
                     bytes.contains("/MediaBox [0 0 150.000000 75.000000]"),
                 bytes.mid(bytes.indexOf("/MediaBox"), 60).constData());
    }

    void csvCarriesProvenanceAndQuotes()
    {
        QCOMPARE(ui::renderPicture(sample(), ui::PictureFormat::Csv, {}, 1.0, kProvenance),
                 QByteArray("# model: lenet5\n# fingerprint: sha256:12\n# plan: w4a8\n# seed: 7\n"
                            "# versions: bitloom 0.1.0\nlayer,bits\n\"a,b\",4\n"));
    }

    void picturesSayWhereTheyComeFrom_data()
    {
        QTest::addColumn<ui::PictureFormat>("format");
        QTest::newRow("png") << ui::PictureFormat::Png;
        QTest::newRow("svg") << ui::PictureFormat::Svg;
        QTest::newRow("csv") << ui::PictureFormat::Csv;
    }
    void picturesSayWhereTheyComeFrom()
    {
        QFETCH(ui::PictureFormat, format);
        ui::Provenance origin = kProvenance;
        origin.plan = QStringLiteral("größer <& kleiner>; x=1: y"); // users choose it
        origin.versions = QString(200, u'v');
        origin.planDigest = QStringLiteral("0123abcd");
        origin.panel = QStringLiteral("frontier");
        const auto read =
            ui::readProvenance(ui::renderPicture(sample(), format, {200, 100}, 1, origin));
        QVERIFY(read.has_value());
        QCOMPARE(read->fields(), origin.fields());
    }

    void otherFilesSayNothing_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("model=lenet5; plan=w4a8");
        QTest::newRow("broken png") << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\xffIHDR", 16);
        QTest::newRow("broken xml") << QByteArray("<svg><desc>model=a");
        QTest::newRow("other svg") << QByteArray("<svg><g/><desc>model=a</desc></svg>");
        QTest::newRow("csv") << QByteArray("# unknown: a\nx,y\n");
        QImage image(4, 4, QImage::Format_RGB32);
        image.fill(Qt::red);
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        QTest::newRow("other png") << png;
    }
    void otherFilesSayNothing()
    {
        QFETCH(QByteArray, file);
        QVERIFY(!ui::readProvenance(file).has_value());
    }

    void formatFollowsTheEnding()
    {
        QCOMPARE(ui::pictureFormatFrom(QStringLiteral("a.PNG")), ui::PictureFormat::Png);
        QCOMPARE(ui::pictureFormatFrom(QStringLiteral("b.c/x.csv")), ui::PictureFormat::Csv);
        QVERIFY(!ui::pictureFormatFrom(QStringLiteral("png")));
    }
};

QTEST_MAIN(TestPicture)
#include "tst_picture.moc"
