// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// What BitPack does wrongly and what is done instead, one test each; docs/bitpack.md is the list.
// D18 and D19 are in tst_bitpack_layout, D20's exit codes in tst_cli_bitpack, D24 and D25 in
// tst_bitpack_cost.
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack/bitpack_file.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/integer_file.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/pickle_tensors.h"
#include "core/io/state/state_dict.h"
#include "core/io/state/torch_archive.h"

#include "tests/core/io/bitpack_samples.h"
#include "tests/support/phrase_texts.h"
#include "tests/support/test_support.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>

#include <QTemporaryDir>

#include <limits>

using namespace bitloom;
using namespace bitloom::test;
using namespace std::string_literals;
namespace fs = std::filesystem;

namespace {

using Values = std::vector<std::int64_t>;
using io::BitPackMode;

} // namespace

class TestBitPackDefects : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    RunControl m_control;

    fs::path file(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }
    std::string name(const std::string& name) const { return file(name).string(); }

    /// Packs tensors that lie in a state dict.
    PackedIntegerReport pack(const std::vector<io::NamedTensor>& tensors, IntegerFormat format,
                             const std::string& output, bool forcePackFp = false)
    {
        io::writeStateDict(file("input.pth"), {tensors, {}});
        IntegerInput input;
        input.file = name("input.pth");
        input.all = true;
        input.forcePackFp = forcePackFp;
        return packIntegers(input, {name(output), format, false}, m_control).value();
    }
    /// What a tensor is after a way through a file of BitPack's and one of ours.
    void cameBack(const at::Tensor& tensor)
    {
        for (const IntegerFormat format : {IntegerFormat::BitPackSafe, IntegerFormat::Packed}) {
            pack({{"w", tensor}}, format, "packed");
            const bool ours = format == IntegerFormat::Packed;
            const at::Tensor back =
                ours ? decodeParameter(io::PackedFileReader(file("packed")).readTensor("w"))
                     : io::decode(io::readBitPack(file("packed")).entries.at(0));
            QCOMPARE(back.sizes().vec(), tensor.sizes().vec());
            QCOMPARE(valuesOf(back), valuesOf(tensor));
        }
    }
    static io::BitPackEntry safe(const at::Tensor& tensor)
    {
        return io::encode("w", tensor, BitPackMode::Safe);
    }

    /// Layers as HAWQ exports them: one of convolution and normalisation, one without a scale.
    void writeHawq(const std::string& to) const
    {
        writeParts(
            file(to),
            {{"convbn_scaling_factor", {{"module.a.convbn_scaling_factor", realsOf({0.5, 0.25})}}},
             {"fc_scaling_factor", {}},
             {"weight_integer",
              {{"module.a.weight_integer", realsOf({-3, 2, 1, 0}).reshape({2, 2})},
               {"module.b.weight_integer", realsOf({7, -8})},
               {"module.c.weight_integer", at::zeros({3})}}},
             {"bias_integer", {{"module.a.bias_integer", realsOf({100000, -7})}}},
             {"act_scaling_factor", {{"module.act.act_scaling_factor", realsOf({0.125})}}}});
    }
    IntegerInput hawq(bool forcePackFp = true)
    {
        writeHawq("hawq.pth.tar");
        IntegerInput input;
        input.file = name("hawq.pth.tar");
        input.forcePackFp = forcePackFp;
        return input;
    }

private Q_SLOTS:
    void d01_theSmallestWidth()
    {
        QCOMPARE(safe(tensorOf({-8, 7}, {2})).bits, 4);
        QCOMPARE(safe(tensorOf({0, 1, 1}, {3})).bits, 1);
        QCOMPARE(safe(tensorOf({0, 3}, {2})).bits, 2);
        for (int bits = 1; bits <= 8; ++bits) {
            QCOMPARE(safe(tensorOf({-5, (1 << bits) - 6}, {2})).bits, bits);
        }
        QCOMPARE(pack({{"w", tensorOf({-5, -5}, {2})}}, IntegerFormat::Packed, "constant.h5")
                     .tensors.at(0)
                     .bits,
                 0);
    }

    void d02_aSpanOf255HasNoMessage()
    {
        const at::Tensor whole = tensorOf({-128, 127}, {2});
        QCOMPARE(safe(whole).bits, 8);
        QCOMPARE(io::encode("w", whole, BitPackMode::Exact).bits, 8);
        QVERIFY(pack({{"w", whole}}, IntegerFormat::BitPackExact, "whole.pth.tar").notes.empty());
    }

    void d03_tensorsWithoutNegativeValues()
    {
        for (const at::Tensor& tensor :
             {tensorOf({3, 1, 2}, {3}, at::kByte), tensorOf({0, 0}, {2}), tensorOf({0, 9}, {2})}) {
            QCOMPARE(safe(tensor).offset, std::int64_t{0});
            cameBack(tensor);
        }
        BITLOOM_EXPECT_ERROR(io::encode("w", tensorOf({0, 9}, {2}), BitPackMode::Exact),
                             ErrorCode::InvalidArgument,
                             "tensor w cannot be packed as BitPack does (exact): its values are 0 "
                             "to 9, none of them negative, and BitPack stops at it; use the mode "
                             "safe");
    }

    void d04_anyOffset()
    {
        cameBack(tensorOf({-300, 0, 10}, {3}));
        cameBack(tensorOf({-256, -3, -1}, {3}));
        QCOMPARE(safe(tensorOf({-256, -3, -1}, {3})).offset, std::int64_t{256});
        cameBack(tensorOf({std::numeric_limits<std::int32_t>::min() + 1, -2147483640}, {2}));
        BITLOOM_EXPECT_ERROR(io::encode("w", tensorOf({-256, -3, -1}, {3}), BitPackMode::Exact),
                             ErrorCode::InvalidArgument, "takes its offset 256 modulo 256");
    }

    void d05_spansAbove255()
    {
        const at::Tensor wide = tensorOf({-2, 0, 1000}, {3});
        cameBack(wide);
        QCOMPARE(safe(wide).bits, io::BitPackEntry::kRaw);
        QCOMPARE(pack({{"w", wide}}, IntegerFormat::Packed, "wide.h5").tensors.at(0).bits, 10);
        const at::Tensor wider = tensorOf({0, 65536}, {2});
        cameBack(wider);
        QCOMPARE(pack({{"w", wider}}, IntegerFormat::Packed, "wider.h5").tensors.at(0).bits,
                 PackedIntegerInfo::kRaw);
        BITLOOM_EXPECT_ERROR(io::encode("w", wide, BitPackMode::Exact), ErrorCode::InvalidArgument,
                             "a span of 1002 where 8 bits hold 255; use the mode safe");
    }

    void d06_narrowTypesDoNotOverflow()
    {
        cameBack(tensorOf({-128, 0, 127}, {3}, at::kChar));
        cameBack(tensorOf({-100, 0, 100}, {3}, at::kChar));
        cameBack(tensorOf({-32768, 0}, {2}, at::kShort));
        cameBack(tensorOf({std::numeric_limits<std::int64_t>::min(), 5}, {2}, at::kLong));
        BITLOOM_EXPECT_ERROR(
            io::encode("w", tensorOf({-100, 100}, {2}, at::kChar), BitPackMode::Exact),
            ErrorCode::InvalidArgument, "as int8, which overflows when BitPack adds the offset");
    }

    void d07_floatTensorsNeedNoOffset()
    {
        const io::BitPackFile packed{
            {safe(tensorOf({-1, 0}, {2})), io::encode("f", realsOf({0.5}), BitPackMode::Safe)}, {}};
        io::writeBitPack(file("mixed.pth.tar"), packed, io::TorchContainer::Zip,
                         io::BitPackOffsets::PackedOnly);
        const io::BitPackFile back = io::readBitPack(file("mixed.pth.tar"));
        QVERIFY(at::equal(io::decode(back.entries.at(1)), realsOf({0.5})));
        // What we write has an entry for every tensor, which BitPack's loader needs.
        const auto offsets = [this] {
            const io::TorchArchive archive = io::TorchArchive::open(file("mixed.pth.tar"));
            const auto& tuple = *archive.root().node<io::PickleSequence>();
            return io::namesOf(*tuple.items.at(3).node<io::PickleDict>());
        };
        QCOMPARE(offsets(), (std::vector{"w"s}));
        io::writeBitPack(file("mixed.pth.tar"), packed, io::TorchContainer::Zip);
        QCOMPARE(offsets(), (std::vector{"w"s, "f"s}));
    }

    void d08_nothingToPack()
    {
        const auto report = pack({{"f", realsOf({1, 2})}}, IntegerFormat::BitPackSafe, "raw.pth");
        QVERIFY2(textOf(report.notes.back()).starts_with("0 tensors packed") &&
                     textOf(report.notes.back()).find("--force-pack-fp") != std::string::npos,
                 textOf(report.notes.back()).c_str());
        QVERIFY(pack({}, IntegerFormat::BitPackSafe, "nothing.pth").tensors.empty());
        QVERIFY(io::readBitPack(file("nothing.pth")).entries.empty());
        BITLOOM_EXPECT_ERROR(packIntegers(hawq(false),
                                          {name("no.pth"), IntegerFormat::BitPackSafe, false},
                                          m_control),
                             ErrorCode::InvalidArgument,
                             "their values are all integers, --force-pack-fp packs them");
        QVERIFY(!fs::exists(file("no.pth")));
    }

    void d09_onlyExactIntegers()
    {
        constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
        BITLOOM_EXPECT_ERROR(io::exactIntegers("w", realsOf({1, -6.5, 2, 0.5}).reshape({2, 2})),
                             ErrorCode::InvalidArgument,
                             "w[0, 1] = -6.5 is not an integer (2 such values)");
        BITLOOM_EXPECT_ERROR(io::exactIntegers("w", realsOf({1, kNan})), ErrorCode::InvalidArgument,
                             "w[1] = nan is not an integer (1 such value)");
        BITLOOM_EXPECT_ERROR(io::exactIntegers("w", realsOf({-1 / 0.0})),
                             ErrorCode::InvalidArgument, "w[0] = -inf is not an integer");
        QCOMPARE(valuesOf(io::exactIntegers("w", realsOf({-7, 0, 3e9}))),
                 (Values{-7, 0, 3000000000}));
        QCOMPARE(valuesOf(io::exactIntegers("w", realsOf({-6.9375, 2.0625}), 0.1)),
                 (Values{-7, 2}));
        for (const c10::ScalarType type : {at::kHalf, at::kBFloat16, at::kDouble}) {
            QCOMPARE(valuesOf(io::exactIntegers("w", realsOf({-7, 12}, type))), (Values{-7, 12}));
        }
        BITLOOM_EXPECT_ERROR(pack({{"w", realsOf({0.5})}}, IntegerFormat::Packed, "no.h5", true),
                             ErrorCode::InvalidArgument, "input.pth: w[0] = 0.5 is not an integer");
    }

    void d10_emptyTensors()
    {
        cameBack(tensorOf({}, {0}));
        cameBack(tensorOf({}, {3, 0, 2}));
        QCOMPARE(pack({{"w", tensorOf({}, {0})}}, IntegerFormat::BitPackSafe, "empty.pth")
                     .tensors.at(0)
                     .packedBytes,
                 std::int64_t{0});
    }

    void d11_tensorsWithoutDimensions()
    {
        cameBack(scalarOf(-4, at::kInt));
        cameBack(scalarOf(1200, at::kLong));
    }

    void d12_theInputIsNotChanged()
    {
        const at::Tensor good = tensorOf({-3, 1, 2}, {3});
        const at::Tensor bad = tensorOf({0, 1000}, {2});
        const std::vector<io::NamedTensor> tensors{{"good", good}, {"bad", bad}};
        QVERIFY(test::errorOf([&] { pack(tensors, IntegerFormat::BitPackExact, "no.pth"); }));
        QVERIFY(!fs::exists(file("no.pth")));
        const std::string before = test::readFile(file("input.pth"));
        pack(tensors, IntegerFormat::BitPackSafe, "yes.pth");
        QCOMPARE(valuesOf(good), (Values{-3, 1, 2}));
        QCOMPARE(valuesOf(bad), (Values{0, 1000}));
        QCOMPARE(test::readFile(file("input.pth")), before);
        IntegerInput input;
        input.file = name("input.pth");
        input.all = true;
        BITLOOM_EXPECT_ERROR(
            packIntegers(input, {input.file, IntegerFormat::BitPackSafe, false}, m_control),
            ErrorCode::InvalidArgument, "is the input, which is never changed");
        QCOMPARE(test::readFile(file("input.pth")), before);
    }

    void d13_theTypeIsKept()
    {
        pack({{"w", tensorOf({-3, 1}, {2}, at::kChar)}}, IntegerFormat::Packed, "typed.h5");
        const auto unpacked = [this](const std::string& from, const std::string& dtype) {
            IntegerUnpackOptions options;
            options.output = name("unpacked.pth");
            options.dtype = dtype;
            unpackIntegers(name(from), options, m_control);
            return io::readStateDict(file("unpacked.pth")).tensors.at(0).second.scalar_type();
        };
        QVERIFY(unpacked("typed.h5", "") == at::kChar);
        QVERIFY(unpacked("typed.h5", "float32") == at::kFloat);
        pack({{"w", tensorOf({-3, 200}, {2}, at::kShort)}}, IntegerFormat::BitPackSafe,
             "t.pth.tar");
        QVERIFY(unpacked("t.pth.tar", "") == at::kInt);
        QVERIFY(unpacked("t.pth.tar", "int16") == at::kShort);
        BITLOOM_EXPECT_ERROR(unpacked("t.pth.tar", "int8"), ErrorCode::InvalidArgument,
                             "w[1] = 200 does not fit Char, which holds -128 to 127");
        BITLOOM_EXPECT_ERROR(unpacked("t.pth.tar", "int3"), ErrorCode::InvalidArgument,
                             "there is no type int3");
    }

    void d14_scalesAndBiasesAreKept()
    {
        const IntegerInput input = hawq();
        const auto report =
            packIntegers(input, {name("h.h5"), IntegerFormat::Packed, false}, m_control).value();
        const io::PackedFileReader reader(file("h.h5"));
        const io::PackedTensor a = reader.readTensor("module.a.weight_integer");
        QCOMPARE(a.scale, (std::vector<float>{0.5F, 0.25F}));
        QCOMPARE(io::dequantize(a), (std::vector<float>{-1.5F, 1, 0.25F, 0}));
        const auto raw = [&](const char* tensor) {
            return valuesOf(decodeParameter(reader.readTensor(tensor)).mul(8));
        };
        QCOMPARE(raw("module.a.bias_integer"), (Values{800000, -56}));
        QCOMPARE(raw("module.act.act_scaling_factor"), (Values{1}));
        const std::string notes = joinNotes(report.notes);
        QVERIFY2(notes.find("no scale for module.b.weight_integer") != std::string::npos,
                 notes.c_str());
        QVERIFY2(notes.find("all weights are 0") != std::string::npos, notes.c_str());

        const auto safeReport =
            packIntegers(input, {name("h.pth"), IntegerFormat::BitPackSafe, false}, m_control)
                .value();
        QCOMPARE(safeReport.tensors.size(), std::size_t{6});
        const io::BitPackFile packed = io::readBitPack(file("h.pth"));
        QCOMPARE(packed.entries.at(4).name, "module.a.convbn_scaling_factor"s);
        QVERIFY(at::equal(io::decode(packed.entries[4]), realsOf({0.5, 0.25})));
    }

    static std::string joinNotes(const std::vector<Phrase>& notes)
    {
        std::string text;
        for (const std::string& note : test::textsOf(notes)) {
            text += note + "\n";
        }
        return text;
    }

    void d15_unpacksOnTheDeviceItself()
    {
        // The operators of the GPU's way, on the one device that every machine has.
        const Values values{-3, 3, 2, -2, 1, -1, 0};
        const io::BitPackEntry entry = safe(tensorOf(values, {7}));
        const at::Tensor unpacked = io::decodeByOperators(entry, c10::Device(c10::kCPU));
        QCOMPARE(valuesOf(unpacked), values);
        QVERIFY(unpacked.scalar_type() == at::kInt);
    }

    void d16_theSavedDeviceIsIgnored()
    {
        io::writeBitPack(file("gpu.pth.tar"), {{safe(tensorOf({-1, 0}, {2}))}, {}},
                         io::TorchContainer::Legacy);
        std::string bytes = test::readFile(file("gpu.pth.tar"));
        for (std::size_t at = 0; (at = bytes.find("cpu", at)) != std::string::npos;) {
            bytes.replace(at, 3, "xpu");
        }
        test::writeFile(file("gpu.pth.tar"), bytes);
        const io::BitPackFile packed = io::readBitPack(file("gpu.pth.tar"));
        QCOMPARE(valuesOf(io::decode(packed.entries.at(0))), (Values{-1, 0}));
        QVERIFY(packed.entries[0].stored.is_cpu());
    }

    void d17_sizesAddUp()
    {
        const std::vector<io::NamedTensor> tensors{
            {"w",
             tensorOf(Values(27, -3), {3, 3, 3}).index_fill(0, tensorOf({0}, {1}, at::kLong), 4)},
            {"f", realsOf({0.5, 1.5})}};
        for (const IntegerFormat format :
             {IntegerFormat::BitPackSafe, IntegerFormat::BitPackLegacy, IntegerFormat::Packed}) {
            const auto report = pack(tensors, format, "sizes");
            QCOMPARE(report.fileBytes, static_cast<std::int64_t>(fs::file_size(file("sizes"))));
            QCOMPARE(report.payloadBytes + report.metadataBytes, report.fileBytes);
            std::int64_t payload = 0;
            for (const PackedIntegerInfo& tensor : report.tensors) {
                payload += tensor.packedBytes + tensor.scaleBytes;
                QCOMPARE(tensor.sourceBytes, std::int64_t{tensor.name == "w" ? 27 * 4 : 8});
            }
            QCOMPARE(payload, report.payloadBytes);
        }
        const auto safeReport = pack(tensors, IntegerFormat::BitPackSafe, "sizes");
        QCOMPARE(safeReport.tensors.at(0).packedBytes, std::int64_t{18});
        QCOMPARE(safeReport.tensors.at(0).paddingBits, std::int64_t{18 * 8 - 27 * 3});
    }

    void d20_allDifferencesAreListed()
    {
        const at::Tensor a = tensorOf({-1, 0, 1, 2}, {2, 2});
        const io::NamedTensor b{"b", tensorOf({1, 2, 3}, {3})};
        const io::NamedTensor f{"f", realsOf({0.5})};
        pack({{"a", a}, b, f, {"extra", tensorOf({1}, {1})}}, IntegerFormat::Packed, "p.h5");
        io::writeStateDict(file("original.pth"), {{{"a", tensorOf({-1, 5, 1, 7}, {2, 2})},
                                                   {"b", tensorOf({1, 2, 3}, {1, 3})},
                                                   {"f", realsOf({0.5}, at::kDouble)},
                                                   {"missing", tensorOf({1}, {1})}},
                                                  {}});
        IntegerInput original;
        original.file = name("original.pth");
        original.all = true;
        const IntegerComparison comparison =
            verifyIntegers(name("p.h5"), {}, original, m_control).value();
        std::string all;
        for (const IntegerDifference& difference : comparison.differences) {
            all += difference.tensor + ": " + difference.what + "\n";
        }
        QCOMPARE(QString::fromStdString(all),
                 QString("a: [0, 1] is 0, the original has 5 (2 of 4 values differ)\n"
                         "b: has the shape [3], the original has [1, 3]\n"
                         "extra: is not in the original\n"
                         "f: is of type float32, the original is of float64\n"
                         "missing: is missing in the packed file\n"));
        QCOMPARE(comparison.compared, std::int64_t{3});
    }

    void d21_damageIsFound()
    {
        for (const IntegerFormat format : {IntegerFormat::BitPackSafe, IntegerFormat::Packed}) {
            pack({{"w", tensorOf({-7, -1, 0, 7, 3, -2, 5, -7}, {8})}}, format, "damaged");
            std::string bytes = test::readFile(file("damaged"));
            // LSB-first in our HDF5, MSB-first in BitPack's format.
            const std::string codes =
                format == IntegerFormat::Packed ? "\x60\xe7\x5a\x0c"s : "\x06\x7e\xa5\xc0"s;
            const std::size_t at = bytes.find(codes);
            QVERIFY(at != std::string::npos);
            bytes[at] ^= 1;
            test::writeFile(file("damaged"), bytes);
            const auto error =
                test::errorOf([&] { unpackIntegers(name("damaged"), {}, m_control); });
            QVERIFY(error.has_value());
            QVERIFY2(error->code() == ErrorCode::CorruptFile &&
                         std::string(error->what()).find("w") != std::string::npos,
                     error->what());
        }
    }

    void d22_theFormatSaysWhatItIs()
    {
        pack({{"w", tensorOf({-1, 0}, {2})}}, IntegerFormat::Packed, "named.h5");
        const std::string bytes = test::readFile(file("named.h5"));
        QVERIFY(bytes.find("bitloom.packed") != std::string::npos);
        QCOMPARE(io::PackedFileReader(file("named.h5")).minorVersion(), 0);
        io::writeStateDict(file("other.pth"), {{{"w", tensorOf({1}, {1})}}, {}});
        BITLOOM_EXPECT_ERROR(io::readBitPack(file("other.pth")), ErrorCode::UnknownFormat,
                             "not a BitPack file: the saved object is a dict with the keys w");
    }

    void d23_nothingOfAFileIsRun()
    {
        SampleParts parts;
        parts.bits = [](io::TorchArchiveWriter& out) {
            out.object().raw("cos\nsystem\nU\4true\x85R");
        };
        writeSample(file("hostile.pth.tar"), parts);
        BITLOOM_EXPECT_ERROR(io::readBitPack(file("hostile.pth.tar")), ErrorCode::UnsafeFile,
                             "refused: the file asks to run `os.system`");
    }

    void d26_paddingIsNotStored()
    {
        std::vector<std::int64_t> values(27, 0);
        values[0] = -2;
        values[1] = 2;
        const at::Tensor small = tensorOf(values, {3, 3, 3});
        QCOMPARE(safe(small).storedBytes(), std::int64_t{18});
        // Ours: 27 codes of 3 bits in whole words of 32.
        QCOMPARE(pack({{"w", small}}, IntegerFormat::Packed, "small.h5").tensors.at(0).packedBytes,
                 std::int64_t{12});
    }

    void d27_unpackingWritesAFile()
    {
        const at::Tensor tensor = tensorOf({-7, -1, 0, 7, 3, -2}, {2, 3});
        for (const IntegerFormat format : {IntegerFormat::BitPackSafe, IntegerFormat::Packed}) {
            pack({{"w", tensor}, {"f", realsOf({0.5})}}, format, "packed");
            IntegerUnpackOptions options;
            options.output = name("plain.pth");
            unpackIntegers(name("packed"), options, m_control);
            const io::StateDict state = io::readStateDict(file("plain.pth"));
            for (const auto& [key, value] : state.tensors) {
                QVERIFY(at::equal(value, key == "w" ? tensor : realsOf({0.5})));
            }
            QCOMPARE(state.tensors.size(), std::size_t{2});
        }
    }

    void d28_aWidthPerChannel()
    {
        const at::Tensor rows = tensorOf({-8, 7, 5, 5, 0, 1000}, {3, 2});
        io::writeStateDict(file("rows.pth"), {{{"w", rows}}, {}});
        IntegerInput input;
        input.file = name("rows.pth");
        input.all = true;
        const auto report =
            packIntegers(input, {name("rows.h5"), IntegerFormat::Packed, true}, m_control).value();
        QCOMPARE(report.tensors.at(0).bits, PackedIntegerInfo::kBitsPerRow);
        const io::PackedTensor packed = io::PackedFileReader(file("rows.h5")).readTensor("w");
        QCOMPARE(packed.rowBits, (std::vector<std::uint8_t>{4, 0, 10}));
        QCOMPARE(packed.origin, (std::vector<std::int32_t>{-8, 5, 0}));
        QCOMPARE(valuesOf(decodeParameter(packed)), valuesOf(rows));
    }
};

QTEST_GUILESS_MAIN(TestBitPackDefects)
#include "tst_bitpack_defects.moc"
