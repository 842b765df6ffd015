// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/pickle_machine.h"

#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <string>

using namespace bitloom;
using namespace bitloom::io;
using namespace std::string_literals;

Q_DECLARE_METATYPE(bitloom::ErrorCode)

namespace {

std::string repeated(std::string_view piece, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += piece;
    }
    return text;
}

/// Prints a tree the way Python would, without texts' escapes.
std::string print(const PickleValue& value)
{
    if (value.isNone()) {
        return "None";
    }
    if (const auto number = value.integer()) {
        return std::to_string(*number);
    }
    if (const auto text = value.text()) {
        return "'" + std::string(*text) + "'";
    }
    if (const auto* real = std::get_if<double>(&value.data)) {
        return QString::number(*real).toStdString();
    }
    if (const auto* boolean = std::get_if<bool>(&value.data)) {
        return *boolean ? "True" : "False";
    }
    if (const auto* bytes = value.node<PickleBytes>()) {
        return (bytes->isInteger ? "int:" : "b:") +
               QByteArray::fromStdString(std::string(bytes->bytes)).toHex().toStdString();
    }
    if (const auto* sequence = value.node<PickleSequence>()) {
        const bool tuple = sequence->kind == PickleSequence::Kind::Tuple;
        const bool list = sequence->kind == PickleSequence::Kind::List;
        std::string text(1, tuple ? '(' : list ? '[' : '{');
        for (const PickleValue& item : sequence->items) {
            text += print(item) + ",";
        }
        text += tuple ? ')' : list ? ']' : '}';
        return text;
    }
    if (const auto* dict = value.node<PickleDict>()) {
        std::string text = "{";
        for (const auto& [key, item] : dict->items) {
            text += print(key) + ":" + print(item) + ",";
        }
        text += '}';
        return text;
    }
    if (const auto* tensor = value.node<PickleTensor>()) {
        return "tensor(" + std::string(tensor->storage->key) + ")";
    }
    return "other";
}

const std::string kTensorParts = "((U\7storagectorch\nFloatStorage\nU\1"s
                                 "0U\3cpuK\6tQK\0K\3K\2\x86K\2K\1\x86\x89)t"s;
const std::string kTensor = "ctorch._utils\n_rebuild_tensor_v2\n"s + kTensorParts + "R";

} // namespace

class TestPickleMachine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsPlainValues_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char* name, const std::string& bytes, const char* printed) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString(printed);
        };
        row("none", "N.", "None");
        row("protocol 2 integers", "\x80\2(K\xffM\xff\xffJ\xfe\xff\xff\xff\x8a\2\0\x80t."s,
            "(255,65535,-2,-32768,)");
        row("empty LONG1 is 0", "\x8a\0."s, "0");
        row("integer beyond 64 bits", "\x8a\x9\1\0\0\0\0\0\0\0\1."s, "int:010000000000000001");
        row("protocol 0 numbers", "(I42\nI01\nL-7L\nF2.5\nt.", "(42,True,-7,2.5,)");
        row("protocol 0 texts", "(S'a b'\nVc\nt.", "('a b','c',)");
        row("BINFLOAT", "G\x3f\xe0\0\0\0\0\0\0."s, "0.5");
        row("texts of every length", "(U\1aX\1\0\0\0b\x8c\1c\x8d\1\0\0\0\0\0\0\0dT\1\0\0\0et."s,
            "('a','b','c','d','e',)");
        row("bytes of every length",
            "(C\1\1B\1\0\0\0\2\x8e\1\0\0\0\0\0\0\0\3\x96\1\0\0\0\0\0\0\0\4t."s,
            "(b:01,b:02,b:03,b:04,)");
        row("tuples", "K\1K\2K\3\x87\x85)N\x86\x86.", "(((1,2,3,),),((),None,),)");
        row("lists", "](K\1K\2eK\3a.", "[1,2,3,]");
        row("protocol 0 containers", "((lp0\nI1\nag0\nd.", "{[1,]:[1,],}");
        row("sets", "\x8f(K\1K\2\x90.", "{1,2,}");
        row("frozenset", "(K\1\x91.", "{1,}");
        row("dict keeps order", "}(U\1bK\1U\1aK\2uU\1cK\3s.", "{'b':1,'a':2,'c':3,}");
        row("memo", "](K\7q\5h\5j\5\0\0\0r\6\0\0\0h\6e."s, "[7,7,7,7,]");
        row("MEMOIZE counts", "(\x8c\1a\x94\x8c\1b\x94h\0h\1t."s, "('a','b','a','b',)");
        row("protocol 4 frame and STACK_GLOBAL",
            "\x80\4\x95\0\0\0\0\0\0\0\0\x8c\5torch\x8c\4Size\x93K\3\x85\x85R."s, "(3,)");
        row("POP, POP_MARK, DUP",
            "K\1K\2"
            "0(K\3K\4"
            "1"
            "2\x86.",
            "(1,1,)");
        row("OrderedDict with attributes", "ccollections\nOrderedDict\n)R(U\1aK\1u}U\1mNsb.",
            "{'a':1,}");
        row("OrderedDict from pairs",
            "ccollections\nOrderedDict\n](U\1aK\1\x86"
            "e\x85R.",
            "{'a':1,}");
        row("NEWOBJ", "c__builtin__\nset\n](K\1e\x85\x81.", "{1,}");
        row("bytes of protocol 2", "c_codecs\nencode\nX\3\0\0\0a\xc3\xbfU\6latin1\x86R."s,
            "b:61ff");
        row("numpy float64",
            "cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nU\2"
            "f8\x89\x88\x87R(K\3U\1<NNNJ\xff\xff\xff\xffJ\xff\xff"
            "\xff\xffK\0tbC\x8\0\0\0\0\0\0\xf8\x3f\x86R."s,
            "1.5");
        row("numpy big-endian int16",
            "cnumpy._core.multiarray\nscalar\ncnumpy\ndtype\nU\2i2\x85R(K\3U\1>tbC\2\1\2\x86R."s,
            "258");
        row("tensor", kTensor + ".", "tensor(0)");
        row("parameter", "ctorch._utils\n_rebuild_parameter\n" + kTensor + "\x88)\x87R.",
            "tensor(0)");
        row("tensor with attributes, as nn.Buffer is",
            "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\nctorch\n"
            "Tensor\n" +
                kTensorParts + "}U\1aK\1stR.",
            "tensor(0)");
    }

    void readsPlainValues()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, printed);
        const std::string content = bytes.toStdString();
        const UnpickledObject object = readPickle(content);
        QCOMPARE(QString::fromStdString(print(object.tree.root())), printed);
        QCOMPARE(object.consumed, content.size());
    }

    void keepsTensorGeometry()
    {
        const std::string bytes = kTensor + ".";
        const UnpickledObject object = readPickle(bytes);
        const auto* tensor = object.tree.root().node<PickleTensor>();
        QVERIFY(tensor != nullptr);
        QCOMPARE(tensor->sizes, (std::vector<std::int64_t>{3, 2}));
        QCOMPARE(tensor->strides, (std::vector<std::int64_t>{2, 1}));
        QCOMPARE(tensor->storage->numel, std::int64_t{6});
        QVERIFY(tensor->type == c10::ScalarType::Float);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const std::string& bytes, ErrorCode code,
                            const char* text) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << code << QString(text);
        };
        constexpr auto kUnsafe = ErrorCode::UnsafeFile;
        constexpr auto kCorrupt = ErrorCode::CorruptFile;
        row("attributes of what is no tensor",
            "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch\nSize\nctorch\nTensor\n)}tR.", kCorrupt,
            "a function that makes tensors");
        row("os.system", "cposix\nsystem\nU\4true\x85R.", kUnsafe, "asks to run `posix.system`");
        row("named by STACK_GLOBAL", "\x8c\2os\x8c\6system\x93.", kUnsafe, "`os.system`");
        row("INST", "(iposix\nsystem\n.", kUnsafe, "`posix.system`");
        row("builtins.eval", "cbuiltins\neval\n.", kUnsafe, "`builtins.eval`");
        row("getattr", "c__builtin__\ngetattr\n.", kUnsafe, "`__builtin__.getattr`");
        row("a name inside an allowed module", "ctorch\nload\n.", kUnsafe,
            "re-save with torch.save(model.state_dict()");
        row("dotted name", "ctorch\nSize.__class__\n.", kUnsafe, "`torch.Size.__class__`");
        row("extension code", "\x82\1.", kUnsafe, "extension registry");
        row("nested too deep", repeated("(", 1001) + ".", kUnsafe, "nested deeper than 1000");
        row("more objects than bytes", repeated("]", 3000) + ".", kUnsafe, "more objects than");
        row("endless stack", repeated("N", 5000) + ".", kUnsafe, "grows without bound");
        row("a list copied over and over",
            "](" + repeated("K\1", 900) + "eq"s + "\0"s +
                repeated("0c__builtin__\nset\nh\0\x85R"s, 200) + ".",
            kUnsafe, "over and over");
        row("empty", "", kCorrupt, "at byte 0: it is cut off");
        row("cut off in a length", "X\5\0"s, kCorrupt, "cut off");
        row("text longer than the file",
            "X\xff\xff\xff\xff"
            "abc",
            kCorrupt, "4294967295 more bytes are needed, 3 are left");
        row("64-bit length", "\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", kCorrupt, "cut off");
        row("line without end", "cposix", kCorrupt, "no end");
        row("unknown opcode", "\xff.", kCorrupt, "unknown opcode 255");
        row("unknown protocol", "\x80\x9N.", kCorrupt, "protocol 9");
        row("stack empty", ".", kCorrupt, "stack is empty");
        row("pop below a mark", "K\1(\x85.", kCorrupt, "stack is empty");
        row("no mark", "K\1t.", kCorrupt, "no mark");
        row("memo never stored", "h\3.", kCorrupt, "memo entry 3 was never stored");
        row("memo index far off", "Nr\xff\xff\xff\x7f.", kCorrupt,
            "memo index 2147483647 is out of range");
        row("append to a tuple", ")K\1a.", kCorrupt, "no list or set");
        row("odd number of entries", "}(K\1u.", kCorrupt, "not pairs");
        row("call of a number", "K\1)R.", kCorrupt, "no function");
        row("call of a storage type", "ctorch\nFloatStorage\n)R.", kCorrupt, "only ever named");
        row("invalid UTF-8", "X\2\0\0\0\xc3\x28."s, kCorrupt, "not valid UTF-8");
        row("overlong UTF-8", "U\2\xc0\x80.", kCorrupt, "not valid UTF-8");
        row("number with garbage", "I12x\n.", kCorrupt, "not a number: 12x");
        row("out-of-band buffer", "\x97.", kCorrupt, "not in the file");
        row("persistent id is no tuple", "U\1xQ.", kCorrupt, "persistent id is no storage");
        row("persistent id of another kind",
            "(U\6modulectorch\nFloatStorage\nU\1"
            "0U\3cpuK\1tQ.",
            kCorrupt, "is no storage");
        row("negative storage",
            "(U\7storagectorch\nFloatStorage\nU\1"
            "0U\3cpuJ\xff\xff\xff\xfftQ.",
            kCorrupt, "storage 0 has the negative size -1");
        row("tensor without arguments", "ctorch._utils\n_rebuild_tensor_v2\n)R.", kCorrupt,
            "has 0 arguments, 6 were expected");
        row("tensor with sizes but no strides",
            "ctorch._utils\n_rebuild_tensor_v2\n((U\7storagectorch\nFloatStorage\nU\1"
            "0U\3cpuK\6tQK\0K\3K\2\x86)\x89)tR."s,
            kCorrupt, "2 sizes but 0 strides");
        row("65 dimensions",
            "ctorch._utils\n_rebuild_tensor\n((U\7storagectorch\nFloatStorage\nU\1"
            "0U\3cpuK\6tQK\0("s +
                repeated("K\1", 65) + "t)tR.",
            kCorrupt, "65 numbers as size");
    }

    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(ErrorCode, code);
        QFETCH(QString, text);
        const std::string content = bytes.toStdString();
        BITLOOM_EXPECT_ERROR(readPickle(content), code, text.toStdString());
    }

    void everyPrefixIsRefused()
    {
        const std::string whole = "\x80\2}(X\1\0\0\0w"s + kTensor + "u.";
        for (std::size_t length = 0; length < whole.size(); ++length) {
            BITLOOM_EXPECT_ERROR(readPickle(std::string_view(whole).substr(0, length)),
                                 ErrorCode::CorruptFile, "damaged or hostile pickle at byte");
        }
    }

    void executesNothing()
    {
        const QTemporaryDir folder;
        const std::string canary = folder.filePath("canary").toStdString();
        const std::string command = "touch " + canary;
        std::string bytes = "\x80\2cposix\nsystem\nU";
        bytes += static_cast<char>(command.size());
        bytes += command;
        bytes += "\x85R.";
        BITLOOM_EXPECT_ERROR(readPickle(bytes), ErrorCode::UnsafeFile, "`posix.system`");
        QVERIFY(!std::filesystem::exists(canary));
    }

    void selfReferenceIsHarmless()
    {
        const std::string bytes = "]q\0h\0a."s;
        const UnpickledObject object = readPickle(bytes);
        const auto* list = object.tree.root().node<PickleSequence>();
        QVERIFY(list != nullptr);
        QVERIFY(list->items.front().node<PickleSequence>() == list);
    }

    void checksUtf8()
    {
        QVERIFY(isValidUtf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
        for (const char* bad : {"\x80", "\xc3", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80",
                                "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"}) {
            QVERIFY2(!isValidUtf8(bad), QByteArray(bad).toHex().constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestPickleMachine)
#include "tst_pickle_machine.moc"
