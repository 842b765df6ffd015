// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/workbench/window/test_window.h"

#include "app/workbench/frame/layouts.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/program.h"
#include "app/workbench/workbench.h"
#include "tests/support/test_support.h"
#include "widgets/views/panel.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLocale>
#include <QPixmapCache>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <stdexcept>

namespace bitloom::test {

namespace {
QString fontSettings()
{
    return QString::fromStdString(dataFile("fonts/fonts.conf").string());
}
} // namespace

TestSurroundings::TestSurroundings()
    : m_folder(
          std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/bitloom-XXXXXX")))
{
    const QByteArray home = m_folder->path().toLocal8Bit();
    for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"}) {
        qputenv(name, home);
    }
    qputenv("XDG_RUNTIME_DIR", home);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("FONTCONFIG_FILE", fontSettings().toLocal8Bit());
    qunsetenv("QT_STYLE_OVERRIDE");
    qunsetenv("QT_QPA_PLATFORMTHEME");
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
}

TestSurroundings::~TestSurroundings() = default;

QString TestSurroundings::folder() const
{
    return m_folder->path();
}

void prepareTestProgram(double fontScale)
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    workbench::prepareProgram();
    QFont font(QStringLiteral("Bitloom Test Sans"));
    font.setPointSizeF(kTestFontPoints * fontScale);
    QApplication::setFont(font);
    QApplication::setCursorFlashTime(0); // a blinking cursor is in half of the pictures
    QApplication::setEffectEnabled(Qt::UI_AnimateMenu, false);
    QApplication::setEffectEnabled(Qt::UI_AnimateCombo, false);
}

workbench::SettingsData testSettings()
{
    workbench::SettingsData settings;
    settings.theme = QStringLiteral("light");
    settings.language = QStringLiteral("en");
    settings.threads = 2;
    return settings;
}

TestWindow::TestWindow(const workbench::SettingsData& settings, const QSize& size)
    : m_folder(std::make_unique<QTemporaryDir>())
{
    workbench::Workbench::Options options;
    options.settingsPath = m_folder->filePath(QStringLiteral("settings.json"));
    options.exampleFolder = m_folder->filePath(QStringLiteral("example"));
    options.untitledFolder = m_folder->filePath(QStringLiteral("untitled"));
    QFile file(options.settingsPath);
    if (!file.open(QIODevice::WriteOnly) || file.write(workbench::writeSettings(settings)) < 0) {
        throw std::runtime_error("the test's settings cannot be written");
    }
    file.close();
    m_workbench = std::make_unique<workbench::Workbench>(options);
    window().resize(size);
    m_workbench->start({});
    // The first start fits the window into the screen, which is small offscreen.
    window().resize(size);
    window().layouts().reset(size);
    wait([this] { return window().isVisible(); });
}

TestWindow::~TestWindow()
{
    m_workbench->jobs().cancelAll();
}

workbench::MainWindow& TestWindow::window()
{
    return m_workbench->window();
}

bool TestWindow::wait(const std::function<bool()>& condition, int timeoutMs)
{
    return QTest::qWaitFor(condition, timeoutMs);
}

bool TestWindow::open(const QString& spec)
{
    workbench::ModelOpener& opener = m_workbench->opener();
    bool ended = false;
    const auto connection =
        QObject::connect(&opener, &workbench::ModelOpener::ended, &opener, [&] { ended = true; });
    opener.open(spec);
    const bool inTime = wait([&] { return ended && m_workbench->document().isOpen(); });
    QObject::disconnect(connection);
    return inTime && settle();
}

bool TestWindow::settle()
{
    // A panel that is brought up to date may order a preview, whose answer brings others up to
    // date; layouts are requested by posted events, some of which post more of them.
    constexpr int kQuietRounds = 4;
    for (int quiet = 0; quiet < kQuietRounds; ++quiet) {
        const auto isIdle = [this] { return m_workbench->jobs().isIdle(); };
        if (!isIdle()) {
            quiet = 0;
        }
        if (!wait(isIdle)) {
            return false;
        }
        const auto panels = window().findChildren<ui::Panel*>();
        for (ui::Panel* panel : panels) {
            if (panel->isVisible()) {
                panel->flushRefresh();
            }
        }
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }
    return true;
}

} // namespace bitloom::test
