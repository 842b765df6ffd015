// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/graph/executor.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include "tests/support/test_support.h"

using namespace bitloom;
using namespace bitloom::graph;

class TestArchitectures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parametersAndForward_data();
    void parametersAndForward();
    void parameterNames_data();
    void parameterNames();
    void sameSeedSameWeights();
    void initialWeightsHaveTheDefaultSpread();
    void metaNetworksTakeParameters();
    void unknownNameListsTheKnown();
};

void TestArchitectures::parametersAndForward_data()
{
    QTest::addColumn<QString>("name");
    for (const ArchitectureInfo& info : architectures()) {
        QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
    }
    QCOMPARE(architectures().size(), std::size_t{12});
}

void TestArchitectures::parametersAndForward()
{
    QFETCH(QString, name);
    const auto info =
        std::ranges::find(architectures(), name.toStdString(), &ArchitectureInfo::name);
    const auto graph = std::make_shared<const Graph>(buildArchitecture(info->name, 1));
    std::int64_t count = 0;
    for (const Parameter& parameter : graph->parameters()) {
        count += parameter.isBuffer ? 0 : parameter.tensor.numel();
    }
    QCOMPARE(count, info->parameters);
    QCOMPARE(graph->inputShape(), info->inputShape);
    const c10::InferenceMode inference;
    std::vector<std::int64_t> shape = info->inputShape;
    if (shape[3] == 224) {
        shape[2] = shape[3] =
            64; // nothing but the number of pixels changes, and the test is quicker
    }
    const at::Tensor logits = Executor(graph).run(at::zeros(shape));
    QCOMPARE(logits.sizes().vec(), (std::vector<std::int64_t>{1, info->numClasses}));
    QVERIFY(at::isfinite(logits).all().item<bool>());
}

void TestArchitectures::parameterNames_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<QList<qint64>>("shape");
    const auto row = [](const char* architecture, const char* parameter, QList<qint64> shape) {
        QTest::addRow("%s %s", architecture, parameter) << architecture << parameter << shape;
    };
    row("lenet5", "features.3.weight", {64, 32, 5, 5});
    row("lenet5", "classifier.2.bias", {10});
    row("vgg7", "features.17.weight", {512, 512, 3, 3});
    row("vgg7", "classifier.1.running_mean", {1024});
    row("resnet20_cifar", "layer3.2.conv2.weight", {64, 64, 3, 3});
    row("resnet20_cifar", "linear.weight", {10, 64});
    row("resnet110_cifar", "layer3.17.bn2.running_var", {64});
    row("resnet18", "layer2.0.downsample.0.weight", {128, 64, 1, 1});
    row("resnet34", "layer3.5.bn2.weight", {256});
    row("resnet50", "layer1.0.downsample.1.bias", {256});
    row("resnet50", "layer4.2.conv3.weight", {2048, 512, 1, 1});
    row("resnet101", "layer3.22.conv2.weight", {256, 256, 3, 3});
    row("mobilenet_v2", "features.1.conv.0.0.weight", {32, 1, 3, 3});
    row("mobilenet_v2", "features.2.conv.1.0.weight", {96, 1, 3, 3});
    row("mobilenet_v2", "features.17.conv.2.weight", {320, 960, 1, 1});
    row("mobilenet_v2", "features.18.1.running_mean", {1280});
    row("mobilenet_v2", "classifier.1.weight", {1000, 1280});
}

void TestArchitectures::parameterNames()
{
    QFETCH(QString, architecture);
    QFETCH(QString, parameter);
    QFETCH(QList<qint64>, shape);
    const Graph graph = buildArchitecture(architecture.toStdString(), 0, InitialWeights::Meta);
    const Parameter* found = graph.findParameter(parameter.toStdString());
    QVERIFY(found != nullptr);
    QCOMPARE(found->tensor.sizes().vec(), std::vector<std::int64_t>(shape.begin(), shape.end()));
}

void TestArchitectures::sameSeedSameWeights()
{
    const auto weight = [](std::uint64_t seed) {
        return buildArchitecture("lenet5", seed).findParameter("classifier.0.weight")->tensor;
    };
    QVERIFY(at::equal(weight(5), weight(5)));
    QVERIFY(!at::equal(weight(5), weight(6)));
}

void TestArchitectures::initialWeightsHaveTheDefaultSpread()
{
    const Graph graph = buildArchitecture("resnet18", 3);
    const at::Tensor weight = graph.findParameter("layer1.0.conv1.weight")->tensor;
    const double bound = 1 / std::sqrt(64.0 * 9);
    QVERIFY(weight.abs().max().item<double>() <= bound);
    QVERIFY(weight.abs().max().item<double>() > 0.999 * bound);
    // 36,864 uniform numbers: the mean's standard deviation is bound / sqrt(3 * 36864), the
    // variance bound^2 / 3.
    QVERIFY(std::abs(weight.mean().item<double>()) < 5 * bound / std::sqrt(3 * 36864.0));
    QVERIFY(std::abs(weight.var().item<double>() / (bound * bound / 3) - 1) < 0.03);
    QCOMPARE(graph.findParameter("bn1.weight")->tensor.min().item<float>(), 1.0F);
    QCOMPARE(graph.findParameter("bn1.running_var")->tensor.max().item<float>(), 1.0F);
    QCOMPARE(graph.findParameter("bn1.running_mean")->tensor.abs().max().item<float>(), 0.0F);
    QVERIFY(graph.findParameter("bn1.running_mean")->isBuffer);
}

void TestArchitectures::metaNetworksTakeParameters()
{
    const Graph full = buildArchitecture("resnet20_cifar", 9);
    const Graph empty = buildArchitecture("resnet20_cifar", 0, InitialWeights::Meta);
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const Parameter& parameter : full.parameters()) {
        QVERIFY(empty.findParameter(parameter.name)->tensor.is_meta());
        tensors.emplace_back(parameter.name, parameter.tensor);
    }
    const auto filled = std::make_shared<const Graph>(empty.withParameters(tensors));
    const at::Tensor x = at::zeros(full.inputShape());
    QVERIFY(
        at::equal(Executor(filled).run(x), Executor(std::make_shared<const Graph>(full)).run(x)));
}

void TestArchitectures::unknownNameListsTheKnown()
{
    BITLOOM_EXPECT_ERROR(buildArchitecture("resnet51", 0), ErrorCode::NotFound,
                         "nearest: resnet50");
    BITLOOM_EXPECT_ERROR(buildArchitecture("", 0), ErrorCode::NotFound, "mobilenet_v2");
}

QTEST_GUILESS_MAIN(TestArchitectures)
#include "tst_architectures.moc"
