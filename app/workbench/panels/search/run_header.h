// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <optional>

class QLabel;

namespace bitloom::workbench {

class PlanDocument;
class RunView;

/// What the header says; empty texts are not known.
struct RunHeaderText {
    QString state;   ///< "Running"
    QString detail;  ///< "epoch 3 of 12, step 48, 0 min 20 s"
    QString subject; ///< model, images, lambda
    QString top1;
    QString bops;
    QString expectedBops;
};
/// Of the shown run at its moment.
RunHeaderText runHeaderText(const RunView& view, const PlanDocument& document);

/// The state of the shown run in a line, and its three figures with their definitions on hover.
class RunHeader final : public QWidget {
    Q_OBJECT
public:
    explicit RunHeader(QWidget* parent = nullptr);

    void show(const RunView& view, const PlanDocument& document);

private:
    QLabel* m_mark;
    QLabel* m_state;
    QLabel* m_subject;
    QLabel* m_top1;
    QLabel* m_bops;
    QLabel* m_expected;
};

} // namespace bitloom::workbench
