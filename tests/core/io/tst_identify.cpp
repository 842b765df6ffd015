// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/io/architecture_guess.h"
#include "core/io/conversion.h"
#include "core/io/identify.h"
#include "core/io/model_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/state_dict.h"
#include "core/types/bit_plan.h"
#include "core/types/predictions.h"
#include "core/types/sensitivity_table.h"
#include "tests/core/io/bitpack_samples.h"
#include "tests/support/phrase_texts.h"
#include "tests/support/test_support.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <algorithm>

using namespace bitloom;
namespace fs = std::filesystem;

namespace {

std::vector<io::StateEntry> entriesOf(const std::string& architecture)
{
    std::vector<io::StateEntry> entries;
    for (const io::ExpectedTensor& tensor :
         expectedTensors(graph::buildArchitecture(architecture, 0, graph::InitialWeights::Meta))) {
        entries.push_back({tensor.name, tensor.shape, c10::ScalarType::Float});
    }
    return entries;
}

io::StateEntry& entry(std::vector<io::StateEntry>& entries, const std::string& name)
{
    return *std::ranges::find(entries, name, &io::StateEntry::name);
}

} // namespace

class TestIdentify : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path(const std::string& name) const
    {
        return m_folder.path().toStdString() + "/" + name;
    }

private Q_SLOTS:
    void everyArchitectureIsKnownByItsNamesAndShapes()
    {
        QElapsedTimer clock;
        for (const graph::ArchitectureInfo& info : graph::architectures()) {
            const auto entries = entriesOf(info.name);
            clock.start();
            const auto guesses = guessArchitectures(entries, "w.pth");
            const qint64 took = clock.elapsed();
            QVERIFY(!guesses.empty());
            QCOMPARE(guesses[0].name, info.name);
            QVERIFY(guesses[0].fits);
            QCOMPARE(guesses[0].model, "arch:" + info.name + "@w.pth");
            QCOMPARE(guesses[0].matching, static_cast<std::int64_t>(entries.size()));
            QVERIFY(textOf(guesses[0].reason).starts_with("all "));
            for (std::size_t i = 1; i < guesses.size(); ++i) {
                QVERIFY2(!guesses[i].fits, guesses[i].name.c_str());
            }
            qInfo("%s: %lld ms", info.name.c_str(), static_cast<long long>(took));
            QVERIFY(took < 5000); // a loaded machine; the figure is printed
        }
    }

    void nearMissesSayWhatIsWrong()
    {
        auto entries = entriesOf("resnet18");
        entry(entries, "fc.weight").sizes = {100, 512};
        entry(entries, "fc.bias").name = "head.bias";
        entries.push_back({"bn1.num_batches_tracked", {}, c10::ScalarType::Long});
        const auto guesses = guessArchitectures(entries, "w.pth");
        QCOMPARE(guesses[0].name, std::string("resnet18"));
        QVERIFY(!guesses[0].fits);
        QCOMPARE(guesses[0].missing, std::int64_t{1});
        QCOMPARE(guesses[0].misshapen, std::int64_t{1});
        QCOMPARE(guesses[0].unexpected, std::int64_t{1}); // the batch counter does not count
        QCOMPARE(guesses[0].matching, guesses[0].expected - 2);
        for (const char* part :
             {"of 102 names and shapes match", "1 missing: fc.bias", "1 unexpected: head.bias",
              "fc.weight is (100, 512), expected (1000, 512)"}) {
            QVERIFY2(textOf(guesses[0].reason).find(part) != std::string::npos,
                     textOf(guesses[0].reason).c_str());
        }
    }

    void strangersFitNothing()
    {
        QVERIFY(guessArchitectures({}, "w.pth").empty());
        const std::vector<io::StateEntry> entries{{"a", {2, 3}, c10::ScalarType::Float}};
        QVERIFY(guessArchitectures(entries, "w.pth").empty());
    }

    void aStateDictIsListedWithoutItsValues()
    {
        io::StateDict state;
        for (const io::StateEntry& each : entriesOf("resnet20_cifar")) {
            state.tensors.emplace_back("module." + each.name, at::zeros(each.sizes));
        }
        state.tensors.emplace_back("module.bn1.num_batches_tracked", at::zeros({}, at::kLong));
        io::writeStateDict(path("w.pth"), state);
        const FileReport report = identifyFile(path("w.pth"));
        QVERIFY(report.kind == DocumentKind::StateDict);
        QCOMPARE(textOf(report.description), std::string("a PyTorch checkpoint"));
        QCOMPARE(report.fileBytes, static_cast<std::int64_t>(fs::file_size(path("w.pth"))));
        QCOMPARE(report.model, "arch:resnet20_cifar@" + path("w.pth"));
        QCOMPARE(test::textsOf(report.notes),
                 std::vector<std::string>{"prefix module. removed from every name"});
        QCOMPARE(report.tensors.size(), state.tensors.size());
        QCOMPARE(report.tensors[0].name, std::string("conv1.weight"));
        QCOMPARE(report.tensors[0].shape, (std::vector<std::int64_t>{16, 3, 3, 3}));
        QCOMPARE(report.tensors[0].dtype, std::string("float32"));
        QCOMPARE(report.tensors[0].bytes, std::int64_t{16 * 27 * 4});
        QCOMPARE(report.tensors.back().dtype, std::string("int64"));
        QCOMPARE(report.tensors.back().bytes, std::int64_t{8});
        // The whole reader agrees on every name and shape.
        const io::StateDict read = io::readStateDict(path("w.pth"));
        for (std::size_t i = 0; i < read.tensors.size(); ++i) {
            QCOMPARE(report.tensors[i].name, read.tensors[i].first);
            QCOMPARE(report.tensors[i].shape, read.tensors[i].second.sizes().vec());
        }
        QCOMPARE(openModel(report.model, {}, 0).info.name, std::string("resnet20_cifar"));
    }

    void aSafetensorsFileIsAStateDict()
    {
        const graph::Graph network = graph::buildArchitecture("lenet5", 7);
        io::StateDict state;
        for (const graph::Parameter& parameter : network.parameters()) {
            state.tensors.emplace_back(parameter.name, parameter.tensor);
        }
        io::writeStateDict(path("w.safetensors"), state);
        const FileReport report = identifyFile(path("w.safetensors"));
        QVERIFY(report.kind == DocumentKind::StateDict);
        QCOMPARE(textOf(report.description), std::string("a safetensors file"));
        QCOMPARE(report.tensors.size(), state.tensors.size());
        QCOMPARE(report.model, "arch:lenet5@" + path("w.safetensors"));
        const LoadedModel model = openModel(report.model, {}, 0);
        for (const graph::Parameter& parameter : network.parameters()) {
            QVERIFY(
                at::equal(model.graph->findParameter(parameter.name)->tensor, parameter.tensor));
        }
        BITLOOM_EXPECT_ERROR(openModel(path("w.safetensors"), {}, 0), ErrorCode::Unsupported,
                             "is a state dict: weights without a network; they fit lenet5: give "
                             "arch:lenet5@");
    }

    void packedContainersAreNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("container");
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<int>("bits");
        QTest::addColumn<QString>("storage");
        const auto data = [](const char* name) {
            return QString::fromStdString(test::dataFile(name).string());
        };
        test::writeSample(path("packed.pth.tar"), {});
        QTest::newRow("BitPack") << QString::fromStdString(path("packed.pth.tar")) << "BitPack"
                                 << "w" << 4 << "4 bits min_shift, no scale";
        QTest::newRow("GPTQ") << data("interchange/gptq_v2_order/model.safetensors") << "GPTQ v2"
                              << "block.fc.weight" << 4
                              << "4 bits unsigned, groups of 16 in any order, zero points";
        QTest::newRow("AWQ, a folder")
            << data("interchange/awq") << "AWQ"
            << "fc.weight" << 4 << "4 bits unsigned, groups of 16, zero points";
        QTest::newRow("HDF5") << data("packed/row_bits.h5") << "packed HDF5 1.0"
                              << "" << -1 << "";
        const io::PackedFileReader packed(test::dataFile("packed/groups.h5"));
        RunControl control;
        fs::create_directory(path("ct"));
        ConversionRequest request;
        request.output = path("ct/model.safetensors");
        request.to = WeightFormat::CompressedTensors;
        writeWeights(packed, request, control);
        QTest::newRow("compressed-tensors") << QString::fromStdString(path("ct/model.safetensors"))
                                            << "compressed-tensors pack-quantized"
                                            << "" << 4 << "";
    }

    void packedContainersAreNamed()
    {
        QFETCH(QString, file);
        QFETCH(QString, container);
        QFETCH(QString, tensor);
        QFETCH(int, bits);
        QFETCH(QString, storage);
        const FileReport report = identifyFile(file.toStdString());
        QVERIFY(report.kind == DocumentKind::Packed);
        QCOMPARE(QString::fromStdString(textOf(report.container)), container);
        QVERIFY(textOf(report.description).find("packed weights without a network") !=
                std::string::npos);
        QVERIFY(report.model.empty());
        const auto found = std::ranges::find_if(report.tensors, [&](const FileTensor& one) {
            return !one.storage.empty() && (tensor.isEmpty() || one.name == tensor.toStdString()) &&
                   one.bits.value_or(-1) == bits;
        });
        QVERIFY(found != report.tensors.end());
        QVERIFY(found->bytes > 0);
        if (!storage.isEmpty()) {
            QCOMPARE(QString::fromStdString(found->storage), storage);
        }
        QCOMPARE(toJson(fileReportFromJson(toJson(report))), toJson(report));
        // Opened as a model, it says what is missing.
        const auto error = test::errorOf([&] { openModel(file.toStdString(), {}, 0); });
        QVERIFY(error && error->code() == ErrorCode::Unsupported);
        QVERIFY2(QString(error->what())
                     .contains("is packed weights (" + container + "): weights without a network"),
                 error->what());
    }

    void whatDoesNotSayAllIsNamedWithTheQuestion()
    {
        const FileReport report =
            identifyFile(test::dataFile("interchange/gptq_unknown/model.safetensors").string());
        QVERIFY(report.kind == DocumentKind::Packed);
        QVERIFY(report.model.empty());
        QVERIFY(textOf(report.notes.at(0)).find("--gptq-zeros") != std::string::npos);
    }

    void packedWeightsOfAnArchitectureOpen()
    {
        const graph::Graph network = graph::buildArchitecture("lenet5", 7);
        io::PackedFileWriter writer(path("weights.h5"), {});
        for (const graph::Parameter& parameter : network.parameters()) {
            io::PackedTensor tensor = encodeParameter(parameter, nullptr);
            if (tensor.shape.size() == 2) {
                tensor.kind = io::PackedKind::Int;
                tensor.data.clear();
                tensor.bits = 3;
                tensor.scale = {0.25F};
                io::packIntegers(tensor,
                                 std::vector<std::int32_t>(
                                     static_cast<std::size_t>(parameter.tensor.numel()), -2));
            }
            writer.add(tensor);
        }
        writer.finish();
        const FileReport report = identifyFile(path("weights.h5"));
        QVERIFY(report.model.empty());
        QVERIFY(report.guesses.at(0).fits);
        const LoadedModel model = openModel(report.guesses.at(0).model, {}, 0);
        QCOMPARE(model.info.name, std::string("lenet5"));
        QVERIFY(textOf(model.notes.back()).find("packed HDF5 1.0") != std::string::npos);
        QVERIFY(std::ranges::any_of(model.graph->parameters(), [](const graph::Parameter& one) {
            return one.tensor.dim() == 2 && one.tensor.eq(-0.5).all().item<bool>();
        }));
    }

    void aFolderOfFilesIsAStateDictToo()
    {
        fs::create_directories(path("lenet"));
        const auto weights = graph::buildArchitecture("lenet5", 3).parameters();
        io::StateDict halves[2];
        for (std::size_t i = 0; i < weights.size(); ++i) {
            halves[i % 2].tensors.emplace_back(weights[i].name, weights[i].tensor);
        }
        io::writeStateDict(path("lenet/a.safetensors"), halves[0]);
        io::writeStateDict(path("lenet/b.safetensors"), halves[1]);
        test::writeFile(path("lenet/model.safetensors.index.json"),
                        R"({"weight_map":{"1":"a.safetensors","2":"b.safetensors"}})");
        const FileReport report = identifyFile(path("lenet"));
        QVERIFY(report.kind == DocumentKind::StateDict);
        QCOMPARE(report.model, "arch:lenet5@" + path("lenet"));
        const LoadedModel model = openModel(report.model, {}, 0);
        QVERIFY(model.graph->findParameter(weights[0].name)->tensor.equal(weights[0].tensor));
        ConversionRequest request;
        request.input = path("lenet");
        request.output = path("lenet.h5");
        RunControl control;
        QVERIFY(convertWeights(request, control)->verified);
    }

    /// int-quantized without its config.json and float-quantized of compressed-tensors: taken for a
    /// state dict, their weights would be a hundred times too large.
    void codesUnderTheNamesOfWeightsAreRefused()
    {
        for (const c10::ScalarType type : {at::kChar, at::kFloat8_e4m3fn}) {
            io::writeStateDict(path("int8.safetensors"),
                               {{{"fc.weight", at::zeros({2, 3}, at::TensorOptions(type))},
                                 {"fc.weight_scale", at::zeros({2, 1})}},
                                {}});
            BITLOOM_EXPECT_ERROR(identifyFile(path("int8.safetensors")), ErrorCode::Unsupported,
                                 "fc.weight is codes of the type");
            ConversionRequest request;
            request.input = path("int8.safetensors");
            request.output = path("int8.h5");
            RunControl control;
            BITLOOM_EXPECT_ERROR(convertWeights(request, control), ErrorCode::Unsupported,
                                 "with scales beside it");
            QVERIFY(!fs::exists(path("int8.h5")));
        }
        // Dequantized weights that kept their scales are weights.
        io::writeStateDict(
            path("dense.safetensors"),
            {{{"fc.weight", at::zeros({2, 3})}, {"fc.weight_scale", at::zeros({2, 1})}}, {}});
        QVERIFY(identifyFile(path("dense.safetensors")).kind == DocumentKind::StateDict);
    }

    void publishedWeights()
    {
        BITLOOM_NEED_REAL_DATA(data);
        const std::string file = (data / "resnet_cifar/resnet32-d509ac18.th").string();
        QElapsedTimer clock;
        clock.start();
        const FileReport report = identifyFile(file);
        qInfo("%lld ms", static_cast<long long>(clock.elapsed()));
        QCOMPARE(report.model, "arch:resnet32_cifar@" + file);
    }

    void documentsAndFolders()
    {
        const auto kindOf = [this](const std::string& name, std::string_view text) {
            test::writeFile(path(name), text);
            return identifyFile(path(name)).kind;
        };
        QVERIFY(kindOf("p.json", toJson(BitPlan{})) == DocumentKind::Plan);
        QVERIFY(kindOf("s.json", toJson(SensitivityTable{})) == DocumentKind::Sensitivity);
        QVERIFY(kindOf("r.json", toJson(Predictions{})) == DocumentKind::Predictions);
        QVERIFY(kindOf("o.json", R"({"a": {"format": "bitloom.plan"}})") == DocumentKind::Unknown);
        QVERIFY(kindOf("cut.json", R"({"format": "bitloom.plan")") == DocumentKind::Unknown);
        QVERIFY(kindOf("text", "hello") == DocumentKind::Unknown);
        BITLOOM_EXPECT_ERROR(kindOf("cut.h5", "\x89HDF\r\n\x1a\n"), ErrorCode::CorruptFile,
                             "cut.h5");
        QCOMPARE(textOf(identifyFile(path("text")).description), std::string("a text file"));
        QVERIFY(identifyFile(path("text")).model.empty());
        fs::create_directory(path("x.bitloom"));
        QVERIFY(identifyFile(path("x.bitloom")).kind == DocumentKind::Unknown);
        test::writeFile(path("x.bitloom/project.json"), "{}");
        QVERIFY(identifyFile(path("x.bitloom")).kind == DocumentKind::Project);
        BITLOOM_EXPECT_ERROR(identifyFile(path("nowhere")), ErrorCode::NotFound, "nowhere");
        test::writeFile(path("empty"), "");
        BITLOOM_EXPECT_ERROR(identifyFile(path("empty")), ErrorCode::CorruptFile, "empty");
    }
};

QTEST_GUILESS_MAIN(TestIdentify)
#include "tst_identify.moc"
