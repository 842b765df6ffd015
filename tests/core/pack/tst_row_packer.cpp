// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/pack/row_packer.h"

#include "tests/support/test_support.h"

#include <vector>

using namespace bitloom;

namespace {

std::vector<std::uint16_t> randomMatrix(Rng& rng, const PackedLayout& layout)
{
    std::vector<std::uint16_t> codes;
    for (std::int64_t row = 0; row < layout.rows; ++row) {
        for (std::int64_t col = 0; col < layout.cols; ++col) {
            codes.push_back(
                static_cast<std::uint16_t>(rng.below(std::uint64_t{1} << layout.bitsOfRow(row))));
        }
    }
    return codes;
}

/// Values of type T with these codes give the same words.
template <typename T>
void checkValues(const std::vector<std::uint16_t>& codes, std::span<const std::int64_t> offsets,
                 const PackedLayout& layout, const std::vector<std::uint32_t>& words)
{
    std::vector<T> values;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const auto row = i / static_cast<std::size_t>(layout.cols);
        values.push_back(static_cast<T>(codes[i] - offsets[offsets.size() == 1 ? 0 : row]));
    }
    std::vector<std::uint32_t> packed(words.size(), 0xDEADBEEFU);
    packMatrixValues(std::span<const T>(values), offsets, layout, std::span(packed));
    QVERIFY(packed == words);
}

void checkRoundTripAndRows(const PackedLayout& layout, Rng& rng)
{
    const std::vector<std::uint16_t> codes = randomMatrix(rng, layout);
    std::vector<std::uint32_t> words(static_cast<std::size_t>(layout.words()), 0xDEADBEEFU);
    packMatrix(codes, layout, words);
    std::vector<std::uint16_t> back(codes.size(), 0xFFFF);
    unpackMatrix(words, layout, std::span(back));
    QVERIFY(back == codes);
    const std::vector<std::int64_t> one{1234};
    checkValues<std::int32_t>(codes, one, layout, words);
    checkValues<float>(codes, one, layout, words);
    if (layout.unit == PackUnit::Row && layout.rows != 1) {
        std::vector<std::int64_t> offsets;
        for (std::int64_t row = 0; row < layout.rows; ++row) {
            offsets.push_back(static_cast<std::int64_t>(rng.below(2000)) - 1000);
        }
        checkValues<float>(codes, offsets, layout, words);
        checkValues<std::int64_t>(codes, offsets, layout, words);
    }
    for (std::int64_t row = 0; row < layout.rows; ++row) {
        const RowPlace place = placeOfRow(layout, row);
        std::vector<std::uint16_t> alone(static_cast<std::size_t>(layout.cols));
        unpackRow(
            std::span<const std::uint32_t>(words).subspan(static_cast<std::size_t>(place.firstWord),
                                                          static_cast<std::size_t>(place.words)),
            layout, row, alone);
        QVERIFY(std::equal(alone.begin(), alone.end(), codes.begin() + row * layout.cols));
    }
}

} // namespace

class RowPackerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mixedRowsOfTheSpecification()
    {
        // {-4 3 0 1 -1 at 3 bits, a pruned row, 1 -2 1 0 -1 at 2 bits}, offset binary.
        const std::vector<std::uint8_t> codes{0, 7, 4, 5, 3, 0, 0, 0, 0, 0, 3, 0, 3, 2, 1};
        const std::vector<std::uint8_t> widths{3, 0, 2};
        const PackedLayout layout{3, 5, PackUnit::Row, 0, widths};
        std::vector<std::uint32_t> words(2);
        packMatrix(codes, layout, words);
        QCOMPARE(words[0], 0x00003b38U);
        QCOMPARE(words[1], 0x000001b3U);
        std::vector<std::uint8_t> back(codes.size(), 99);
        unpackMatrix(words, layout, std::span(back));
        QVERIFY(back == codes);
    }

    void everyWidthUnitAndRaggedLength()
    {
        Rng rng(3);
        for (int bits = 0; bits <= 16; ++bits) {
            for (const std::int64_t cols : {1, 3, 9, 27, 32, 33, 147, 576}) {
                for (const PackUnit unit : {PackUnit::Row, PackUnit::Tensor}) {
                    checkRoundTripAndRows({7, cols, unit, bits, {}}, rng);
                }
            }
        }
    }

    void everyRowItsOwnWidth()
    {
        Rng rng(4);
        std::vector<std::uint8_t> widths;
        for (int i = 0; i < 40; ++i) {
            widths.push_back(static_cast<std::uint8_t>(rng.below(17)));
        }
        for (const std::int64_t cols : {1, 5, 31, 64, 100}) {
            checkRoundTripAndRows({40, cols, PackUnit::Row, 0, widths}, rng);
        }
    }

    void emptyMatrices()
    {
        Rng rng(1);
        checkRoundTripAndRows({0, 0, PackUnit::Row, 3, {}}, rng);
        checkRoundTripAndRows({4, 0, PackUnit::Row, 3, {}}, rng);
        checkRoundTripAndRows({4, 0, PackUnit::Tensor, 3, {}}, rng);
    }

    void paddingIsZero()
    {
        const std::vector<std::uint8_t> codes{7, 7, 7};
        std::vector<std::uint32_t> words(3, 0xFFFFFFFFU);
        packMatrix(codes, {3, 1, PackUnit::Row, 3, {}}, words);
        QVERIFY(words == std::vector<std::uint32_t>(3, 7U));
    }

    void errorsOfValuesNameTheRow()
    {
        const std::vector<float> values{0, 1, 0, 1, 0, 9};
        const std::vector<std::int64_t> none{0};
        const std::vector<std::int64_t> two{0, -2};
        std::vector<std::uint32_t> words(2);
        const auto pack = [&](const std::vector<std::int64_t>& offsets, PackUnit unit,
                              std::int64_t rows) {
            packMatrixValues(std::span<const float>(values), std::span(offsets),
                             {rows, 6 / rows, unit, 3, {}}, std::span(words));
        };
        BITLOOM_EXPECT_ERROR(pack(none, PackUnit::Row, 2), ErrorCode::InvalidArgument,
                             "row 1: value 9 at index 2 does not fit 3 bits");
        BITLOOM_EXPECT_ERROR(pack(two, PackUnit::Row, 2), ErrorCode::InvalidArgument,
                             "row 1: value 1 at index 0 does not fit 3 bits with the offset -2");
        words.resize(1);
        BITLOOM_EXPECT_ERROR(pack(two, PackUnit::Tensor, 2), ErrorCode::InvalidArgument,
                             "offsets per row need the unit row");
        words.resize(3);
        BITLOOM_EXPECT_ERROR(pack(two, PackUnit::Row, 3), ErrorCode::ShapeMismatch,
                             "2 offsets for 3 rows");
    }

    void errorsNameTheRow()
    {
        std::vector<std::uint8_t> codes{1, 1, 1, 1, 9, 1};
        std::vector<std::uint32_t> words(2);
        BITLOOM_EXPECT_ERROR(packMatrix(codes, {2, 3, PackUnit::Row, 3, {}}, words),
                             ErrorCode::InvalidArgument, "row 1: code 9 at index 1 needs 4 bits");
        BITLOOM_EXPECT_ERROR(packMatrix(codes, {2, 4, PackUnit::Row, 3, {}}, words),
                             ErrorCode::ShapeMismatch, "has 8 codes, not 6");
        BITLOOM_EXPECT_ERROR(packMatrix(codes, {2, 3, PackUnit::Tensor, 3, {}}, words),
                             ErrorCode::ShapeMismatch, "1 words, not 2");
        const std::vector<std::uint8_t> widths{3};
        BITLOOM_EXPECT_ERROR(packMatrix(codes, {2, 3, PackUnit::Row, 0, widths}, words),
                             ErrorCode::ShapeMismatch, "1 row widths for 2 rows");
        const std::vector<std::uint8_t> two{3, 3};
        BITLOOM_EXPECT_ERROR(packMatrix(codes, {2, 3, PackUnit::Tensor, 0, two}, words),
                             ErrorCode::InvalidArgument, "need the unit row");
        BITLOOM_EXPECT_ERROR(placeOfRow({2, 3, PackUnit::Row, 3, {}}, 2),
                             ErrorCode::InvalidArgument, "row 2 of a matrix with 2 rows");
        std::vector<std::uint16_t> row(3);
        BITLOOM_EXPECT_ERROR(unpackRow(words, {2, 3, PackUnit::Row, 3, {}}, 0, row),
                             ErrorCode::ShapeMismatch, "row 0 has 1 words");
    }
};

QTEST_GUILESS_MAIN(RowPackerTest)
#include "tst_row_packer.moc"
