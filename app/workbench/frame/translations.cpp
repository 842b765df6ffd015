// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/translations.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <array>

namespace bitloom::workbench {

namespace {
/// Words of Qt itself that the window shows: Qt's translations are a package of their own, which
/// not every machine has.
[[maybe_unused]] constexpr std::array kWordsOfQt{QT_TRANSLATE_NOOP("QPlatformTheme", "Cancel"),
                                                 QT_TRANSLATE_NOOP("QPlatformTheme", "Close")};

const QString kFolder = QStringLiteral(":/i18n");
const QString kPrefix = QStringLiteral("bitloom_");

/// The sources are English but for their plurals: these are there under every other translation.
void installPlurals()
{
    const QString name = kPrefix + QStringLiteral("en");
    if (qApp->findChild<QTranslator*>(name) != nullptr) {
        return;
    }
    auto* translator = new QTranslator(qApp);
    translator->setObjectName(name);
    if (!translator->load(name, kFolder)) {
        qFatal("the program was built without its resources (%s)", qPrintable(name));
    }
    QCoreApplication::installTranslator(translator);
}
} // namespace

QStringList availableLanguages()
{
    QStringList codes = QDir(kFolder).entryList({kPrefix + QStringLiteral("*.qm")});
    for (QString& code : codes) {
        code = code.mid(kPrefix.size()).chopped(3);
    }
    return codes;
}

void installLanguage(const QString& code)
{
    const QLocale locale = code.isEmpty() ? QLocale::system() : QLocale(code);
    QLocale::setDefault(locale);
    const auto load = [&](const QString& name, const QString& folder) {
        auto* translator = new QTranslator(qApp);
        if (translator->load(locale, name, QStringLiteral("_"), folder)) {
            QCoreApplication::installTranslator(translator);
        } else {
            delete translator; // there is none for this language
        }
    };
    installPlurals();
    load(QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    load(QStringLiteral("bitloom"), kFolder);
}

} // namespace bitloom::workbench
