// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/workbench/window/scenes.h"
#include "tests/app/workbench/window/test_window.h"
#include "tests/support/test_support.h"

#include <QApplication>
#include <QDir>
#include <QtTest>

using namespace bitloom;

namespace {

/// Small, so that the references stay small; as large as the smallest window that shows all parts.
constexpr QSize kSize(1120, 700);
/// Two pixels are the same below this difference of a channel: another version of FreeType shades
/// edges a little otherwise.
constexpr int kSameShade = 32;
/// Another processor rounds a few figures of the sensitivity otherwise: some digits in a table, the
/// place of some marks in a plot. A moved, missing or clipped part is far more.
constexpr double kMostDiffering = 0.006;

QString reference(const QString& name)
{
    return QString::fromStdString(test::dataFile("pictures").string()) + u'/' + name +
           QStringLiteral(".png");
}

double shareOfDiffering(const QImage& left, const QImage& right)
{
    const QImage a = left.convertToFormat(QImage::Format_RGB32);
    const QImage b = right.convertToFormat(QImage::Format_RGB32);
    qint64 differing = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
            differing += qAbs(qRed(p) - qRed(q)) > kSameShade ||
                         qAbs(qGreen(p) - qGreen(q)) > kSameShade ||
                         qAbs(qBlue(p) - qBlue(q)) > kSameShade;
        }
    }
    return static_cast<double>(differing) / (static_cast<double>(a.width()) * a.height());
}

} // namespace

/// The window looks as it did when someone last looked at it. BITLOOM_UPDATE_PICTURES=1 takes the
/// present look as the reference, to be looked at before it is committed.
class TestPictures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theComparisonFindsAMovedLine()
    {
        QImage before(kSize, QImage::Format_RGB32);
        before.fill(Qt::white);
        QImage after = before;
        for (int x = 0; x < kSize.width(); ++x) {
            for (int y = 0; y < 3; ++y) {
                before.setPixel(x, 100 + y, qRgb(0, 0, 0));
                after.setPixel(x, 110 + y, qRgb(0, 0, 0));
            }
        }
        QCOMPARE(shareOfDiffering(before, before), 0.0);
        QVERIFY(shareOfDiffering(before, after) > kMostDiffering);
    }

    void paletteKeepsThePicture()
    {
        QImage image(64, 64, QImage::Format_RGB32);
        for (int y = 0; y < 64; ++y) {
            for (int x = 0; x < 64; ++x) {
                image.setPixel(x, y, qRgb(4 * x, 4 * y, 128)); // more colours than a palette has
            }
        }
        const QImage reduced = test::withPalette(image);
        QVERIFY(reduced.colorCount() <= 256);
        QCOMPARE(shareOfDiffering(image, reduced), 0.0);
    }

    void windowLooksAsItDid()
    {
        test::TestWindow shown(test::testSettings(), kSize);
        QStringList findings;
        for (const test::Scene& scene : test::scenes(QStringLiteral("arch:lenet5"))) {
            if (scene.changes) {
                break; // the remaining ones show times and hashes
            }
            QVERIFY2(scene.show(shown), qPrintable(scene.name));
            const QImage actual = test::pictureOf(shown);
            QCOMPARE(actual.size(), kSize);
            const QString path = reference(scene.name);
            if (qEnvironmentVariableIsSet("BITLOOM_UPDATE_PICTURES")) {
                QDir().mkpath(QFileInfo(path).path());
                QVERIFY2(test::withPalette(actual).save(path, "PNG", 0), qPrintable(path));
                continue;
            }
            const QImage expected(path);
            if (expected.size() != actual.size()) {
                findings << QStringLiteral("%1: the reference is missing or of another size")
                                .arg(scene.name);
            } else if (const double share = shareOfDiffering(actual, expected);
                       share > kMostDiffering) {
                const QString seen = scene.name + QStringLiteral(".actual.png");
                QVERIFY2(actual.save(seen), qPrintable(seen));
                findings << QStringLiteral("%1: %2 % of the pixels differ; see %3")
                                .arg(scene.name)
                                .arg(100 * share, 0, 'f', 2)
                                .arg(QDir().absoluteFilePath(seen));
            }
        }
        QVERIFY2(findings.isEmpty(), qPrintable(findings.join(u'\n')));
        if (qEnvironmentVariableIsSet("BITLOOM_UPDATE_PICTURES")) {
            QSKIP("the references were written anew, nothing was compared");
        }
    }
};

int main(int argc, char** argv)
{
    const test::TestSurroundings surroundings;
    QApplication application(argc, argv);
    test::prepareTestProgram();
    TestPictures test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_pictures.moc"
