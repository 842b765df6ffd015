// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

#include <optional>

namespace bitloom::workbench {

/// The layers that the user works on, and the plans that were brushed: one selection for tree, heat
/// map, histogram, frontier and tables. GUI thread only.
class Selection final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// In the order in which they were selected; the last one is the current one.
    const QStringList& layers() const { return m_layers; }
    QString currentLayer() const { return m_layers.isEmpty() ? QString() : m_layers.back(); }

    /// Does nothing if nothing changes, so views may answer changed() by setting what they show.
    void setLayers(const QStringList& layers);
    void clear() { setLayers({}); }

    /// The plans of the project that the user looks at alone; none: at all of them.
    const std::optional<QStringList>& plans() const { return m_plans; }
    bool hasPlan(const QString& plan) const { return !m_plans || m_plans->contains(plan); }
    void setPlans(const std::optional<QStringList>& plans);

Q_SIGNALS:
    void changed();
    void plansChanged();

private:
    QStringList m_layers;
    std::optional<QStringList> m_plans;
};

} // namespace bitloom::workbench
