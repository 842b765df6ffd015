// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/colours.h"
#include "core/types/quant_spec.h"
#include "widgets/util/theme.h"

#include <QApplication>
#include <QtTest>

using namespace bitloom;

namespace {
double contrast(const QColor& a, const QColor& b)
{
    return report::contrastRatio({a.red(), a.green(), a.blue()}, {b.red(), b.green(), b.blue()});
}
} // namespace

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void contrasts_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void contrasts()
    {
        QFETCH(bool, dark);
        ui::applyTheme(*qApp, dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
        const QPalette palette = QApplication::palette();
        QCOMPARE(ui::isDark(palette), dark);
        const ui::Theme theme(palette);
        const QColor window = palette.color(QPalette::Window);
        for (const QColor& ground : {theme.base(), window}) {
            for (const QColor& text : {theme.text(), theme.dimText(), theme.weights(),
                                       theme.activations(), theme.good(), theme.error()}) {
                QVERIFY2(contrast(text, ground) >= 4.5,
                         qPrintable(text.name() + " on " + ground.name()));
            }
        }
        QVERIFY(contrast(theme.neutral(), theme.base()) >= 3.0); // marks, not text
        const std::pair<QPalette::ColorRole, QPalette::ColorRole> pairs[] = {
            {QPalette::Text, QPalette::AlternateBase},
            {QPalette::ButtonText, QPalette::Button},
            {QPalette::ToolTipText, QPalette::ToolTipBase},
            {QPalette::HighlightedText, QPalette::Highlight},
            {QPalette::PlaceholderText, QPalette::Base}};
        for (const auto& [text, ground] : pairs) {
            QVERIFY2(
                contrast(palette.color(text), palette.color(ground)) >=
                    (text == QPalette::HighlightedText ? 3.5 : 4.5),
                qPrintable(palette.color(text).name() + " on " + palette.color(ground).name()));
        }
    }

    void textOnBitColoursIsReadable()
    {
        for (int bits = 1; bits <= kMaxIntegerBits; ++bits) {
            const QColor ground = ui::Theme::bits(bits);
            QVERIFY(contrast(ui::Theme::textOn(ground), ground) >= 4.5);
        }
    }

    void bitColoursAreOrderedByLightness()
    {
        for (int bits = 2; bits <= kMaxIntegerBits; ++bits) {
            const auto lightness = [](int b) {
                const QColor c = ui::Theme::bits(b);
                return report::relativeLuminance({c.red(), c.green(), c.blue()});
            };
            QVERIFY2(lightness(bits) < lightness(bits - 1), qPrintable(QString::number(bits)));
        }
    }

    void namesRoundTrip()
    {
        for (const auto choice :
             {ui::ThemeChoice::System, ui::ThemeChoice::Light, ui::ThemeChoice::Dark}) {
            QCOMPARE(ui::themeChoiceFrom(ui::themeName(choice)), choice);
        }
        QCOMPARE(ui::themeChoiceFrom(QStringLiteral("purple")), ui::ThemeChoice::System);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
