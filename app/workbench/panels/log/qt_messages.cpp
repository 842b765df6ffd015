// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/log/qt_messages.h"

#include "core/base/error.h"

#include <mutex>

namespace bitloom::workbench {

namespace {
std::mutex receiverMutex;
QtMessages* receiver = nullptr; // guarded by receiverMutex
QtMessageHandler previousHandler = nullptr;

LogLine::Level levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return LogLine::Level::Debug;
    case QtInfoMsg:
        return LogLine::Level::Info;
    case QtWarningMsg:
        return LogLine::Level::Warning;
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return LogLine::Level::Error;
}

void handle(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    {
        const std::lock_guard lock(receiverMutex);
        if (receiver != nullptr) {
            // Queued also within one thread: a message may come out of a view that is painting.
            QMetaObject::invokeMethod(
                receiver,
                [to = receiver, level = levelOf(type), text] { Q_EMIT to->logged(level, text); },
                Qt::QueuedConnection);
        }
    }
    if (previousHandler != nullptr) {
        previousHandler(type, context, text);
    }
}
} // namespace

QtMessages::QtMessages(QObject* parent) : QObject(parent)
{
    const std::lock_guard lock(receiverMutex);
    BITLOOM_ASSERT(receiver == nullptr);
    receiver = this;
    previousHandler = qInstallMessageHandler(handle);
}

QtMessages::~QtMessages()
{
    qInstallMessageHandler(previousHandler);
    const std::lock_guard lock(receiverMutex);
    receiver = nullptr;
}

} // namespace bitloom::workbench
