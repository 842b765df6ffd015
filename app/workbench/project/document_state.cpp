// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/project/document_state.h"

#include "app/workbench/document/plan_document.h"
#include "core/base/error.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace bitloom::workbench {

DocumentState stateOf(const PlanDocument& document)
{
    DocumentState state;
    const QStringList names = document.planNames();
    for (const QString& name : names) {
        state.plans.push_back(*document.findPlan(name));
    }
    state.shown = document.planName();
    state.locked = document.lockedLayers();
    return state;
}

void restoreState(PlanDocument& document, const DocumentState& state)
{
    document.restorePlans(state.plans, state.shown, state.locked, PlanDocument::Origin::Unsaved);
}

std::string toJson(const DocumentState& state)
{
    QJsonArray plans;
    for (const BitPlan& plan : state.plans) {
        plans.append(
            QJsonDocument::fromJson(QByteArray::fromStdString(bitloom::toJson(plan))).object());
    }
    const QJsonObject object{{QStringLiteral("version"), 1},
                             {QStringLiteral("plans"), plans},
                             {QStringLiteral("shown"), state.shown},
                             {QStringLiteral("locked"), QJsonArray::fromStringList(state.locked)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

DocumentState documentStateFromJson(const std::string& text)
{
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    BITLOOM_REQUIRE(object[QLatin1String("version")].toInt() == 1, ErrorCode::CorruptFile,
                    "the journal is no JSON object of version 1");
    DocumentState state;
    const QJsonArray plans = object[QLatin1String("plans")].toArray();
    for (const QJsonValue plan : plans) {
        state.plans.push_back(bitPlanFromJson(
            QJsonDocument(plan.toObject()).toJson(QJsonDocument::Compact).toStdString()));
    }
    state.shown = object[QLatin1String("shown")].toString();
    const QJsonArray locked = object[QLatin1String("locked")].toArray();
    for (const QJsonValue layer : locked) {
        state.locked << layer.toString();
    }
    return state;
}

} // namespace bitloom::workbench
