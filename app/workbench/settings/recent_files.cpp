// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/settings/recent_files.h"

#include "app/workbench/settings/settings.h"
#include "core/types/model_spec.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QtConcurrentRun>

#include <algorithm>

namespace bitloom::workbench {

namespace {

/// The file that has to be there for a spec; empty: none.
QString fileOf(const QString& spec)
{
    return QString::fromStdString(std::string(fileOfSpec(spec.toStdString())));
}

RecentFile lookAt(const QString& spec)
{
    RecentFile file{spec, false, {}};
    const QString path = fileOf(spec);
    if (path.isEmpty()) {
        return file;
    }
    const QFileInfo info(path);
    file.isProject = info.isDir() || path.endsWith(QLatin1String(".bitloom"));
    if (!info.exists()) {
        const bool folderThere = QFileInfo(info.absolutePath()).isDir();
        file.missing = folderThere
                           ? RecentFiles::tr("It is no longer in its folder.")
                           : RecentFiles::tr("Its folder cannot be reached; is a drive missing?");
    } else if (!info.isReadable()) {
        file.missing = RecentFiles::tr("You may not read it.");
    }
    return file;
}

} // namespace

RecentFiles::RecentFiles(Settings& settings, QObject* parent)
    : QObject(parent), m_settings(settings)
{
    connect(&m_checker, &QFutureWatcherBase::finished, this, [this] {
        const std::vector<RecentFile> looked = m_checker.result();
        const bool same =
            std::equal(looked.begin(), looked.end(), m_files.begin(), m_files.end(),
                       [](const RecentFile& a, const RecentFile& b) { return a.spec == b.spec; });
        if (same && looked != m_files) { // a list that has changed meanwhile is looked at again
            m_files = looked;
            Q_EMIT changed();
        }
    });
    load();
    check();
}

void RecentFiles::load()
{
    m_files.clear();
    for (const QString& spec : m_settings.data().recent) {
        m_files.push_back({spec, spec.endsWith(QLatin1String(".bitloom")), {}});
    }
}

void RecentFiles::check()
{
    QStringList specs;
    for (const RecentFile& file : m_files) {
        specs << file.spec;
    }
    m_checker.setFuture(QtConcurrent::run([specs] {
        std::vector<RecentFile> files;
        for (const QString& spec : specs) {
            files.push_back(lookAt(spec));
        }
        return files;
    }));
}

void RecentFiles::add(const QString& spec)
{
    const QString whole =
        namesArchitecture(spec.toStdString()) ? spec : QFileInfo(spec).absoluteFilePath();
    QStringList specs = m_settings.data().recent;
    specs.removeAll(whole);
    specs.prepend(whole);
    store(specs.mid(0, kMost));
}

void RecentFiles::remove(const QString& spec)
{
    QStringList specs = m_settings.data().recent;
    specs.removeAll(spec);
    store(specs);
}

void RecentFiles::clear()
{
    store({});
}

void RecentFiles::store(const QStringList& specs)
{
    m_settings.update([&](SettingsData& data) { data.recent = specs; });
    load();
    Q_EMIT changed();
    check();
}

} // namespace bitloom::workbench
