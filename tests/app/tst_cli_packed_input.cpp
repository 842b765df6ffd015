// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Bad packed files and checkpoints of integers, row for row as the description of BitPack lists
// them: what each ends in, and that the sentence names the tensor and the value. Where such a file
// is legal after all, that it is read.
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/state/state_dict.h"

#include "tests/app/bad_packed_files.h"
#include "tests/app/program.h"
#include "tests/core/io/bitpack_samples.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QDir>

#include <cmath>
#include <limits>

using nlohmann::json;
using namespace std::string_literals;
namespace fs = std::filesystem;

namespace bitloom::test {

namespace {

SampleParts::Emit integer(std::int64_t value)
{
    return [value](io::TorchArchiveWriter& out) { out.object().integer(value); };
}

SampleParts::Emit raw(const std::string& opcodes)
{
    return [opcodes](io::TorchArchiveWriter& out) { out.object().raw(opcodes); };
}

SampleParts with(SampleParts::Emit SampleParts::*part, SampleParts::Emit emit)
{
    SampleParts parts;
    parts.*part = std::move(emit);
    return parts;
}

} // namespace

class TestCliPackedInput : public QObject, private CommandFolder {
    Q_OBJECT

    void writeState(const std::string& name, const std::vector<io::NamedTensor>& tensors) const
    {
        io::writeStateDict(path(name), {tensors, {}});
    }

    void writeContainers() const
    {
        writeFile(path("text.pth"), "hello");
        writeFile(path("empty.pth"), "");
        writeFile(path("cut.pth"), readFile(path("hawq.pth.tar")).substr(0, 300));
        writeFile(path("archive.tar"), std::string(257, 'a') + "ustar" + std::string(300, '\0'));
        fs::create_directory(path("folder"));
        AtomicFile script(path("script.pt"));
        io::StoredZipWriter zip(script);
        zip.add("archive/constants.pkl", "\x80\x02).");
        zip.add("archive/data.pkl", "\x80\x02).");
        zip.finish();
        script.commit();
    }

    void writePickles() const
    {
        writeArchive(path("command.pth"), "\x80\x02"
                                          "cposix\nsystem\n" +
                                              pickledText("touch executed") + "\x85R.");
        writeArchive(path("deep.pth"),
                     "\x80\x02" + std::string(100'000, ']') + std::string(99'999, 'a') + ".");
        writeArchive(path("memo.pth"), "\x80\x02h\x05.");
        const std::string four(16, '\1');
        writeArchive(path("short.pth"), pickledDict("w", pickledTensor(4, "Kd\x85", "K\1\x85")),
                     {four});
        writeArchive(path("negative.pth"),
                     pickledDict("w", pickledTensor(4, "J\xff\xff\xff\xff\x85", "K\1\x85")),
                     {four});
        writeArchive(
            path("huge.pth"),
            pickledDict(
                "w", pickledTensor(4, "\x8a\x08\0\0\0\0\0\0\0\x40\x8a\x08\0\0\0\0\0\0\0\x40\x86"s,
                                   "K\1K\1\x86")),
            {four});
        writeArchive(path("sparse.pth"),
                     pickledDict("w", "ctorch._utils\n_rebuild_sparse_tensor\n)R"));
        writeArchive(path("bytes.pth"),
                     "\x80\x02}X\2\0\0\0\xff\xfe"s + pickledTensor(4, "K\4\x85", "K\1\x85") + "s.",
                     {four});
        writeArchive(path("empty_dict.pth"), "\x80\x02}.");
    }

    void writeIntegers() const
    {
        const double nan = std::nan("");
        writeState("fractions.pth", {{"w", realsOf({1, 0.5, nan, INFINITY})}});
        writeState("near.pth", {{"w", realsOf({1.25, -2})}});
        writeState("wide.pth", {{"wide", tensorOf({-2, 0, 1000}, {3})}});
        writeParts(path("hawq_fractions.pth.tar"),
                   {{"weight_integer", {{"a.weight_integer", realsOf({1, 2.5})}}}});
        const at::Tensor whole = tensorOf({-1, 5, 0, 3, 2, -2}, {2, 3});
        writeState("shapes.pth", {{"empty", tensorOf({}, {0, 3})},
                                  {"scalar", scalarOf(12, at::kLong)},
                                  {"transposed", whole.t()},
                                  {"shared", whole},
                                  {"part", whole.slice(0, 1, 2)},
                                  {"complex", realsOf({0.5, 1}).to(at::kComplexFloat)}});
        const auto packed = [this](const char* name, const SampleParts& parts) {
            writeSample(path(name), parts);
        };
        packed("good.pth.tar", {});
        packed("no_offset.pth.tar", with(&SampleParts::offset, {}));
        packed("no_width.pth.tar", with(&SampleParts::bits, {}));
        packed("no_shape.pth.tar", with(&SampleParts::shape, {}));
        packed("width9.pth.tar", with(&SampleParts::bits, integer(9)));
        packed("few.pth.tar", with(&SampleParts::bits, integer(5)));
        packed("twice.pth.tar", with(&SampleParts::bits, [](io::TorchArchiveWriter& out) {
                   out.object().integer(4);
                   out.object().text("w");
                   out.object().integer(3);
               }));
        packed("number.pth.tar", with(&SampleParts::stored, raw("K\1")));
        writeSample(path("padded.pth.tar"), {}, tensorOf({6, 0x7e, 0xa5, 1}, {4}, at::kByte));
        std::string damaged = readFile(path("good.pth.tar"));
        const std::size_t at = damaged.find("\x06\x7e\xa5");
        QVERIFY(at != std::string::npos);
        damaged[at] = '\x07';
        writeFile(path("damaged.pth.tar"), damaged);
    }

    void writeOurs() const
    {
        writePackedHdf5(path("good.h5"), {});
        writePackedHdf5(path("other.h5"), {"somebody.else"});
        writePackedHdf5(path("newer.h5"), {"bitloom.packed", 2});
        writePackedHdf5(path("crc.h5"), {"bitloom.packed", 1, 1, 7});
        writePackedHdf5(path("words.h5"), {"bitloom.packed", 1, 2});
        writeFile(path("long.safetensors"), "\xe8\x03\0\0\0\0\0\0{}"s);
        const std::string begin = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)";
        const std::string data(16, '\0');
        writeSafetensors(path("overlap.safetensors"),
                         begin + R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", data);
        writeSafetensors(path("hole.safetensors"),
                         begin + R"("b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}})",
                         data);
        writeSafetensors(path("twice.safetensors"),
                         begin + R"("a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})", data);
        writeSafetensors(path("dtype.safetensors"),
                         begin + R"("b":{"dtype":"F7","shape":[2],"data_offsets":[8,16]}})", data);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        writeForeignLayer(path("good_ct"), {});
        writeForeignLayer(path("zero_scale"), {{0, 1}});
        writeForeignLayer(path("negative_scale"), {{-0.5F, 1}});
        writeForeignLayer(path("nan_scale"), {{0.5F, nan}});
        writeForeignLayer(path("one_scale_more"), {{0.5F, 1, 2}});
        writeForeignLayer(path("undecided"), {{0.5F, 1}, 3, 11, ""});
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeHawqSample(path("hawq.pth.tar"));
        writeContainers();
        writePickles();
        writeIntegers();
        writeOurs();
        QCOMPARE(
            run("pack --input-int-file hawq.pth.tar --force-pack-fp -o packed.pth.tar").exitCode,
            0);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QStringList>("parts");
        const auto add = [](const char* name, const QString& command, const char* code,
                            const QStringList& parts) {
            QTest::newRow(name) << command << QString(code) << parts;
        };
        add("absent", "unpack missing.pth.tar", "not_found",
            {"cannot open", "missing.pth.tar", "No such file"});
        add("a folder", "unpack folder", "unknown_format", {"folder"});
        add("empty", "verify empty.pth", "corrupt_file", {"empty.pth", "is empty"});
        add("cut off", "verify cut.pth", "corrupt_file", {"cut.pth", "cut off", "300"});
        add("text", "pack --input-int-file text.pth -o X", "unknown_format",
            {"text.pth", "text file", "hello"});
        add("a real tar", "unpack archive.tar", "unsupported", {"archive.tar", "re-save"});
        add("TorchScript", "pack --input-int-file script.pt -o X", "unsupported",
            {"script.pt", "TorchScript module"});
        add("a pickle that runs something", "unpack command.pth", "unsafe_file",
            {"refused", "posix.system", "only tensors and plain containers"});
        add("a pickle too deep", "unpack deep.pth", "unsafe_file",
            {"deep.pth", "damaged or hostile pickle"});
        add("a bad memo index", "unpack memo.pth", "corrupt_file",
            {"memo.pth", "damaged or hostile pickle", "byte"});
        add("a damaged record", "unpack damaged.pth.tar", "corrupt_file",
            {"record", "data/0", "tensor w", "is damaged", "CRC-32"});
        add("a short storage", "pack --input-int-file short.pth --all -o X", "corrupt_file",
            {"tensor w", "400 bytes", "storage 0", "16"});
        add("a negative size", "pack --input-int-file negative.pth --all -o X", "corrupt_file",
            {"tensor w", "-1"});
        add("sizes that overflow", "pack --input-int-file huge.pth --all -o X", "corrupt_file",
            {"w", "too large"});
        add("no entry", "pack --input-int-file fractions.pth -o X", "not_found",
            {"no entry weight_integer", "keys w", "--key", "--all"});
        add("the flag is missing", "pack --input-int-file hawq.pth.tar -o X", "invalid_argument",
            {"module.a.weight_integer", "all integers", "--force-pack-fp"});
        add("the flag would not help", "pack --input-int-file hawq_fractions.pth.tar -o X",
            "invalid_argument", {"a.weight_integer[1] = 2.5 is not an integer"});
        add("no integers", "pack --input-int-file fractions.pth --all --force-pack-fp -o X",
            "invalid_argument", {"w[1] = 0.5 is not an integer", "3 such values", "--tolerance"});
        add("no integers, our format",
            "pack --input-int-file fractions.pth --all --force-pack-fp -o X.h5", "invalid_argument",
            {"w[1] = 0.5 is not an integer"});
        add("a type too narrow", "unpack packed.pth.tar -o X --dtype uint8", "invalid_argument",
            {"module.a.weight_integer[0, 0] = -3 does not fit", "0 to 255"});
        add("a width of 9 bits", "unpack width9.pth.tar", "corrupt_file",
            {"tensor w has the bit width 9", "8"});
        add("a span beyond 255, exact", "pack --input-int-file wide.pth --all --mode exact -o X",
            "invalid_argument", {"tensor wide", "-2 to 1000", "span of 1002", "mode safe"});
        add("too few bytes", "unpack few.pth.tar", "corrupt_file",
            {"tensor w: shape [2, 3] at 5 bits needs 4 bytes, the file has 3"});
        add("no offset", "unpack no_offset.pth.tar", "invalid_argument",
            {"tensor w has no offset entry", "--assume-offset"});
        add("no width", "unpack no_width.pth.tar", "corrupt_file",
            {"tensor w has no bit width entry"});
        add("no shape", "unpack no_shape.pth.tar", "corrupt_file", {"tensor w has no shape entry"});
        add("no tuple", "unpack wide.pth", "unknown_format",
            {"wide.pth", "not a BitPack file", "a dict with the keys wide",
             "it is a plain state dict, and nothing in it is packed", "bitloom convert"});
        add("a state dict to be verified", "verify wide.pth", "unknown_format",
            {"wide.pth", "nothing in it is packed: bitloom pack"});
        add("no tensors in it", "unpack number.pth.tar", "corrupt_file",
            {"packed entries w are no tensors"});
        add("a name twice", "unpack twice.pth.tar", "corrupt_file",
            {"the name w occurs twice among the bit widths"});
        add("a name that is no UTF-8", "pack --input-int-file bytes.pth --all -o X", "corrupt_file",
            {"bytes.pth", "UTF-8"});
        add("sparse", "pack --input-int-file sparse.pth --all -o X", "unsupported",
            {"tensor w is a sparse tensor", "to_dense()"});
        add("a negative scale", "convert negative_scale X.h5", "corrupt_file",
            {"fc.weight", "-0.5", "negative"});
        add("a scale that is no number", "convert nan_scale X.h5", "non_finite",
            {"fc.weight", "nan"});
        add("a scale of 0 for codes that differ", "convert zero_scale X.h5", "corrupt_file",
            {"fc.weight", "scale", "in row 0 is 0", "codes differ"});
        add("a scale too many", "convert one_scale_more X.h5", "corrupt_file",
            {"fc.weight_scale", "(3, 1)", "2 scales"});
        add("HDF5 of others", "verify other.h5", "unknown_format", {"other.h5", "somebody.else"});
        add("HDF5 of a later version", "verify newer.h5", "unsupported", {"newer.h5", "2"});
        add("HDF5 with a wrong checksum", "verify crc.h5", "corrupt_file",
            {"w is damaged", "CRC-32", "00000007"});
        add("HDF5 with another number of words", "verify words.h5", "corrupt_file",
            {"w", "2", "1", "words"});
        add("safetensors, a header too long", "convert long.safetensors X.h5", "corrupt_file",
            {"long.safetensors", "the header is 1000 bytes long, the file has 2 after the length"});
        add("inspected: safetensors, a header too long", "inspect long.safetensors", "corrupt_file",
            {"long.safetensors", "the header is 1000 bytes long, the file has 2 after the length"});
        add("safetensors that overlap", "convert overlap.safetensors X.h5", "corrupt_file",
            {"tensor b", "4"});
        add("safetensors with a hole", "convert hole.safetensors X.h5", "corrupt_file",
            {"8", "12"});
        add("safetensors, a key twice", "convert twice.safetensors X.h5", "corrupt_file",
            {"a", "twice"});
        add("safetensors of an unknown dtype", "convert dtype.safetensors X.h5", "unsupported",
            {"b", "F7"});
        add("compressed-tensors, both layouts fit", "convert undecided X.h5", "invalid_argument",
            {"fc.weight_packed: both layouts of its codes fit", "--ct-layout=padded",
             "--ct-layout=dense"});
        add("GPTQ, both conventions fit",
            "convert " + QString::fromStdString(dataFile("interchange/gptq_unknown").string()) +
                " X.h5",
            "invalid_argument", {"--gptq-zeros v1", "v2"});
        add("no offset, looked at", "convert no_offset.pth.tar X.h5 --dry-run", "invalid_argument",
            {"tensor w has no offset entry", "--assume-offset"});
        add("onto the input", "pack --input-int-file hawq.pth.tar --force-pack-fp -o hawq.pth.tar",
            "invalid_argument", {"is the input"});
        add("no such folder", "pack --input-int-file hawq.pth.tar --force-pack-fp -o nowhere/X",
            "not_found", {"nowhere"});
    }

    void refused()
    {
        QFETCH(QString, command);
        QFETCH(QString, code);
        QFETCH(QStringList, parts);
        const QStringList before = QDir(m_folder.path()).entryList();
        const ProgramRun done = run(command.toStdString() + " --json --quiet");
        QVERIFY2(done.exitCode == 1, done.err.constData());
        QVERIFY2(done.err.startsWith("bitloom: ") && done.err.count('\n') == 1,
                 done.err.constData());
        QCOMPARE(QString::fromStdString(done.json()["error"]["code"].get<std::string>()), code);
        for (const QString& part : parts) {
            QVERIFY2(done.err.contains(part.toUtf8()),
                     (part.toUtf8() + " is missing in " + done.err).constData());
        }
        QCOMPARE(QDir(m_folder.path()).entryList(), before); // nothing was written or run
    }

    void legalAfterAll_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("note");
        QTest::newRow("set padding") << "unpack padded.pth.tar"
                                     << "1 of the 8 bits behind its codes are not 0";
        QTest::newRow("an offset that is given") << "unpack no_offset.pth.tar --assume-offset 7"
                                                 << "";
        QTest::newRow("a damaged record, asked for") << "unpack damaged.pth.tar --ignore-crc"
                                                     << "CRC-32";
        QTest::newRow("a tolerance")
            << "pack --input-int-file near.pth --all --force-pack-fp --tolerance 0.25 -o near.h5"
            << "";
        QTest::newRow("an empty dict") << "pack --input-int-file empty_dict.pth --all -o e.pth.tar"
                                       << "0 tensors packed";
        QTest::newRow("a span beyond 255, safe")
            << "pack --input-int-file wide.pth --all -o w.pth.tar"
            << "0 tensors packed";
        QTest::newRow("a span beyond 255, ours") << "pack --input-int-file wide.pth --all -o w.h5"
                                                 << "";
        QTest::newRow("a layout that is given") << "convert undecided decided.h5 --ct-layout dense"
                                                << "";
        QTest::newRow("a zero scale of equal codes") << "verify good.h5"
                                                     << "";
    }

    void legalAfterAll()
    {
        QFETCH(QString, command);
        QFETCH(QString, note);
        const json report = result(command.toStdString());
        QVERIFY(!report.empty());
        QVERIFY2(note.isEmpty() ||
                     report["notes"].dump().find(note.toStdString()) != std::string::npos,
                 report.dump().c_str());
    }

    void everyShapeGoesThereAndBack_data()
    {
        QTest::addColumn<QString>("output");
        QTest::newRow("BitPack") << "shapes.packed";
        QTest::newRow("ours") << "shapes.h5";
    }

    /// Empty, without dimensions, transposed, sharing a storage, complex.
    void everyShapeGoesThereAndBack()
    {
        QFETCH(QString, output);
        if (output.endsWith(".h5")) { // our format holds no complex numbers
            io::StateDict state = io::readStateDict(path("shapes.pth"));
            state.tensors.pop_back();
            io::writeStateDict(path("real.pth"), state);
        } else {
            fs::copy_file(path("shapes.pth"), path("real.pth"),
                          fs::copy_options::overwrite_existing);
        }
        QVERIFY(!result("pack --input-int-file real.pth --all -o " + output.toStdString()).empty());
        const json same =
            result("verify " + output.toStdString() + " --original-int-file real.pth --all");
        QCOMPARE(same["verified"], json(true));
    }

    void everyDifferenceIsListed()
    {
        writeParts(path("different.pth.tar"),
                   {{"weight_integer",
                     {{"a.weight_integer", realsOf({-3, 2, 9, 0}).reshape({2, 2})},
                      {"b.weight_integer", realsOf({7, -8, 1})},
                      {"c.weight_integer", realsOf({1})}}}});
        const ProgramRun done =
            run("verify packed.pth.tar --original-int-file different.pth.tar --json --quiet");
        QCOMPARE(done.exitCode, 1);
        for (const char* part :
             {"[1, 0] is 1, the original has 9 (1 of 4 values differ)",
              "has the shape [2], the original has [3]", "c.weight_integer",
              "is missing in the packed file", "is not in the original", "a.fc_scaling_factor",
              "module."}) { // names that differ by this prefix alone are the same, with a note
            QVERIFY2(done.out.contains(part), (part + ("\n" + done.out)).constData());
        }
    }

    void theRestStaysLoadable()
    {
        // Of two tensors one is damaged.
        std::vector<io::NamedTensor> tensors{{"good", tensorOf({1, 2, 3, 4}, {4})},
                                             {"bad", tensorOf({-128, 127, 2, -111}, {4})}};
        writeState("two.pth", tensors);
        QVERIFY(!result("pack --input-int-file two.pth --all -o two.h5").empty());
        std::string bytes = readFile(path("two.h5"));
        const std::size_t at = bytes.find("\x00\xff\x82\x11"s);
        QVERIFY(at != std::string::npos);
        bytes[at + 1] = '\x7e';
        writeFile(path("two.h5"), bytes);
        const ProgramRun refused = run("unpack two.h5 -o two_back.pth --quiet");
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("bad is damaged"), refused.err.constData());
        QVERIFY(!fs::exists(path("two_back.pth")));
        const json report = result("unpack two.h5 -o two_back.pth --salvage");
        QVERIFY2(report["notes"].dump().find("bad is damaged") != std::string::npos,
                 report.dump().c_str());
        const io::StateDict back = io::readStateDict(path("two_back.pth"));
        QCOMPARE(back.tensors.size(), std::size_t{1});
        QCOMPARE(valuesOf(back.tensors[0].second), (std::vector<std::int64_t>{1, 2, 3, 4}));
    }

    void aFullDiskLeavesWhatWasThere()
    {
        writeState("large.pth",
                   {{"w", tensorOf(std::vector<std::int64_t>(200'000, 3), {200'000}, at::kInt)},
                    {"v", realsOf(std::vector<double>(100'000, 0.5))}});
        writeFile(path("kept.pth.tar"), "old");
        const QStringList before = QDir(m_folder.path()).entryList();
        const ProgramRun done =
            runOther("/bin/sh", m_folder.path(),
                     {"-c", "trap '' XFSZ; ulimit -f 128; exec " + builtFile("bitloom") +
                                " pack --input-int-file large.pth --all -o kept.pth.tar --quiet"});
        QCOMPARE(done.exitCode, 1);
        QVERIFY2(done.err.contains("cannot write kept.pth.tar: File too large with ") &&
                     done.err.contains("bytes still to be written"),
                 done.err.constData());
        QCOMPARE(QDir(m_folder.path()).entryList(), before);
        QCOMPARE(readFile(path("kept.pth.tar")), std::string("old"));
    }
};

} // namespace bitloom::test

QTEST_GUILESS_MAIN(bitloom::test::TestCliPackedInput)
#include "tst_cli_packed_input.moc"
