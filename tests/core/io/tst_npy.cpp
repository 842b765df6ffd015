// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/npy.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QProcess>
#include <QTemporaryDir>

using namespace bitloom;
using namespace bitloom::io;
using namespace std::string_literals;

Q_DECLARE_METATYPE(bitloom::ErrorCode)

namespace {

std::string npy(const std::string& dict, const std::string& payload)
{
    return "\x93NUMPY\1\0"s + static_cast<char>(dict.size()) + "\0"s + dict + payload;
}

at::Tensor readText(const std::string& bytes)
{
    return readNpy(std::as_bytes(std::span(bytes)));
}

constexpr const char* kPython = R"(
import sys, numpy as np
folder = sys.argv[1]
ours = np.load(folder + '/ours.npy')
assert ours.dtype == np.float32 and ours.flags.c_contiguous and ours.tolist() == [[0, 1, 2], [3, 4, 5]], ours
assert np.load(folder + '/scalar.npy').shape == ()
for code in ['<f4', '>f4', '<f8', '<f2', '|i1', '>i2', '<i4', '<i8', '|u1', '<u2', '>u4', '<u8', '|b1', '<c8', '>c16']:
    for order in 'CF':
        array = np.arange(24).reshape(2, 3, 4).astype(code)
        np.save(f'{folder}/{code[1:]}{"big" if code[0] == ">" else ""}-{order}.npy', np.asarray(array, order=order))
with open(folder + '/version2.npy', 'wb') as out:
    np.lib.format.write_array(out, np.arange(24, dtype=np.float32).reshape(2, 3, 4), version=(2, 0))
)";

} // namespace

class TestNpy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("a.npy").toStdString();
        for (const at::Tensor& tensor :
             {at::arange(24, at::kFloat).reshape({2, 3, 4}),
              at::arange(6, at::kFloat).reshape({2, 3}).t(), at::ones({0, 3}, at::kFloat),
              at::ones({}, at::kDouble), at::arange(5, at::kLong)}) {
            writeNpy(path, tensor);
            const at::Tensor back = readNpy(path);
            QVERIFY(back.scalar_type() == tensor.scalar_type());
            QVERIFY(at::equal(back, tensor));
        }
        BITLOOM_EXPECT_ERROR(writeNpy(path, at::ones({1}, at::kBFloat16)), ErrorCode::Unsupported,
                             "no element type BFloat16");
    }

    void writesTheDocumentedBytes()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("a.npy").toStdString();
        writeNpy(path, at::ones({1}, at::kFloat));
        const std::string bytes = test::readFile(path);
        QCOMPARE(bytes.size(), std::size_t{128 + 4});
        QCOMPARE(bytes.substr(0, 10), "\x93NUMPY\1\0\x76\0"s);
        QVERIFY(bytes.substr(10).starts_with(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }  "));
        QCOMPARE(bytes[127], '\n');
    }

    void agreesWithNumpy()
    {
        BITLOOM_NEED_PYTHON(python, "numpy");
        const QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        writeNpy(root / "ours.npy", at::arange(6, at::kFloat).reshape({2, 3}));
        writeNpy(root / "scalar.npy", at::ones({}, at::kFloat));
        QProcess process;
        process.start(python, {"-c", kPython, folder.path()});
        QVERIFY2(process.waitForFinished(60'000) && process.exitCode() == 0,
                 process.readAllStandardError().constData());
        const at::Tensor expected = at::arange(24, at::kDouble).reshape({2, 3, 4});
        int files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(root)) {
            const std::string name = entry.path().filename().string();
            if (name == "ours.npy" || name == "scalar.npy") {
                continue;
            }
            const at::Tensor tensor = readNpy(entry.path());
            const bool isBool = tensor.scalar_type() == at::kBool;
            QVERIFY2(at::equal(tensor.to(at::kComplexDouble),
                               (isBool ? expected.to(at::kBool) : expected).to(at::kComplexDouble)),
                     name.c_str());
            QVERIFY2(tensor.is_contiguous(), name.c_str());
            ++files;
        }
        QCOMPARE(files, 31);
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
        constexpr auto kCorrupt = ErrorCode::CorruptFile;
        const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
        row("text", "hello there", ErrorCode::UnknownFormat,
            "the file is a text file (starts with 'hello there')");
        row("only the magic", "\x93NUMPY", kCorrupt, "cut off in its header");
        row("unknown version", "\x93NUMPY\x9\0...."s, ErrorCode::Unsupported, ".npy format");
        row("header longer than the file", "\x93NUMPY\1\0\xff\xff{}"s, kCorrupt,
            "its header has 65535 bytes, the file has 2 left");
        row("cut off", npy(good, "1234567"), kCorrupt, "needs 8 bytes, the file has 7");
        row("too long", npy(good, "123456789"), kCorrupt, "needs 8 bytes, the file has 9");
        row("overflowing shape",
            npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
                ""),
            kCorrupt, "too large");
        row("negative size", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", ""),
            kCorrupt, "no size >= 0");
        row("objects", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", ""),
            ErrorCode::Unsupported, "'|O'");
        row("records",
            npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", ""),
            ErrorCode::Unsupported, "records");
        row("key missing", npy("{'descr': '<f4', 'shape': (1,), }", "1234"), kCorrupt,
            "not all of");
        row("key twice", npy("{'descr': '<f4', 'descr': '<f4', }", "1234"), kCorrupt,
            "repeated key");
        row("no dict", npy("os.system('x')", "1234"), kCorrupt, "something else than '{'");
        row("text after the dict", npy(good + "x", "12345678"), kCorrupt, "text after the dict");
    }

    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(ErrorCode, code);
        QFETCH(QString, text);
        BITLOOM_EXPECT_ERROR(readText(bytes.toStdString()), code, text.toStdString());
    }

    void namesTheFile()
    {
        BITLOOM_EXPECT_ERROR(readNpy("/nonexistent/x.npy"), ErrorCode::NotFound,
                             "/nonexistent/x.npy");
    }
};

QTEST_GUILESS_MAIN(TestNpy)
#include "tst_npy.moc"
