// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/project/plan_commands.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/project/project_store.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace bitloom::workbench {

namespace {
constexpr int kCreatedBits = 8;

/// The percentage that the allocate command turns into exactly this budget.
double percentOfBopsBudget(const ModelInfo& model, std::int64_t budget)
{
    const auto whole = static_cast<double>(bopsBudgetFromPercent(model, 100.0));
    double percent = std::min(100.0, 100.0 * static_cast<double>(budget) / whole);
    while (percent < 100.0 && bopsBudgetFromPercent(model, percent) < budget) {
        percent = std::nextafter(percent, 100.0);
    }
    return percent;
}

/// Layers whose weights, or tensors whose entries, changed in the same way share a command.
class Groups {
public:
    void add(const PlanEdit& edit, const std::string& name)
    {
        for (auto& [known, names] : m_groups) {
            if (known == edit) {
                names << QString::fromStdString(name);
                return;
            }
        }
        m_groups.push_back({edit, {QString::fromStdString(name)}});
    }
    const std::vector<std::pair<PlanEdit, QStringList>>& all() const { return m_groups; }

private:
    std::vector<std::pair<PlanEdit, QStringList>> m_groups; ///< in the order of the first name
};

template <typename Value>
void setIfChanged(std::optional<Value>& target, const Value& before, const Value& after)
{
    if (!(before == after)) {
        target = after;
    }
}

/// Where an edit says what changes about weights, or about activations.
struct EditFields {
    std::optional<int> PlanEdit::*bits;
    std::optional<QScheme> PlanEdit::*scheme;
    std::optional<Granularity> PlanEdit::*granularity; ///< null: that of activations is not edited
    std::optional<Observer> PlanEdit::*observer;
    std::optional<double> PlanEdit::*percentile;
    std::optional<RangeEdit> PlanEdit::*range;
};
constexpr EditFields kWeightFields{&PlanEdit::weightBits,        &PlanEdit::weightScheme,
                                   &PlanEdit::weightGranularity, &PlanEdit::weightObserver,
                                   &PlanEdit::weightPercentile,  &PlanEdit::weightRange};
constexpr EditFields kActivationFields{
    &PlanEdit::activationBits,     &PlanEdit::activationScheme,     nullptr,
    &PlanEdit::activationObserver, &PlanEdit::activationPercentile, &PlanEdit::activationRange};

PlanEdit editBetween(const QuantSpec& before, const QuantSpec& after, const EditFields& fields)
{
    PlanEdit edit;
    setIfChanged(edit.*fields.bits, before.bits, after.bits);
    setIfChanged(edit.*fields.scheme, before.scheme, after.scheme);
    if (fields.granularity != nullptr) {
        setIfChanged(edit.*fields.granularity, before.granularity, after.granularity);
    }
    setIfChanged(edit.*fields.observer, before.observer, after.observer);
    setIfChanged(edit.*fields.percentile, before.percentile, after.percentile);
    setIfChanged(edit.*fields.range, before.range, after.range);
    return edit;
}
} // namespace

QStringList planChangeCommands(const QString& planFile, const PlanChange& change)
{
    Groups weights;
    Groups activations;
    QStringList unsaid;
    for (const PlanChange::Layer& layer : change.layers) {
        const QuantSpec& before = layer.before.weight;
        const QuantSpec& after = layer.after.weight;
        if (const PlanEdit edit = editBetween(before, after, kWeightFields);
            edit.changesWeights()) {
            weights.add(edit, layer.after.name);
        }
        if (before.extra != after.extra || layer.before.extra != layer.after.extra) {
            unsaid << QString::fromStdString(layer.after.name);
        }
    }
    for (const PlanChange::Tensor& tensor : change.tensors) {
        const QuantSpec& before = tensor.before.activation;
        const QuantSpec& after = tensor.after.activation;
        if (const PlanEdit edit = editBetween(before, after, kActivationFields);
            edit.changesActivations()) {
            activations.add(edit, tensor.after.name);
        }
        if (before.extra != after.extra || before.granularity != after.granularity ||
            tensor.before.extra != tensor.after.extra) {
            unsaid << QString::fromStdString(tensor.after.name);
        }
    }
    QStringList commands;
    for (const auto& [edit, names] : weights.all()) {
        commands << planSetCommand(planFile, PlanNames::Layers, names, edit);
    }
    for (const auto& [edit, names] : activations.all()) {
        commands << planSetCommand(planFile, PlanNames::Tensors, names, edit);
    }
    if (!unsaid.isEmpty()) {
        commands << QStringLiteral("# other entries changed, no command does that: ") +
                        unsaid.join(QStringLiteral(", "));
    }
    return commands;
}

QStringList planCreateCommands(const QString& planFile, const BitPlan& plan, const ModelInfo& model,
                               const BitPlan* ownPlan, const engine::ModelRef& reference)
{
    UniformPlanOptions options;
    options.weightBits = kCreatedBits;
    options.activationBits = kCreatedBits;
    PlanChange change = changeBetween(makeUniformPlan(model, options), plan);
    std::optional<int> bits = kCreatedBits;
    const auto sizeOf = [](const PlanChange& c) { return c.layers.size() + c.tensors.size(); };
    if (ownPlan != nullptr) {
        const PlanChange fromOwn = changeBetween(*ownPlan, plan);
        if (sizeOf(fromOwn) <= sizeOf(change)) {
            change = fromOwn;
            bits.reset();
        }
    }
    QStringList commands{
        planCreateCommand(planFile, QString::fromStdString(plan.name), reference, bits)};
    return commands << planChangeCommands(planFile, change);
}

PlanCommands::PlanCommands(PlanDocument& document, const ProjectStore& store, QObject* parent)
    : QObject(parent), m_document(document), m_store(store)
{
    connect(&document, &PlanDocument::modelChanged, this, &PlanCommands::forget);
    connect(&document, &PlanDocument::planListChanged, this, &PlanCommands::catchUp);
    connect(&document, &PlanDocument::planEdited, this, [this] {
        if (!m_folder.isEmpty()) {
            catchUpWith(m_document.plan());
        }
    });
}

void PlanCommands::forget()
{
    m_folder.clear();
    m_files.clear();
    m_copies.clear();
    m_allocation.reset();
}

void PlanCommands::begin()
{
    const QString before = m_folder;
    if (before == m_store.folder()) {
        return;
    }
    m_folder = m_store.folder();
    m_files.clear();
    m_copies.clear();
    if (before.isEmpty()) { // what was read from the folder needs no command
        const QStringList names = m_document.planNames();
        for (const QString& name : names) {
            if (const BitPlan* stored = m_document.storedPlan(name)) {
                m_files.emplace(name, *stored);
            }
        }
        if (!m_files.empty()) {
            say({projectInspectCommand(m_folder)});
        }
    }
    if (m_files.empty()) {
        sayFolder(before);
    }
    catchUp();
}

void PlanCommands::expectAllocation(BudgetKind kind, qint64 budget)
{
    m_allocation = Allocation{kind, budget};
}

void PlanCommands::keepCopy(const BitPlan& plan, const QString& copy)
{
    if (m_folder.isEmpty() || m_copies.contains(copy)) {
        return;
    }
    catchUp();
    m_copies.insert(copy);
    const QString file = shellWord(m_store.planFile(QString::fromStdString(plan.name)));
    // The copy that the window made stays: its plan may have been edited since.
    say({QStringLiteral("test -e %1 || cp %2 %1").arg(shellWord(copy), file)});
}

void PlanCommands::sayReport(const QString& planFile, const QString& file)
{
    if (m_folder.isEmpty()) {
        return;
    }
    // In a folder that these commands made, nothing has described the model yet.
    const QString description = m_folder + QStringLiteral("/model.json");
    engine::JobSpec inspect = engine::InspectJob{m_document.modelReference()};
    say({QStringLiteral("test -e %1 || %2")
             .arg(shellWord(description),
                  commandLineFor(inspect, {{}, m_folder}, QStringLiteral("cpu"), 0)),
         reportCommand(m_folder, planFile, file)});
}

void PlanCommands::say(const QStringList& commands)
{
    for (const QString& command : commands) {
        Q_EMIT commandDone(command);
    }
}

void PlanCommands::sayFolder(const QString& before)
{
    QString folders = QStringLiteral("mkdir -p");
    for (const char* part : {"/plans", "/runs/plans", "/exports"}) {
        folders += u' ' + shellWord(m_folder + QString::fromLatin1(part));
    }
    say({folders});
    if (!before.isEmpty() && m_document.sensitivity()) {
        const QString table = QStringLiteral("/sensitivity.json");
        say({QStringLiteral("cp %1 %2")
                 .arg(shellWord(before + table), shellWord(m_folder + table))});
    }
}

void PlanCommands::catchUp()
{
    if (m_folder.isEmpty() || !m_document.isOpen()) {
        return;
    }
    // Removed ones first: a file name may be needed again.
    for (auto file = m_files.begin(); file != m_files.end();) {
        if (m_document.findPlan(file->first) == nullptr) {
            say({QStringLiteral("rm %1").arg(shellWord(m_store.planFile(file->first)))});
            file = m_files.erase(file);
        } else {
            ++file;
        }
    }
    const QStringList names = m_document.planNames();
    for (const QString& name : names) {
        catchUpWith(*m_document.findPlan(name));
    }
}

void PlanCommands::catchUpWith(const BitPlan& plan)
{
    const QString name = QString::fromStdString(plan.name);
    const QString path = m_store.planFile(name);
    const auto file = m_files.find(name);
    if (file == m_files.end()) {
        say(planCreateCommands(path, plan, *m_document.model(), m_document.ownPlan(),
                               m_document.modelReference()));
        m_files.emplace(name, plan);
        return;
    }
    const PlanChange change = changeBetween(file->second, plan);
    if (change.isEmpty()) {
        return;
    }
    say(m_allocation ? QStringList{allocation(plan)} : planChangeCommands(path, change));
    m_allocation.reset();
    file->second = plan;
}

QString PlanCommands::allocation(const BitPlan& plan) const
{
    AllocateCommand command;
    command.model = m_document.modelReference();
    command.sensitivityFile = m_store.sensitivityFile();
    command.basePlan = m_store.planFile(QString::fromStdString(plan.name));
    command.locked = m_document.lockedLayers();
    command.metric = m_document.metric();
    if (m_allocation->kind == BudgetKind::Bytes) {
        command.maxBytes = m_allocation->budget;
    } else {
        command.maxBopsPercent = percentOfBopsBudget(*m_document.model(), m_allocation->budget);
    }
    command.name = QString::fromStdString(plan.name);
    command.output = command.basePlan;
    return allocateCommand(command);
}

} // namespace bitloom::workbench
