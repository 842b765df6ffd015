// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/document/run_facts.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace bitloom::workbench {

namespace {
void addOptions(RunFacts& facts, const QJsonObject& options)
{
    const QJsonValue lambda = options.value(QStringLiteral("lambda"));
    if (lambda.isDouble()) {
        facts.lambda = lambda.toDouble();
    }
    const QJsonValue epochs = options.value(QStringLiteral("epochs"));
    if (epochs.isDouble()) {
        facts.epochs = epochs.toInt();
    }
}
} // namespace

void addOptions(RunFacts& facts, const QByteArray& json)
{
    addOptions(facts, QJsonDocument::fromJson(json).object());
}

std::optional<int> RunOutcome::epochAt(std::int64_t step) const
{
    if (step >= steps) {
        return epochs;
    }
    if (!evenEpochs) {
        return std::nullopt;
    }
    const std::int64_t perEpoch = std::max<std::int64_t>(steps / std::max(epochs, 1), 1);
    return std::clamp(static_cast<int>((step + perEpoch - 1) / perEpoch), 1, epochs);
}

std::optional<RunOutcome> runOutcomeFrom(const QByteArray& json)
{
    const QJsonObject result = QJsonDocument::fromJson(json).object();
    RunOutcome outcome;
    outcome.epochs = result.value(QStringLiteral("epochs")).toInt();
    outcome.steps = result.value(QStringLiteral("steps")).toInteger();
    outcome.seconds = result.value(QStringLiteral("seconds")).toDouble();
    outcome.evenEpochs = !result.contains(QStringLiteral("train_batch_size"));
    return outcome.epochs > 0 && outcome.steps > 0 ? std::optional(outcome) : std::nullopt;
}

RunFacts runFactsFromRequest(const QByteArray& json)
{
    const QJsonObject request = QJsonDocument::fromJson(json).object();
    RunFacts facts;
    facts.method = request.value(QStringLiteral("method")).toString();
    facts.fingerprint = request.value(QStringLiteral("model")).toString();
    facts.data = request.value(QStringLiteral("data")).toString();
    facts.device = request.value(QStringLiteral("device")).toString();
    const QJsonValue seed = request.value(QStringLiteral("seed"));
    if (seed.isDouble()) {
        facts.seed = static_cast<std::uint64_t>(seed.toInteger());
    }
    addOptions(facts, request.value(QStringLiteral("options")).toObject());
    return facts;
}

} // namespace bitloom::workbench
