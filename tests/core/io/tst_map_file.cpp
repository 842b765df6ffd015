// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/file_map.h"
#include "core/io/weight_source.h"

#include "core/io/bitpack/bitpack_encoder.h"
#include "tests/core/io/bitpack_samples.h"
#include "tests/core/io/compressed_tensors_files.h"
#include "tests/core/io/packed_samples.h"
#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <algorithm>
#include <map>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
namespace fs = std::filesystem;

namespace {

std::string_view bytesOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What the regions of one tensor and kind hold, one after the other.
std::string contentOf(const FileMap& map, const std::string& file, const std::string& tensor,
                      RegionKind kind)
{
    std::string text;
    for (const FileRegion& region : map.regions) {
        if (region.tensor == tensor && region.kind == kind) {
            text += file.substr(static_cast<std::size_t>(region.offset),
                                static_cast<std::size_t>(region.bytes));
        }
    }
    return text;
}

} // namespace

/// Where everything lies in files of weights.
class TestMapFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string file(const char* name) const
    {
        return (fs::path(m_folder.path().toStdString()) / name).string();
    }
    /// Fails unless the regions cover the file without a gap.
    static void cover(const FileMap& map, const std::string& path)
    {
        std::int64_t end = 0;
        for (const FileRegion& region : map.regions) {
            QCOMPARE(region.offset, end);
            QVERIFY(region.bytes > 0);
            end += region.bytes;
        }
        QCOMPARE(end, static_cast<std::int64_t>(fs::file_size(path)));
        QCOMPARE(map.fileBytes, end);
    }

private Q_SLOTS:
    void keptFilesAreCovered_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto& entry : fs::directory_iterator(dataFile("packed"))) {
            if (entry.path().extension() == ".h5") {
                QTest::newRow(entry.path().filename().c_str())
                    << QString::fromStdString(entry.path().string());
            }
        }
        for (const char* folder : {"awq", "gptq_v1", "gptq_v2_3bit", "gptq_v2_order"}) {
            QTest::newRow(folder) << QString::fromStdString(
                (dataFile("interchange") / folder / "model.safetensors").string());
        }
    }

    void keptFilesAreCovered()
    {
        QFETCH(QString, path);
        const FileMap map = mapFile(path.toStdString());
        cover(map, path.toStdString());
        QVERIFY(map.bytesOf(RegionKind::Metadata) > 0);
        QVERIFY(map.bytesOf(RegionKind::Codes) + map.bytesOf(RegionKind::Values) > 0);
    }

    void eachRegionHoldsWhatItSays()
    {
        const std::string path = file("samples.h5");
        writeSamples(path);
        const FileMap map = mapFile(path);
        cover(map, path);
        QCOMPARE(textOf(map.format), std::string("packed HDF5 1.0"));
        QCOMPARE(map.source, std::string("random")); // of the samples' provenance
        const std::string content = readFile(path);
        std::int64_t codes = 0;
        for (const auto& [tensor, integers] : intSamples()) {
            QVERIFY2(contentOf(map, content, tensor.name, RegionKind::Codes) ==
                         bytesOf(std::as_bytes(std::span(tensor.words))),
                     tensor.name.c_str());
            QVERIFY2(contentOf(map, content, tensor.name, RegionKind::Scales) ==
                         bytesOf(std::as_bytes(std::span(tensor.scale))),
                     tensor.name.c_str());
            codes += static_cast<std::int64_t>(tensor.words.size() * 4);
            const auto region = std::find_if(
                map.regions.begin(), map.regions.end(), [&](const FileRegion& candidate) {
                    return candidate.tensor == tensor.name && candidate.kind == RegionKind::Codes;
                });
            QCOMPARE(region == map.regions.end(), tensor.words.empty());
            QVERIFY(region == map.regions.end() || region->bits == tensor.bits);
        }
        QCOMPARE(map.bytesOf(RegionKind::Codes), codes);
        for (const PackedTensor& tensor : rawSamples()) {
            QVERIFY2(contentOf(map, content, tensor.name, RegionKind::Values) ==
                         bytesOf(tensor.data),
                     tensor.name.c_str());
        }
        const PackedActivation activation = sampleActivation();
        QVERIFY(contentOf(map, content, activation.name, RegionKind::Scales) ==
                bytesOf(std::as_bytes(std::span(activation.scale))));
    }

    void filesOfBitPack_data()
    {
        QTest::addColumn<bool>("legacy");
        QTest::newRow("zip") << false;
        QTest::newRow("legacy") << true;
    }
    void filesOfBitPack()
    {
        QFETCH(bool, legacy);
        BitPackFile packed;
        packed.entries.push_back(
            encode("conv.weight", tensorOf({-2, 1, 0, 1, -1, -2, 0}, {7}), BitPackMode::Safe));
        packed.entries.push_back(encode("conv.weight.scale", realsOf({0.5}), BitPackMode::Safe));
        packed.entries.push_back(encode("conv.bias", realsOf({1, 2, 3}), BitPackMode::Safe));
        // As BitPack writes it: 18 bytes for 27 codes of 3 bits, which need 11.
        std::vector<std::int64_t> cube(27, -3);
        cube[5] = 3;
        packed.entries.push_back(
            encode("cube.weight", tensorOf(cube, {3, 3, 3}), BitPackMode::Exact));
        const std::string path = file(legacy ? "legacy.pth.tar" : "zip.pth.tar");
        writeBitPack(path, packed, legacy ? TorchContainer::Legacy : TorchContainer::Zip);
        const FileMap map = mapFile(path);
        cover(map, path);
        QCOMPARE(textOf(map.format), std::string("BitPack"));
        const std::string content = readFile(path);
        const auto holds = [&](const char* tensor, RegionKind kind, const at::Tensor& values) {
            const at::Tensor dense = values.contiguous();
            return contentOf(map, content, tensor, kind) ==
                   bytesOf({static_cast<const std::byte*>(dense.const_data_ptr()), dense.nbytes()});
        };
        QVERIFY(holds("conv.weight", RegionKind::Codes, packed.entries[0].stored));
        QVERIFY(holds("conv.weight", RegionKind::Scales, packed.entries[1].stored));
        QVERIFY(holds("conv.weight", RegionKind::Offsets, scalarOf(2, at::kByte)));
        QVERIFY(holds("conv.bias", RegionKind::Values, packed.entries[2].stored));
        const at::Tensor cubeBytes = packed.entries[3].stored.flatten();
        QVERIFY(holds("cube.weight", RegionKind::Codes, cubeBytes.slice(0, 0, 11)));
        QVERIFY(holds("cube.weight", RegionKind::Padding, cubeBytes.slice(0, 11, 18)));
        for (const FileRegion& region : map.regions) {
            if (region.kind == RegionKind::Codes) {
                QCOMPARE(region.bits, region.tensor == "conv.weight" ? 2 : 3);
            }
            if (region.kind == RegionKind::Padding && region.tensor.empty()) {
                const auto filler = content.substr(static_cast<std::size_t>(region.offset),
                                                   static_cast<std::size_t>(region.bytes));
                QCOMPARE(filler.find_first_not_of('Z'), std::string::npos);
            }
        }
        // A zip's payloads begin at multiples of 64; most of what is not theirs fills up.
        QCOMPARE(contentOf(map, content, "", RegionKind::Padding).empty(), legacy);
        QVERIFY(contentOf(map, content, "", RegionKind::Metadata).find("conv.weight") !=
                std::string::npos);
    }

    void storagesThatTensorsShareAreTheFirstOnes()
    {
        const at::Tensor reals = realsOf({0.5, 1, 2, 3});
        BitPackFile packed;
        packed.entries.push_back(encode("whole", reals, BitPackMode::Safe));
        packed.entries.push_back(encode("part", reals.slice(0, 1, 3), BitPackMode::Safe));
        const std::string path = file("shared.pth.tar");
        writeBitPack(path, packed, TorchContainer::Zip);
        const FileMap map = mapFile(path);
        cover(map, path);
        QCOMPARE(map.bytesOf(RegionKind::Values), std::int64_t{16});
        QVERIFY(contentOf(map, readFile(path), "part", RegionKind::Values).empty());
    }

    void whatPyTorchWroteIsCovered()
    {
        BITLOOM_NEED_PYTHON(python, "torch");
        const std::string path = file("torch.pth.tar");
        const QString code = "import sys, torch; w = torch.tensor([6, 126, 165], "
                             "dtype=torch.uint8).reshape(1, 3); torch.save(({'w': w}, {'w': 4}, "
                             "{'w': torch.Size([2, 3])}, {'w': torch.tensor(7, "
                             "dtype=torch.uint8)}), sys.argv[1])";
        QCOMPARE(QProcess::execute(python, {"-c", code, QString::fromStdString(path)}), 0);
        const FileMap map = mapFile(path);
        cover(map, path);
        const std::string content = readFile(path);
        QCOMPARE(contentOf(map, content, "w", RegionKind::Codes), std::string("\x06\x7e\xa5"));
        QCOMPARE(contentOf(map, content, "w", RegionKind::Offsets), std::string("\x07"));
        QVERIFY(map.bytesOf(RegionKind::Padding) > 0);
    }

    void largeTensorsLieBehindPadding()
    {
        PackedTensor tensor;
        tensor.name = "large";
        tensor.kind = PackedKind::Raw;
        tensor.shape = {100000};
        tensor.data.resize(400000, std::byte{1});
        for (const bool compress : {false, true}) {
            const std::string path = file(compress ? "small.h5" : "large.h5");
            PackedFileWriter writer(path, sampleMeta(), {compress});
            writer.add(tensor);
            writer.finish();
            const FileMap map = mapFile(path);
            cover(map, path);
            const auto region =
                std::find_if(map.regions.begin(), map.regions.end(),
                             [](const FileRegion& found) { return found.tensor == "large"; });
            if (compress) { // in one deflated chunk
                QVERIFY(region->bytes < 10000);
            } else {
                QCOMPARE(region->bytes, std::int64_t(400000));
                QCOMPARE(region->offset % 4096, std::int64_t(0));
                QVERIFY(region == map.regions.begin() ||
                        (region - 1)->kind == RegionKind::Padding ||
                        (region - 1)->kind == RegionKind::Metadata);
            }
        }
    }

    void chunksAreFoundOneByOne()
    {
        PackedTensor tensor;
        tensor.name = "random";
        tensor.shape = {1024, 2048};
        tensor.bits = 5; // 1.25 MiB of words: more than a chunk
        tensor.scale = {0.01F};
        Rng rng(1);
        packIntegers(tensor, randomIntegers(tensor, rng));
        const std::string path = file("chunks.h5");
        PackedFileWriter writer(path, sampleMeta(), {true});
        writer.add(tensor);
        writer.finish();
        const FileMap map = mapFile(path);
        cover(map, path);
        // Random codes cannot be deflated; the last of the two chunks is stored whole.
        QVERIFY(map.bytesOf(RegionKind::Codes) >= 1024 * 320 * 4);
        QVERIFY(map.bytesOf(RegionKind::Codes) < 2 * ((1 << 20) + 4096));
    }

    void safetensorsAreNamedByTheirTensors()
    {
        const std::string packed = file("small.h5");
        {
            PackedFileWriter writer(packed, sampleMeta());
            for (const auto& [tensor, integers] : intSamples()) {
                if (tensor.name == "layer4.weight" || tensor.name == "mixed.weight") {
                    writer.add(tensor);
                }
            }
            writer.add(rawSamples().front());
            writer.finish();
        }
        const std::string path = file("model.safetensors");
        RunControl control;
        QVERIFY(writeCompressedTensors(path, PackedFileReader(packed), control));
        const FileMap map = mapFile(path);
        cover(map, path);
        const std::string content = readFile(path);
        ConversionRequest request;
        request.input = path;
        const auto source = openWeights(request);
        for (const char* name : {"layer4.weight", "mixed.weight"}) {
            const PackedTensor tensor = source->readTensor(name);
            QVERIFY(contentOf(map, content, name, RegionKind::Codes) ==
                    bytesOf(std::as_bytes(std::span(tensor.words))));
        }
        QVERIFY(contentOf(map, content, "bn.weight", RegionKind::Values) ==
                bytesOf(rawSamples().front().data));
        QVERIFY(map.regions.front().kind == RegionKind::Metadata);
    }

    void otherFilesAreRefused()
    {
        const std::string text = file("text.txt");
        writeFile(text, "nothing packed here");
        BITLOOM_EXPECT_ERROR(mapFile(text), ErrorCode::UnknownFormat, "text.txt is a text file");
        BITLOOM_EXPECT_ERROR(mapFile(file("absent.h5")), ErrorCode::NotFound, "absent.h5");
        BITLOOM_EXPECT_ERROR(mapFile(m_folder.path().toStdString()), ErrorCode::UnknownFormat, "");
    }
};

QTEST_GUILESS_MAIN(TestMapFile)
#include "tst_map_file.moc"
