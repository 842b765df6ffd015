// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_page.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/run_view.h"
#include "app/workbench/document/selection.h"
#include "widgets/plots/plot.h"
#include "widgets/plots/run_scenes.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace bitloom::workbench {

RunPage::RunPage(const RunParts& parts, QWidget* parent)
    : QWidget(parent), m_parts(parts), m_gate(new ui::RefreshGate(this, [this] {
          if (!m_parts.view.isEmpty()) {
              refresh();
          }
      }))
{
    connect(&parts.view, &RunView::runChanged, this, &RunPage::markDirty);
    connect(&parts.view, &RunView::updated, this, &RunPage::markDirty);
    connect(&parts.view, &RunView::timeChanged, this, &RunPage::markDirty);
    connect(&parts.selection, &Selection::changed, this, &RunPage::markDirty);
    connect(&parts.document, &PlanDocument::modelChanged, this, &RunPage::markDirty);
    markDirty();
}

ui::RunLook RunPage::lookFor(const ui::Plot& plot, bool isLog) const
{
    return {isLog, m_parts.view.time(), static_cast<std::size_t>(std::max(plot.width(), 100))};
}

void RunPage::letChooseTime(ui::Plot& plot)
{
    connect(&plot, &ui::Plot::pointActivated, this,
            [this, &plot](int id) { view().setTime(ui::stepOfStop(plot.scene(), id)); });
    connect(&plot, &ui::Plot::guideDragged, this, [this](int id, double value) {
        if (id == ui::kTimeGuide) {
            view().setTime(std::llround(value));
        }
    });
}

ui::Picture RunPage::pictureOf(const ui::Plot& plot, const QString& name, const char* series,
                               const std::string& site) const
{
    ui::Picture picture = plot.picture(name);
    if (view().isEmpty()) {
        return picture;
    }
    // Copied: the run goes on while the file is chosen.
    if (const HistorySeries* found = view().history().find(series)) {
        picture.csv = [copy = std::make_shared<const HistorySeries>(*found), site] {
            return ui::seriesCsv(*copy, site);
        };
    }
    return picture;
}

} // namespace bitloom::workbench
