// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/close_guard.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/jobs/job_center.h"

#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace bitloom::workbench {

CloseGuard::CloseGuard(MainWindow& window, PlanDocument& document, JobCenter& jobs)
    : QObject(&window), m_window(window), m_document(document), m_jobs(jobs)
{
    connect(&window, &MainWindow::closeRequested, this, &CloseGuard::close);
    connect(&jobs, &JobCenter::busyChanged, this, [this](bool busy) {
        if (m_stopping && !busy) {
            m_window.acceptClose();
        }
    });
}

bool CloseGuard::hasUnsavedPlans() const
{
    return m_document.isOpen() && !m_document.undoStack().isClean();
}

void CloseGuard::close()
{
    if (m_stopping || m_asking) {
        return; // it is under way
    }
    if (hasUnsavedPlans()) {
        askAboutPlans(tr("Save the plans before closing?"), [this] { askAboutJobs(); });
    } else {
        askAboutJobs();
    }
}

void CloseGuard::replace(const std::function<void()>& go)
{
    if (hasUnsavedPlans()) {
        askAboutPlans(tr("Save the plans before another model takes their place?"), go);
    } else {
        go();
    }
}

void CloseGuard::askAboutPlans(const QString& question, const std::function<void()>& go)
{
    auto* box = new QMessageBox(&m_window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(QStringLiteral("unsavedPlans"));
    box->setWindowTitle(tr("Unsaved plans"));
    box->setIcon(QMessageBox::Question);
    box->setText(question);
    box->setInformativeText(tr("%1 has changes that are not saved.")
                                .arg(QString::fromStdString(m_document.model()->name)));
    QPushButton* save = nullptr;
    if (m_saver) {
        save = box->addButton(tr("Save"), QMessageBox::AcceptRole);
        box->setDefaultButton(save);
    }
    auto* discard = box->addButton(tr("Discard changes"), QMessageBox::DestructiveRole);
    auto* stay = box->addButton(tr("Cancel"), QMessageBox::RejectRole);
    box->setEscapeButton(stay);
    m_asking = true;
    connect(box, &QDialog::finished, this, [this, box, save, discard, go] {
        m_asking = false;
        if (box->clickedButton() == discard) {
            go();
        } else if (save != nullptr && box->clickedButton() == save) {
            m_saver([go](bool saved) {
                if (saved) {
                    go();
                }
            });
        }
    });
    box->open();
}

void CloseGuard::askAboutJobs()
{
    if (!m_jobs.isBusy()) {
        m_window.acceptClose();
        return;
    }
    const auto count = std::count_if(m_jobs.rows().begin(), m_jobs.rows().end(),
                                     [](const JobRow& row) { return row.isActive(); });
    auto* box = new QMessageBox(&m_window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(QStringLiteral("runningJobs"));
    box->setWindowTitle(tr("Jobs are running"));
    box->setIcon(QMessageBox::Question);
    box->setText(tr("%n job(s) still run. Stop and close?", nullptr, static_cast<int>(count)));
    box->setInformativeText(tr("A stopped sensitivity sweep is continued when it is started again; "
                               "an unfinished export leaves no file."));
    auto* stop = box->addButton(tr("Stop and close"), QMessageBox::DestructiveRole);
    auto* keep = box->addButton(tr("Keep working"), QMessageBox::RejectRole);
    box->setDefaultButton(keep);
    box->setEscapeButton(keep);
    m_asking = true;
    connect(box, &QDialog::finished, this, [this, box, stop] {
        m_asking = false;
        if (box->clickedButton() == stop) {
            stopAndClose();
        }
    });
    box->open();
}

void CloseGuard::stopAndClose()
{
    if (!m_jobs.isBusy()) { // it has ended while the question was open
        m_window.acceptClose();
        return;
    }
    m_stopping = true;
    m_window.notices().add({Notice::Kind::Info, tr("Stopping the running jobs."),
                            tr("The window closes by itself when they have ended.")});
    m_jobs.cancelAll();
}

} // namespace bitloom::workbench
