// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/cost_figures.h"

#include <QAbstractButton>

namespace bitloom::ui {

/// One figure of the cost strip: a caption above value, detail and change. Its width never shrinks
/// while the numbers move, so that the strip stays calm.
class FigureButton final : public QAbstractButton {
    Q_OBJECT
public:
    explicit FigureButton(QWidget* parent = nullptr);

    void setFigure(const FigureText& text);
    const FigureText& figure() const { return m_text; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QFont captionFont() const;
    QFont valueFont() const;
    QString changeText() const;
    int textWidth() const;

    FigureText m_text;
    int m_width = 0;
};

} // namespace bitloom::ui
