// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/cost_model.h"
#include "core/engine/engine.h"
#include "core/types/file_map.h"
#include "core/types/json_input.h"
#include "core/types/model_report.h"
#include "core/types/verify_report.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <mutex>

using namespace bitloom;
using namespace bitloom::engine;
namespace fs = std::filesystem;

namespace {

/// Remembers how the last job ended.
class LastEvent : public EventSink {
public:
    void post(EventPtr event) override
    {
        const std::lock_guard lock(m_mutex);
        m_event = std::move(event);
    }
    EventPtr get() const
    {
        const std::lock_guard lock(m_mutex);
        return m_event;
    }

private:
    mutable std::mutex m_mutex;
    EventPtr m_event;
};

const ModelRef kFloatModel{"arch:lenet5", {}};
const DataRef kDigits{"digits:200", "test", 0, {}, 50};

} // namespace

/// A packed file that is opened brings the plan that it was packed under.
class TestOwnPlan : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<LastEvent> m_sink = std::make_shared<LastEvent>();
    Engine m_engine{{2}, m_sink};
    BitPlan m_plan;

    std::string file(const std::string& name) const
    {
        return (fs::path(m_folder.path().toStdString()) / name).string();
    }
    std::string result(JobSpec spec)
    {
        JobRequest request;
        request.spec = std::move(spec);
        m_engine.wait(m_engine.submit(std::move(request)));
        const EventPtr last = m_sink->get();
        if (const auto* failed = std::get_if<JobFailed>(&last->body)) {
            qWarning("%s", failed->message.c_str());
        }
        const auto* finished = std::get_if<JobFinished>(&last->body);
        return finished == nullptr ? std::string() : finished->result;
    }
    ModelReport inspect(const std::string& model)
    {
        return modelReportFromJson(result(InspectJob{{model, {}}}));
    }
    EvalResult evaluate(const std::string& model, const std::optional<BitPlan>& plan)
    {
        EvalJob job{{model, {}}, kDigits, plan, {64, 32}};
        job.keepPredictions = true;
        return evalResultFromJson(result(job));
    }
    std::string pack(const ModelRef& model, const BitPlan& plan, const std::string& output,
                     const std::optional<DataRef>& data)
    {
        PackJob job{model, plan, file(output), data, {64, 32}};
        return result(job);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_plan = makeUniformPlan(inspect("arch:lenet5").info, {});
        m_plan.name = "mixed";
        int bits = 2;
        for (LayerPlan& layer : m_plan.layers) {
            layer.weight.bits = bits++;
        }
        m_plan.tensors.back().activation.bits = 4;
        QVERIFY(!pack(kFloatModel, m_plan, "net.h5", kDigits).empty());
        QVERIFY(!pack(kFloatModel, m_plan, "net.safetensors", kDigits).empty());
    }

    void onlyPackedModelsHaveOne()
    {
        const ModelReport report = inspect("arch:lenet5");
        QVERIFY(!report.plan);
        QVERIFY(!nlohmann::json::parse(result(InspectJob{kFloatModel})).contains("plan"));
    }

    void itIsTheOneThatWasPacked_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("hdf5") << "net.h5";
        QTest::newRow("compressed-tensors") << "net.safetensors";
    }
    void itIsTheOneThatWasPacked()
    {
        QFETCH(QString, name);
        const std::string path = file(name.toStdString());
        const ModelReport report = inspect(path);
        QVERIFY(report.plan.has_value());
        QVERIFY(report.planGaps.empty());
        QCOMPARE(report.plan->name, "mixed@" + name.toStdString());
        QVERIFY(report.plan->layers == m_plan.layers);
        QVERIFY(report.plan->tensors == m_plan.tensors);
        QVERIFY(checkPlanAgainst(*report.plan, report.info).empty());

        // Its bits are those that lie in the file.
        std::map<std::string, int> stored;
        for (const FileRegion& region : fileMapFromJson(result(FileMapJob{path})).regions) {
            if (region.kind == RegionKind::Codes) {
                stored[region.tensor] = region.bits;
            }
        }
        QCOMPARE(stored.size(), report.info.layers.size());
        for (const LayerInfo& layer : report.info.layers) {
            QCOMPARE(report.plan->findLayer(layer.name)->weight.bits, stored.at(layer.weight));
        }
        // And it costs what the model costs that was packed.
        const PlanCost before = computeCost(inspect("arch:lenet5").info, m_plan);
        const PlanCost after = computeCost(report.info, *report.plan);
        QCOMPARE(after.bops, before.bops);
        QCOMPARE(after.bytes, before.bytes);
    }

    void aPackedModelUnderItIsThePackedModel()
    {
        const std::string path = file("net.h5");
        const EvalResult asStored = evaluate(path, std::nullopt);
        const EvalResult underPlan = evaluate(path, inspect(path).plan);
        QCOMPARE(underPlan.correct, asStored.correct);
        QVERIFY(asStored.predictions && underPlan.predictions);
        QCOMPARE(underPlan.predictions->confidencesPercent,
                 asStored.predictions->confidencesPercent);
    }

    void packedAgainItNeedsNoImagesAndKeepsItsCodes()
    {
        const std::string path = file("net.h5");
        QVERIFY(!pack({path, {}}, *inspect(path).plan, "again.h5", std::nullopt).empty());
        VerifyJob job{file("again.h5"), kFloatModel};
        const VerifyReport report = verifyReportFromJson(result(job));
        QVERIFY2(report.sheet.verified,
                 report.mismatches.empty() ? "" : report.mismatches.front().what.c_str());
        QCOMPARE(inspect(file("again.h5")).plan->name, std::string("mixed@again.h5"));
        QCOMPARE(evaluate(file("again.h5"), std::nullopt).correct,
                 evaluate(path, std::nullopt).correct);
    }

    void weightsGivenToANetworkBringTheirWidths()
    {
        const ModelReport report = inspect("arch:lenet5@" + file("net.safetensors"));
        QVERIFY(report.plan.has_value());
        QCOMPARE(report.plan->name, std::string("net.safetensors"));
        for (const LayerPlan& layer : m_plan.layers) {
            QCOMPARE(report.plan->findLayer(layer.name)->weight.bits, layer.weight.bits);
        }
        QCOMPARE(report.plan->tensors.back().activation.bits, kFloatBits);
        QCOMPARE(report.planGaps.size(), std::size_t{1});
        QVERIFY(textOf(report.planGaps.front()).find("do not say how activations are rounded") !=
                std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestOwnPlan)
#include "tst_own_plan.moc"
