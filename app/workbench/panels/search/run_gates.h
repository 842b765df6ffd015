// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/search/run_page.h"
#include "widgets/models/gate_rows.h"

#include <vector>

class QSplitter;

namespace bitloom::ui {
class GateMap;
}

namespace bitloom::workbench {

/// The gates of a run that belong to layers of the model.
class GateSites {
public:
    /// Finds the rows anew where the run's quantizers or the model are other ones.
    const std::vector<ui::GateRow>& rows(const RunParts& parts);
    /// The row of the selected layer, or the first one.
    int selected(const RunParts& parts);

private:
    std::vector<ui::GateRow> m_rows;
    std::vector<std::string> m_columns;
    const void* m_model = nullptr;
};

/// Probabilities of all gates at the moment that is looked at, and over time for the selected
/// layer.
class RunGates final : public RunPage {
    Q_OBJECT
public:
    explicit RunGates(const RunParts& parts, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() override;

protected:
    void refresh() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void selectRow(int row);
    void showCurves(ui::Plot& plot, const std::optional<ui::GateSite>& site, bool isWeight);

    GateSites m_sites;
    QSplitter* m_splitter;
    ui::GateMap* m_map;
    ui::Plot* m_weights;
    ui::Plot* m_activations;
    std::optional<ui::GateSite> m_weightSite;
    std::optional<ui::GateSite> m_activationSite;
};

} // namespace bitloom::workbench
