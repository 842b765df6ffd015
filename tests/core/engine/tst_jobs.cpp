// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine.h"
#include "core/types/file_report.h"
#include "core/types/json_input.h"
#include "core/types/layer_detail.h"
#include "core/types/predictions.h"
#include "core/types/thumbnail.h"
#include "tests/core/engine/all_events.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <algorithm>
#include <mutex>

using namespace bitloom;
using namespace bitloom::engine;

namespace {

const ModelRef kModel{"arch:lenet5", {}};

DataRef digits(int count)
{
    DataRef data;
    data.spec = "digits:" + std::to_string(count);
    data.batchSize = 16;
    return data;
}

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

} // namespace

/// What the jobs that serve a window give back, through the engine's front door.
class TestJobs : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<LastEvent> m_sink = std::make_shared<LastEvent>();
    Engine m_engine{{2}, m_sink};

    EventPtr ended(JobSpec spec)
    {
        JobRequest request;
        request.spec = std::move(spec);
        m_engine.wait(m_engine.submit(std::move(request)));
        return m_sink->get();
    }
    /// The result as JSON; empty, with a message, if there is none.
    std::string result(JobSpec spec) { return test::resultOf(*ended(std::move(spec))); }
    std::string failure(JobSpec spec)
    {
        const EventPtr last = ended(std::move(spec));
        const auto* failed = std::get_if<JobFailed>(&last->body);
        return failed == nullptr ? std::string() : failed->code + ": " + failed->message;
    }
    BitPlan plan(int weightBits)
    {
        UniformPlanOptions options;
        options.weightBits = weightBits;
        BitPlan plan = makeUniformPlan(modelInfoFromJson(result(InspectJob{kModel})), options);
        plan.name = "w" + std::to_string(weightBits);
        return plan;
    }

private Q_SLOTS:
    void predictionsNameEachImage()
    {
        EvalJob job{kModel, digits(100), std::nullopt, {}};
        const EvalResult without = evalResultFromJson(result(job));
        QVERIFY(!without.predictions);
        job.keepPredictions = true;
        const EvalResult found = evalResultFromJson(result(job));
        QCOMPARE(found.correct, without.correct);
        const Predictions& predictions = found.predictions.value();
        QCOMPARE(predictions.modelName, std::string("lenet5"));
        QVERIFY(predictions.modelFingerprint.starts_with("sha256:"));
        QCOMPARE(predictions.plan, std::string());
        QCOMPARE(predictions.data, std::string("digits:100"));
        QCOMPARE(predictions.split, std::string("test"));
        QCOMPARE(predictions.classNames.size(), std::size_t{10});
        QCOMPARE(predictions.images.size(), std::size_t{100});
        std::int64_t correct = 0;
        for (const ClassCount& count : classCounts(predictions)) {
            correct += count.correct;
        }
        QCOMPARE(correct, found.correct);
        for (std::size_t i = 0; i < predictions.images.size(); ++i) {
            QCOMPARE(predictions.images[i], static_cast<std::int64_t>(i));
            // The largest of ten shares is at least a tenth.
            QVERIFY(predictions.confidencesPercent[i] >= 10);
            QVERIFY(predictions.confidencesPercent[i] <= 100);
        }
        job.plan = plan(1);
        job.calibration.images = 16;
        const EvalResult planned = evalResultFromJson(result(job));
        QCOMPARE(planned.predictions->plan, std::string("w1"));
        QCOMPARE(planned.predictions->labels, predictions.labels);
        const PredictionChanges changes = comparePredictions(predictions, *planned.predictions);
        QCOMPARE(changes.parentCorrect, found.correct);
        QCOMPARE(changes.otherCorrect, planned.correct);
    }

    void layerDetail()
    {
        LayerDetailJob job;
        job.model = kModel;
        job.layer = "features.3";
        job.plan = plan(4);
        job.bits = {2, 8};
        job.bins = 30;
        const LayerDetail weight = layerDetailFromJson(result(job));
        QCOMPARE(weight.weightHistograms.size(), std::size_t{3});
        QCOMPARE(weight.weightHistograms[0].counts.size(), std::size_t{30});
        QVERIFY(weight.activations.empty());
        job.data = digits(64);
        job.calibration.images = 32;
        const LayerDetail both = layerDetailFromJson(result(job));
        QCOMPARE(both.calibrationImages, std::int64_t{32});
        QCOMPARE(both.activations.size(), std::size_t{1});
        QCOMPARE(both.weightHistograms[0].counts, weight.weightHistograms[0].counts);
        job.layer = "features.4";
        QVERIFY(failure(job).starts_with("not_found: the model has no layer 'features.4'"));
    }

    void thumbnails()
    {
        ThumbnailJob job;
        job.data = digits(50);
        job.indices = {7, 3, 7};
        const auto thumbnails = thumbnailsFromJson(result(job));
        QCOMPARE(thumbnails.size(), std::size_t{3}); // in the order asked for
        QCOMPARE(thumbnails[0].image, std::int64_t{7});
        QCOMPARE(thumbnails[0].rgb, thumbnails[2].rgb);
        QCOMPARE(thumbnails[1].width, 28);
        job.data.split = "train";
        QVERIFY(thumbnailsFromJson(result(job))[0].rgb != thumbnails[0].rgb);
        job.folder = m_folder.path().toStdString() + "/pictures";
        job.size = 14;
        QCOMPARE(thumbnailsFromJson(result(job))[0].height, 14);
        QVERIFY(std::filesystem::exists(job.folder + "/3.png"));
        QVERIFY(std::filesystem::exists(job.folder + "/7.png"));
    }

    void tooManyThumbnailsAreRefused()
    {
        ThumbnailJob job;
        job.data = digits(50);
        job.indices.assign(1001, 0);
        QVERIFY(failure(job).find("1001 thumbnails of 64 pixels") != std::string::npos);
        job.indices.assign(mostThumbnails(512) + 1, 0);
        job.size = 512;
        QVERIFY(failure(job).find("at most 42") != std::string::npos);
        job.size = 513;
        QVERIFY(failure(job).find("8..512") != std::string::npos);
        job.size = 64;
        job.indices = {50};
        QVERIFY(failure(job).find("has no item 50: it has 50 items") != std::string::npos);
        job.indices.clear();
        QVERIFY(thumbnailsFromJson(result(job)).empty());
    }

    void unreadablePicturesAreLeftOut()
    {
        const std::filesystem::path folder = m_folder.path().toStdString() + "/images";
        std::filesystem::create_directories(folder / "cat");
        test::writeFile(folder / "cat" / "broken.png", "no picture");
        ThumbnailJob job;
        job.data.spec = "images:" + folder.string();
        job.indices = {0};
        QVERIFY(thumbnailsFromJson(result(job)).empty());
    }

    void filesAreIdentified()
    {
        const std::string file = m_folder.path().toStdString() + "/plan.json";
        test::writeFile(file, toJson(plan(4)));
        QVERIFY(fileReportFromJson(result(IdentifyJob{file})).kind == DocumentKind::Plan);
        QVERIFY(failure(IdentifyJob{file + "x"}).starts_with("not_found"));
    }
};

QTEST_GUILESS_MAIN(TestJobs)
#include "tst_jobs.moc"
