// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/conversion.h"

#include <QWidget>

#include <memory>

class QLabel;
class QTreeView;

namespace bitloom::workbench {

class ConversionModel;

/// What a file will hold before it is written: how many tensors are kept, changed and lost, what of
/// the file as a whole is lost, and a line for each tensor.
class ConversionView final : public QWidget {
    Q_OBJECT
public:
    /// Room left and right of its sentences, so that they stand under what is above them.
    static constexpr int kInPanel = 12;
    static constexpr int kInDialog = 0;

    explicit ConversionView(int margin = kInPanel, QWidget* parent = nullptr);

    /// A format that refuses shows its sentence instead of the table.
    void setReport(std::shared_ptr<const ConversionReport> report);
    /// One sentence instead of a report: what is missing, or went wrong.
    void setSentence(const QString& sentence);
    QString summary() const;
    const QTreeView& table() const { return *m_table; }

private:
    void show(std::shared_ptr<const ConversionReport> report, const QString& summary,
              const QString& losses);

    ConversionModel* m_model;
    QLabel* m_summary;
    QLabel* m_losses;
    QTreeView* m_table;
};

} // namespace bitloom::workbench
