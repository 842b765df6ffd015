// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/settings/settings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QStandardPaths>

namespace bitloom::workbench {

namespace {
constexpr int kSaveDelayMs = 500;
constexpr qint64 kMaxBytes = 8'000'000; // far above any real file

QString writeFile(const QString& path, const QByteArray& bytes)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) {
        return {};
    }
    return file.errorString();
}
} // namespace

QString Settings::defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) +
           QStringLiteral("/settings.json");
}

Settings::Settings(const QString& path, QObject* parent)
    : QObject(parent), m_path(QFileInfo(path).absoluteFilePath())
{
    m_writer.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kSaveDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &Settings::save);

    QFile file(m_path);
    if (!file.exists()) {
        return;
    }
    if (!file.open(QIODevice::ReadOnly)) {
        m_start = Start::Unreadable;
        m_reason = file.errorString();
        return;
    }
    const SettingsRead read = readSettings(file.read(kMaxBytes));
    file.close();
    m_data = read.data;
    m_reason = read.reason;
    if (read.state == SettingsRead::State::Newer) {
        m_start = Start::Newer;
    } else if (read.state == SettingsRead::State::Damaged) {
        m_start = Start::Damaged;
        const QString aside = m_path + QStringLiteral(".damaged");
        QFile::remove(aside);
        if (!QFile::rename(m_path, aside)) { // then it must not be overwritten either
            m_start = Start::Unreadable;
        }
    }
}

Settings::~Settings()
{
    flush();
}

void Settings::update(const std::function<void(SettingsData&)>& change)
{
    SettingsData data = m_data;
    change(data);
    if (data != m_data) {
        m_data = std::move(data);
        if (!isReadOnly()) {
            m_timer.start();
        }
        Q_EMIT changed();
    }
}

void Settings::save()
{
    m_timer.stop();
    m_writer.start([path = m_path, bytes = writeSettings(m_data), self = QPointer<Settings>(this)] {
        const QString problem = writeFile(path, bytes);
        // The destructor waits for this thread, so the object is alive here.
        QMetaObject::invokeMethod(
            self.data(),
            [self, problem] {
                if (!problem.isEmpty() && !self->m_failed) {
                    Q_EMIT self->saveFailed(problem);
                }
                self->m_failed = !problem.isEmpty();
            },
            Qt::QueuedConnection);
    });
}

void Settings::flush()
{
    if (m_timer.isActive()) {
        save();
    }
    m_writer.waitForDone();
}

} // namespace bitloom::workbench
