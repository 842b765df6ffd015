// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>

class QObject;

namespace bitloom::workbench {

// Small files for the GUI thread without waiting for the disk: the work runs in another thread, the
// answer arrives in the GUI thread, and not at all once the context object is gone.

/// problem: what the system says, empty if all went well; the file is replaced at once or not.
void writeFileLater(const QString& path, const QByteArray& bytes, QObject* context,
                    std::function<void(const QString& problem)> done);
/// A file above maxBytes is a problem too.
void readFileLater(const QString& path, qint64 maxBytes, QObject* context,
                   std::function<void(const QByteArray& bytes, const QString& problem)> done);

} // namespace bitloom::workbench
