// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/bitpack_layout.h"
#include "core/pack/pack_selftest.h"

#include "tests/support/test_support.h"

using namespace bitloom;

using Shape = std::vector<std::int64_t>;

/// Codes of one tensor without an offset, as BitPack lays them out.
class TestBitPackLayout : public QObject {
    Q_OBJECT

    static std::vector<std::uint8_t> counting(int count)
    {
        std::vector<std::uint8_t> codes;
        for (int i = 0; i < count; ++i) {
            codes.push_back(static_cast<std::uint8_t>(i));
        }
        return codes;
    }

private Q_SLOTS:
    void vectors_data()
    {
        using Codes = QVector<int>;
        using Sizes = QVector<int>;
        QTest::addColumn<Codes>("codes");
        QTest::addColumn<Sizes>("shape");
        QTest::addColumn<int>("bits");
        QTest::addColumn<Sizes>("packedShape");
        QTest::addColumn<QByteArray>("bytes");
        const auto add = [](const char* name, const Codes& codes, const Sizes& shape, int bits,
                            const Sizes& packedShape, const char* hex) {
            QTest::newRow(name) << codes << shape << bits << packedShape << QByteArray(hex);
        };
        const Codes nine{1, 0, 1, 1, 0, 0, 0, 1, 1};
        Codes eighteen;
        for (int i = 0; i < 18; ++i) {
            eighteen.append(i);
        }
        add("1 bit", nine, {9}, 1, {2}, "b180");
        add("1 bit, 3 x 3", nine, {3, 3}, 1, {1, 3}, "b18000");
        add("2 bits", {0, 1, 2, 3, 3, 2, 1, 0}, {8}, 2, {2}, "1be4");
        add("3 bits of the description", {1, 2, 3, 4, 5, 6, 7, 0, 1, 2}, {10}, 3, {4}, "29cbb828");
        add("5 bits", eighteen, {2, 3, 3, 1}, 5, {2, 2, 3, 1}, "00443214c74254b635cf8440");
        add("7 bits", {127, 0, 64, 1, 2, 3}, {2, 3}, 7, {2, 3}, "fe02001040c0");
        add("one code", {5}, {1}, 3, {1}, "a0");
        add("no codes", {}, {0}, 3, {0}, "");
        add("no rows", {}, {0, 3}, 3, {0, 3}, "");
        add("no columns", {}, {3, 0}, 3, {3, 0}, "");
    }

    void vectors()
    {
        QFETCH(QVector<int>, codes);
        QFETCH(QVector<int>, shape);
        QFETCH(int, bits);
        QFETCH(QVector<int>, packedShape);
        QFETCH(QByteArray, bytes);
        const std::vector<std::uint8_t> values(codes.begin(), codes.end());
        const Shape sizes(shape.begin(), shape.end());
        QCOMPARE(bitPackShape(sizes, bits), Shape(packedShape.begin(), packedShape.end()));
        const std::vector<std::byte> packed = bitPack(values, sizes, bits);
        QCOMPARE(QByteArray(reinterpret_cast<const char*>(packed.data()),
                            static_cast<int>(packed.size()))
                     .toHex(),
                 bytes);
        QCOMPARE(bitUnpack(packed, sizes, bits), values);
        QCOMPARE(setPaddingBits(packed, static_cast<std::int64_t>(values.size()), bits),
                 std::int64_t{0});
    }

    void choosesTheDimension()
    {
        QCOMPARE(bitPackShape(Shape{68, 68, 7, 7}, 6), (Shape{51, 68, 7, 7}));
        QCOMPARE(bitPackShape(Shape{27, 3, 3, 3}, 3), (Shape{11, 3, 3, 3}));
        QCOMPARE(bitPackShape(Shape{3, 5, 5}, 3), (Shape{3, 2, 5}));
        QCOMPARE(bitPackShape(Shape{5}, 8), (Shape{5}));
        QCOMPARE(bitPackShape(Shape{5, 3}, 0), (Shape{0, 3}));
    }

    void choosesTheWidth()
    {
        // Spans and what BitPack takes for them; 1, 3, 7, ... are the ones that it wastes a bit on.
        const std::pair<std::uint64_t, int> published[]{
            {0, 1},  {1, 2},  {2, 2},  {3, 3},  {6, 3},   {7, 4},   {14, 4},  {15, 5},
            {30, 5}, {31, 6}, {62, 6}, {63, 7}, {126, 7}, {127, 8}, {254, 8}, {255, 8}};
        for (const auto& [span, bits] : published) {
            QCOMPARE(publishedBitPackWidth(span), bits);
            QVERIFY(tightBitWidth(span) <= bits);
        }
        QCOMPARE(tightBitWidth(0), 0);
        QCOMPARE(tightBitWidth(15), 4);
        QCOMPARE(tightBitWidth(255), 8);
        QCOMPARE(tightBitWidth(65535), 16);
    }

    void d18_codesThatDoNotFitAreNamed()
    {
        const std::vector<std::uint8_t> codes{1, 2, 9, 3};
        BITLOOM_EXPECT_ERROR(bitPack(codes, Shape{4}, 3), ErrorCode::InvalidArgument,
                             "code 9 at index 2 needs 4 bits, 3 given");
        BITLOOM_EXPECT_ERROR(bitPack(codes, Shape{2, 2}, 1), ErrorCode::InvalidArgument,
                             "code 2 at index 1");
    }

    void d19_widthShapeAndSizeAreCheckedTogether()
    {
        const std::vector<std::uint8_t> codes = counting(8);
        for (const int bits : {-1, 0, 9}) {
            BITLOOM_EXPECT_ERROR(bitPack(codes, Shape{8}, bits), ErrorCode::InvalidArgument,
                                 "width " + std::to_string(bits) + " is not supported by BitPack");
        }
        BITLOOM_EXPECT_ERROR(bitPack(codes, Shape{3, 3}, 3), ErrorCode::ShapeMismatch,
                             "a shape of 9 elements for 8 codes");
        const std::vector<std::byte> packed = bitPack(codes, Shape{8}, 3);
        BITLOOM_EXPECT_ERROR(bitUnpack(packed, Shape{8}, 9), ErrorCode::InvalidArgument,
                             "width 9 is not supported");
        BITLOOM_EXPECT_ERROR(bitUnpack(packed, Shape{9}, 3), ErrorCode::ShapeMismatch,
                             "9 codes of 3 bits need 4 bytes, 3 given");
        BITLOOM_EXPECT_ERROR(bitUnpack(packed, Shape{8}, 4), ErrorCode::ShapeMismatch,
                             "8 codes of 4 bits need 4 bytes, 3 given");
        BITLOOM_EXPECT_ERROR(bitPackShape(Shape{}, 3), ErrorCode::InvalidArgument,
                             "without dimensions");
        BITLOOM_EXPECT_ERROR(bitPackShape(Shape{-1}, 3), ErrorCode::InvalidArgument,
                             "negative size -1");
    }

    void countsSetPadding()
    {
        std::vector<std::byte> packed(4, std::byte{0xff});
        QCOMPARE(setPaddingBits(packed, 10, 3), std::int64_t{2});
        QCOMPARE(setPaddingBits(packed, 9, 3), std::int64_t{5});
        QCOMPARE(setPaddingBits(packed, 8, 3), std::int64_t{8});
        QCOMPARE(setPaddingBits(packed, 0, 3), std::int64_t{32});
        QCOMPARE(setPaddingBits(packed, 4, 8), std::int64_t{0});
    }

    void selfTestCoversThisMachine()
    {
        RunControl control;
        const PackSelfTest result = runPackSelfTest(7, control);
        QVERIFY2(result.failures.empty(),
                 result.failures.empty() ? "" : result.failures.front().c_str());
        QVERIFY(result.finished);
        QVERIFY(result.isas.front() == Isa::Scalar);
        // Both orders and all lengths of 9 widths of 8-bit and 17 of 16-bit codes, and the example.
        const auto perIsa = 2 * 22 * (9 + 17) + 1;
        QCOMPARE(result.cases, static_cast<std::int64_t>(result.isas.size()) * perIsa);
        control.requestStop();
        QVERIFY(!runPackSelfTest(7, control).finished);
    }
};

QTEST_APPLESS_MAIN(TestBitPackLayout)
#include "tst_bitpack_layout.moc"
