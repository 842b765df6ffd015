// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors/safetensors_reader.h"
#include "core/io/safetensors/safetensors_writer.h"

#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

using namespace bitloom;
using namespace bitloom::io;
using namespace std::string_literals;
using nlohmann::json;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(bitloom::ErrorCode)

namespace {

std::string fileOf(const std::string& header, std::size_t dataBytes)
{
    std::string length(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) {
        length[i] = static_cast<char>((header.size() >> (8 * i)) & 0xFFU);
    }
    return length + header + std::string(dataBytes, '\x01');
}

SafetensorsHeader parse(const std::string& content)
{
    return parseSafetensorsHeader(std::as_bytes(std::span(content)));
}

std::span<const std::byte> bytes(const std::string& text)
{
    return std::as_bytes(std::span(text));
}

std::string text(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path file(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    /// Small tensors of every kind of element: wide and narrow, empty, a single value.
    void writeSample(const fs::path& path) const
    {
        SafetensorsWriter writer(path,
                                 {{"narrow", SafetensorsType::U8, {3}},
                                  {"w", SafetensorsType::F32, {2, 1}},
                                  {"steps", SafetensorsType::I64, {}},
                                  {"none", SafetensorsType::F32, {0, 4}},
                                  {"v", SafetensorsType::I32, {1}}},
                                 {{"format", "pt"}, {"author", "a \"name\" \u00e4"}});
        writer.append("steps", bytes("\x07\0\0\0\0\0\0\0"s));
        writer.append("w", bytes("\0\0\x80\x3f"s));
        writer.append("w", bytes("\0\0\0\x40"s)); // the second piece of the same tensor
        writer.append("none", {});
        writer.append("v", bytes("\xff\xff\xff\xff"s));
        writer.append("narrow", bytes("\1\2\3"s));
        writer.finish();
    }

private Q_SLOTS:
    void writesAndReads()
    {
        writeSample(file("a.safetensors"));
        const SafetensorsReader reader(file("a.safetensors"));
        std::string order;
        for (const SafetensorsEntry& entry : reader.entries()) {
            order += entry.name + " " + std::string(toString(entry.type)) + "; ";
        }
        QCOMPARE(order, "steps I64; w F32; none F32; v I32; narrow U8; "s);
        QCOMPARE(text(reader.bytesOf(*reader.find("w"))), "\0\0\x80\x3f\0\0\0\x40"s);
        QCOMPARE(text(reader.bytesOf(*reader.find("narrow"))), "\1\2\3"s);
        QCOMPARE(reader.bytesOf(*reader.find("none")).size(), std::size_t{0});
        QCOMPARE(reader.find("none")->shape, (std::vector<std::int64_t>{0, 4}));
        QVERIFY(reader.find("steps")->shape.empty());
        QVERIFY(reader.find("absent") == nullptr);
        QCOMPARE(reader.metadata().at("author"), "a \"name\" \u00e4"s);
        // Every value is aligned, the data at 64 bytes.
        for (const SafetensorsEntry& entry : reader.entries()) {
            const auto address = reinterpret_cast<std::uintptr_t>(reader.bytesOf(entry).data());
            QCOMPARE(address % static_cast<std::size_t>(bitsOf(entry.type) / 8), std::size_t{0});
        }
        QCOMPARE(parse(test::readFile(file("a.safetensors"))).dataStart % 64, std::uint64_t{0});
        writeSample(file("b.safetensors"));
        QVERIFY(test::readFile(file("a.safetensors")) == test::readFile(file("b.safetensors")));
    }

    void theMappingOutlivesTheReader()
    {
        writeSample(file("a.safetensors"));
        std::shared_ptr<const MappedFile> mapping;
        std::span<const std::byte> values;
        {
            const SafetensorsReader reader(file("a.safetensors"), MapAccess::CopyOnWrite);
            mapping = reader.mapping();
            values = reader.bytesOf(*reader.find("narrow"));
        }
        // Writing to a copy-on-write mapping leaves the file alone.
        const_cast<std::byte&>(values[0]) = std::byte{9};
        QCOMPARE(text(values), "\x09\2\3"s);
        const SafetensorsReader again(file("a.safetensors"));
        QCOMPARE(text(again.bytesOf(*again.find("narrow"))), "\1\2\3"s);
    }

    /// The package that defines the format reads what is written here, and the other way round.
    void agreesWithThePackage()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "safetensors");
        writeSample(file("ours.safetensors"));
        const auto described = [](const SafetensorsReader& reader) {
            json all = json::object();
            for (const SafetensorsEntry& entry : reader.entries()) {
                const QByteArray values = QByteArray::fromStdString(text(reader.bytesOf(entry)));
                all[entry.name] = {toString(entry.type), entry.shape, values.toHex().toStdString()};
            }
            return all;
        };
        const json seen =
            test::runScript("core/io/safetensors_package.py",
                            {QString::fromStdString(file("ours.safetensors").string()),
                             QString::fromStdString(file("theirs.safetensors").string())});
        const SafetensorsReader ours(file("ours.safetensors"));
        QCOMPARE(seen["ours"]["tensors"].dump(), described(ours).dump());
        QCOMPARE(seen["ours"]["metadata"].dump(), json(ours.metadata()).dump());
        const SafetensorsReader theirs(file("theirs.safetensors"));
        QVERIFY(theirs.entries().size() > 12);
        QCOMPARE(described(theirs).dump(), seen["theirs"]["tensors"].dump());
        QCOMPARE(json(theirs.metadata()).dump(), seen["theirs"]["metadata"].dump());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("message");
        QTest::addColumn<ErrorCode>("code");
        const auto raw = [](const char* name, const std::string& content, const char* message,
                            ErrorCode code = ErrorCode::CorruptFile) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << message << code;
        };
        const auto row = [&](const char* name, const std::string& header, std::size_t data,
                             const char* message, ErrorCode code = ErrorCode::CorruptFile) {
            raw(name, fileOf(header, data), message, code);
        };
        const std::string w = R"("w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

        raw("too short", "\1\0\0"s, "the file has 3 bytes");
        raw("header beyond the limit", "\x01\xe1\xf5\5\0\0\0\0{}"s,
            "the header is 100000001 bytes long, at most 100000000 are read");
        raw("header of 2^64 - 1 bytes", std::string(8, '\xff') + "{}",
            "the header is 18446744073709551615 bytes long");
        raw("header longer than the file", "\7\0\0\0\0\0\0\0{}"s,
            "the header is 7 bytes long, the file has 2 after the length");
        raw("no header", std::string(8, '\0'), "does not start with '{' at byte 8");
        row("space in front", " {}", 0, "does not start with '{' at byte 8");
        row("no JSON", "{\"w\":", 0, "not valid JSON at byte");
        row("text behind", "{}x", 0, "not valid JSON at byte");
        row("name that is not UTF-8", "{\"\xff\":1}", 0, "not valid JSON at byte");
        row("a number beyond double", R"({"w":1e999})", 0, "not valid JSON at byte");
        row("tensor is a number", R"({"w":7})", 0,
            "has 7 as the description of tensor w, an object was expected");
        row("tensor is a list", R"({"w":[]})", 0, "has a list as the description of tensor w");
        row("key twice", "{" + w + "," + w + "}", 8, "the key w occurs twice in the header");
        row("metadata twice", R"({"__metadata__":{},"__metadata__":{}})", 0,
            "the key __metadata__ occurs twice");
        row("metadata is a text", R"({"__metadata__":"a"})", 0,
            "has the text \"a\" as __metadata__, an object of texts was expected");
        row("metadata value is a number", R"({"__metadata__":{"a":1}})", 0,
            "has 1 as a value of __metadata__, a text was expected");
        row("metadata value is an object", R"({"__metadata__":{"a":{}}})", 0,
            "has an object as a value of __metadata__");
        row("metadata key twice", R"({"__metadata__":{"a":"1","a":"1"}})", 0,
            "the key a occurs twice in __metadata__");
        row("unknown key", R"({"w":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":1}})", 1,
            "tensor w has the key x in the header");
        row("key of a tensor twice", R"({"w":{"dtype":"U8","dtype":"U8"}})", 1,
            "tensor w has the key dtype twice");
        row("no dtype", R"({"w":{"shape":[],"data_offsets":[0,1]}})", 1, "tensor w has no dtype");
        row("no shape", R"({"w":{"dtype":"U8","data_offsets":[0,1]}})", 1, "tensor w has no shape");
        row("no offsets", R"({"w":{"dtype":"U8","shape":[]}})", 1, "tensor w has no data_offsets");
        row("unknown dtype", R"({"w":{"dtype":"I4","shape":[2],"data_offsets":[0,1]}})", 1,
            "tensor w has the dtype \"I4\", which this version does not know",
            ErrorCode::Unsupported);
        row("dtype is null", R"({"w":{"dtype":null}})", 0, "has null as the dtype of tensor w");
        row("shape is a number", R"({"w":{"shape":3}})", 0, "has 3 as the shape of tensor w");
        row("negative size", R"({"w":{"shape":[-1]}})", 0,
            "has -1 as a size of tensor w, a whole number from 0 was expected");
        row("size is a float", R"({"w":{"shape":[1.5]}})", 0, "has 1.5 as a size of tensor w");
        row("size beyond 63 bits", R"({"w":{"shape":[9223372036854775808]}})", 0,
            "tensor w has the size 9223372036854775808, which does not fit 63 bits");
        row("size beyond 64 bits", R"({"w":{"shape":[18446744073709551616]}})", 0,
            "has 18446744073709551616 as a size of tensor w");
        row("size is true", R"({"w":{"shape":[true]}})", 0, "has true as a size of tensor w");
        row("shape in a shape", R"({"w":{"shape":[[1]]}})", 0, "has a list as a size of tensor w");
        row("one offset", R"({"w":{"data_offsets":[0]}})", 0,
            "tensor w: data_offsets has 1 numbers, two were expected");
        row("three offsets", R"({"w":{"data_offsets":[0,1,2]}})", 0,
            "has 2 as data_offsets of tensor w, a list of two whole numbers was expected");
        row("negative offset", R"({"w":{"data_offsets":[-8,0]}})", 0,
            "has -8 as data_offsets of tensor w");
        row("end before begin", R"({"w":{"dtype":"U8","shape":[0],"data_offsets":[8,0]}})", 8,
            "tensor w begins at byte 8 of the data and ends before it, at byte 0");
        row("too few bytes", R"({"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}})", 20,
            "tensor w of dtype F32 and shape (2, 3) needs 24 bytes, its data_offsets [0, 20] give "
            "it 20");
        row("too many bytes", R"({"w":{"dtype":"F32","shape":[],"data_offsets":[0,8]}})", 8,
            "tensor w of dtype F32 and shape () needs 4 bytes");
        row("more values than 64 bits",
            R"({"w":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0,
            "tensor w is too large: 4294967296 times 4294967296");
        row("more bits than 64 bits",
            R"({"w":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}})", 0,
            "tensor w is too large");
        row("half a byte", R"({"w":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}})", 1,
            "tensor w of dtype F4 and shape (3) takes 12 bits, which is no whole number of bytes");
        row("beyond the file", "{" + w + "}", 7,
            "tensor w ends at byte 8 of the data, which has 7 bytes: the file is cut off");
        row("bytes of no tensor at the end", "{" + w + "}", 9,
            "the last 1 bytes of the file, from byte 8 of the data, belong to no tensor");
        row("bytes of no tensor", "{}", 1, "the last 1 bytes of the file, from byte 0");
        row("overlap", "{" + w + R"(,"v":{"dtype":"U8","shape":[4],"data_offsets":[7,11]}})", 11,
            "tensor v begins at byte 7 of the data, where tensor w still lies: it ends at byte 8");
        row("same place twice",
            "{" + w + R"(,"v":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})", 8,
            "tensor w begins at byte 0 of the data, where tensor v still lies");
        row("empty tensor inside another",
            "{" + w + R"(,"v":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}})", 8,
            "tensor v begins at byte 4 of the data, where tensor w still lies");
        row("hole", "{" + w + R"(,"v":{"dtype":"U8","shape":[1],"data_offsets":[9,10]}})", 10,
            "the bytes 8 to 9 of the data, before tensor v, belong to no tensor");
        row("hole in front", R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2,
            "the bytes 0 to 1 of the data, before tensor w, belong to no tensor");
    }

    void refuses()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, message);
        QFETCH(ErrorCode, code);
        test::writeFile(file("bad.safetensors"), content.toStdString());
        BITLOOM_EXPECT_ERROR(SafetensorsReader(file("bad.safetensors")), code,
                             message.toStdString());
        BITLOOM_EXPECT_ERROR(SafetensorsReader(file("bad.safetensors")), code,
                             file("bad.safetensors").string() + ": ");
    }

    void refusesWhatIsNoFile()
    {
        BITLOOM_EXPECT_ERROR(SafetensorsReader(file("absent")), ErrorCode::NotFound, "absent");
        BITLOOM_EXPECT_ERROR(SafetensorsReader(file("")), ErrorCode::UnknownFormat, "a folder");
        test::writeFile(file("empty.safetensors"), "");
        BITLOOM_EXPECT_ERROR(SafetensorsReader(file("empty.safetensors")), ErrorCode::CorruptFile,
                             "is empty");
    }

    void acceptsWhatTheFormatAllows()
    {
        QCOMPARE(parse(fileOf("{}", 0)).entries.size(), std::size_t{0});
        QCOMPARE(parse(fileOf("{}   ", 0)).dataStart, std::uint64_t{13}); // padded with spaces
        // Names may be any text, also escaped, and come in any order.
        const SafetensorsHeader header =
            parse(fileOf(R"({"b\n":{"data_offsets":[1,2],"shape":[2],"dtype":"F4"},)"
                         R"("":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]},)"
                         R"("e":{"dtype":"F64","shape":[3,0],"data_offsets":[1,1]}})",
                         2));
        QCOMPARE(header.entries.size(), std::size_t{3});
        QCOMPARE(header.entries[0].name, ""s);
        QCOMPARE(header.entries[1].name, "e"s);
        QCOMPARE(header.entries[2].name, "b\n"s);
    }

    void writesWhatWasDeclaredOrNothing()
    {
        const fs::path target = file("kept.safetensors");
        test::writeFile(target, "old");
        const auto declared = [&](std::vector<SafetensorsDeclaration> tensors) {
            return SafetensorsWriter(target, std::move(tensors));
        };
        const SafetensorsDeclaration a{"a", SafetensorsType::U8, {2}};
        BITLOOM_EXPECT_ERROR(declared({a, a}), ErrorCode::InvalidArgument, "a occurs twice");
        BITLOOM_EXPECT_ERROR(declared({{"\xff", SafetensorsType::U8, {}}}),
                             ErrorCode::InvalidArgument, "UTF-8");
        BITLOOM_EXPECT_ERROR(declared({{"__metadata__", SafetensorsType::U8, {}}}),
                             ErrorCode::InvalidArgument, "reserves");
        BITLOOM_EXPECT_ERROR(declared({{"a", SafetensorsType::U8, {-1}}}), ErrorCode::CorruptFile,
                             "negative size -1");
        BITLOOM_EXPECT_ERROR(SafetensorsWriter(file("no folder/a"), {}), ErrorCode::NotFound,
                             "does not exist");
        {
            SafetensorsWriter writer(target, {a, {"b", SafetensorsType::U8, {1}}});
            BITLOOM_EXPECT_ERROR(writer.append("b", bytes("1"s)), ErrorCode::InvalidArgument,
                                 "tensor b were given out of turn: a was expected");
            BITLOOM_EXPECT_ERROR(writer.append("a", bytes("123"s)), ErrorCode::InvalidArgument,
                                 "tensor a was declared with 2 more bytes, 3 were given");
            writer.append("a", bytes("1"s));
            BITLOOM_EXPECT_ERROR(writer.finish(), ErrorCode::InvalidArgument,
                                 "tensor a lacks 1 of its bytes");
        }
        QCOMPARE(test::readFile(target), "old"s);
        for (const auto& left : fs::directory_iterator(file(""))) { // no temporary files
            QVERIFY2(left.path().extension() == ".safetensors", left.path().c_str());
        }
        SafetensorsWriter writer(target, {a});
        writer.append("a", bytes("12"s));
        BITLOOM_EXPECT_ERROR(writer.append("a", bytes("3"s)), ErrorCode::InvalidArgument,
                             "none was expected");
        writer.finish();
        QCOMPARE(SafetensorsReader(target).entries().size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
