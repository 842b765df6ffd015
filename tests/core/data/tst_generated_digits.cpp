// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/generated_digits.h"

#include "tests/support/test_support.h"

#include <array>
#include <cmath>
#include <thread>

using namespace bitloom;

class TestGeneratedDigits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void openedByDescription();
    void sameForEveryThread();
    void splitsSeedsAndItemsDiffer();
    void looksLikeMnist();
    void nearestMeanTellsDigitsApart();
    void illegalCounts_data();
    void illegalCounts();
};

void TestGeneratedDigits::openedByDescription()
{
    const auto train = openDataset("digits:500", DatasetSplit::Train);
    QCOMPARE(train->size(), 500);
    QCOMPARE(train->name(), std::string("digits train"));
    QCOMPARE(train->itemId(7), std::string("digits train #7"));
    QVERIFY((train->get(0).shape == ImageShape{28, 28, 1}));
    // A shorter set is the beginning of a longer one.
    QCOMPARE(openDataset("digits:100", DatasetSplit::Train)->get(99).pixels, train->get(99).pixels);
}

void TestGeneratedDigits::sameForEveryThread()
{
    const GeneratedDigits digits(200, DatasetSplit::Train);
    std::vector<ImageU8> backwards(200);
    {
        std::vector<std::jthread> threads;
        for (std::int64_t t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                for (std::int64_t i = 199 - t; i >= 0; i -= 4) {
                    digits.read(i, backwards[static_cast<std::size_t>(i)]);
                }
            });
        }
    }
    for (std::int64_t i = 0; i < 200; ++i) {
        QCOMPARE(digits.get(i).pixels, backwards[static_cast<std::size_t>(i)].pixels);
    }
}

void TestGeneratedDigits::splitsSeedsAndItemsDiffer()
{
    const GeneratedDigits train(50, DatasetSplit::Train);
    const GeneratedDigits test(50, DatasetSplit::Test);
    const GeneratedDigits other(50, DatasetSplit::Train, 2);
    for (std::int64_t i = 0; i < 50; ++i) {
        QVERIFY(train.get(i).pixels != test.get(i).pixels);
        QVERIFY(train.get(i).pixels != other.get(i).pixels);
        QVERIFY(train.get(i).pixels != train.get((i + 1) % 50).pixels);
    }
}

void TestGeneratedDigits::looksLikeMnist()
{
    // MNIST: mean 33, centre of mass in the middle, each digit about 10 %, hardly any ink in the
    // outer 2 pixels.
    const GeneratedDigits digits(5000, DatasetSplit::Train);
    std::array<int, 10> histogram{};
    double ink = 0.0;
    double border = 0.0;
    ImageU8 image;
    for (std::int64_t i = 0; i < digits.size(); ++i) {
        ++histogram[static_cast<std::size_t>(digits.label(i))];
        digits.read(i, image);
        double sum = 0.0;
        double atBorder = 0.0;
        double massX = 0.0;
        double massY = 0.0;
        int solid = 0;
        for (int p = 0; p < 28 * 28; ++p) {
            const int y = p / 28;
            const int x = p % 28;
            const int value = image.pixels[static_cast<std::size_t>(p)];
            const int mass = value > 100 ? value : 0; // ink, not noise
            solid += mass > 0 ? 1 : 0;
            sum += value;
            massX += mass * (x - 13.5);
            massY += mass * (y - 13.5);
            atBorder += std::min({x, y, 27 - x, 27 - y}) < 2 ? mass : 0;
        }
        QVERIFY2(solid >= 12,
                 qPrintable(QString("digit %1 has %2 pixels of ink").arg(i).arg(solid)));
        QVERIFY(solid < 28 * 28 / 2);
        const double inked = std::max(1.0, 150.0 * solid);
        QVERIFY(std::abs(massX) / inked < 4.0 && std::abs(massY) / inked < 4.0);
        ink += sum;
        border += atBorder;
    }
    for (const int count : histogram) {
        QVERIFY(count > 400 && count < 600); // 500 +- 4.7 standard deviations
    }
    const double mean = ink / (5000.0 * 28 * 28);
    QVERIFY2(mean > 18 && mean < 45, qPrintable(QString::number(mean)));
    QVERIFY(border < 0.02 * ink);
}

/// Distinct enough to be learnt, varied enough that templates do not solve it.
void TestGeneratedDigits::nearestMeanTellsDigitsApart()
{
    const GeneratedDigits train(3000, DatasetSplit::Train);
    const GeneratedDigits test(1000, DatasetSplit::Test);
    std::array<std::array<double, 784>, 10> means{};
    std::array<int, 10> counts{};
    ImageU8 image;
    for (std::int64_t i = 0; i < train.size(); ++i) {
        const auto label = static_cast<std::size_t>(train.label(i));
        train.read(i, image);
        ++counts[label];
        for (std::size_t p = 0; p < 784; ++p) {
            means[label][p] += image.pixels[p];
        }
    }
    int correct = 0;
    for (std::int64_t i = 0; i < test.size(); ++i) {
        test.read(i, image);
        std::size_t best = 0;
        double bestDistance = 1e30;
        for (std::size_t digit = 0; digit < 10; ++digit) {
            double distance = 0.0;
            for (std::size_t p = 0; p < 784; ++p) {
                const double difference = means[digit][p] / counts[digit] - image.pixels[p];
                distance += difference * difference;
            }
            if (distance < bestDistance) {
                bestDistance = distance;
                best = digit;
            }
        }
        correct += static_cast<std::int64_t>(best) == test.label(i) ? 1 : 0;
    }
    QVERIFY2(correct > 550 && correct < 950, qPrintable(QString::number(correct))); // MNIST: 820
}

void TestGeneratedDigits::illegalCounts_data()
{
    QTest::addColumn<QString>("description");
    QTest::newRow("zero") << "digits:0";
    QTest::newRow("negative") << "digits:-5";
    QTest::newRow("a word") << "digits:many";
    QTest::newRow("trailing text") << "digits:10k";
    QTest::newRow("too many") << "digits:100000001";
    QTest::newRow("beyond 64 bits") << "digits:99999999999999999999";
}

void TestGeneratedDigits::illegalCounts()
{
    QFETCH(QString, description);
    BITLOOM_EXPECT_ERROR(openDataset(description.toStdString(), DatasetSplit::Train),
                         ErrorCode::InvalidArgument, "number of");
}

QTEST_GUILESS_MAIN(TestGeneratedDigits)
#include "tst_generated_digits.moc"
