// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/workbench.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/dialogs/dialog_actions.h"
#include "app/workbench/dialogs/sensitivity_dialog.h"
#include "app/workbench/example_tour.h"
#include "app/workbench/frame/close_guard.h"
#include "app/workbench/frame/file_actions.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/plan_box.h"
#include "app/workbench/frame/project_actions.h"
#include "app/workbench/frame/run_actions.h"
#include "app/workbench/frame/standard_actions.h"
#include "app/workbench/frame/status_line.h"
#include "app/workbench/frame/translations.h"
#include "app/workbench/frame/view_actions.h"
#include "app/workbench/jobs/phrase_text.h"
#include "app/workbench/pages/welcome_page.h"
#include "app/workbench/palette/command_palette.h"
#include "app/workbench/palette/palette_model.h"
#include "app/workbench/panel_set.h"
#include "app/workbench/panels/evaluate/evaluate_panel.h"
#include "app/workbench/panels/pack/export_panel.h"
#include "app/workbench/panels/plan/plan_editor.h"
#include "app/workbench/panels/plan/sensitivity_panel.h"
#include "app/workbench/picture_exchange.h"
#include "app/workbench/project/plan_commands.h"
#include "widgets/util/theme.h"
#include "widgets/views/layer_table.h"

#include <QApplication>
#include <QFileInfo>
#include <QStandardPaths>

namespace bitloom::workbench {

namespace {
const QString kEditorView = QStringLiteral("plan_editor"); // in SettingsData::views
const QString kColumns = QStringLiteral("columns");

QString orDefault(const QString& path)
{
    return path.isEmpty() ? Settings::defaultPath() : path;
}
/// Projects without a name outlive a crash, so they are no temporary files.
QString orUntitled(const QString& folder)
{
    return folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
                                  QStringLiteral("/untitled")
                            : folder;
}
} // namespace

Workbench::Workbench(const Options& options)
    : m_options(options), m_settings(orDefault(options.settingsPath)),
      m_bridge(options.threads.value_or(m_settings.data().threads)), m_jobs(m_bridge),
      m_recent(m_settings), m_opener(m_document, m_jobs), m_budget(m_document, m_planner),
      m_session(m_document, m_jobs, m_store, orUntitled(options.untitledFolder)),
      m_sweep(
          m_document, m_jobs, m_data,
          [this] { return m_store.isOpen() ? m_store.sensitivityFile() : QString(); },
          [this](const engine::JobSpec& spec) { return commandLine(spec); }),
      m_search(m_document, m_jobs, m_data, m_store,
               [this](const engine::JobSpec& spec) { return commandLine(spec); }),
      m_keeper(m_document, m_jobs, m_store), m_feed(m_jobs, m_store, m_run),
      m_example(m_jobs, options.exampleFolder)
{
    installLanguage(m_settings.data().language);
    applySettings();
    m_window = std::make_unique<MainWindow>(m_document, m_jobs, m_settings);
    m_guard = new CloseGuard(*m_window, m_document, m_jobs);
    m_files = new FileActions(*m_window, m_document, m_opener, m_recent, *m_guard);
    auto* standard = new StandardActions(m_window->actions(), m_document);
    auto* project = new ProjectActions(*m_window, m_document, m_session, m_store);
    connect(project, &ProjectActions::reportRequested, this, &Workbench::writeReport);
    m_runs = new RunActions(*m_window, m_document);
    m_panels = new PanelSet(*m_window,
                            {m_document, m_selection, m_jobs, m_budget, m_store, m_run, m_feed,
                             m_data, m_measurements, m_search,
                             [this](const engine::JobSpec& spec) { return commandLine(spec); }});
    m_pictures = new PictureExchange(*m_window, m_document, m_jobs, m_panels->editor());
    new ViewActions(*m_window, m_settings);
    m_dialogs =
        new DialogActions(*m_window, {m_settings, m_jobs, m_document, m_opener}, m_options.threads);
    connect(standard, &StandardActions::renameRequested, m_dialogs, &DialogActions::askForPlanName);
    connect(m_files, &FileActions::nameRequested, m_dialogs, &DialogActions::askForName);
    connect(m_dialogs, &DialogActions::modelFileRequested, m_files, &FileActions::chooseModelFile);
    m_window->menus().addToolWidget(QStringLiteral("plan.duplicate"),
                                    new PlanBox(m_document, m_window.get()));
    m_welcome = new WelcomePage(m_window->actions(), m_recent, m_window.get());
    m_window->setWelcomePage(m_welcome);
    m_palette = new CommandPalette(
        [this] { return paletteEntries(m_window->actions(), m_document, m_selection); },
        m_window.get());
    m_window->actions().add(
        {QStringLiteral("view.palette"), tr("Command &palette..."),
         tr("Find and run any action, plan or layer by a few letters of its name."),
         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), QStringLiteral("palette"),
         QStringLiteral("view")},
        [this] { m_palette->open(); });
    connectOpening();
    connectExample();
    connectSession();
    connectRuns();
    connect(&m_settings, &Settings::changed, this, &Workbench::applySettings);
    connect(&m_jobs, &JobCenter::failed, this,
            [this](const QString& title, const QString& code, const QString& message) {
                m_window->notices().add(
                    noticeOfError(tr("\"%1\" did not finish.").arg(title), code, message));
            });
    m_window->actions().restoreShortcuts(m_settings.data().shortcuts);
    connect(&m_window->actions(), &ActionRegistry::changed, this, [this] {
        m_settings.update([this](SettingsData& data) {
            data.shortcuts = m_window->actions().changedShortcuts();
        });
    });
    m_window->statusLine().setDevice(m_jobs.device());
    m_window->restorePlace();
    restoreColumns();
    tellSettingsState();
}

Workbench::~Workbench()
{
    storeColumns();
}

void Workbench::restoreColumns()
{
    const QJsonObject kept = m_settings.data().views.value(kEditorView).toObject();
    const QString columns = kept.value(kColumns).toString();
    if (!columns.isEmpty()) { // those of a later version are refused, the default ones stay
        m_panels->editor().table().view()->restoreColumns(columns.toUtf8());
    }
}

void Workbench::storeColumns()
{
    const QByteArray columns = m_panels->editor().table().view()->saveColumns();
    m_settings.update([&](SettingsData& data) {
        QJsonObject kept = data.views.value(kEditorView).toObject();
        kept.insert(kColumns, QString::fromUtf8(columns));
        data.views.insert(kEditorView, kept);
    });
}

void Workbench::start(const QString& toOpen)
{
    m_window->show();
    if (!toOpen.isEmpty()) {
        // After the first paint: the engine's start must not delay it.
        QMetaObject::invokeMethod(
            this, [this, toOpen] { m_opener.open(toOpen); }, Qt::QueuedConnection);
    }
}

void Workbench::applySettings()
{
    const SettingsData& data = m_settings.data();
    const QString theme = m_options.theme.value_or(data.theme);
    if (theme != m_shownTheme) { // a new palette repaints everything
        m_shownTheme = theme;
        ui::applyTheme(*qApp, ui::themeChoiceFrom(theme));
    }
    m_jobs.setDevice(m_options.device.value_or(data.device));
    m_jobs.setSeed(data.seed);
    if (m_window != nullptr) {
        m_window->statusLine().setDevice(m_jobs.device());
    }
}

QString Workbench::commandLine(const engine::JobSpec& spec)
{
    // The plan as it is now is kept in a file of its own, so that the line stays true when the plan
    // is edited later.
    CommandFiles files;
    if (const auto* eval = std::get_if<engine::EvalJob>(&spec); eval != nullptr && eval->plan) {
        files.plan = keptCopy(*eval->plan);
    } else if (const auto* pack = std::get_if<engine::PackJob>(&spec)) {
        files.plan = keptCopy(pack->plan);
    }
    return commandLineFor(spec, files, m_jobs.device(), m_jobs.seed());
}

QString Workbench::keptCopy(const BitPlan& plan)
{
    const QString file = m_store.saveSnapshot(plan);
    m_panels->commands().keepCopy(plan, file);
    return file;
}

void Workbench::writeReport(const BitPlan& plan, const QString& file)
{
    // The folder of somebody else takes no copy: the plan is named as it is stored there.
    m_panels->commands().sayReport(
        m_store.isReadOnly() ? QString::fromStdString(plan.name) : keptCopy(plan), file);
    m_store.writeReport(plan, file);
}

void Workbench::connectRuns()
{
    connect(m_runs, &RunActions::evaluateRequested, this, [this] {
        m_window->showPanel(QStringLiteral("evaluate"));
        m_panels->evaluate().measureShownPlan();
    });
    connect(m_runs, &RunActions::sensitivityRequested, this,
            [this] { (new SensitivityDialog(m_data, m_sweep, m_window.get()))->open(); });
    connect(m_runs, &RunActions::exportRequested, this,
            [this] { m_window->showPanel(QStringLiteral("export")); });
    connect(m_runs, &RunActions::searchRequested, this,
            [this] { m_window->showPanel(QStringLiteral("search")); });
    connect(&m_search, &SearchRun::found, this,
            [this](const SearchResult& result, const QString& run) {
                for (const FrontierPoint& point : pointsOf(result, run.toStdString())) {
                    m_store.savePoint(point);
                }
                const BitPlan plan = planOf(result, run.toStdString());
                const QString packed = QString::fromStdString(result.packed);
                m_store.savePlan(plan);
                m_store.savePacked(packed, plan);
                m_store.saveSheet(sheetOf(result));
                m_panels->exporting().setProof(sheetOf(result), packed, plan);
            });
    connect(&m_sweep, &SensitivityRun::learned, this,
            [this](const std::shared_ptr<const SensitivityTable>& soFar) {
                m_panels->sensitivity().showPartial(soFar);
            });
    connect(&m_feed, &RunFeed::failed, this,
            [this](const QString& what, const QString& code, const QString& message) {
                m_window->notices().add(
                    noticeOfError(tr("Could not %1.").arg(what), code, message));
            });
    connect(&m_document, &PlanDocument::modelChanged, &m_measurements, &Measurements::clear);
    // What was chosen belongs to the project, and comes back with it.
    connect(&m_session, &ProjectSession::dataChanged, this, [this] {
        if (const auto data = m_session.data()) {
            m_data.setData(*data, m_session.calibrationImages());
        }
    });
    connect(&m_data, &DataChoice::used, this, [this] {
        if (const auto data = m_data.data()) {
            m_session.setData(*data, m_data.calibration().images);
        }
    });
    connect(&m_store, &ProjectStore::evaluationsRead, this,
            [this](const std::vector<engine::KeptEvaluation>& evaluations) {
                for (const engine::KeptEvaluation& kept : evaluations) {
                    m_measurements.add(QString::fromStdString(kept.planDigest),
                                       {kept.data, {kept.calibrationImages}},
                                       std::make_shared<const EvalResult>(kept.result));
                }
            });
    connect(&m_panels->evaluate(), &EvaluatePanel::measured, &m_store, &ProjectStore::savePoint);
    ExportPanel& exporting = m_panels->exporting();
    connect(&exporting, &ExportPanel::packed, &m_store, &ProjectStore::saveSheet);
    connect(&exporting, &ExportPanel::proofMeasured, &m_store, &ProjectStore::saveSheet);
    connect(&m_session, &ProjectSession::projectOpened, &exporting,
            [&exporting](const QString& folder) {
                exporting.setFolder(folder + QStringLiteral("/exports"));
            });
    connect(&m_session, &ProjectSession::proofFound, &exporting,
            [&exporting](const KeptProof& proof) {
                if (proof.sheet) {
                    exporting.setProof(*proof.sheet, proof.file, proof.plan, proof.fileIsThere);
                } else {
                    exporting.clearProof();
                }
            });
    connect(&exporting, &ExportPanel::reportRequested, this, &Workbench::writeReport);
}

void Workbench::connectSession()
{
    m_guard->setSaver([this](const std::function<void(bool)>& done) { m_session.save(done); });
    connect(&m_opener, &ModelOpener::projectFound, this,
            [this](const QString& folder) { m_session.openProject(folder); });
    connect(&m_opener, &ModelOpener::opened, &m_session, &ProjectSession::adoptModel);
    connect(&m_session, &ProjectSession::projectOpened, &m_panels->commands(),
            &PlanCommands::begin);
    connect(&m_session, &ProjectSession::projectOpened, this, [this](const QString& folder) {
        if (!m_session.isUntitled()) {
            m_recent.add(folder);
        }
    });
}

void Workbench::tellSettingsState()
{
    NoticeBar& notices = m_window->notices();
    switch (m_settings.start()) {
    case Settings::Start::Ok:
        break;
    case Settings::Start::Damaged:
        notices.add({Notice::Kind::Warning,
                     tr("The settings could not be read; the defaults are used."),
                     m_settings.startReason(),
                     tr("The old file was kept as %1.damaged.").arg(m_settings.path())});
        break;
    case Settings::Start::Newer:
        notices.add({Notice::Kind::Warning,
                     tr("The settings were written by a later version of Bitloom."),
                     tr("What this version understands is used."),
                     tr("Changes of settings are not kept.")});
        break;
    case Settings::Start::Unreadable:
        notices.add(
            {Notice::Kind::Warning, tr("The settings could not be read; the defaults are used."),
             m_settings.startReason(),
             tr("Changes are not kept. Check the permissions of %1.").arg(m_settings.path())});
        break;
    }
    connect(&m_settings, &Settings::saveFailed, this, [this](const QString& message) {
        m_window->notices().add({Notice::Kind::Warning, tr("The settings could not be saved."),
                                 message, tr("They stay in force until you close the window.")});
    });
}

void Workbench::connectExample()
{
    connect(&m_example, &ExampleRunner::progressed, this,
            [this](int done, int total, const QString& text) {
                m_window->actions().setUnavailable(QStringLiteral("file.example"),
                                                   tr("it is being made."));
                const QString where = tr("Making the example: %1").arg(text);
                m_welcome->setBusy(where, done, total);
                m_window->statusLine().showMessage(where);
            });
    const auto end = [this] {
        m_window->actions().setUnavailable(QStringLiteral("file.example"), {});
        m_welcome->setBusy({});
        m_window->statusLine().clearMessage();
    };
    connect(m_files, &FileActions::exampleRequested, &m_example, &ExampleRunner::start);
    connect(m_welcome, &WelcomePage::stopRequested, &m_example, &ExampleRunner::stop);
    connect(&m_example, &ExampleRunner::stopped, this, end);
    m_tour = new ExampleTour({m_document, m_jobs, m_sweep, m_budget, *m_window}, *m_panels,
                             m_window.get());
    connect(&m_example, &ExampleRunner::ready, this,
            [this, end](const QString& folder, bool isNew) {
                end();
                if (isNew) { // nothing was measured in it yet
                    connect(
                        &m_session, &ProjectSession::projectOpened, m_tour,
                        [this, folder](const QString& opened) {
                            if (opened == folder) {
                                m_tour->start();
                            }
                        },
                        Qt::SingleShotConnection);
                }
                m_opener.open(folder);
            });
    connect(&m_example, &ExampleRunner::failed, this, [this, end](const QString& message) {
        end();
        m_window->notices().add({Notice::Kind::Error, tr("The example was not made."), message});
    });
}

void Workbench::connectOpening()
{
    m_opener.setReplaceQuestion([this](const std::function<void()>& go) { m_guard->replace(go); });
    connect(m_welcome, &WelcomePage::openRequested, &m_opener, &ModelOpener::open);
    connect(m_window.get(), &MainWindow::filesDropped, this, [this](const QStringList& paths) {
        if (PictureExchange::isPicture(paths.front())) {
            m_pictures->restore(paths.front());
        } else {
            m_opener.open(paths.front());
        }
        if (paths.size() > 1) {
            m_window->notices().add({Notice::Kind::Info,
                                     tr("Only the first of the dropped files is opened."),
                                     tr("A window shows one model.")});
        }
    });
    connect(&m_opener, &ModelOpener::started, this, [this](const QString& spec) {
        m_welcome->setBusy(tr("Opening %1...").arg(QFileInfo(spec).fileName()));
    });
    connect(&m_opener, &ModelOpener::architectureNeeded, m_dialogs,
            &DialogActions::askForArchitecture);
    connect(&m_opener, &ModelOpener::weightsFound, this, [this](const FileReport& report) {
        m_dialogs->convertFile(QString::fromStdString(report.file));
    });
    connect(m_files, &FileActions::convertRequested, this, [this] { m_dialogs->convertFile({}); });
    connect(&m_opener, &ModelOpener::resultFileFound, this, [this](const FileReport& report) {
        m_window->notices().add({Notice::Kind::Warning,
                                 tr("%1 is %2, not a model.")
                                     .arg(QFileInfo(QString::fromStdString(report.file)).fileName(),
                                          phraseText(report.description)),
                                 {},
                                 tr("Open its model or its project first.")});
    });
    connect(&m_opener, &ModelOpener::ended, this, [this] { m_welcome->setBusy({}); });
    connect(&m_opener, &ModelOpener::opened, &m_recent, &RecentFiles::add);
    connect(&m_opener, &ModelOpener::planHasGaps, this, [this](const QStringList& sentences) {
        m_window->notices().add(
            {Notice::Kind::Info,
             tr("The bits are those of the file, which does not say all of them."),
             sentences.join(QStringLiteral("; ")), tr("Set what is missing in the layer table.")});
    });
    connect(&m_opener, &ModelOpener::failed, this,
            [this](const QString& spec, const QString& code, const QString& message) {
                m_window->notices().add(noticeOfError(
                    tr("%1 was not opened.").arg(QFileInfo(spec).fileName()), code, message));
            });
}

} // namespace bitloom::workbench
