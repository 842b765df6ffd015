// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/actions/action_registry.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/panel_dock.h"
#include "app/workbench/frame/translations.h"
#include "app/workbench/jobs/phrase_text.h"
#include "app/workbench/workbench.h"
#include "core/engine/method_catalog.h"
#include "tests/app/workbench/window/pseudo_translator.h"
#include "tests/app/workbench/window/scenes.h"
#include "tests/app/workbench/window/test_window.h"
#include "tests/app/workbench/window/window_checks.h"
#include "tests/support/test_support.h"
#include "widgets/views/panel.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTabBar>
#include <QTreeView>
#include <QtTest>

#include <algorithm>

using namespace bitloom;
using namespace bitloom::workbench;
using test::PseudoTranslator;
using test::TestWindow;

namespace {

QString translationFile()
{
    return QString::fromStdString(test::dataFile("../../translations/bitloom_de.ts"));
}

/// A language that has no translation, so that no other one is found before the pseudo one.
const QString kUntranslated = QStringLiteral("eo");

SettingsData pseudoSettings()
{
    SettingsData settings = test::testSettings();
    settings.language = kUntranslated;
    return settings;
}

/// Everything that a widget says: its text, its help, and what a screen reader reads out.
QStringList textsOf(const QWidget& widget)
{
    QStringList texts{widget.toolTip(), widget.statusTip(), widget.whatsThis(),
                      widget.accessibleName(), widget.accessibleDescription()};
    if (widget.isWindow()) {
        texts << widget.windowTitle();
    }
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) {
        texts << button->text();
    } else if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        texts << label->text();
    } else if (const auto* field = qobject_cast<const QLineEdit*>(&widget)) {
        texts << field->placeholderText();
    } else if (const auto* box = qobject_cast<const QComboBox*>(&widget)) {
        for (int i = 0; i < box->count(); ++i) {
            texts << box->itemText(i);
        }
    } else if (const auto* bar = qobject_cast<const QTabBar*>(&widget)) {
        for (int i = 0; i < bar->count(); ++i) {
            texts << bar->tabText(i) << bar->tabToolTip(i);
        }
    } else if (const auto* header = qobject_cast<const QHeaderView*>(&widget)) {
        for (int i = 0; header->model() != nullptr && i < header->count(); ++i) {
            for (int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole)}) {
                texts << header->model()->headerData(i, header->orientation(), role).toString();
            }
        }
    }
    texts.removeAll(QString());
    texts.removeDuplicates();
    return texts;
}

/// Names of the field that are the same in every language, and what comes from the model.
class Untranslatable {
public:
    explicit Untranslatable(PlanDocument& document)
    {
        m_names = document.planNames();
        for (const LayerInfo& layer : document.model()->layers) {
            m_names << QString::fromStdString(layer.name);
        }
        m_names << QString::fromStdString(document.model()->name) << QStringLiteral("arch:lenet5")
                << QStringLiteral("lenet5");
        // As on the command line and in the publication.
        for (const MethodDescription& method : engine::methodCatalog()) {
            for (const OptionPreset& preset : method.options->presets()) {
                add(preset.name);
            }
            for (const OptionSpec& option : method.options->options()) {
                std::for_each(option.choices.begin(), option.choices.end(),
                              [this](const std::string& choice) { add(choice); });
                add(option.name);
            }
            add(method.title);
            add(method.source);
        }
        std::sort(m_names.begin(), m_names.end(), [](const QString& one, const QString& other) {
            return one.size() > other.size(); // a name may be part of another one
        });
    }

    bool holds(const QString& text) const
    {
        QString rest = text;
        for (const QString& name : m_names) {
            rest.remove(name);
        }
        static const QRegularExpression words(QStringLiteral(
            "\\b(FP32|BOPs|MACs|MSE|KL|Top|SHA|CRC|HDF5|PNG|SVG|PDF|CSV|HTML|Bitloom|GPL|Apache|"
            "LibTorch|MNIST|CIFAR|W8A8|[kMGT]?B|Ctrl|Shift|Alt|Del|PgUp|PgDown|Return|Space|cpu|"
            "cuda|nats|weight|bits|float16|float32|float64|bfloat16)\\b"));
        rest.remove(words);
        static const QRegularExpression letters(QStringLiteral("[A-Za-z]{3}"));
        return !rest.contains(letters);
    }

private:
    void add(const std::string& name) { m_names << QString::fromStdString(name); }

    QStringList m_names;
};

} // namespace

/// The window in another language: every string is there, and fits.
class TestTranslations : public QObject {
    Q_OBJECT
private:
    static void report(const QStringList& findings)
    {
        for (const QString& finding : findings) {
            qWarning().noquote() << finding;
        }
        QVERIFY2(findings.isEmpty(), qPrintable(QStringLiteral("%1 findings, the first is: %2")
                                                    .arg(findings.size())
                                                    .arg(findings.value(0))));
    }

private Q_SLOTS:
    void pseudoTextsKeepWhatCodeNeeds()
    {
        QCOMPARE(PseudoTranslator::pseudo(QStringLiteral("Open")), QStringLiteral("[!Ópéñ!]"));
        QCOMPARE(PseudoTranslator::pseudo(QStringLiteral("<b>%1</b> and %n")),
                 QStringLiteral("[!<b>%1</b> áñd %n~~~!]"));
        QVERIFY(PseudoTranslator::pseudo(QStringLiteral("Save as...")).endsWith(u"..."_qs));
        const QString text = QStringLiteral("A sentence of some length, to be made longer.");
        QVERIFY(PseudoTranslator::pseudo(text).size() >= text.size() * 7 / 5);
    }

    void everyVisibleStringIsTranslatedAndFits()
    {
        PseudoTranslator translator(translationFile());
        QVERIFY(translator.size() > 500);
        installLanguage(kUntranslated); // the English plurals, before what is to be found first
        QCoreApplication::installTranslator(&translator);
        const auto remove = qScopeGuard([&] { QCoreApplication::removeTranslator(&translator); });
        TestWindow shown(pseudoSettings(), {1680, 1050});
        QStringList findings;
        for (const test::Scene& scene : test::scenes(QStringLiteral("arch:lenet5"))) {
            if (scene.changes) {
                break;
            }
            QVERIFY2(scene.show(shown), qPrintable(scene.name));
            if (!shown.workbench().document().isOpen()) {
                findings += test::clippedTexts(shown.window());
                continue;
            }
            findings += untranslated(shown);
            findings += test::clippedTexts(shown.window());
        }
        for (const PanelDock* dock : shown.window().findChildren<PanelDock*>()) {
            shown.window().showPanel(dock->panel()->id());
            shown.settle();
            findings += untranslated(shown);
            findings += test::clippedTexts(shown.window());
        }
        findings.removeDuplicates();
        report(findings);
    }

    void everyActionIsTranslated()
    {
        PseudoTranslator translator(translationFile());
        installLanguage(kUntranslated); // the English plurals, before what is to be found first
        QCoreApplication::installTranslator(&translator);
        const auto remove = qScopeGuard([&] { QCoreApplication::removeTranslator(&translator); });
        TestWindow shown(pseudoSettings());
        ActionRegistry& actions = shown.window().actions();
        QStringList findings;
        for (const QString& id : actions.ids()) {
            if (!PseudoTranslator::isPseudo(actions.action(id)->text())) {
                findings << id + QStringLiteral(": ") + actions.action(id)->text();
            }
            if (!PseudoTranslator::isPseudo(actions.help(id))) {
                findings << id + QStringLiteral(": ") + actions.help(id);
            }
        }
        report(findings);
    }

    void languagesAreThere()
    {
        QCOMPARE(availableLanguages(), QStringList({QStringLiteral("de"), QStringLiteral("en")}));
    }

    void pluralsAreRightInEveryLanguage_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("many");
        QTest::newRow("English") << QStringLiteral("en")
                                 << QStringLiteral("1 locked layer kept its bits.")
                                 << QStringLiteral("3 locked layers kept their bits.");
        QTest::newRow("German") << QStringLiteral("de")
                                << QStringLiteral("1 gesperrte Schicht behielt ihre Bits.")
                                << QStringLiteral("3 gesperrte Schichten behielten ihre Bits.");
        QTest::newRow("one without a translation")
            << kUntranslated << QStringLiteral("1 locked layer kept its bits.")
            << QStringLiteral("3 locked layers kept their bits.");
        QTest::newRow("none, as in the C locale")
            << QStringLiteral("C") << QStringLiteral("1 locked layer kept its bits.")
            << QStringLiteral("3 locked layers kept their bits.");
    }

    void pluralsAreRightInEveryLanguage()
    {
        QFETCH(QString, language);
        QFETCH(QString, one);
        QFETCH(QString, many);
        const QLocale before;
        installLanguage(language);
        const auto text = [](int count) {
            return QCoreApplication::translate("bitloom::workbench::PlanDocument",
                                               "%n locked layer(s) kept their bits.", nullptr,
                                               count);
        };
        QCOMPARE(text(1), one);
        QCOMPARE(text(3), many);
        for (QTranslator* translator : qApp->findChildren<QTranslator*>()) {
            delete translator;
        }
        QLocale::setDefault(before);
    }

    /// Core has the English words, the window others for each of them, with the same places.
    void everyPhraseOfCoreHasWords()
    {
        const Phrase nested(PhraseId::BitPackStops, {"conv1", PhraseId::ExactNoDimensions});
        QCOMPARE(phraseText(nested).toStdString(), textOf(nested));
        const QLocale before;
        installLanguage(QStringLiteral("de"));
        QStringList findings;
        for (const PhraseId id : phraseIds()) {
            const Phrase phrase(id, {"(1)", "(2)", "(3)", "(4)", "(5)"});
            const QString english = QString::fromStdString(textOf(phrase));
            const QString german = phraseText(phrase);
            const bool hasWords = english.contains(QRegularExpression(QStringLiteral("[a-z]")));
            if (hasWords == (german == english)) {
                findings << english;
            }
            for (const Phrase& argument : phrase.arguments) {
                const QString place = QString::fromStdString(argument.text);
                if (english.count(place) != german.count(place)) {
                    findings << german;
                }
            }
        }
        QVERIFY(phraseText(nested).contains(QStringLiteral("conv1")));
        QVERIFY(phraseText(nested).contains(QStringLiteral("er hat keine Dimensionen")));
        for (QTranslator* translator : qApp->findChildren<QTranslator*>()) {
            delete translator;
        }
        QLocale::setDefault(before);
        report(findings);
    }

    void germanFits_data()
    {
        QTest::addColumn<double>("fontScale");
        QTest::newRow("usual type") << 1.0;
        QTest::newRow("large type") << 1.5;
    }

    void germanFits()
    {
        QFETCH(double, fontScale);
        test::prepareTestProgram(fontScale);
        SettingsData settings = test::testSettings();
        settings.language = QStringLiteral("de");
        QStringList findings;
        {
            TestWindow shown(settings, fontScale > 1 ? QSize(1920, 1080) : QSize(1440, 900));
            QVERIFY(shown.open(QStringLiteral("arch:lenet5")));
            for (const PanelDock* dock : shown.window().findChildren<PanelDock*>()) {
                shown.window().showPanel(dock->panel()->id());
                shown.settle();
                findings += test::clippedTexts(shown.window());
            }
        }
        for (QTranslator* translator : qApp->findChildren<QTranslator*>()) {
            delete translator;
        }
        test::prepareTestProgram();
        findings.removeDuplicates();
        report(findings);
    }

private:
    static QStringList untranslated(TestWindow& shown)
    {
        const Untranslatable names(shown.workbench().document());
        QStringList findings;
        const auto widgets = shown.window().findChildren<QWidget*>();
        for (const QWidget* widget : widgets) {
            if (widget->objectName().startsWith(QLatin1String("qt_")) ||
                widget->objectName().startsWith(QLatin1String("Scroll"))) {
                continue; // Qt's own, with Qt's translation
            }
            for (const QString& text : textsOf(*widget)) {
                if (!PseudoTranslator::isPseudo(text) && !names.holds(text)) {
                    findings
                        << QStringLiteral("'%1' of %2").arg(text, test::describeWidget(*widget));
                }
            }
        }
        return findings;
    }
};

int main(int argc, char** argv)
{
    const test::TestSurroundings surroundings;
    QApplication application(argc, argv);
    test::prepareTestProgram();
    TestTranslations test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_translations.moc"
