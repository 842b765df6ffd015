// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/file_report.h"

#include <QDialog>

#include <cstdint>
#include <optional>
#include <vector>

class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace bitloom::workbench {

/// Which network do these weights belong to? The guesses come first, best on top, each with its
/// reason; then every other architecture. Also for opening one by its name, without weights.
class ArchitectureDialog final : public QDialog {
    Q_OBJECT
public:
    /// Weights without a graph.
    ArchitectureDialog(const FileReport& report, QWidget* parent);
    /// No weights: a network with random ones.
    explicit ArchitectureDialog(QWidget* parent);

    /// What to open: "arch:NAME@FILE" or "arch:NAME"; empty: nothing is chosen.
    QString chosenSpec() const;
    /// As typed; empty: the architecture's own. nullopt: not a shape.
    std::optional<std::vector<std::int64_t>> inputShape() const;

Q_SIGNALS:
    void chosen(const QString& spec, const std::vector<std::int64_t>& inputShape);
    /// The weights have a graph elsewhere: the user wants to open an export that brings it.
    void attachGraphRequested();
    /// They are not to be opened, but written into another kind of file.
    void convertRequested(const QString& file);

private:
    void build(const QString& question, const QString& explanation, bool isFile);
    void addButtons(bool isFile);
    void addGroup(const QString& title);
    void addGuess(const ArchitectureGuess& guess);
    void addCatalog(const QStringList& without);
    void filter(const QString& text);
    void showChoice();

    QString m_file; ///< empty: no weights
    QTreeWidget* m_list = nullptr;
    QTreeWidgetItem* m_group = nullptr;
    QLineEdit* m_filter = nullptr;
    QLineEdit* m_shape = nullptr;
    QLabel* m_reason = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
};

} // namespace bitloom::workbench
