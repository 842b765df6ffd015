// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/picture.h"
#include "widgets/util/refresh_gate.h"

#include <QList>
#include <QWidget>

#include <string>

namespace bitloom {
struct HistorySeries;
}
namespace bitloom::ui {
class Plot;
struct RunLook;
} // namespace bitloom::ui

namespace bitloom::workbench {

class PlanDocument;
class RunView;
class Selection;

/// What the pages of the run panel show. All of it must outlive them.
struct RunParts {
    RunView& view;
    PlanDocument& document;
    Selection& selection;
};

/// One view of the shown run. It draws when the run, its moment or the selection changed, and not
/// while it is hidden.
class RunPage : public QWidget {
    Q_OBJECT
public:
    /// Up to date, also while hidden.
    virtual QList<ui::Picture> pictures() = 0;

protected:
    RunPage(const RunParts& parts, QWidget* parent);

    /// Only while a run is shown.
    virtual void refresh() = 0;
    void markDirty() { m_gate->markDirty(); }
    void flush() { m_gate->flush(); }

    const RunParts& parts() const { return m_parts; }
    RunView& view() const { return m_parts.view; }
    PlanDocument& document() const { return m_parts.document; }
    Selection& selection() const { return m_parts.selection; }
    /// How a plot looks at the run: at its moment, as finely as the plot is wide.
    ui::RunLook lookFor(const ui::Plot& plot, bool isLog) const;
    /// A click or a drag in this plot chooses the moment.
    void letChooseTime(ui::Plot& plot);
    /// The plot as a picture whose numbers are all rows of a series, not only those drawn. site:
    /// only its columns; empty: all.
    ui::Picture pictureOf(const ui::Plot& plot, const QString& name, const char* series,
                          const std::string& site = {}) const;

private:
    RunParts m_parts;
    ui::RefreshGate* m_gate;
};

} // namespace bitloom::workbench
