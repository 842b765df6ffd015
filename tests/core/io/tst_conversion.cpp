// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/conversion.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/state_dict.h"
#include "core/io/weight_source.h"

#include "tests/core/io/bitpack_samples.h"
#include "tests/support/test_support.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>

#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
namespace fs = std::filesystem;
using nlohmann::json;

Q_DECLARE_METATYPE(bitloom::ErrorCode)

namespace {

/// Where a container of each kind lies, and its name in the rows of the tests.
struct Container {
    const char* name;
    fs::path path;
};

std::unique_ptr<PackedSource> open(const fs::path& path)
{
    ConversionRequest request;
    request.input = path.string();
    return openWeights(request);
}

bool isExact(WeightFormat format)
{
    return format == WeightFormat::BitPackExact || format == WeightFormat::BitPackExactLegacy;
}

bool isBitPack(WeightFormat format)
{
    return format == WeightFormat::BitPack || format == WeightFormat::BitPackLegacy ||
           isExact(format);
}

} // namespace

/// Every container into every other, at the level of files.
class TestConversion : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path file(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    std::vector<Container> containers() const
    {
        return {{"state dict", file("state.pth")},
                {"safetensors", file("state.safetensors")},
                {"HAWQ", file("hawq.pth.tar")},
                {"BitPack", file("bitpack.pth.tar")},
                {"HDF5 offset_binary", dataFile("packed/offset_binary.h5")},
                {"HDF5 row_bits", dataFile("packed/row_bits.h5")},
                {"HDF5 g_idx", dataFile("packed/g_idx.h5")},
                {"HDF5 min_shift", dataFile("packed/min_shift.h5")},
                {"HDF5 raw", dataFile("packed/raw.h5")},
                {"GPTQ v1", dataFile("interchange/gptq_v1/model.safetensors")},
                {"GPTQ v2", dataFile("interchange/gptq_v2_order/model.safetensors")},
                {"AWQ", dataFile("interchange/awq/model.safetensors")}};
    }

    static std::optional<ConversionReport> convert(ConversionRequest request)
    {
        RunControl control;
        return convertWeights(request, control);
    }

    ConversionRequest request(const fs::path& from, const std::string& to) const
    {
        ConversionRequest request;
        request.input = from.string();
        request.output = file(to).string();
        return request;
    }

    /// The tensors of the output, asked of its reader, against those of the input.
    static void checkOutput(const PackedSource& before, const fs::path& output, WeightFormat format)
    {
        const auto after = open(output);
        for (const PackedTensorHeader& header : before.tensors()) {
            const bool isCode = header.kind == PackedKind::Int;
            if (isExact(format) && !isCode) {
                QVERIFY(after->find(header.name) == nullptr);
                continue;
            }
            const PackedTensor source = before.readTensor(header.name);
            const PackedTensor found = after->readTensor(header.name);
            QVERIFY2(found.shape == source.shape, header.name.c_str());
            if (isBitPack(format) && isCode && found.kind == PackedKind::Int) {
                QVERIFY2(decodeIntegers(found) == decodeIntegers(source), header.name.c_str());
            } else if (isBitPack(format) && isCode) { // a span that BitPack's codes cannot hold
                QVERIFY2(at::equal(decodeParameter(found), integersOf(source)),
                         header.name.c_str());
            } else {
                QVERIFY2(at::equal(decodeParameter(found), decodeParameter(source)),
                         header.name.c_str());
            }
            if (isBitPack(format) && !isExact(format) && isCode && !source.scale.empty()) {
                const at::Tensor scale = decodeParameter(after->readTensor(header.name + ".scale"));
                QCOMPARE(scale.numel(), static_cast<std::int64_t>(source.scale.size()));
                QCOMPARE(scale.const_data_ptr<float>()[0], source.scale[0]);
            }
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        const StateDict state{{{"a.weight", realsOf({0.5, -1, 2, 3}).reshape({2, 2})},
                               {"a.count", scalarOf(7, at::kLong)},
                               {"b.half", realsOf({1.5, 2}, at::kHalf)}},
                              {}};
        writeStateDict(file("state.pth"), state);
        writeStateDict(file("state.safetensors"), state);
        writeParts(
            file("hawq.pth.tar"),
            {{"weight_integer", {{"l.weight_integer", realsOf({-3, 2, 1, 0}).reshape({2, 2})}}},
             {"bias_integer", {{"l.bias_integer", realsOf({70000, -1})}}},
             {"fc_scaling_factor", {{"l.fc_scaling_factor", realsOf({0.5, 0.25})}}}});
        BitPackFile packed;
        packed.entries.push_back(
            encode("w", tensorOf({-7, -1, 0, 7, 3, -2}, {2, 3}), BitPackMode::Safe));
        packed.entries.push_back(encode("raw", realsOf({0.5}), BitPackMode::Safe));
        writeBitPack(file("bitpack.pth.tar"), packed, TorchContainer::Zip);
        writeFile(file("text.pth"), "hello");
    }

    /// NaN equals nothing, itself included: what was read back is compared bit for bit.
    void whatIsNoNumberStaysSo_data()
    {
        QTest::addColumn<QString>("to");
        for (const char* to : {"nan.h5", "nan.pth", "nan.safetensors", "nan.pth.tar"}) {
            QTest::newRow(to) << to;
        }
    }
    void whatIsNoNumberStaysSo()
    {
        QFETCH(QString, to);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const at::Tensor values = realsOf({0.5, -1}).to(at::kFloat).fill_(nan);
        writeStateDict(file("nan_input.pth"), {{{"w", values}}, {}});
        ConversionRequest wanted = request(file("nan_input.pth"), to.toStdString());
        if (to.endsWith("tar")) {
            wanted.to = WeightFormat::BitPack;
        }
        QVERIFY(convert(wanted)->verified);
        const at::Tensor read = decodeParameter(open(file(to.toStdString()))->readTensor("w"));
        QVERIFY(read.isnan().all().item<bool>());
    }

    void everyPair_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<int>("format");
        for (const Container& container : containers()) {
            for (const std::string& name : weightFormatNames()) {
                QTest::newRow((std::string(container.name) + " into " + name).c_str())
                    << QString::fromStdString(container.path.string())
                    << static_cast<int>(*weightFormatFrom(name));
            }
        }
    }

    void everyPair()
    {
        QFETCH(QString, input);
        QFETCH(int, format);
        const QTemporaryDir folder; // compressed-tensors put a config.json beside the output
        ConversionRequest order;
        order.input = input.toStdString();
        order.output = folder.filePath("out.safetensors").toStdString();
        order.to = static_cast<WeightFormat>(format);
        const auto before = open(order.input);
        std::optional<ConversionReport> report;
        try {
            report = convert(order);
        } catch (const Error& error) {
            // BitPack itself cannot write codes without a negative value, nor wide ones;
            // compressed-tensors are for codes.
            const bool noCodes = order.to == WeightFormat::CompressedTensors &&
                                 std::none_of(before->tensors().begin(), before->tensors().end(),
                                              [](const PackedTensorHeader& header) {
                                                  return header.kind == PackedKind::Int;
                                              });
            QVERIFY2((isExact(*order.to) || noCodes) && error.code() == ErrorCode::InvalidArgument,
                     error.what());
            QVERIFY(fs::is_empty(folder.path().toStdString()));
            return;
        }
        QVERIFY(report && report->verified);
        QCOMPARE(report->inputFormat, before->formatName());
        QCOMPARE(report->tensors.size(), before->tensors().size());
        QCOMPARE(report->outputBytes, static_cast<std::int64_t>(fs::file_size(order.output)));
        // What goes around the tensors is an estimate.
        constexpr std::int64_t kTolerance = 2000;
        QVERIFY2(std::abs(report->foreseenBytes - report->outputBytes) < kTolerance,
                 qPrintable(QStringLiteral("%1 foreseen, %2 written")
                                .arg(report->foreseenBytes)
                                .arg(report->outputBytes)));
        checkOutput(*before, order.output, *order.to);
        const bool stays = order.to == WeightFormat::Packed;
        QCOMPARE(fs::exists(folder.filePath("config.json").toStdString()),
                 order.to == WeightFormat::CompressedTensors);
        for (const ConvertedTensor& line : report->tensors) {
            QCOMPARE(line.fate == ConversionFate::Kept, line.what.empty());
            QVERIFY(!stays || line.fate == ConversionFate::Kept);
        }
    }

    void theInputsConfigurationStays()
    {
        fs::create_directory(file("shared"));
        for (const char* name : {"model.safetensors", "quantize_config.json"}) {
            fs::copy_file(dataFile("interchange/gptq_v1") / name, file("shared") / name);
        }
        ConversionRequest order =
            request(file("shared/model.safetensors"), "shared/out.safetensors");
        order.to = WeightFormat::CompressedTensors;
        BITLOOM_EXPECT_ERROR(convert(order), ErrorCode::InvalidArgument,
                             "would get a config.json that then counts for the input too");
        order.input = file("shared").string(); // the folder stands for the same file
        BITLOOM_EXPECT_ERROR(convert(order), ErrorCode::InvalidArgument,
                             "would get a config.json that then counts for the input too");
        order.to.reset();
        order.output = file("shared/model.safetensors").string();
        BITLOOM_EXPECT_ERROR(convert(order), ErrorCode::InvalidArgument,
                             "is the input, which is never changed");
        order.to = WeightFormat::CompressedTensors;
        fs::create_directory(file("apart"));
        order.output = file("apart/model.safetensors").string();
        QVERIFY(convert(order)->verified);
        for (const fs::path& path : {file("apart"), fs::path(order.output)}) {
            QCOMPARE(textOf(open(path)->formatName()),
                     std::string("compressed-tensors pack-quantized"));
        }
    }

    /// What describes the network goes along; how the weights were quantized is written anew.
    void theNetworksDescriptionIsTakenOver()
    {
        fs::create_directory(file("hf"));
        fs::create_directory(file("hf_out"));
        for (const char* name : {"model.safetensors", "quantize_config.json"}) {
            fs::copy_file(dataFile("interchange/gptq_v1") / name, file("hf") / name);
        }
        ConversionRequest order = request(file("hf"), "hf_out/model.safetensors");
        order.to = WeightFormat::CompressedTensors;
        writeFile(file("hf_out/config.json"), R"({"model_type": "another"})");
        QVERIFY(convert(order)->notes.size() == open(file("hf"))->notes().size());
        QVERIFY(readFile(file("hf_out/config.json")).find("another") != std::string::npos);

        const auto own = json::parse(readFile(file("hf/quantize_config.json")));
        json config{{"architectures", {"LlamaForCausalLM"}},
                    {"hidden_size", 64},
                    {"rope_theta", 1e-05},
                    {"compression_config", {{"format", "dense"}}},
                    {"quantization_config", own}};
        config["quantization_config"]["quant_method"] = "gptq";
        writeFile(file("hf/config.json"), config.dump());
        order.dryRun = true;
        const std::string told = textOf(convert(order)->notes.back());
        QVERIFY2(told.ends_with("hf/config.json: architectures, hidden_size and rope_theta are "
                                "taken over, its quantization_config is replaced"),
                 told.c_str());
        order.dryRun = false;
        QVERIFY(convert(order)->verified);
        json written = json::parse(readFile(file("hf_out/config.json")));
        QCOMPARE(written["quantization_config"]["quant_method"], json("compressed-tensors"));
        for (const char* key : {"quantization_config", "compression_config"}) {
            written.erase(key);
            config.erase(key);
        }
        QCOMPARE(written, config);
        QCOMPARE(open(file("hf_out"))->tensors().size(), open(file("hf"))->tensors().size());

        writeFile(file("hf/config.json"),
                  "{\"a\": " + std::string(100000, '[') + std::string(100000, ']') + "}");
        BITLOOM_EXPECT_ERROR(convert(order), ErrorCode::CorruptFile,
                             "is nested more than 64 levels deep");
    }

    void typesThatAreNotConvertedAreNamed()
    {
        writeStateDict(file("f8.pth"), {{{"w", at::zeros({2}, at::kFloat8_e4m3fn)}}, {}});
        for (const char* to : {"f8.h5", "f8.safetensors", "f8_out.pth"}) {
            const auto refused = errorOf([&] { convert(request(file("f8.pth"), to)); });
            QVERIFY(refused.has_value() && refused->code() == ErrorCode::Unsupported);
            QVERIFY2(QString(refused->what()).contains("Float8_e4m3fn"), refused->what());
            QVERIFY2(!QString(refused->what()).contains("hdf5"), refused->what());
            QVERIFY(!fs::exists(file(to)));
        }
    }

    void aDryRunWritesNothingAndSaysTheSame()
    {
        ConversionRequest order = request(dataFile("packed/g_idx.h5"), "dry.pth");
        order.dryRun = true;
        order.dtype = "float16";
        const auto report = convert(order);
        QVERIFY(!fs::exists(order.output));
        QVERIFY(!report->verified);
        QCOMPARE(report->outputBytes, 0);
        QCOMPARE(report->tensors.size(), std::size_t{1});
        const ConvertedTensor& line = report->tensors.front();
        QCOMPARE(textOf(line.before),
                 std::string("4 bits offset_binary, groups of 4 in any order, zero points"));
        QCOMPARE(textOf(line.after), std::string("float16"));
        QCOMPARE(textOf(line.what), std::string("codes and scales become their products, rounded"));
        QVERIFY(line.fate == ConversionFate::Changed);
    }

    /// A look comes back with the question, a conversion fails with it.
    void whatTheFileDoesNotSayIsAsked()
    {
        ConversionRequest order =
            request(dataFile("interchange/gptq_unknown/model.safetensors"), "unknown.h5");
        BITLOOM_EXPECT_ERROR(convert(order), ErrorCode::InvalidArgument,
                             "zero points are stored; --gptq-zeros v1 (less one)");
        order.dryRun = true;
        const auto report = convert(order);
        QVERIFY(report->question && report->question->asked == InputQuestion::GptqZeros);
        QVERIFY(report->question->why.id == PhraseId::ZerosUnsaid);
        QVERIFY(report->tensors.empty());
        QVERIFY(!fs::exists(order.output));
        order.gptqZeros = "v1";
        QVERIFY(!convert(order)->question);
    }

    void whatAFileOfTensorsCannotHoldIsNamed()
    {
        ConversionRequest order = request(dataFile("packed/raw.h5"), "lossy.pth");
        order.dryRun = true;
        const std::vector<Phrase> losses = convert(order)->losses;
        QCOMPARE(losses.size(), std::size_t{1});
        QCOMPARE(textOf(losses[0]), std::string("the quantizers of 2 activations"));
        order = request(dataFile("packed/offset_binary.h5"), "lossy.pth.tar");
        order.to = WeightFormat::BitPackExact;
        const auto report = convert(order);
        QVERIFY(report->tensors.front().fate == ConversionFate::Lost);
        QCOMPARE(textOf(report->tensors.front().what),
                 std::string("its scales: the file holds integers alone"));
    }

    void typesOfStateDictsAreChosen()
    {
        ConversionRequest order = request(file("state.pth"), "half.safetensors");
        order.dtype = "bfloat16";
        const auto report = convert(order);
        const StateDict state = readStateDict(file("half.safetensors"));
        for (const auto& [name, tensor] : state.tensors) {
            QCOMPARE(tensor.scalar_type(), name == "a.count" ? at::kLong : at::kBFloat16);
        }
        QCOMPARE(textOf(report->tensors.front().what), std::string("rounded to bfloat16"));
        QVERIFY(report->tensors[1].fate == ConversionFate::Kept);
    }

    void aCancelledConversionLeavesNothing()
    {
        const ConversionRequest order = request(file("bitpack.pth.tar"), "cancelled.h5");
        writeFile(order.output, "old");
        const auto files = [&] {
            return std::distance(fs::directory_iterator(m_folder.path().toStdString()), {});
        };
        const auto before = files();
        RunControl control;
        control.requestStop();
        QVERIFY(!convertWeights(order, control));
        QCOMPARE(readFile(order.output), std::string("old"));
        QCOMPARE(files(), before);
    }

    void nonsenseIsRefusedInASentence_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("output");
        QTest::addColumn<QString>("dtype");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* input, const char* output, const char* dtype,
                            ErrorCode code, const char* message) {
            QTest::newRow(message) << input << output << dtype << code << message;
        };
        row("state.pth", "state.pth", "", ErrorCode::InvalidArgument, "is the input");
        row("state.pth", "x.bin", "", ErrorCode::InvalidArgument, "says no format; --to takes");
        row("state.pth", "x.h5", "float16", ErrorCode::InvalidArgument,
            "--dtype is of state dicts");
        row("state.pth", "x.pth", "int8", ErrorCode::InvalidArgument, "float64, not in int8");
        row("text.pth", "x.h5", "", ErrorCode::UnknownFormat,
            "is a text file, which holds no weights that can be converted");
        row("absent.pth", "x.h5", "", ErrorCode::NotFound, "absent.pth");
        row("state.pth", "none/x.h5", "", ErrorCode::NotFound, "does not exist");
    }

    void nonsenseIsRefusedInASentence()
    {
        QFETCH(QString, input);
        QFETCH(QString, output);
        QFETCH(QString, dtype);
        QFETCH(ErrorCode, code);
        QFETCH(QString, message);
        ConversionRequest order = request(file(input.toStdString()), output.toStdString());
        order.dtype = dtype.toStdString();
        BITLOOM_EXPECT_ERROR(convert(order), code, message.toStdString());
    }

    void codesWithoutAConfigurationAreRefused()
    {
        fs::copy_file(dataFile("interchange/gptq_v1/model.safetensors"), file("lone.safetensors"));
        BITLOOM_EXPECT_ERROR(convert(request(file("lone.safetensors"), "x.h5")),
                             ErrorCode::NotFound, "quantize_config.json");
    }

    void scalesThatWouldHideATensorAreRefused()
    {
        PackedFileWriter writer(file("clash.h5"), {});
        for (const char* name : {"w", "w.scale"}) {
            PackedTensor tensor;
            tensor.name = name;
            tensor.shape = {2};
            tensor.bits = 4;
            tensor.scale = {1};
            packIntegers(tensor, std::vector<std::int32_t>{1, -1});
            writer.add(tensor);
        }
        writer.finish();
        ConversionRequest order = request(file("clash.h5"), "clash.pth.tar");
        order.to = WeightFormat::BitPack;
        BITLOOM_EXPECT_ERROR(convert(order), ErrorCode::InvalidArgument,
                             "would stand apart as w.scale");
    }
};

QTEST_GUILESS_MAIN(TestConversion)
#include "tst_conversion.moc"
