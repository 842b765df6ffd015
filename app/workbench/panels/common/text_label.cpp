// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/common/text_label.h"

#include <QLabel>

namespace bitloom::workbench {

QLabel* makeTextLabel(const QString& accessibleName)
{
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setAccessibleName(accessibleName);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

void showOutcome(const QWidget& owner, QLabel& sign, QLabel& sentence, Mark mark)
{
    const QColor colour = markColour(mark, owner.palette());
    sign.setPixmap(
        markPixmap(mark, owner.fontMetrics().height() + 6, colour, owner.devicePixelRatioF()));
    QPalette colours = sentence.palette();
    if (colours.color(QPalette::WindowText) != colour) {
        colours.setColor(QPalette::WindowText, colour);
        sentence.setPalette(colours);
    }
}

} // namespace bitloom::workbench
