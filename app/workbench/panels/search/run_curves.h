// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/search/run_page.h"

class QCheckBox;

namespace bitloom::workbench {

/// Losses, accuracy, costs and learning rates of the run over its steps.
class RunCurves final : public RunPage {
    Q_OBJECT
public:
    explicit RunCurves(const RunParts& parts, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() override;

protected:
    void refresh() override;

private:
    QCheckBox* m_log;
    ui::Plot* m_losses;
    ui::Plot* m_accuracy;
    ui::Plot* m_bops;
    ui::Plot* m_rates;
};

} // namespace bitloom::workbench
