// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precision distribution and transition matrix: the sums, and what is drawn of them.
#include "widgets/plots/precision_bars.h"
#include "widgets/plots/transition_matrix.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using ui::PrecisionBars;
using ui::PrecisionShare;
using ui::TransitionMatrix;

namespace {
struct Sample {
    ModelInfo model;
    PlanCost cost;
};

void add(Sample& sample, const char* name, std::int64_t parameters, std::int64_t macs,
         int activationBits, int weightBits)
{
    LayerInfo layer;
    layer.name = name;
    layer.parameters = parameters;
    sample.model.layers.push_back(layer);
    LayerCost cost;
    cost.name = name;
    cost.activationBits = activationBits;
    cost.weightBits = weightBits;
    cost.macs = macs;
    cost.codeBytes = parameters * weightBits / 8;
    cost.scaleBytes = 4;
    sample.cost.layers.push_back(cost);
}

Sample sample()
{
    Sample made;
    add(made, "conv1", 1000, 500, 32, 8);
    add(made, "conv2", 2000, 1500, 8, 4);
    add(made, "conv3", 3000, 2500, 8, 4);
    add(made, "conv4", 100000, 10, 4, 0);
    add(made, "matmul", 0, 700, 8, 8);
    made.cost.rawBytes = 640;
    return made;
}
} // namespace

class TestPrecision : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sums()
    {
        const Sample made = sample();
        const ui::PrecisionView view = ui::precisionView(made.model, made.cost);
        QCOMPARE(view.parameters, (std::vector<PrecisionShare>{{0, 100000}, {4, 5000}, {8, 1000}}));
        QCOMPARE(view.macs, (std::vector<PrecisionShare>{{0, 10}, {4, 4000}, {8, 1200}}));
        QCOMPARE(view.bytes, (std::vector<PrecisionShare>{
                                 {0, 4}, {4, 1000 + 1500 + 8}, {8, 1000 + 8}, {32, 640}}));
        const ui::TransitionView transitions = ui::transitionView(made.cost);
        QCOMPARE(transitions.activationBits, (std::vector<int>{4, 8, 32}));
        QCOMPARE(transitions.weightBits, (std::vector<int>{0, 4, 8}));
        QCOMPARE(transitions.at(1, 1).layers, 2);
        QCOMPARE(transitions.at(1, 1).macs, std::int64_t(4000));
        QCOMPARE(transitions.at(1, 2).layers, 1);
        QCOMPARE(transitions.at(0, 1).layers, 0);
        int layers = 0;
        for (const auto& cell : transitions.cells) {
            layers += cell.layers;
        }
        QCOMPARE(layers, 5);
    }

    void partsAreAsWideAsTheirShare()
    {
        const Sample made = sample();
        PrecisionBars bars;
        bars.resize(600, bars.sizeHint().height());
        bars.setView(std::make_shared<ui::PrecisionView>(ui::precisionView(made.model, made.cost)));
        QCOMPARE(bars.spotCount(), 3 + 3 + 4);
        const QRectF eight = bars.spotPlace(PrecisionBars::spotId(1, 8)).value();
        const QRectF four = bars.spotPlace(PrecisionBars::spotId(1, 4)).value();
        QVERIFY(qAbs(four.width() / eight.width() - 4000.0 / 1200.0) < 0.1);
        QVERIFY(qAbs(four.right() + 1 - eight.left()) < 0.01); // no gap, no overlap
        // Ten of 5,210 are less than a pixel, but they are there.
        QVERIFY(bars.spotPlace(PrecisionBars::spotId(1, 0))->width() >= 1);
        for (const int row : {0, 1, 2}) {
            QCOMPARE(bars.spotPlace(PrecisionBars::spotId(row, 8))->top() >
                         bars.spotPlace(PrecisionBars::spotId(0, 8))->top(),
                     row > 0);
        }
        QVERIFY(QRectF(bars.rect()).contains(bars.spotPlace(PrecisionBars::spotId(2, 32)).value()));
    }

    void barsHaveTheColoursOfTheBits()
    {
        const Sample made = sample();
        for (const bool dark : {false, true}) {
            ui::applyTheme(*qApp, dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
            PrecisionBars bars;
            bars.resize(600, bars.sizeHint().height());
            bars.setView(
                std::make_shared<ui::PrecisionView>(ui::precisionView(made.model, made.cost)));
            const QImage image = bars.grab().toImage();
            const auto place = bars.spotPlace(PrecisionBars::spotId(1, 4)).value();
            QCOMPARE(image.pixelColor(place.topLeft().toPoint() + QPoint(2, 2)),
                     ui::Theme::bits(4));
            QCOMPARE(image.pixelColor(1, 1), ui::Theme(bars.palette()).base());
        }
        ui::applyTheme(*qApp, ui::ThemeChoice::Light);
    }

    void clicksAndKeys()
    {
        const Sample made = sample();
        PrecisionBars bars;
        bars.resize(600, bars.sizeHint().height());
        bars.setView(std::make_shared<ui::PrecisionView>(ui::precisionView(made.model, made.cost)));
        QSignalSpy activated(&bars, &PrecisionBars::bitsActivated);
        QTest::mouseClick(&bars, Qt::LeftButton, {},
                          bars.spotPlace(PrecisionBars::spotId(1, 4))->center().toPoint());
        QCOMPARE(activated.takeFirst().at(0).toInt(), 4);
        QTest::keyClick(&bars, Qt::Key_Right);
        QCOMPARE(bars.currentPart(), PrecisionBars::spotId(1, 8));
        QVERIFY(bars.accessibleDescription().startsWith(QStringLiteral("MACs, bits: 8")));
        QTest::keyClick(&bars, Qt::Key_Return);
        QCOMPARE(activated.takeFirst().at(0).toInt(), 8);
        QTest::keyClick(&bars, Qt::Key_Down);
        QCOMPARE(bars.currentPart() / 100, 2);
        for (int i = 0; i < 10; ++i) {
            QTest::keyClick(&bars, Qt::Key_Left);
            QTest::keyClick(&bars, Qt::Key_Up);
        }
        QCOMPARE(bars.currentPart(), PrecisionBars::spotId(0, 0));
        QTest::mouseClick(&bars, Qt::LeftButton, {}, QPoint(1, 1));
        QCOMPARE(activated.count(), 0);
    }

    void transitions()
    {
        const Sample made = sample();
        TransitionMatrix matrix;
        matrix.resize(420, 220);
        matrix.setView(std::make_shared<ui::TransitionView>(ui::transitionView(made.cost)));
        QCOMPARE(matrix.spotCount(), 4); // cells with layers
        QSignalSpy activated(&matrix, &TransitionMatrix::transitionActivated);
        QTest::mouseClick(&matrix, Qt::LeftButton, {},
                          matrix.spotPlace(TransitionMatrix::spotId(8, 4))->center().toPoint());
        QCOMPARE(activated.takeFirst(), (QList<QVariant>{8, 4}));
        QVERIFY(matrix.accessibleDescription().contains(QStringLiteral("Layers: 2")));
        QTest::keyClick(&matrix, Qt::Key_Right);
        QCOMPARE(matrix.currentPart(), TransitionMatrix::spotId(8, 8));
        QVERIFY(matrix.spotPlace(TransitionMatrix::spotId(4, 0))->top() <
                matrix.spotPlace(TransitionMatrix::spotId(32, 8))->top());
        QCOMPARE(matrix.csv(), QStringLiteral("activation_bits,weight_bits,layers,macs\n4,0,1,10\n"
                                              "8,4,2,4000\n8,8,1,700\n32,8,1,500\n"));
    }

    void emptyAndTiny()
    {
        PrecisionBars bars;
        TransitionMatrix matrix;
        for (const bool hasView : {false, true}) {
            if (hasView) {
                bars.setView(std::make_shared<ui::PrecisionView>());
                matrix.setView(std::make_shared<ui::TransitionView>());
            }
            QCOMPARE(bars.spotCount(), 0);
            QCOMPARE(matrix.spotCount(), 0);
            QVERIFY(!bars.accessibleDescription().isEmpty());
            QTest::keyClick(&bars, Qt::Key_Right);
            QTest::keyClick(&bars, Qt::Key_Return);
            QVERIFY(!bars.grab().isNull() && !matrix.grab().isNull());
        }
        const Sample made = sample();
        bars.setView(std::make_shared<ui::PrecisionView>(ui::precisionView(made.model, made.cost)));
        matrix.setView(std::make_shared<ui::TransitionView>(ui::transitionView(made.cost)));
        for (const QSize size : {QSize(1, 1), QSize(50, 20), QSize(3000, 10)}) {
            bars.resize(size);
            matrix.resize(size);
            QVERIFY(!bars.grab().isNull() && !matrix.grab().isNull());
        }
    }

    void picturesOutliveTheChart()
    {
        ui::Picture picture;
        {
            const Sample made = sample();
            PrecisionBars bars;
            bars.resize(400, 150);
            bars.setView(
                std::make_shared<ui::PrecisionView>(ui::precisionView(made.model, made.cost)));
            picture = bars.picture(QStringLiteral("precision"));
        }
        const QImage image = QImage::fromData(
            ui::renderPicture(picture, ui::PictureFormat::Png, {600, 150}, 2.0, {}));
        QCOMPARE(image.size(), QSize(1200, 300));
        int found = 0;
        for (int x = 0; x < image.width(); ++x) {
            found += image.pixelColor(x, 2 * 45) == ui::Theme::bits(4) ? 1 : 0;
        }
        QVERIFY2(found > 200, qPrintable(QString::number(found)));
        QVERIFY(picture.csv().startsWith(
            QStringLiteral("quantity,bits,amount\nparameters,0,100000\n")));
    }
};

QTEST_MAIN(TestPrecision)
#include "tst_precision.moc"
