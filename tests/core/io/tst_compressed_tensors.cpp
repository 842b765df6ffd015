// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/compressed_tensors.h"
#include "core/io/interchange/compressed_tensors_source.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/io/safetensors/safetensors_writer.h"

#include "tests/core/io/packed_samples.h"
#include "tests/core/io/python_script.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

using namespace bitloom;
using namespace bitloom::io;
using nlohmann::json;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(bitloom::ErrorCode)

namespace {

PackedTensor tensorOf(const std::string& name, std::vector<std::int64_t> shape, int bits)
{
    PackedTensor tensor;
    tensor.name = name;
    tensor.shape = std::move(shape);
    tensor.bits = bits;
    tensor.scale = {0.5F};
    return tensor;
}

/// Compatible weights of every width, granularity and encoding that can be.
std::vector<PackedTensor> compatibleTensors()
{
    constexpr std::int64_t kRows = 11;
    constexpr std::int64_t kCols = 40;
    constexpr std::int64_t kGroup = 8;
    Rng rng(5);
    std::vector<PackedTensor> tensors;
    for (int bits = 1; bits <= 8; ++bits) {
        for (const auto& [way, scales] : {std::pair<std::string, std::size_t>("tensor", 1),
                                          {"channel", kRows},
                                          {"group", kRows * kCols / kGroup},
                                          {"ordered", kRows * kCols / kGroup}}) {
            for (const auto encoding :
                 {CodeEncoding::OffsetBinary, CodeEncoding::Unsigned, CodeEncoding::MinShift}) {
                for (const bool hasZeroPoints : {false, true}) {
                    PackedTensor tensor = tensorOf(way + std::to_string(bits) + "." +
                                                       std::string(toString(encoding)) +
                                                       (hasZeroPoints ? ".zeros" : "") + ".weight",
                                                   {kRows, kCols}, bits);
                    tensor.encoding = encoding;
                    tensor.scale.clear();
                    const std::int32_t half = (1 << bits) / 2;
                    const bool isShifted = encoding == CodeEncoding::MinShift;
                    tensor.origin = isShifted ? std::vector{7 - half} : std::vector<std::int32_t>();
                    const std::int32_t lowest = encoding == CodeEncoding::OffsetBinary ? -half
                                                : isShifted                            ? 7 - half
                                                                                       : 0;
                    for (std::size_t i = 0; i < scales; ++i) {
                        tensor.scale.push_back(static_cast<float>(rng.below(100) + 1) / 64);
                        if (hasZeroPoints) {
                            tensor.zeroPoint.push_back(lowest + static_cast<std::int32_t>(rng.below(
                                                                    std::uint64_t{1} << bits)));
                        }
                    }
                    if (scales > kRows) {
                        tensor.groupSize = kGroup;
                    }
                    for (std::int64_t col = 0; way == "ordered" && col < kCols; ++col) {
                        tensor.gIdx.push_back(static_cast<std::int32_t>(col * 3 % kCols / kGroup));
                    }
                    if (!hasZeroPoints && isShifted && bits < 4) {
                        continue; // 0 lies below its codes: not compatible
                    }
                    packIntegers(tensor, test::randomIntegers(tensor, rng));
                    tensors.push_back(std::move(tensor));
                }
            }
        }
    }
    return tensors;
}

void writePackedFile(const fs::path& path, const std::vector<PackedTensor>& tensors)
{
    PackedFileWriter writer(path, test::sampleMeta());
    for (const PackedTensor& tensor : tensors) {
        writer.add(tensor);
    }
    writer.finish();
}

std::map<std::string, std::vector<float>> floatsOf(const fs::path& file)
{
    const SafetensorsReader reader(file);
    std::map<std::string, std::vector<float>> values;
    for (const SafetensorsEntry& entry : reader.entries()) {
        values[entry.name] = readFloats(reader, entry);
    }
    return values;
}

} // namespace

class TestCompressedTensors : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    RunControl m_control;

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
    void initTestCase()
    {
        test::writeSamples(file("samples.h5"));
        writePackedFile(file("compatible.h5"), compatibleTensors());
    }

    void everyTensorReturns_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("target");
        QTest::newRow("every kind of tensor, into a folder") << "samples.h5"
                                                             << "samples";
        QTest::newRow("compatible tensors, into a file") << "compatible.h5"
                                                         << "file.safetensors";
    }

    void everyTensorReturns()
    {
        QFETCH(QString, source);
        QFETCH(QString, target);
        const fs::path written = file(target.toStdString());
        const PackedFileReader original(file(source.toStdString()));
        writeCompressedTensors(written, original, m_control);
        const CompressedTensorsSource again(written);
        QCOMPARE(again.tensors().size(), original.tensors().size());
        QVERIFY(again.meta() == original.meta());
        QVERIFY(again.activations() == original.activations());
        for (const PackedTensorHeader& header : original.tensors()) {
            const PackedTensor before = original.readTensor(header.name);
            const PackedTensor after = again.readTensor(header.name);
            const char* name = header.name.c_str();
            QVERIFY2(after.kind == before.kind && after.shape == before.shape &&
                         after.dtype == before.dtype && after.data == before.data,
                     name);
            QVERIFY2(after.payloadBytes == again.require(header.name).payloadBytes, name);
            if (before.kind == PackedKind::Int) {
                QVERIFY2(after.axis == before.axis && after.bits == before.bits &&
                             after.encoding == before.encoding && after.rowBits == before.rowBits,
                         name);
                QVERIFY2(after.scale == before.scale && after.zeroPoint == before.zeroPoint &&
                             after.origin == before.origin && after.gIdx == before.gIdx &&
                             after.groupSize == before.groupSize,
                         name);
                QVERIFY2(decodeIntegers(after) == decodeIntegers(before), name);
                QVERIFY2(again.readParameters(header.name).scale == before.scale, name);
            }
        }
        const bool isFile = written.extension() == ".safetensors";
        const fs::path weights = isFile ? written : written / "model.safetensors";
        const std::string bytes = test::readFile(weights);
        const std::string config = test::readFile(weights.parent_path() / "config.json");
        writeCompressedTensors(written, original, m_control);
        QVERIFY(test::readFile(weights) == bytes);
        QCOMPARE(test::readFile(weights.parent_path() / "config.json"), config);
    }

    /// The package unpacks every compatible tensor that we write to the values that we have, and we
    /// those that it packs.
    void agreesWithThePackage()
    {
        if (test::pythonOfTorch().isEmpty() || !test::pythonHas("compressed_tensors")) {
            QSKIP("BITLOOM_PYTHON names no Python with the compressed-tensors package");
        }
        const PackedFileReader original(file("compatible.h5"));
        for (const PackedTensorHeader& header : original.tensors()) {
            const auto fit = compressedTensorsFit(original.readParameters(header.name));
            QVERIFY2(fit.isCompatible, (header.name + ": " + fit.reason).c_str());
        }
        writeCompressedTensors(file("ours"), original, m_control);
        fs::create_directory(file("theirs"));
        test::runScript("core/io/compressed_tensors_package.py",
                        {QString::fromStdString(file("ours").string()),
                         QString::fromStdString(file("theirs").string())});
        const auto unpacked = floatsOf(file("ours/unpacked.safetensors"));
        QCOMPARE(unpacked.size(), original.tensors().size());
        for (const auto& [name, values] : unpacked) {
            QVERIFY2(values == dequantize(original.readTensor(name)), name.c_str());
        }
        const CompressedTensorsSource theirs(file("theirs"));
        const auto expected = floatsOf(file("theirs/unpacked.safetensors"));
        QCOMPARE(expected.size(), std::size_t{8 * 4 * 2});
        for (const auto& [name, values] : expected) {
            QVERIFY2(dequantize(theirs.readTensor(name)) == values, name.c_str());
        }
        QCOMPARE(theirs.readTensor("norm.weight").shape, (std::vector<std::int64_t>{40}));
    }

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

    void tellsWhatOtherReadersDoNotKnow()
    {
        const auto reason = [](PackedTensor tensor) {
            const CompressedTensorsFit fit = compressedTensorsFit(tensor);
            return (fit.isCompatible ? "fits; " : "") + fit.reason;
        };
        const PackedTensor plain = tensorOf("fc.weight", {4, 10}, 4);
        QCOMPARE(reason(plain), std::string("fits; "));
        PackedTensor tensor = plain;
        tensor.bits = 5;
        QVERIFY(reason(tensor).starts_with("fits; codes of 5 bits need compressed-tensors 0.18"));
        tensor.bits = 9;
        QVERIFY(reason(tensor).starts_with("its codes have 9 bits"));
        tensor.bits = 0;
        QVERIFY(reason(tensor).starts_with("its codes have 0 bits"));
        tensor.bits = PackedTensorHeader::kBitsPerRow;
        QVERIFY(reason(tensor).starts_with("its rows have widths of their own"));
        QVERIFY(reason(tensorOf("conv.weight", {4, 3, 3, 3}, 4)).ends_with("shape (4, 3, 3, 3)"));
        QVERIFY(reason(tensorOf("attn.in_proj", {4, 3}, 4)).ends_with("called attn.in_proj"));
        QVERIFY(reason(tensorOf(".weight", {4, 3}, 4)).starts_with("other readers look for"));
        QCOMPARE(reason(tensorOf("fc.weight", {0, 3}, 4)), std::string("it is empty"));
        tensor = plain;
        tensor.groupSize = 4;
        tensor.scale.assign(12, 1);
        QVERIFY(reason(tensor).starts_with("its 10 columns are no multiple of the group size 4"));
        tensor.groupSize = 5;
        tensor.scale.assign(8, 1);
        tensor.gIdx = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
        QVERIFY(reason(tensor).starts_with("its groups (g_idx) do not have 5 columns each"));
        tensor = plain;
        tensor.zeroPoint = {8};
        QVERIFY(reason(tensor).starts_with("the zero points of its encoding offset_binary"));
        tensor.zeroPoint = {-8};
        QCOMPARE(reason(tensor), std::string("fits; "));
        tensor = plain;
        tensor.encoding = CodeEncoding::Bipolar;
        QVERIFY(reason(tensor).starts_with("the zero points of its encoding bipolar"));
        for (const PackedTensor& raw : test::rawSamples()) {
            QVERIFY(compressedTensorsFit(raw).isCompatible);
        }
    }

    void aConfigurationThatIsThereIsKept()
    {
        const PackedFileReader original(file("compatible.h5"));
        fs::create_directory(file("kept"));
        test::writeFile(file("kept/config.json"),
                        R"({"model_type":"llama","quantization_config":{"old":1}})");
        writeCompressedTensors(file("kept"), original, m_control);
        const json config = json::parse(test::readFile(file("kept/config.json")));
        QCOMPARE(config["model_type"].get<std::string>(), std::string("llama"));
        QVERIFY(!config["quantization_config"].contains("old"));
        QCOMPARE(config["quantization_config"]["version"].get<std::string>(),
                 std::string("0.18.0"));
        test::writeFile(file("kept/config.json"), "no JSON");
        BITLOOM_EXPECT_ERROR(writeCompressedTensors(file("kept"), original, m_control),
                             ErrorCode::CorruptFile, "is not a JSON object");
        QCOMPARE(test::readFile(file("kept/config.json")), std::string("no JSON"));
    }

    void whatIsCancelledLeavesNothing()
    {
        const PackedFileReader original(file("compatible.h5"));
        RunControl control;
        control.requestStop();
        QVERIFY(!writeCompressedTensors(file("cancelled"), original, control));
        QVERIFY(fs::is_empty(file("cancelled")));
    }

    /// The proof sees other values, parameters and descriptions.
    void whatReadsBackOtherwiseIsSeen()
    {
        writeCompressedTensors(file("proof.safetensors"), PackedFileReader(file("compatible.h5")),
                               m_control);
        std::vector<PackedTensor> tensors = compatibleTensors();
        const auto compared = [&](const std::vector<PackedTensor>& others) {
            writePackedFile(file("other.h5"), others);
            return test::errorOf([&] {
                compareCompressedTensors(file("proof.safetensors"),
                                         PackedFileReader(file("other.h5")), m_control);
            });
        };
        QVERIFY(!compared(tensors));
        PackedTensor& changed = tensors.at(tensors.size() / 2);
        changed.words[3] ^= 1U;
        const auto error = compared(tensors);
        QVERIFY(error.has_value());
        QVERIFY(error->code() == ErrorCode::VerifyFailed);
        QVERIFY(std::string(error->what())
                    .ends_with(changed.name + " does not read back as it was written"));
        changed.words[3] ^= 1U;
        changed.scale[0] *= 2;
        QVERIFY(compared(tensors).has_value());
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

QTEST_GUILESS_MAIN(TestCompressedTensors)
#include "tst_compressed_tensors.moc"
