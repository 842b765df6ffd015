// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;
class QEvent;
class QString;

namespace bitloom::ui {

/// A colour on the way from a (share 0) to b (share 1), in sRGB, opaque.
QColor mixed(const QColor& a, const QColor& b, double share);

enum class ThemeChoice { System, Light, Dark };

QString themeName(ThemeChoice choice);            ///< "system" | "light" | "dark"
ThemeChoice themeChoiceFrom(const QString& text); ///< anything else: System

/// Sets style and palette of the whole program; every colour is derived from the palette, so
/// widgets follow by QEvent::PaletteChange.
void applyTheme(QApplication& application, ThemeChoice choice);

/// Whether colours, letters or numbers of a widget may look otherwise after this event.
bool changesLook(const QEvent& event);

/// Whether a palette is light text on a dark ground.
bool isDark(const QPalette& palette);

/// The colours that mean something, for a palette. Marks and text keep 3:1 and 4.5:1 against the
/// palette's base (tested). Never the only sign of anything.
class Theme {
public:
    explicit Theme(const QPalette& palette);

    QColor base() const { return m_base; } ///< ground of tables and plots
    QColor text() const { return m_text; }
    QColor dimText() const { return m_dimText; }         ///< captions, axes
    QColor grid() const { return m_grid; }               ///< lines that only guide the eye
    QColor outline() const { return m_outline; }         ///< of fields, boxes, buttons: 3:1
    QColor weights() const { return m_weights; }         ///< category, also "measured"
    QColor activations() const { return m_activations; } ///< category, also "uniform plans"
    QColor neutral() const { return m_neutral; }         ///< floating point, raw parts
    QColor good() const { return m_good; }               ///< verified, proven
    QColor error() const { return m_error; }             ///< errors only
    QColor accent() const { return m_accent; }           ///< the selection's ring

    /// One ordered ramp for bit widths in the whole program: light = few, dark = many, 32 = grey.
    /// 0 (pruned) is hatched by whoever paints it.
    static QColor bits(int bits);
    /// Magnitudes, 0 = harmless to 1 = harmful (cividis).
    static QColor magnitude(double share);
    /// Differences: -1 blue, 0 the base colour, 1 orange.
    QColor difference(double share) const;
    /// Black or white, whichever reads better on this ground.
    static QColor textOn(const QColor& ground);

private:
    QColor m_base, m_text, m_dimText, m_grid, m_outline, m_weights, m_activations, m_neutral,
        m_good, m_error, m_accent;
};

} // namespace bitloom::ui
