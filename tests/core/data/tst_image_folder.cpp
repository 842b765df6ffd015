// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/batch_loader.h"
#include "core/data/dataset.h"
#include "core/data/image_decoder.h"

#include "core/data/image_transform.h"

#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QProcess>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include <fstream>
#include <map>

using namespace bitloom;
using namespace bitloom::test;
namespace fs = std::filesystem;

namespace {
std::span<const std::byte> bytesOf(const std::string& text)
{
    return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

std::string fromHex(const std::string& text)
{
    return QByteArray::fromHex(QByteArray::fromStdString(text)).toStdString();
}

int largestDifference(const std::vector<std::uint8_t>& pixels, const std::string& expected)
{
    int largest = pixels.size() == expected.size() ? 0 : 256;
    for (std::size_t i = 0; i < std::min(pixels.size(), expected.size()); ++i) {
        largest =
            std::max(largest, std::abs(pixels[i] -
                                       static_cast<int>(static_cast<std::uint8_t>(expected[i]))));
    }
    return largest;
}
} // namespace

class TestImageFolder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void decodesAsPil_data();
    void decodesAsPil();
    void everyTruncationIsAnError_data();
    void everyTruncationIsAnError();
    void damagedBytesNeverCrash();
    void pixelLimits();
    void classFoldersInOrder();
    void splits();
    void labelsFile();
    void labelsFileMalformed_data();
    void labelsFileMalformed();
    void foldersThatCannotWork();
    void unreadableImagesAreSkipped();
    void realImages();
    void realImagesAsPil();

private:
    static fs::path folderOf(const QTemporaryDir& folder) { return folder.path().toStdString(); }
    std::string file(const std::string& name) const { return m_files.at(name); }
    void put(const fs::path& path, const std::string& content) const
    {
        fs::create_directories(path.parent_path());
        writeFile(path, content);
    }

    nlohmann::json m_vectors;
    std::map<std::string, std::string> m_files;
};

void TestImageFolder::initTestCase()
{
    m_vectors = nlohmann::json::parse(readFile(dataFile("image_vectors.json")));
    for (const auto& c : m_vectors.at("files")) {
        m_files[c.at("name")] = fromHex(c.at("file"));
    }
}

void TestImageFolder::decodesAsPil_data()
{
    QTest::addColumn<int>("which");
    int which = 0;
    for (const auto& c : m_vectors.at("files")) {
        QTest::newRow(c.at("name").get<std::string>().c_str()) << which++;
    }
}

void TestImageFolder::decodesAsPil()
{
    QFETCH(int, which);
    const auto& c = m_vectors.at("files").at(static_cast<std::size_t>(which));
    ImageU8 image;
    const std::string content = fromHex(c.at("file"));
    decodeImage(bytesOf(content), image);
    QVERIFY((image.shape == ImageShape{c.at("height"), c.at("width"), 3}));
    // PNG is exact; libjpeg-turbo's versions may round chroma differently.
    const int tolerance = c.at("name").get<std::string>().starts_with("png") ? 0 : 1;
    QVERIFY(largestDifference(image.pixels, fromHex(c.at("pixels"))) <= tolerance);
}

void TestImageFolder::everyTruncationIsAnError_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("jpeg") << "jpeg 4:2:0";
    QTest::newRow("progressive jpeg") << "jpeg 4:4:4 progressive";
    QTest::newRow("png") << "png RGBA";
}

void TestImageFolder::everyTruncationIsAnError()
{
    QFETCH(QString, name);
    const std::string whole = file(name.toStdString());
    // The end marker (JPEG) and the IEND chunk (PNG) carry no pixels and may be missing.
    const std::size_t needed = whole.size() - 24;
    for (std::size_t length = 0; length < needed; ++length) {
        ImageU8 image;
        const auto error = errorOf([&] { decodeImage(bytesOf(whole.substr(0, length)), image); });
        QVERIFY2(error.has_value(),
                 qPrintable(QString("the first %1 bytes were accepted").arg(length)));
        QVERIFY(error->code() == (length < 4 ? error->code() : ErrorCode::CorruptFile));
    }
}

void TestImageFolder::damagedBytesNeverCrash()
{
    for (const auto& [name, content] : m_files) {
        for (std::size_t position = 0; position < content.size(); ++position) {
            for (const char value : {'\x00', '\x7F', '\xFF'}) {
                std::string damaged = content;
                damaged[position] = value;
                ImageU8 image;
                const auto error = errorOf([&] { decodeImage(bytesOf(damaged), image); });
                if (!error) {
                    QCOMPARE(image.pixels.size(),
                             image.rowBytes() * static_cast<std::size_t>(image.shape.height));
                }
            }
        }
    }
}

void TestImageFolder::pixelLimits()
{
    BITLOOM_EXPECT_ERROR(detail::requireImageSize(65500, 65500, 1U << 30), ErrorCode::UnsafeFile,
                         "65500 x 65500 pixels; at most 89478485");
    BITLOOM_EXPECT_ERROR(detail::requireImageSize(9000, 9000, 1000), ErrorCode::UnsafeFile,
                         "which 1000 bytes cannot hold");
    detail::requireImageSize(9000, 9000, 100000);
    // A JPEG whose header was changed to 60000 x 60000.
    std::string bomb = file("jpeg 4:2:0");
    const std::size_t frame = bomb.find("\xFF\xC0");
    QVERIFY(frame != std::string::npos);
    for (std::size_t i = 5; i < 9; i += 2) {
        bomb[frame + i] = '\xEA';
        bomb[frame + i + 1] = '\x60';
    }
    ImageU8 image;
    BITLOOM_EXPECT_ERROR(decodeImage(bytesOf(bomb), image), ErrorCode::UnsafeFile, "60000 x 60000");
    QVERIFY(image.pixels.empty());
}

void TestImageFolder::classFoldersInOrder()
{
    const QTemporaryDir folder;
    put(folderOf(folder) / "zebra" / "1.PNG", file("png RGB"));
    put(folderOf(folder) / "ant" / "deep" / "2.jpeg", file("jpeg grey"));
    put(folderOf(folder) / "ant" / "1.jpg", file("jpeg 4:2:0"));
    put(folderOf(folder) / "ant" / "notes.txt", "left aside");
    fs::create_directories(folderOf(folder) / "mule");
    for (const DatasetSplit split : {DatasetSplit::Train, DatasetSplit::Test}) {
        const auto data = openDataset("images:" + folderOf(folder).string(), split);
        QCOMPARE(data->size(), 3);
        QCOMPARE(data->classCount(), 3);
        QCOMPARE(data->itemId(0), std::string("ant/1.jpg"));
        QCOMPARE(data->itemId(1), std::string("ant/deep/2.jpeg"));
        QCOMPARE(data->label(1), 0);
        QCOMPARE(data->label(2), 2);
        QCOMPARE(data->className(2), std::string("zebra"));
        QVERIFY((data->get(1).shape == ImageShape{11, 14, 3}));
    }
}

void TestImageFolder::splits()
{
    const QTemporaryDir folder;
    put(folderOf(folder) / "train" / "b" / "1.png", file("png RGB"));
    put(folderOf(folder) / "train" / "a" / "1.png", file("png RGB"));
    put(folderOf(folder) / "val" / "b" / "9.png", file("png RGB"));
    const std::string description = "images:" + folderOf(folder).string();
    QCOMPARE(openDataset(description, DatasetSplit::Train)->size(), 2);
    const auto test = openDataset(description, DatasetSplit::Test);
    QCOMPARE(test->itemId(0), std::string("val/b/9.png"));
    QCOMPARE(test->label(0), 1); // numbered over both splits: val/ alone has no class a
    fs::remove_all(folderOf(folder) / "train");
    BITLOOM_EXPECT_ERROR(openDataset(description, DatasetSplit::Train), ErrorCode::BadDataset,
                         "there is no train/ folder beside val/");
}

void TestImageFolder::labelsFile()
{
    const QTemporaryDir folder;
    put(folderOf(folder) / "val" / "n2" / "1.png", file("png RGB"));
    put(folderOf(folder) / "val" / "n2" / "unlisted.png", file("png RGB"));
    put(folderOf(folder) / "val" / "n1" / "1.png", file("png RGB"));
    put(folderOf(folder) / "labels.csv",
        "path,index,name\r\nval/n2/1.png,3,\"crane, the bird\"\r\n\n"
        "val/n1/1.png,0,cat\nval/n1/missing.png,0,cat\ntrain/n1/5.png,0,cat");
    const auto data = openDataset("images:" + folderOf(folder).string(), DatasetSplit::Test);
    QCOMPARE(data->size(), 4);
    QCOMPARE(data->classCount(), 4);
    QCOMPARE(data->className(3), std::string("crane, the bird"));
    QCOMPARE(data->itemId(0), std::string("val/n1/1.png"));
    QCOMPARE(data->label(0), 0);
    QCOMPARE(data->label(2), 3);
    QCOMPARE(data->itemId(3), std::string("val/n2/unlisted.png"));
    QCOMPARE(data->label(3), 3);
    BITLOOM_EXPECT_ERROR(data->get(1), ErrorCode::NotFound, "missing.png");
    put(folderOf(folder) / "val" / "n3" / "1.png", file("png RGB"));
    BITLOOM_EXPECT_ERROR(openDataset("images:" + folderOf(folder).string(), DatasetSplit::Test),
                         ErrorCode::BadDataset, "lists neither val/n3/1.png");
}

void TestImageFolder::labelsFileMalformed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const char* text, ErrorCode code, const char* message) {
        QTest::newRow(name) << QString(text) << static_cast<int>(code) << QString(message);
    };
    row("one column", "a/1.png,0,x\na/2.png", ErrorCode::CorruptFile, "line 2 has one column");
    row("index is a word", "a/1.png,0,x\na/2.png,dog,x", ErrorCode::CorruptFile,
        "class index \"dog\"");
    row("negative index", "a/1.png,-1,x", ErrorCode::CorruptFile, "class index \"-1\"");
    row("huge index", "a/1.png,1000000000000,x", ErrorCode::CorruptFile, "1000000000000");
    row("index beyond 64 bits", "p,i\na/1.png,99999999999999999999,x", ErrorCode::CorruptFile,
        "9999999");
    row("two labels for one file", "a/1.png,0,x\na/1.png,1,y", ErrorCode::CorruptFile,
        "an earlier line the class 0");
    row("leaves the folder", "a/1.png,0,x\na/../../secret.png,0,x", ErrorCode::UnsafeFile,
        "leaves the folder");
    row("absolute path", "a/1.png,0,x\n/etc/secret.png,0,x", ErrorCode::UnsafeFile,
        "leaves the folder");
    row("only a header", "path,index,name\n", ErrorCode::CorruptFile, "lists no files");
}

void TestImageFolder::labelsFileMalformed()
{
    QFETCH(QString, text);
    QFETCH(int, code);
    QFETCH(QString, message);
    const QTemporaryDir folder;
    put(folderOf(folder) / "a" / "1.png", file("png RGB"));
    put(folderOf(folder) / "labels.csv", text.toStdString());
    BITLOOM_EXPECT_ERROR(openDataset("images:" + folderOf(folder).string(), DatasetSplit::Test),
                         static_cast<ErrorCode>(code), message.toStdString());
}

void TestImageFolder::foldersThatCannotWork()
{
    const QTemporaryDir folder;
    const std::string description = "images:" + folderOf(folder).string();
    BITLOOM_EXPECT_ERROR(openDataset(description, DatasetSplit::Test), ErrorCode::BadDataset,
                         "it is empty");
    put(folderOf(folder) / "test_batch.bin", "x");
    BITLOOM_EXPECT_ERROR(openDataset(description, DatasetSplit::Test), ErrorCode::BadDataset,
                         "cifar10:");
    put(folderOf(folder) / "1.png", file("png RGB"));
    BITLOOM_EXPECT_ERROR(openDataset(description, DatasetSplit::Test), ErrorCode::BadDataset,
                         "1.png is in no class folder");
    BITLOOM_EXPECT_ERROR(openDataset(description + "/missing", DatasetSplit::Test),
                         ErrorCode::NotFound, "does not exist");
}

void TestImageFolder::unreadableImagesAreSkipped()
{
    const QTemporaryDir folder;
    for (int i = 0; i < 100; ++i) {
        put(folderOf(folder) / "a" / (std::to_string(100 + i) + ".jpg"),
            i == 40 ? file("jpeg grey").substr(0, 300) : file("jpeg grey"));
    }
    Preprocessing preprocessing = presetFor("resnet18", std::vector<std::int64_t>{1, 3, 224, 224});
    preprocessing.resizeShorterSide = 12;
    preprocessing.centerCrop = 8;
    const std::string description = "images:" + folderOf(folder).string();
    const auto readAll = [&] {
        BatchLoader loader(openDataset(description, DatasetSplit::Test), preprocessing,
                           {.batchSize = 16});
        std::int64_t images = 0;
        while (auto batch = loader.next()) {
            images += batch->images.size(0);
        }
        const bool listed = loader.skipped().size() == 1 &&
                            loader.skipped()[0].itemId == "a/140.jpg" &&
                            loader.skipped()[0].reason.find("JPEG") != std::string::npos;
        return listed ? images : -images;
    };
    QCOMPARE(readAll(), 99);
    put(folderOf(folder) / "a" / "150.jpg", "not a picture");
    BITLOOM_EXPECT_ERROR(
        readAll(), ErrorCode::BadDataset,
        "2 of 100 images cannot be read, more than the 1 % that may be skipped. The first:\n"
        "  a/140.jpg: is a");
}

void TestImageFolder::realImages()
{
    BITLOOM_NEED_REAL_DATA(data);
    const auto images =
        openDataset("images:" + (data / "imagenet_sample").string(), DatasetSplit::Test);
    QCOMPARE(images->size(), 200);
    for (std::int64_t i = 0; i < 200; ++i) {
        QCOMPARE(images->label(i) % 5, 0);
    }
    QCOMPARE(images->className(5), std::string("electric_ray"));
    BatchLoader loader(images, presetFor("resnet18", std::vector<std::int64_t>{1, 3, 224, 224}),
                       {.batchSize = 8, .limit = 12});
    std::int64_t read = 0;
    while (auto batch = loader.next()) {
        read += batch->images.size(0);
    }
    QCOMPARE(read, 12);
    QVERIFY(loader.skipped().empty());
}

void TestImageFolder::realImagesAsPil()
{
    BITLOOM_NEED_REAL_DATA(data);
    BITLOOM_NEED_PYTHON(python, "PIL");
    const char* script = R"(
import sys
from PIL import Image
image = Image.open(sys.argv[1]).convert("RGB")
w, h = image.size
size = (256, int(256 * h / w)) if w <= h else (int(256 * w / h), 256)
sys.stdout.buffer.write(image.tobytes() + image.resize(size, Image.BILINEAR).tobytes())
)";
    // Colour, and the three grey ones of the sample.
    const fs::path folder = data / "imagenet_sample" / "val";
    for (const char* name :
         {"n01440764/n01440764_tench.JPEG", "n02692877/n02692877_airship.JPEG",
          "n03908714/n03908714_pencil_sharpener.JPEG", "n01558993/n01558993_robin.JPEG"}) {
        QProcess pil;
        pil.start(python, {"-c", script, QString::fromStdString((folder / name).string())});
        QVERIFY(pil.waitForFinished(60000));
        QVERIFY2(pil.exitCode() == 0, pil.readAllStandardError().constData());
        const std::string expected = pil.readAllStandardOutput().toStdString();
        ImageU8 image;
        decodeImageFile(folder / name, image);
        QVERIFY(expected.size() > image.pixels.size());
        QVERIFY(largestDifference(image.pixels, expected.substr(0, image.pixels.size())) <= 1);
        const ImageShape small = shorterSideShape(image.shape, 256);
        ImageU8 resized;
        BilinearResizer().resize(image, small.height, small.width, resized);
        QVERIFY(largestDifference(resized.pixels, expected.substr(image.pixels.size())) <= 1);
    }
}

QTEST_GUILESS_MAIN(TestImageFolder)
#include "tst_image_folder.moc"
