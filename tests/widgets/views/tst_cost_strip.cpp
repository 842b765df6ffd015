// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/theme.h"
#include "widgets/views/cost_strip.h"
#include "widgets/views/figure_button.h"

#include <QApplication>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QtTest>

using namespace bitloom;
using ui::Figure;

namespace {
ui::CostFigures figures(std::int64_t bytes, double bopsPercent)
{
    ui::CostFigures figures;
    figures.bytes = bytes;
    figures.bytesFp32 = 40'000'000;
    figures.macs = 1'000'000;
    figures.bopsFp32 = 1'024'000'000;
    figures.bops = static_cast<std::int64_t>(bopsPercent / 100 * 1'024'000'000);
    return figures;
}

QList<ui::CostReference> references()
{
    ui::CostFigures fp32 = figures(40'000'000, 100);
    fp32.measuredAccuracy = 92;
    ui::CostFigures w8a8 = figures(10'000'000, 6.25);
    w8a8.predictedLoss = 0.01;
    return {{QStringLiteral("fp32"), QStringLiteral("FP32"), fp32},
            {QStringLiteral("w8a8"), QStringLiteral("W8A8"), w8a8}};
}

ui::BudgetState budget(double value)
{
    ui::BudgetState state;
    state.minimum = 0.1;
    state.maximum = 100;
    state.value = value;
    return state;
}

template <typename Widget>
Widget* child(const QWidget& parent, const char* accessibleName)
{
    for (auto* widget : parent.findChildren<Widget*>()) {
        if (widget->accessibleName() == QLatin1String(accessibleName)) {
            return widget;
        }
    }
    return nullptr;
}
} // namespace

class TestCostStrip : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void figuresAndTheirChange()
    {
        ui::CostStrip strip;
        strip.setLossUnit(QStringLiteral("nats"));
        strip.setReferences(references());
        ui::CostFigures now = figures(5'000'000, 2.5);
        now.predictedLoss = 0.035;
        now.measuredAccuracy = 91.5;
        strip.setFigures(now);
        QCOMPARE(strip.reference(), QStringLiteral("fp32"));
        const auto text = [&strip](Figure figure) { return strip.shown(figure); };
        QCOMPARE(text(Figure::Bytes).value, QStringLiteral("5.00\u00A0MB"));
        QCOMPARE(text(Figure::Bytes).detail, QStringLiteral("8.00\u00D7 smaller"));
        QCOMPARE(text(Figure::Bytes).change, QStringLiteral("\u221235.0\u00A0MB"));
        QVERIFY(text(Figure::Bytes).definition.contains(QStringLiteral("5,000,000 bytes")));
        QVERIFY(text(Figure::Bytes).definition.contains(QStringLiteral("against FP32")));
        QCOMPARE(text(Figure::Bops).value, QStringLiteral("2.50\u00A0%"));
        QCOMPARE(text(Figure::Bops).change, QStringLiteral("\u221297.50"));
        QCOMPARE(text(Figure::PredictedLoss).value, QStringLiteral("0.0350\u00A0nats"));
        QVERIFY(text(Figure::PredictedLoss).predicted);
        QCOMPARE(text(Figure::PredictedLoss).change, QString()); // FP32's is not known
        QCOMPARE(text(Figure::MeasuredAccuracy).change, QStringLiteral("\u22120.50"));
        QVERIFY(!text(Figure::MeasuredAccuracy).predicted);

        strip.setReference(QStringLiteral("w8a8"));
        QCOMPARE(text(Figure::Bops).change, QStringLiteral("\u22123.75"));
        QCOMPARE(text(Figure::PredictedLoss).change, QStringLiteral("+0.0250"));
        QCOMPARE(text(Figure::MeasuredAccuracy).change, QString());
    }

    void unknownIsADash()
    {
        ui::CostStrip strip;
        for (const auto figure :
             {Figure::Bytes, Figure::Bops, Figure::PredictedLoss, Figure::MeasuredAccuracy}) {
            QCOMPARE(strip.shown(figure).value, QStringLiteral("\u2013"));
            QVERIFY(!strip.shown(figure).definition.isEmpty());
        }
        strip.setFigures(figures(5'000'000, 2.5));
        QCOMPARE(strip.shown(Figure::PredictedLoss).value, QStringLiteral("\u2013"));
        QVERIFY(!strip.shown(Figure::PredictedLoss).predicted);
        QCOMPARE(strip.shown(Figure::MeasuredAccuracy).detail, QStringLiteral("not measured"));
        strip.setFigures(figures(80'000'000, 2.5));
        QCOMPARE(strip.shown(Figure::Bytes).detail, QStringLiteral("2.00\u00D7 larger"));
        strip.setReferences(
            {{QStringLiteral("same"), QStringLiteral("same"), figures(80'000'000, 2.5)}});
        QCOMPARE(strip.shown(Figure::Bytes).change, QStringLiteral("no change"));
        QCOMPARE(strip.shown(Figure::Bops).change, QStringLiteral("no change"));
    }

    void figuresAreButtonsWithNames()
    {
        ui::CostStrip strip;
        strip.setFigures(figures(5'000'000, 2.5));
        QSignalSpy activated(&strip, &ui::CostStrip::figureActivated);
        const auto buttons = strip.findChildren<ui::FigureButton*>();
        QCOMPARE(buttons.size(), 4);
        for (auto* button : buttons) {
            QVERIFY(button->accessibleName().startsWith(button->figure().caption));
            QVERIFY(!button->accessibleDescription().isEmpty());
            QCOMPARE(button->toolTip(), button->figure().definition);
            QVERIFY(button->focusPolicy() & Qt::TabFocus);
            QTest::keyClick(button, Qt::Key_Space);
        }
        QCOMPARE(activated.count(), 4);
        QCOMPARE(activated.at(1).first().value<Figure>(), Figure::Bops);
    }

    void figuresKeepTheirWidth()
    {
        ui::FigureButton button;
        button.setFigure({QStringLiteral("Size"),
                          QStringLiteral("999 MB"),
                          QStringLiteral("10.0 smaller"),
                          {},
                          {},
                          false,
                          false});
        const int wide = button.sizeHint().width();
        button.setFigure(
            {QStringLiteral("Size"), QStringLiteral("1 MB"), {}, {}, {}, false, false});
        QCOMPARE(button.sizeHint().width(), wide);
        QVERIFY(button.minimumSizeHint().width() < wide);
    }

    void choosingAReferenceIsTold()
    {
        ui::CostStrip strip;
        strip.setReferences(references());
        QSignalSpy changed(&strip, &ui::CostStrip::referenceChanged);
        strip.setReference(QStringLiteral("w8a8"));
        strip.setReferences(references()); // keeps the choice, tells nothing
        QCOMPARE(changed.count(), 0);
        QCOMPARE(strip.reference(), QStringLiteral("w8a8"));
        child<QComboBox>(strip, "Change against")->setCurrentIndex(0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.at(0).first().toString(), QStringLiteral("fp32"));
    }

    void sliderIsLogarithmic()
    {
        const ui::LogScale scale(0.1, 100);
        QCOMPARE(scale.valueAt(0), 0.1);
        QCOMPARE(scale.valueAt(ui::LogScale::kSteps), 100.0);
        QVERIFY(std::abs(scale.valueAt(333) - 1) < 0.01);
        for (int step = 0; step <= ui::LogScale::kSteps; step += 7) {
            QCOMPARE(scale.stepOf(scale.valueAt(step)), step);
        }
        QCOMPARE(scale.stepOf(0), 0);
        QCOMPARE(scale.stepOf(-1), 0);
        QCOMPARE(scale.stepOf(1e9), ui::LogScale::kSteps);
        QCOMPARE(scale.stepOf(std::nan("")), 0);
        const ui::LogScale point(5, 5);
        QCOMPARE(point.valueAt(500), 5.0);
        QCOMPARE(point.stepOf(5), 0);
        const ui::LogScale wrong(-1, 0);
        QCOMPARE(wrong.valueAt(300), 1.0);
    }

    void sliderAndNumberFollowEachOther()
    {
        ui::CostStrip strip;
        strip.budget()->setState(budget(10));
        auto* slider = child<QSlider>(strip, "Budget");
        auto* number = child<QDoubleSpinBox>(strip, "Budget as a number");
        QSignalSpy changed(&strip, &ui::CostStrip::budgetChanged);
        QCOMPARE(number->value(), 10.0);
        slider->setValue(0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.at(0).first().toDouble(), 0.1);
        QCOMPARE(number->value(), 0.1);
        number->setValue(50);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(changed.at(1).first().toDouble(), 50.0);
        QCOMPARE(slider->value(), ui::LogScale(0.1, 100).stepOf(50));
        strip.budget()->setState(budget(20)); // an answer is no question
        QCOMPARE(changed.count(), 2);
    }

    void answersDoNotPullAtTheHand()
    {
        ui::CostStrip strip;
        strip.budget()->setState(budget(10));
        auto* slider = child<QSlider>(strip, "Budget");
        slider->setSliderDown(true);
        const int held = slider->value();
        strip.budget()->setState(budget(80));
        QCOMPARE(slider->value(), held);
        slider->setSliderDown(false);
        strip.budget()->setState(budget(80));
        QVERIFY(slider->value() > held);
    }

    void proofIsInWords_data()
    {
        QTest::addColumn<double>("gap"); // negative: not known
        QTest::addColumn<QString>("unavailable");
        QTest::addColumn<QString>("words");
        QTest::newRow("proven") << 0.0 << QString() << QStringLiteral("proven optimal");
        QTest::newRow("gap") << 0.002 << QString() << QStringLiteral("gap 0.00200 nats");
        QTest::newRow("waiting") << -1.0 << QString() << QString();
        QTest::newRow("unavailable") << 0.0 << QStringLiteral("Run the sensitivity sweep first.")
                                     << QStringLiteral("Run the sensitivity sweep first.");
    }
    void proofIsInWords()
    {
        QFETCH(double, gap);
        QFETCH(QString, unavailable);
        ui::BudgetRow row;
        ui::BudgetState state = budget(5);
        state.lossUnit = QStringLiteral("nats");
        state.gap = gap < 0 ? std::nullopt : std::optional(gap);
        state.unavailable = unavailable;
        state.preview = true;
        row.setState(state);
        QTEST(child<QLabel>(row, "Proof of the plan")->text(), "words");
        QCOMPARE(child<QSlider>(row, "Budget")->isEnabled(), unavailable.isEmpty());
        QCOMPARE(child<QPushButton>(row, "Take plan")->isHidden(), !unavailable.isEmpty());
    }

    void proofFollowsTheTheme()
    {
        ui::BudgetRow row;
        ui::BudgetState state = budget(5);
        state.gap = 0;
        row.setState(state);
        const auto colour = [&row] {
            return child<QLabel>(row, "Proof of the plan")->palette().color(QPalette::WindowText);
        };
        ui::applyTheme(*qApp, ui::ThemeChoice::Light);
        QCoreApplication::processEvents();
        QCOMPARE(colour(), ui::Theme(QApplication::palette()).good());
        const QColor light = colour();
        ui::applyTheme(*qApp, ui::ThemeChoice::Dark);
        QCoreApplication::processEvents();
        QCOMPARE(colour(), ui::Theme(QApplication::palette()).good());
        QVERIFY(colour() != light);
    }

    void thePlanOnShowIsTakenOrDiscarded()
    {
        ui::CostStrip strip;
        ui::BudgetState state = budget(5);
        strip.budget()->setState(state);
        auto* take = child<QPushButton>(strip, "Take plan");
        auto* discard = child<QPushButton>(strip, "Discard");
        QVERIFY(take->isHidden() && discard->isHidden());
        state.preview = true;
        strip.budget()->setState(state);
        QVERIFY(!take->isHidden() && !discard->isHidden());
        QSignalSpy accepted(&strip, &ui::CostStrip::budgetAccepted);
        QSignalSpy discarded(strip.budget(), &ui::BudgetRow::budgetDiscarded);
        take->click();
        discard->click();
        QCOMPARE(accepted.count(), 1);
        QCOMPARE(discarded.count(), 1);
    }

    void unitIsAsked()
    {
        ui::BudgetRow row;
        QSignalSpy changed(&row, &ui::BudgetRow::unitChanged);
        child<QComboBox>(row, "Unit of the budget")->setCurrentIndex(1);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.at(0).first().value<ui::BudgetUnit>(), ui::BudgetUnit::Megabytes);
        ui::BudgetState state = budget(5);
        state.unit = ui::BudgetUnit::Megabytes;
        row.setState(state);
        QCOMPARE(changed.count(), 1);
    }

    void endsOfTheRangeCanBeTyped()
    {
        ui::BudgetRow row;
        ui::BudgetState state = budget(5);
        state.minimum = 0.1234;
        state.maximum = 97.6543;
        row.setState(state);
        auto* number = child<QDoubleSpinBox>(row, "Budget as a number");
        QSignalSpy changed(&row, &ui::BudgetRow::budgetChanged);
        number->setValue(0.12);
        QCOMPARE(changed.last().first().toDouble(), 0.1234);
        number->setValue(97.66);
        QCOMPARE(changed.last().first().toDouble(), 97.6543);
    }
};

QTEST_MAIN(TestCostStrip)
#include "tst_cost_strip.moc"
