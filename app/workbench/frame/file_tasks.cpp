// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/file_tasks.h"

#include <QCoreApplication>
#include <QFile>
#include <QFuture>
#include <QObject>
#include <QSaveFile>
#include <QtConcurrentRun>

#include <utility>

namespace bitloom::workbench {

void writeFileLater(const QString& path, const QByteArray& bytes, QObject* context,
                    std::function<void(const QString& problem)> done)
{
    QtConcurrent::run([path, bytes] {
        QSaveFile file(path);
        const bool written =
            file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
        return written ? QString() : file.errorString();
    }).then(context, std::move(done));
}

void readFileLater(const QString& path, qint64 maxBytes, QObject* context,
                   std::function<void(const QByteArray& bytes, const QString& problem)> done)
{
    using Answer = std::pair<QByteArray, QString>;
    QtConcurrent::run([path, maxBytes]() -> Answer {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            return {{}, file.errorString()};
        }
        if (file.size() > maxBytes) {
            return {{}, QCoreApplication::translate("FileTasks", "The file is too large.")};
        }
        return {file.readAll(), {}};
    }).then(context, [done = std::move(done)](const Answer& answer) {
        done(answer.first, answer.second);
    });
}

} // namespace bitloom::workbench
