// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/compressed_tensors.h"
#include "core/io/interchange/compressed_tensors_source.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/io/safetensors/safetensors_writer.h"

#include "tests/core/io/compressed_tensors_files.h"
#include "tests/core/io/packed_samples.h"
#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

using namespace bitloom;
using namespace bitloom::io;
using nlohmann::json;
namespace fs = std::filesystem;

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
        values[entry.name] = readFloats({&reader, &entry});
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
        test::writeCompressedTensors(written, original, m_control);
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
        test::writeCompressedTensors(written, original, m_control);
        QVERIFY(test::readFile(weights) == bytes);
        QCOMPARE(test::readFile(weights.parent_path() / "config.json"), config);
    }

    /// The package unpacks every compatible tensor that we write to the values that we have, and we
    /// those that it packs.
    void agreesWithThePackage()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "safetensors", "compressed_tensors");
        const PackedFileReader original(file("compatible.h5"));
        for (const PackedTensorHeader& header : original.tensors()) {
            const auto fit = compressedTensorsFit(original.readParameters(header.name));
            QVERIFY2(fit.isCompatible, (header.name + ": " + textOf(fit.reason)).c_str());
        }
        test::writeCompressedTensors(file("ours"), original, m_control);
        fs::create_directory(file("theirs"));
        test::runScript("core/io/compressed_tensors_package.py",
                        {QString::fromStdString(file("ours").string()),
                         QString::fromStdString(file("theirs").string())});
        const auto unpacked = floatsOf(file("ours/unpacked.safetensors"));
        QCOMPARE(unpacked.size(), original.tensors().size());
        for (const auto& [name, values] : unpacked) {
            QVERIFY2(values == dequantize(original.readTensor(name)), name.c_str());
        }
        for (const auto& [folder, format] :
             {std::pair("theirs", "pack-quantized"), {"theirs/integers", "int-quantized"}}) {
            const CompressedTensorsSource theirs(file(folder));
            QCOMPARE(textOf(theirs.formatName()), std::string("compressed-tensors ") + format);
            const auto expected = floatsOf(file(folder) / "unpacked.safetensors");
            QCOMPARE(expected.size(), std::size_t{8 * 4 * 2});
            QCOMPARE(theirs.tensors().size(), expected.size() + 1);
            for (const auto& [name, values] : expected) {
                const PackedTensor tensor = theirs.readTensor(name);
                QVERIFY2(dequantize(tensor) == values, name.c_str());
                const PackedTensorHeader& header = theirs.require(name);
                QVERIFY2(tensor.unit == header.unit && tensor.payloadBytes == header.payloadBytes,
                         name.c_str());
            }
            QCOMPARE(theirs.readTensor("norm.weight").shape, (std::vector<std::int64_t>{40}));
        }
    }

    void tellsWhatOtherReadersDoNotKnow()
    {
        const auto reason = [](PackedTensor tensor) {
            const CompressedTensorsFit fit = compressedTensorsFit(tensor);
            return (fit.isCompatible ? "fits; " : "") + textOf(fit.reason);
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
        test::writeCompressedTensors(file("kept"), original, m_control);
        const json config = json::parse(test::readFile(file("kept/config.json")));
        QCOMPARE(config["model_type"].get<std::string>(), std::string("llama"));
        QVERIFY(!config["quantization_config"].contains("old"));
        QCOMPARE(config["quantization_config"]["version"].get<std::string>(),
                 std::string("0.18.0"));
        test::writeFile(file("kept/config.json"), "no JSON");
        BITLOOM_EXPECT_ERROR(test::writeCompressedTensors(file("kept"), original, m_control),
                             ErrorCode::CorruptFile, "is not a JSON object");
        QCOMPARE(test::readFile(file("kept/config.json")), std::string("no JSON"));
    }

    void whatIsCancelledLeavesNothing()
    {
        const PackedFileReader original(file("compatible.h5"));
        RunControl control;
        control.requestStop();
        QVERIFY(!test::writeCompressedTensors(file("cancelled"), original, control));
        QVERIFY(fs::is_empty(file("cancelled")));
    }

    /// The proof sees other values, parameters and descriptions.
    void whatReadsBackOtherwiseIsSeen()
    {
        test::writeCompressedTensors(file("proof.safetensors"),
                                     PackedFileReader(file("compatible.h5")), m_control);
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
};

QTEST_GUILESS_MAIN(TestCompressedTensors)
#include "tst_compressed_tensors.moc"
