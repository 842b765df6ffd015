// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/allocation.h"
#include "core/cost/cost_model.h"
#include "core/cost/sensitivity_losses.h"
#include "networks.h"
#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <limits>

using namespace bitloom;
using test::NetworkBuilder;

namespace {

/// conv1 -> {conv2, shortcut} -> join -> query, key -> scores: shared tensors, a matmul, five
/// weights.
ModelInfo branched()
{
    NetworkBuilder net("branched");
    net.conv("conv1", 3, 8, 3, 8, "input");
    net.conv("conv2", 8, 8, 3, 8, "conv1");
    net.conv("shortcut", 8, 16, 1, 4, "conv1", 1, false);
    net.linear("query", 8, 8, "conv2");
    net.linear("key", 8, 5, "conv2");
    net.matmul("scores", 777, "query", "key");
    return test::withoutUnread(net.done());
}

BitPlan basePlan(const ModelInfo& model)
{
    UniformPlanOptions options;
    options.weightObserver = Observer::Percentile;
    return makeUniformPlan(model, options);
}

double lossOfPlan(const SensitivityTable& table, const BitPlan& plan, SensitivityMetric metric)
{
    double loss = 0;
    for (const LayerPlan& layer : plan.layers) {
        if (layer.hasWeight && layer.weight.bits != 32) {
            loss +=
                lossOf(table, *table.find(SensitivityTarget::Weight, layer.name, layer.weight.bits),
                       metric);
        }
    }
    for (const TensorPlan& tensor : plan.tensors) {
        if (tensor.activation.bits != 32) {
            loss += lossOf(
                table,
                *table.find(SensitivityTarget::Activation, tensor.name, tensor.activation.bits),
                metric);
        }
    }
    return loss;
}

/// Visits every assignment of the candidates to the given widths.
void forAll(const std::vector<int*>& widths, const std::vector<int>& candidates, std::size_t at,
            const std::function<void()>& visit)
{
    if (at == widths.size()) {
        visit();
        return;
    }
    for (const int bits : candidates) {
        *widths[at] = bits;
        forAll(widths, candidates, at + 1, visit);
    }
}

constexpr double kSumRounding = 1e-12; // relative: sums of doubles in another order

} // namespace

class TestAllocation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsBruteForce_data()
    {
        QTest::addColumn<bool>("bops");
        QTest::addColumn<bool>("locked");
        QTest::addColumn<bool>("tied");
        for (const bool bops : {false, true}) {
            for (const bool locked : {false, true}) {
                for (const bool tied : {false, true}) {
                    QTest::addRow("%s%s%s", bops ? "bops" : "bytes", locked ? ", locked layer" : "",
                                  tied ? ", shared weight" : "")
                        << bops << locked << tied;
                }
            }
        }
    }
    void equalsBruteForce()
    {
        QFETCH(bool, bops);
        QFETCH(bool, locked);
        QFETCH(bool, tied);
        ModelInfo model = branched();
        if (tied) {
            model.layers[3].weight = model.layers[4].weight;
            model.layers[3].weightShape = model.layers[4].weightShape;
        }
        Rng rng(3);
        const std::vector<int> bits = bops ? std::vector<int>{2, 8} : std::vector<int>{2, 3, 8};
        for (int round = 0; round < 6; ++round) {
            const SensitivityTable table = test::randomTable(model, bits, rng, 1.5);
            const auto metric = static_cast<SensitivityMetric>(round % 3);
            AllocationOptions options;
            options.budget = bops ? BudgetKind::Bops : BudgetKind::Bytes;
            options.metric = metric;
            if (locked) {
                options.lockedLayers = {"conv2"};
            }
            const BitPlan base = basePlan(model);
            const Allocator allocator(model, table, base, options);
            const auto span =
                static_cast<std::uint64_t>(allocator.maximumCost() - allocator.minimumCost() + 1);
            const std::int64_t budget =
                allocator.minimumCost() + static_cast<std::int64_t>(rng.below(span));

            BitPlan plan = base;
            std::vector<int*> widths;
            for (LayerPlan& layer : plan.layers) {
                const bool isTwin = tied && layer.name == "key";
                if (layer.hasWeight && !isTwin && !(locked && layer.name == "conv2")) {
                    widths.push_back(&layer.weight.bits);
                }
            }
            for (TensorPlan& tensor : plan.tensors) {
                if (bops && tensor.name != "input" && !(locked && tensor.name == "conv1")) {
                    widths.push_back(&tensor.activation.bits);
                }
            }
            double bestLoss = std::numeric_limits<double>::infinity();
            std::int64_t leastCost = std::numeric_limits<std::int64_t>::max();
            forAll(widths, bits, 0, [&] {
                if (tied) {
                    plan.findLayer("key")->weight.bits = plan.findLayer("query")->weight.bits;
                }
                const PlanCost cost = computeCost(model, plan);
                leastCost = std::min(leastCost, bops ? cost.bops : cost.bytes);
                if ((bops ? cost.bops : cost.bytes) <= budget) {
                    bestLoss = std::min(bestLoss, lossOfPlan(table, plan, metric));
                }
            });
            RunControl control;
            const AllocationResult result = allocator.allocate(budget, control);
            QVERIFY(result.optimal);
            QCOMPARE(result.gap(), 0.0);
            QCOMPARE(allocator.minimumCost(), leastCost);
            QVERIFY((bops ? result.cost.bops : result.cost.bytes) <= budget);
            QCOMPARE(result.cost.bytes, computeCost(model, result.plan).bytes);
            QVERIFY(std::abs(result.predictedLoss - bestLoss) <= kSumRounding * std::abs(bestLoss));
            QVERIFY(std::abs(lossOfPlan(table, result.plan, metric) - bestLoss) <=
                    kSumRounding * std::abs(bestLoss));
        }
    }

    void onlyBitsChange()
    {
        const ModelInfo model = branched();
        Rng rng(4);
        const SensitivityTable table = test::randomTable(model, {2, 4, 8}, rng, 0.0);
        BitPlan base = basePlan(model);
        base.extra = R"({"note":1})";
        AllocationOptions options;
        options.budget = BudgetKind::Bops;
        RunControl control;
        AllocationResult result =
            allocate(model, table, base, options, bopsBudgetFromPercent(model, 3.0), control);
        QVERIFY(result.cost.bopsPercentOfFp32() <= 3.0);
        for (std::size_t i = 0; i < base.layers.size(); ++i) {
            result.plan.layers[i].weight.bits = base.layers[i].weight.bits;
        }
        for (std::size_t i = 0; i < base.tensors.size(); ++i) {
            QVERIFY(base.tensors[i].name != "input" ||
                    result.plan.tensors[i].activation.bits == 32);
            result.plan.tensors[i].activation.bits = base.tensors[i].activation.bits;
        }
        QVERIFY(result.plan == base);
    }

    void channelsThatASearchPrunedAreBack()
    {
        const ModelInfo model = branched();
        Rng rng(6);
        const SensitivityTable table = test::randomTable(model, {2, 4, 8}, rng, 0.0);
        const BitPlan whole = basePlan(model);
        BitPlan pruned = whole;
        pruned.layers.front().prunedChannels = {0, 2, 3};
        for (const BudgetKind kind : {BudgetKind::Bytes, BudgetKind::Bops}) {
            AllocationOptions options;
            options.budget = kind;
            const Allocator fromPruned(model, table, pruned, options);
            const Allocator fromWhole(model, table, whole, options);
            QCOMPARE(fromPruned.minimumCost(), fromWhole.minimumCost());
            QCOMPARE(fromPruned.maximumCost(), fromWhole.maximumCost());
            const std::int64_t budget = (fromWhole.minimumCost() + fromWhole.maximumCost()) / 2;
            RunControl control;
            const AllocationResult result = fromPruned.allocate(budget, control);
            QVERIFY(result.plan == fromWhole.allocate(budget, control).plan);
            QVERIFY(result.plan.layers.front().prunedChannels.empty());
            QCOMPARE(result.cost.bops, computeCost(model, result.plan).bops);
        }
    }

    void tiesPreferTheCheaperPlan()
    {
        const ModelInfo model = branched();
        Rng rng(5);
        SensitivityTable table = test::randomTable(model, {2, 4, 8}, rng, 0.0);
        for (SensitivityEntry& entry : table.entries) {
            entry.kl = entry.bits == 2 ? 1.0 : 0.25;
        }
        RunControl control;
        const AllocationResult result = allocate(model, table, basePlan(model), {},
                                                 std::numeric_limits<std::int64_t>::max(), control);
        for (const LayerPlan& layer : result.plan.layers) {
            QCOMPARE(layer.weight.bits, layer.hasWeight ? 4 : 32);
        }
    }

    void refused()
    {
        const ModelInfo model = branched();
        Rng rng(6);
        const SensitivityTable table = test::randomTable(model, {2, 4, 8}, rng, 0.0);
        const BitPlan base = basePlan(model);
        RunControl control;
        AllocationOptions options;
        const Allocator allocator(model, table, base, options);
        const std::string minimum =
            "it takes " + std::to_string(allocator.minimumCost()) + " bytes";
        BITLOOM_EXPECT_ERROR(allocator.allocate(allocator.minimumCost() - 1, control),
                             ErrorCode::BudgetTooSmall, minimum);
        QVERIFY(allocator.allocate(allocator.minimumCost(), control).optimal);
        options.weightBits = {2, 5};
        BITLOOM_EXPECT_ERROR(Allocator(model, table, base, options), ErrorCode::NotFound,
                             "the weight of conv1 at 5 bits, which is a candidate");
        options.weightBits = {};
        options.lockedLayers = {"conv3"};
        BITLOOM_EXPECT_ERROR(Allocator(model, table, base, options), ErrorCode::NotFound,
                             "locked layer conv3 is not in the model; the nearest names are conv1");
        options.lockedLayers = {};
        SensitivityTable other = table;
        other.modelFingerprint = "sha256:x";
        BITLOOM_EXPECT_ERROR(Allocator(model, other, base, options), ErrorCode::ModelMismatch,
                             "measured on");
        SensitivityTable broken = table;
        broken.entries[1].kl = std::nan("");
        BITLOOM_EXPECT_ERROR(Allocator(model, broken, base, options), ErrorCode::NonFinite,
                             "conv1 at 4 bits is nan");
        SensitivityTable half = table;
        half.entries.erase(half.entries.begin(), half.entries.begin() + 3);
        BITLOOM_EXPECT_ERROR(Allocator(model, half, base, options), ErrorCode::NotFound,
                             "does not hold the weight of conv1");
        BITLOOM_EXPECT_ERROR(bopsBudgetFromPercent(model, 0.0), ErrorCode::InvalidArgument,
                             "above 0");
    }

    void unmeasuredWidthsOfFixedChoices()
    {
        const ModelInfo model = branched();
        Rng rng(7);
        const SensitivityTable table = test::randomTable(model, {2, 4, 8}, rng, 0.0);
        const SensitivityLosses losses(table, SensitivityMetric::Kl);
        const double atFour = table.find(SensitivityTarget::Weight, "conv1", 4)->kl;
        QCOMPARE(losses.at(SensitivityTarget::Weight, "conv1", 7), atFour);
        QCOMPARE(losses.at(SensitivityTarget::Weight, "conv1", 32), 0.0);
        BITLOOM_EXPECT_ERROR(losses.at(SensitivityTarget::Weight, "conv1", 1), ErrorCode::NotFound,
                             "from 2 bits on");
    }

    void aSideThatWasLeftOutCostsNothing()
    {
        const ModelInfo model = branched();
        Rng rng(8);
        SensitivityTable table = test::randomTable(model, {2, 4, 8}, rng, 0.0);
        std::erase_if(table.entries, [](const SensitivityEntry& entry) {
            return entry.target == SensitivityTarget::Activation;
        });
        RunControl control;
        const Allocator allocator(model, table, makeUniformPlan(model, {}), {});
        QVERIFY(allocator.allocate(allocator.maximumCost(), control).optimal);
        const SensitivityLosses losses(table, SensitivityMetric::Kl);
        QCOMPARE(losses.at(SensitivityTarget::Activation, "anything", 4), 0.0);
        BITLOOM_EXPECT_ERROR(losses.at(SensitivityTarget::Weight, "anything", 4),
                             ErrorCode::NotFound, "does not hold");
    }

    void tooManyCoupledTensors()
    {
        NetworkBuilder net("web");
        for (int i = 0; i < 12; ++i) {
            net.tensor("t" + std::to_string(i));
        }
        for (int i = 0; i + 1 < 12; ++i) {
            net.matmul("m" + std::to_string(i), 100, "t" + std::to_string(i),
                       "t" + std::to_string(i + 1));
        }
        const ModelInfo model = test::withoutUnread(net.done());
        Rng rng(8);
        const SensitivityTable table = test::randomTable(model, {2, 3, 4, 6, 8}, rng, 0.0);
        AllocationOptions options;
        options.budget = BudgetKind::Bops;
        BITLOOM_EXPECT_ERROR(Allocator(model, table, basePlan(model), options),
                             ErrorCode::Unsupported, "layers from m0 to m10");
    }

    void jsonKeys()
    {
        AllocationResult result;
        result.predictedLoss = 3;
        result.lowerBound = 2.5;
        const auto out = nlohmann::json::parse(toJson(result));
        QVERIFY(out["gap"] == 0.5 && out["optimal"] == false && out["predicted_loss"] == 3.0);
        QVERIFY(out.contains("bytes") && out.contains("bops_percent_of_fp32"));
    }
};

QTEST_GUILESS_MAIN(TestAllocation)
#include "tst_allocation.moc"
