// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/picture_exchange.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/dialogs/picture_dialog.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/frame/file_tasks.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/panel_dock.h"
#include "app/workbench/frame/status_line.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/panels/plan/plan_editor.h"
#include "core/engine/versions.h"
#include "widgets/util/provenance_reader.h"
#include "widgets/views/panel.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QTimer>

namespace bitloom::workbench {

namespace {
constexpr qint64 kMaxPictureBytes = 200'000'000;
const QString kAction = QStringLiteral("file.picture");
const QString kEditor = QStringLiteral("plan");
} // namespace

PictureExchange::PictureExchange(MainWindow& window, PlanDocument& document, JobCenter& jobs,
                                 PlanEditor& editor)
    : QObject(&window), m_window(window), m_document(document), m_jobs(jobs), m_editor(editor)
{
    window.actions().add({kAction,
                          tr("Export pi&cture..."),
                          tr("Write a plot or a table as PNG, SVG, PDF or CSV."),
                          {},
                          QStringLiteral("picture"),
                          QStringLiteral("file")},
                         [this] { openDialog({}); });
    const auto docks = window.findChildren<PanelDock*>();
    for (PanelDock* dock : docks) {
        connect(dock, &PanelDock::pictureRequested, this,
                [this, dock] { openDialog(dock->panel()->id()); });
    }
    connect(&document, &PlanDocument::modelChanged, this, &PictureExchange::updateAvailability);
    updateAvailability();
}

void PictureExchange::updateAvailability()
{
    m_window.actions().setUnavailable(kAction,
                                      m_document.isOpen() ? QString() : tr("no model is open."));
}

void PictureExchange::openDialog(const QString& panel)
{
    QList<PictureDialog::Source> sources{{kEditor, tr("Layers"), [this] {
                                              m_editor.flushRefresh();
                                              return QList<ui::Picture>{m_editor.picture()};
                                          }}};
    const auto docks = m_window.findChildren<PanelDock*>();
    for (PanelDock* dock : docks) {
        ui::Panel* shown = dock->panel();
        sources.append({shown->id(), shown->title(), [shown] {
                            shown->flushRefresh();
                            return shown->pictures();
                        }});
    }
    auto* dialog = new PictureDialog(std::move(sources), panel, &m_window);
    connect(dialog, &PictureDialog::chosen, this, &PictureExchange::askForFile);
    dialog->open();
}

void PictureExchange::askForFile(const QString& panel, const ui::Picture& picture, QSize size,
                                 int scale)
{
    auto* dialog = new QFileDialog(&m_window, tr("Export picture"), m_folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Pictures (*.png)"), tr("Vector pictures (*.svg)"),
                            tr("Documents (*.pdf)"), tr("Tables (*.csv)")});
    const auto useEnding = [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1));
    };
    useEnding(dialog->nameFilters().front());
    connect(dialog, &QFileDialog::filterSelected, dialog, useEnding);
    dialog->selectFile(QStringLiteral("%1-%2").arg(m_document.planName(), picture.name));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, panel, picture, size, scale](const QString& path) {
                exportTo(path, panel, picture, size, scale);
            });
    dialog->open();
}

void PictureExchange::exportTo(const QString& path, const QString& panel,
                               const ui::Picture& picture, QSize size, int scale)
{
    const auto format = ui::pictureFormatFrom(path);
    const QString what = tr("%1 was not exported.").arg(QFileInfo(path).fileName());
    if (!format) {
        m_window.notices().add({Notice::Kind::Warning, what,
                                tr("The ending of the name does not say the format."),
                                tr("Give a name that ends with .png, .svg, .pdf or .csv.")});
        return;
    }
    m_folder = QFileInfo(path).absolutePath();
    const QByteArray bytes = ui::renderPicture(picture, *format, size, scale, provenance(panel));
    writeFileLater(path, bytes, this, [this, path, what](const QString& problem) {
        if (!problem.isEmpty()) {
            m_window.notices().add(
                {Notice::Kind::Error, what, path + QStringLiteral(": ") + problem});
            return;
        }
        m_window.statusLine().say(tr("%1 was written.").arg(QDir::toNativeSeparators(path)));
        Q_EMIT exported(path);
    });
}

ui::Provenance PictureExchange::provenance(const QString& panel) const
{
    ui::Provenance origin;
    origin.panel = panel;
    origin.seed = QString::number(m_jobs.seed());
    origin.versions = QString::fromStdString(engine::libraryVersions());
    if (m_document.isOpen()) {
        origin.model = QString::fromStdString(m_document.model()->name);
        origin.fingerprint = QString::fromStdString(m_document.model()->fingerprint);
        origin.plan = m_document.planName();
        origin.planDigest = QString::fromStdString(planDigest(m_document.plan()));
    }
    return origin;
}

bool PictureExchange::isPicture(const QString& path)
{
    return QFileInfo(path).isFile() && ui::pictureFormatFrom(path).has_value();
}

void PictureExchange::restore(const QString& path)
{
    const QString name = QFileInfo(path).fileName();
    readFileLater(path, kMaxPictureBytes, this,
                  [this, name](const QByteArray& bytes, const QString& problem) {
                      QString reason = problem;
                      if (problem.isEmpty()) {
                          const auto origin = ui::readProvenance(bytes);
                          reason = origin ? showView(*origin)
                                          : tr("It does not say where it comes from: Bitloom did "
                                               "not export it, or another program changed it.");
                      }
                      if (!reason.isEmpty()) {
                          m_window.notices().add({Notice::Kind::Info,
                                                  tr("%1 cannot be shown again.").arg(name),
                                                  reason});
                      }
                      Q_EMIT restored();
                  });
}

QString PictureExchange::showView(const ui::Provenance& origin)
{
    const bool sameModel =
        m_document.isOpen() && m_document.model()->fingerprint == origin.fingerprint.toStdString();
    if (!sameModel) {
        return tr("It belongs to the model %1 (%2) with the plan %3; open that model first.")
            .arg(origin.model, origin.fingerprint.left(19), origin.plan);
    }
    // The same bits under another name are the same plan.
    const QStringList names = m_document.planNames();
    QString found;
    for (const QString& name : names) {
        const BitPlan* plan = m_document.findPlan(name);
        const bool same =
            plan != nullptr && QString::fromStdString(planDigest(*plan)) == origin.planDigest;
        if (same && (found.isEmpty() || name == origin.plan)) {
            found = name;
        }
    }
    if (found.isEmpty()) {
        return names.contains(origin.plan)
                   ? tr("It shows the plan %1 as it was before it was changed.").arg(origin.plan)
                   : tr("It shows the plan %1, which this project does not have.").arg(origin.plan);
    }
    m_document.showPlan(found);
    m_window.showPanel(origin.panel);
    m_window.statusLine().say(tr("This is the view of the picture: plan %1.").arg(found));
    return {};
}

} // namespace bitloom::workbench
