// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QString>

#include <functional>
#include <vector>

namespace bitloom::workbench {

class ActionRegistry;
class PlanDocument;
class Selection;

/// Something that the palette can do.
struct PaletteEntry {
    QString kind;        ///< "action", "plan", "layer": translated
    QString title;       ///< what is matched
    QString detail;      ///< one sentence
    QString shortcut;    ///< as text for people; may be empty
    QString unavailable; ///< why it cannot be done now; empty: it can
    std::function<void()> run;
};

/// Everything that can be named right now: actions, then plans, then layers.
std::vector<PaletteEntry> paletteEntries(const ActionRegistry& actions, PlanDocument& document,
                                         Selection& selection);

/// The entries that match what is typed, best first; without a text, the actions as they are.
class PaletteModel final : public QAbstractListModel {
    Q_OBJECT
public:
    /// Accessible text and title are Qt::DisplayRole.
    enum Role { PositionsRole = Qt::UserRole, DetailRole, ShortcutRole, KindRole, AvailableRole };
    /// More lines than anyone reads; keeps typing quick among 10,000 layers.
    static constexpr int kMostShown = 100;
    static constexpr int kMostScored = 2000;

    using QAbstractListModel::QAbstractListModel;

    void setEntries(std::vector<PaletteEntry> entries);
    void setText(const QString& text);
    /// nullptr for an invalid index.
    const PaletteEntry* entryAt(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    struct Hit {
        std::size_t entry = 0;
        int score = 0;
        QList<int> positions;
    };
    std::vector<PaletteEntry> m_entries;
    std::vector<Hit> m_hits;
};

} // namespace bitloom::workbench
