// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <cstdint>
#include <vector>

class QLabel;
class QSlider;
class QToolButton;

namespace bitloom::workbench {

class RunView;

/// Goes through the recorded steps of the shown run; at the right end the newest one is shown,
/// whichever that is.
class RunTimeBar final : public QWidget {
    Q_OBJECT
public:
    explicit RunTimeBar(RunView& view, QWidget* parent = nullptr);

    void refresh();

private:
    void takePosition(int position);

    RunView& m_view;
    QLabel* m_text;
    QSlider* m_slider;
    QToolButton* m_newest;
    bool m_isRefreshing = false;
};

} // namespace bitloom::workbench
