// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/packed_rows.h"
#include "core/ops/packed_words.h"
#include "core/pack/bit_packer.h"

#include <ATen/ATen.h>

#include "tests/core/ops/c10_error.h"
#include "tests/support/test_support.h"

#include <cstring>

using namespace bitloom;
using bitloom::test::c10ErrorHolds;

namespace {
/// Codes of a width, deterministic, the largest among them.
at::Tensor codesOf(std::int64_t rows, std::int64_t columns, int bits)
{
    at::manual_seed(31 * bits + columns);
    at::Tensor codes = at::randint(0, std::int64_t{1} << bits, {rows, columns}, at::kInt);
    if (codes.numel() > 0) {
        codes[0][columns / 2] = (1 << bits) - 1;
    }
    return codes;
}

/// The row's bytes by the scalar reference of core/pack.
std::vector<std::byte> reference(const at::Tensor& row, int bits, BitOrder order,
                                 std::int64_t rowBytes)
{
    const at::Tensor dense = row.contiguous();
    std::vector<std::uint16_t> codes(static_cast<std::size_t>(dense.numel()));
    std::copy_n(dense.const_data_ptr<std::int32_t>(), codes.size(), codes.begin());
    std::vector<std::byte> bytes(static_cast<std::size_t>(rowBytes));
    packBits(std::span<const std::uint16_t>(codes), bits, order, bytes, Isa::Scalar);
    return bytes;
}

std::uint32_t wordAt(const std::vector<std::byte>& bytes, std::int64_t word)
{
    std::uint32_t result = 0; // bytes that are not there are 0
    const auto at = static_cast<std::size_t>(word) * 4;
    std::memcpy(&result, bytes.data() + at, std::min<std::size_t>(4, bytes.size() - at));
    return result;
}
} // namespace

class TestPackedRows : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyWidthEqualsReference_data()
    {
        QTest::addColumn<bool>("msbFirst");
        QTest::addColumn<int>("alignment");
        QTest::newRow("rows of words, lowest bit first") << false << 4;
        QTest::newRow("streams, lowest bit first") << false << 1;
        QTest::newRow("rows of words, highest bit first") << true << 4;
        QTest::newRow("streams, highest bit first") << true << 1;
    }

    /// The operator, and word by word what the kernels for CUDA do.
    void everyWidthEqualsReference()
    {
        QFETCH(bool, msbFirst);
        QFETCH(int, alignment);
        const BitOrder order = msbFirst ? BitOrder::MsbFirst : BitOrder::LsbFirst;
        for (int bits = 1; bits <= 16; ++bits) {
            for (const std::int64_t columns : {1, 2, 7, 8, 31, 32, 33, 63, 65, 130}) {
                const at::Tensor codes = codesOf(3, columns, bits);
                const at::Tensor packed = ops::packRows(codes, bits, 0, msbFirst, alignment);
                const std::int64_t tight = (columns * bits + 7) / 8;
                const std::int64_t rowBytes = (tight + alignment - 1) / alignment * alignment;
                QCOMPARE(packed.sizes(), (at::IntArrayRef{3, rowBytes}));
                for (std::int64_t row = 0; row < 3; ++row) {
                    const std::vector<std::byte> bytes =
                        reference(codes[row], bits, order, rowBytes);
                    QVERIFY(std::memcmp(packed[row].const_data_ptr(), bytes.data(), bytes.size()) ==
                            0);
                    const at::Tensor line = codes[row];
                    const auto* const code = line.const_data_ptr<std::int32_t>();
                    for (std::int64_t word = 0; word * 4 < rowBytes; ++word) {
                        QCOMPARE(ops::packedWord(word, bits, columns, msbFirst,
                                                 [code](std::int64_t i) {
                                                     return static_cast<std::uint32_t>(code[i]);
                                                 }),
                                 wordAt(bytes, word));
                    }
                    for (std::int64_t column = 0; column < columns; ++column) {
                        QCOMPARE(ops::packedCode(
                                     column, bits, msbFirst,
                                     [&bytes](std::int64_t word) { return wordAt(bytes, word); }),
                                 static_cast<std::uint32_t>(code[column]));
                    }
                }
                QVERIFY(at::equal(ops::unpackRows(packed, bits, columns, 0, msbFirst, std::nullopt),
                                  codes));
            }
        }
    }

    void typesAndOffsets_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("offset");
        QTest::newRow("uint8") << int(at::kByte) << 8 << 0;
        QTest::newRow("int16") << int(at::kShort) << 5 << 16;
        QTest::newRow("int32") << int(at::kInt) << 16 << 32768;
        QTest::newRow("float16") << int(at::kHalf) << 4 << 8;
        QTest::newRow("float32") << int(at::kFloat) << 11 << -3;
    }

    void typesAndOffsets()
    {
        QFETCH(int, type);
        QFETCH(int, bits);
        QFETCH(int, offset);
        const auto dtype = static_cast<at::ScalarType>(type);
        const at::Tensor values = (codesOf(5, 777, bits) - offset).to(dtype);
        const at::Tensor packed = ops::packRows(values, bits, offset, false, 4);
        const at::Tensor back = ops::unpackRows(packed, bits, 777, offset, false, dtype);
        QCOMPARE(back.scalar_type(), dtype);
        QVERIFY(at::equal(back, values));
        // A transposed view is packed in its own order.
        QVERIFY(at::equal(ops::packRows(values.t(), bits, offset, true, 1),
                          ops::packRows(values.t().contiguous(), bits, offset, true, 1)));
    }

    void emptyAndZeroBits()
    {
        const at::Tensor none = at::empty({0, 5}, at::kInt);
        QCOMPARE(ops::packRows(none, 3, 0, false, 4).sizes(), (at::IntArrayRef{0, 4}));
        const at::Tensor pruned = at::full({4, 9}, -2, at::kInt);
        const at::Tensor packed = ops::packRows(pruned, 0, 2, false, 4);
        QCOMPARE(packed.sizes(), (at::IntArrayRef{4, 0}));
        QVERIFY(at::equal(ops::unpackRows(packed, 0, 9, 2, false, std::nullopt), pruned));
    }

    void refusalsNameWhatWasFound()
    {
        at::Tensor values = at::zeros({2, 3}, at::kInt);
        values[1][2] = 8;
        QVERIFY(c10ErrorHolds([&] { ops::packRows(values, 3, 0, false, 4); },
                              "row 1, column 2 holds 8"));
        at::Tensor fraction = at::zeros({1, 4}, at::kFloat);
        fraction[0][1] = 0.5F;
        QVERIFY(c10ErrorHolds([&] { ops::packRows(fraction, 3, 0, false, 4); },
                              "row 0, column 1 holds 0.5"));
        QVERIFY(c10ErrorHolds([&] { ops::packRows(values, 17, 0, false, 4); },
                              "packed codes have 0 to 16 bits, not 17"));
        QVERIFY(c10ErrorHolds([&] { ops::packRows(values.flatten(), 4, 0, false, 4); },
                              "expected [rows, columns]"));
        QVERIFY(c10ErrorHolds([&] { ops::packRows(values.to(at::kDouble), 4, 0, false, 4); },
                              "expected uint8, int16, int32, float16 or float32"));
        const at::Tensor packed = at::zeros({2, 4}, at::kByte);
        QVERIFY(c10ErrorHolds([&] { ops::unpackRows(packed, 4, 9, 0, false, std::nullopt); },
                              "9 codes of 4 bits need 5 bytes a row, packed has 4"));
        QVERIFY(c10ErrorHolds([&] { ops::unpackRows(packed, 12, 2, 0, false, at::kByte); },
                              "reach from 0 to 4095"));
        QVERIFY(c10ErrorHolds([&] { ops::unpackRows(values, 4, 2, 0, false, std::nullopt); },
                              "expected uint8"));
    }

    void metaGivesShapes()
    {
        const at::Tensor values = at::empty({6, 27}, at::TensorOptions(at::kMeta).dtype(at::kInt));
        const at::Tensor packed = ops::packRows(values, 3, 4, false, 4);
        QCOMPARE(packed.sizes(), (at::IntArrayRef{6, 12}));
        QCOMPARE(ops::unpackRows(packed, 3, 27, 4, false, at::kHalf).sizes(),
                 (at::IntArrayRef{6, 27}));
    }
};

QTEST_GUILESS_MAIN(TestPackedRows)
#include "tst_packed_rows.moc"
