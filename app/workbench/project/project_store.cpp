// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/project/project_store.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/engine/project_copy.h"
#include "core/engine/project_report.h"

#include <QDir>

#include <set>
#include <utility>

namespace bitloom::workbench {

using engine::Project;

namespace {
/// A part that cannot be read is named, and the rest of the project is still usable.
template <typename Read>
void readPart(ProjectContents& contents, const Read& read)
{
    try {
        read();
    } catch (const Error& error) {
        contents.warnings << QString::fromUtf8(error.what());
    }
}

KeptProof readProof(const Project& project)
{
    KeptProof proof;
    auto sheet = project.sheet();
    if (!sheet) {
        return proof;
    }
    std::filesystem::path file = project.exportPath(sheet->fileName); // as earlier versions did
    if (auto packed = project.packed()) {
        file = packed->file;
        proof.plan = std::move(packed->plan);
    }
    proof.file = QString::fromStdString(file.string());
    proof.fileIsThere = std::filesystem::exists(file);
    proof.sheet = std::make_shared<const PackSheet>(std::move(*sheet));
    return proof;
}

ProjectContents readContents(const Project& project)
{
    ProjectContents contents;
    contents.folder = QString::fromStdString(project.folder().string());
    contents.readOnlyReason = QString::fromStdString(project.readOnlyReason());
    readPart(contents, [&] { contents.source = project.source(); });
    readPart(contents, [&] { contents.model = project.model(); });
    for (const std::string& name : project.planNames()) {
        readPart(contents, [&] { contents.plans.push_back(project.plan(name).value()); });
    }
    readPart(contents, [&] {
        if (auto table = project.sensitivity()) {
            contents.sensitivity = std::make_shared<const SensitivityTable>(std::move(*table));
        }
    });
    readPart(contents, [&] { contents.points = project.points(); });
    readPart(contents, [&] { contents.proof = readProof(project); });
    readPart(contents, [&] { contents.session = project.session().value_or(std::string()); });
    readPart(contents, [&] { contents.journal = project.journal().value_or(std::string()); });
    return contents;
}
/// A project that another process holds is still good to look at; heldBy says who holds it.
Project openAsFarAsPossible(const std::filesystem::path& path, QString& heldBy)
{
    try {
        return Project::open(path, engine::Access::ReadWrite);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::InvalidArgument) {
            throw;
        }
        heldBy = QString::fromUtf8(error.what());
        return Project::open(path, engine::Access::ReadOnly);
    }
}
} // namespace

ProjectStore::ProjectStore(QObject* parent)
    : QObject(parent), m_project(std::make_shared<std::optional<Project>>()),
      m_worker(std::make_unique<SerialWorker>())
{
}

ProjectStore::~ProjectStore() = default;

void ProjectStore::open(const QString& folder)
{
    load(folder, false);
}

void ProjectStore::create(const QString& folder)
{
    load(folder, true);
}

void ProjectStore::load(const QString& folder, bool create)
{
    m_worker->run([this, project = m_project, folder, create] {
        try {
            const std::filesystem::path path = folder.toStdString();
            // A folder that is open already is let go first: its lock is our own.
            if (*project && (*project)->folder() == path) {
                project->reset();
            }
            QString heldBy;
            Project loaded =
                create ? Project::openOrCreate(path) : openAsFarAsPossible(path, heldBy);
            auto read = std::make_shared<ProjectContents>(readContents(loaded));
            if (!heldBy.isEmpty()) {
                read->readOnlyReason = std::move(heldBy);
            }
            const std::shared_ptr<const ProjectContents> contents = std::move(read);
            *project = std::move(loaded);
            QMetaObject::invokeMethod(
                this,
                [this, contents] {
                    m_folder = contents->folder;
                    m_readOnlyReason = contents->readOnlyReason;
                    Q_EMIT opened(contents);
                },
                Qt::QueuedConnection);
        } catch (const Error& error) {
            report(tr("open the project"), error);
        }
    });
}

void ProjectStore::close()
{
    m_worker->run([project = m_project] { project->reset(); });
    m_folder.clear();
    m_readOnlyReason.clear();
    Q_EMIT closed();
}

QString ProjectStore::planFile(const QString& planName) const
{
    return QString::fromStdString(
        Project::planPathIn(m_folder.toStdString(), planName.toStdString()).string());
}

QString ProjectStore::sensitivityFile() const
{
    return m_folder + QStringLiteral("/sensitivity.json");
}

QString ProjectStore::runFile(const QString& name) const
{
    return QString::fromStdString(
        Project::runFilePathIn(m_folder.toStdString(), name.toStdString()).string());
}

QString ProjectStore::exportFile(const QString& fileName) const
{
    return QString::fromStdString(
        Project::exportPathIn(m_folder.toStdString(), fileName.toStdString()).string());
}

void ProjectStore::write(const QString& what, std::function<void(Project&)> work,
                         std::function<void()> then)
{
    if (!isOpen()) {
        return;
    }
    m_worker->run(
        [this, project = m_project, what, work = std::move(work), then = std::move(then)] {
            try {
                if (*project) {
                    work(**project);
                }
                if (then) {
                    QMetaObject::invokeMethod(this, then, Qt::QueuedConnection);
                }
            } catch (const Error& error) {
                report(what, error);
            }
        });
}

void ProjectStore::report(const QString& what, const Error& error)
{
    const QString code = QString::fromStdString(std::string(toString(error.code())));
    const QString message = QString::fromUtf8(error.what());
    QMetaObject::invokeMethod(
        this, [this, what, code, message] { Q_EMIT failed(what, code, message); },
        Qt::QueuedConnection);
}

void ProjectStore::saveModel(const ModelInfo& model, const engine::ModelRef& reference,
                             const std::optional<engine::DataRef>& data,
                             std::int64_t calibrationImages)
{
    write(tr("save the model's description"), [=](Project& project) {
        project.saveModel(model);
        project.saveSource(reference, data, calibrationImages);
    });
}

void ProjectStore::savePlans(std::vector<BitPlan> plans)
{
    QStringList names;
    for (const BitPlan& plan : plans) {
        names << QString::fromStdString(plan.name);
    }
    write(
        tr("save the plans"),
        [plans = std::move(plans)](Project& project) {
            std::set<std::string> kept;
            for (const BitPlan& plan : plans) {
                project.savePlan(plan);
                kept.insert(project.planPath(plan.name).stem().string());
            }
            for (const std::string& name : project.planNames()) {
                if (!kept.contains(name)) {
                    project.removePlan(name);
                }
            }
            project.clearJournal();
        },
        [this, names] { Q_EMIT saved(names); });
}

void ProjectStore::savePlan(const BitPlan& plan)
{
    write(tr("save the plan"), [plan](Project& project) { project.savePlan(plan); });
}

QString ProjectStore::saveSnapshot(const BitPlan& plan)
{
    write(tr("keep the plan of the run"), [plan](Project& project) { project.saveSnapshot(plan); });
    return QString::fromStdString(Project::snapshotPathIn(m_folder.toStdString(), plan).string());
}

void ProjectStore::savePoint(const FrontierPoint& point)
{
    write(tr("save the measurement"), [point](Project& project) { project.savePoint(point); });
}

void ProjectStore::saveSheet(const PackSheet& sheet)
{
    write(tr("save the proof sheet"), [sheet](Project& project) { project.saveSheet(sheet); });
}

void ProjectStore::savePacked(const QString& file, const BitPlan& plan)
{
    write(tr("save the proof sheet"), [file, plan](Project& project) {
        project.savePacked({file.toStdString(), plan});
    });
}

void ProjectStore::saveEvaluation(const std::optional<BitPlan>& plan,
                                  engine::KeptEvaluation evaluation)
{
    write(tr("save the answers to the images"),
          [plan, evaluation = std::move(evaluation)](Project& project) mutable {
              evaluation.planDigest = plan ? planDigest(*plan) : std::string();
              project.saveEvaluation(evaluation);
          });
}

void ProjectStore::saveHistograms(std::vector<WeightHistogram> histograms)
{
    write(tr("save the histograms"), [histograms = std::move(histograms)](Project& project) {
        project.saveHistograms(histograms);
    });
}

void ProjectStore::saveTraining(std::vector<EpochResult> epochs)
{
    write(tr("save the course of training"),
          [epochs = std::move(epochs)](Project& project) { project.saveTraining(epochs); });
}

void ProjectStore::recordRun(std::function<engine::RunRecord()> describe)
{
    write(tr("record the run"),
          [describe = std::move(describe)](Project& project) { project.recordRun(describe()); });
}

void ProjectStore::copyFrom(const QString& fromFolder, const engine::ModelRef& model,
                            const std::optional<engine::DataRef>& data)
{
    if (!isOpen()) {
        return;
    }
    m_worker->run([this, project = m_project, fromFolder, model, data] {
        engine::ModelRef movedModel = model;
        std::optional<engine::DataRef> movedData = data;
        KeptProof proof;
        bool isWhole = false;
        try {
            const Project from = Project::open(fromFolder.toStdString(), engine::Access::ReadOnly);
            engine::copyResults(from, project->value());
            movedModel = engine::movedReference(model, from, project->value());
            if (data) {
                movedData = engine::movedReference(*data, from, project->value());
            }
            proof = readProof(project->value());
            isWhole = true;
        } catch (const Error& error) {
            report(tr("copy the project"), error);
        }
        QMetaObject::invokeMethod(
            this,
            [this, isWhole, movedModel, movedData, proof] {
                Q_EMIT copied(isWhole, movedModel, movedData, proof);
            },
            Qt::QueuedConnection);
    });
}

void ProjectStore::removeFolder(const QString& folder)
{
    m_worker->run([this, folder] {
        if (!QDir(folder).removeRecursively()) {
            report(tr("remove the folder of the project without a name"),
                   Error(ErrorCode::IoFailure, folder.toStdString() +
                                                   " could not be removed completely: nothing in "
                                                   "it is needed any more"));
        }
    });
}

void ProjectStore::readEvaluations()
{
    write(tr("read the answers to the images"), [this](Project& project) {
        const auto evaluations = project.evaluations();
        QMetaObject::invokeMethod(
            this, [this, evaluations] { Q_EMIT evaluationsRead(evaluations); },
            Qt::QueuedConnection);
    });
}

void ProjectStore::saveSensitivity(std::shared_ptr<const SensitivityTable> table)
{
    write(tr("save the sensitivity table"),
          [table = std::move(table)](Project& project) { project.saveSensitivity(*table); });
}

void ProjectStore::saveJournal(DocumentState state)
{
    // Writing a large plan down takes longer than a frame: not in the GUI thread.
    write(tr("save the journal of unsaved edits"),
          [state = std::move(state)](Project& project) { project.saveJournal(toJson(state)); });
}

void ProjectStore::forgetJournal()
{
    write(tr("remove the journal of unsaved edits"),
          [](Project& project) { project.clearJournal(); });
}

void ProjectStore::saveSession(std::string session)
{
    write(tr("save how the window looks"),
          [session = std::move(session)](Project& project) { project.saveSession(session); });
}

void ProjectStore::writeReport(const BitPlan& plan, const QString& file)
{
    write(
        tr("write the report"),
        [plan, file](Project& project) {
            writeFileAtomically(file.toStdString(), engine::renderProjectReport(project, plan));
        },
        [this, file] { Q_EMIT reportWritten(file); });
}

} // namespace bitloom::workbench
