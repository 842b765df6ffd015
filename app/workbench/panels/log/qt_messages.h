// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/event.h"

#include <QObject>

namespace bitloom::workbench {

/// Passes Qt's own messages (qWarning and the like), from whatever thread, on to the log. At most
/// one at a time in a program; whoever handled messages before still gets them, and alone again
/// after the destructor.
class QtMessages final : public QObject {
    Q_OBJECT
public:
    explicit QtMessages(QObject* parent = nullptr);
    ~QtMessages() override;

Q_SIGNALS:
    /// In the thread of this object, by its event loop.
    void logged(bitloom::LogLine::Level level, const QString& text);
};

} // namespace bitloom::workbench
