// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/tensor_differences.h"

#include "tests/core/io/packed_samples.h"
#include "tests/support/test_support.h"

#include <cstring>

using namespace bitloom;

namespace {

io::PackedTensor codes(std::vector<std::int32_t> integers)
{
    io::PackedTensor tensor;
    tensor.name = "fc.weight";
    tensor.shape = {2, static_cast<std::int64_t>(integers.size()) / 2};
    tensor.bits = 4;
    tensor.scale = {0.5F, 0.25F};
    tensor.zeroPoint = {0, 1};
    io::packIntegers(tensor, integers);
    return tensor;
}

io::PackedTensor floats(const std::vector<float>& values)
{
    io::PackedTensor tensor;
    tensor.name = "bn.weight";
    tensor.kind = io::PackedKind::Raw;
    tensor.shape = {static_cast<std::int64_t>(values.size())};
    tensor.data.resize(values.size() * sizeof(float));
    std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
    return tensor;
}

} // namespace

class TestTensorDifferences : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalTensorsHaveNone()
    {
        for (const auto& [tensor, integers] : test::intSamples()) {
            const TensorDifferences none = differencesOf(tensor, tensor);
            QVERIFY2(none.count == 0 && none.listed.empty(), tensor.name.c_str());
            QVERIFY(none.sentence().empty());
        }
        QCOMPARE(differencesOf(floats({1, NAN, -0.0F}), floats({1, NAN, -0.0F})).count,
                 std::int64_t(0));
    }

    void everyPlaceIsNamed()
    {
        const io::PackedTensor expected = codes({0, 1, 2, 3, 4, 5});
        io::PackedTensor stored = codes({0, 1, -8, 3, 4, 7});
        stored.scale[1] = 0.75F;
        stored.zeroPoint[0] = -2;
        const TensorDifferences found = differencesOf(stored, expected);
        const std::vector<PackDifference> wanted{{"fc.weight", "scale", 1, "0.25", "0.75"},
                                                 {"fc.weight", "zero_point", 0, "0", "-2"},
                                                 {"fc.weight", "code", 2, "2", "-8"},
                                                 {"fc.weight", "code", 5, "5", "7"}};
        QVERIFY(found.listed == wanted);
        QCOMPARE(found.count, std::int64_t(4));
        QCOMPARE(found.sentence(),
                 std::string("scale 1 is 0.75, the model gives 0.25; 4 places differ"));
    }

    void valuesAreComparedAsBytesAndToldAsNumbers()
    {
        const TensorDifferences found = differencesOf(floats({1, 2.5F, 0}), floats({1, 3, -0.0F}));
        QCOMPARE(found.count, std::int64_t(2));
        QVERIFY((found.listed.front() == PackDifference{"bn.weight", "value", 1, "3", "2.5"}));
        QVERIFY((found.listed.back() == PackDifference{"bn.weight", "value", 2, "-0", "0"}));
        QCOMPARE(differencesOf(floats({1}), floats({2})).sentence(),
                 std::string("value 0 is 1, the model gives 2"));
    }

    void aListIsBoundedAndTheCountIsNot()
    {
        const TensorDifferences found = differencesOf(codes(std::vector<std::int32_t>(5000, 1)),
                                                      codes(std::vector<std::int32_t>(5000, 2)));
        QCOMPARE(found.count, std::int64_t(5000));
        QCOMPARE(found.listed.size(), VerifyReport::kMostListed);
        QCOMPARE(found.listed.back().index, std::int64_t(999));
    }

    void whatIsNoSinglePlaceIsSaid()
    {
        const io::PackedTensor tensor = codes({0, 1, 2, 3, 4, 5});
        io::PackedTensor padded = tensor;
        padded.words.back() |= 0x80000000U; // behind the last code
        TensorDifferences found = differencesOf(padded, tensor);
        QCOMPARE(found.count, std::int64_t(1));
        QCOMPARE(found.listed.front().index, std::int64_t(-1));
        QCOMPARE(found.sentence(), std::string("padding bits are not zero"));
        io::PackedTensor wider = tensor;
        wider.bits = 5;
        found = differencesOf(wider, tensor);
        QCOMPARE(found.count, std::int64_t(1));
        QVERIFY(found.sentence().starts_with("kind, shape, type or bits differ"));
        io::PackedTensor oneScale = tensor;
        oneScale.scale.resize(1);
        oneScale.zeroPoint.resize(1);
        QVERIFY(differencesOf(oneScale, tensor).sentence().starts_with("the number of scales"));
    }
};

QTEST_GUILESS_MAIN(TestTensorDifferences)
#include "tst_tensor_differences.moc"
