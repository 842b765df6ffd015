// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/panels/common/measurements.h"
#include "widgets/views/panel.h"

#include <QHash>
#include <QSet>

#include <functional>
#include <memory>

class QLabel;
class QPushButton;
class QTreeView;

namespace bitloom::workbench {

class ClassChangeModel;
class DataChoice;
class EvaluationModel;
class FailureLine;
class FlipPane;
class Selection;

/// Measures plans and the model itself on the same images, side by side, and shows what changed
/// against the model without a plan: per class, and image by image.
class EvaluatePanel final : public ui::Panel {
    Q_OBJECT
public:
    /// All references must outlive the panel.
    EvaluatePanel(PlanDocument& document, const Selection& selection, JobCenter& center,
                  DataChoice& choice, Measurements& measurements, CommandLineOf commandLine,
                  QWidget* parent = nullptr);
    ~EvaluatePanel() override;

    /// Measures the checked models, and the model without a plan if it is not known on these
    /// images.
    void measure();
    /// The same for the shown plan alone.
    void measureShownPlan();
    void setChecked(const QString& plan, bool checked); ///< empty: the model without a plan
    QList<ui::Picture> pictures() const override;

Q_SIGNALS:
    /// A plan was measured; the document has the point already.
    void measured(const bitloom::FrontierPoint& point);

protected:
    void refresh() override;

private:
    struct PlanFacts {
        QString digest;
        std::int64_t bytes = 0;
        std::int64_t bops = 0;
        double bopsPercent = 0;
    };
    struct Comparison {
        Measurements::Result parent, other; ///< kept alive: the key is their addresses
        std::shared_ptr<const PredictionChanges> changes; ///< null while it is computed
    };

    QWidget* makeContent();
    void sizeClassColumns();
    void startOver();
    void measurePlans(const QStringList& plans);
    void start(const QString& plan, const Measurements::Images& images);
    QString finish(const QString& plan, const PlanFacts& facts, const Measurements::Images& images,
                   const JobResult& result);
    const PlanFacts& factsOf(const QString& plan);
    std::optional<Measurements::Images> images() const;
    /// Asks for it in the background where it is not known yet.
    std::shared_ptr<const PredictionChanges> changesOf(const Measurements::Result& parent,
                                                       const Measurements::Result& other);
    void showDetails();
    QString summaryOf(const QString& plan, const PredictionChanges& changes) const;
    QString selectedPlan() const;

    PlanDocument& m_document;
    const Selection& m_selection;
    JobCenter& m_center;
    DataChoice& m_choice;
    Measurements& m_measurements;
    CommandLineOf m_commandLine;

    EvaluationModel* m_model;
    ClassChangeModel* m_classes;
    QTreeView* m_view;
    QTreeView* m_classView;
    FlipPane* m_flips;
    QPushButton* m_measure;
    FailureLine* m_failure;
    QLabel* m_summary;
    QWidget* m_details = nullptr;

    QSet<QString> m_checked;
    QHash<QString, PlanFacts> m_facts; ///< by plan; dropped when the plan changes
    QHash<QString, JobId> m_running;   ///< by plan
    QHash<QPair<const EvalResult*, const EvalResult*>, Comparison> m_comparisons;
    /// Context of everything that was started for the open model: gone when the model changes.
    std::unique_ptr<QObject> m_session;
};

} // namespace bitloom::workbench
