// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/verify_report.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;
class QTreeView;

namespace bitloom::workbench {

class DifferenceModel;

/// What a second look at a packed file found: the verdict, and every difference to be copied.
class VerificationView final : public QWidget {
    Q_OBJECT
public:
    explicit VerificationView(QWidget* parent = nullptr);

    /// against: the model that the file was compared with; empty: its checksums alone. A null
    /// report: nothing was verified yet.
    void setReport(std::shared_ptr<const VerifyReport> report, const QString& against);
    QString verdict() const;
    const QTreeView& table() const { return *m_table; }
    /// All differences that are listed, as lines with tabs under a line of names.
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void showVerdict();

    std::shared_ptr<const VerifyReport> m_report;
    QString m_against;
    DifferenceModel* m_model;
    QLabel* m_mark;
    QLabel* m_verdict;
    QLabel* m_detail;
    QPushButton* m_copy;
    QTreeView* m_table;
};

} // namespace bitloom::workbench
