// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/cost_panel.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/panels/common/table_style.h"
#include "app/workbench/panels/plan/cost_model.h"
#include "app/workbench/panels/plan/cost_strip_presenter.h"
#include "widgets/plots/precision_bars.h"
#include "widgets/plots/transition_matrix.h"
#include "widgets/views/table_picture.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeView>
#include <QVBoxLayout>

namespace bitloom::workbench {

namespace {
QLabel* captionOf(const QString& text)
{
    auto* label = new QLabel(text);
    label->setContentsMargins(12, 0, 12, 0);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    return label;
}
} // namespace

CostPanel::CostPanel(PlanDocument& document, Selection& selection, QWidget* parent)
    : Panel(QStringLiteral("cost"), tr("Cost"), parent), m_document(document),
      m_selection(selection), m_model(new CostModel(this)), m_table(new QTreeView),
      m_bars(new ui::PrecisionBars), m_matrix(new ui::TransitionMatrix)
{
    setWhatsThis(tr("What the plan costs against FP32, W8A8 and the last measured plan, how its "
                    "bits and bytes spread over the widths, and which width feeds which. Counted "
                    "from the model and the plan."));
    m_table->setModel(m_model);
    setUpTable(*m_table, tr("Cost of the plan"));
    sizeColumns(*m_table, 30);
    yieldColumns(*m_table, {}); // the names make room: a scroll bar would cover the last row
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setAccessibleDescription(tr("This plan beside the plans that it is compared with"));
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_bars->setAccessibleName(tr("Precision distribution"));
    m_matrix->setAccessibleName(tr("Precision transitions"));

    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_table);
    layout->setContentsMargins(0, 0, 0, 8);
    layout->addWidget(captionOf(tr("How much of the model has which weight bits")));
    layout->addWidget(m_bars);
    layout->addWidget(captionOf(tr("Which bits feed which")));
    layout->addWidget(m_matrix, 1);
    setContent(content);

    connect(m_bars, &ui::PrecisionBars::bitsActivated, this,
            [this](int bits) { selectLayers(std::nullopt, bits); });
    connect(
        m_matrix, &ui::TransitionMatrix::transitionActivated, this,
        [this](int activationBits, int weightBits) { selectLayers(activationBits, weightBits); });
    connect(&document, &PlanDocument::consequencesChanged, this, &CostPanel::markDirty);
    markDirty();
}

QList<ui::Picture> CostPanel::pictures() const
{
    return {ui::tablePicture(QStringLiteral("cost"), *m_table),
            m_bars->picture(QStringLiteral("precision")),
            m_matrix->picture(QStringLiteral("transitions"))};
}

void CostPanel::refresh()
{
    if (!m_document.isOpen()) {
        showEmpty(tr("Open a model to see what its plans cost against FP32 and W8A8."));
        return;
    }
    m_model->setFigures(figuresOf(m_document), referencesOf(m_document), lossUnitOf(m_document));
    // All five rows are always in sight: the table needs no scroll bar of its own.
    m_table->setFixedHeight(m_table->header()->sizeHint().height() +
                            CostModel::RowCount * m_table->sizeHintForRow(0) + 4);
    const PlanCost& cost = m_document.cost();
    m_bars->setView(
        std::make_shared<const ui::PrecisionView>(ui::precisionView(*m_document.model(), cost)));
    m_matrix->setView(std::make_shared<const ui::TransitionView>(ui::transitionView(cost)));
    showContent();
}

void CostPanel::selectLayers(std::optional<int> activationBits, int weightBits)
{
    QStringList layers;
    for (const LayerCost& layer : m_document.cost().layers) {
        if (layer.weightBits == weightBits &&
            (!activationBits || layer.activationBits == *activationBits)) {
            layers << QString::fromStdString(layer.name);
        }
    }
    m_selection.setLayers(layers);
}

} // namespace bitloom::workbench
