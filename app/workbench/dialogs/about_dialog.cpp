// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/about_dialog.h"

#include "widgets/util/spacing.h"

#include "core/engine/versions.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QIcon>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScreen>
#include <QStyle>
#include <QSysInfo>
#include <QThread>
#include <QVBoxLayout>

namespace bitloom::workbench {

namespace {
constexpr int kAboutLogo = 64;
constexpr QSize kAboutSize(560, 320);
} // namespace

QString diagnostics(const QWidget& window, const QString& device, int threads)
{
    // Not translated: it is read by those who look after the program.
    QStringList lines;
    lines << QString::fromStdString(engine::libraryVersions());
    lines << QStringLiteral("Qt %1, platform %2, style %3")
                 .arg(QString::fromLatin1(qVersion()), QGuiApplication::platformName(),
                      QApplication::style()->name());
    lines << QStringLiteral("%1, kernel %2, %3")
                 .arg(QSysInfo::prettyProductName(), QSysInfo::kernelVersion(),
                      QSysInfo::currentCpuArchitecture());
    lines << QStringLiteral("%1 cores, threads %2, device %3")
                 .arg(QThread::idealThreadCount())
                 .arg(threads)
                 .arg(device);
    if (const QScreen* screen = window.screen()) {
        const QSize size = screen->size();
        lines << QStringLiteral("screen %1x%2 at %3, window %4x%5")
                     .arg(size.width())
                     .arg(size.height())
                     .arg(window.devicePixelRatioF())
                     .arg(window.width())
                     .arg(window.height());
    }
    lines << QStringLiteral("locale %1, font %2 %3 pt")
                 .arg(QLocale().name(), QApplication::font().family())
                 .arg(QApplication::font().pointSizeF());
    return lines.join(u'\n');
}

AboutDialog::AboutDialog(const QString& diagnostics, QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("aboutDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("About Bitloom"));
    resize(kAboutSize);
    auto* logo = new QLabel(this);
    logo->setPixmap(QIcon(QStringLiteral(":/icons/app.svg"))
                        .pixmap(QSize(kAboutLogo, kAboutLogo), devicePixelRatioF()));
    logo->setAccessibleName(tr("Bitloom's sign"));
    auto* words = new QLabel(
        tr("<p><b>Bitloom</b><br>Mixed-precision quantization of neural networks.</p>"
           "<p>The window is free software under the GPL, version 3 or later; the engine and the "
           "command line program are under the Apache licence 2.0. No warranty.</p>"),
        this);
    words->setWordWrap(true);
    words->setTextFormat(Qt::RichText);
    auto* head = new QHBoxLayout;
    head->setSpacing(ui::kWideGap);
    head->addWidget(logo, 0, Qt::AlignTop);
    head->addWidget(words, 1);
    auto* text = new QPlainTextEdit(diagnostics, this);
    text->setReadOnly(true);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text->setAccessibleName(tr("Diagnostics"));
    text->setAccessibleDescription(tr("Versions and system, for a report of a fault."));
    text->setTabChangesFocus(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton* copy = buttons->addButton(tr("Copy diagnostics"), QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, this,
            [diagnostics] { QApplication::clipboard()->setText(diagnostics); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(ui::kWideGap);
    column->addLayout(head);
    column->addWidget(text, 1);
    column->addWidget(buttons);
}

} // namespace bitloom::workbench
