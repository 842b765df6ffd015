// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/option_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>
#include <QWheelEvent>
#include <QtTest>

using namespace bitloom;
using ui::OptionForm;

namespace {

OptionSpec option(const char* group, const char* name, OptionType type, OptionValue fallback)
{
    OptionSpec made;
    made.group = group;
    made.name = name;
    made.type = type;
    made.fallback = std::move(fallback);
    made.help = std::string("What ") + name + " does";
    return made;
}

const OptionSchema& schema()
{
    static const OptionSchema made = [] {
        OptionSpec rate = option("Search", "rate", OptionType::Real, 0.1);
        rate.low = 0;
        OptionSpec kind = option("Search", "kind", OptionType::Choice, std::string("bop"));
        kind.choices = {"bop", "const"};
        OptionSpec epochs = option("Run", "epochs", OptionType::Integer, std::int64_t{25});
        epochs.low = 1;
        epochs.high = 100;
        epochs.unit = "epochs";
        OptionPreset quick{"quick", "A first look", {}};
        quick.values.set("epochs", std::int64_t{5});
        OptionRule onlyPruning{"fixed", [](const OptionValues& all) -> std::string {
                                   return all.flag("prune") ? "" : "there is nothing to prune";
                               }};
        return OptionSchema({rate, kind, option("Search", "prune", OptionType::Flag, false),
                             option("Search", "fixed", OptionType::Flag, false), epochs},
                            {quick}, {onlyPruning});
    }();
    return made;
}

template <typename Control>
Control* control(const OptionForm& form, const QString& name)
{
    return form.findChild<Control*>(QStringLiteral("option.") + name);
}

QStringList heads(const OptionForm& form)
{
    QStringList texts;
    for (const auto* head : form.findChildren<QToolButton*>()) {
        texts << head->text();
    }
    return texts;
}

} // namespace

class TestOptionForm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void defaultsAreShown()
    {
        const OptionForm form(schema());
        QCOMPARE(control<QLineEdit>(form, QStringLiteral("rate"))->text(), QStringLiteral("0.1"));
        QCOMPARE(control<QComboBox>(form, QStringLiteral("kind"))->currentText(),
                 QStringLiteral("bop"));
        QCOMPARE(control<QSpinBox>(form, QStringLiteral("epochs"))->value(), 25);
        QVERIFY(form.values() == schema().defaults());
        QCOMPARE(form.problem(), QString());
        QCOMPARE(heads(form), QStringList({QStringLiteral("Search"), QStringLiteral("Run")}));
    }

    void everyControlIsDescribed()
    {
        const OptionForm form(schema());
        for (const OptionSpec& spec : schema().options()) {
            const auto* widget = control<QWidget>(form, QString::fromStdString(spec.name));
            QVERIFY(widget != nullptr);
            QVERIFY(widget->accessibleName().contains(QString::fromStdString(spec.name)));
            QVERIFY(widget->toolTip().contains(QString::fromStdString(spec.help)));
        }
    }

    void whatIsEnteredCounts()
    {
        OptionForm form(schema());
        QSignalSpy changed(&form, &OptionForm::changed);
        control<QLineEdit>(form, QStringLiteral("rate"))->setText(QStringLiteral("1e-3"));
        control<QComboBox>(form, QStringLiteral("kind"))->setCurrentIndex(1);
        control<QCheckBox>(form, QStringLiteral("prune"))->setChecked(true);
        control<QSpinBox>(form, QStringLiteral("epochs"))->setValue(7);
        QCOMPARE(changed.size(), 4);
        const OptionValues values = form.values();
        QCOMPARE(values.real("rate"), 1e-3);
        QCOMPARE(values.text("kind"), std::string("const"));
        QVERIFY(values.flag("prune"));
        QCOMPARE(values.integer("epochs"), 7);
        QCOMPARE(form.problem(), QString());
    }

    void whatCannotBeReadIsSaid()
    {
        OptionForm form(schema());
        auto* rate = control<QLineEdit>(form, QStringLiteral("rate"));
        rate->setText(QStringLiteral("much"));
        QVERIFY2(form.problem().contains(QLatin1String("much")), qPrintable(form.problem()));
        QCOMPARE(form.values().real("rate"), 0.1); // the last one that could be read
        rate->setText(QStringLiteral("-1"));
        QVERIFY2(form.problem().contains(QLatin1String("rate")), qPrintable(form.problem()));
        rate->setText(QStringLiteral("2"));
        QCOMPARE(form.problem(), QString());
    }

    void changesAgainstThePresetAreCounted()
    {
        OptionForm form(schema());
        form.setBase(schema().preset("quick"));
        QCOMPARE(form.values().integer("epochs"), 5);
        QCOMPARE(heads(form).last(), QStringLiteral("Run"));
        control<QSpinBox>(form, QStringLiteral("epochs"))->setValue(6);
        QVERIFY2(heads(form).last().contains(u'1'), qPrintable(heads(form).last()));
    }

    void rulesDisableWithTheirReason()
    {
        OptionForm form(schema());
        auto* fixed = control<QCheckBox>(form, QStringLiteral("fixed"));
        QVERIFY(!fixed->isEnabled());
        QVERIFY(fixed->toolTip().contains(QLatin1String("there is nothing to prune")));
        auto* prune = control<QCheckBox>(form, QStringLiteral("prune"));
        prune->setChecked(true);
        QVERIFY(fixed->isEnabled());
        QVERIFY(!fixed->toolTip().contains(QLatin1String("there is nothing to prune")));
        fixed->setChecked(true);
        prune->setChecked(false);
        QVERIFY(fixed->isEnabled()); // it can be taken back
        QVERIFY2(form.problem().contains(QLatin1String("fixed")), qPrintable(form.problem()));
    }

    void scrollingChangesNothing()
    {
        OptionForm form(schema());
        form.show();
        auto* epochs = control<QSpinBox>(form, QStringLiteral("epochs"));
        QWheelEvent wheel({5, 5}, {5, 5}, {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(epochs, &wheel);
        QCOMPARE(epochs->value(), 25);
    }
};

QTEST_MAIN(TestOptionForm)
#include "tst_option_form.moc"
