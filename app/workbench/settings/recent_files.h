// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QString>

#include <vector>

namespace bitloom::workbench {

class Settings;

/// One line of the recent list.
struct RecentFile {
    QString spec; ///< absolute path, or "arch:NAME..."
    bool isProject = false;
    QString missing; ///< why it cannot be opened now; empty: it is there, or not looked at yet

    bool operator==(const RecentFile&) const = default;
};

/// The models and projects that were opened last, newest first. Whether they still exist is looked
/// up by another thread, since a network folder may take long to answer. GUI thread only.
class RecentFiles final : public QObject {
    Q_OBJECT
public:
    static constexpr int kMost = 12;

    explicit RecentFiles(Settings& settings, QObject* parent = nullptr);

    const std::vector<RecentFile>& files() const { return m_files; }
    /// Puts it first; paths are made absolute.
    void add(const QString& spec);
    void remove(const QString& spec);
    void clear();
    /// Looks again which of them exist.
    void check();

Q_SIGNALS:
    void changed();

private:
    void store(const QStringList& specs);
    void load();

    Settings& m_settings;
    std::vector<RecentFile> m_files;
    QFutureWatcher<std::vector<RecentFile>> m_checker;
};

} // namespace bitloom::workbench
