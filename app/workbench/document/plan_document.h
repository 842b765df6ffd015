// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_change.h"
#include "core/cost/cost_model.h"
#include "core/engine/job.h"
#include "core/types/model_report.h"
#include "core/types/plan_cost.h"
#include "core/types/plan_edit.h"
#include "core/types/results.h"
#include "core/types/sensitivity_table.h"

#include <QObject>
#include <QSet>
#include <QStringList>
#include <QUndoStack>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace bitloom {
class SensitivityLosses;
}

namespace bitloom::workbench {

/// The model, its bit plans, what was measured on it, and what the shown plan costs.
///
/// Every change of a plan or of the list of plans is one step of the undo stack. Costs and losses
/// follow each edit at once: an edit recounts only what it touches. Models and tables come in as
/// immutable values. GUI thread only; holds no file and no job.
class PlanDocument final : public QObject {
    Q_OBJECT
public:
    explicit PlanDocument(QObject* parent = nullptr);
    ~PlanDocument() override;

    // --- the model
    /// Begins anew with one plan: the model's own where its weights are packed, else 8 bits
    /// everywhere ("w8a8"). Errors: as addPlan(), for an own plan; nothing has changed then.
    void open(const std::shared_ptr<const ModelReport>& opened, engine::ModelRef reference);
    void close();
    bool isOpen() const { return m_model != nullptr; }
    std::shared_ptr<const ModelInfo> model() const { return m_model; }
    /// The plan that packed weights came with, as it was then; nullptr: they are not packed.
    const BitPlan* ownPlan() const { return m_ownPlan ? &*m_ownPlan : nullptr; }
    const engine::ModelRef& modelReference() const { return m_reference; }
    /// The same model lies elsewhere now.
    void setModelReference(engine::ModelRef reference) { m_reference = std::move(reference); }

    // --- plans; names are unique and never empty
    QStringList planNames() const; ///< in the order in which they were added
    QString planName() const { return m_current; }
    /// The shown plan. Only while a model is open.
    const BitPlan& plan() const;
    /// The same as a plan of exactly this model, also where it was made for other weights of the
    /// same layers.
    BitPlan planOfModel() const;
    const BitPlan* findPlan(const QString& name) const;
    void showPlan(const QString& name);
    /// Adds a plan and shows it; returns its name, made unique. Errors: ModelMismatch, as
    /// checkPlanAgainst().
    QString addPlan(BitPlan plan);
    QString duplicatePlan();
    void renamePlan(const QString& name);
    /// Removes the shown plan; the last one stays.
    void removePlan();
    enum class Origin { Stored, Unsaved };
    /// Takes these plans instead of what is there: not an edit, the undo stack is empty afterwards.
    /// Unsaved ones are compared with the stored plans of before. Errors: as addPlan().
    void restorePlans(std::vector<BitPlan> plans, const QString& shown, const QStringList& locked,
                      Origin origin);
    /// The plan as it was last stored, for revert; nullptr if it never was.
    const BitPlan* storedPlan(const QString& name) const;
    void setStoredPlan(const BitPlan& plan);
    bool isModified(const QString& name) const;
    void revertPlan();

    // --- edits of the shown plan; locked layers and the tensors that they read keep their entries
    /// Errors: InvalidArgument for an illegal width; nothing has changed then.
    void edit(const QStringList& layers, const PlanEdit& change, const QString& text);
    /// Takes the entries of another plan of this model.
    void assign(const BitPlan& plan, const QString& text);
    void setLocked(const QStringList& layers, bool locked);
    bool isLocked(const QString& layer) const { return m_locked.contains(layer); }
    QStringList lockedLayers() const; ///< in execution order
    QUndoStack& undoStack() { return m_undo; }

    // --- consequences of the shown plan
    const PlanCost& cost() const { return m_tracker->cost(); }
    const PlanCost& costOfFloat() const { return m_floatCost; }
    const PlanCost& costOfW8A8() const { return m_w8a8Cost; }
    /// nullopt without a table, or where the table does not cover the plan.
    std::optional<double> predictedLoss() const { return m_predictedLoss; }
    std::optional<double> predictedLossOf(const BitPlan& plan) const;
    std::optional<double> predictedLossOfW8A8() const { return m_w8a8Loss; }
    /// Loss of the layer's weight and of the tensors it reads, in this plan.
    std::optional<double> layerLoss(std::size_t layerIndex) const;
    /// Loss of the layer's weight alone at 4 bits (or the next smaller measured width).
    std::optional<double> layerSensitivity(std::size_t layerIndex) const;

    // --- measurements
    std::shared_ptr<const SensitivityTable> sensitivity() const { return m_table; }
    void setSensitivity(std::shared_ptr<const SensitivityTable> table);
    SensitivityMetric metric() const { return m_metric; }
    void setMetric(SensitivityMetric metric);
    /// Measured plans, oldest first. Adding one of the same label replaces it.
    const std::vector<FrontierPoint>& points() const { return m_points; }
    void setPoints(std::vector<FrontierPoint> points);
    void addPoint(const FrontierPoint& point);
    /// The measurement of exactly the shown plan, whatever it was called then.
    const FrontierPoint* measurement() const;

Q_SIGNALS:
    void modelChanged();
    void planListChanged();
    void plansReplaced(); ///< plans of the same name may be others now
    void planShown();     ///< another plan, or none
    void planEdited(const bitloom::workbench::PlanChange& change); ///< of the shown plan
    void lockedChanged();
    void sensitivityChanged();
    void pointsChanged();
    /// Costs or losses may have changed: after all of the above.
    void consequencesChanged();
    /// Something that the user should read, "2 locked layers kept their bits".
    void noticed(const QString& sentence);

private:
    friend class PlanCommand;
    struct Entry {
        BitPlan plan;
        std::optional<BitPlan> stored;
    };
    Entry* entryOf(const QString& name);
    const Entry* entryOf(const QString& name) const;
    QString uniqueName(const QString& wanted) const;
    /// Restores the entries of locked layers; returns how many layers it kept from changing.
    int keepLocked(const BitPlan& before, BitPlan& after) const;
    void pushChange(const BitPlan& after, const QString& text);
    void applyChange(const QString& name, const PlanChange& change);
    void insertPlan(int position, const Entry& entry);
    void takePlan(const QString& name);
    void announceModel(); ///< another one, with all that hangs on it
    void recount();
    void recountLosses();

    std::shared_ptr<const ModelInfo> m_model;
    std::optional<BitPlan> m_ownPlan;
    std::unordered_map<std::string, std::size_t> m_tensorIndex; ///< into BitPlan::tensors
    engine::ModelRef m_reference;
    std::vector<Entry> m_plans;
    QString m_current;
    QSet<QString> m_locked;
    QUndoStack m_undo;
    std::unique_ptr<CostTracker> m_tracker;
    PlanCost m_floatCost;
    BitPlan m_w8a8;
    PlanCost m_w8a8Cost;
    std::optional<double> m_w8a8Loss;
    std::shared_ptr<const SensitivityTable> m_table;
    SensitivityMetric m_metric = SensitivityMetric::Kl;
    std::unique_ptr<SensitivityLosses> m_losses;
    std::optional<double> m_predictedLoss;
    std::vector<FrontierPoint> m_points;
};

} // namespace bitloom::workbench
