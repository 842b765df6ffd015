// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/block_layout.h"

#include "tests/support/test_support.h"

#include <limits>
#include <vector>

using namespace bitloom;

class BlockLayoutTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wordsRoundUp()
    {
        QCOMPARE(wordsPerRow(0, 8), 0);
        QCOMPARE(wordsPerRow(9, 0), 0);
        QCOMPARE(wordsPerRow(1, 1), 1);
        QCOMPARE(wordsPerRow(11, 3), 2);
        QCOMPARE(wordsPerRow(32, 3), 3);
        QCOMPARE(wordsPerRow(33, 3), 4);
        QCOMPARE(wordsPerRow(4096, 3), 384);
        QCOMPARE(wordsPerRow(2, 16), 1);
    }

    void wordsEqualTheDefinitionForAllWidths()
    {
        for (int bits = 0; bits <= 16; ++bits) {
            for (std::int64_t cols = 0; cols < 300; ++cols) {
                QCOMPARE(wordsPerRow(cols, bits), (cols * bits + 31) / 32);
            }
        }
    }

    void hugeSizesDoNotOverflowSilently()
    {
        const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
        QCOMPARE(wordsPerRow(huge - 31, 16), (huge - 31) / 2);
        BITLOOM_EXPECT_ERROR(packedWords(huge, huge, 4, PackUnit::Row), ErrorCode::CorruptFile,
                             "too large");
        BITLOOM_EXPECT_ERROR(packedWords(huge, 2, 4, PackUnit::Tensor), ErrorCode::CorruptFile,
                             "too large");
        BITLOOM_EXPECT_ERROR(packedBytes(1, huge, 16, PackUnit::Row), ErrorCode::CorruptFile,
                             "too large");
    }

    void widthsOutsideTheRangeAreRefused()
    {
        BITLOOM_EXPECT_ERROR(wordsPerRow(8, 17), ErrorCode::InvalidArgument,
                             "0 to 16 bits, not 17");
        BITLOOM_EXPECT_ERROR(wordsPerRow(8, -1), ErrorCode::InvalidArgument, "not -1");
    }

    void rowWidthsAdd()
    {
        const std::vector<std::uint8_t> widths{3, 0, 2, 16};
        QCOMPARE(packedWords(5, widths), 1 + 0 + 1 + 3);
    }

    void bytesOfKnownLayers()
    {
        // resnet20 layer1 [16,16,3,3] at 4 bits: 144 codes a row, exactly 18 words.
        QCOMPARE(packedBytes(16, 144, 4, PackUnit::Row), 16 * 18 * 4);
        // depthwise [32,1,3,3] at 4 bits: 36 bits a row, 64 stored.
        QCOMPARE(packedBytes(32, 9, 4, PackUnit::Row), 32 * 8);
        QCOMPARE(packedBytes(32, 9, 4, PackUnit::Tensor), 32 * 9 * 4 / 8);
    }

    void tensorUnitWhereRowPaddingCosts()
    {
        QVERIFY(choosePackUnit(32, 9, 4) == PackUnit::Tensor);
        QVERIFY(choosePackUnit(16, 144, 4) == PackUnit::Row);
        // Padding exactly at the border: 32 of 640 bits is 5 %, not more.
        QVERIFY(choosePackUnit(8, 640, 1) == PackUnit::Row);
        QVERIFY(choosePackUnit(8, 641, 1) == PackUnit::Row);    // 31 of 641
        QVERIFY(choosePackUnit(8, 609, 1) == PackUnit::Tensor); // 31 of 609 = 5.09 %
        QVERIFY(choosePackUnit(8, 621, 1) == PackUnit::Row);    // 19 of 621 = 3.1 %
        QVERIFY(choosePackUnit(8, 610, 1) == PackUnit::Row);    // 30 of 610 = 4.9 %
        // Nothing to gain: a single row, no codes, no bits.
        QVERIFY(choosePackUnit(1, 9, 3) == PackUnit::Row);
        QVERIFY(choosePackUnit(0, 0, 3) == PackUnit::Row);
        QVERIFY(choosePackUnit(16, 9, 0) == PackUnit::Row);
    }

    void shapesBecomeMatrices()
    {
        const std::vector<std::int64_t> conv{64, 32, 3, 3};
        const MatrixView plain = matrixViewOf(conv, 0);
        QCOMPARE(plain.rows, 64);
        QCOMPARE(plain.cols, 288);
        const MatrixView transposed = matrixViewOf(conv, 1);
        QCOMPARE(transposed.rows, 32);
        QCOMPARE(transposed.cols, 576);
        QCOMPARE(transposed.outer, 64);
        QCOMPARE(transposed.inner, 9);
        QCOMPARE(matrixViewOf({}, 0).cols, 1);
        const std::vector<std::int64_t> empty{0, 3};
        QCOMPARE(matrixViewOf(empty, 0).cols, 0);
        QCOMPARE(matrixViewOf(empty, 1).rows, 3);
        QCOMPARE(matrixViewOf(empty, 1).cols, 0);
    }

    void impossibleShapesAreRefused()
    {
        const std::vector<std::int64_t> negative{4, -1};
        BITLOOM_EXPECT_ERROR(matrixViewOf(negative, 0), ErrorCode::CorruptFile, "negative size -1");
        const std::vector<std::int64_t> huge{1LL << 40, 1LL << 40};
        BITLOOM_EXPECT_ERROR(matrixViewOf(huge, 0), ErrorCode::CorruptFile, "too large");
        const std::vector<std::int64_t> hidden{0, 1LL << 40, 1LL << 40};
        BITLOOM_EXPECT_ERROR(matrixViewOf(hidden, 0), ErrorCode::CorruptFile, "too large");
        const std::vector<std::int64_t> flat{4};
        BITLOOM_EXPECT_ERROR(matrixViewOf(flat, 1), ErrorCode::InvalidArgument, "axis 1");
        BITLOOM_EXPECT_ERROR(matrixViewOf({}, 1), ErrorCode::InvalidArgument, "only 0");
    }
};

QTEST_GUILESS_MAIN(BlockLayoutTest)
#include "tst_block_layout.moc"
