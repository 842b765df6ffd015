// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/settings/recent_files.h"
#include "app/workbench/settings/settings.h"
#include "tests/support/test_support.h"

#include <QFile>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <limits>

using namespace bitloom::workbench;

namespace {
SettingsData everything()
{
    SettingsData data;
    data.theme = QStringLiteral("dark");
    data.language = QStringLiteral("de");
    data.device = QStringLiteral("cuda:1");
    data.threads = 3;
    data.seed = std::numeric_limits<quint64>::max(); // no JSON number holds it
    data.recent = {QStringLiteral("/a/model.pt"), QStringLiteral("arch:lenet5")};
    data.geometry = QByteArray("\0\xff\x10", 3);
    data.lastLayout = QByteArray("layout");
    data.layouts = {{QStringLiteral("wide \u00e4"), QByteArray("\x01\x02")}};
    data.shortcuts = {{QStringLiteral("file.open"), QStringLiteral("Ctrl+K")}};
    data.views = {{QStringLiteral("editor"), QStringLiteral("columns")}};
    return data;
}
} // namespace

class TestSettings : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString fileWith(const QByteArray& content)
    {
        const QString path = m_folder.filePath(QStringLiteral("settings.json"));
        QFile::remove(path + QStringLiteral(".damaged"));
        bitloom::test::writeFile(path.toStdString(), content.toStdString());
        return path;
    }

private Q_SLOTS:
    void survivesARoundTrip()
    {
        const SettingsRead read = readSettings(writeSettings(everything()));
        QCOMPARE(read.state, SettingsRead::State::Ok);
        QVERIFY(read.data == everything());
        QCOMPARE(writeSettings(read.data), writeSettings(everything()));
    }

    void keysThatAreMissingGetTheirDefaults()
    {
        const SettingsRead read = readSettings(R"({"version": 1, "theme": "light"})");
        QCOMPARE(read.state, SettingsRead::State::Ok);
        QCOMPARE(read.data.theme, QStringLiteral("light"));
        QCOMPARE(read.data.device, QStringLiteral("cpu"));
    }

    void keysThatAreNotKnownSurvive()
    {
        const SettingsRead read = readSettings(R"({"version": 1, "plugins": {"a": [1, 2]}})");
        QCOMPARE(read.state, SettingsRead::State::Ok);
        const QJsonObject written = QJsonDocument::fromJson(writeSettings(read.data)).object();
        QCOMPARE(written.value(QLatin1String("plugins")).toObject().value(QLatin1String("a")),
                 QJsonValue(QJsonArray{1, 2}));
    }

    void damage_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("reason");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("byte 0");
        QTest::newRow("cut off") << QByteArray("{\"version\": 1, \"theme\": \"li")
                                 << QStringLiteral("byte");
        QTest::newRow("a list") << QByteArray("[1]") << QStringLiteral("no JSON object");
        QTest::newRow("binary") << QByteArray("\x00\x01\x02", 3) << QStringLiteral("byte");
        QTest::newRow("theme is a number")
            << QByteArray(R"({"version": 1, "theme": 3})") << QStringLiteral("theme");
        QTest::newRow("too many threads")
            << QByteArray(R"({"version": 1, "threads": 5000})") << QStringLiteral("threads");
        QTest::newRow("seed is no number")
            << QByteArray(R"({"version": 1, "seed": "x"})") << QStringLiteral("seed");
        QTest::newRow("recent holds a number")
            << QByteArray(R"({"version": 1, "recent": [1]})") << QStringLiteral("recent");
        QTest::newRow("layout is not base64")
            << QByteArray(R"({"version": 1, "layouts": {"a": "*"}})") << QStringLiteral("layouts");
        QTest::newRow("version zero")
            << QByteArray(R"({"version": 0})") << QStringLiteral("version");
    }
    void damage()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, reason);
        const QString path = fileWith(content);
        {
            const Settings settings(path);
            QCOMPARE(settings.start(), Settings::Start::Damaged);
            QVERIFY2(settings.startReason().contains(reason), qPrintable(settings.startReason()));
            QVERIFY(settings.data() == SettingsData());
            QVERIFY(!settings.isReadOnly());
        }
        // Set aside as it was; nothing was changed, so there is no new file yet.
        QVERIFY(!QFile::exists(path));
        QCOMPARE(bitloom::test::readFile((path + QStringLiteral(".damaged")).toStdString()),
                 content.toStdString());
    }

    void aNewerFileIsUsedButNeverWritten()
    {
        const QByteArray newer = R"({"version": 99, "theme": "dark", "neural_theme": true})";
        const QString path = fileWith(newer);
        {
            Settings settings(path);
            QCOMPARE(settings.start(), Settings::Start::Newer);
            QCOMPARE(settings.data().theme, QStringLiteral("dark"));
            settings.update([](SettingsData& data) { data.theme = QStringLiteral("light"); });
            settings.flush();
            QCOMPARE(settings.data().theme, QStringLiteral("light")); // for this run
        }
        QCOMPARE(bitloom::test::readFile(path.toStdString()), newer.toStdString());
    }

    void changesAreWrittenAndToldOnce()
    {
        const QString path = m_folder.filePath(QStringLiteral("deep/er/settings.json"));
        {
            Settings settings(path);
            QCOMPARE(settings.start(), Settings::Start::Ok);
            QSignalSpy changed(&settings, &Settings::changed);
            settings.update([](SettingsData& data) { data.seed = 7; });
            settings.update([](SettingsData& data) { data.seed = 7; });
            QCOMPARE(changed.count(), 1);
        } // the destructor writes what is waiting
        QCOMPARE(Settings(path).data().seed, 7U);
    }

    void aFolderThatCannotBeMadeIsTold()
    {
        // A file lies where the folder should be.
        bitloom::test::writeFile(m_folder.filePath(QStringLiteral("file")).toStdString(), "x");
        Settings settings(m_folder.filePath(QStringLiteral("file/settings.json")));
        QSignalSpy failed(&settings, &Settings::saveFailed);
        settings.update([](SettingsData& data) { data.threads = 2; });
        settings.flush();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(!failed.front().front().toString().isEmpty());
    }

    void recentFilesKnowWhatIsMissing()
    {
        const QString there = m_folder.filePath(QStringLiteral("there.pt"));
        bitloom::test::writeFile(there.toStdString(), "x");
        Settings settings(m_folder.filePath(QStringLiteral("recent.json")));
        RecentFiles recent(settings);
        recent.add(m_folder.filePath(QStringLiteral("gone.pt")));
        recent.add(m_folder.filePath(QStringLiteral("no/folder/x.bitloom")));
        recent.add(QStringLiteral("arch:lenet5"));
        recent.add(there);
        recent.add(QStringLiteral("arch:lenet5")); // again: moves to the front
        QCOMPARE(recent.files().size(), 4U);
        QCOMPARE(recent.files()[0].spec, QStringLiteral("arch:lenet5"));
        QTRY_VERIFY(!recent.files()[3].missing.isEmpty());
        QVERIFY(recent.files()[0].missing.isEmpty());
        QVERIFY(recent.files()[1].missing.isEmpty());
        QVERIFY(recent.files()[2].isProject);
        QVERIFY(recent.files()[2].missing.contains(QLatin1String("folder")));
        recent.remove(there);
        QCOMPARE(settings.data().recent.size(), 3);
        for (int i = 0; i < 2 * RecentFiles::kMost; ++i) {
            recent.add(QStringLiteral("arch:%1").arg(i));
        }
        QCOMPARE(recent.files().size(), static_cast<std::size_t>(RecentFiles::kMost));
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
