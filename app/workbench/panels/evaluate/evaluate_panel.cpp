// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/evaluate/evaluate_panel.h"

#include "app/workbench/document/selection.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/data_choice_form.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/common/table_style.h"
#include "app/workbench/panels/evaluate/change_delegate.h"
#include "app/workbench/panels/evaluate/class_change_model.h"
#include "app/workbench/panels/evaluate/evaluation_model.h"
#include "app/workbench/panels/evaluate/flip_pane.h"
#include "core/base/error.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"
#include "widgets/views/table_picture.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>
#include <QtConcurrent>

#include <algorithm>
#include <variant>

namespace bitloom::workbench {

EvaluatePanel::EvaluatePanel(PlanDocument& document, const Selection& selection, JobCenter& center,
                             DataChoice& choice, Measurements& measurements,
                             CommandLineOf commandLine, QWidget* parent)
    : Panel(QStringLiteral("evaluate"), tr("Evaluate"), parent), m_document(document),
      m_selection(selection), m_center(center), m_choice(choice), m_measurements(measurements),
      m_commandLine(std::move(commandLine)), m_model(new EvaluationModel(this)),
      m_classes(new ClassChangeModel(this)), m_view(new QTreeView), m_classView(new QTreeView),
      m_flips(new FlipPane(center)), m_measure(new QPushButton), m_failure(new FailureLine),
      m_summary(new QLabel), m_session(std::make_unique<QObject>())
{
    setWhatsThis(tr("Accuracy of plans on chosen images, and which classes and images change their "
                    "answer against the model without a plan. Measured by running the quantized "
                    "network."));
    setContent(makeContent());
    const auto dirty = [this] { markDirty(); };
    connect(&document, &PlanDocument::modelChanged, this, &EvaluatePanel::startOver);
    connect(&document, &PlanDocument::plansReplaced, this, [this] { m_facts.clear(); });
    connect(&document, &PlanDocument::planListChanged, this, [this] {
        // A name that is gone may come back with another plan; the others are what they were.
        m_facts.removeIf([this](const auto& known) {
            return !known.key().isEmpty() && m_document.findPlan(known.key()) == nullptr;
        });
        markDirty();
    });
    const auto forgetShown = [this] {
        m_facts.remove(m_document.planName());
        markDirty();
    };
    connect(&document, &PlanDocument::planEdited, this, forgetShown);
    connect(&document, &PlanDocument::planShown, this, forgetShown);
    connect(&document, &PlanDocument::pointsChanged, this, dirty);
    connect(&selection, &Selection::plansChanged, this, dirty);
    connect(&choice, &DataChoice::changed, this, dirty);
    connect(&measurements, &Measurements::changed, this, dirty);
    connect(&center, &JobCenter::rowChanged, this, [this] {
        if (!m_running.isEmpty()) {
            markDirty();
        }
    });
    connect(m_model, &EvaluationModel::checkRequested, this, &EvaluatePanel::setChecked);
    connect(m_measure, &QPushButton::clicked, this, &EvaluatePanel::measure);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, dirty);
    startOver();
    refresh();
}

EvaluatePanel::~EvaluatePanel() = default;

QWidget* EvaluatePanel::makeContent()
{
    m_measure->setIcon(ui::icon(QStringLiteral("evaluate")));
    m_measure->setAccessibleName(tr("Measure the checked models"));
    m_measure->setAccessibleDescription(tr("Measure the checked models on the same images."));
    // Below the form, not beside it: the panel has to fit into half of a small screen.
    auto* go = new QHBoxLayout;
    go->setSpacing(12);
    go->addWidget(m_failure, 1);
    go->addStretch(0);
    go->addWidget(m_measure, 0, Qt::AlignBottom);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(12, 4, 12, 8);
    top->setSpacing(8);
    top->addWidget(new DataChoiceForm(m_choice, DataUse::Measuring));
    top->addLayout(go);

    setUpTable(*m_view, tr("Measured models"));
    m_view->setModel(m_model);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    sizeColumns(*m_view, 22);
    const auto at = [](EvaluationColumn column) { return static_cast<int>(column); };
    yieldColumns(*m_view, {at(EvaluationColumn::Seconds), at(EvaluationColumn::Bops),
                           at(EvaluationColumn::Top5), at(EvaluationColumn::Bytes)});

    setUpTable(*m_classView, tr("Changes per class"));
    m_classView->setModel(m_classes);
    m_classView->setItemDelegate(new ChangeDelegate(m_classView));
    m_classView->header()->setStretchLastSection(false);
    m_classView->header()->setMinimumSectionSize(6 * fontMetrics().averageCharWidth());
    connect(m_classes, &QAbstractItemModel::modelReset, this, &EvaluatePanel::sizeClassColumns);

    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(12, 8, 12, 4);
    auto* halves = new QSplitter;
    halves->setHandleWidth(5);
    halves->setChildrenCollapsible(false);
    halves->addWidget(m_classView);
    halves->addWidget(m_flips);
    halves->setStretchFactor(0, 5);
    halves->setStretchFactor(1, 4);
    m_details = new QWidget;
    auto* details = new QVBoxLayout(m_details);
    details->setContentsMargins(0, 0, 0, 0);
    details->setSpacing(4);
    details->addWidget(m_summary);
    details->addWidget(halves, 1);

    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(5);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_view);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(splitter, 1);
    return content;
}

void EvaluatePanel::sizeClassColumns()
{
    // A few plans share the room, so that their bars are long; many scroll.
    constexpr int kSharing = 3;
    const int width = m_classView->fontMetrics().averageCharWidth();
    int fixed = 0;
    for (const int characters : {12, 10, 11}) {
        m_classView->header()->resizeSection(fixed++, characters * width);
    }
    QHeaderView* header = m_classView->header();
    const int plans = m_classes->columnCount() - ClassChangeModel::kFixedColumns;
    for (int plan = 0; plan < plans; ++plan) {
        const int column = ClassChangeModel::kFixedColumns + plan;
        header->setSectionResizeMode(column, plans <= kSharing ? QHeaderView::Stretch
                                                               : QHeaderView::Interactive);
        if (plans > kSharing) {
            header->resizeSection(column, 20 * fontMetrics().averageCharWidth());
        }
    }
}

void EvaluatePanel::startOver()
{
    m_session = std::make_unique<QObject>();
    m_running.clear();
    m_facts.clear();
    m_comparisons.clear();
    m_measurements.clear();
    m_checked = {QString()};
    if (m_document.isOpen()) {
        m_checked.insert(m_document.planName());
    }
    m_failure->hide();
    markDirty();
}

void EvaluatePanel::setChecked(const QString& plan, bool checked)
{
    if (checked) {
        m_checked.insert(plan);
    } else {
        m_checked.remove(plan);
    }
    markDirty();
}

std::optional<Measurements::Images> EvaluatePanel::images() const
{
    const auto source = m_choice.data();
    return source ? std::optional(Measurements::Images{*source, m_choice.calibration()})
                  : std::nullopt;
}

const EvaluatePanel::PlanFacts& EvaluatePanel::factsOf(const QString& plan)
{
    const auto known = m_facts.constFind(plan);
    if (known != m_facts.constEnd()) {
        return *known;
    }
    PlanFacts facts;
    const auto take = [&facts](const PlanCost& cost) {
        facts.bytes = cost.bytes;
        facts.bops = cost.bops;
        facts.bopsPercent = cost.bopsPercentOfFp32();
    };
    if (plan.isEmpty()) {
        take(m_document.costOfFloat());
    } else {
        const BitPlan& entries = *m_document.findPlan(plan);
        facts.digest = QString::fromStdString(planDigest(entries));
        if (plan == m_document.planName()) {
            take(m_document.cost());
        } else {
            take(computeCost(*m_document.model(), entries));
        }
    }
    return *m_facts.insert(plan, facts);
}

void EvaluatePanel::measure()
{
    QStringList plans;
    if (m_checked.contains(QString())) {
        plans << QString();
    }
    const QStringList names = m_document.planNames();
    for (const QString& name : names) {
        if (m_checked.contains(name)) {
            plans << name;
        }
    }
    measurePlans(plans);
}

void EvaluatePanel::measureShownPlan()
{
    if (m_document.isOpen()) {
        measurePlans({m_document.planName()});
    }
}

void EvaluatePanel::measurePlans(const QStringList& plans)
{
    const auto chosen = images();
    if (!m_document.isOpen() || !chosen) {
        return;
    }
    m_failure->hide();
    m_choice.remember();
    QStringList all = plans;
    if (!all.contains(QString()) && m_measurements.find({}, *chosen) == nullptr) {
        all.prepend(QString()); // every change is one against the model without a plan
    }
    for (const QString& plan : std::as_const(all)) {
        if (!m_running.contains(plan)) {
            start(plan, *chosen);
        }
    }
    markDirty();
}

void EvaluatePanel::start(const QString& plan, const Measurements::Images& images)
{
    engine::EvalJob job;
    job.model = m_document.modelReference();
    job.data = images.data;
    job.calibration = images.calibration;
    job.keepPredictions = true;
    if (!plan.isEmpty()) {
        job.plan = *m_document.findPlan(plan);
    }
    const QString name = plan.isEmpty() ? tr("the model without a plan") : plan;
    JobOrder order;
    order.spec = job;
    order.title = plan.isEmpty() ? tr("Evaluate without a plan") : tr("Evaluate %1").arg(plan);
    order.resultPanel = id();
    order.commandLine = m_commandLine(order.spec);
    order.onFinished = [this, plan, facts = factsOf(plan), images](const JobResult& result) {
        return finish(plan, facts, images, result);
    };
    order.onFailed = [this, plan, name](const QString& code, const QString& message) {
        m_running.remove(plan);
        m_failure->show(tr("%1 was not measured").arg(name), code, message);
        markDirty();
    };
    order.onCancelled = [this, plan](const JobResult&) {
        m_running.remove(plan);
        markDirty();
    };
    m_running.insert(plan, m_center.start(std::move(order), m_session.get()));
}

QString EvaluatePanel::finish(const QString& plan, const PlanFacts& facts,
                              const Measurements::Images& images, const JobResult& result)
{
    m_running.remove(plan);
    markDirty();
    const auto* found = std::get_if<std::shared_ptr<const EvalResult>>(&result);
    if (found == nullptr) {
        return {};
    }
    const EvalResult& now = **found;
    m_measurements.add(facts.digest, images, *found);
    QString outcome = tr("Top-1 %1").arg(ui::formatPercent(now.top1Percent()));
    if (plan.isEmpty()) {
        return outcome;
    }
    if (const auto parent = m_measurements.find({}, images)) {
        const double change = now.top1Percent() - parent->top1Percent();
        outcome = tr("%1, %2 points against the model without a plan")
                      .arg(outcome, ui::formatSigned(change));
    }
    FrontierPoint point;
    point.kind = PointKind::Measured;
    point.label = plan.toStdString();
    point.plan = point.label;
    point.bytes = facts.bytes;
    point.bops = facts.bops;
    point.bopsPercentOfFp32 = facts.bopsPercent;
    point.top1Percent = now.top1Percent();
    point.planDigest = facts.digest.toStdString();
    const BitPlan* entries = m_document.findPlan(plan);
    if (entries != nullptr && planDigest(*entries) == point.planDigest) {
        point.predictedLoss = m_document.predictedLossOf(*entries);
    }
    m_document.addPoint(point);
    Q_EMIT measured(point);
    return outcome;
}

std::shared_ptr<const PredictionChanges>
EvaluatePanel::changesOf(const Measurements::Result& parent, const Measurements::Result& other)
{
    if (!parent || !other || !parent->predictions || !other->predictions) {
        return nullptr;
    }
    const auto key = qMakePair(parent.get(), other.get());
    const auto known = m_comparisons.constFind(key);
    if (known != m_comparisons.constEnd()) {
        return known->changes;
    }
    m_comparisons.insert(key, {parent, other, nullptr});
    using Changes = std::shared_ptr<const PredictionChanges>;
    const auto compare = [parent, other]() -> std::variant<Changes, Error> {
        try {
            return std::make_shared<const PredictionChanges>(
                comparePredictions(*parent->predictions, *other->predictions));
        } catch (const Error& error) {
            return error;
        }
    };
    QtConcurrent::run(compare).then(
        m_session.get(), [this, key, parent, other](std::variant<Changes, Error> found) {
            if (const auto* error = std::get_if<Error>(&found)) {
                m_failure->show(tr("The answers could not be compared"), *error);
                return;
            }
            m_comparisons.insert(key, {parent, other, std::get<Changes>(std::move(found))});
            markDirty();
        });
    return nullptr;
}

QString EvaluatePanel::selectedPlan() const
{
    const int row = m_view->currentIndex().row();
    return row >= 0 && row < m_model->rowCount() ? m_model->rows()[std::size_t(row)].plan
                                                 : QString();
}

void EvaluatePanel::refresh()
{
    if (!m_document.isOpen()) {
        m_model->setRows({});
        showEmpty(tr("Open a model to measure it and its plans on images, side by side."));
        return;
    }
    showContent();
    const auto chosen = images();
    const auto parent = chosen ? m_measurements.find({}, *chosen) : nullptr;
    std::vector<EvaluationRow> rows;
    QStringList plans = m_document.planNames();
    plans.prepend(QString());
    int checked = 0;
    for (const QString& plan : std::as_const(plans)) {
        const PlanFacts& facts = factsOf(plan);
        EvaluationRow row;
        row.plan = plan;
        row.checked = m_checked.contains(plan);
        row.stepsBack = !plan.isEmpty() && !m_selection.hasPlan(plan);
        checked += row.checked ? 1 : 0;
        row.bytes = facts.bytes;
        row.bopsPercent = facts.bopsPercent;
        row.result = chosen ? m_measurements.find(facts.digest, *chosen) : nullptr;
        if (const auto running = m_running.constFind(plan); running != m_running.constEnd()) {
            const JobRow* job = m_center.row(*running);
            row.state = job != nullptr && job->state == JobState::Queued
                            ? EvaluationRow::State::Waiting
                            : EvaluationRow::State::Running;
        }
        for (const FrontierPoint& point : m_document.points()) {
            if (!plan.isEmpty() && point.planDigest == facts.digest.toStdString()) {
                row.earlierTop1 = point.top1Percent;
            }
        }
        if (!plan.isEmpty() && parent && row.result) {
            row.changePoints = row.result->top1Percent() - parent->top1Percent();
            if (const auto changes = changesOf(parent, row.result)) {
                row.agreementPercent = changes->agreementPercent();
            }
        }
        rows.push_back(std::move(row));
    }
    m_model->setRows(std::move(rows));
    if (!m_view->currentIndex().isValid()) {
        const auto shown = 1 + m_document.planNames().indexOf(m_document.planName());
        m_view->setCurrentIndex(m_model->index(static_cast<int>(shown), 0));
    }
    const QString problem = !m_choice.problem().isEmpty() ? m_choice.problem()
                            : checked == 0                ? tr("Check the models to measure.")
                                                          : QString();
    m_measure->setEnabled(problem.isEmpty());
    m_measure->setText(checked > 1 ? tr("Measure %n models", nullptr, checked) : tr("Measure"));
    ui::setHelp(*m_measure,
                problem.isEmpty() ? tr("Measure the checked models on the same images.") : problem);
    showDetails();
}

void EvaluatePanel::showDetails()
{
    const auto chosen = images();
    const auto parent = chosen ? m_measurements.find({}, *chosen) : nullptr;
    std::vector<ClassChangeModel::Plan> compared;
    std::shared_ptr<const PredictionChanges> shown;
    for (const EvaluationRow& row : m_model->rows()) {
        if (row.plan.isEmpty()) {
            continue;
        }
        if (auto changes = changesOf(parent, row.result)) {
            if (row.plan == selectedPlan()) {
                shown = changes;
            }
            compared.push_back({row.plan, std::move(changes)});
        }
    }
    m_classes->setPlans(compared);
    m_details->setVisible(!compared.empty());
    m_flips->setChanges(shown,
                        parent && parent->predictions ? parent->predictions->classNames
                                                      : std::vector<std::string>(),
                        chosen ? chosen->data : engine::DataRef());
    m_summary->setText(shown ? summaryOf(selectedPlan(), *shown)
                             : tr("Select a measured plan to see which images it answers "
                                  "otherwise than the model without a plan."));
}

QString EvaluatePanel::summaryOf(const QString& plan, const PredictionChanges& changes) const
{
    const auto count = [](const std::vector<PredictionChange>& list) {
        return static_cast<int>(list.size());
    };
    return tr("%1 answers %2 of %3 images otherwise than the model without a plan: %4 now wrong, "
              "%5 now right, %6 wrong in another way.")
        .arg(plan, ui::formatExact(changes.images - changes.agreeing),
             ui::formatExact(changes.images), ui::formatExact(count(changes.toWrong)),
             ui::formatExact(count(changes.toRight)), ui::formatExact(count(changes.toOtherWrong)));
}

QList<ui::Picture> EvaluatePanel::pictures() const
{
    if (!m_document.isOpen()) {
        return {};
    }
    QList<ui::Picture> pictures{ui::tablePicture(QStringLiteral("evaluation"), *m_view)};
    if (!m_classes->isEmpty()) {
        pictures << ui::tablePicture(QStringLiteral("class-changes"), *m_classView);
    }
    if (auto images = m_flips->picture()) {
        pictures << std::move(*images);
    }
    return pictures;
}

} // namespace bitloom::workbench
