// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/hash.h"

#include "tests/core/io/packed_samples.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kRows = 1024;

/// Its 1.25 MiB of words take more than one chunk.
PackedTensor randomTensor(const char* name)
{
    PackedTensor tensor;
    tensor.name = name;
    tensor.shape = {kRows, 2048};
    tensor.bits = 5;
    tensor.scale = {0.01F};
    Rng rng(1);
    packIntegers(tensor, randomIntegers(tensor, rng));
    return tensor;
}

void write(const fs::path& path, const std::vector<PackedTensor>& tensors, bool compress)
{
    PackedFileWriter writer(path, sampleMeta(), {compress});
    for (const PackedTensor& tensor : tensors) {
        writer.add(tensor);
    }
    writer.finish();
}

std::string_view bytesOf(std::span<const std::uint32_t> words)
{
    return {reinterpret_cast<const char*>(words.data()), words.size_bytes()};
}

/// Changes the words of a tensor wherever they lie in the file.
void damage(const fs::path& path, std::span<const std::uint32_t> words)
{
    std::string content = readFile(path);
    const std::size_t at = content.find(bytesOf(words));
    QVERIFY(at != std::string::npos);
    for (std::size_t i = 0; i < words.size_bytes(); ++i) {
        content[at + i] = static_cast<char>(~content[at + i]);
    }
    writeFile(path, content);
}

} // namespace

/// Files of old versions, compressed files, and reading a part of a file.
class TestPackedStorage : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path file(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

private Q_SLOTS:
    void keptFilesStayReadable_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto& entry : fs::directory_iterator(dataFile("packed"))) {
            if (entry.path().extension() == ".h5") {
                QTest::newRow(entry.path().stem().c_str())
                    << QString::fromStdString(entry.path().string());
            }
        }
    }

    /// Written by other hands (tests/data/make_packed_files.py), so that a mistake of our writer
    /// cannot hide in our reader.
    void keptFilesStayReadable()
    {
        QFETCH(QString, path);
        const fs::path where = path.toStdString();
        const auto expected =
            nlohmann::json::parse(readFile(fs::path(where).replace_extension(".json")));
        const PackedFileReader reader(where);
        QCOMPARE(reader.meta().model, where.stem().string());
        const std::vector<std::string> wrong = reader.wrongChecksums();
        QVERIFY2(wrong.empty(), wrong.empty() ? "" : wrong.front().c_str());
        QCOMPARE(reader.tensors().size(), expected.size());
        for (const auto& [name, values] : expected.items()) {
            const PackedTensor tensor = reader.readTensor(name);
            if (tensor.kind == PackedKind::Raw) {
                const auto bytes = QByteArray::fromHex(
                    QByteArray::fromStdString(values["bytes"].get<std::string>()));
                QCOMPARE(QByteArray(reinterpret_cast<const char*>(tensor.data.data()),
                                    static_cast<int>(tensor.data.size())),
                         bytes);
                continue;
            }
            const std::vector<std::int32_t> integers = decodeIntegers(tensor);
            const std::vector<float> weights = dequantize(tensor);
            QCOMPARE(crc32(std::as_bytes(std::span(integers))),
                     values["integers_crc32"].get<std::uint32_t>());
            QCOMPARE(crc32(std::as_bytes(std::span(weights))),
                     values["weights_crc32"].get<std::uint32_t>());
            QVERIFY(reader.readRow(reader.readParameters(name), tensor.matrix().rows - 1) ==
                    values["last_row"].get<std::vector<std::int32_t>>());
        }
    }

    void compressionChangesNothingButTheSize()
    {
        std::vector<PackedTensor> tensors = rawSamples();
        for (const auto& [tensor, integers] : intSamples()) {
            tensors.push_back(tensor);
        }
        tensors.push_back(randomTensor("random"));
        PackedTensor sparse = randomTensor("sparse");
        sparse.shape = {kRows, 2, 1024};
        std::fill(sparse.words.begin() + 7, sparse.words.end(), 0);
        tensors.push_back(sparse);
        PackedTensor zeros;
        zeros.name = "zeros";
        zeros.kind = PackedKind::Raw;
        zeros.shape = {3, 100, 1000};
        zeros.data.resize(1200000);
        tensors.push_back(zeros);
        PackedTensor longRow = randomTensor("one long row");
        longRow.shape = {1, kRows * 2048};
        tensors.push_back(longRow);

        write(file("plain.h5"), tensors, false);
        write(file("small.h5"), tensors, true);
        write(file("again.h5"), tensors, true);
        QVERIFY(readFile(file("small.h5")) == readFile(file("again.h5")));
        QVERIFY(fs::file_size(file("small.h5")) + 2400000 < fs::file_size(file("plain.h5")));
        const PackedFileReader plain(file("plain.h5"));
        const PackedFileReader small(file("small.h5"));
        QCOMPARE(small.sha256(), plain.sha256());
        QVERIFY(small.wrongChecksums().empty());
        for (const PackedTensor& tensor : tensors) {
            const PackedTensor back = small.readTensor(tensor.name);
            QVERIFY(back.words == tensor.words && back.data == tensor.data);
            QVERIFY(back.shape == tensor.shape && back.scale == tensor.scale);
        }
    }

    void oneTensorIsReadFromItsOwnBytes()
    {
        for (const bool compress : {false, true}) {
            const PackedTensor kept = randomTensor("kept");
            PackedTensor other = kept;
            other.name = "other";
            std::reverse(other.words.begin(), other.words.end());
            const fs::path path = file("two.h5");
            write(path, {kept, other}, compress);
            damage(path, std::span(other.words).first(1024));
            const PackedFileReader reader(path);
            QVERIFY(reader.readTensor("kept").words == kept.words);
            BITLOOM_EXPECT_ERROR(reader.readTensor("other"), ErrorCode::CorruptFile, "other");
            const std::vector<std::string> wrong = reader.wrongChecksums();
            QVERIFY(!wrong.empty());
            QVERIFY2(wrong.front().starts_with("other is damaged"), wrong.front().c_str());
        }
    }

    /// All words but those of one row are damaged; of a compressed file, all chunks but one.
    void oneRowIsReadFromItsOwnBytes()
    {
        const PackedTensor tensor = randomTensor("t");
        const std::size_t perRow = tensor.words.size() / kRows;
        const std::vector<std::int32_t> integers = decodeIntegers(tensor);
        const auto rowOf = [&](std::int64_t row) {
            return std::vector<std::int32_t>(integers.begin() + row * 2048,
                                             integers.begin() + (row + 1) * 2048);
        };
        const std::span<const std::uint32_t> words(tensor.words);
        const fs::path path = file("row.h5");

        write(path, {tensor}, false);
        damage(path, words.first(100 * perRow));
        damage(path, words.subspan(101 * perRow));
        const PackedFileReader plain(path);
        QVERIFY(plain.readRow(plain.readParameters("t"), 100) == rowOf(100));
        QVERIFY(plain.readRow(plain.readParameters("t"), 99) != rowOf(99));

        // A chunk holds 819 rows of 320 words: one more would pass 1 MiB.
        write(path, {tensor}, true);
        damage(path, words.first(1024));
        const PackedFileReader compressed(path);
        QVERIFY(compressed.readRow(compressed.readParameters("t"), 819) == rowOf(819));
        QVERIFY(compressed.readRow(compressed.readParameters("t"), 1023) == rowOf(1023));
        BITLOOM_EXPECT_ERROR(compressed.readRow(compressed.readParameters("t"), 818),
                             ErrorCode::CorruptFile, "packed");
    }
};

QTEST_GUILESS_MAIN(TestPackedStorage)
#include "tst_packed_storage.moc"
