// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Takes the pictures of docs/images from the real window: ./dev screenshots calls it once for each
// theme and scale.
#include "tests/app/workbench/window/scenes.h"
#include "tests/app/workbench/window/test_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QImageWriter>

#include <cstdio>

using namespace bitloom::test;

namespace {

bool write(const QImage& image, const QString& path)
{
    QImageWriter writer(path, "png");
    writer.setCompression(100);
    if (!writer.write(withPalette(image))) {
        std::fprintf(stderr, "screenshots: %s was not written: %s\n", qPrintable(path),
                     qPrintable(writer.errorString()));
        return false;
    }
    std::fprintf(stderr, "screenshots: %s, %lld bytes\n", qPrintable(path),
                 static_cast<long long>(QFileInfo(path).size()));
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    const TestSurroundings surroundings;
    QApplication application(argc, argv);
    prepareTestProgram();
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({QStringLiteral("theme"), QStringLiteral("light or dark"),
                      QStringLiteral("NAME"), QStringLiteral("light")});
    parser.addOption({QStringLiteral("size"), QStringLiteral("of the window"),
                      QStringLiteral("WxH"), QStringLiteral("1440x900")});
    parser.addOption({QStringLiteral("only"), QStringLiteral("write this picture alone"),
                      QStringLiteral("NAME")});
    parser.addPositionalArgument(QStringLiteral("project"), QStringLiteral("project to open"));
    parser.addPositionalArgument(QStringLiteral("folder"), QStringLiteral("where pictures go"));
    parser.process(application);
    if (parser.positionalArguments().size() != 2) {
        parser.showHelp(2);
    }
    // Beside the temporary home, so that the pictures show no folder of this machine.
    const QString name = QFileInfo(parser.positionalArguments()[0]).fileName();
    const QString project = QDir::home().filePath(name);
    if (!QFile::link(QFileInfo(parser.positionalArguments()[0]).canonicalFilePath(), project)) {
        std::fprintf(stderr, "screenshots: %s cannot be linked\n", qPrintable(project));
        return 1;
    }
    bitloom::workbench::SettingsData settings = testSettings();
    settings.theme = parser.value(QStringLiteral("theme"));
    settings.recent = {project, QStringLiteral("arch:resnet18"),
                       QDir::home().filePath(QStringLiteral("resnet20-cifar10.th"))};
    const QStringList sides = parser.value(QStringLiteral("size")).split(u'x');
    TestWindow shown(settings, QSize(sides.value(0).toInt(), sides.value(1).toInt()));
    const qreal scale = application.devicePixelRatio();
    const QString suffix =
        u'-' + settings.theme + (scale == 1 ? QString() : QStringLiteral("@%1x").arg(scale));
    for (const Scene& scene : scenes(project)) {
        if (!scene.show(shown)) {
            std::fprintf(stderr, "screenshots: the window did not get to '%s'\n",
                         qPrintable(scene.name));
            return 1;
        }
        const QImage picture = pictureOf(shown);
        const QString only = parser.value(QStringLiteral("only"));
        if (only.isEmpty() ? scene.isForDocs : only == scene.name) {
            const QString size = only.isEmpty() ? QString() : u'-' + sides.join(u'x');
            if (!write(picture, QDir(parser.positionalArguments()[1])
                                    .filePath(scene.name + size + suffix + u".png"_qs))) {
                return 1;
            }
        }
        if (only == scene.name) {
            break;
        }
    }
    return 0;
}
