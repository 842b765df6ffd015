// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/program.h"
#include "app/workbench/workbench.h"

#include "core/base/error.h"
#include "core/engine/versions.h"

#include <QApplication>
#include <QCommandLineParser>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string_view>

using namespace bitloom::workbench;

namespace {

constexpr int kUsageError = 2;

int usageError(const QString& message)
{
    std::fprintf(stderr, "bitloom-workbench: %s (see bitloom-workbench --help)\n",
                 qPrintable(message));
    return kUsageError;
}

} // namespace

int main(int argc, char** argv)
{
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    // Versions and help are for people without a display too.
    const bool asksOnly = std::any_of(argv + 1, argv + argc, [](const char* argument) {
        const std::string_view word(argument);
        return word == "--version" || word == "-v" || word == "--help" || word == "-h";
    });
    std::unique_ptr<QCoreApplication> application;
    if (asksOnly) {
        application = std::make_unique<QCoreApplication>(argc, argv);
    } else {
        application = std::make_unique<QApplication>(argc, argv);
        prepareProgram();
    }
    QCoreApplication::setApplicationVersion(
        QString::fromStdString(bitloom::engine::libraryVersions()) + QStringLiteral(", Qt ") +
        QString::fromLatin1(qVersion()));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QObject::tr("Choose how many bits each layer of a neural network gets."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("file"),
                                 QObject::tr("A model, a project folder or arch:NAME to open."),
                                 QStringLiteral("[FILE|PROJECT]"));
    const QCommandLineOption theme(QStringLiteral("theme"),
                                   QObject::tr("light, dark or system, for this run."),
                                   QStringLiteral("NAME"));
    const QCommandLineOption threads(QStringLiteral("threads"),
                                     QObject::tr("Processor threads for this run; 0 = all cores."),
                                     QStringLiteral("N"));
    const QCommandLineOption device(QStringLiteral("device"),
                                    QObject::tr("cpu, cuda or cuda:N, for this run."),
                                    QStringLiteral("NAME"));
    const QCommandLineOption settings(
        QStringLiteral("settings"), QObject::tr("Another settings file."), QStringLiteral("FILE"));
    parser.addOptions({theme, threads, device, settings});
    if (!parser.parse(QCoreApplication::arguments())) {
        return usageError(parser.errorText());
    }
    if (parser.isSet(version)) {
        std::printf("%s\n", qPrintable(QCoreApplication::applicationVersion()));
        return 0;
    }
    if (parser.isSet(help)) {
        std::printf("%s", qPrintable(parser.helpText()));
        return 0;
    }
    if (parser.positionalArguments().size() > 1) {
        return usageError(QObject::tr("one file or project can be opened, %1 were given")
                              .arg(parser.positionalArguments().size()));
    }

    Workbench::Options options;
    options.settingsPath = parser.value(settings);
    if (parser.isSet(theme)) {
        options.theme = parser.value(theme);
        if (!QStringList{QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("system")}
                 .contains(*options.theme)) {
            return usageError(
                QObject::tr("--theme takes light, dark or system, not '%1'").arg(*options.theme));
        }
    }
    if (parser.isSet(threads)) {
        bool isNumber = false;
        options.threads = parser.value(threads).toInt(&isNumber);
        if (!isNumber || *options.threads < 0 || *options.threads > 1024) {
            return usageError(QObject::tr("--threads takes a number from 0 to 1024, not '%1'")
                                  .arg(parser.value(threads)));
        }
    }
    if (parser.isSet(device)) {
        options.device = parser.value(device);
    }
    try {
        Workbench workbench(options);
        workbench.start(parser.positionalArguments().value(0));
        return QApplication::exec();
    } catch (const bitloom::Error& error) {
        std::fprintf(stderr, "bitloom-workbench: %s\n", error.what());
        return 1;
    }
}
