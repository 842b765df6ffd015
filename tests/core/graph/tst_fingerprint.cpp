// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/graph/fingerprint.h"
#include "core/graph/graph_builder.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>

#include "tests/support/test_support.h"

#include <limits>
#include <optional>

using namespace bitloom;
using namespace bitloom::graph;

namespace {

/// What a variant of the small network changes.
struct Variant {
    std::string graphName = "net";
    std::string valueName = "y";
    std::string scope = "fc";
    bool otherOrder = false;
    std::string weightName = "fc.weight";
    at::Tensor weight = at::arange(6, at::kFloat).reshape({2, 3});
    std::string activation = "aten::relu";
    double slope = 1.0;
    bool swapOperands = false;
};

Graph build(const Variant& v)
{
    GraphBuilder builder(v.graphName);
    const ValueIndex x = builder.addInput("x", {1, 3});
    ValueIndex bias = kNoValue;
    if (v.otherOrder) {
        bias = builder.addParameter("fc.bias", at::ones({2}));
    }
    const ValueIndex weight = builder.addParameter(v.weightName, v.weight);
    if (!v.otherOrder) {
        bias = builder.addParameter("fc.bias", at::ones({2}));
    }
    const auto first = [&] {
        return builder.add("aten::linear", {arg(x), arg(weight), arg(bias)}, v.scope, "a");
    };
    const auto second = [&] {
        return builder.add("aten::linear", {arg(x), arg(weight)}, v.scope, "b");
    };
    ValueIndex a = kNoValue;
    ValueIndex b = kNoValue;
    if (v.otherOrder) {
        b = second();
        a = first();
    } else {
        a = first();
        b = second();
    }
    a = builder.add(v.activation, {arg(a)}, "", "act");
    b = builder.add("aten::leaky_relu", {arg(b), arg(v.slope)}, "", "leaky");
    return builder.finish(
        {builder.add("aten::sub.Tensor", {arg(v.swapOperands ? b : a), arg(v.swapOperands ? a : b)},
                     "", v.valueName)});
}

} // namespace

class TestFingerprint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void formIsStable();
    void namesAndOrderDoNotCount_data();
    void namesAndOrderDoNotCount();
    void everythingElseCounts_data();
    void everythingElseCounts();
    void stridesDoNotCount();
    void dropoutCountsOnlyWhereItActs();
    void dataIsNeeded();
};

void TestFingerprint::formIsStable()
{
    // Changing this value invalidates every plan on disk: bump the version in the hash knowingly or
    // not at all.
    const std::string text = fingerprint(build({}));
    QCOMPARE(text.size(), std::size_t{7 + 64});
    QCOMPARE(QString::fromStdString(text),
             QString("sha256:c7c917a4d2ed65148162024d14ca679af78c9b52cdf14e5878d795e1fa599ffc"));
}

void TestFingerprint::namesAndOrderDoNotCount_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("graph name") << 0;
    QTest::newRow("value name") << 1;
    QTest::newRow("scope") << 2;
    QTest::newRow("order of nodes and parameters") << 3;
}

void TestFingerprint::namesAndOrderDoNotCount()
{
    QFETCH(int, which);
    Variant v;
    v.graphName = which == 0 ? "other" : v.graphName;
    v.valueName = which == 1 ? "other" : v.valueName;
    v.scope = which == 2 ? "other" : v.scope;
    v.otherOrder = which == 3;
    QCOMPARE(fingerprint(build(v)), fingerprint(build({})));
}

void TestFingerprint::everythingElseCounts_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("parameter name") << 0;
    QTest::newRow("one bit of one weight") << 1;
    QTest::newRow("data type") << 2;
    QTest::newRow("shape") << 3;
    QTest::newRow("operator") << 4;
    QTest::newRow("constant") << 5;
    QTest::newRow("wiring") << 6;
}

void TestFingerprint::everythingElseCounts()
{
    QFETCH(int, which);
    Variant v;
    switch (which) {
    case 0:
        v.weightName = "fc2.weight";
        break;
    case 1:
        v.weight[1][2].fill_(std::nextafter(5.0F, 6.0F));
        break;
    case 2:
        v.weight = v.weight.to(at::kDouble);
        break;
    case 3:
        v.weight = v.weight.reshape({3, 2});
        break;
    case 4:
        v.activation = "aten::tanh";
        break;
    case 5:
        v.slope = std::nextafter(1.0, 2.0);
        break;
    default:
        v.swapOperands = true;
    }
    QVERIFY(fingerprint(build(v)) != fingerprint(build({})));
}

void TestFingerprint::stridesDoNotCount()
{
    Variant v;
    v.weight = v.weight.t().contiguous().t();
    QVERIFY(!v.weight.is_contiguous());
    QCOMPARE(fingerprint(build(v)), fingerprint(build({})));
}

void TestFingerprint::dropoutCountsOnlyWhereItActs()
{
    const auto with = [](std::optional<bool> isTraining) {
        GraphBuilder builder("net");
        ValueIndex x = builder.addInput("x", {1, 3});
        if (isTraining) {
            x = builder.add("aten::dropout", {arg(x), arg(0.5), arg(*isTraining)}, "drop", "drop");
        }
        return fingerprint(builder.finish({builder.add("aten::relu", {arg(x)}, "", "y")}));
    };
    QCOMPARE(with(false), with(std::nullopt));
    QVERIFY(with(true) != with(std::nullopt));
}

void TestFingerprint::dataIsNeeded()
{
    BITLOOM_EXPECT_ERROR(fingerprint(buildArchitecture("lenet5", 0, InitialWeights::Meta)),
                         ErrorCode::InvalidArgument, "has no data");
}

QTEST_GUILESS_MAIN(TestFingerprint)
#include "tst_fingerprint.moc"
