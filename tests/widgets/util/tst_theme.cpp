// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/colours.h"
#include "core/types/quant_spec.h"
#include "widgets/util/theme.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>
#include <QStyleOption>
#include <QtTest>

#include <algorithm>

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

    /// The edge of a box or field is what says that it is one.
    void outlinesOfControlsAreSeen_data() { contrasts_data(); }
    void outlinesOfControlsAreSeen()
    {
        QFETCH(bool, dark);
        ui::applyTheme(*qApp, dark ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light);
        const QColor window = QApplication::palette().color(QPalette::Window);
        const auto edge = [&window](const auto& draw) {
            QImage image(40, 40, QImage::Format_RGB32);
            image.fill(window);
            QPainter painter(&image);
            draw(painter);
            painter.end();
            double strongest = 0; // where the left edge is met, coming from outside
            for (int x = 0; x < 20; ++x) {
                strongest = std::max(strongest, contrast(image.pixelColor(x, 20), window));
                if (image.pixelColor(x, 20) != window && x > 0 &&
                    image.pixelColor(x, 20) == image.pixelColor(x - 1, 20)) {
                    break;
                }
            }
            return strongest;
        };
        QStyleOptionButton box;
        box.rect = QRect(10, 10, 20, 20);
        box.palette = QApplication::palette();
        QStyleOptionFrame frame;
        frame.rect = box.rect;
        frame.palette = box.palette;
        frame.lineWidth = 1;
        QStyleOptionComboBox combo;
        combo.rect = box.rect;
        combo.palette = box.palette;
        for (const auto state : {QStyle::State_Off, QStyle::State_On}) {
            box.state = QStyle::State_Enabled | state;
            const double seen = edge([&](QPainter& painter) {
                qApp->style()->drawPrimitive(QStyle::PE_IndicatorCheckBox, &box, &painter);
            });
            QVERIFY2(seen >= 3, qPrintable(QString::number(seen)));
        }
        frame.state = QStyle::State_Enabled;
        combo.state = QStyle::State_Enabled;
        QVERIFY(edge([&](QPainter& painter) {
                    qApp->style()->drawPrimitive(QStyle::PE_FrameLineEdit, &frame, &painter);
                }) >= 3);
        QVERIFY(edge([&](QPainter& painter) {
                    qApp->style()->drawComplexControl(QStyle::CC_ComboBox, &combo, &painter);
                }) >= 3);
    }

    /// Without buttons the handle alone says where one is: all of the bar must be reachable.
    void scrollBarsReachBothEnds()
    {
        ui::applyTheme(*qApp, ui::ThemeChoice::Light);
        QScrollBar bar(Qt::Vertical);
        bar.resize(12, 200);
        bar.setRange(0, 5000);
        bar.setPageStep(10);
        const auto handle = [&bar] {
            QStyleOptionSlider option;
            option.initFrom(&bar);
            option.orientation = Qt::Vertical;
            option.minimum = bar.minimum();
            option.maximum = bar.maximum();
            option.pageStep = bar.pageStep();
            option.sliderPosition = bar.value();
            return bar.style()->subControlRect(QStyle::CC_ScrollBar, &option,
                                               QStyle::SC_ScrollBarSlider, &bar);
        };
        QCOMPARE(handle().top(), 0);
        QVERIFY(handle().height() >= 20);
        bar.setValue(bar.maximum());
        QCOMPARE(handle().bottom(), 199);
        QTest::mouseClick(&bar, Qt::LeftButton, {}, QPoint(6, 2)); // a page up
        QCOMPARE(bar.value(), bar.maximum() - bar.pageStep());
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
