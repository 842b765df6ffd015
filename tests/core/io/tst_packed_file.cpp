// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/io/packed_samples.h"

#include "tests/support/python.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QProcess>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
namespace fs = std::filesystem;

namespace {

fs::path in(const QTemporaryDir& folder, const char* name)
{
    return fs::path(folder.path().toStdString()) / name;
}

std::size_t numFiles(const QTemporaryDir& folder)
{
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder.path().toStdString()), {}));
}

PackedTensor largeTensor()
{
    PackedTensor tensor;
    tensor.name = "large.weight";
    tensor.shape = {512, 1024};
    tensor.bits = 5;
    tensor.scale = {0.01F};
    Rng rng(1);
    packIntegers(tensor, randomIntegers(tensor, rng));
    return tensor;
}

/// The shortest definition of w, for comparison: by element, in tensor order.
float expectedWeight(const PackedTensor& tensor, std::size_t index, std::int32_t q)
{
    const MatrixView view = tensor.matrix();
    const auto i = static_cast<std::int64_t>(index);
    const std::int64_t row = i / view.inner % view.rows;
    const std::int64_t col = i / (view.inner * view.rows) * view.inner + i % view.inner;
    const std::int64_t groups =
        tensor.groupSize == 0 ? 1 : (view.cols + tensor.groupSize - 1) / tensor.groupSize;
    const std::int64_t group = tensor.groupSize == 0 ? 0
                               : tensor.gIdx.empty() ? col / tensor.groupSize
                                                     : tensor.gIdx[static_cast<std::size_t>(col)];
    const auto at = static_cast<std::size_t>(tensor.scale.size() == 1 ? 0 : row * groups + group);
    const std::int64_t zero = tensor.zeroPoint.empty() ? 0 : tensor.zeroPoint[at];
    return tensor.scale[at] * static_cast<float>(q - zero);
}

void overwrite(const fs::path& path, std::size_t at, std::string_view bytes)
{
    std::string content = readFile(path);
    content.replace(at, bytes.size(), bytes);
    writeFile(path, content);
}

} // namespace

class PackedFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everythingComesBack()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeSamples(path);
        const PackedFileReader reader(path);
        QVERIFY(reader.meta() == sampleMeta());
        QCOMPARE(reader.activations().size(), std::size_t{1});
        QVERIFY(reader.activations().front() == sampleActivation());
        QVERIFY(reader.wrongChecksums().empty());
        QCOMPARE(reader.tensors().size(), intSamples().size() + rawSamples().size());
        for (const auto& [tensor, integers] : intSamples()) {
            const PackedTensor back = reader.readTensor(tensor.name);
            QVERIFY(back.words == tensor.words && back.scale == tensor.scale &&
                    back.zeroPoint == tensor.zeroPoint && back.origin == tensor.origin &&
                    back.rowBits == tensor.rowBits && back.gIdx == tensor.gIdx &&
                    back.shape == tensor.shape);
            QVERIFY(back.unit == tensor.unit && back.encoding == tensor.encoding);
            QCOMPARE(back.bits, tensor.bits);
            QCOMPARE(back.payloadBytes, tensor.payloadBytes);
            QVERIFY2(decodeIntegers(back) == integers, tensor.name.c_str());
            const std::vector<float> weights = dequantize(back);
            for (std::size_t i = 0; i < weights.size(); ++i) {
                QCOMPARE(weights[i], expectedWeight(tensor, i, integers[i]));
            }
        }
        for (const PackedTensor& tensor : rawSamples()) {
            const PackedTensor back = reader.readTensor(tensor.name);
            QVERIFY(back.data == tensor.data && back.shape == tensor.shape);
            QCOMPARE(back.dtype, tensor.dtype);
        }
    }

    void singleRows()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeSamples(path);
        const PackedFileReader reader(path);
        for (const auto& [tensor, integers] : intSamples()) {
            const PackedTensor parameters = reader.readParameters(tensor.name);
            const MatrixView view = tensor.matrix();
            for (std::int64_t row = 0; row < view.rows; ++row) {
                const std::vector<std::int32_t> values = reader.readRow(parameters, row);
                for (std::int64_t col = 0; col < view.cols; ++col) {
                    const std::int64_t at =
                        (col / view.inner * view.rows + row) * view.inner + col % view.inner;
                    QCOMPARE(values[static_cast<std::size_t>(col)],
                             integers[static_cast<std::size_t>(at)]);
                }
            }
            BITLOOM_EXPECT_ERROR(reader.readRow(parameters, view.rows), ErrorCode::InvalidArgument,
                                 "of a matrix with");
        }
    }

    void depthwiseLayersAreStoredAsOneRow()
    {
        for (const auto& [tensor, integers] : intSamples()) {
            if (tensor.name == "depthwise.weight") {
                QVERIFY(tensor.unit == PackUnit::Tensor);
                QCOMPARE(tensor.payloadBytes, 32 * 9 * 4 / 8);
            }
        }
    }

    void sameInputSameBytes()
    {
        const QTemporaryDir folder;
        writeSamples(in(folder, "a.h5"));
        writeSamples(in(folder, "b.h5"));
        QVERIFY(readFile(in(folder, "a.h5")) == readFile(in(folder, "b.h5")));
        PackedMeta meta = sampleMeta();
        meta.created.clear();
        qputenv("SOURCE_DATE_EPOCH", "86400");
        PackedFileWriter(in(folder, "c.h5"), meta).finish();
        qputenv("SOURCE_DATE_EPOCH", "soon");
        BITLOOM_EXPECT_ERROR(PackedFileWriter(in(folder, "d.h5"), meta), ErrorCode::InvalidArgument,
                             "SOURCE_DATE_EPOCH=soon");
        qunsetenv("SOURCE_DATE_EPOCH");
        QCOMPARE(PackedFileReader(in(folder, "c.h5")).meta().created,
                 std::string("1970-01-02T00:00:00Z"));
    }

    void largePayloadsStartAtPages()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        const PackedTensor tensor = largeTensor();
        PackedFileWriter writer(path, sampleMeta());
        writer.add(tensor);
        writer.finish();
        const std::string content = readFile(path);
        const std::string_view words(reinterpret_cast<const char*>(tensor.words.data()), 4096);
        QCOMPARE(content.find(words) % 4096, std::size_t{0});
        // Metadata is small beside the payload.
        QVERIFY(content.size() < static_cast<std::size_t>(tensor.payloadBytes) + 16384);
    }

    void nothingAppearsUnlessFinished()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeFile(path, "old");
        {
            PackedFileWriter writer(path, sampleMeta());
            writer.add(largeTensor());
        }
        QCOMPARE(readFile(path), std::string("old"));
        QCOMPARE(numFiles(folder), std::size_t{1});
        BITLOOM_EXPECT_ERROR(PackedFileWriter(in(folder, "none/a.h5"), sampleMeta()),
                             ErrorCode::NotFound, "does not exist");
    }

    void aFullDiskLeavesTheOldFile()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeFile(path, "old");
        // A limit on the size of files fails the same system call as a full disk does.
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit small = before;
        small.rlim_cur = 100000;
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto caught = errorOf([&] {
            PackedFileWriter writer(path, sampleMeta());
            writer.add(largeTensor());
            writer.finish();
        });
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(caught.has_value());
        QVERIFY(caught->code() == ErrorCode::IoFailure);
        QVERIFY2(std::strstr(caught->what(), "File too large") != nullptr, caught->what());
        QVERIFY2(std::strstr(caught->what(), "a.h5") != nullptr, caught->what());
        QCOMPARE(readFile(path), std::string("old"));
        QCOMPARE(numFiles(folder), std::size_t{1});
        // The library still works.
        writeSamples(path);
        QVERIFY(PackedFileReader(path).wrongChecksums().empty());
    }

    void aReadOnlyFolderIsRefused()
    {
        if (::geteuid() == 0) {
            QSKIP("root may write to read-only folders");
        }
        const QTemporaryDir folder;
        fs::permissions(folder.path().toStdString(), fs::perms::owner_read | fs::perms::owner_exec);
        BITLOOM_EXPECT_ERROR(PackedFileWriter(in(folder, "a.h5"), sampleMeta()),
                             ErrorCode::IoFailure, "Permission denied");
        fs::permissions(folder.path().toStdString(), fs::perms::owner_all);
    }

    void foreignFilesAreRefused()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        BITLOOM_EXPECT_ERROR(PackedFileReader(path), ErrorCode::NotFound, "cannot open");
        BITLOOM_EXPECT_ERROR(PackedFileReader(folder.path().toStdString()),
                             ErrorCode::UnknownFormat, "folder");
        writeFile(path, "");
        BITLOOM_EXPECT_ERROR(PackedFileReader(path), ErrorCode::CorruptFile, "is empty");
        writeFile(path, "hello world, this is text");
        BITLOOM_EXPECT_ERROR(PackedFileReader(path), ErrorCode::UnknownFormat,
                             "starts with \"hello wo\"");
        writeFile(path, std::string("PK\x03\x04", 4) + "rest");
        BITLOOM_EXPECT_ERROR(PackedFileReader(path), ErrorCode::UnknownFormat, "zip archive");
    }

    void cutOffFilesAreRefused()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeSamples(path);
        const std::string whole = readFile(path);
        for (const std::size_t size : {std::size_t{8}, std::size_t{47}, std::size_t{48},
                                       std::size_t{500}, whole.size() / 2, whole.size() - 1}) {
            writeFile(path, whole.substr(0, size));
            BITLOOM_EXPECT_ERROR(PackedFileReader(path), ErrorCode::CorruptFile,
                                 "is cut off or damaged");
        }
    }

    void aFlippedPayloadBitNamesTheTensor()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        const PackedTensor tensor = largeTensor();
        {
            PackedFileWriter writer(path, sampleMeta());
            writer.add(tensor);
            for (const PackedTensor& raw : rawSamples()) {
                writer.add(raw);
            }
            writer.finish();
        }
        const std::string content = readFile(path);
        const std::size_t at = content.find(
            std::string_view(reinterpret_cast<const char*>(tensor.words.data()), 4096));
        QVERIFY(at != std::string::npos);
        overwrite(path, at + 100, std::string(1, static_cast<char>(content[at + 100] ^ 4)));
        const PackedFileReader reader(path);
        BITLOOM_EXPECT_ERROR(reader.readTensor("large.weight"), ErrorCode::CorruptFile,
                             "large.weight is damaged: the CRC-32 of its payload");
        QCOMPARE(reader.readTensor("u8").data.size(), std::size_t{1}); // the others stay loadable
        const std::vector<std::string> wrong = reader.wrongChecksums();
        QCOMPARE(wrong.size(), std::size_t{2});
        QVERIFY(wrong[0].find("large.weight") != std::string::npos);
        QVERIFY(wrong[1].find("SHA-256") != std::string::npos);
    }

    /// Texts have no checksum in HDF5, and its library never comes back from some damaged ones.
    void damagedTextsAreRefused()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeSamples(path);
        const std::string intact = readFile(path);
        const std::string_view kHeap("GCOL\x01\0\0\0", 8);
        std::size_t heaps = 0;
        for (std::size_t at = intact.find(kHeap); at != std::string::npos;
             at = intact.find(kHeap, at + 1)) {
            ++heaps;
            // The size of the heap, and that of its first text.
            for (const std::size_t length : {at + 8, at + 24}) {
                for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1} << 40,
                                                  ~std::uint64_t{0}, ~std::uint64_t{15}}) {
                    if (value == 0 && length == at + 24) {
                        continue; // an empty text is none of another's business
                    }
                    std::string damaged = intact;
                    std::memcpy(damaged.data() + length, &value, sizeof value);
                    damaged[at + 5] = '\x01'; // reserved: the library takes any
                    writeFile(in(folder, "b.h5"), damaged);
                    const auto error = errorOf([&] { PackedFileReader{in(folder, "b.h5")}; });
                    QVERIFY(error.has_value());
                    QVERIFY2(std::string(error->what())
                                     .find("is damaged: the texts at byte " + std::to_string(at)) !=
                                 std::string::npos,
                             error->what());
                }
            }
        }
        QVERIFY(heaps > 0);
    }

    /// The library takes the memory that a reference to a text asks for, and reads beyond its own
    /// for a number that there is not. The headers of attributes have a checksum in our files, the
    /// three datasets that are texts have none.
    void wrongReferencesToTextsAreRefused()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeSamples(path);
        const std::string intact = readFile(path);
        const auto errorWith = [&](std::size_t at, std::uint32_t number) {
            std::string damaged = intact;
            std::memcpy(damaged.data() + at, &number, sizeof number);
            writeFile(in(folder, "b.h5"), damaged);
            const auto error = errorOf([&] { PackedFileReader{in(folder, "b.h5")}; });
            return error ? std::string(error->what()) : std::string();
        };
        const auto numberAt = [&intact](std::size_t at) {
            std::uint32_t number = 0;
            std::memcpy(&number, intact.data() + at, sizeof number);
            return number;
        };
        int tooLong = 0;
        int absent = 0;
        int elsewhere = 0;
        const std::string_view kHeap("GCOL\x01\0\0\0", 8);
        for (std::uint64_t heap = intact.find(kHeap); heap != std::string::npos;
             heap = intact.find(kHeap, heap + 1)) {
            const std::string address(reinterpret_cast<const char*>(&heap), sizeof heap);
            for (std::size_t at = intact.find(address); at != std::string::npos;
                 at = intact.find(address, at + 1)) {
                const std::uint32_t length = numberAt(at - 4);
                const std::uint32_t number = numberAt(at + 8);
                if (length == 0 || number == 0 || number > 100) {
                    continue; // other bytes that look like the address
                }
                const auto says = [](const std::string& error, const char* text) {
                    return error.find(text) != std::string::npos ? 1 : 0;
                };
                tooLong += says(errorWith(at - 4, 0xFFFFFFFF), "refers to a text of 4294967295 ");
                tooLong += says(errorWith(at - 4, length + 100), "refers to a text of ");
                absent += says(errorWith(at + 8, 60'000), "refers to text 60000 of those at byte ");
                elsewhere += says(errorWith(at, 0x7F000000), "refers to texts at byte 2130706432");
            }
        }
        QVERIFY(tooLong > 20);
        QVERIFY(absent > 10);
        QCOMPARE(elsewhere, 3);
    }

    void largeTensorsArePackedInPieces_data()
    {
        QTest::addColumn<QVector<int>>("shape");
        QTest::addColumn<int>("axis");
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("unit");
        const auto row = [](const char* name, QVector<int> shape, int axis, int bits,
                            PackUnit unit) {
            QTest::newRow(name) << std::move(shape) << axis << bits << static_cast<int>(unit);
        };
        row("padded rows", {300, 1001}, 0, 5, PackUnit::Row);
        row("one row a piece", {3, 70000}, 0, 4, PackUnit::Row);
        row("one stream", {20001, 3, 3}, 0, 3, PackUnit::Tensor);
        row("wide codes", {300, 1001}, 0, 11, PackUnit::Row);
        row("widths per row", {300, 1001}, 0, PackedTensorHeader::kBitsPerRow, PackUnit::Row);
        row("axis 1", {40, 100, 60}, 1, 5, PackUnit::Row);
    }

    /// The words of a whole matrix, whatever the pieces that its integers are
    /// asked for in.
    void largeTensorsArePackedInPieces()
    {
        QFETCH(QVector<int>, shape);
        QFETCH(int, axis);
        QFETCH(int, bits);
        QFETCH(int, unit);
        PackedTensor tensor;
        tensor.name = "w";
        tensor.shape.assign(shape.begin(), shape.end());
        tensor.axis = axis;
        tensor.bits = bits;
        tensor.encoding = CodeEncoding::Unsigned;
        const MatrixView view = tensor.matrix();
        for (std::int64_t i = 0; bits < 0 && i < view.rows; ++i) {
            tensor.rowBits.push_back(static_cast<std::uint8_t>(1 + i % 7));
        }
        Rng rng(5);
        const std::vector<std::int32_t> integers = randomIntegers(tensor, rng);
        std::int64_t nextRow = 0;
        int pieces = 0;
        packIntegers(tensor, [&](std::int64_t first, std::int64_t rows) {
            const bool inOrder = first == nextRow;
            nextRow = first + rows;
            ++pieces;
            return inOrder
                       ? std::span(integers).subspan(static_cast<std::size_t>(first * view.cols),
                                                     static_cast<std::size_t>(rows * view.cols))
                       : std::span<const std::int32_t>();
        });
        QCOMPARE(nextRow, view.rows);
        QCOMPARE(pieces > 1, axis == 0);
        QCOMPARE(static_cast<int>(tensor.unit), unit);
        QVERIFY(decodeIntegers(tensor) == integers);
        if (axis == 0) {
            const std::vector<std::uint16_t> codes(integers.begin(), integers.end());
            std::vector<std::uint32_t> words(tensor.words.size());
            packMatrix(std::span<const std::uint16_t>(codes), tensor.layout(), words);
            QVERIFY(tensor.words == words);
        }
        std::vector<std::int32_t> wrong = integers;
        wrong.back() = 1 << 20;
        BITLOOM_EXPECT_ERROR(packIntegers(tensor, wrong), ErrorCode::InvalidArgument,
                             "w[" + std::to_string(wrong.size() - 1) + "] = 1048576");
        BITLOOM_EXPECT_ERROR(
            packIntegers(tensor,
                         [&](std::int64_t, std::int64_t) { return std::span(integers).first(7); }),
            ErrorCode::ShapeMismatch, "7 integers given");
    }

    void integersThatDoNotFitAreNamed()
    {
        PackedTensor tensor;
        tensor.name = "conv1.weight";
        tensor.shape = {2, 3};
        tensor.bits = 3;
        const std::vector<std::int32_t> high{0, 1, 2, 3, 4, -4};
        BITLOOM_EXPECT_ERROR(packIntegers(tensor, high), ErrorCode::InvalidArgument,
                             "conv1.weight[4] = 4 cannot be held by 3 bits offset_binary, which "
                             "give -4 to 3");
        tensor.axis = 1;
        const std::vector<std::int32_t> low{0, 1, 2, 3, 0, -5};
        BITLOOM_EXPECT_ERROR(packIntegers(tensor, low), ErrorCode::InvalidArgument,
                             "conv1.weight[5] = -5");
        tensor.encoding = CodeEncoding::Bipolar;
        const std::vector<std::int32_t> even{7, -7, 1, 2, 3, 5};
        BITLOOM_EXPECT_ERROR(packIntegers(tensor, even), ErrorCode::InvalidArgument,
                             "conv1.weight[3] = 2");
        const std::vector<std::int32_t> few{1};
        BITLOOM_EXPECT_ERROR(packIntegers(tensor, few), ErrorCode::ShapeMismatch,
                             "6 elements, 1 integers");
    }

    void inconsistentTensorsAreNotWritten_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<QString>("message");
        QTest::newRow("bits") << 0 << "codes of 17 bits";
        QTest::newRow("infinite scale") << 1 << "finite number was expected";
        QTest::newRow("negative scale") << 2 << "must not be negative";
        QTest::newRow("scale count") << 3 << "scale of t has 3 values";
        QTest::newRow("zero point count") << 4 << "zero_point of t has 2 values";
        QTest::newRow("negative size") << 5 << "negative size -2";
        QTest::newRow("axis") << 6 << "axis 2";
        QTest::newRow("words") << 7 << "needs 2 packed words, there are 1";
        QTest::newRow("row widths") << 8 << "2 row widths for 2 rows"; // and one width for all
        QTest::newRow("origin") << 9 << "only the encoding min_shift";
        QTest::newRow("dtype") << 10 << "float8_e4m3fn";
        QTest::newRow("unknown kind") << 11 << "cannot decode";
        QTest::newRow("zero byte in name") << 12 << "zero byte";
        QTest::newRow("not UTF-8") << 13 << "not valid UTF-8";
        QTest::newRow("elements from nothing") << 14 << "cannot hold that many";
        QTest::newRow("g_idx without groups") << 15 << "but no group size or no scales";
        QTest::newRow("g_idx count") << 16 << "g_idx of t has 2 values for 3 columns";
        QTest::newRow("g_idx group") << 17 << "g_idx of t: column 1 is in group 2 of 2";
    }

    void inconsistentTensorsAreNotWritten()
    {
        QFETCH(int, change);
        QFETCH(QString, message);
        PackedTensor tensor;
        tensor.name = "t";
        tensor.shape = {2, 3};
        tensor.bits = 4;
        tensor.scale = {1};
        tensor.words = {0, 0};
        switch (change) {
        case 0:
            tensor.bits = 17;
            break;
        case 1:
            tensor.scale = {INFINITY};
            break;
        case 2:
            tensor.scale = {-1};
            break;
        case 3:
            tensor.scale = {1, 1, 1};
            break;
        case 4:
            tensor.zeroPoint = {1, 2};
            break;
        case 5:
            tensor.shape = {-2, 3};
            break;
        case 6:
            tensor.axis = 2;
            break;
        case 7:
            tensor.words = {0};
            break;
        case 8:
            tensor.rowBits = {4, 4};
            message = "states one width and a width per row";
            break;
        case 9:
            tensor.origin = {1};
            break;
        case 10:
            tensor.kind = PackedKind::Raw;
            tensor.dtype = "float8_e4m3fn";
            break;
        case 11:
            tensor.kind = PackedKind::Unknown;
            break;
        case 12:
            tensor.name = std::string("a\0b", 3);
            break;
        case 13:
            tensor.name = "\xFF";
            break;
        case 14:
            tensor.shape = {1LL << 20, 1LL << 20};
            tensor.bits = 0;
            tensor.words.clear();
            break;
        case 15:
            tensor.gIdx = {0, 0, 0};
            break;
        case 16:
        case 17:
            tensor.groupSize = 2;
            tensor.scale = {1, 1, 1, 1};
            tensor.gIdx = {1, 2, 0};
            tensor.gIdx.resize(change == 16 ? 2 : 3);
            break;
        default:
            QFAIL("no such case");
        }
        const QTemporaryDir folder;
        PackedFileWriter writer(in(folder, "a.h5"), sampleMeta());
        const auto caught = errorOf([&] { writer.add(tensor); });
        QVERIFY(caught.has_value());
        QVERIFY2(QString(caught->what()).contains(message), caught->what());
    }

    void namesAreUnique()
    {
        const QTemporaryDir folder;
        PackedFileWriter writer(in(folder, "a.h5"), sampleMeta());
        writer.add(rawSamples().front());
        BITLOOM_EXPECT_ERROR(writer.add(rawSamples().front()), ErrorCode::InvalidArgument,
                             "two tensors are named bn.weight");
        PackedMeta meta = sampleMeta();
        meta.config = "{";
        BITLOOM_EXPECT_ERROR(PackedFileWriter(in(folder, "b.h5"), meta), ErrorCode::InvalidArgument,
                             "meta/config is not valid JSON");
    }

    void filesMadeByOthersAreChecked() { runPython("core/io/edit_packed.py"); }

    void pythonReadsEveryKind()
    {
        BITLOOM_NEED_PYTHON(python, "h5py", "numpy");
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeSamples(path);
        QProcess process;
        process.start(
            python, {testScript("core/io/read_packed.py"), QString::fromStdString(path.string())});
        QVERIFY(process.waitForFinished(60000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const auto found = nlohmann::json::parse(process.readAllStandardOutput().toStdString());
        QCOMPARE(found["attrs"]["format"].get<std::string>(), std::string("bitloom.packed"));
        QCOMPARE(found["attrs"]["model"].get<std::string>(), sampleMeta().model);
        QCOMPARE(found["meta"]["config"]["plan"]["bits"][1].get<int>(), 8);
        QCOMPARE(found["activations"]["layer1/relu"]["bits"].get<int>(), 6);
        QCOMPARE(found["activations"]["layer1/relu"]["range"][1].get<float>(), 6.25F);
        QCOMPARE(found["int"].size(), intSamples().size());
        for (const auto& [tensor, integers] : intSamples()) {
            const auto& entry = found["int"][tensor.name];
            QVERIFY2(entry["q"].get<std::vector<std::int32_t>>() == integers, tensor.name.c_str());
            QVERIFY2(entry["w"].get<std::vector<float>>() == dequantize(tensor),
                     tensor.name.c_str());
        }
        QCOMPARE(found["raw"].size(), rawSamples().size());
        QCOMPARE(found["raw"]["half"]["values"][1].get<double>(), -2.5);
        QCOMPARE(found["raw"]["half"]["numpy"].get<std::string>(), std::string("float16"));
        QCOMPARE(found["raw"]["brain"]["values"][0].get<double>(), double{0x3F80});
        QCOMPARE(found["raw"]["double"]["values"][1].get<double>(), -1e300);
        QCOMPARE(found["raw"]["bn.num_batches_tracked"]["values"][0].get<double>(), 123456789012.0);
    }

private:
    /// Damages a file with h5py in named ways; each line of the script's output is
    /// "file<TAB>expected text".
    void runPython(const char* script)
    {
        BITLOOM_NEED_PYTHON(python, "h5py", "numpy");
        const QTemporaryDir folder;
        const fs::path path = in(folder, "a.h5");
        writeSamples(path);
        QProcess process;
        process.start(python, {testScript(script), QString::fromStdString(path.string())});
        QVERIFY(process.waitForFinished(60000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        int files = 0;
        while (process.canReadLine()) {
            const QStringList parts = QString(process.readLine()).trimmed().split('\t');
            QCOMPARE(parts.size(), 2);
            ++files;
            const auto caught = errorOf([&] {
                const PackedFileReader reader(parts[0].toStdString());
                for (const PackedTensorHeader& header : reader.tensors()) {
                    reader.readTensor(header.name);
                }
            });
            QVERIFY2(caught.has_value(), qPrintable(parts[0] + " was read without an error"));
            QVERIFY2(QString(caught->what()).contains(parts[1]),
                     qPrintable(QString(caught->what()) + "\nexpected: " + parts[1]));
        }
        QVERIFY(files >= 15);
    }
};

QTEST_GUILESS_MAIN(PackedFileTest)
#include "tst_packed_file.moc"
