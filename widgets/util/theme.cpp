// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/theme.h"

#include "core/report/colours.h"
#include "widgets/util/style.h"

#include <QApplication>
#include <QEvent>
#include <QStyle>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](int from, int to) {
        return static_cast<int>(std::lround(from + share * (to - from)));
    };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

namespace {
QColor toColor(const report::Rgb& colour)
{
    return {colour.red, colour.green, colour.blue};
}

report::Rgb toRgb(const QColor& colour)
{
    return {colour.red(), colour.green(), colour.blue()};
}

QPalette paletteOf(const report::Theme& theme, bool dark)
{
    const QColor page = toColor(theme.page);
    const QColor panel = toColor(theme.panel);
    const QColor ink = toColor(theme.ink);
    const QColor dim = toColor(theme.dim);
    const QColor accent = dark ? QColor(64, 140, 210) : QColor(0, 98, 155);
    const QColor faint = mixed(dim, panel, 0.35);
    QPalette palette;
    palette.setColor(QPalette::Window, panel);
    palette.setColor(QPalette::WindowText, ink);
    palette.setColor(QPalette::Base, page);
    palette.setColor(QPalette::AlternateBase, mixed(page, panel, 0.6));
    palette.setColor(QPalette::Text, ink);
    palette.setColor(QPalette::PlaceholderText, dim);
    palette.setColor(QPalette::Button, dark ? QColor(42, 47, 56) : QColor(252, 252, 253));
    palette.setColor(QPalette::ButtonText, ink);
    palette.setColor(QPalette::BrightText, toColor(theme.error));
    palette.setColor(QPalette::ToolTipBase, dark ? QColor(52, 58, 67) : QColor(255, 255, 255));
    palette.setColor(QPalette::ToolTipText, ink);
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText,
                     report::needsBlackText(toRgb(accent)) ? Qt::black : Qt::white);
    palette.setColor(QPalette::Link, toColor(theme.weights));
    palette.setColor(QPalette::LinkVisited, dim);
    palette.setColor(QPalette::Light, mixed(panel, Qt::white, dark ? 0.12 : 0.7));
    palette.setColor(QPalette::Midlight, mixed(panel, ink, 0.08));
    palette.setColor(QPalette::Mid, mixed(panel, ink, 0.22));
    palette.setColor(QPalette::Dark, mixed(panel, dark ? QColor(Qt::black) : ink, 0.35));
    palette.setColor(QPalette::Shadow, dark ? Qt::black : mixed(panel, ink, 0.5));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, faint);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, mixed(panel, ink, 0.15));
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, dim);
    return palette;
}
} // namespace

QString themeName(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::Light:
        return QStringLiteral("light");
    case ThemeChoice::Dark:
        return QStringLiteral("dark");
    case ThemeChoice::System:
        break;
    }
    return QStringLiteral("system");
}

ThemeChoice themeChoiceFrom(const QString& text)
{
    if (text == QLatin1String("light")) {
        return ThemeChoice::Light;
    }
    return text == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

void applyTheme(QApplication& application, ThemeChoice choice)
{
    if (qobject_cast<Style*>(QApplication::style()) == nullptr) {
        QApplication::setStyle(new Style);
    }
    // Qt 6.4 does not tell the system's scheme; the palette that the platform gave does.
    static const QPalette systemPalette = QApplication::palette();
    const bool dark =
        choice == ThemeChoice::Dark || (choice == ThemeChoice::System && isDark(systemPalette));
    const QPalette palette = paletteOf(dark ? report::darkTheme() : report::lightTheme(), dark);
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    Q_UNUSED(application)
}

bool changesLook(const QEvent& event)
{
    switch (event.type()) {
    case QEvent::PaletteChange:
    case QEvent::FontChange:
    case QEvent::StyleChange:
    case QEvent::LocaleChange:
        return true;
    default:
        return false;
    }
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::WindowText).lightness() >
           palette.color(QPalette::Window).lightness();
}

Theme::Theme(const QPalette& palette)
    : m_base(palette.color(QPalette::Base)), m_text(palette.color(QPalette::Text)),
      m_accent(palette.color(QPalette::Highlight))
{
    const report::Theme& colours = isDark(palette) ? report::darkTheme() : report::lightTheme();
    m_dimText = toColor(colours.dim);
    m_grid = mixed(m_base, m_text, 0.12);
    m_outline = mixed(palette.color(QPalette::Window), m_text, 0.48);
    m_weights = toColor(colours.weights);
    m_activations = toColor(colours.activations);
    m_neutral = toColor(colours.neutral);
    m_good = toColor(colours.good);
    m_error = toColor(colours.error);
}

QColor Theme::bits(int bits)
{
    return toColor(report::bitsColour(bits));
}

QColor Theme::magnitude(double share)
{
    return toColor(report::magnitudeColour(share));
}

QColor Theme::difference(double share) const
{
    const double clamped = std::clamp(share, -1.0, 1.0);
    return mixed(m_base, clamped < 0 ? QColor(0, 114, 178) : QColor(230, 130, 0),
                 std::abs(clamped));
}

QColor Theme::textOn(const QColor& ground)
{
    return report::needsBlackText(toRgb(ground)) ? Qt::black : Qt::white;
}

} // namespace bitloom::ui
