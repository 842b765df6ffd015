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
    QString versions; ///< of the program and its libraries

    /// Key and value of what is known, in this order; keys are not translated.
    QList<QPair<QString, QString>> fields() const;
    /// One line: "model=resnet18; plan=w4a8; ...".
    QString toLine() const;
};

} // namespace bitloom::ui
