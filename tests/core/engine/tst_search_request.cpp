// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/search_request.h"

#include "core/engine/method_catalog.h"
#include "core/engine/portable_path.h"
#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <functional>

using namespace bitloom;
using namespace bitloom::engine;

namespace {

SearchRequest sample()
{
    SearchRequest request;
    request.job.method = "bayesian-bits";
    request.job.model = {"arch:lenet5@/p/a.bitloom/exports/w.pth", {1, 1, 28, 28}};
    request.job.data.spec = "mnist:/data/mnist";
    request.job.data.limit = 500;
    request.job.data.preprocessing = R"({"mean":[0.5]})";
    request.job.options = methodNamed(request.job.method).options->defaults();
    request.job.options.set("load-checkpoint", std::string("/p/a.bitloom/exports/epoch_1.pth"));
    request.job.runFile = "/p/a.bitloom/runs/one.run.h5";
    request.fingerprint = std::string(64, 'a');
    request.device = "cuda:0";
    request.seed = 18446744073709551615U;
    request.threads = 3;
    return request;
}

} // namespace

/// What a run's file keeps so that the run can be made again.
class TestSearchRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comesBack()
    {
        const SearchRequest request = sample();
        const SearchRequest back = searchRequestFromJson(toJson(request), request.job.runFile);
        QCOMPARE(back.job.model.spec, request.job.model.spec);
        QVERIFY(back.job.model.inputShape == request.job.model.inputShape);
        QCOMPARE(back.job.data.spec, request.job.data.spec);
        QCOMPARE(back.job.data.batchSize, request.job.data.batchSize);
        QVERIFY(back.job.options == request.job.options);
        QCOMPARE(back.job.runFile, request.job.runFile);
        QCOMPARE(back.seed, request.seed);
        QVERIFY(differences(back, request).empty());
        QCOMPARE(toJson(back), toJson(request));
    }

    void movesWithItsProject()
    {
        const std::string text = toJson(sample());
        QVERIFY2(text.find("{project}/exports/w.pth") != std::string::npos, text.c_str());
        const SearchRequest moved =
            searchRequestFromJson(text, "/elsewhere/b.bitloom/runs/one.run.h5");
        QCOMPARE(moved.job.model.spec,
                 std::string("arch:lenet5@/elsewhere/b.bitloom/exports/w.pth"));
        QCOMPARE(moved.job.options.text("load-checkpoint"),
                 std::string("/elsewhere/b.bitloom/exports/epoch_1.pth"));
        QCOMPARE(moved.job.data.spec, std::string("mnist:/data/mnist"));
        QVERIFY(differences(moved, sample()).empty());
    }

    void whatMakesAnotherRun_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<bool>("same");
        const std::vector<std::pair<const char*, bool>> rows{{"where the model lies", true},
                                                             {"images measured at a time", true},
                                                             {"model", false},
                                                             {"input shape", false},
                                                             {"data", false},
                                                             {"limit", false},
                                                             {"preprocessing", false},
                                                             {"option", false},
                                                             {"seed", false},
                                                             {"device", false},
                                                             {"threads", false}};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QTest::newRow(rows[i].first) << static_cast<int>(i) << rows[i].second;
        }
    }
    void whatMakesAnotherRun()
    {
        QFETCH(int, change);
        QFETCH(bool, same);
        const std::vector<std::function<void(SearchRequest&)>> changes{
            [](SearchRequest& one) { one.job.model.spec = "other.pt"; },
            [](SearchRequest& one) { one.job.data.batchSize = 7; },
            [](SearchRequest& one) { one.fingerprint = std::string(64, 'b'); },
            [](SearchRequest& one) { one.job.model.inputShape[2] = 32; },
            [](SearchRequest& one) { one.job.data.spec = "digits:5"; },
            [](SearchRequest& one) { one.job.data.limit = 0; },
            [](SearchRequest& one) { one.job.data.preprocessing.clear(); },
            [](SearchRequest& one) { one.job.options.set("lambda", 0.25); },
            [](SearchRequest& one) { one.seed = 1; },
            [](SearchRequest& one) { one.device = "cpu"; },
            [](SearchRequest& one) { one.threads = 1; }};
        SearchRequest other = sample();
        changes[static_cast<std::size_t>(change)](other);
        QCOMPARE(differences(sample(), other).size(), std::size_t{same ? 0U : 1U});
    }

    void differencesAreSaid()
    {
        SearchRequest other = sample();
        other.job.options.set("lambda", 0.25);
        other.threads = 1;
        QVERIFY((differences(sample(), other) ==
                 std::vector<std::string>{"lambda is 0.1 there and 0.25 here",
                                          "the number of threads is 3 there and 1 here"}));
    }

    void anOptionOfALaterVersionIsAtItsDefault()
    {
        nlohmann::json document = nlohmann::json::parse(toJson(sample()));
        document["options"].erase("lambda");
        QVERIFY(differences(searchRequestFromJson(document.dump(), sample().job.runFile), sample())
                    .empty());
    }

    void damage_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no object") << QByteArray("[]");
        QTest::newRow("cut") << QByteArray(R"({"method":)");
        for (const char* key : {"method", "model", "model_spec", "input_shape", "data", "options",
                                "seed", "device", "threads", "batch_size"}) {
            nlohmann::json document = nlohmann::json::parse(toJson(sample()));
            document.erase(key);
            QTest::addRow("without %s", key) << QByteArray::fromStdString(document.dump());
            document[key] = nlohmann::json::object({{"a", 1}});
            QTest::addRow("another type of %s", key) << QByteArray::fromStdString(document.dump());
        }
    }
    void damage()
    {
        QFETCH(QByteArray, text);
        try {
            searchRequestFromJson(text.toStdString(), "a/runs/b.run.h5");
            QFAIL("was read");
        } catch (const Error& error) {
            QVERIFY2(std::string(error.what()).starts_with("a/runs/b.run.h5"), error.what());
        }
    }

    void nothingOfThisMachineLeavesIt()
    {
        const std::string text = provenanceJson(sample());
        QVERIFY2(text.find(R"("load-checkpoint":"epoch_1.pth")") != std::string::npos,
                 text.c_str());
        QVERIFY2(text.find('/') == std::string::npos, text.c_str());
        QVERIFY(text.find("mnist:mnist") != std::string::npos);
        QCOMPARE(specWithoutFolders("arch:lenet5@/p/w.pth"), std::string("arch:lenet5@w.pth"));
        QCOMPARE(specWithoutFolders("images:a/b/"), std::string("images:b"));
        QCOMPARE(specWithoutFolders("/p/m.pt"), std::string("m.pt"));
        QCOMPARE(specWithoutFolders("digits:500"), std::string("digits:500"));
        QCOMPARE(specWithoutFolders("arch:lenet5"), std::string("arch:lenet5"));
    }
};

QTEST_GUILESS_MAIN(TestSearchRequest)
#include "tst_search_request.moc"
