// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/document/plan_document.h"

#include "core/base/error.h"
#include "core/cost/sensitivity_losses.h"

#include <QUndoCommand>

#include <algorithm>
#include <functional>
#include <unordered_set>
#include <utility>

namespace bitloom::workbench {

namespace {
constexpr int kSensitivityBits = 4;

std::vector<std::string> toStd(const QStringList& names)
{
    std::vector<std::string> result;
    result.reserve(static_cast<std::size_t>(names.size()));
    for (const QString& name : names) {
        result.push_back(name.toStdString());
    }
    return result;
}

BitPlan uniformPlan(const ModelInfo& model, int bits)
{
    UniformPlanOptions options;
    options.weightBits = bits;
    options.activationBits = bits;
    return makeUniformPlan(model, options);
}

/// Checks that the plan is for the model, and puts its entries in the model's order: files may list
/// them in any.
void fitToModel(BitPlan& plan, const ModelInfo& model)
{
    checkPlanAgainst(plan, model);
    std::vector<LayerPlan> layers;
    for (const LayerInfo& layer : model.layers) {
        layers.push_back(*plan.findLayer(layer.name));
    }
    std::vector<TensorPlan> tensors;
    for (const TensorInfo& tensor : model.tensors) {
        tensors.push_back(*plan.findTensor(tensor.name));
    }
    plan.layers = std::move(layers);
    plan.tensors = std::move(tensors);
}
} // namespace

/// One undo step out of two functions.
class PlanCommand final : public QUndoCommand {
public:
    PlanCommand(const QString& text, std::function<void()> forth, std::function<void()> back)
        : QUndoCommand(text), m_forth(std::move(forth)), m_back(std::move(back))
    {
    }
    void redo() override { m_forth(); }
    void undo() override { m_back(); }

private:
    std::function<void()> m_forth;
    std::function<void()> m_back;
};

PlanDocument::PlanDocument(QObject* parent) : QObject(parent)
{
    m_undo.setUndoLimit(1000);
}

PlanDocument::~PlanDocument()
{
    m_undo.disconnect(); // clearing it must not reach listeners that are gone
}

void PlanDocument::open(const std::shared_ptr<const ModelReport>& opened,
                        engine::ModelRef reference)
{
    std::optional<BitPlan> own = opened->plan;
    if (own) {
        fitToModel(*own, opened->info);
    }
    m_undo.clear();
    m_model = {opened, &opened->info};
    m_ownPlan = std::move(own);
    m_reference = std::move(reference);
    m_tensorIndex.clear();
    for (std::size_t i = 0; i < m_model->tensors.size(); ++i) {
        m_tensorIndex.emplace(m_model->tensors[i].name, i);
    }
    m_locked.clear();
    m_table = nullptr;
    m_losses = nullptr;
    m_points.clear();
    m_floatCost = computeCost(*m_model, uniformPlan(*m_model, kFloatBits));
    m_w8a8 = uniformPlan(*m_model, 8);
    m_w8a8.name = "w8a8";
    m_w8a8Cost = computeCost(*m_model, m_w8a8);
    m_w8a8Loss.reset();
    m_plans.clear();
    m_plans.push_back({m_ownPlan.value_or(m_w8a8), std::nullopt});
    m_current = QString::fromStdString(m_plans.front().plan.name);
    recount();
    announceModel();
}

void PlanDocument::close()
{
    m_undo.clear();
    m_model = nullptr;
    m_ownPlan.reset();
    m_reference = {};
    m_plans.clear();
    m_current.clear();
    m_locked.clear();
    m_table = nullptr;
    m_losses = nullptr;
    m_predictedLoss.reset();
    m_points.clear();
    m_tracker = nullptr;
    announceModel();
}

void PlanDocument::announceModel()
{
    Q_EMIT modelChanged();
    Q_EMIT planListChanged();
    Q_EMIT planShown();
    Q_EMIT sensitivityChanged();
    Q_EMIT pointsChanged();
    Q_EMIT consequencesChanged();
}

QStringList PlanDocument::planNames() const
{
    QStringList names;
    for (const Entry& entry : m_plans) {
        names << QString::fromStdString(entry.plan.name);
    }
    return names;
}

PlanDocument::Entry* PlanDocument::entryOf(const QString& name)
{
    const std::string wanted = name.toStdString();
    const auto found = std::find_if(m_plans.begin(), m_plans.end(),
                                    [&](const Entry& entry) { return entry.plan.name == wanted; });
    return found == m_plans.end() ? nullptr : &*found;
}

const PlanDocument::Entry* PlanDocument::entryOf(const QString& name) const
{
    return const_cast<PlanDocument*>(this)->entryOf(name);
}

const BitPlan& PlanDocument::plan() const
{
    const Entry* entry = entryOf(m_current);
    BITLOOM_ASSERT(entry != nullptr);
    return entry->plan;
}

BitPlan PlanDocument::planOfModel() const
{
    BitPlan own = plan();
    own.modelName = m_model->name;
    own.modelFingerprint = m_model->fingerprint;
    return own;
}

const BitPlan* PlanDocument::findPlan(const QString& name) const
{
    const Entry* entry = entryOf(name);
    return entry == nullptr ? nullptr : &entry->plan;
}

void PlanDocument::showPlan(const QString& name)
{
    if (name == m_current || entryOf(name) == nullptr) {
        return;
    }
    m_current = name;
    recount();
    Q_EMIT planShown();
    Q_EMIT consequencesChanged();
}

QString PlanDocument::uniqueName(const QString& wanted) const
{
    const QString base = wanted.trimmed().isEmpty() ? tr("plan") : wanted.trimmed();
    QString name = base;
    for (int number = 2; entryOf(name) != nullptr; ++number) {
        name = QStringLiteral("%1-%2").arg(base).arg(number);
    }
    return name;
}

QString PlanDocument::addPlan(BitPlan plan)
{
    fitToModel(plan, *m_model);
    QString name = uniqueName(QString::fromStdString(plan.name));
    plan.name = name.toStdString();
    const auto position = static_cast<int>(m_plans.size());
    const Entry entry{std::move(plan), std::nullopt};
    m_undo.push(new PlanCommand(
        tr("add plan %1").arg(name), [this, position, entry] { insertPlan(position, entry); },
        [this, name] { takePlan(name); }));
    return name;
}

QString PlanDocument::duplicatePlan()
{
    return addPlan(plan());
}

void PlanDocument::renamePlan(const QString& name)
{
    const QString before = m_current;
    if (name.trimmed().isEmpty() || name.trimmed() == before) {
        return;
    }
    const QString after = uniqueName(name);
    const auto rename = [this](const QString& from, const QString& to) {
        if (Entry* entry = entryOf(from)) {
            entry->plan.name = to.toStdString();
            const bool shown = m_current == from;
            if (shown) {
                m_current = to;
            }
            Q_EMIT planListChanged();
            if (shown) {
                Q_EMIT planShown();
                Q_EMIT consequencesChanged();
            }
        }
    };
    m_undo.push(new PlanCommand(
        tr("rename plan to %1").arg(after), [=] { rename(before, after); },
        [=] { rename(after, before); }));
}

void PlanDocument::removePlan()
{
    if (m_plans.size() < 2) {
        Q_EMIT noticed(tr("The last plan stays: a model always has one."));
        return;
    }
    const QString name = m_current;
    const Entry entry = *entryOf(name);
    const int position = static_cast<int>(planNames().indexOf(name));
    m_undo.push(new PlanCommand(
        tr("remove plan %1").arg(name), [this, name] { takePlan(name); },
        [this, position, entry] { insertPlan(position, entry); }));
}

void PlanDocument::insertPlan(int position, const Entry& entry)
{
    m_plans.insert(m_plans.begin() + position, entry);
    m_current = QString::fromStdString(entry.plan.name);
    recount();
    Q_EMIT planListChanged();
    Q_EMIT planShown();
    Q_EMIT consequencesChanged();
}

void PlanDocument::takePlan(const QString& name)
{
    const auto position = planNames().indexOf(name);
    BITLOOM_ASSERT(position >= 0 && m_plans.size() > 1);
    m_plans.erase(m_plans.begin() + position);
    if (m_current == name) {
        const auto next =
            std::min<std::size_t>(static_cast<std::size_t>(position), m_plans.size() - 1);
        m_current = QString::fromStdString(m_plans.at(next).plan.name);
        recount();
    }
    Q_EMIT planListChanged();
    Q_EMIT planShown();
    Q_EMIT consequencesChanged();
}

void PlanDocument::restorePlans(std::vector<BitPlan> plans, const QString& shown,
                                const QStringList& locked, Origin origin)
{
    for (BitPlan& plan : plans) {
        fitToModel(plan, *m_model);
    }
    if (plans.empty()) {
        return;
    }
    m_undo.clear();
    m_locked = QSet<QString>(locked.begin(), locked.end());
    const std::vector<Entry> before = std::exchange(m_plans, {});
    for (BitPlan& plan : plans) {
        plan.name = uniqueName(QString::fromStdString(plan.name)).toStdString();
        std::optional<BitPlan> stored;
        if (origin == Origin::Stored) {
            stored = plan;
        } else {
            const auto same = std::find_if(before.begin(), before.end(), [&](const Entry& entry) {
                return entry.plan.name == plan.name;
            });
            stored = same == before.end() ? std::nullopt : same->stored;
        }
        m_plans.push_back({std::move(plan), std::move(stored)});
    }
    m_current =
        entryOf(shown) != nullptr ? shown : QString::fromStdString(m_plans.front().plan.name);
    recount();
    Q_EMIT plansReplaced();
    Q_EMIT planListChanged();
    Q_EMIT planShown();
    Q_EMIT lockedChanged();
    Q_EMIT consequencesChanged();
}

const BitPlan* PlanDocument::storedPlan(const QString& name) const
{
    const Entry* entry = entryOf(name);
    return entry != nullptr && entry->stored ? &*entry->stored : nullptr;
}

void PlanDocument::setStoredPlan(const BitPlan& plan)
{
    if (Entry* entry = entryOf(QString::fromStdString(plan.name))) {
        entry->stored = plan;
        Q_EMIT planListChanged();
    }
}

bool PlanDocument::isModified(const QString& name) const
{
    const Entry* entry = entryOf(name);
    return entry != nullptr && (!entry->stored || *entry->stored != entry->plan);
}

void PlanDocument::revertPlan()
{
    if (const BitPlan* stored = storedPlan(m_current)) {
        pushChange(*stored, tr("revert plan %1").arg(m_current));
    }
}

int PlanDocument::keepLocked(const BitPlan& before, BitPlan& after) const
{
    if (m_locked.isEmpty()) {
        return 0;
    }
    std::unordered_set<std::string> kept;
    for (std::size_t i = 0; i < after.layers.size(); ++i) {
        if (m_locked.contains(QString::fromStdString(after.layers[i].name)) &&
            after.layers[i] != before.layers[i]) {
            after.layers[i] = before.layers[i];
            kept.insert(after.layers[i].name);
        }
    }
    for (std::size_t i = 0; i < after.tensors.size(); ++i) {
        if (after.tensors[i] == before.tensors[i]) {
            continue;
        }
        for (const std::string& reader : after.tensors[i].readers) {
            if (m_locked.contains(QString::fromStdString(reader))) {
                after.tensors[i] = before.tensors[i];
                kept.insert(reader);
                break;
            }
        }
    }
    return static_cast<int>(kept.size());
}

void PlanDocument::edit(const QStringList& layers, const PlanEdit& change, const QString& text)
{
    BitPlan after = plan();
    editLayers(after, toStd(layers), change);
    if (const int kept = keepLocked(plan(), after)) {
        Q_EMIT noticed(tr("%n locked layer(s) kept their bits.", nullptr, kept));
    }
    pushChange(after, text);
}

void PlanDocument::assign(const BitPlan& other, const QString& text)
{
    BitPlan fitting = other;
    fitToModel(fitting, *m_model);
    BitPlan after = plan();
    after.layers = std::move(fitting.layers);
    after.tensors = std::move(fitting.tensors);
    if (const int kept = keepLocked(plan(), after)) {
        Q_EMIT noticed(tr("%n locked layer(s) kept their bits.", nullptr, kept));
    }
    pushChange(after, text);
}

void PlanDocument::pushChange(const BitPlan& after, const QString& text)
{
    const PlanChange change = changeBetween(plan(), after);
    if (change.isEmpty()) {
        return;
    }
    const QString name = m_current;
    m_undo.push(new PlanCommand(
        text, [this, name, change] { applyChange(name, change); },
        [this, name, change] { applyChange(name, change.reversed()); }));
}

void PlanDocument::applyChange(const QString& name, const PlanChange& change)
{
    showPlan(name); // an undo of another plan's edit shows that plan
    Entry* entry = entryOf(name);
    BITLOOM_ASSERT(entry != nullptr);
    change.apply(entry->plan);
    for (const PlanChange::Layer& layer : change.layers) {
        if (layer.after.hasWeight) {
            m_tracker->setWeight(layer.after.name, layer.after.weight);
        }
    }
    for (const PlanChange::Tensor& tensor : change.tensors) {
        m_tracker->setActivation(tensor.after.name, tensor.after.activation);
    }
    recountLosses();
    Q_EMIT planEdited(change);
    Q_EMIT consequencesChanged();
}

void PlanDocument::setLocked(const QStringList& layers, bool locked)
{
    const QSet<QString> before = m_locked;
    for (const QString& layer : layers) {
        if (locked) {
            m_locked.insert(layer);
        } else {
            m_locked.remove(layer);
        }
    }
    if (m_locked == before) {
        return;
    }
    const QSet<QString> after = m_locked;
    m_locked = before;
    const auto set = [this](const QSet<QString>& value) {
        m_locked = value;
        Q_EMIT lockedChanged();
        Q_EMIT consequencesChanged();
    };
    m_undo.push(new PlanCommand(
        locked ? tr("lock layers") : tr("unlock layers"), [=] { set(after); },
        [=] { set(before); }));
}

QStringList PlanDocument::lockedLayers() const
{
    QStringList names;
    if (m_model) {
        for (const LayerInfo& layer : m_model->layers) {
            if (m_locked.contains(QString::fromStdString(layer.name))) {
                names << QString::fromStdString(layer.name);
            }
        }
    }
    return names;
}

void PlanDocument::recount()
{
    m_tracker = std::make_unique<CostTracker>(*m_model, plan());
    recountLosses();
}

void PlanDocument::recountLosses()
{
    m_predictedLoss = predictedLossOf(plan());
}

std::optional<double> PlanDocument::predictedLossOf(const BitPlan& other) const
{
    if (!m_losses) {
        return std::nullopt;
    }
    try {
        return bitloom::predictedLoss(other, *m_losses);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NotFound) {
            throw;
        }
        return std::nullopt; // a width below all measured ones: nothing is known about it
    }
}

std::optional<double> PlanDocument::layerLoss(std::size_t layerIndex) const
{
    if (!m_losses) {
        return std::nullopt;
    }
    const LayerInfo& layer = m_model->layers.at(layerIndex);
    const BitPlan& shown = plan(); // its entries are in the model's order
    try {
        double loss = 0;
        if (shown.layers.at(layerIndex).hasWeight) {
            loss += m_losses->at(SensitivityTarget::Weight, layer.name,
                                 shown.layers.at(layerIndex).weight.bits);
        }
        for (const std::string& input : layer.inputs) {
            const TensorPlan& tensor = shown.tensors.at(m_tensorIndex.at(input));
            loss += m_losses->at(SensitivityTarget::Activation, input, tensor.activation.bits);
        }
        return loss;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NotFound) {
            throw;
        }
        return std::nullopt;
    }
}

std::optional<double> PlanDocument::layerSensitivity(std::size_t layerIndex) const
{
    if (!m_losses || m_model->layers.at(layerIndex).weight.empty()) {
        return std::nullopt;
    }
    try {
        return m_losses->at(SensitivityTarget::Weight, m_model->layers.at(layerIndex).name,
                            kSensitivityBits);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NotFound) {
            throw;
        }
        return std::nullopt;
    }
}

void PlanDocument::setSensitivity(std::shared_ptr<const SensitivityTable> table)
{
    m_losses = table ? std::make_unique<SensitivityLosses>(*table, m_metric) : nullptr;
    m_table = std::move(table);
    if (isOpen()) {
        m_w8a8Loss = predictedLossOf(m_w8a8);
        recountLosses();
    }
    Q_EMIT sensitivityChanged();
    Q_EMIT consequencesChanged();
}

void PlanDocument::setMetric(SensitivityMetric metric)
{
    if (metric != m_metric) {
        m_metric = metric;
        setSensitivity(m_table);
    }
}

void PlanDocument::setPoints(std::vector<FrontierPoint> points)
{
    m_points = std::move(points);
    Q_EMIT pointsChanged();
    Q_EMIT consequencesChanged();
}

void PlanDocument::addPoint(const FrontierPoint& point)
{
    std::erase_if(m_points, [&](const FrontierPoint& old) { return old.label == point.label; });
    m_points.push_back(point);
    Q_EMIT pointsChanged();
    Q_EMIT consequencesChanged();
}

const FrontierPoint* PlanDocument::measurement() const
{
    if (!isOpen()) {
        return nullptr;
    }
    const std::string digest = planDigest(plan());
    const auto found =
        std::find_if(m_points.rbegin(), m_points.rend(), [&](const FrontierPoint& p) {
            return p.kind == PointKind::Measured && p.planDigest == digest;
        });
    return found == m_points.rend() ? nullptr : &*found;
}

} // namespace bitloom::workbench
