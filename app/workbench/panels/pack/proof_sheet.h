// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/pack_sheet.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;
class QTreeView;

namespace bitloom::workbench {

class PackSheetModel;

/// The proof of a packed file: whether it was read back, its sizes, hash and accuracy, and every
/// tensor.
class ProofSheet final : public QWidget {
    Q_OBJECT
public:
    explicit ProofSheet(QWidget* parent = nullptr);

    /// path: of the file, as the user gave it. sheet is never null.
    void setSheet(std::shared_ptr<const PackSheet> sheet, const QString& path,
                  bool fileIsThere = true);
    QString fileText() const;
    /// Why the file cannot be measured now; empty: it can.
    void setMeasurable(const QString& reason);
    const QTreeView& table() const { return *m_table; }
    QString verdict() const;

Q_SIGNALS:
    void measureRequested();
    void reportRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void showVerdict();

    std::shared_ptr<const PackSheet> m_sheet;
    QString m_path;
    PackSheetModel* m_model;
    QLabel* m_mark;
    QLabel* m_verdict;
    QLabel* m_file;
    QLabel* m_sizes;
    QLabel* m_hash;
    QLabel* m_accuracy;
    QPushButton* m_measure;
    QTreeView* m_table;
};

} // namespace bitloom::workbench
