// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

namespace bitloom::workbench {

class PlanDocument;

/// The plans in the toolbar: shows which one is shown, and shows another.
class PlanBox final : public QComboBox {
    Q_OBJECT
public:
    explicit PlanBox(PlanDocument& document, QWidget* parent = nullptr);

private:
    void follow();

    PlanDocument& m_document;
};

} // namespace bitloom::workbench
