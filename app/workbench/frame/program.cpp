// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/program.h"

#include <QApplication>
#include <QFont>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QIcon>

// Outside of any namespace, as the macro demands: the resources lie in a static library.
static void loadResources()
{
    Q_INIT_RESOURCE(bitloom);
    Q_INIT_RESOURCE(bitloom_translations);
}

namespace bitloom::workbench {

namespace {

/// Whether all digits of a font are equally wide: Qt 6.4 cannot ask a font for tabular figures.
bool hasTabularFigures(const QFont& font)
{
    const QFontMetricsF metrics(font);
    for (char digit = '1'; digit <= '9'; ++digit) {
        if (qAbs(metrics.horizontalAdvance(QLatin1Char(digit)) -
                 metrics.horizontalAdvance(QLatin1Char('0'))) > 0.01) {
            return false;
        }
    }
    return true;
}

} // namespace

void prepareProgram()
{
    loadResources();
    QApplication::setOrganizationName(QStringLiteral("bitloom"));
    QApplication::setApplicationName(QStringLiteral("bitloom"));
    QApplication::setApplicationDisplayName(QStringLiteral("Bitloom"));
    QApplication::setDesktopFileName(QStringLiteral("bitloom"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/app.svg")));
    const QFont system = QApplication::font();
    if (!hasTabularFigures(system)) {
        for (const char* family : {"Noto Sans", "DejaVu Sans", "Liberation Sans"}) {
            QFont font(QString::fromLatin1(family));
            font.setPointSizeF(system.pointSizeF());
            if (QFontInfo(font).family() == font.family() && hasTabularFigures(font)) {
                QApplication::setFont(font);
                break;
            }
        }
    }
}

} // namespace bitloom::workbench
