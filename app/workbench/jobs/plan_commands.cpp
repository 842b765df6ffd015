// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/plan_commands.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/command_lines.h"

#include <optional>
#include <utility>
#include <vector>

namespace bitloom::workbench {

namespace {
/// What a command can say about one entry; the rest of it is `others`.
struct Said {
    std::optional<int> bits;
    std::optional<Observer> observer;
    bool others = false;
};

Said differenceOf(const QuantSpec& before, const QuantSpec& after)
{
    Said said;
    if (before.bits != after.bits) {
        said.bits = after.bits;
    }
    if (before.observer != after.observer) {
        said.observer = after.observer;
    }
    QuantSpec rest = before;
    rest.bits = after.bits;
    rest.observer = after.observer;
    said.others = rest != after;
    return said;
}

/// Names by what is said about them, in the order of the first name.
class Groups {
public:
    void add(const Said& said, const std::string& name)
    {
        for (auto& [known, names] : m_groups) {
            if (known.bits == said.bits && known.observer == said.observer) {
                names << QString::fromStdString(name);
                return;
            }
        }
        m_groups.push_back({said, {QString::fromStdString(name)}});
    }
    const std::vector<std::pair<Said, QStringList>>& all() const { return m_groups; }

private:
    std::vector<std::pair<Said, QStringList>> m_groups;
};
} // namespace

QStringList planChangeCommands(const QString& planFile, const PlanChange& change)
{
    Groups weights;
    Groups activations;
    QStringList unsaid;
    for (const PlanChange::Layer& layer : change.layers) {
        const Said said = differenceOf(layer.before.weight, layer.after.weight);
        if (said.bits || said.observer) {
            weights.add(said, layer.after.name);
        }
        if (said.others) {
            unsaid << QString::fromStdString(layer.after.name);
        }
    }
    for (const PlanChange::Tensor& tensor : change.tensors) {
        const Said said = differenceOf(tensor.before.activation, tensor.after.activation);
        if (said.bits || said.observer) {
            activations.add(said, tensor.after.name);
        }
        if (said.others) {
            unsaid << QString::fromStdString(tensor.after.name);
        }
    }
    QStringList commands;
    for (const auto& [said, names] : weights.all()) {
        PlanEdit edit;
        edit.weightBits = said.bits;
        edit.weightObserver = said.observer;
        commands << planSetCommand(planFile, PlanNames::Layers, names, edit);
    }
    for (const auto& [said, names] : activations.all()) {
        PlanEdit edit;
        edit.activationBits = said.bits;
        edit.activationObserver = said.observer;
        commands << planSetCommand(planFile, PlanNames::Tensors, names, edit);
    }
    if (!unsaid.isEmpty()) {
        commands << QStringLiteral("# other settings changed, no command does that: ") +
                        unsaid.join(QStringLiteral(", "));
    }
    return commands;
}

PlanCommands::PlanCommands(PlanDocument& document,
                           std::function<QString(const QString& plan)> fileOf, QObject* parent)
    : QObject(parent), m_document(document), m_fileOf(std::move(fileOf))
{
    connect(&document, &PlanDocument::planEdited, this, [this](const PlanChange& change) {
        const QString file = m_fileOf(m_document.planName());
        if (!file.isEmpty()) {
            const QStringList commands = planChangeCommands(file, change);
            for (const QString& command : commands) {
                Q_EMIT commandDone(command);
            }
        }
    });
}

} // namespace bitloom::workbench
