// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/settings/settings_data.h"

#include <QSize>
#include <QString>

#include <functional>
#include <memory>

class QTemporaryDir;

namespace bitloom::workbench {
class MainWindow;
class Workbench;
} // namespace bitloom::workbench

namespace bitloom::test {

/// Before QApplication: offscreen, the fonts of tests/data/fonts and no other, folders of the
/// user's replaced by temporary ones. Pictures then depend on Qt's version alone.
class TestSurroundings {
public:
    TestSurroundings();
    ~TestSurroundings();
    TestSurroundings(const TestSurroundings&) = delete;
    TestSurroundings& operator=(const TestSurroundings&) = delete;

    QString folder() const;

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

/// Point size of the program's font in tests, which have no system to take it from.
inline constexpr int kTestFontPoints = 10;

/// After QApplication: what main() does, and the font at a multiple of its usual size.
void prepareTestProgram(double fontScale = 1.0);

/// The real window, made as main() makes it, with a settings file of its own.
class TestWindow {
public:
    explicit TestWindow(const workbench::SettingsData& settings, const QSize& size = {1440, 900});
    ~TestWindow();
    TestWindow(const TestWindow&) = delete;
    TestWindow& operator=(const TestWindow&) = delete;

    workbench::Workbench& workbench() { return *m_workbench; }
    workbench::MainWindow& window();

    /// Opens a model or project by name and waits until it is shown. False if it did not open.
    bool open(const QString& spec);
    /// Waits until the condition holds, at most this long, while events are handled.
    static bool wait(const std::function<bool()>& condition, int timeoutMs = 60000);
    /// Waits until no job runs, listed or not, and everything visible is painted.
    bool settle();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<workbench::Workbench> m_workbench;
};

/// Settings of a test: English, light, nothing remembered.
workbench::SettingsData testSettings();

} // namespace bitloom::test
