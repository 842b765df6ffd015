// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/settings/settings_data.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>

namespace bitloom::workbench {

/// The settings and their file. Changes are written half a second later by a thread of its own, the
/// last ones by the destructor. GUI thread only.
class Settings final : public QObject {
    Q_OBJECT
public:
    /// What became of the file at the start; anything but Ok has to be told to the user.
    enum class Start {
        Ok,
        Damaged,    ///< set aside as FILE.damaged, the defaults are used
        Newer,      ///< of a later version: used as far as understood, never written
        Unreadable, ///< the system refuses to read it: the defaults are used, never written
    };

    /// Reads the file; it need not exist. Meant for the program's start, before the window.
    explicit Settings(const QString& path, QObject* parent = nullptr);
    ~Settings() override;

    /// settings.json in the system's folder for this program.
    static QString defaultPath();

    QString path() const { return m_path; }
    Start start() const { return m_start; }
    QString startReason() const { return m_reason; } ///< why it is damaged or unreadable
    bool isReadOnly() const { return m_start == Start::Newer || m_start == Start::Unreadable; }

    const SettingsData& data() const { return m_data; }
    /// Lets change write into the data; tells if anything is different then.
    void update(const std::function<void(SettingsData&)>& change);
    /// Writes what is waiting and returns when it is on disk.
    void flush();

Q_SIGNALS:
    void changed();
    /// Once per series of failures; the message says what the system answered.
    void saveFailed(const QString& message);

private:
    void save();

    QString m_path;
    SettingsData m_data;
    Start m_start = Start::Ok;
    QString m_reason;
    QTimer m_timer;
    QThreadPool m_writer; ///< one thread: the newest content is written last
    bool m_failed = false;
};

} // namespace bitloom::workbench
