// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/image_transform.h"
#include "core/data/preprocessing.h"
#include "core/data/resize.h"

#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

using namespace bitloom;
using Shape = std::vector<std::int64_t>;

namespace {
std::vector<std::uint8_t> fromHex(const std::string& text)
{
    const QByteArray bytes = QByteArray::fromHex(QByteArray::fromStdString(text));
    return {bytes.begin(), bytes.end()};
}

ImageU8 gradient(int height, int width, int channels)
{
    ImageU8 image;
    image.reshape({height, width, channels});
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        image.pixels[i] = static_cast<std::uint8_t>(i * 3 & 0xFFU);
    }
    return image;
}

/// A Preprocessing that leaves pixel / 255.
Preprocessing plain(int channels)
{
    Preprocessing result;
    result.channels = channels;
    result.mean.assign(static_cast<std::size_t>(channels), 0.0);
    result.standardDeviation.assign(static_cast<std::size_t>(channels), 1.0);
    return result;
}

int greyLevel(float value)
{
    return static_cast<int>(value * 255.0F + 0.5F);
}
} // namespace

class TestPreprocessing : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void resizesAsPil();
    void resizerForgetsEarlierSizes();
    void shorterSideAsTorchvision();
    void centerCropAsTorchvision();
    void cropsAndPads();
    void convertsColours();
    void augmentationMovesAndFlips();
    void randomResizedCropKeepsTheSize_data();
    void randomResizedCropKeepsTheSize();
    void presets();
    void presetsNeedAnImage();
    void jsonRoundTrip();
    void badJson_data();
    void badJson();
    void sizesMustBecomeEqual();

private:
    nlohmann::json m_vectors;
};

void TestPreprocessing::initTestCase()
{
    m_vectors = nlohmann::json::parse(test::readFile(test::dataFile("resize_vectors.json")));
}

void TestPreprocessing::resizesAsPil()
{
    for (const auto& c : m_vectors.at("resize")) {
        ImageU8 image;
        image.shape = {c.at("height"), c.at("width"), c.at("channels")};
        image.pixels = fromHex(c.at("pixels"));
        ImageU8 result;
        BilinearResizer().resize(image, c.at("new_height"), c.at("new_width"), result);
        const std::vector<std::uint8_t> expected = fromHex(c.at("result"));
        // Some versions of Pillow resize rows first where that is less work; one rounding then
        // falls differently.
        const double heightRatio = c.at("new_height").get<double>() / c.at("height").get<double>();
        const double widthRatio = c.at("new_width").get<double>() / c.at("width").get<double>();
        const int tolerance = heightRatio < std::min(1.0, widthRatio) ? 1 : 0;
        QCOMPARE(result.pixels.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QVERIFY(std::abs(result.pixels[i] - expected[i]) <= tolerance);
        }
    }
}

void TestPreprocessing::resizerForgetsEarlierSizes()
{
    BilinearResizer reused;
    ImageU8 first;
    ImageU8 second;
    reused.resize(gradient(40, 30, 3), 7, 9, first);
    reused.resize(gradient(20, 30, 1), 50, 9, first);
    BilinearResizer().resize(gradient(20, 30, 1), 50, 9, second);
    QCOMPARE(first.pixels, second.pixels);
}

void TestPreprocessing::shorterSideAsTorchvision()
{
    for (const auto& c : m_vectors.at("shorter_side")) {
        const ImageShape result =
            shorterSideShape({c.at("height"), c.at("width"), 3}, c.at("size"));
        QCOMPARE(result.height, c.at("result")[0].get<int>());
        QCOMPARE(result.width, c.at("result")[1].get<int>());
    }
}

void TestPreprocessing::centerCropAsTorchvision()
{
    for (const auto& c : m_vectors.at("center_crop")) {
        QCOMPARE(centeredOffset(c.at("outer"), c.at("inner")), c.at("offset").get<int>());
    }
    QCOMPARE(centeredOffset(30, 33), -1); // one row of zeros before, two after
}

void TestPreprocessing::cropsAndPads()
{
    Preprocessing preprocessing = plain(1);
    preprocessing.centerCrop = 4;
    ImageTransform transform(preprocessing, std::nullopt);
    const ImageU8 image = gradient(7, 3, 1); // taller and narrower than the crop
    std::vector<float> out(16);
    transform.apply(image, nullptr, out);
    for (int y = 0; y < 4; ++y) {
        for (int x = 0; x < 4; ++x) {
            const int expected = x < 3 ? ((y + 2) * 3 + x) * 3 % 256 : 0; // offset 1.5 rounds to 2
            QCOMPARE(greyLevel(out[static_cast<std::size_t>(y * 4 + x)]), expected);
        }
    }
}

void TestPreprocessing::convertsColours()
{
    ImageU8 image;
    image.reshape({1, 4, 3});
    image.pixels = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255};
    std::vector<float> grey(4);
    ImageTransform(plain(1), image.shape).apply(image, nullptr, grey);
    const std::vector<int> expected{76, 150, 29, 255}; // PIL: convert("L")
    for (std::size_t i = 0; i < 4; ++i) {
        QCOMPARE(greyLevel(grey[i]), expected[i]);
    }
    const ImageU8 mono = gradient(2, 2, 1);
    std::vector<float> colour(12);
    ImageTransform(plain(3), mono.shape).apply(mono, nullptr, colour);
    for (std::size_t i = 0; i < 12; ++i) {
        QCOMPARE(greyLevel(colour[i]), int{mono.pixels[i % 4]});
    }
}

void TestPreprocessing::augmentationMovesAndFlips()
{
    Preprocessing preprocessing = plain(1);
    preprocessing.augmentation = {.cropPadding = 2, .horizontalFlip = true};
    const ImageU8 image = gradient(6, 6, 1);
    ImageTransform transform(preprocessing, image.shape);
    std::vector<float> still(36);
    transform.apply(image, nullptr, still);
    std::set<std::vector<float>> seen;
    for (std::uint64_t item = 0; item < 2000; ++item) {
        Rng rng(5, item);
        std::vector<float> out(36);
        transform.apply(image, &rng, out);
        // Exactly one of the 2 * 5 * 5 windows; found by trying them all.
        bool found = false;
        for (int shift = 0; shift < 50 && !found; ++shift) {
            const bool flip = shift >= 25;
            const int top = shift % 25 / 5 - 2;
            const int left = shift % 5 - 2;
            found = true;
            for (int i = 0; i < 36 && found; ++i) {
                const int y = i / 6 + top;
                const int x = (flip ? 5 - i % 6 : i % 6) + left;
                const bool inside = y >= 0 && y < 6 && x >= 0 && x < 6;
                found = out[static_cast<std::size_t>(i)] ==
                        (inside ? still[static_cast<std::size_t>(y * 6 + x)] : 0.0F);
            }
        }
        QVERIFY(found);
        seen.insert(out);
    }
    QCOMPARE(seen.size(), 50U);
    QVERIFY(seen.contains(still));
}

void TestPreprocessing::randomResizedCropKeepsTheSize_data()
{
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::newRow("photograph") << 48 << 64;
    QTest::newRow("a line: every try fails") << 1 << 200;
    QTest::newRow("a column") << 200 << 1;
    QTest::newRow("one pixel") << 1 << 1;
}

void TestPreprocessing::randomResizedCropKeepsTheSize()
{
    QFETCH(int, height);
    QFETCH(int, width);
    Preprocessing preprocessing = plain(3);
    preprocessing.centerCrop = 16;
    preprocessing.augmentation = {.randomResizedCrop = true};
    ImageTransform transform(preprocessing, std::nullopt);
    const ImageU8 image = gradient(height, width, 3);
    const auto brightest = static_cast<float>(*std::ranges::max_element(image.pixels)) / 255.0F;
    const auto darkest = static_cast<float>(*std::ranges::min_element(image.pixels)) / 255.0F;
    std::vector<float> out(transform.outputElements());
    for (std::uint64_t item = 0; item < 50; ++item) {
        Rng rng(1, item);
        transform.apply(image, &rng, out);
        QVERIFY(std::ranges::all_of(out, [&](float v) { return v >= darkest && v <= brightest; }));
    }
}

void TestPreprocessing::presets()
{
    const Preprocessing lenet = presetFor("lenet5", Shape{1, 1, 28, 28});
    QCOMPARE(lenet.channels, 1);
    QVERIFY((lenet.mean == std::vector<double>{0.0} &&
             lenet.standardDeviation == std::vector<double>{1.0}));
    QVERIFY(!lenet.resizeExact && !lenet.centerCrop && lenet.augmentation == Augmentation{});
    const Preprocessing vgg = presetFor("vgg7", Shape{1, 3, 32, 32});
    QCOMPARE(vgg.standardDeviation, (std::vector<double>{0.2023, 0.1994, 0.2010}));
    QCOMPARE(vgg.augmentation.cropPadding, 4);
    const Preprocessing cifar = presetFor("resnet20_cifar", Shape{1, 3, 32, 32});
    QCOMPARE(cifar.mean, (std::vector<double>{0.485, 0.456, 0.406}));
    QVERIFY(!cifar.resizeExact && !cifar.resizeShorterSide);
    for (const char* model : {"resnet50", "mobilenet_v2", "somebody's.pt"}) {
        const Preprocessing imagenet = presetFor(model, Shape{1, 3, 224, 224});
        QCOMPARE(imagenet.resizeShorterSide, std::optional(256));
        QCOMPARE(imagenet.centerCrop, std::optional(224));
        QVERIFY(imagenet.augmentation.randomResizedCrop);
    }
    const Preprocessing small = presetFor("somebody's.pt", Shape{1, 1, 40, 30});
    QVERIFY((small.resizeExact == std::pair(40, 30)));
    for (const Preprocessing& each :
         {lenet, vgg, cifar, small, presetFor("resnet18", Shape{1, 3, 299, 299})}) {
        validate(each);
    }
}

void TestPreprocessing::presetsNeedAnImage()
{
    BITLOOM_EXPECT_ERROR(presetFor("bert", Shape{1, 128}), ErrorCode::ShapeMismatch,
                         "the model's input is 2-D");
    BITLOOM_EXPECT_ERROR(presetFor("x", Shape{1, 4, 8, 8}), ErrorCode::ShapeMismatch,
                         "with other channels");
    BITLOOM_EXPECT_ERROR(presetFor("x", Shape{1, 3, 0, 8}), ErrorCode::ShapeMismatch,
                         "input side 0");
}

void TestPreprocessing::jsonRoundTrip()
{
    Preprocessing every = presetFor("resnet18", Shape{1, 3, 224, 224});
    QCOMPARE(preprocessingFromJson(toJson(every)) == every, true);
    QVERIFY(toJson(every).find("0.485,") != std::string::npos); // no float32 digits
    every = presetFor("other", Shape{1, 1, 40, 30});
    every.augmentation.cropPadding = 3;
    QCOMPARE(preprocessingFromJson(toJson(every)) == every, true);
}

void TestPreprocessing::badJson_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* json, ErrorCode code, const char* text) {
        QTest::newRow(name) << QString(json) << static_cast<int>(code) << QString(text);
    };
    row("no JSON", "resize: 3", ErrorCode::CorruptFile, "preprocessing");
    row("an array", "[1]", ErrorCode::InvalidArgument, "preprocessing");
    row("mean missing", R"({"version":1,"channels":1,"std":[1]})", ErrorCode::CorruptFile, "mean");
    row("other type", R"({"version":1,"channels":"RGB","mean":[0],"std":[1]})",
        ErrorCode::CorruptFile, "number");
    row("newer version", R"({"version":2,"channels":1,"mean":[0],"std":[1]})",
        ErrorCode::Unsupported, "version 2");
    row("unknown key", R"({"version":1,"channels":1,"mean":[0],"std":[1],"blur":2})",
        ErrorCode::InvalidArgument, "unknown key \"blur\"");
    row("two channels", R"({"version":1,"channels":2,"mean":[0,0],"std":[1,1]})",
        ErrorCode::InvalidArgument, "channels is 2");
    row("too few means", R"({"version":1,"channels":3,"mean":[0],"std":[1,1,1]})",
        ErrorCode::InvalidArgument, "1 means");
    row("std 0", R"({"version":1,"channels":1,"mean":[0],"std":[0]})", ErrorCode::InvalidArgument,
        "standard deviation");
    row("both resizes",
        R"({"version":1,"channels":1,"mean":[0],"std":[1],"resize_exact":[3,3],"resize_shorter_side":3})",
        ErrorCode::InvalidArgument, "exclude each other");
    row("crop of 2 billion",
        R"({"version":1,"channels":1,"mean":[0],"std":[1],"center_crop":2000000000})",
        ErrorCode::InvalidArgument, "center_crop is 2000000000");
    row("random resized crop to nothing",
        R"({"version":1,"channels":1,"mean":[0],"std":[1],"augmentation":{"random_resized_crop":true}})",
        ErrorCode::InvalidArgument, "needs center_crop");
}

void TestPreprocessing::badJson()
{
    QFETCH(QString, json);
    QFETCH(int, code);
    QFETCH(QString, text);
    BITLOOM_EXPECT_ERROR(preprocessingFromJson(json.toStdString()), static_cast<ErrorCode>(code),
                         text.toStdString());
}

void TestPreprocessing::sizesMustBecomeEqual()
{
    Preprocessing preprocessing = plain(3);
    preprocessing.resizeShorterSide = 32;
    BITLOOM_EXPECT_ERROR(ImageTransform(preprocessing, std::nullopt), ErrorCode::InvalidArgument,
                         "set resize_exact or center_crop");
    const ImageTransform known(preprocessing, ImageShape{64, 100, 1});
    QVERIFY((known.outputShape() == ImageShape{32, 50, 3}));
}

QTEST_GUILESS_MAIN(TestPreprocessing)
#include "tst_preprocessing.moc"
