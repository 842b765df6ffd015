// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QMap>
#include <QString>
#include <QStringList>

namespace bitloom::workbench {

/// Everything that the program remembers between two starts, as plain values.
struct SettingsData {
    QString theme = QStringLiteral("system"); ///< "system" | "light" | "dark"
    QString language;                         ///< "de", ...; empty: the system's
    QString device = QStringLiteral("cpu");   ///< "cpu", "cuda", "cuda:N"
    int threads = 0;                          ///< for LibTorch's operators, 0..1024; 0 = all cores
    quint64 seed = 0;
    QStringList recent;                ///< newest first; paths, or "arch:NAME"
    QByteArray geometry;               ///< of the window
    QByteArray lastLayout;             ///< as it was when the window closed
    QMap<QString, QByteArray> layouts; ///< by name
    QHash<QString, QString> shortcuts; ///< action id -> portable text; only changed ones
    QJsonObject views;                 ///< what each view keeps (columns, filters), by its id
    QJsonObject unknown;               ///< keys of the file that this version does not know

    bool operator==(const SettingsData&) const = default;
};

/// Version of the settings file that this program writes.
inline constexpr int kSettingsVersion = 1;
/// More than any machine has: the limit only keeps typing errors out.
inline constexpr int kMaxThreads = 1024;

struct SettingsRead {
    enum class State {
        Ok,
        Damaged, ///< not JSON, or a value of the wrong type: the data are the defaults
        Newer,   ///< written by a later version: what is understood is used, nothing is written
    };
    State state = State::Ok;
    SettingsData data;
    QString reason; ///< for Damaged: what was found and where
};

/// Reads the content of a settings file of any version up to now. Unknown keys survive.
SettingsRead readSettings(const QByteArray& json);
/// readSettings(writeSettings(data)).data == data.
QByteArray writeSettings(const SettingsData& data);

} // namespace bitloom::workbench
