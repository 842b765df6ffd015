// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/conversion.h"
#include "core/io/identify.h"
#include "core/io/packed_model.h"
#include "core/io/state/state_dict.h"
#include "core/io/weight_source.h"
#include "tests/core/io/bitpack_samples.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

using namespace bitloom;
using namespace bitloom::io;
namespace fs = std::filesystem;

namespace {

std::vector<float> realsOf(const at::Tensor& tensor)
{
    const at::Tensor dense = tensor.to(at::kFloat).contiguous();
    return {dense.const_data_ptr<float>(), dense.const_data_ptr<float>() + dense.numel()};
}

/// A state dict of a tensor of codes 1, 2, 3 and of one that lies them on a grid.
void writeQuantized(const std::string& path, const std::string& scheme, double scale, int zeroPoint)
{
    const std::vector<NamedTensor> tensors{{"codes", test::tensorOf({1, 2, 3}, {3}, at::kByte)}};
    TorchArchiveWriter archive(TorchContainer::Zip, tensors);
    PickleWriter& object = archive.object();
    object.raw("}(");
    object.text("codes");
    archive.putTensor(0);
    object.text("q");
    object.global("torch._utils", "_rebuild_qtensor");
    object.raw("((");
    object.text("storage");
    object.global("torch", "QUInt8Storage");
    object.text("0"); // of the codes
    object.text("cpu");
    object.integer(3);
    object.raw("tQ");
    object.integer(0);
    object.integers(std::vector<std::int64_t>{3});
    object.integers(std::vector<std::int64_t>{1});
    object.raw("(");
    object.global("torch", scheme);
    std::string number = "G";
    const auto bits = std::bit_cast<std::uint64_t>(scale);
    for (int shift = 56; shift >= 0; shift -= 8) {
        number += static_cast<char>((bits >> static_cast<unsigned>(shift)) & 0xFFU);
    }
    object.raw(number);
    object.integer(zeroPoint);
    object.raw("t\x89");
    object.emptyOrderedDict();
    object.raw("tRu");
    archive.write(path);
}

} // namespace

/// Tensors that PyTorch quantized, as torch.save writes them (tests/data/make_torch_quantized.py).
class TestTorchQuantized : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_file = test::dataFile("torch_quantized.pth").string();

    std::string path(const char* name) const
    {
        return (fs::path(m_folder.path().toStdString()) / name).string();
    }

private Q_SLOTS:
    void gridsComeWithTheTensors()
    {
        const StateDict state = readStateDict(m_file);
        QCOMPARE(state.tensors.size(), std::size_t{6});
        const at::Tensor& channels = state.tensors[0].second;
        QVERIFY(channels.scalar_type() == c10::ScalarType::QInt8);
        QCOMPARE(channels.q_per_channel_axis(), std::int64_t{0});
        QCOMPARE(realsOf(channels.q_per_channel_scales()), (std::vector<float>{0.5F, 0.25F, 1}));
        QCOMPARE(realsOf(channels.dequantize()),
                 (std::vector<float>{-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5}));
        const at::Tensor& view = state.tensors[3].second; // transposed in the file
        QCOMPARE(realsOf(view.dequantize()),
                 (std::vector<float>{-6, -2, 2, -5, -1, 3, -4, 0, 4, -3, 1, 5}));
    }

    void theyArePackedWeights()
    {
        const FileReport report = identifyFile(m_file);
        QVERIFY(report.kind == DocumentKind::Packed);
        QCOMPARE(textOf(report.container),
                 std::string("state dict with PyTorch's quantized tensors"));
        std::map<std::string, const FileTensor*> tensors;
        for (const FileTensor& tensor : report.tensors) {
            tensors.emplace(tensor.name, &tensor);
        }
        QCOMPARE(tensors.at("channels.weight")->storage,
                 std::string("8 bits offset_binary, a scale per channel, zero points"));
        QCOMPARE(tensors.at("tensor.weight")->storage,
                 std::string("8 bits unsigned, one scale, zero points"));
        QCOMPARE(tensors.at("view.weight")->storage,
                 std::string("8 bits offset_binary, one scale"));
        QCOMPARE(tensors.at("float.bias")->storage, std::string());
        QVERIFY(std::ranges::any_of(report.notes, [](const Phrase& note) {
            return textOf(note).find("the codes of wide.bias have 32 bits") != std::string::npos;
        }));
    }

    void everyValueIsKept()
    {
        const auto source = openPackedWeights(fs::path(m_file));
        QVERIFY(source != nullptr);
        QCOMPARE(decodeIntegers(source->readTensor("columns.weight")),
                 (std::vector<std::int32_t>{0, 0, 4, 6, 4, 4, 8, 8, 12, 20, 12, 10}));
        const StateDict state = readStateDict(m_file);
        const auto decoded = unpackedState(*source);
        QCOMPARE(decoded.size(), state.tensors.size());
        for (std::size_t i = 0; i < decoded.size(); ++i) {
            const at::Tensor& tensor = state.tensors[i].second;
            QCOMPARE(decoded[i].first, state.tensors[i].first);
            QCOMPARE(decoded[i].second.sizes().vec(), tensor.sizes().vec());
            QCOMPARE(realsOf(decoded[i].second),
                     realsOf(tensor.is_quantized() ? tensor.dequantize() : tensor));
        }
    }

    void theyAreConverted()
    {
        for (const char* name : {"out.h5", "out.safetensors"}) {
            ConversionRequest request;
            request.input = m_file;
            request.output = path(name);
            RunControl control;
            const auto report = convertWeights(request, control);
            QVERIFY(report && report->verified);
        }
        const auto packed = openPackedWeights(fs::path(path("out.h5")));
        const PackedTensor tensor = packed->readTensor("columns.weight");
        QCOMPARE(tensor.axis, std::int64_t{1});
        QCOMPARE(tensor.scale, (std::vector<float>{0.5F, 0.25F, 1, 2}));
        QCOMPARE(tensor.zeroPoint, std::vector<std::int32_t>(4, 8));
        // A state dict has the values.
        const StateDict plain = readStateDict(path("out.safetensors"));
        QVERIFY(std::ranges::none_of(plain.tensors,
                                     [](const auto& one) { return one.second.is_quantized(); }));
    }

    void gridsThatAreNotReadAreNamed()
    {
        const std::string other = test::dataFile("torch_quantized_other.pth").string();
        BITLOOM_EXPECT_ERROR(readStateDict(other), ErrorCode::Unsupported,
                             "tensor odd.weight is quantized with zero points of type Float, and "
                             "only integers are read; save the float model");
        BITLOOM_EXPECT_ERROR(identifyFile(other), ErrorCode::Unsupported, "tensor odd.weight");
    }

    void damagedGridsAreRefused_data()
    {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<double>("scale");
        QTest::addColumn<int>("zeroPoint");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* scheme, double scale, int zeroPoint,
                            const char* message) {
            QTest::newRow(name) << QString::fromUtf8(scheme) << scale << zeroPoint
                                << QString::fromUtf8(message);
        };
        const char* const affine = "per_tensor_affine";
        row("a scale of 0", affine, 0, 3, "tensor q has the scale 0; finite ones above 0 are read");
        row("a scale that is no number", affine, std::nan(""), 3, "tensor q has the scale");
        row("a zero point beyond its codes", affine, 0.5, 256,
            "tensor q has the zero point 256; its codes are 0 to 255");
        row("no scheme", "uint8", 0.5, 3, "wants a quantization scheme");
        row("a grid of another form", "per_channel_affine", 0.5, 3,
            "wants scales, zero points and an axis");
    }
    void damagedGridsAreRefused()
    {
        QFETCH(QString, scheme);
        QFETCH(double, scale);
        QFETCH(int, zeroPoint);
        QFETCH(QString, message);
        writeQuantized(path("damaged.pth"), scheme.toStdString(), scale, zeroPoint);
        BITLOOM_EXPECT_ERROR(readStateDict(path("damaged.pth")), ErrorCode::CorruptFile,
                             message.toUtf8().constData());
        writeQuantized(path("good.pth"), "per_tensor_affine", 0.5, 2);
        QCOMPARE(realsOf(readStateDict(path("good.pth")).tensors.at(1).second.dequantize()),
                 (std::vector<float>{-0.5F, 0, 0.5F}));
    }
};

QTEST_GUILESS_MAIN(TestTorchQuantized)
#include "tst_torch_quantized.moc"
