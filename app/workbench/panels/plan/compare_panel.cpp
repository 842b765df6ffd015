// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/compare_panel.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/panels/common/table_style.h"
#include "app/workbench/panels/plan/cost_strip_presenter.h"
#include "widgets/models/roles.h"
#include "widgets/util/icons.h"
#include "widgets/views/bit_delegate.h"
#include "widgets/views/table_picture.h"

#include <QAction>
#include <QHeaderView>
#include <QItemSelection>
#include <QMenu>
#include <QTreeView>

#include <algorithm>
#include <iterator>

namespace bitloom::workbench {

ComparePanel::ComparePanel(PlanDocument& document, Selection& selection, QWidget* parent)
    : Panel(QStringLiteral("compare"), tr("Compare"), parent), m_document(document),
      m_selection(selection), m_model(new ui::PlanDiffModel(this)), m_view(new QTreeView),
      m_menu(new QMenu(this)), m_choose(new QAction(tr("Plans"), this))
{
    setWhatsThis(tr("Plans side by side, layer by layer: which layers differ, and by how much."));
    m_choose->setMenu(m_menu);
    m_choose->setToolTip(tr("Choose the plans to compare."));
    addTitleAction(m_choose);
    m_onlyDifferences =
        addTitleAction(tr("Differences only"), tr("Show only layers in which the plans differ."),
                       ui::icon(QStringLiteral("filter")));
    m_onlyDifferences->setCheckable(true);
    connect(m_onlyDifferences, &QAction::toggled, this, [this](bool only) {
        m_model->setDifferencesOnly(only);
        markDirty();
    });

    setUpTable(*m_view, tr("Plans side by side"));
    m_view->setModel(m_model);
    auto* delegate = new ui::BitDelegate(m_view);
    m_view->setItemDelegate(delegate);
    m_view->header()->setStretchLastSection(false);
    setContent(m_view);

    const auto dirty = [this] { markDirty(); };
    const auto forgetShown = [this] {
        m_columns.remove(m_document.planName());
        markDirty();
    };
    const auto forgetAll = [this] {
        m_columns.clear();
        markDirty();
    };
    connect(&document, &PlanDocument::modelChanged, this, &ComparePanel::startOver);
    connect(&document, &PlanDocument::planListChanged, this, forgetAll);
    connect(&document, &PlanDocument::sensitivityChanged, this, forgetAll);
    connect(&document, &PlanDocument::pointsChanged, this, forgetAll);
    connect(&document, &PlanDocument::planEdited, this, forgetShown);
    connect(&document, &PlanDocument::planShown, this, forgetShown);
    connect(&selection, &Selection::changed, this, dirty);
    connect(&selection, &Selection::plansChanged, this, dirty);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (m_selecting) {
            return;
        }
        QStringList layers;
        const QModelIndexList rows = m_view->selectionModel()->selectedRows();
        for (const QModelIndex& row : rows) {
            const QString layer = row.data(ui::LayerNameRole).toString();
            if (!layer.isEmpty()) {
                layers << layer;
            }
        }
        if (!layers.isEmpty()) { // a click on the totals leaves the selection alone
            m_selection.setLayers(layers);
        }
    });
    refresh();
}

ComparePanel::~ComparePanel() = default;

void ComparePanel::startOver()
{
    m_chosen.clear();
    m_columns.clear();
    markDirty();
}

void ComparePanel::setCompared(const QString& plan, bool compared)
{
    m_chosen.insert(plan, compared);
    markDirty();
}

QStringList ComparePanel::brushedPlans() const
{
    QStringList plans;
    const QStringList names = m_selection.plans() ? m_document.planNames() : QStringList();
    std::copy_if(names.begin(), names.end(), std::back_inserter(plans),
                 [this](const QString& name) { return m_selection.hasPlan(name); });
    return plans.size() < 2 ? QStringList() : plans;
}

QStringList ComparePanel::comparedPlans() const
{
    QStringList plans = brushedPlans();
    if (!plans.isEmpty()) {
        return plans;
    }
    int position = 0;
    const QStringList names = m_document.planNames();
    for (const QString& name : names) {
        const bool proposed = position++ < kProposedPlans || name == m_document.planName();
        if (m_chosen.value(name, proposed)) {
            plans << name;
        }
    }
    return plans;
}

ui::ComparedPlan ComparePanel::comparedPlan(const QString& name) const
{
    const BitPlan& plan = *m_document.findPlan(name);
    const ModelInfo& model = *m_document.model();
    ui::ComparedPlan column;
    column.name = name;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const LayerPlan& layer = plan.layers[i];
        column.weightBits.push_back(layer.hasWeight ? std::optional(layer.weight.bits)
                                                    : std::nullopt);
        const TensorPlan* input =
            model.layers[i].inputs.empty() ? nullptr : plan.findTensor(model.layers[i].inputs[0]);
        column.activationBits.push_back(input == nullptr ? std::nullopt
                                                         : std::optional(input->activation.bits));
    }
    const auto take = [&column](const PlanCost& cost) {
        column.bytes = cost.bytes;
        column.bopsPercent = cost.bopsPercentOfFp32();
    };
    if (name == m_document.planName()) {
        take(m_document.cost());
    } else {
        take(computeCost(model, plan));
    }
    column.predictedLoss = m_document.predictedLossOf(plan);
    const std::string digest = planDigest(plan);
    for (const FrontierPoint& point : m_document.points()) {
        if (point.planDigest == digest) {
            column.measuredAccuracy = point.top1Percent;
        }
    }
    return column;
}

void ComparePanel::refresh()
{
    fillMenu();
    if (!m_document.isOpen()) {
        m_model->setComparison(nullptr);
        showEmpty(tr("Open a model to compare its plans layer by layer."));
        return;
    }
    const QStringList plans = comparedPlans();
    if (plans.size() < 2) {
        m_model->setComparison(nullptr);
        showEmpty(m_document.planNames().size() < 2
                      ? tr("Duplicate the plan and edit the copy: both stand here side by side.")
                      : tr("Choose at least two plans to compare."));
        return;
    }
    showContent();
    auto comparison = std::make_shared<ui::PlanComparison>();
    for (const LayerInfo& layer : m_document.model()->layers) {
        comparison->layers << QString::fromStdString(layer.name);
    }
    for (const QString& plan : plans) {
        if (!m_columns.contains(plan)) {
            m_columns.insert(plan, comparedPlan(plan));
        }
        comparison->plans.push_back(m_columns.value(plan));
    }
    comparison->lossUnit = lossUnitOf(m_document);
    const int columnsBefore = m_model->columnCount();
    m_selecting = true; // a reset clears the selection, which is not the user's wish
    m_model->setComparison(comparison);
    m_selecting = false;
    if (m_model->columnCount() != columnsBefore) {
        const int width = fontMetrics().averageCharWidth();
        m_view->header()->resizeSection(0, 28 * width);
        for (int column = 1; column < m_model->columnCount(); ++column) {
            m_view->header()->resizeSection(column, 14 * width);
        }
    }
    m_onlyDifferences->setToolTip(tr("Show only layers in which the plans differ: %n of them.",
                                     nullptr, m_model->differingLayers()));
    select();
}

void ComparePanel::fillMenu()
{
    const QStringList names = m_document.planNames();
    const QStringList compared = comparedPlans();
    QStringList listed;
    const auto actions = m_menu->actions();
    for (const QAction* action : actions) {
        listed << action->data().toString();
    }
    if (listed != names) {
        m_menu->clear();
        for (const QString& name : names) {
            QString text = name;
            QAction* action = m_menu->addAction(text.replace(u'&', QStringLiteral("&&")));
            action->setData(name);
            action->setCheckable(true);
            connect(action, &QAction::triggered, this,
                    [this, name](bool checked) { setCompared(name, checked); });
        }
    }
    const auto now = m_menu->actions();
    for (QAction* action : now) {
        action->setChecked(compared.contains(action->data().toString()));
    }
    const QString reason = names.size() < 2 ? tr("There is only one plan.")
                           : !brushedPlans().isEmpty()
                               ? tr("The plans that are brushed on the frontier are compared.")
                               : QString();
    m_choose->setEnabled(reason.isEmpty());
    m_choose->setToolTip(reason.isEmpty() ? tr("Choose the plans to compare.") : reason);
}

void ComparePanel::select()
{
    const QSet<QString> wanted(m_selection.layers().begin(), m_selection.layers().end());
    QItemSelection rows;
    QModelIndex first;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex index = m_model->index(row, 0);
        if (wanted.contains(index.data(ui::LayerNameRole).toString())) {
            rows.select(index, index);
            first = first.isValid() ? first : index;
        }
    }
    m_selecting = true;
    m_view->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect |
                                               QItemSelectionModel::Rows);
    m_selecting = false;
    if (first.isValid() && !m_view->hasFocus()) {
        m_view->scrollTo(first);
    }
}

QList<ui::Picture> ComparePanel::pictures() const
{
    if (m_model->rowCount() == 0) {
        return {};
    }
    return {ui::tablePicture(QStringLiteral("plans"), *m_view)};
}

} // namespace bitloom::workbench
