// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/frontier_panel.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/jobs/budget_assistant.h"
#include "widgets/util/formatting.h"
#include "widgets/util/icons.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
/// The plan that is being edited, as a point.
FrontierPoint ghostOf(const PlanDocument& document)
{
    FrontierPoint ghost;
    ghost.kind = PointKind::Predicted;
    ghost.label = document.plan().name;
    ghost.plan = ghost.label;
    ghost.bytes = document.cost().bytes;
    ghost.bops = document.cost().bops;
    ghost.bopsPercentOfFp32 = document.cost().bopsPercentOfFp32();
    ghost.predictedLoss = document.predictedLoss();
    if (const FrontierPoint* measured = document.measurement()) {
        ghost.top1Percent = measured->top1Percent;
    }
    return ghost;
}

/// The project's plan that a measured point stands for; empty: none.
QString planOf(const PlanDocument& document, const QString& label)
{
    const auto& points = document.points();
    const auto measured = std::find_if(points.begin(), points.end(), [&](const FrontierPoint& p) {
        return QString::fromStdString(p.label) == label;
    });
    const QString plan =
        measured == points.end() ? QString() : QString::fromStdString(measured->plan);
    return document.findPlan(plan) == nullptr ? QString() : plan;
}

const PlannedPoint* findPredicted(const BudgetAssistant& budget, const QString& label)
{
    if (!budget.frontier()) {
        return nullptr;
    }
    for (const auto* list : {&budget.frontier()->predicted, &budget.frontier()->anchors}) {
        const auto found = std::find_if(list->begin(), list->end(), [&](const PlannedPoint& p) {
            return QString::fromStdString(p.point.label) == label;
        });
        if (found != list->end()) {
            return &*found;
        }
    }
    return nullptr;
}
} // namespace

FrontierPanel::FrontierPanel(PlanDocument& document, BudgetAssistant& budget, Selection& selection,
                             QAction* measureSensitivity, QWidget* parent)
    : Panel(QStringLiteral("frontier"), tr("Frontier"), parent), m_document(document),
      m_budget(budget), m_selection(selection), m_measure(measureSensitivity),
      m_plot(new ui::FrontierPlot), m_cost(new QComboBox), m_quality(new QComboBox),
      m_top(new QComboBox), m_proposal(new QLabel), m_add(new QPushButton(tr("Add as plan"))),
      m_take(new QPushButton(tr("Take this plan"))), m_all(new QPushButton(tr("All plans")))
{
    setWhatsThis(
        tr("Plans by cost and quality. The step line joins the best predicted plan of "
           "each cost; filled points were measured, hollow ones are predicted from the "
           "sensitivity table. Drag the line of the budget for the best plan within it. "
           "Plans that are brushed stand out here, and Compare and Evaluate keep to them."));
    m_cost->addItems({tr("BOPs, % of FP32"), tr("Bytes")});
    m_cost->setAccessibleName(tr("Cost axis"));
    m_cost->setAccessibleDescription(tr("What the horizontal axis and the budget count"));
    m_quality->addItems({tr("Predicted loss"), tr("Top-1 accuracy")});
    m_quality->setAccessibleName(tr("Quality axis"));
    m_quality->setAccessibleDescription(tr("What the vertical axis shows"));
    m_top->addItems({tr("All plans"), tr("Best 5"), tr("Best 10"), tr("Best 20")});
    m_top->setAccessibleName(tr("How many plans"));
    m_top->setAccessibleDescription(tr("Shows only the plans of the best quality"));
    for (QComboBox* box : {m_cost, m_quality, m_top}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        addTitleWidget(box);
    }
    m_logCost = new QAction(tr("Logarithmic cost"), this);
    m_logCost->setCheckable(true);
    m_logCost->setChecked(true);
    m_hideDominated = new QAction(tr("Hide dominated plans"), this);
    m_hideDominated->setCheckable(true);
    auto* menu = new QMenu(this);
    menu->addActions({m_logCost, m_hideDominated});
    auto* options = new QToolButton;
    options->setText(tr("View"));
    options->setMenu(menu);
    options->setPopupMode(QToolButton::InstantPopup);
    options->setAccessibleName(tr("View options of the frontier"));
    options->setAccessibleDescription(tr("Axes and which plans are shown"));
    addTitleWidget(options);
    m_brush = addTitleAction(tr("Brush"),
                             tr("Drag a rectangle over the plans to look at alone. Without this: "
                                "drag with Ctrl."),
                             ui::icon(QStringLiteral("brush")));
    m_brush->setCheckable(true);

    m_plot->setAccessibleName(tr("Frontier"));
    m_plot->setAccessibleDescription(
        tr("Plans by cost and quality; arrow keys move between plans, Enter opens one"));
    m_proposal->setWordWrap(true);
    m_proposal->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_add->setAccessibleDescription(tr("Adds the chosen predicted plan to the list of plans"));
    m_take->setAccessibleDescription(tr("Gives the shown plan the bits of the budget's best plan"));
    m_all->setAccessibleDescription(tr("Gives up the brush"));
    m_all->setToolTip(tr("Look at all plans again (Esc in the plot)."));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 12, 8);
    row->addWidget(m_proposal, 1);
    row->addWidget(m_all);
    row->addWidget(m_add);
    row->addWidget(m_take);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot, 1);
    layout->addLayout(row);
    setContent(content);

    connect(m_cost, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_budget.setKind(index == 0 ? BudgetKind::Bops : BudgetKind::Bytes);
        showOptions();
    });
    connect(m_quality, &QComboBox::currentIndexChanged, this, &FrontierPanel::showOptions);
    connect(m_top, &QComboBox::currentIndexChanged, this, &FrontierPanel::showOptions);
    connect(m_logCost, &QAction::toggled, this, &FrontierPanel::showOptions);
    connect(m_hideDominated, &QAction::toggled, this, &FrontierPanel::showOptions);
    connect(m_brush, &QAction::toggled, m_plot, &ui::FrontierPlot::setBrushMode);
    connect(m_plot, &ui::FrontierPlot::brushedPlansChanged, this, &FrontierPanel::takeBrushed);
    connect(m_all, &QPushButton::clicked, this, [this] { m_plot->setBrush(std::nullopt); });
    connect(&m_document, &PlanDocument::modelChanged, this,
            [this] { m_plot->setBrush(std::nullopt); });
    connect(m_plot, &ui::FrontierPlot::planActivated, this, &FrontierPanel::activate);
    connect(m_plot, &ui::FrontierPlot::budgetDragged, this,
            [this](double value) { m_budget.setBudget(m_budget.fromUnit(value)); });
    connect(m_add, &QPushButton::clicked, this, [this] { addPredicted(m_proposed); });
    connect(m_take, &QPushButton::clicked, &m_budget, &BudgetAssistant::take);
    for (const auto signal : {&BudgetAssistant::rangeChanged, &BudgetAssistant::frontierChanged,
                              &BudgetAssistant::previewChanged}) {
        connect(&m_budget, signal, this, &FrontierPanel::markDirty);
    }
    connect(&m_document, &PlanDocument::consequencesChanged, this, &FrontierPanel::markDirty);
    markDirty();
}

QList<ui::Picture> FrontierPanel::pictures() const
{
    return {m_plot->picture(QStringLiteral("frontier"))};
}

void FrontierPanel::showOptions()
{
    ui::FrontierOptions options = m_plot->options();
    options.cost = m_cost->currentIndex() == 0 ? ui::FrontierCost::Bops : ui::FrontierCost::Bytes;
    options.quality = m_quality->currentIndex() == 0 ? ui::FrontierQuality::PredictedLoss
                                                     : ui::FrontierQuality::Top1;
    options.isCostLog = m_logCost->isChecked();
    options.hideDominated = m_hideDominated->isChecked();
    constexpr int kCounts[] = {0, 5, 10, 20};
    const int count = kCounts[std::clamp(m_top->currentIndex(), 0, 3)];
    options.topK = count == 0 ? std::nullopt : std::optional(count);
    m_plot->setOptions(options);
}

void FrontierPanel::takeBrushed()
{
    std::optional<QStringList> plans;
    if (m_plot->brush()) {
        plans.emplace();
        const QStringList labels = m_plot->brushedPlans();
        for (const QString& label : labels) {
            const QString plan = planOf(m_document, label);
            if (!plan.isEmpty() && !plans->contains(plan)) {
                *plans << plan;
            }
        }
    }
    m_selection.setPlans(plans);
    markDirty();
}

QString FrontierPanel::brushedText() const
{
    constexpr qsizetype kMost = 6;
    QStringList labels = m_plot->brushedPlans();
    // Plans of the project have names that say something; predicted ones are called by budgets.
    std::stable_partition(labels.begin(), labels.end(), [this](const QString& label) {
        return !planOf(m_document, label).isEmpty();
    });
    if (labels.isEmpty()) {
        return tr("No plan lies in the brushed part.");
    }
    const QString names = labels.mid(0, kMost).join(QStringLiteral(", "));
    const int more = static_cast<int>(std::max<qsizetype>(labels.size() - kMost, 0));
    return tr("Brushed: %1")
        .arg(more == 0 ? names : tr("%1 and %n more", nullptr, more).arg(names));
}

void FrontierPanel::activate(const QString& label)
{
    m_plot->setSelected(label);
    m_proposed.clear();
    const QString plan = planOf(m_document, label);
    if (!plan.isEmpty()) {
        m_document.showPlan(plan);
    } else if (findPredicted(m_budget, label) != nullptr) {
        m_proposed = label;
    }
    markDirty();
}

void FrontierPanel::addPredicted(const QString& label)
{
    if (const PlannedPoint* point = findPredicted(m_budget, label)) {
        BitPlan plan = point->plan;
        plan.name = label.toStdString();
        m_proposed.clear();
        Q_EMIT planAdded(m_document.addPlan(std::move(plan)));
    }
}

void FrontierPanel::refresh()
{
    if (!m_document.isOpen()) {
        showEmpty(tr("Open a model to compare plans by cost and quality."));
        return;
    }
    if (!m_budget.frontier() && m_document.points().empty()) {
        showEmpty(m_document.sensitivity()
                      ? tr("The frontier is being computed.")
                      : tr("The frontier of predicted plans appears here once the sensitivity of "
                           "the layers was measured."),
                  m_document.sensitivity() ? nullptr : m_measure);
        return;
    }
    auto view = std::make_shared<ui::FrontierView>();
    if (const auto frontier = m_budget.frontier()) {
        for (const PlannedPoint& point : frontier->predicted) {
            view->predicted.push_back(point.point);
        }
        for (const PlannedPoint& point : frontier->anchors) {
            view->anchors.push_back(point.point);
        }
        view->knee = frontier->knee;
    }
    for (FrontierPoint point : m_document.points()) {
        auto& list = point.kind == PointKind::UniformAnchor ? view->anchors : view->measured;
        // A measured uniform plan replaces its prediction.
        std::erase_if(list, [&](const FrontierPoint& old) { return old.label == point.label; });
        list.push_back(std::move(point));
    }
    view->ghost = ghostOf(m_document);
    if (const auto table = m_document.sensitivity()) {
        view->floatTop1Percent = table->floatAccuracyPercent;
    }
    m_plot->setView(std::move(view));
    m_plot->setBudget(
        m_budget.budget()
            ? std::optional(m_budget.toUnit(*m_budget.budget()))
            : (m_budget.range() ? std::optional(m_budget.toUnit(m_budget.kind() == BudgetKind::Bytes
                                                                    ? m_document.cost().bytes
                                                                    : m_document.cost().bops))
                                : std::nullopt));
    const auto preview = m_budget.preview();
    if (preview) {
        m_proposal->setText(tr("Within the budget: %1, %2 BOPs, predicted loss %3, %4.")
                                .arg(ui::formatBytes(preview->cost.bytes),
                                     ui::formatPercent(preview->cost.bopsPercentOfFp32()),
                                     ui::formatSignificant(preview->predictedLoss),
                                     preview->optimal
                                         ? tr("proven optimal")
                                         : tr("at most %1 above the best")
                                               .arg(ui::formatSignificant(preview->gap()))));
    } else if (const PlannedPoint* point = findPredicted(m_budget, m_proposed)) {
        m_proposal->setText(tr("%1: %2, %3 BOPs, predicted loss %4.")
                                .arg(m_proposed, ui::formatBytes(point->point.bytes),
                                     ui::formatPercent(point->point.bopsPercentOfFp32),
                                     ui::formatSignificant(point->point.predictedLoss)));
    } else if (m_plot->brush()) {
        m_proposal->setText(brushedText());
    } else {
        m_proposal->setText(
            tr("Drag the budget line for the best plan within it, or click a plan."));
    }
    m_add->setVisible(!preview && !m_proposed.isEmpty());
    m_take->setVisible(preview != nullptr);
    m_all->setVisible(m_plot->brush().has_value());
    showContent();
}

} // namespace bitloom::workbench
