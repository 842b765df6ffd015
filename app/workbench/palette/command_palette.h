// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPointer>

#include <functional>
#include <vector>

class QLineEdit;
class QListView;

namespace bitloom::workbench {

struct PaletteEntry;
class PaletteModel;

/// A line to type in and what it finds, over the window's upper part. A child of the window, not a
/// window of its own. Return runs the current line, Escape and a click elsewhere close it.
class CommandPalette final : public QFrame {
    Q_OBJECT
public:
    /// collect: what can be chosen, asked for each time the palette opens.
    CommandPalette(std::function<std::vector<PaletteEntry>()> collect, QWidget* window);

    void open();
    PaletteModel& model() { return *m_model; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    void leave();
    void runCurrent();
    void moveCurrent(int step);

    std::function<std::vector<PaletteEntry>()> m_collect;
    PaletteModel* m_model;
    QLineEdit* m_line;
    QListView* m_list;
    QPointer<QWidget> m_focusBefore;
};

} // namespace bitloom::workbench
