// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/bits_text.h"
#include "widgets/models/layer_rows.h"
#include "widgets/util/picture.h"
#include "widgets/util/refresh_gate.h"

#include <QWidget>

namespace bitloom::ui {
class LayerTable;
} // namespace bitloom::ui

namespace bitloom::workbench {

class PlanDocument;
class Selection;

/// The table of layers as the editor of the shown plan: each change in the table becomes an undo
/// step of the document, and the table follows the document.
class PlanEditor final : public QWidget {
    Q_OBJECT
public:
    PlanEditor(PlanDocument& document, Selection& selection, QWidget* parent = nullptr);

    ui::LayerTable& table() { return *m_table; }
    ui::Picture picture() const;
    /// Brings a hidden table up to date.
    void flushRefresh() { m_gate->flush(); }

Q_SIGNALS:
    /// One sentence for the user.
    void messageRequested(const QString& sentence);

private:
    void newModel();
    void refresh();
    void setBits(const QStringList& layers, ui::BitTarget target, int bits);
    void paste(const QList<ui::LayerBits>& bits);

    PlanDocument& m_document;
    Selection& m_selection;
    ui::LayerTable* m_table;
    ui::RefreshGate* m_gate;
    ui::LayerRows m_base; ///< what no plan changes
};

} // namespace bitloom::workbench
