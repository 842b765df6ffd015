// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/awq_source.h"
#include "core/io/interchange/gptq_source.h"
#include "core/io/safetensors/safetensors_writer.h"

#include "tests/support/test_support.h"

#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include <array>
#include <memory>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
using nlohmann::json;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(bitloom::ErrorCode)

namespace {

fs::path fixture(const std::string& name)
{
    return dataFile("interchange") / name / "model.safetensors";
}

std::unique_ptr<PackedSource> openSource(SafetensorsFiles files,
                                         GptqZeros zeros = GptqZeros::AsLabelled)
{
    const auto config = findQuantizationConfig(files.folder());
    BITLOOM_REQUIRE(config, ErrorCode::NotFound, "no configuration");
    if (config->method == "awq") {
        return std::make_unique<AwqSource>(std::move(files), *config);
    }
    return std::make_unique<GptqSource>(std::move(files), *config, zeros);
}

/// Every weight that the fixture's own numpy computed.
void checkWeights(const PackedSource& source, const fs::path& path)
{
    const json expected = json::parse(readFile(path.parent_path() / "expected.json"));
    for (const auto& [name, values] : expected.items()) {
        const PackedTensor tensor = source.readTensor(name);
        requireConsistent(tensor, ErrorCode::Internal);
        QVERIFY2(dequantize(tensor) == values.get<std::vector<float>>(), name.c_str());
        QCOMPARE(tensor.payloadBytes, source.find(name)->payloadBytes);
        QVERIFY(source.readParameters(name).scale == tensor.scale);
    }
}

} // namespace

/// Files of GPTQ and AWQ programs, as tests/data/make_interchange_files.py lays them out.
class TestInterchange : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path folder() const { return m_folder.path().toStdString(); }

    /// A layer of 16 inputs and 8 outputs in 4 bits and groups of 8, changed by one tensor.
    fs::path writeLayer(const std::string& changed, SafetensorsType type,
                        const std::vector<std::int64_t>& shape)
    {
        std::vector<SafetensorsDeclaration> tensors{{"fc.qweight", SafetensorsType::I32, {2, 8}},
                                                    {"fc.qzeros", SafetensorsType::I32, {2, 1}},
                                                    {"fc.scales", SafetensorsType::F16, {2, 8}},
                                                    {"fc.g_idx", SafetensorsType::I32, {16}}};
        for (SafetensorsDeclaration& tensor : tensors) {
            if (tensor.name == changed) {
                tensor.type = type;
                tensor.shape = shape;
            }
        }
        if (shape.empty()) { // leaves it out
            std::erase_if(tensors, [&](const auto& tensor) { return tensor.name == changed; });
        }
        if (changed == "fc.weight") {
            tensors.push_back({changed, type, shape});
        }
        const fs::path path = folder() / "model.safetensors";
        SafetensorsWriter writer(path, tensors);
        for (const SafetensorsEntry& entry : writer.entries()) {
            writer.append(entry.name, std::vector<std::byte>(entry.end - entry.begin));
        }
        writer.finish();
        return path;
    }

    void writeConfig(const json& config)
    {
        writeFile(folder() / "quantize_config.json", config.dump());
    }

private Q_SLOTS:
    void weightsAreThoseOfTheFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("format");
        QTest::addColumn<bool>("symmetric");
        QTest::addColumn<bool>("ordered");
        QTest::newRow("v1, symmetric") << "gptq_v1"
                                       << "GPTQ v1" << true << false;
        QTest::newRow("v1 by its zero points") << "gptq_v1_unlabelled"
                                               << "GPTQ v1" << true << false;
        QTest::newRow("v1, 2 bits") << "gptq_v1_asymmetric"
                                    << "GPTQ v1" << false << false;
        QTest::newRow("v2, order of activations") << "gptq_v2_order"
                                                  << "GPTQ v2" << false << true;
        QTest::newRow("v2, 3 bits across words") << "gptq_v2_3bit"
                                                 << "GPTQ v2" << false << false;
        QTest::newRow("v2, 41 inputs and 11 outputs") << "gptq_v2_odd"
                                                      << "GPTQ v2" << false << true;
        QTest::newRow("v2, one scale for each output") << "gptq_v2_8bit"
                                                       << "GPTQ v2" << true << false;
        QTest::newRow("AWQ") << "awq"
                             << "AWQ" << false << false;
    }

    void weightsAreThoseOfTheFile()
    {
        QFETCH(QString, name);
        QFETCH(QString, format);
        QFETCH(bool, symmetric);
        QFETCH(bool, ordered);
        const fs::path path = fixture(name.toStdString());
        const auto source = openSource(path);
        QCOMPARE(QString::fromStdString(textOf(source->formatName())), format);
        checkWeights(*source, path);
        const PackedTensor parameters =
            source->readParameters(name == "awq" ? "fc.weight" : "block.fc.weight");
        QCOMPARE(parameters.zeroPoint.empty(), symmetric);
        QCOMPARE(!parameters.gIdx.empty(), ordered);
        QCOMPARE(parameters.dtype, std::string("float16"));
        const PackedTensor bias = source->readTensor(name == "awq" ? "fc.bias" : "block.fc.bias");
        QVERIFY(bias.kind == PackedKind::Raw);
        QCOMPARE(bias.data.size(), 2 * static_cast<std::size_t>(parameters.shape[0]));
        QVERIFY(source->find("block.fc.qweight") == nullptr);
    }

    void zeroPointsAreNeverGuessed()
    {
        BITLOOM_EXPECT_ERROR(openSource(fixture("gptq_unknown")), ErrorCode::InvalidArgument,
                             "has no checkpoint_format, and nothing says how zero points are "
                             "stored; --gptq-zeros v1 (less one) or v2 (as they are) decides");
        BITLOOM_EXPECT_ERROR(openSource(fixture("gptq_mislabelled")), ErrorCode::InvalidArgument,
                             "says checkpoint_format gptq and symmetric codes, but the zero "
                             "points lie in the middle only as of v2; --gptq-zeros");
        const auto first = openSource(fixture("gptq_unknown"), GptqZeros::V1);
        checkWeights(*first, fixture("gptq_unknown"));
        QVERIFY(textOf(first->notes().front()).find("as asked") != std::string::npos);
        checkWeights(*openSource(fixture("gptq_mislabelled"), GptqZeros::V2),
                     fixture("gptq_mislabelled"));
        // The other convention moves every weight by one scale.
        const auto other = openSource(fixture("gptq_unknown"), GptqZeros::V2);
        QVERIFY(dequantize(other->readTensor("block.fc.weight")) !=
                dequantize(first->readTensor("block.fc.weight")));
    }

    void wrappedZeroPointsAreNamed()
    {
        const auto source = openSource(fixture("gptq_v1_asymmetric"));
        QVERIFY(!source->notes().empty());
        QVERIFY2(textOf(source->notes().front())
                         .find("zero points have all bits set, which stands for 0 "
                               "in GPTQ v1; some programs read it as 4") != std::string::npos,
                 textOf(source->notes().front()).c_str());
    }

    void badFilesAreRefused_data()
    {
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<int>("type");
        QTest::addColumn<QVector<int>>("shape");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* tensor, SafetensorsType type, QVector<int> shape,
                            const char* message) {
            QTest::newRow(message) << tensor << static_cast<int>(type) << shape << message;
        };
        using enum SafetensorsType;
        row("fc.scales", F16, {}, "fc.qweight is there, but not its companion fc.scales");
        row("fc.qzeros", I32, {}, "fc.qweight is there, but not its companion fc.qzeros");
        row("fc.qweight", I32, {3, 8}, "has 3 words for an output; 16 inputs of 4 bits need 2");
        row("fc.qweight", I32, {2, 9}, "fc.qweight has the shape [2, 9], [2, 8] was expected");
        row("fc.qweight", I32, {16}, "has the shape [16], two dimensions were expected");
        row("fc.qweight", F32, {2, 8}, "fc.qweight is of the type F32, I32 was expected");
        row("fc.qzeros", I32, {2, 2}, "fc.qzeros has the shape [2, 2], [2, 1] was expected");
        row("fc.scales", F64, {2, 8}, "fc.scales is of the type F64; F16, BF16 or F32");
        row("fc.scales", F16, {2, 0}, "fc.scales is empty");
        row("fc.g_idx", I32, {4, 4}, "fc.g_idx has 2 dimensions, one was expected");
        row("fc.weight", F32, {8, 16}, "is there as codes and as a tensor of its own");
    }

    void badFilesAreRefused()
    {
        QFETCH(QString, tensor);
        QFETCH(int, type);
        QFETCH(QVector<int>, shape);
        QFETCH(QString, message);
        writeConfig(
            {{"bits", 4}, {"group_size", 8}, {"checkpoint_format", "gptq_v2"}, {"sym", false}});
        const fs::path path = writeLayer(tensor.toStdString(), static_cast<SafetensorsType>(type),
                                         {shape.begin(), shape.end()});
        const auto caught = errorOf([&] {
            const auto source = openSource(path);
            source->readTensor("fc.weight");
        });
        QVERIFY2(caught.has_value(), "no error was thrown");
        QVERIFY2(QString(caught->what()).contains(message), caught->what());
    }

    void badConfigurationsAreRefused_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* config, ErrorCode code, const char* message) {
            QTest::newRow(message) << config << code << message;
        };
        row("{", ErrorCode::CorruptFile, "is not a JSON object");
        row(R"({"group_size": 8})", ErrorCode::InvalidArgument, "how many bits");
        row(R"({"bits": 4})", ErrorCode::InvalidArgument, "how many inputs share a scale");
        row(R"({"bits": "4", "group_size": 8})", ErrorCode::CorruptFile, "of another type");
        row(R"({"bits": 16, "group_size": 8})", ErrorCode::Unsupported, "16 bits");
        row(R"({"bits": 4, "group_size": 0})", ErrorCode::CorruptFile, "group_size of 0");
        row(R"({"bits": 4, "group_size": 4, "checkpoint_format": "gptq_v2"})",
            ErrorCode::CorruptFile, "fc.scales has 2 groups; 16 inputs in groups of 4");
        row(R"({"bits": 4, "group_size": 8, "checkpoint_format": "marlin"})",
            ErrorCode::Unsupported, "checkpoint_format marlin");
        row(R"({"bits": 4, "group_size": 8, "sym": true, "checkpoint_format": "gptq"})",
            ErrorCode::InvalidArgument, "neither all 7 nor all 8; --gptq-zeros");
        row(R"({"bits": 8, "group_size": 8, "quant_method": "awq"})", ErrorCode::Unsupported,
            "AWQ files are read with 4");
        row(R"({"bits": 4, "group_size": 8, "quant_method": "awq", "version": "GEMV"})",
            ErrorCode::Unsupported, "the AWQ layout gemv");
        row(R"({"bits": 4, "group_size": 8, "quant_method": "awq"})", ErrorCode::CorruptFile,
            "was expected");
    }

    void badConfigurationsAreRefused()
    {
        QFETCH(QString, config);
        QFETCH(ErrorCode, code);
        QFETCH(QString, message);
        const fs::path path = writeLayer("", SafetensorsType::I32, {});
        writeFile(folder() / "quantize_config.json", config.toStdString());
        BITLOOM_EXPECT_ERROR(openSource(path), code, message.toStdString());
    }

    void tensorsMayLieInSeveralFiles_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"gptq_v1", "gptq_v2_order", "gptq_v2_3bit", "awq"}) {
            QTest::newRow(name) << name;
        }
    }

    /// Tensors of one layer lie in different files, as they do where a file was full.
    void tensorsMayLieInSeveralFiles()
    {
        QFETCH(QString, name);
        const fs::path whole = fixture(name.toStdString());
        const auto expected = openSource(whole);
        const QTemporaryDir shards;
        const fs::path place = shards.path().toStdString();
        for (const fs::directory_entry& entry : fs::directory_iterator(whole.parent_path())) {
            if (entry.path().extension() == ".json") {
                fs::copy_file(entry.path(), place / entry.path().filename());
            }
        }
        const std::array files{"model-00001-of-00002.safetensors",
                               "model-00002-of-00002.safetensors"};
        const SafetensorsReader reader(whole);
        json index;
        for (std::size_t half = 0; half < files.size(); ++half) {
            std::vector<SafetensorsDeclaration> declarations;
            for (std::size_t i = half; i < reader.entries().size(); i += 2) {
                const SafetensorsEntry& entry = reader.entries()[i];
                declarations.push_back({entry.name, entry.type, entry.shape});
                index["weight_map"][entry.name] = files[half];
            }
            SafetensorsWriter writer(place / files[half], declarations, {});
            for (const SafetensorsEntry& entry : writer.entries()) {
                writer.append(entry.name, reader.bytesOf(*reader.find(entry.name)));
            }
            writer.finish();
        }
        const fs::path list = place / "model.safetensors.index.json";
        writeFile(list, index.dump());
        for (const fs::path& path : {place, list}) {
            const auto source = openSource(path);
            QCOMPARE(textOf(source->formatName()), textOf(expected->formatName()));
            QCOMPARE(source->tensors().size(), expected->tensors().size());
            checkWeights(*source, whole);
            for (const PackedTensorHeader& header : expected->tensors()) {
                QVERIFY2(sameContents(source->readTensor(header.name),
                                      expected->readTensor(header.name)),
                         header.name.c_str());
            }
        }
        fs::remove(place / files[1]);
        BITLOOM_EXPECT_ERROR(openSource(place), ErrorCode::NotFound, files[1]);
    }

    void twoConfigurationsMustAgree()
    {
        const fs::path path = writeLayer("", SafetensorsType::I32, {});
        writeConfig({{"bits", 4}, {"group_size", 8}, {"checkpoint_format", "gptq_v2"}});
        const auto other = [&](int bits) {
            const json inner{{"bits", bits}, {"group_size", 8}, {"quant_method", "gptq"}};
            writeFile(folder() / "config.json", json{{"quantization_config", inner}}.dump());
        };
        other(4);
        QCOMPARE(findQuantizationConfig(path.parent_path())->method, std::string("gptq"));
        other(3);
        BITLOOM_EXPECT_ERROR(findQuantizationConfig(path.parent_path()), ErrorCode::InvalidArgument,
                             "say different things of the bits");
        fs::remove(folder() / "config.json");
    }
};

QTEST_GUILESS_MAIN(TestInterchange)
#include "tst_interchange.moc"
