// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/palette/palette_model.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/palette/fuzzy_match.h"
#include "widgets/models/layer_rows.h"
#include "widgets/util/formatting.h"

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kUnavailable = 4;      // what cannot be done comes after what fits as well
constexpr int kLettersForLayers = 2; // with fewer, a thousand layers would bury the actions

bool isSubsequence(const QString& pattern, const QString& text)
{
    qsizetype at = 0;
    for (const QChar c : text) {
        if (at < pattern.size() && c.toLower() == pattern[at]) {
            ++at;
        }
    }
    return at == pattern.size();
}
} // namespace

std::vector<PaletteEntry> paletteEntries(const ActionRegistry& actions, PlanDocument& document,
                                         Selection& selection)
{
    std::vector<PaletteEntry> entries;
    const QStringList ids = actions.ids();
    for (const QString& id : ids) {
        QAction* action = actions.action(id);
        QString title = action->text().remove(u'&');
        if (title.endsWith(QLatin1String("..."))) {
            title.chop(3);
        }
        QString unavailable = actions.unavailableReason(id);
        if (unavailable.isEmpty() && !action->isEnabled()) {
            unavailable = PaletteModel::tr("there is nothing it could do now.");
        }
        entries.push_back({PaletteModel::tr("action"), title, actions.help(id),
                           action->shortcut().toString(QKeySequence::NativeText), unavailable,
                           [action] { action->trigger(); }});
    }
    if (!document.isOpen()) {
        return entries;
    }
    const QStringList plans = document.planNames();
    for (const QString& plan : plans) {
        entries.push_back(
            {PaletteModel::tr("plan"),
             plan,
             PaletteModel::tr("Show this plan."),
             {},
             plan == document.planName() ? PaletteModel::tr("it is shown already.") : QString(),
             [&document, plan] { document.showPlan(plan); }});
    }
    for (const LayerInfo& layer : document.model()->layers) {
        const QString name = QString::fromStdString(layer.name);
        entries.push_back({PaletteModel::tr("layer"),
                           name,
                           PaletteModel::tr("Select this layer (%1, %2 parameters).")
                               .arg(ui::kindText(layer.kind), ui::formatCount(layer.parameters)),
                           {},
                           {},
                           [&selection, name] { selection.setLayers({name}); }});
    }
    return entries;
}

void PaletteModel::setEntries(std::vector<PaletteEntry> entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    m_hits.clear();
    endResetModel();
    setText({});
}

void PaletteModel::setText(const QString& text)
{
    beginResetModel();
    m_hits.clear();
    const QString pattern = QString(text).remove(u' ').toLower();
    const QString layer = tr("layer");
    int scored = 0;
    for (std::size_t i = 0; i < m_entries.size() && scored < kMostScored; ++i) {
        const PaletteEntry& entry = m_entries[i];
        if (pattern.size() < kLettersForLayers && entry.kind == layer) {
            break;
        }
        if (!isSubsequence(pattern, entry.title)) {
            continue;
        }
        if (const auto match = fuzzyMatch(pattern, entry.title)) {
            ++scored;
            const int score = match->score - (entry.unavailable.isEmpty() ? 0 : kUnavailable);
            m_hits.push_back(
                {i, score, QList<int>(match->positions.begin(), match->positions.end())});
        }
    }
    std::stable_sort(m_hits.begin(), m_hits.end(),
                     [](const Hit& a, const Hit& b) { return a.score > b.score; });
    if (m_hits.size() > kMostShown) {
        m_hits.resize(kMostShown);
    }
    endResetModel();
}

const PaletteEntry* PaletteModel::entryAt(const QModelIndex& index) const
{
    return index.isValid() ? &m_entries[m_hits[static_cast<std::size_t>(index.row())].entry]
                           : nullptr;
}

int PaletteModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_hits.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const PaletteEntry& entry = *entryAt(index);
    switch (role) {
    case Qt::DisplayRole:
        return entry.title;
    case DetailRole:
    case Qt::AccessibleDescriptionRole:
        return entry.unavailable.isEmpty() ? entry.detail
                                           : tr("Not available: %1").arg(entry.unavailable);
    case ShortcutRole:
        return entry.shortcut;
    case KindRole:
        return entry.kind;
    case AvailableRole:
        return entry.unavailable.isEmpty();
    case PositionsRole:
        return QVariant::fromValue(m_hits[static_cast<std::size_t>(index.row())].positions);
    default:
        return {};
    }
}

} // namespace bitloom::workbench
