// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/hash.h"
#include "core/engine/engine.h"
#include "core/types/json_input.h"
#include "core/types/verify_report.h"
#include "tests/core/engine/all_events.h"
#include "tests/support/test_support.h"

#include <QDir>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

using namespace bitloom;
using namespace bitloom::engine;
namespace fs = std::filesystem;

namespace {

const ModelRef kModel{"arch:lenet5", {}};

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

/// Exports of a model into every format, and conversions of files, through the engine's front door.
class TestExportJobs : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<test::AllEvents> m_sink = std::make_shared<test::AllEvents>();
    Engine m_engine{{2}, m_sink};
    std::vector<EventPtr> m_events; ///< of the last job

    std::string file(const std::string& name) const
    {
        return (fs::path(m_folder.path().toStdString()) / name).string();
    }
    const Event& run(JobSpec spec)
    {
        m_sink->take();
        JobRequest request;
        request.spec = std::move(spec);
        const JobId job = m_engine.submit(std::move(request));
        m_engine.wait(job);
        m_events = m_sink->take();
        std::erase_if(m_events, [job](const EventPtr& event) { return event->job != job; });
        return *m_events.back();
    }
    std::string result(JobSpec spec) { return test::resultOf(run(std::move(spec))); }
    std::string failure(JobSpec spec)
    {
        const auto* failed = std::get_if<JobFailed>(&run(std::move(spec)).body);
        return failed == nullptr ? std::string() : failed->code + ": " + failed->message;
    }
    std::set<std::string> phases() const
    {
        std::set<std::string> phases;
        for (const EventPtr& event : m_events) {
            if (const auto* progress = std::get_if<Progress>(&event->body)) {
                phases.insert(progress->phase);
            }
        }
        return phases;
    }
    /// Weights alone, so that no images are needed; with negative codes, which BitPack needs.
    BitPlan plan()
    {
        UniformPlanOptions options;
        options.weightBits = 3;
        options.weightScheme = QScheme::Symmetric;
        options.activationBits = kFloatBits;
        return makeUniformPlan(modelInfoFromJson(result(InspectJob{kModel})), options);
    }
    PackJob packJob(const std::string& output)
    {
        PackJob job;
        job.model = kModel;
        job.plan = plan();
        job.output = file(output);
        return job;
    }
    static ConversionRequest gptq(const std::string& name)
    {
        ConversionRequest request;
        request.input = test::dataFile("interchange/" + name + "/model.safetensors").string();
        return request;
    }

private Q_SLOTS:
    void everyFormatIsExportedAsForeseen_data()
    {
        QTest::addColumn<int>("format");
        for (const WeightFormat format : weightFormats()) {
            QTest::newRow(std::string(toString(format)).c_str()) << static_cast<int>(format);
        }
    }

    void everyFormatIsExportedAsForeseen()
    {
        QFETCH(int, format);
        const QTemporaryDir folder;
        const auto wanted = static_cast<WeightFormat>(format);
        PackJob job = packJob("");
        job.output = folder.filePath("lenet").toStdString() + std::string(fileEnding(wanted));
        job.to = wanted;
        const auto foreseen =
            conversionReportsFromJson(result(ExportPreviewJob{kModel, job.plan, {wanted}}));
        QCOMPARE(foreseen.size(), std::size_t{1});
        const ConversionReport& before = foreseen.front();
        QVERIFY(before.refusal.empty());
        QVERIFY(!fs::exists(job.output));
        const PackSheet sheet = packSheetFromJson(result(job));
        QCOMPARE(sheet.format, std::string(toString(wanted)));
        QVERIFY(sheet.verified);
        QCOMPARE(sheet.fileBytes, static_cast<std::int64_t>(fs::file_size(job.output)));
        QCOMPARE(sheet.fileBytes, sheet.payloadBytes + sheet.metadataBytes);
        std::int64_t payload = 0;
        for (const PackSheetRow& row : sheet.tensors) {
            QVERIFY2(row.verified, row.name.c_str());
            payload += row.packedBytes + row.scaleBytes;
        }
        QCOMPARE(payload, sheet.payloadBytes);
        // What goes around the tensors is an estimate.
        const double share =
            static_cast<double>(before.foreseenBytes) / static_cast<double>(sheet.fileBytes);
        QVERIFY2(std::abs(share - 1) < 0.1, qPrintable(QStringLiteral("%1 foreseen, %2 written")
                                                           .arg(before.foreseenBytes)
                                                           .arg(sheet.fileBytes)));
        QVERIFY(phases().contains("writing"));
        QVERIFY(phases().contains(holdsModel(wanted) ? "verifying" : "comparing"));
        QCOMPARE(sheet.sha256, sha256HexOfFile(job.output));
        if (holdsModel(wanted)) { // a second look knows by itself what the file is
            const VerifyReport again = verifyReportFromJson(result(VerifyJob{job.output, {}}));
            QCOMPARE(again.sheet.format, sheet.format);
            QCOMPARE(again.sheet.sha256, sheet.sha256);
        }
        // Nothing temporary stays.
        QStringList expected{QString::fromStdString(fs::path(job.output).filename().string())};
        if (wanted == WeightFormat::CompressedTensors) {
            expected.prepend("config.json");
        }
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name), expected);
    }

    void stateDictsTakeAType()
    {
        PackJob job = packJob("half.safetensors");
        job.to = WeightFormat::SafetensorsState;
        job.dtype = "float16";
        const PackSheet sheet = packSheetFromJson(result(job));
        for (const PackSheetRow& row : sheet.tensors) {
            QCOMPARE(row.bits, 16);
            QCOMPARE(row.kind, std::string("raw"));
        }
        const auto report = conversionReportsFromJson(
            result(ExportPreviewJob{kModel, job.plan, {*job.to}, job.dtype}));
        QVERIFY(std::all_of(
            report[0].tensors.begin(), report[0].tensors.end(), [](const ConvertedTensor& tensor) {
                return textOf(tensor.after) == "float16" && tensor.fate == ConversionFate::Changed;
            }));
    }

    void wrongOptionsFailBeforeAnyWork()
    {
        PackJob job = packJob("x.h5");
        job.dtype = "float16";
        QVERIFY(failure(job).starts_with("invalid_argument: --dtype is of state dicts"));
        job.dtype.clear();
        job.to = WeightFormat::TorchState;
        job.compress = 3;
        QVERIFY(failure(job).starts_with("invalid_argument: --compress is of hdf5"));
        QVERIFY(phases().empty());
        QVERIFY(!fs::exists(job.output));
    }

    void whatOtherReadersDoNotKnowIsListed()
    {
        const auto report = conversionReportsFromJson(
            result(ExportPreviewJob{kModel, plan(), {WeightFormat::CompressedTensors}}));
        for (const ConvertedTensor& tensor : report[0].tensors) {
            const bool isConvolution = tensor.shape.size() == 4;
            QCOMPARE(tensor.fate == ConversionFate::Changed, isConvolution);
            QCOMPARE(tensor.what.id == PhraseId::NotTwoDimensional, isConvolution);
        }
        BitPlan none = plan();
        for (LayerPlan& layer : none.layers) {
            layer.weight.bits = kFloatBits;
        }
        const auto refused = conversionReportsFromJson(result(ExportPreviewJob{
            kModel, none, {WeightFormat::CompressedTensors, WeightFormat::Packed}}));
        QVERIFY(refused[0].refusal.id == PhraseId::NoCodesAtAll);
        QVERIFY(refused[1].refusal.empty());
    }

    void whatBitPackRefusesIsForeseen()
    {
        PackJob job = packJob("unsigned.pth.tar");
        for (LayerPlan& layer : job.plan.layers) {
            layer.weight.scheme = QScheme::Affine; // codes from 0 up
        }
        job.to = WeightFormat::BitPackExact;
        const auto foreseen = conversionReportsFromJson(result(ExportPreviewJob{
            kModel, job.plan, {WeightFormat::BitPack, WeightFormat::BitPackExact}}));
        QVERIFY(foreseen.at(0).refusal.empty());
        QVERIFY(foreseen.at(1).refusal.id == PhraseId::BitPackStops);
        const std::string refusal = textOf(foreseen.at(1).refusal);
        QVERIFY2(contains(refusal, "none of them negative, and BitPack stops at it"),
                 refusal.c_str());
        QVERIFY(contains(refusal, "features.0.weight"));
        QVERIFY(contains(refusal, "--to bitpack"));
        // The writer says the same.
        QCOMPARE(failure(job), "invalid_argument: " + refusal);
        QVERIFY(!fs::exists(job.output));
        // And writes as many bytes as are foreseen.
        const BitPlan symmetric = plan();
        const auto exact = conversionReportsFromJson(
            result(ExportPreviewJob{kModel, symmetric, {WeightFormat::BitPackExact}}));
        job.plan = symmetric;
        const PackSheet sheet = packSheetFromJson(result(job));
        for (const PackSheetRow& row : sheet.tensors) {
            const auto line =
                std::ranges::find(exact.front().tensors, row.name, &ConvertedTensor::name);
            QVERIFY(line != exact.front().tensors.end());
            QCOMPARE(line->bytes, row.packedBytes);
        }
    }

    void plansOfOtherWeightsAreRefusedAtOnce()
    {
        PackJob job = packJob("other.h5");
        const std::string own = job.plan.modelFingerprint;
        job.plan.name = "w3";
        job.plan.modelFingerprint = "sha256:0123";
        job.plan.tensors.back().activation.bits = 8; // would need images
        const std::string refusal = failure(job);
        for (const std::string& part :
             {std::string("model_mismatch: the plan w3 was made for lenet5 (sha256:0123)"),
              "this model is lenet5 (" + own + ")",
              std::string("bitloom plan create MODEL --from")}) {
            QVERIFY2(contains(refusal, part), refusal.c_str());
        }
        QVERIFY(!fs::exists(job.output));
        QVERIFY(failure(ExportPreviewJob{kModel, job.plan, {WeightFormat::Packed}})
                    .starts_with("model_mismatch: the plan w3"));
        job.plan.layers.front().name = "elsewhere";
        QVERIFY(
            contains(failure(job), "does not fit the model lenet5, which has no layer elsewhere"));
    }

    void conversionsAreJobs()
    {
        ConversionRequest request = gptq("gptq_v2_order");
        request.output = file("order.h5");
        request.dryRun = true;
        const ConversionReport dry = conversionReportFromJson(result(ConvertJob{request}));
        QVERIFY(!dry.verified && !fs::exists(request.output));
        request.dryRun = false;
        const ConversionReport done = conversionReportFromJson(result(ConvertJob{request}));
        QVERIFY(done.verified);
        QCOMPARE(done.foreseenBytes, dry.foreseenBytes);
        QCOMPARE(done.outputBytes, static_cast<std::int64_t>(fs::file_size(request.output)));
        QCOMPARE(phases(), (std::set<std::string>{"writing", "comparing"}));
        request = gptq("gptq_unknown");
        request.output = file("unknown.h5");
        QVERIFY(failure(ConvertJob{request}).find("--gptq-zeros") != std::string::npos);
    }

    void aConversionWaitsForNoOtherJob()
    {
        TrainJob training;
        training.model = kModel;
        training.data.spec = "digits:20000";
        training.output = file("trained.pth");
        training.epochs = 1000;
        JobRequest order;
        order.spec = training;
        const JobId busy = m_engine.submit(std::move(order));
        ConversionRequest request = gptq("awq");
        request.output = file("awq.pth");
        QVERIFY(conversionReportFromJson(result(ConvertJob{request})).verified);
        m_engine.cancel(busy);
        m_engine.wait(busy);
        QVERIFY(std::holds_alternative<JobCancelled>(m_sink->take().back()->body));
    }

    void aCancelledConversionLeavesNothing()
    {
        ConversionRequest request = gptq("awq");
        request.output = file("cancelled.pth");
        JobRequest order;
        order.spec = ConvertJob{request};
        m_sink->take();
        const JobId job = m_engine.submit(std::move(order));
        m_engine.pause(job);
        m_engine.cancel(job);
        m_engine.wait(job);
        const auto last = m_sink->take().back();
        // It may have been done by then.
        QCOMPARE(fs::exists(request.output), std::holds_alternative<JobFinished>(last->body));
        QVERIFY(std::holds_alternative<JobFinished>(last->body) ||
                std::holds_alternative<JobCancelled>(last->body));
    }
};

QTEST_GUILESS_MAIN(TestExportJobs)
#include "tst_export_jobs.moc"
