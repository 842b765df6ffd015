// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;

namespace bitloom {
class Error;
}

namespace bitloom::workbench {

/// One sentence about what went wrong, with the details to copy, until it is dismissed or the next
/// try begins. What was there before stays beside it.
class FailureLine final : public QFrame {
    Q_OBJECT
public:
    explicit FailureLine(QWidget* parent = nullptr);

    /// what: "w4a8 was not exported"; code and message as a job's failure gives them.
    void show(const QString& what, const QString& code, const QString& message);
    void show(const QString& what, const Error& error);
    QString text() const;
    QString details() const { return m_details; }

protected:
    void changeEvent(QEvent* event) override;

private:
    QLabel* m_mark;
    QLabel* m_text;
    QString m_details;
};

} // namespace bitloom::workbench
