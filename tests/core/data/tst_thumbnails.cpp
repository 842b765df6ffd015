// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/image_decoder.h"
#include "core/data/png_encoder.h"
#include "core/data/thumbnail_maker.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <span>
#include <utility>

using namespace bitloom;

namespace {

ImageU8 sample(int height, int width, int channels)
{
    ImageU8 image;
    image.reshape({height, width, channels});
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        image.pixels[i] = static_cast<std::uint8_t>(i * 31 + i / 7);
    }
    return image;
}

ImageU8 decoded(const std::string& file)
{
    ImageU8 image;
    decodeImage(std::as_bytes(std::span(file)), image);
    return image;
}

} // namespace

class TestThumbnails : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void aPngIsReadBackPixelByPixel()
    {
        for (const auto& [height, width] : {std::pair{1, 1}, {3, 5}, {64, 33}}) {
            const ImageU8 colour = sample(height, width, 3);
            const std::string file = encodePng(colour);
            QCOMPARE(encodePng(colour), file);
            QVERIFY(decoded(file).shape == colour.shape);
            QCOMPARE(decoded(file).pixels, colour.pixels);
            const ImageU8 grey = sample(height, width, 1);
            const ImageU8 again = decoded(encodePng(grey));
            for (std::size_t i = 0; i < grey.pixels.size(); ++i) {
                QCOMPARE(again.pixels[3 * i], grey.pixels[i]);
                QCOMPARE(again.pixels[3 * i + 2], grey.pixels[i]);
            }
        }
        BITLOOM_EXPECT_ERROR(encodePng(ImageU8{}), ErrorCode::InvalidArgument, "0 x 0");
    }

    void smallPicturesStayAsTheyAre()
    {
        const auto digits = openDataset("digits:5", DatasetSplit::Test);
        ThumbnailMaker maker(*digits, 64);
        for (std::int64_t i = 0; i < 5; ++i) {
            const ImageU8 image = digits->get(i);
            const Thumbnail thumbnail = maker.make(i);
            QCOMPARE(thumbnail.image, i);
            QCOMPARE(thumbnail.label, digits->label(i));
            QCOMPARE(thumbnail.className, digits->className(thumbnail.label));
            QCOMPARE(thumbnail.width, 28);
            QCOMPARE(thumbnail.height, 28);
            QCOMPARE(thumbnail.rgb.size(), image.pixels.size() * 3);
            for (std::size_t p = 0; p < image.pixels.size(); ++p) {
                QCOMPARE(thumbnail.rgb[3 * p + 1], image.pixels[p]);
            }
        }
        BITLOOM_EXPECT_ERROR(maker.make(5), ErrorCode::InvalidArgument, "has no item 5");
    }

    void largePicturesShrinkInProportion()
    {
        const std::filesystem::path folder = m_folder.path().toStdString();
        std::filesystem::create_directories(folder / "cat");
        const ImageU8 wide = sample(30, 90, 3);
        test::writeFile(folder / "cat" / "wide.png", encodePng(wide));
        test::writeFile(folder / "cat" / "line.png", encodePng(sample(200, 1, 3)));
        test::writeFile(folder / "cat" / "z-damaged.png", encodePng(wide).substr(0, 60));
        const auto pictures = openDataset("images:" + folder.string(), DatasetSplit::Test);
        ThumbnailMaker maker(*pictures, 32);
        const Thumbnail line = maker.make(0);
        QCOMPARE(line.height, 32);
        QCOMPARE(line.width, 1);
        const Thumbnail thumbnail = maker.make(1);
        QCOMPARE(thumbnail.width, 32);
        QCOMPARE(thumbnail.height, 11);
        QCOMPARE(thumbnail.className, std::string("cat"));
        ImageU8 expected;
        BilinearResizer().resize(wide, 11, 32, expected);
        QCOMPARE(thumbnail.rgb, expected.pixels);
        BITLOOM_EXPECT_ERROR(maker.make(2), ErrorCode::CorruptFile, "PNG");
    }
};

QTEST_GUILESS_MAIN(TestThumbnails)
#include "tst_thumbnails.moc"
