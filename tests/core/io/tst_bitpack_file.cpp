// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack/bitpack_file.h"

#include "tests/core/io/bitpack_samples.h"
#include "tests/support/phrase_texts.h"
#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <ATen/ops/equal.h>

#include <QTemporaryDir>
#include <nlohmann/json.hpp>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
using namespace std::string_literals;
using nlohmann::json;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(bitloom::ErrorCode)
Q_DECLARE_METATYPE(bitloom::test::SampleParts)
Q_DECLARE_METATYPE(at::Tensor)

namespace {

using Shape = std::vector<std::int64_t>;

QByteArray bytesOf(const at::Tensor& stored)
{
    return {static_cast<const char*>(stored.const_data_ptr()), static_cast<int>(stored.nbytes())};
}

/// An entry's parts as text, for comparison.
std::string summary(const BitPackEntry& entry)
{
    std::ostringstream text;
    text << entry.bits << " bits, offset " << entry.offset << ", " << at::IntArrayRef(entry.shape)
         << " as " << entry.stored.sizes() << " " << bytesOf(entry.stored).toHex().toStdString();
    return text.str();
}

SampleParts::Emit integer(std::int64_t value)
{
    return [value](TorchArchiveWriter& out) { out.object().integer(value); };
}

SampleParts::Emit raw(const std::string& opcodes)
{
    return [opcodes](TorchArchiveWriter& out) { out.object().raw(opcodes); };
}

} // namespace

class TestBitPackFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path file(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    static json runPython(const QStringList& arguments)
    {
        return test::runScript("core/io/bitpack_in_python.py", arguments);
    }

    /// {name: [dtype, shape, values]}, as the script prints them; values as double.
    static json describe(const BitPackFile& packed)
    {
        json tensors = json::object();
        for (const BitPackEntry& entry : packed.entries) {
            const at::Tensor values = decode(entry).to(at::kDouble).contiguous();
            const auto* begin = values.const_data_ptr<double>();
            tensors[entry.name] = {entry.shape, std::vector<double>(begin, begin + values.numel())};
        }
        return tensors;
    }
    static json withoutTypes(const json& tensors)
    {
        json result = json::object();
        for (const auto& [name, tensor] : tensors.items()) {
            std::vector<double> values;
            for (const json& value : tensor[2]) {
                values.push_back(value.is_boolean() ? double(value.get<bool>())
                                                    : value.get<double>());
            }
            result[name] = {tensor[1], values};
        }
        return result;
    }

private Q_SLOTS:
    void vectors_data()
    {
        QTest::addColumn<QVector<int>>("values");
        QTest::addColumn<QVector<int>>("shape");
        QTest::addColumn<QString>("exact");
        QTest::addColumn<QString>("safe"); // empty: the same
        const auto add = [](const char* name, const QVector<int>& values, const QVector<int>& shape,
                            const char* exact, const char* safe = "") {
            QTest::newRow(name) << values << shape << QString(exact) << QString(safe);
        };
        add("4 bits", {-7, -1, 0, 7, 3, -2}, {2, 3}, "4 bits, offset 7, [2, 3] as [1, 3] 067ea5");
        add("2 bits", {-1, 0, 1, 1, 0, -1, -1, 1, 0, 0}, {10},
            "2 bits, offset 1, [10] as [3] 1a4250");
        add("one bit too many", {-8, 7, 0, -1}, {4}, "5 bits, offset 8, [4] as [3] 03d070",
            "4 bits, offset 8, [4] as [2] 0f87");
        add("3 bits", {-3, 3, 2, -2, 1, -1, 0, 3, -3, 2, 1, 0, -1, -2, 3, -3, 0, 1}, {2, 3, 3, 1},
            "3 bits, offset 3, [2, 3, 3, 1] as [2, 2, 3, 1] 1a989e163470700000000000");
        add("6 bits", {-31, 31, 0, 15, -16}, {5}, "6 bits, offset 31, [5] as [4] 03e7ee3c");
        add("8 bits", {-127, 127, 0, 1}, {2, 2}, "8 bits, offset 127, [2, 2] as [2, 2] 00fe7f80");
        add("all of 8 bits", {-128, 127, 0, 1}, {2, 2},
            "8 bits, offset 128, [2, 2] as [2, 2] 00ff8081");
        QVector<int> many;
        for (int i = 0; i < 25; ++i) {
            many.append(i % 5 - 2);
        }
        many << -2 << 2;
        add("more padding than codes", many, {3, 3, 3},
            "3 bits, offset 2, [3, 3, 3] as [2, 3, 3] 05380a7014e029c053820000000000000000");
        add("constant", {-5, -5, -5}, {3}, "1 bits, offset 5, [3] as [1] 00");
    }

    /// Every vector of the description: widths, offsets, shapes and bytes, and back from a file.
    void vectors()
    {
        QFETCH(QVector<int>, values);
        QFETCH(QVector<int>, shape);
        QFETCH(QString, exact);
        QFETCH(QString, safe);
        const std::vector<std::int64_t> wide(values.begin(), values.end());
        const at::Tensor tensor = tensorOf(wide, Shape(shape.begin(), shape.end()));
        const BitPackEntry exactEntry = encode("w", tensor, BitPackMode::Exact);
        const BitPackEntry safeEntry = encode("w", tensor, BitPackMode::Safe);
        QCOMPARE(QString::fromStdString(summary(exactEntry)), exact);
        QCOMPARE(QString::fromStdString(summary(safeEntry)), safe.isEmpty() ? exact : safe);
        for (const TorchContainer container : {TorchContainer::Zip, TorchContainer::Legacy}) {
            for (const BitPackEntry& entry : {exactEntry, safeEntry}) {
                writeBitPack(file("vector.pth.tar"), {{entry}, {}}, container,
                             BitPackOffsets::PackedOnly);
                const BitPackFile back = readBitPack(file("vector.pth.tar"));
                QCOMPARE(summary(back.entries.at(0)), summary(entry));
                QVERIFY(back.notes.empty());
                QCOMPARE(valuesOf(decode(back.entries[0])), wide);
                QVERIFY(decode(back.entries[0]).scalar_type() == at::kInt);
            }
        }
    }

    /// What BitPack wrote, rightly and wrongly, is what its loader makes of it, bit for bit.
    void readsWhatBitPackWrites()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "numpy");
        runPython({"save", m_folder.path()});
        const json expected = json::parse(test::readFile(file("expected.json")));
        QCOMPARE(expected.size(), std::size_t{17});
        for (const auto& [name, one] : expected.items()) {
            const BitPackFile packed = readBitPack(file(name));
            QVERIFY2(describe(packed) == withoutTypes(one["tensors"]),
                     (name + ", " + one["case"].get<std::string>()).c_str());
            for (const BitPackEntry& entry : packed.entries) {
                QVERIFY(!entry.isPacked() || decode(entry).scalar_type() == at::kInt);
            }
        }
    }

    /// And back: BitPack's loader reads what we write, in both containers, with weights_only=True.
    void bitPackReadsWhatWeWrite()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "numpy");
        BitPackFile safe;
        const auto add = [&safe](const char* name, const at::Tensor& tensor) {
            safe.entries.push_back(encode(name, tensor, BitPackMode::Safe));
        };
        add("a.weight", tensorOf({-7, -1, 0, 7, 3, -2}, {2, 3}));
        add("one bit", tensorOf({0, 1, 1, 0, 1}, {5}, at::kByte));
        add("far below", tensorOf({-500, -498}, {2}, at::kShort));
        add("far above", tensorOf({1000, 1003, 1001}, {3}, at::kLong));
        add("wide", tensorOf({-2, 0, 1000}, {3}));
        add("beyond int32", tensorOf({std::int64_t{1} << 40}, {1}, at::kLong));
        add("empty", tensorOf({}, {0, 3}));
        add("scalar", scalarOf(12, at::kLong));
        add("int8", tensorOf({-128, 0, 127}, {3}, at::kChar));
        add("float", realsOf({0.5, -2}));
        add("bool", tensorOf({1, 0}, {2}, at::kBool));
        add("constant", tensorOf({-5, -5, -5}, {3}));
        BitPackFile exact;
        exact.entries = {encode("a.weight", tensorOf({-8, 7, 0, -1}, {2, 2}), BitPackMode::Exact)};
        QStringList files;
        json expected;
        for (const TorchContainer container : {TorchContainer::Zip, TorchContainer::Legacy}) {
            for (const auto* packed : {&safe, &exact}) {
                const fs::path path = file("ours-" + std::to_string(files.size()) + ".pth.tar");
                writeBitPack(path, *packed, container,
                             packed == &safe ? BitPackOffsets::All : BitPackOffsets::PackedOnly);
                files << QString::fromStdString(path.string());
                expected[path.string()] = describe(*packed);
            }
        }
        const json loaded = runPython(QStringList{"load"} + files);
        for (const QString& path : files) {
            const std::string name = path.toStdString();
            QCOMPARE(QString::fromStdString(withoutTypes(loaded[name]).dump()),
                     QString::fromStdString(expected[name].dump()));
        }
        QCOMPARE(loaded[files[0].toStdString()]["one bit"][0], json("torch.int32"));
        QCOMPARE(loaded[files[0].toStdString()]["beyond int32"][0], json("torch.int64"));
    }

    void readsEveryForm_data()
    {
        QTest::addColumn<SampleParts>("parts");
        QTest::addColumn<at::Tensor>("stored");
        QTest::addColumn<at::Tensor>("offset");
        const at::Tensor bytes = tensorOf({0x06, 0x7e, 0xa5}, {1, 3}, at::kByte);
        const at::Tensor seven = scalarOf(7, at::kByte);
        const auto add = [&](const char* name, const SampleParts& parts) {
            QTest::newRow(name) << parts << bytes << seven;
        };
        add("as BitPack writes it", {});
        SampleParts parts;
        parts.offset = integer(7);
        add("plain offset", parts);
        parts = {};
        parts.shape = raw("K\2K\3\x86");
        add("shape as a tuple", parts);
        parts.shape = raw("](K\2K\3e");
        add("shape as a list", parts);
        parts = {};
        parts.stored = [](TorchArchiveWriter& out) {
            out.object().global("torch._utils", "_rebuild_parameter");
            out.object().raw("(");
            out.putTensor(0);
            out.object().raw("\x89");
            out.object().emptyOrderedDict();
            out.object().raw("tR");
        };
        add("parameter", parts);
        for (const c10::ScalarType type : {at::kChar, at::kShort, at::kInt, at::kLong}) {
            QTest::newRow(c10::toString(type)) << SampleParts{} << bytes << scalarOf(7, type);
        }
        QTest::newRow("offset of one element")
            << SampleParts{} << bytes << tensorOf({7}, {1}, at::kLong);
        QTest::newRow("flat payload") << SampleParts{} << bytes.reshape({-1}) << seven;
        QTest::newRow("longer payload")
            << SampleParts{} << tensorOf({0x06, 0x7e, 0xa5, 0, 0, 0}, {2, 3}, at::kByte) << seven;
        QTest::newRow("strided payload")
            << SampleParts{}
            << tensorOf({0x06, 1, 0x7e, 2, 0xa5, 3}, {3, 2}, at::kByte).select(1, 0) << seven;
    }

    void readsEveryForm()
    {
        QFETCH(SampleParts, parts);
        QFETCH(at::Tensor, stored);
        QFETCH(at::Tensor, offset);
        for (const TorchContainer container : {TorchContainer::Zip, TorchContainer::Legacy}) {
            writeSample(file("form.pth.tar"), parts, stored, offset, container);
            const BitPackFile packed = readBitPack(file("form.pth.tar"));
            QCOMPARE(valuesOf(decode(packed.entries.at(0))), (Shape{-7, -1, 0, 7, 3, -2}));
            QVERIFY2(packed.notes.empty(),
                     packed.notes.empty() ? "" : textOf(packed.notes[0]).c_str());
        }
    }

    void readsZeroBitsAndFarOffsets()
    {
        SampleParts parts;
        parts.bits = integer(0);
        writeSample(file("zero.pth.tar"), parts, tensorOf({}, {0, 3}, at::kByte),
                    scalarOf(-500, at::kInt));
        QCOMPARE(valuesOf(decode(readBitPack(file("zero.pth.tar")).entries.at(0))), Shape(6, 500));
        writeSample(file("zero.pth.tar"), {}, tensorOf({0x06, 0x7e, 0xa5}, {3}, at::kByte),
                    scalarOf(300, at::kInt));
        QCOMPARE(valuesOf(decode(readBitPack(file("zero.pth.tar")).entries.at(0))),
                 (Shape{-300, -294, -293, -286, -290, -295}));
    }

    void warnsOfSetPaddingAndStrangers()
    {
        SampleParts parts;
        writeSample(file("padding.pth.tar"), parts,
                    tensorOf({0x06, 0x7e, 0xa5, 0x01, 0x03}, {5}, at::kByte));
        const BitPackFile padded = readBitPack(file("padding.pth.tar"));
        QCOMPARE(valuesOf(decode(padded.entries.at(0))), (Shape{-7, -1, 0, 7, 3, -2}));
        QCOMPARE(test::textsOf(padded.notes),
                 std::vector{"tensor w: 3 of the 16 bits behind its codes are not 0; they are not "
                             "used"s});
        parts.bits = [](TorchArchiveWriter& out) {
            out.object().integer(4);
            out.object().text("x");
            out.object().integer(3);
        };
        writeSample(file("stranger.pth.tar"), parts);
        QCOMPARE(test::textsOf(readBitPack(file("stranger.pth.tar")).notes),
                 std::vector{"the bit widths have entries that belong to no tensor: x"s});
    }

    void unpacksOnAnyDeviceAlike()
    {
        // The operators that a GPU runs are the CPU's too, on a tensor that says it is elsewhere.
        for (int bits = 1; bits <= 8; ++bits) {
            const std::int64_t half = std::int64_t{1} << (bits - 1);
            std::vector<std::int64_t> values;
            for (std::int64_t i = 0; i < 1001; ++i) {
                values.push_back(i * 7919 % (2 * half) - half);
            }
            values[0] = -half;
            const BitPackEntry entry =
                encode("w", tensorOf(values, {7, 11, 13}), BitPackMode::Safe);
            QCOMPARE(entry.bits, bits);
            QCOMPARE(valuesOf(decodeByOperators(entry, c10::Device(c10::kCPU))), values);
            QCOMPARE(valuesOf(decode(entry)), values);
        }
    }

    void refusesWhatContradictsItself_data()
    {
        QTest::addColumn<SampleParts>("parts");
        QTest::addColumn<at::Tensor>("stored");
        QTest::addColumn<at::Tensor>("offset");
        QTest::addColumn<QString>("text");
        const at::Tensor bytes = tensorOf({0x06, 0x7e, 0xa5}, {1, 3}, at::kByte);
        const at::Tensor seven = scalarOf(7, at::kByte);
        const auto add = [&](const char* name, SampleParts::Emit SampleParts::*part,
                             SampleParts::Emit emit, const char* text) {
            SampleParts parts;
            parts.*part = std::move(emit);
            QTest::newRow(name) << parts << bytes << seven << QString(text);
        };
        add("no width", &SampleParts::bits, {}, "tensor w has no bit width entry");
        add("no shape", &SampleParts::shape, {}, "tensor w has no shape entry");
        add("width 9", &SampleParts::bits, integer(9), "tensor w has the bit width 9");
        add("width -2", &SampleParts::bits, integer(-2), "tensor w has the bit width -2");
        add("width is text", &SampleParts::bits, raw("U\1b"),
            "the bit width of tensor w is no integer");
        add("too few bytes", &SampleParts::bits, integer(5),
            "tensor w: shape [2, 3] at 5 bits needs 4 bytes, the file has 3");
        add("negative size", &SampleParts::shape, raw("K\2J\xff\xff\xff\xff\x86"),
            "tensor w has the negative size -1");
        add("overflowing size", &SampleParts::shape,
            raw("\x8a\x08\0\0\0\0\0\0\0\x40\x8a\x08\0\0\0\0\0\0\0\x40\x86"s),
            "tensor w is too large");
        add("shape is a number", &SampleParts::shape, integer(6),
            "the shape of tensor w is no torch.Size, tuple or list");
        add("a size is text", &SampleParts::shape, raw("U\1a\x85"),
            "a size of tensor w is no integer");
        add("offset is text", &SampleParts::offset, raw("U\1a"),
            "the offset of tensor w is no integer");
        add("stored is a number", &SampleParts::stored, integer(1),
            "the packed entries w are no tensors");
        add(
            "width twice", &SampleParts::bits,
            [](TorchArchiveWriter& out) {
                out.object().integer(4);
                out.object().text("w");
                out.object().integer(3);
            },
            "the name w occurs twice among the bit widths");
        add(
            "name is a number", &SampleParts::bits,
            [](TorchArchiveWriter& out) {
                out.object().integer(4);
                out.object().integer(1);
                out.object().integer(3);
            },
            "a name among the bit widths is no text");
        SampleParts rawParts;
        rawParts.bits = integer(-1);
        QTest::newRow("raw of another shape")
            << rawParts << bytes << seven
            << "tensor w is stored as it is, but its shape [1, 3] is not the stated [2, 3]";
        QTest::newRow("packed data are no bytes")
            << SampleParts{} << bytes.to(at::kInt) << seven
            << "the packed bytes of tensor w are of type Int, uint8 was expected";
        QTest::newRow("offset of two elements")
            << SampleParts{} << bytes << tensorOf({7, 7}, {2}, at::kByte)
            << "the offset of tensor w is no integer but a tensor of 2 elements";
        QTest::newRow("real offset")
            << SampleParts{} << bytes << realsOf({7}) << "is no integer but a tensor of 1 elements";
        QTest::newRow("offset beyond 32 bits")
            << SampleParts{} << bytes << scalarOf(std::int64_t{1} << 33, at::kLong)
            << "tensor w has the offset 8589934592, with which its codes do not fit 32 bits";
    }

    void refusesWhatContradictsItself()
    {
        QFETCH(SampleParts, parts);
        QFETCH(at::Tensor, stored);
        QFETCH(at::Tensor, offset);
        QFETCH(QString, text);
        writeSample(file("bad.pth.tar"), parts, stored, offset);
        BITLOOM_EXPECT_ERROR(decode(readBitPack(file("bad.pth.tar")).entries.at(0)),
                             ErrorCode::CorruptFile, text.toStdString());
    }

    void asksForAnOffsetThatIsNotThere()
    {
        SampleParts parts;
        parts.offset = {};
        writeSample(file("unsaid.pth.tar"), parts, tensorOf({0x06, 0x7e, 0xa5}, {1, 3}, at::kByte),
                    scalarOf(7, at::kByte));
        BITLOOM_EXPECT_ERROR(readBitPack(file("unsaid.pth.tar")), ErrorCode::InvalidArgument,
                             "tensor w has no offset entry; --assume-offset gives one");
        QCOMPARE(readBitPack(file("unsaid.pth.tar"), {7, false}).entries.at(0).offset,
                 std::int64_t{7});
    }

    void refusesOtherFiles()
    {
        const std::vector<NamedTensor> tensors{{"w", scalarOf(1, at::kInt)}};
        const auto write = [&](const std::string& opcodes) {
            TorchArchiveWriter out(TorchContainer::Zip, tensors);
            out.object().raw(opcodes);
            out.write(file("other.pth"));
        };
        write("}(U\1aK\1U\1bK\2u");
        BITLOOM_EXPECT_ERROR(readBitPack(file("other.pth")), ErrorCode::UnknownFormat,
                             "not a BitPack file: the saved object is a dict with the keys a and "
                             "b, a tuple of four dicts was expected");
        write("K\1K\2K\3\x87");
        BITLOOM_EXPECT_ERROR(readBitPack(file("other.pth")), ErrorCode::UnknownFormat,
                             "the saved object is a tuple of 3");
        write("(}}}K\1t");
        BITLOOM_EXPECT_ERROR(readBitPack(file("other.pth")), ErrorCode::UnknownFormat,
                             "the saved object is a tuple of 4");
        write("cposix\nsystem\nU\4true\x85R");
        BITLOOM_EXPECT_ERROR(readBitPack(file("other.pth")), ErrorCode::UnsafeFile,
                             "asks to run `posix.system`");
        test::writeFile(file("other.pth"), "hello");
        BITLOOM_EXPECT_ERROR(readBitPack(file("other.pth")), ErrorCode::UnknownFormat,
                             "a text file");
    }

    void sparseTensorsAreRefused()
    {
        SampleParts parts;
        parts.stored = raw("ctorch._utils\n_rebuild_sparse_tensor\n)R");
        writeSample(file("sparse.pth.tar"), parts);
        BITLOOM_EXPECT_ERROR(readBitPack(file("sparse.pth.tar")), ErrorCode::Unsupported,
                             "tensor w is a sparse tensor, which is not supported; save its "
                             "to_dense()");
    }

    void everyKindOfTensorIsHeld()
    {
        const at::Tensor whole = tensorOf({-1, 5, 0, 3, 2, -2}, {2, 3});
        const at::Tensor reals = realsOf({0.5, 1, 2, 3});
        const at::Tensor complex = reals.reshape({2, 2}).to(at::kComplexFloat);
        BitPackFile packed;
        const auto add = [&packed](const char* name, const at::Tensor& tensor) {
            packed.entries.push_back(encode(name, tensor, BitPackMode::Safe));
        };
        add("transposed", whole.t());
        add("complex", complex);
        add("shared", reals);
        add("part of shared", reals.slice(0, 1, 4, 2));
        for (const TorchContainer container : {TorchContainer::Zip, TorchContainer::Legacy}) {
            writeBitPack(file("kinds.pth.tar"), packed, container);
            const BitPackFile back = readBitPack(file("kinds.pth.tar"));
            QCOMPARE(valuesOf(decode(back.entries.at(0))), (Shape{-1, 3, 5, 2, 0, -2}));
            QCOMPARE(back.entries[0].shape, (Shape{3, 2}));
            QVERIFY(at::equal(decode(back.entries[1]), complex));
            QVERIFY(at::equal(decode(back.entries[3]), realsOf({1, 3})));
            // One storage in the file as in memory.
            QVERIFY(back.entries[2].stored.is_alias_of(back.entries[3].stored));
        }
    }

    void tellsWhichTensorsAreWritten_data()
    {
        QTest::addColumn<bool>("legacy");
        QTest::newRow("zip") << false;
        QTest::newRow("legacy") << true;
    }
    void tellsWhichTensorsAreWritten()
    {
        QFETCH(bool, legacy);
        const TorchContainer container = legacy ? TorchContainer::Legacy : TorchContainer::Zip;
        BitPackFile packed;
        for (const char* name : {"a", "b", "c"}) {
            packed.entries.push_back(
                encodeDeferred(name, tensorOf({-1, 5, 0, 3}, {2, 2}), BitPackMode::Safe, true));
        }
        packed.entries.push_back(
            encode("reals", realsOf({0.5, 1}).reshape({2, 1}), BitPackMode::Safe));
        std::vector<ProgressReport> said;
        RunControl control([&said](const ProgressReport& report) { said.push_back(report); });
        QVERIFY(
            writeBitPack(file("told.pth.tar"), packed, container, BitPackOffsets::All, control));
        QVERIFY(!said.empty());
        QCOMPARE(said.back().phase, "writing"s);
        QCOMPARE(said.back().done, std::int64_t{4});
        QCOMPARE(said.back().total, std::int64_t{4});
        // The same bytes as without anybody who listens.
        writeBitPack(file("silent.pth.tar"), packed, container);
        QVERIFY(test::readFile(file("told.pth.tar")) == test::readFile(file("silent.pth.tar")));

        // Whoever stops it in the middle of a tensor finds nothing, or what was there before.
        RunControl stopped;
        packed.entries[1].deferred = [&stopped](const ByteSink& sink) {
            const std::array<std::byte, 1> piece{};
            stopped.requestStop();
            sink(piece);
        };
        QVERIFY(!writeBitPack(file("stopped.pth.tar"), packed, container, BitPackOffsets::All,
                              stopped));
        QVERIFY(!fs::exists(file("stopped.pth.tar")));
        QVERIFY(
            !writeBitPack(file("told.pth.tar"), packed, container, BitPackOffsets::All, stopped));
        QVERIFY(test::readFile(file("told.pth.tar")) == test::readFile(file("silent.pth.tar")));
    }

    void refusesBombs()
    {
        SampleParts parts;
        parts.bits = integer(0);
        parts.shape = raw("\x8a\x08\0\0\0\0\0\1\0\0\x85"s); // 2^40 elements
        writeSample(file("bomb.pth.tar"), parts, tensorOf({}, {0}, at::kByte));
        BITLOOM_EXPECT_ERROR(decode(readBitPack(file("bomb.pth.tar")).entries.at(0)),
                             ErrorCode::UnsafeFile, "tensor w claims more than 268435456 elements");
    }

    void writesWhatFitsTogetherOrNothing()
    {
        const BitPackEntry good = encode("w", tensorOf({-1, 0}, {2}), BitPackMode::Safe);
        test::writeFile(file("kept.pth.tar"), "old");
        const auto refused = [&](const std::vector<BitPackEntry>& entries, const char* text) {
            BITLOOM_EXPECT_ERROR(
                writeBitPack(file("kept.pth.tar"), {entries, {}}, TorchContainer::Zip),
                ErrorCode::InvalidArgument, text);
        };
        refused({good, good}, "the name w occurs twice");
        BitPackEntry bad = good;
        bad.bits = 9;
        refused({bad}, "tensor w: width 9 is not supported by BitPack");
        bad = good;
        bad.shape = {100};
        refused({bad}, "tensor w needs 13 bytes at 1 bits, 1 given");
        bad = good;
        bad.offset = std::int64_t{1} << 31;
        refused({bad}, "which 32 bits cannot hold");
        bad = encode("f", realsOf({0.5}), BitPackMode::Safe);
        bad.shape = {2};
        refused({bad}, "tensor f has the shape [1], its entry says [2]");
        QCOMPARE(test::readFile(file("kept.pth.tar")), "old"s);
        BitPackFile young{{encode("u", tensorOf({1}, {1}).to(at::kUInt16), BitPackMode::Safe)}, {}};
        BITLOOM_EXPECT_ERROR(writeBitPack(file("y.pth.tar"), young, TorchContainer::Legacy),
                             ErrorCode::Unsupported, "cannot be written to a legacy file");
        writeBitPack(file("y.pth.tar"), young, TorchContainer::Zip);
        QVERIFY(readBitPack(file("y.pth.tar")).entries.at(0).stored.scalar_type() == at::kUInt16);
    }
};

QTEST_GUILESS_MAIN(TestBitPackFile)
#include "tst_bitpack_file.moc"
