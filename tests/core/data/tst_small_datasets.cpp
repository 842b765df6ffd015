// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/dataset.h"

#include "tests/core/data/data_builders.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <array>

using namespace bitloom;
using namespace bitloom::test;
namespace fs = std::filesystem;

class TestSmallDatasets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mnistReadsPlainAndGzippedFiles();
    void mnistMalformed_data();
    void mnistMalformed();
    void cifarReadsAnySubsetOfBatches();
    void cifarMalformed_data();
    void cifarMalformed();
    void descriptionsThatCannotWork_data();
    void descriptionsThatCannotWork();
    void indexOutOfRange();
    void realMnist();
    void realCifar();

private:
    static fs::path folderOf(const QTemporaryDir& folder) { return folder.path().toStdString(); }
};

void TestSmallDatasets::mnistReadsPlainAndGzippedFiles()
{
    const QTemporaryDir folder;
    writeFile(folderOf(folder) / "t10k-images-idx3-ubyte", idxImages(12));
    writeFile(folderOf(folder) / "t10k-labels-idx1-ubyte.gz", gzipped(idxLabels(12)));
    const auto data = openDataset("mnist:" + folderOf(folder).string(), DatasetSplit::Test);
    QCOMPARE(data->size(), 12);
    QCOMPARE(data->classCount(), 10);
    QCOMPARE(data->label(11), 1);
    QCOMPARE(data->className(3), std::string("3"));
    QCOMPARE(data->itemId(11), std::string("t10k-images-idx3-ubyte #11"));
    const ImageU8 image = data->get(3);
    QVERIFY((image.shape == ImageShape{4, 4, 1}));
    QCOMPARE(int{image.pixels[5]}, 7 * 3 + 5);
}

void TestSmallDatasets::mnistMalformed_data()
{
    QTest::addColumn<QByteArray>("images");
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const std::string& images, const std::string& labels,
                        ErrorCode code, const char* text) {
        QTest::newRow(name) << QByteArray::fromStdString(images)
                            << QByteArray::fromStdString(labels) << static_cast<int>(code)
                            << QString(text);
    };
    const std::string images = idxImages(12);
    const std::string labels = idxLabels(12);
    const std::string packed = gzipped(images);
    std::string damaged = packed;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
    std::string wrongSum = packed;
    wrongSum[wrongSum.size() - 6] = static_cast<char>(wrongSum[wrongSum.size() - 6] ^ 1);
    std::string label12 = labels;
    label12[8 + 5] = 12;
    const std::string sides = bigEndian32(0x803) + bigEndian32(1);
    row("empty file", "", labels, ErrorCode::CorruptFile, "t10k-images");
    row("only half a header", images.substr(0, 9), labels, ErrorCode::CorruptFile, "9 of 16 bytes");
    row("labels in place of images", labels + std::string(8, 0), labels, ErrorCode::CorruptFile,
        "magic number 0x801, expected 0x803");
    row("truncated", images.substr(0, images.size() - 1), labels, ErrorCode::CorruptFile,
        "truncated");
    row("too long", images + "x", labels, ErrorCode::CorruptFile, "goes on after");
    row("truncated gzip", packed.substr(0, packed.size() - 20), labels, ErrorCode::CorruptFile,
        "truncated");
    row("gzip without its trailer", packed.substr(0, packed.size() - 8), labels,
        ErrorCode::CorruptFile, "truncated");
    row("damaged gzip", damaged, labels, ErrorCode::CorruptFile, "t10k-images");
    row("wrong gzip checksum", wrongSum, labels, ErrorCode::CorruptFile, "damaged");
    row("no images", idxImages(0), labels, ErrorCode::CorruptFile, "count 0");
    row("side 0", sides + bigEndian32(0) + bigEndian32(4), labels, ErrorCode::CorruptFile,
        "side 0");
    row("side too large", sides + bigEndian32(70000) + bigEndian32(4), labels,
        ErrorCode::CorruptFile, "70000");
    row("claims 3.9 GB",
        bigEndian32(0x803) + bigEndian32(4000000000U) + bigEndian32(1) + bigEndian32(1), labels,
        ErrorCode::UnsafeFile, "4000000000");
    row("claims 800 MB, holds none",
        bigEndian32(0x803) + bigEndian32(800000000U) + bigEndian32(1) + bigEndian32(1), labels,
        ErrorCode::CorruptFile, "the file holds 0");
    row("fewer labels than images", images, idxLabels(11), ErrorCode::BadDataset, "12 images");
    row("label out of range", images, label12, ErrorCode::CorruptFile, "item 5 has the label 12");
}

void TestSmallDatasets::mnistMalformed()
{
    QFETCH(QByteArray, images);
    QFETCH(QByteArray, labels);
    QFETCH(int, code);
    QFETCH(QString, text);
    const QTemporaryDir folder;
    writeFile(folderOf(folder) / "t10k-images-idx3-ubyte", images.toStdString());
    writeFile(folderOf(folder) / "t10k-labels-idx1-ubyte", labels.toStdString());
    BITLOOM_EXPECT_ERROR(openDataset("mnist:" + folderOf(folder).string(), DatasetSplit::Test),
                         static_cast<ErrorCode>(code), text.toStdString());
}

void TestSmallDatasets::cifarReadsAnySubsetOfBatches()
{
    const QTemporaryDir folder;
    writeFile(folderOf(folder) / "data_batch_2.bin", cifarRecords(3));
    writeFile(folderOf(folder) / "data_batch_5.bin", cifarRecords(12));
    const auto data = openDataset("cifar10:" + folderOf(folder).string(), DatasetSplit::Train);
    QCOMPARE(data->size(), 15);
    QCOMPARE(data->label(2), 2);
    QCOMPARE(data->label(3), 0);
    QCOMPARE(data->itemId(2), std::string("data_batch_2.bin #2"));
    QCOMPARE(data->itemId(14), std::string("data_batch_5.bin #11"));
    QCOMPARE(data->className(9), std::string("truck"));
    const ImageU8 image = data->get(3 + 11);
    QVERIFY((image.shape == ImageShape{32, 32, 3}));
    for (std::size_t c = 0; c < 3; ++c) {
        QCOMPARE(std::size_t{image.pixels[(2 * 32 + 5) * 3 + c]}, (11 + 50 * c + 2 * 32 + 5) % 256);
    }
}

void TestSmallDatasets::cifarMalformed_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("text");
    std::string badLabel = cifarRecords(3);
    badLabel[2 * 3073] = 10;
    const auto row = [](const char* name, const std::string& content, const char* text) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QString(text);
    };
    row("empty", "", "test_batch.bin");
    row("last record truncated", cifarRecords(2).substr(0, 2 * 3073 - 1),
        "no multiple of the record size 3073");
    row("CIFAR-100 records of 3074 bytes", cifarRecords(2) + "ab",
        "no multiple of the record size 3073");
    row("label out of range", badLabel, "record 2 has the label 10");
}

void TestSmallDatasets::cifarMalformed()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, text);
    const QTemporaryDir folder;
    writeFile(folderOf(folder) / "test_batch.bin", content.toStdString());
    BITLOOM_EXPECT_ERROR(openDataset("cifar10:" + folderOf(folder).string(), DatasetSplit::Test),
                         ErrorCode::CorruptFile, text.toStdString());
}

void TestSmallDatasets::descriptionsThatCannotWork_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* kind, const QStringList& files,
                        ErrorCode code, const char* text) {
        QTest::newRow(name) << QString(kind) << files << static_cast<int>(code) << QString(text);
    };
    row("unknown kind", "cifar100:%1", {}, ErrorCode::InvalidArgument,
        "expected one of mnist:DIR, cifar10:DIR, images:DIR, digits:N");
    row("folder without a kind", "%1", {}, ErrorCode::InvalidArgument, "unknown dataset");
    row("kind without a folder", "mnist:", {}, ErrorCode::InvalidArgument,
        "says no more than its kind");
    row("missing folder", "cifar10:%1/missing", {}, ErrorCode::NotFound, "does not exist");
    row("a file", "cifar10:%1/notes.txt", {"notes.txt"}, ErrorCode::BadDataset, "is a file");
    row("empty folder", "cifar10:%1", {}, ErrorCode::BadDataset, "it is empty");
    row("mnist opened as cifar10", "cifar10:%1", {"t10k-images-idx3-ubyte.gz"},
        ErrorCode::BadDataset, "it holds MNIST idx files (open it as mnist:");
    row("cifar10 opened as mnist", "mnist:%1", {"data_batch_1.bin"}, ErrorCode::BadDataset,
        "it holds CIFAR-10 binary batches (open it as cifar10:");
    row("Python version of cifar10", "cifar10:%1", {"data_batch_1"}, ErrorCode::BadDataset,
        "Python version");
    row("incomplete mnist", "mnist:%1", {"t10k-images-idx3-ubyte"}, ErrorCode::BadDataset,
        "has no t10k-labels-idx1-ubyte");
    row("something else", "mnist:%1", {"b.txt", "a.txt"}, ErrorCode::BadDataset,
        "2 files, the first is a.txt");
}

void TestSmallDatasets::descriptionsThatCannotWork()
{
    QFETCH(QString, kind);
    QFETCH(QStringList, files);
    QFETCH(int, code);
    QFETCH(QString, text);
    const QTemporaryDir folder;
    for (const QString& file : files) {
        writeFile(folderOf(folder) / file.toStdString(), "content");
    }
    BITLOOM_EXPECT_ERROR(
        openDataset(kind.replace("%1", folder.path()).toStdString(), DatasetSplit::Test),
        static_cast<ErrorCode>(code), text.toStdString());
}

void TestSmallDatasets::indexOutOfRange()
{
    const QTemporaryDir folder;
    writeFile(folderOf(folder) / "test_batch.bin", cifarRecords(3));
    const auto data = openDataset("cifar10:" + folderOf(folder).string(), DatasetSplit::Test);
    for (const std::int64_t index : {std::int64_t{-1}, std::int64_t{3}}) {
        BITLOOM_EXPECT_ERROR(data->get(index), ErrorCode::InvalidArgument, "it has 3 items");
        BITLOOM_EXPECT_ERROR(data->label(index), ErrorCode::InvalidArgument, "it has 3 items");
        BITLOOM_EXPECT_ERROR(data->itemId(index), ErrorCode::InvalidArgument, "it has 3 items");
    }
    BITLOOM_EXPECT_ERROR(data->className(10), ErrorCode::InvalidArgument, "no class 10");
}

void TestSmallDatasets::realMnist()
{
    BITLOOM_NEED_REAL_DATA(data);
    QCOMPARE(openDataset("mnist:" + (data / "mnist").string(), DatasetSplit::Train)->size(), 17000);
    const auto test = openDataset("mnist:" + (data / "mnist").string(), DatasetSplit::Test);
    QCOMPARE(test->size(), 10000);
    QVERIFY((test->commonShape() == ImageShape{28, 28, 1}));
    QCOMPARE(test->label(0), 7); // the well-known first test digits: 7 2 1 0 4
    QCOMPARE(test->label(4), 4);
}

void TestSmallDatasets::realCifar()
{
    BITLOOM_NEED_REAL_DATA(data);
    const std::string description = "cifar10:" + (data / "cifar10").string();
    QCOMPARE(openDataset(description, DatasetSplit::Train)->size(), 5000);
    const auto test = openDataset(description, DatasetSplit::Test);
    QCOMPARE(test->size(), 1000);
    std::array<int, 10> histogram{};
    for (std::int64_t i = 0; i < test->size(); ++i) {
        ++histogram[static_cast<std::size_t>(test->label(i))];
    }
    QVERIFY((histogram == std::array<int, 10>{103, 89, 100, 103, 90, 86, 112, 102, 106, 109}));
}

QTEST_GUILESS_MAIN(TestSmallDatasets)
#include "tst_small_datasets.moc"
