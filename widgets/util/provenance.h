// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPair>
#include <QString>

namespace bitloom::ui {

/// What a picture or table was made from: written into every export.
struct Provenance {
    QString model;       ///< name
    QString fingerprint; ///< "sha256:..."
    QString plan;        ///< name of the plan
    QString seed;
    QString versions;        ///< of the program and its libraries
    QString planDigest = {}; ///< of the plan's bits, as planDigest() gives it
    QString panel = {};      ///< id of the panel that showed it

    /// Key and value of what is known, in this order; keys are not translated.
    QList<QPair<QString, QString>> fields() const;
    /// One line: "model=resnet18; plan=w4a8; ...".
    QString toLine() const;

    /// Does nothing for a key that is not one of fields().
    void set(const QString& key, const QString& value);
    static bool isKey(const QString& key);
};

/// Before the keys in the text chunks of a PNG.
inline constexpr char kProvenancePrefix[] = "bitloom.";

} // namespace bitloom::ui
