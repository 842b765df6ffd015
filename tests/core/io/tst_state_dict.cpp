// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/base/mapped_file.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/state_dict.h"
#include "core/io/state/state_match.h"
#include "core/io/state/torch_archive.h"
#include "core/io/state/zip_reader.h"
#include "core/io/state/zip_writer.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "tests/support/phrase_texts.h"
#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>
#include <nlohmann/json.hpp>
#include <zip.h>

#include <fstream>

using namespace bitloom;
using namespace bitloom::io;
using namespace std::string_literals;
using nlohmann::json;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(bitloom::ErrorCode)

namespace {

const std::string kLegacyHead =
    "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\2M\xe9\3.\x80\2}."s;

StateDict readBytes(const std::string& bytes)
{
    return readStateDict(std::as_bytes(std::span(bytes)));
}

std::string integer(std::int64_t value)
{
    std::string out = "\x8a\x08";
    for (int i = 0; i < 8; ++i) {
        out += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFFU);
    }
    return out;
}

struct Geometry {
    std::int64_t numel = 6;
    std::int64_t offset = 0;
    std::vector<std::int64_t> sizes = {6};
    std::vector<std::int64_t> strides = {1};
    std::string view = "";
    std::string type = "FloatStorage";
};

std::string tensorPickle(const Geometry& g)
{
    std::string out = "ctorch._utils\n_rebuild_tensor\n((U\7storagectorch\n" + g.type +
                      "\nU\1"
                      "0U\3cpu";
    out += integer(g.numel) + g.view + "tQ" + integer(g.offset) + "(";
    for (const auto size : g.sizes) {
        out += integer(size);
    }
    out += "t(";
    for (const auto stride : g.strides) {
        out += integer(stride);
    }
    out += "ttR";
    return out;
}

std::string dictPickle(const std::string& entries)
{
    std::string out = "}(";
    out += entries;
    out += "u.";
    return out;
}

std::string entryPickle(const std::string& name, const Geometry& geometry)
{
    std::string out = "U";
    out += static_cast<char>(name.size());
    return out + name + tensorPickle(geometry);
}

/// A legacy stream with one storage "0" of six floats 0..5.
std::string legacy(const std::string& object,
                   const std::string& keys = "](U\1"
                                             "0e.",
                   std::int64_t count = 6)
{
    const std::array<float, 6> values = {0, 1, 2, 3, 4, 5};
    std::string out = kLegacyHead + object + keys + integer(count).substr(2);
    out.append(reinterpret_cast<const char*>(values.data()), sizeof values);
    return out;
}

using Entries = std::vector<std::pair<std::string, std::string>>;

void writeZip(const fs::path& path, const Entries& entries, int method = ZIP_CM_STORE)
{
    zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    for (const auto& [name, bytes] : entries) {
        zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
        const auto index = zip_file_add(zip, name.c_str(), source, 0);
        zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), method, 0);
    }
    if (zip_close(zip) != 0) {
        qFatal("cannot write the test archive");
    }
}

const std::string kSixFloats("\0\0\0\0\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40\0\0\xa0\x40",
                             24);

std::string sha256OfTensor(const at::Tensor& tensor)
{
    const at::Tensor dense = tensor.contiguous();
    return sha256Hex({static_cast<const std::byte*>(dense.const_data_ptr()), dense.nbytes()});
}

} // namespace

class TestStateDict : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path file(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    static json runPython(const QStringList& arguments)
    {
        return test::runScript("core/io/make_checkpoints.py", arguments);
    }

    /// Empty when the state dict has exactly these tensors, in order where the JSON keeps it.
    static std::string differences(const StateDict& state, const json& expected)
    {
        std::string text;
        for (const auto& [name, tensor] : state.tensors) {
            if (!expected.contains(name)) {
                text += name + " unexpected; ";
                continue;
            }
            const json& want = expected.at(name);
            if (tensor.sizes().vec() != want[1].get<std::vector<std::int64_t>>() ||
                sha256OfTensor(tensor) != want[2]) {
                text += name + " differs; ";
            }
        }
        return state.tensors.size() == expected.size() ? text : text + "another number of tensors";
    }

    /// All numbers in fields of zip64; those of large records; the places of far ones.
    static std::vector<std::uint64_t> zip64FromOf(const fs::path& path)
    {
        return detectFileKind(path) == FileKind::TorchZip ? std::vector<std::uint64_t>{0, 20, 1000}
                                                          : std::vector<std::uint64_t>{};
    }

    /// The same archive as one whose numbers from this one on need zip64, as those beyond 4 GiB do.
    static fs::path withZip64(const fs::path& path, std::uint64_t from)
    {
        fs::path other = path;
        other.replace_extension("." + std::to_string(from));
        const MappedFile mapped(path);
        const ZipReader reader(mapped.bytes());
        AtomicFile target(other);
        StoredZipWriter writer(target, from);
        for (std::size_t i = 0; i < reader.entries().size(); ++i) {
            writer.add(reader.entries()[i].name, reader.readText(i));
        }
        writer.finish();
        target.commit();
        return other;
    }

private Q_SLOTS:
    void agreesWithPyTorch()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "numpy");
        runPython({"make", m_folder.path()});
        const json expected = json::parse(test::readFile(file("expected.json")));
        QCOMPARE(expected.size(), std::size_t{17});
        QStringList written;
        for (const auto& [name, tensors] : expected.items()) {
            const StateDict state = readStateDict(file(name));
            QVERIFY2(differences(state, tensors).empty(),
                     (name + ": " + differences(state, tensors)).c_str());
            if (name.starts_with("views-")) {
                QVERIFY(state.tensors[0].second.is_alias_of(state.tensors[3].second));
            }
            // Written twice, the bytes are the same.
            const fs::path ours = file("ours-" + name);
            writeStateDict(ours, state);
            const std::string first = test::readFile(ours);
            writeStateDict(ours, readStateDict(ours));
            QVERIFY2(test::readFile(ours) == first, name.c_str());
            written << QString::fromStdString(ours.string());
            for (const std::uint64_t from : zip64FromOf(ours)) {
                written << QString::fromStdString(withZip64(ours, from).string());
                const StateDict again = readStateDict(withZip64(ours, from));
                QVERIFY2(differences(again, tensors).empty(), name.c_str());
            }
        }
        // And back: PyTorch reads ours with weights_only=True.
        const json ours = runPython(QStringList{"check"} + written);
        QCOMPARE(ours.size(), static_cast<std::size_t>(written.size()));
        for (const auto& [name, tensors] : expected.items()) {
            const json& seen = ours[file("ours-" + name).string()];
            QVERIFY2(seen["tensors"] == tensors, name.c_str());
            for (const std::uint64_t from : zip64FromOf(file("ours-" + name))) {
                const std::string path = withZip64(file("ours-" + name), from).string();
                QVERIFY2(ours[path]["tensors"] == tensors, path.c_str());
            }
            if (name.starts_with("views-")) { // 5 tensors share one storage; 4 others are not empty
                QCOMPARE(seen["storages"].get<int>(), 5);
            }
        }
        QCOMPARE(detectFileKind(file("script.pt")), FileKind::TorchScript);
        QCOMPARE(detectFileKind(file("arrays.npz")), FileKind::NumpyZip);
        QCOMPARE(detectFileKind(file("views-zip.pth")), FileKind::TorchZip);
        QCOMPARE(detectFileKind(file("views-legacy.pth")), FileKind::TorchLegacy);
        BITLOOM_EXPECT_ERROR(readStateDict(file("script.pt")), ErrorCode::Unsupported,
                             "TorchScript module");
        BITLOOM_EXPECT_ERROR(readStateDict(file("sparse.pth")), ErrorCode::Unsupported,
                             "w is a sparse tensor");
        QVERIFY(readStateDict(file("quantized.pth")).tensors.at(0).second.is_quantized());
        BITLOOM_EXPECT_ERROR(readStateDict(file("list.pth")), ErrorCode::UnknownFormat,
                             "the saved object is a list");
        BITLOOM_EXPECT_ERROR(readStateDict(file("whole-module.pth")), ErrorCode::UnsafeFile,
                             "`torch.nn.modules.linear.Linear`");
        const StateDict nested = readStateDict(file("nested-zip.pth"));
        QCOMPARE(test::textsOf(nested.notes),
                 (std::vector<std::string>{"found under the key state_dict",
                                           "prefix module. removed from every name"}));
    }

    void readsTheRealFiles()
    {
        BITLOOM_NEED_REAL_DATA(data);
        const std::string small = (data / "resnet_cifar" / "resnet20-12fca82f.th").string();
        const std::string large = (data / "resnet_cifar" / "resnet32-d509ac18.th").string();
        json digests;
        const bool hasPyTorch = test::pythonWith({"torch", "numpy"}).has_value();
        if (hasPyTorch) {
            digests =
                runPython({"digest", QString::fromStdString(small), QString::fromStdString(large)});
        }
        for (const auto& [path, count] : {std::pair(small, 97), std::pair(large, 157)}) {
            const StateDict state = readStateDict(fs::path(path));
            QCOMPARE(static_cast<int>(state.tensors.size()), count);
            QCOMPARE(state.tensors.front().first, "conv1.weight"s);
            QCOMPARE(state.tensors.front().second.sizes().vec(),
                     (std::vector<std::int64_t>{16, 3, 3, 3}));
            if (hasPyTorch) {
                QCOMPARE(differences(state, digests[path]), ""s);
            }
        }
        BITLOOM_EXPECT_ERROR(readStateDict(data / "ktb" / "resnet18_small_blocks.pth"),
                             ErrorCode::UnknownFormat, "several dicts hold tensors");
    }

    void refusesFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const std::string& bytes, ErrorCode code,
                            const char* text) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << code << QString(text);
        };
        constexpr auto kCorrupt = ErrorCode::CorruptFile;
        constexpr auto kUnknown = ErrorCode::UnknownFormat;
        row("empty", "", kCorrupt, "is empty");
        row("text", "hello, this is text", kUnknown,
            "a text file (starts with 'hello, this is t')");
        row("JSON", "{\"a\": 1}", kUnknown, "a JSON file");
        row("unknown bytes", "\1\2\3\xff", kUnknown,
            "of no known format (starts with '\\x01\\x02\\x03\\xff')");
        row("tar", std::string(257, '\0') + "ustar\0"s + std::string(300, '\0'),
            ErrorCode::Unsupported, "tar format of PyTorch 0.1");
        row("HDF5", "\x89HDF\r\n\x1a\n....", kUnknown, "an HDF5 file");
        row("safetensors", "\4\0\0\0\0\0\0\0{\"\"}"s, kCorrupt,
            "the header is not valid JSON at byte");
        row("ONNX", "\x08\x07\x12\x07pytorch", kUnknown, "an ONNX model");
        row("plain pickle", "\x80\4N.", kUnknown, "a Python pickle that torch.save did not write");
        row("zip without directory", "PK\3\4" + std::string(200, 'x'), kCorrupt,
            "cut off: the zip directory is missing at its end (length 204");
        const auto tensor = [](const Geometry& g) {
            return legacy(dictPickle(entryPickle("w", g)));
        };
        row("storage too short", tensor({6, 0, {7}, {1}}), kCorrupt,
            "tensor w needs 28 bytes, storage 0 has 24");
        row("offset out of range", tensor({6, 5, {2}, {1}}), kCorrupt,
            "tensor w needs 28 bytes, storage 0 has 24");
        row("stride out of range", tensor({6, 0, {2, 3}, {4, 1}}), kCorrupt,
            "tensor w needs 28 bytes");
        row("negative offset", tensor({6, -1, {2}, {1}}), kCorrupt, "negative offset -1");
        row("negative size", tensor({6, 0, {-2}, {1}}), kCorrupt, "negative size -2");
        row("negative stride", tensor({6, 5, {2}, {-1}}), kCorrupt, "negative stride -1");
        row("overflowing size", tensor({6, 0, {1LL << 40, 1LL << 40}, {1, 1}}), kCorrupt,
            "tensor w is too large");
        row("overflowing stride", tensor({6, 0, {3}, {1LL << 62}}), kCorrupt,
            "tensor w is too large");
        row("overflowing offset", tensor({6, (1LL << 62) + 1, {2}, {1}}), kCorrupt, "too large");
        row("overflowing storage", tensor({1LL << 62, 0, {2}, {1}}), kCorrupt,
            "storage 0 is too large");
        row("storage promises more", tensor({7, 0, {2}, {1}}), kCorrupt,
            "tensor w needs 28 bytes, storage 0 has 24");
        row("giant from stride 0", tensor({6, 0, {1 << 20, 1 << 10}, {0, 0}}),
            ErrorCode::UnsafeFile, "repeats 24 stored bytes to 4294967296");
        row("bool in a float storage",
            legacy(dictPickle(
                "U\1wctorch._utils\n_rebuild_tensor_v3\n((U\7storagectorch\nFloatStorage\nU\1"
                "0U\3cpuK\6tQK\0K\2\x85K\1\x85\x89)ctorch\nbool\ntR"s)),
            kCorrupt, "is bool, its storage is not");
        row("view out of range",
            tensor({6,
                    0,
                    {3},
                    {1},
                    "(U\1"
                    "0K\5K\2t"}),
            kCorrupt, "tensor w needs");
        row("name twice", legacy(dictPickle(entryPickle("w", {}) + entryPickle("w", {}))), kCorrupt,
            "the name w occurs twice");
        row("storage twice",
            legacy(dictPickle(entryPickle("w", {})),
                   "](U\1"
                   "0U\1"
                   "0e.",
                   1),
            kCorrupt, "holds storage 0 twice");
        row("storage missing", legacy(dictPickle(entryPickle("w", {})), "]."), kCorrupt,
            "storage 0 (tensor w) is missing");
        row("storage of no tensor",
            legacy("}.", "](U\1"
                         "0e."),
            kCorrupt, "belongs to no tensor");
        row("negative count",
            legacy(dictPickle(entryPickle("w", {})),
                   "](U\1"
                   "0e.",
                   -1),
            kCorrupt, "negative size -1");
        row("cut off in a storage",
            legacy(dictPickle(entryPickle("w", {})),
                   "](U\1"
                   "0e.",
                   7),
            kCorrupt, "needs 28 bytes, the file has 24 left");
        row("two element types",
            legacy(dictPickle(entryPickle("w", {}) +
                              entryPickle("v", {3, 0, {3}, {1}, "", "DoubleStorage"}))),
            kCorrupt, "two element types");
        row("no tensors", legacy("}(U\1aK\1U\1bNu.", "]."), kUnknown, "its keys are a and b");
        row("no dict", legacy("K\1.", "]."), kUnknown, "the saved object is a plain value");
        row("other protocol", kLegacyHead.substr(0, 15) + "\x80\2K\1.", kCorrupt,
            "legacy stream of protocol 1");
        row("malicious", legacy("cposix\nsystem\nU\4true\x85R."), ErrorCode::UnsafeFile,
            "asks to run `posix.system`");
    }

    void refusesFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(ErrorCode, code);
        QFETCH(QString, text);
        test::writeFile(file("bad.pth"), bytes.toStdString());
        BITLOOM_EXPECT_ERROR(readStateDict(file("bad.pth")), code, text.toStdString());
        BITLOOM_EXPECT_ERROR(readStateDict(file("bad.pth")), code, file("bad.pth").string());
    }

    void refusesMissingFilesAndFolders()
    {
        BITLOOM_EXPECT_ERROR(readStateDict(file("absent.pth")), ErrorCode::NotFound, "absent.pth");
        BITLOOM_EXPECT_ERROR(readStateDict(file("")), ErrorCode::UnknownFormat, "it is a folder");
    }

    void readsLegacyGeometry()
    {
        const StateDict views = readBytes(legacy(
            dictPickle(entryPickle("t", {6, 1, {2, 2}, {1, 2}}) + entryPickle("v", {6,
                                                                                    1,
                                                                                    {2},
                                                                                    {1},
                                                                                    "(U\1"
                                                                                    "0K\2K\3t"}))));
        QVERIFY(
            at::equal(views.tensors[0].second, at::arange(1, 5, at::kFloat).reshape({2, 2}).t()));
        QVERIFY(at::equal(views.tensors[1].second, at::arange(3, 5, at::kFloat)));
        const StateDict empty = readBytes(legacy("}.", "]."));
        QVERIFY(empty.tensors.empty());
    }

    void readsForeignZips()
    {
        const std::string pickle = dictPickle(entryPickle("w", {}));
        const at::Tensor six = at::arange(6, at::kFloat);
        writeZip(file("a.pth"), {{"any root/data.pkl", pickle}, {"any root/data/0", kSixFloats}},
                 ZIP_CM_DEFLATE);
        QVERIFY(at::equal(readStateDict(file("a.pth")).tensors.at(0).second, six));
        std::string swapped = kSixFloats;
        for (std::size_t i = 0; i < swapped.size(); i += 4) {
            std::reverse(swapped.begin() + static_cast<std::ptrdiff_t>(i),
                         swapped.begin() + static_cast<std::ptrdiff_t>(i + 4));
        }
        writeZip(file("a.pth"), {{"data.pkl", pickle}, {"byteorder", "big"}, {"data/0", swapped}});
        QVERIFY(at::equal(readStateDict(file("a.pth")).tensors.at(0).second, six));
        writeZip(file("a.pth"),
                 {{"a/data.pkl", pickle}, {"a/byteorder", "middle"}, {"a/data/0", kSixFloats}});
        BITLOOM_EXPECT_ERROR(readStateDict(file("a.pth")), ErrorCode::CorruptFile,
                             "neither little nor big");
        writeZip(file("a.pth"), {{"a/data.pkl", pickle}});
        BITLOOM_EXPECT_ERROR(readStateDict(file("a.pth")), ErrorCode::CorruptFile,
                             "record a/data/0 (tensor w) is missing");
        writeZip(file("a.pth"), {{"a/readme", pickle}});
        BITLOOM_EXPECT_ERROR(readStateDict(file("a.pth")), ErrorCode::UnknownFormat,
                             "a zip archive that torch.save did not write");
        writeZip(file("a.pth"), {{"a/data.pkl", pickle}, {"a/data/0", std::string(4 << 20, '\0')}},
                 ZIP_CM_DEFLATE);
        BITLOOM_EXPECT_ERROR(readStateDict(file("a.pth")), ErrorCode::UnsafeFile,
                             "bytes but declares");
    }

    void mappedTensorsEqualCopies_data()
    {
        const std::string pickle = dictPickle(entryPickle("w", {}));
        std::string swapped = kSixFloats;
        for (auto at = swapped.begin(); at != swapped.end(); at += 4) {
            std::reverse(at, at + 4);
        }
        QTest::addColumn<std::string>("content");
        QTest::addColumn<bool>("lies"); // as it is needed
        const auto row = [this](const char* name, bool lies, const Entries& entries,
                                int method = ZIP_CM_STORE) {
            writeZip(file("row.pth"), entries, method);
            QTest::newRow(name) << test::readFile(file("row.pth")) << lies;
        };
        row("compressed", false, {{"a/data.pkl", pickle}, {"a/data/0", kSixFloats}},
            ZIP_CM_DEFLATE);
        row("big-endian", false, {{"data.pkl", pickle}, {"byteorder", "big"}, {"data/0", swapped}});
        StateDict state;
        state.tensors = {{"w", at::arange(6, at::kFloat)}};
        writeStateDict(file("row.pth"), state);
        QTest::newRow("stored") << test::readFile(file("row.pth")) << true;
        QTest::newRow("legacy stream") << legacy(pickle) << false;
    }

    /// Whatever cannot be used where it lies is copied, and nobody can tell but by the memory.
    void mappedTensorsEqualCopies()
    {
        QFETCH(std::string, content);
        QFETCH(bool, lies);
        test::writeFile(file("mapped.pth"), content);
        const auto tensors = [this](TensorMemory memory) {
            return readStateDict(file("mapped.pth"), memory).tensors;
        };
        const auto mapped = tensors(TensorMemory::Mapped);
        const auto copied = tensors(TensorMemory::Copied);
        QCOMPARE(mapped.size(), std::size_t{1});
        QVERIFY(at::equal(mapped[0].second, copied.at(0).second));
        QVERIFY(at::equal(mapped[0].second, at::arange(6, at::kFloat)));
        if (lies) { // the mapping is of the file, which another program may change
            const std::size_t at = content.find(kSixFloats);
            QVERIFY(at != std::string::npos);
            std::fstream edited(file("mapped.pth"),
                                std::ios::in | std::ios::out | std::ios::binary);
            edited.seekp(static_cast<std::streamoff>(at));
            edited.write("\0\0\0\x40", 4); // 2
            QVERIFY(edited.flush().good());
            QCOMPARE(mapped[0].second[0].item<float>(), 2.0F);
        }
        QCOMPARE(copied[0].second[0].item<float>(), 0.0F);
    }

    void mappedDamageIsFound()
    {
        StateDict state;
        state.tensors = {{"w", at::arange(64, at::kFloat)}, {"b", at::ones({3}, at::kBool)}};
        writeStateDict(file("good.pth"), state);
        std::string flipped = test::readFile(file("good.pth"));
        flipped[flipped.find("\0\0\x80\x3f\0\0\0\x40"s)] ^= 1;
        test::writeFile(file("flipped.pth"), flipped);
        BITLOOM_EXPECT_ERROR(
            readStateDict(file("flipped.pth"), TensorMemory::Mapped), ErrorCode::CorruptFile,
            "record archive/data/0 (tensor w) is damaged: its content does not match its CRC-32");
    }

    void detectsDamageAnywhereInAZip()
    {
        StateDict state;
        state.tensors = {{"w", at::arange(64, at::kFloat)}, {"b", at::ones({3}, at::kHalf)}};
        writeStateDict(file("good.pth"), state);
        const std::string good = test::readFile(file("good.pth"));
        for (std::size_t length = 1; length < good.size(); length += 7) {
            const auto error = test::errorOf([&] { readBytes(good.substr(0, length)); });
            QVERIFY2(error.has_value(), std::to_string(length).c_str());
        }
        std::string flipped = good;
        const std::size_t payload = good.find("\0\0\x80\x3f\0\0\0\x40"s); // values 1 and 2 of w
        QVERIFY(payload != std::string::npos);
        flipped[payload] ^= 1;
        BITLOOM_EXPECT_ERROR(
            readBytes(flipped), ErrorCode::CorruptFile,
            "record archive/data/0 (tensor w) is damaged: its content does not match its CRC-32");
        QCOMPARE((payload - 4) % 64, std::size_t{0}); // aligned as torch.save does
    }

    void writesWhatItIsGivenOrNothing()
    {
        const at::Tensor one = at::ones({1}, at::kFloat);
        test::writeFile(file("kept.pth"), "old");
        BITLOOM_EXPECT_ERROR(writeStateDict(file("kept.pth"), {{{"a", one}, {"a", one}}, {}}),
                             ErrorCode::InvalidArgument, "a occurs twice");
        BITLOOM_EXPECT_ERROR(writeStateDict(file("kept.pth"), {{{"\xff", one}}, {}}),
                             ErrorCode::InvalidArgument, "UTF-8");
        BITLOOM_EXPECT_ERROR(writeStateDict(file("kept.pth"), {{{"a", at::Tensor()}}, {}}),
                             ErrorCode::InvalidArgument, "undefined");
        QCOMPARE(test::readFile(file("kept.pth")), "old"s);
        // One small view of a large storage does not drag the storage into the file.
        writeStateDict(file("small.pth"),
                       {{{"a", at::zeros({100'000}, at::kFloat).slice(0, 5, 9)}}, {}});
        QVERIFY(fs::file_size(file("small.pth")) < 2000);
    }

    void comparesNames()
    {
        StateDict state;
        state.tensors = {{"a", at::ones({2, 3})}, {"b", at::ones({4})}, {"x", at::ones({1})}};
        const std::vector<ExpectedTensor> expected = {{"a", {2, 3}}, {"b", {5}}, {"c", {1}}};
        const StateMismatch mismatch = compareNames(expected, state);
        QCOMPARE(mismatch.text(),
                 "1 missing: c; 1 unexpected: x; 1 of another shape: b is (4), expected (5)"s);
        QVERIFY(!mismatch.empty());
        QVERIFY(
            compareNames(std::span(expected).first(1), {{{"a", at::ones({2, 3})}}, {}}).empty());
        StateDict many;
        for (int i = 0; i < 12; ++i) {
            many.tensors.emplace_back("n" + std::to_string(i), at::ones({1}));
        }
        QCOMPARE(compareNames({}, many).text(),
                 "12 unexpected: n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, ..."s);
    }
};

QTEST_GUILESS_MAIN(TestStateDict)
#include "tst_state_dict.moc"
