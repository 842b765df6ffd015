// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Files in the layout of compressed-tensors that others wrote, sound and not.
#include "core/io/interchange/compressed_tensors_source.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/io/safetensors/safetensors_writer.h"

#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <nlohmann/json.hpp>

using namespace bitloom;
using namespace bitloom::io;
using nlohmann::json;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(bitloom::ErrorCode)

class TestCompressedTensorsForeign : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path file(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    /// A foreign folder with one layer "fc" of 3 rows, changed by edit.
    struct Foreign {
        std::int64_t cols = 40;
        int bits = 3;
        std::vector<std::uint32_t> words;
        std::int64_t wordsPerRow = 0;
        std::map<std::string, std::pair<SafetensorsDeclaration, std::vector<std::byte>>> parts;
        json config;

        template <typename T>
        void part(const std::string& name, SafetensorsType type, std::vector<std::int64_t> shape,
                  const std::vector<T>& values)
        {
            const auto bytes = std::as_bytes(std::span(values));
            parts[name] = {{name, type, std::move(shape)}, {bytes.begin(), bytes.end()}};
        }
    };

    static Foreign foreign(std::int64_t cols, int bits, WordLayout layout)
    {
        Foreign file;
        file.cols = cols;
        file.bits = bits;
        file.wordsPerRow = wordsOf(cols, bits, layout);
        file.words.assign(static_cast<std::size_t>(3 * file.wordsPerRow), 0);
        for (std::int64_t i = 0; i < 3 * cols; ++i) {
            const std::int64_t row = i / cols;
            const std::int64_t col = i % cols;
            const std::uint32_t code = codeOf(i, bits);
            for (int bit = 0; bit < bits; ++bit) { // by the definition, bit by bit
                const std::int64_t perWord = 32 / bits;
                const std::int64_t at = layout == WordLayout::Dense
                                            ? col * bits + bit
                                            : col / perWord * 32 + col % perWord * bits + bit;
                file.words[static_cast<std::size_t>(row * file.wordsPerRow + at / 32)] |=
                    ((code >> static_cast<unsigned>(bit)) & 1U) << static_cast<unsigned>(at % 32);
            }
        }
        file.part("fc.weight_packed", SafetensorsType::I32, {3, file.wordsPerRow}, file.words);
        file.part<std::int64_t>("fc.weight_shape", SafetensorsType::I64, {2}, {3, cols});
        file.part<float>("fc.weight_scale", SafetensorsType::F32, {3, 1}, {0.5F, 1, 2});
        file.part<float>("fc.bias", SafetensorsType::F32, {3}, {1, 2, 3});
        file.config = json::parse(R"({"quantization_config":{"quant_method":"compressed-tensors",
            "format":"pack-quantized","config_groups":{"group_0":{"targets":["Linear"],
            "weights":{"type":"int","symmetric":true,"strategy":"channel"}}}}})");
        file.config["quantization_config"]["config_groups"]["group_0"]["weights"]["num_bits"] =
            bits;
        return file;
    }

    static std::uint32_t codeOf(std::int64_t index, int bits)
    {
        return static_cast<std::uint32_t>(index * 5 + 1) % (1U << static_cast<unsigned>(bits));
    }

    void write(const fs::path& folder, const Foreign& content) const
    {
        fs::create_directories(folder);
        std::vector<SafetensorsDeclaration> declarations;
        for (const auto& [name, part] : content.parts) {
            declarations.push_back(part.first);
        }
        SafetensorsWriter writer(folder / "model.safetensors", declarations);
        for (const SafetensorsEntry& entry : writer.entries()) {
            writer.append(entry.name, content.parts.at(entry.name).second);
        }
        writer.finish();
        test::writeFile(folder / "config.json", content.config.dump());
    }

    static void checkForeign(const PackedSource& source, const Foreign& content)
    {
        const PackedTensor tensor = source.readTensor("fc.weight");
        const std::vector<std::int32_t> integers = decodeIntegers(tensor);
        QCOMPARE(static_cast<std::int64_t>(integers.size()), 3 * content.cols);
        for (std::size_t i = 0; i < integers.size(); ++i) {
            QCOMPARE(integers[i],
                     static_cast<std::int32_t>(codeOf(static_cast<std::int64_t>(i), content.bits)) -
                         (1 << content.bits) / 2);
        }
        QCOMPARE(tensor.scale, (std::vector<float>{0.5F, 1, 2}));
        QCOMPARE(source.require("fc.weight").payloadBytes,
                 static_cast<std::int64_t>(tensor.words.size() * 4));
        QCOMPARE(source.readTensor("fc.bias").data.size(), std::size_t{12});
    }

private Q_SLOTS:
    void theVersionOrTheWordsTellTheLayout_data()
    {
        QTest::addColumn<int>("cols");
        QTest::addColumn<bool>("padded");
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QString>("message"); ///< empty: it is read
        const auto row = [](const char* name, int cols, bool padded, const char* version,
                            const char* asked, const char* message = "") {
            QTest::newRow(name) << cols << padded << version << asked << message;
        };
        row("dense by version", 40, false, "0.18.0", "");
        row("dense by a later version", 33, false, "1.0", "");
        row("padded by version", 40, true, "0.17.1", "");
        row("padded by version where both fit", 33, true, "0.17.1.a20260102", "");
        row("dense by its words", 64, false, "", "");
        row("padded by its words", 64, true, "", "");
        row("padded as asked for", 33, true, "", "padded");
        row("dense as asked for, against the version", 33, false, "0.17.0", "dense");
        for (const int cols : {11, 33, 100}) { // where the number of words is the same
            row(("both fit " + std::to_string(cols)).c_str(), cols, true, "", "",
                "fc.weight_packed: both layouts of its codes fit, and config.json states no "
                "version; give --ct-layout=padded or --ct-layout=dense");
        }
        row("the version is wrong", 64, true, "0.18.0", "",
            "states version 0.18.0, whose codes lie dense, but fc.weight_packed has as many words "
            "as padded codes need; give --ct-layout");
        row("what is asked for is wrong", 64, true, "", "dense",
            "fc.weight_packed has the shape (3, 7); 3 rows of 64 codes of 3 bits, dense, need (3, "
            "6)");
    }

    void theVersionOrTheWordsTellTheLayout()
    {
        QFETCH(int, cols);
        QFETCH(bool, padded);
        QFETCH(QString, version);
        QFETCH(QString, asked);
        QFETCH(QString, message);
        Foreign content = foreign(cols, 3, padded ? WordLayout::Padded : WordLayout::Dense);
        if (!version.isEmpty()) {
            content.config["quantization_config"]["version"] = version.toStdString();
        }
        write(file("layout"), content);
        const auto open = [&] {
            return CompressedTensorsSource(file("layout"), wordLayoutFrom(asked.toStdString()));
        };
        if (message.isEmpty()) {
            checkForeign(open(), content);
        } else {
            const auto error = test::errorOf([&] { open(); });
            QVERIFY(error.has_value());
            QVERIFY2(std::string(error->what()).find(message.toStdString()) != std::string::npos,
                     error->what());
        }
    }

    void paddedCodesOfEveryWidth()
    {
        for (int bits = 1; bits <= 8; ++bits) {
            Foreign content = foreign(70, bits, WordLayout::Padded);
            content.config["quantization_config"]["version"] = "0.17.1";
            // Zero points of that version are packed along the rows in the same way.
            content
                .config["quantization_config"]["config_groups"]["group_0"]["weights"]["symmetric"] =
                false;
            std::vector<std::int32_t> zeros(
                static_cast<std::size_t>(wordsOf(3, bits, WordLayout::Padded)));
            zeros[0] = 1 | (0 << bits) | (1 << 2 * bits);
            content.part("fc.weight_zero_point", SafetensorsType::I32,
                         {static_cast<std::int64_t>(zeros.size()), 1}, zeros);
            write(file("padded"), content);
            const CompressedTensorsSource source(file("padded"));
            checkForeign(source, content);
            const int half = (1 << bits) / 2;
            QCOMPARE(source.readParameters("fc.weight").zeroPoint,
                     (std::vector<std::int32_t>{1 - half, -half, 1 - half}));
        }
    }

    /// One code to an int8, under the name of the weight; those of fewer bits must fit them.
    void readsCodesUnderTheNameOfTheWeight()
    {
        Foreign content = foreign(40, 3, WordLayout::Dense);
        const auto integers = [&](std::int8_t first) {
            std::vector<std::int8_t> codes;
            for (std::int64_t i = 0; i < 3 * content.cols; ++i) {
                codes.push_back(
                    static_cast<std::int8_t>(static_cast<int>(codeOf(i, content.bits)) - 4));
            }
            codes.front() = first == 0 ? codes.front() : first;
            content.part("fc.weight", SafetensorsType::I8, {3, content.cols}, codes);
            write(file("integers"), content);
            return file("integers");
        };
        content.parts.erase("fc.weight_packed");
        content.parts.erase("fc.weight_shape");
        for (const char* format : {"int-quantized", "naive-quantized"}) {
            content.config["quantization_config"]["format"] = format;
            const CompressedTensorsSource source(integers(0));
            QCOMPARE(textOf(source.formatName()), std::string("compressed-tensors int-quantized"));
            checkForeign(source, content);
            QCOMPARE(source.require("fc.weight").bits, 3);
        }
        for (const int outside : {-5, 4, 127}) {
            BITLOOM_EXPECT_ERROR(
                CompressedTensorsSource(integers(static_cast<std::int8_t>(outside)))
                    .readTensor("fc.weight"),
                ErrorCode::CorruptFile,
                "fc.weight[0] = " + std::to_string(outside) + " is no code of 3 bits");
        }
        content.part<float>("fc.weight_scale", SafetensorsType::F32, {2, 1}, {0.5F, 1});
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(integers(0)), ErrorCode::CorruptFile,
                             "3 scales were expected");
        content = foreign(40, 3, WordLayout::Dense);
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(integers(0)), ErrorCode::CorruptFile,
                             "is there packed and as it is");
    }

    void readsTensorsInSeveralFiles()
    {
        const Foreign content = foreign(64, 4, WordLayout::Dense);
        write(file("shards"), content);
        fs::rename(file("shards/model.safetensors"), file("shards/a.safetensors"));
        SafetensorsWriter second(file("shards/b.safetensors"),
                                 {{"norm.weight", SafetensorsType::U8, {1}}});
        second.append("norm.weight", std::as_bytes(std::span("x", 1)));
        second.finish();
        const auto index = [&](const std::string& name) {
            test::writeFile(
                file("shards/model.safetensors.index.json"),
                json{{"weight_map", {{"fc.bias", "a.safetensors"}, {"n", name}}}}.dump());
        };
        index("b.safetensors");
        const CompressedTensorsSource source(file("shards"));
        checkForeign(source, content);
        QVERIFY(source.PackedSource::find("norm.weight") != nullptr);
        for (const char* outside : {"../b.safetensors", "/etc/passwd", "..", ""}) {
            index(outside);
            BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("shards")), ErrorCode::UnsafeFile,
                                 "a file in the same folder was expected");
        }
        fs::copy_file(file("shards/a.safetensors"), file("shards/c.safetensors"));
        index("c.safetensors");
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("shards")), ErrorCode::CorruptFile,
                             "is in another file of the folder too");
    }

    void choosesTheSchemeOfAModule()
    {
        CompressedTensorsConfig config;
        config.file = "config.json";
        const auto group = [](int bits, std::vector<std::string> targets) {
            SchemeGroup one;
            one.weights.bits = bits;
            one.targets = std::move(targets);
            return one;
        };
        config.groups = {group(2, {"re:.*down.*"}), group(3, {"a.down", "b"}),
                         group(4, {"Linear"})};
        QCOMPARE(config.schemeOf("a.down").bits, 3);
        QCOMPARE(config.schemeOf("c.down_proj").bits, 2);
        QCOMPARE(config.schemeOf("c.up").bits, 4);
        config.groups.push_back(group(5, {"Embedding"}));
        BITLOOM_EXPECT_ERROR(config.schemeOf("c.up"), ErrorCode::CorruptFile,
                             "config.json has 4 config_groups, several of which may concern");
        config.groups = {group(2, {"x.y"}), group(3, {"re:[z"})};
        BITLOOM_EXPECT_ERROR(config.schemeOf("c.up"), ErrorCode::Unsupported,
                             "the target re:[z cannot be read");
        config.groups[1].targets = {"z.y"};
        BITLOOM_EXPECT_ERROR(config.schemeOf("c.up"), ErrorCode::CorruptFile,
                             "none of which names module c.up");
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("part"); ///< that is changed; empty: the scheme of the weights
        QTest::addColumn<QString>("change");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* part, const char* change,
                            const char* message, ErrorCode code = ErrorCode::CorruptFile) {
            QTest::newRow(name) << part << change << code << message;
        };
        row("no scale", "fc.weight_scale", "remove", "fc.weight_scale is missing");
        row("no shape", "fc.weight_shape", "remove", "fc.weight_shape is missing");
        row("no words", "fc.weight_packed", "remove", "there is no tensor MODULE.weight_packed",
            ErrorCode::UnknownFormat);
        row("words of another type", "fc.weight_packed", "U32",
            "of the type U32, I32 was expected");
        row("scale of another type", "fc.weight_scale", "U32", "of the type U32",
            ErrorCode::Unsupported);
        row("shape of another type", "fc.weight_shape", "F64",
            "is F64 of shape (2), a list of I64");
        row("packed and as it is", "fc.weight", "I32", "fc.weight is there packed and as it is");
        row("9 bits", "", R"({"num_bits":9})", "weights of 9 bits", ErrorCode::Unsupported);
        row("floats", "", R"({"type":"float"})", "type \"float\"", ErrorCode::Unsupported);
        row("blocks", "", R"({"strategy":"block"})", "the strategy \"block\"",
            ErrorCode::Unsupported);
        row("groups of nothing", "", R"({"strategy":"group","group_size":0})",
            "in groups of 0 columns");
        row("per tensor", "", R"({"strategy":"tensor"})",
            "fc.weight_scale has the shape (3, 1); 1 scales were expected");
        row("in groups", "", R"({"strategy":"group","group_size":32})",
            "6 scales were expected for 3 rows in 2 groups");
        row("asymmetric", "", R"({"symmetric":false})", "fc.weight_zero_point is missing");
        row("bits of another type", "", R"({"num_bits":"4"})", "quantization_config is damaged");
    }

    void refuses()
    {
        QFETCH(QString, part);
        QFETCH(QString, change);
        QFETCH(ErrorCode, code);
        QFETCH(QString, message);
        Foreign content = foreign(64, 4, WordLayout::Dense);
        if (part.isEmpty()) {
            content.config["quantization_config"]["config_groups"]["group_0"]["weights"].update(
                json::parse(change.toStdString()));
        } else if (change == "remove") {
            content.parts.erase(part.toStdString());
        } else if (!content.parts.contains(part.toStdString())) {
            content.part<std::int32_t>(part.toStdString(), SafetensorsType::I32, {1}, {0});
        } else {
            content.parts.at(part.toStdString()).first.type =
                safetensorsTypeFrom(change.toStdString()).value();
        }
        write(file("bad"), content);
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("bad")), code, message.toStdString());
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("bad")), code, file("bad").string());
    }

    void refusesValuesWhenTheyAreRead()
    {
        Foreign content = foreign(64, 4, WordLayout::Dense);
        content.part<float>("fc.weight_scale", SafetensorsType::F32, {3, 1}, {1, NAN, 1});
        write(file("bad"), content);
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("bad")).readTensor("fc.weight"),
                             ErrorCode::NonFinite, "scale of fc.weight: value 1 is nan");
        content = foreign(64, 4, WordLayout::Dense);
        content.part<std::int8_t>("fc.weight_zero_point", SafetensorsType::I8, {3, 1}, {0, 1, 0});
        write(file("bad"), content);
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("bad")).readTensor("fc.weight"),
                             ErrorCode::CorruptFile, "but has zero points other than 0");
        content.config["quantization_config"]["config_groups"]["group_0"]["weights"]["symmetric"] =
            false; // older files have them as they are
        write(file("bad"), content);
        QCOMPARE(CompressedTensorsSource(file("bad")).readTensor("fc.weight").zeroPoint,
                 (std::vector<std::int32_t>{0, 1, 0}));
        content.part<std::int32_t>("fc.weight_zero_point", SafetensorsType::I32, {3, 1}, {0, 1, 0});
        write(file("bad"), content);
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("bad")).readTensor("fc.weight"),
                             ErrorCode::CorruptFile,
                             "fc.weight_zero_point is I32 of shape (3, 1); I32 of shape (1, 1)");
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("bad")).readTensor("absent"),
                             ErrorCode::NotFound, "absent");
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("bad")).readParameters("fc.bias"),
                             ErrorCode::InvalidArgument, "there is no packed tensor fc.bias");
    }

    void refusesConfigurations()
    {
        const Foreign content = foreign(64, 4, WordLayout::Dense);
        write(file("config"), content);
        const auto with = [&](const char* text) {
            test::writeFile(file("config/config.json"), text);
            return CompressedTensorsSource(file("config"));
        };
        BITLOOM_EXPECT_ERROR(with("{"), ErrorCode::CorruptFile, "is not a JSON object");
        BITLOOM_EXPECT_ERROR(with("{}"), ErrorCode::CorruptFile, "there is no quantization_config");
        BITLOOM_EXPECT_ERROR(with(R"({"quantization_config":{"quant_method":"gptq"}})"),
                             ErrorCode::Unsupported, "of the method \"gptq\"");
        BITLOOM_EXPECT_ERROR(with(R"({"quantization_config":{"quant_method":"compressed-tensors",)"
                                  R"("format":"float-quantized"}})"),
                             ErrorCode::Unsupported, "the format \"float-quantized\"");
        BITLOOM_EXPECT_ERROR(
            with(R"({"quantization_config":{"quant_method":"compressed-tensors"}})"),
            ErrorCode::CorruptFile, "quantization_config is damaged");
        fs::remove(file("config/config.json"));
        BITLOOM_EXPECT_ERROR(CompressedTensorsSource(file("config")), ErrorCode::NotFound,
                             "config.json");
    }
};

QTEST_GUILESS_MAIN(TestCompressedTensorsForeign)
#include "tst_compressed_tensors_foreign.moc"
