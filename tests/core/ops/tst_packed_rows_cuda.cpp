// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda_backend.h"
#include "core/ops/packed_rows.h"

#include <ATen/ATen.h>

#include "tests/core/ops/c10_error.h"
#include "tests/support/test_support.h"

using namespace bitloom;

class TestPackedRowsCuda : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const auto absent = test::errorOf([] { ops::cudaDeviceCount(); });
        if (absent) {
            QSKIP(absent->what());
        }
    }

    void equalsCpu_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<bool>("msbFirst");
        QTest::addColumn<int>("alignment");
        QTest::newRow("one stream") << 1 << 100'003 << true << 1;
        QTest::newRow("rows of words") << 257 << 27 << false << 4;
        QTest::newRow("rows of bytes") << 65 << 31 << true << 1;
        QTest::newRow("one column") << 1000 << 1 << false << 4;
        QTest::newRow("none") << 3 << 0 << false << 4;
    }

    void equalsCpu()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(bool, msbFirst);
        QFETCH(int, alignment);
        for (int bits = 0; bits <= 16; ++bits) {
            at::manual_seed(bits);
            const at::Tensor codes =
                at::randint(0, std::int64_t{1} << bits, {rows, columns}, at::kInt);
            const at::Tensor packed = ops::packRows(codes, bits, 0, msbFirst, alignment);
            QVERIFY(
                at::equal(ops::packRows(codes.cuda(), bits, 0, msbFirst, alignment).cpu(), packed));
            for (const at::ScalarType type :
                 {at::kByte, at::kShort, at::kInt, at::kHalf, at::kFloat}) {
                const int most = type == at::kByte    ? 8
                                 : type == at::kShort ? 15
                                 : type == at::kHalf  ? 11
                                                      : 16;
                if (bits <= most) {
                    QVERIFY(at::equal(
                        ops::unpackRows(packed.cuda(), bits, columns, 0, msbFirst, type).cpu(),
                        codes.to(type)));
                }
            }
        }
    }

    void refusesTheFirstValueWithoutCode()
    {
        at::Tensor values = at::zeros({7, 300}, at::kFloat);
        values[5][299] = 1.5F;
        values[3][17] = 16.0F;
        QVERIFY(test::c10ErrorHolds([&] { ops::packRows(values.cuda(), 4, 0, false, 4); },
                                    "row 3, column 17 holds 16"));
    }
};

QTEST_GUILESS_MAIN(TestPackedRowsCuda)
#include "tst_packed_rows_cuda.moc"
