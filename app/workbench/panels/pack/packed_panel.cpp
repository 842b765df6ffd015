// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/packed_panel.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/jobs/phrase_text.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/jobs/job_progress.h"
#include "app/workbench/panels/pack/verification_view.h"
#include "core/types/model_spec.h"
#include "widgets/plots/byte_map.h"
#include "widgets/plots/codes_plot.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/util/definitions.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"
#include "widgets/views/table_picture.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
/// Everything of the tensors that layers own, by their names.
QHash<QString, QString> layersByTensor(const PlanDocument& document)
{
    QHash<QString, QString> layers;
    if (document.isOpen()) {
        for (const LayerInfo& layer : document.model()->layers) {
            const QString name = QString::fromStdString(layer.name);
            for (const std::string& tensor : {layer.weight, layer.bias}) {
                if (!tensor.empty()) {
                    layers.insert(QString::fromStdString(tensor), name);
                }
            }
        }
    }
    return layers;
}

QString shareText(const QString& what, const FileMap& map, RegionKind kind)
{
    const std::int64_t bytes = map.bytesOf(kind);
    return QStringLiteral("%1\u00a0%2")
        .arg( // not broken between them
            what, ui::formatPercent(100.0 * static_cast<double>(bytes) /
                                    static_cast<double>(std::max<std::int64_t>(map.fileBytes, 1))));
}
} // namespace

PackedPanel::PackedPanel(PlanDocument& document, Selection& selection, JobCenter& center,
                         CommandLineOf commandLine, QWidget* parent)
    : Panel(QStringLiteral("packed"), tr("Packed file"), parent), m_document(document),
      m_selection(selection), m_center(center), m_commandLine(std::move(commandLine)),
      m_head(new QLabel), m_float(new QLineEdit), m_verify(new QPushButton),
      m_bytes(new ui::ByteMap), m_tabs(new QTabWidget), m_caption(new QLabel),
      m_logCounts(new QCheckBox(tr("Log counts"))), m_codes(new ui::CodesPlot),
      m_floats(new ui::HistogramPlot(ui::HistogramSubject::Weights)),
      m_progress(new JobProgress(center, tr("Progress of verifying"))), m_failure(new FailureLine),
      m_verification(new VerificationView), m_session(std::make_unique<QObject>())
{
    setWhatsThis(tr("A packed file closely: where each tensor lies in it, how often each code of "
                    "the selected layer occurs beside the float weights that it was made of, and "
                    "whether every code is what its model gives."));
    m_logCounts->setAccessibleDescription(tr("Counts on a logarithmic axis"));
    addTitleWidget(m_logCounts);
    m_bytes->setClickHint([this](int region) {
        const QString tensor =
            QString::fromStdString(m_map->regions[static_cast<std::size_t>(region)].tensor);
        const QString layer = layerOf(tensor);
        return layer.isEmpty() ? QString() : tr("Click to select the layer %1").arg(layer);
    });
    m_bytes->setAccessibleName(tr("Byte map of the packed file"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeCodes(), tr("Codes"));
    m_tabs->addTab(m_verification, tr("Verification"));
    m_tabs->setAccessibleName(tr("Codes or verification"));
    auto* parts = new QSplitter(Qt::Vertical);
    parts->setChildrenCollapsible(false);
    parts->addWidget(m_bytes);
    parts->addWidget(m_tabs);
    parts->setStretchFactor(0, 1);
    parts->setStretchFactor(1, 1);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    layout->addWidget(parts, 1);
    setContent(content);

    connect(m_logCounts, &QCheckBox::toggled, this, [this](bool on) {
        m_codes->setCountLog(on);
        m_floats->setCountLog(on);
    });
    connect(m_bytes, &ui::ByteMap::partActivated, this, &PackedPanel::activate);
    connect(m_float, &QLineEdit::editingFinished, this, &PackedPanel::markDirty);
    connect(m_verify, &QPushButton::clicked, this, &PackedPanel::verify);
    connect(m_progress, &JobProgress::stopRequested, this, [this] { m_center.cancel(m_job); });
    connect(&m_selection, &Selection::changed, this, &PackedPanel::followSelection);
    connect(&m_document, &PlanDocument::modelChanged, this, &PackedPanel::startOver);
    startOver();
}

PackedPanel::~PackedPanel() = default;

QWidget* PackedPanel::makeHead()
{
    m_head->setTextFormat(Qt::PlainText);
    m_head->setWordWrap(true);
    m_head->setAccessibleName(tr("What the file holds"));
    m_head->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_float->setPlaceholderText(tr("Float model: a file, or arch:NAME@WEIGHTS"));
    m_float->setAccessibleName(tr("Float model"));
    ui::setHelp(*m_float,
                tr("The model that the file was packed from: a file, or arch:NAME@WEIGHTS. "
                   "Codes are shown beside its weights, and verifying compares with it."));
    auto* browse = new QToolButton;
    browse->setIcon(ui::icon(QStringLiteral("folder")));
    browse->setAccessibleName(tr("Choose the float model"));
    ui::setHelp(*browse, tr("Choose the file of the model that was packed."));
    connect(browse, &QToolButton::clicked, this, &PackedPanel::chooseModel);
    m_verify->setText(tr("Verify"));
    m_verify->setIcon(ui::icon(QStringLiteral("evaluate")));
    m_progress->setStop(tr("Cancel"), tr("Cancel verifying"), tr("Stop reading the file."));
    auto* label = new QLabel(tr("Float model"));
    label->setBuddy(m_float);
    auto* model = new QHBoxLayout;
    model->setSpacing(8);
    model->addWidget(label);
    model->addWidget(m_float, 1);
    model->addWidget(browse);
    model->addWidget(m_verify);
    auto* head = new QWidget;
    auto* layout = new QVBoxLayout(head);
    layout->setContentsMargins(12, 4, 12, 8);
    layout->setSpacing(8);
    layout->addWidget(m_head);
    layout->addLayout(model);
    layout->addWidget(m_progress);
    layout->addWidget(m_failure);
    return head;
}

QWidget* PackedPanel::makeCodes()
{
    m_caption->setTextFormat(Qt::PlainText);
    m_caption->setWordWrap(true);
    m_caption->setContentsMargins(12, 4, 12, 0);
    m_caption->setAccessibleName(tr("The tensor that is shown"));
    m_caption->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_caption->setWhatsThis(ui::whatsThis(ui::Metric::Sqnr));
    m_codes->setAccessibleName(tr("Histogram of the codes"));
    m_floats->setAccessibleName(tr("Float weights with the grid of the codes"));
    auto* plots = new QHBoxLayout;
    plots->addWidget(m_codes, 1);
    plots->addWidget(m_floats, 1);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_caption);
    layout->addLayout(plots, 1);
    return page;
}

void PackedPanel::startOver()
{
    m_session = std::make_unique<QObject>();
    m_layers = layersByTensor(m_document);
    m_map = nullptr;
    m_problem.clear();
    m_tensor.clear();
    m_asked.clear();
    m_detail = nullptr;
    m_detailProblem.clear();
    m_job = 0;
    m_report = nullptr;
    m_failure->hide();
    Q_EMIT fileGone();
    if (m_document.isOpen()) {
        const std::string& spec = m_document.modelReference().spec;
        if (!namesArchitecture(spec)) {
            askForMap(QString::fromStdString(spec), true);
        }
    }
    markDirty();
}

void PackedPanel::showFile(const QString& path)
{
    askForMap(path, false);
}

void PackedPanel::askForMap(const QString& path, bool isModel)
{
    JobOrder order;
    order.spec = engine::FileMapJob{path.toStdString()};
    order.slot = QStringLiteral("file map");
    order.onFinished = [this, isModel](const JobResult& result) {
        m_map = std::get<std::shared_ptr<const FileMap>>(result);
        m_problem.clear();
        m_tensor.clear();
        m_asked.clear();
        m_detail = nullptr;
        m_report = nullptr;
        m_float->setText(isModel ? QString::fromStdString(m_map->source)
                                 : QString::fromStdString(m_document.modelReference().spec));
        followSelection();
        markDirty();
        Q_EMIT fileShown(isModel);
        return QString();
    };
    order.onFailed = [this](const QString& code, const QString& message) {
        m_map = nullptr;
        // A model of another kind is none of this panel's business.
        m_problem = code == QLatin1String("unknown_format") ? QString() : message;
        markDirty();
    };
    m_center.start(std::move(order), m_session.get());
}

void PackedPanel::setFloatModel(const QString& spec)
{
    m_float->setText(spec);
    markDirty();
}

QString PackedPanel::floatModel() const
{
    return m_float->text().trimmed();
}

void PackedPanel::chooseModel()
{
    auto* dialog = new QFileDialog(this, tr("Float model"), floatModel());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &PackedPanel::setFloatModel);
    dialog->open();
}

const FileRegion* PackedPanel::codesOf(const QString& tensor) const
{
    const std::string name = tensor.toStdString();
    const auto found =
        std::find_if(m_map->regions.begin(), m_map->regions.end(), [&](const FileRegion& region) {
            return region.kind == RegionKind::Codes && (name.empty() || region.tensor == name);
        });
    return found == m_map->regions.end() ? nullptr : &*found;
}

void PackedPanel::activate(int region)
{
    const QString tensor =
        QString::fromStdString(m_map->regions[static_cast<std::size_t>(region)].tensor);
    if (tensor.isEmpty()) {
        return;
    }
    m_tensor = tensor;
    if (const QString layer = layerOf(tensor); !layer.isEmpty()) {
        m_selection.setLayers({layer});
    }
    markDirty();
}

void PackedPanel::followSelection()
{
    if (!m_map) {
        return;
    }
    const QString layer = m_selection.currentLayer();
    if (!layer.isEmpty() && layerOf(m_tensor) != layer) {
        const auto& layers = m_document.model()->layers;
        const auto found = std::find_if(layers.begin(), layers.end(), [&](const LayerInfo& info) {
            return QString::fromStdString(info.name) == layer;
        });
        m_tensor = found == layers.end() ? QString() : QString::fromStdString(found->weight);
    }
    if (m_tensor.isEmpty()) { // the first one with codes
        const FileRegion* first = codesOf({});
        m_tensor = first == nullptr ? QString() : QString::fromStdString(first->tensor);
    }
    markDirty();
}

void PackedPanel::askForDetail()
{
    const QString question = m_tensor + u'\n' + floatModel();
    if (question == m_asked) {
        return;
    }
    m_asked = question;
    m_detailProblem.clear();
    if (m_tensor.isEmpty() || codesOf(m_tensor) == nullptr) {
        m_detail = nullptr;
        return;
    }
    countCodes(question, floatModel());
}

void PackedPanel::countCodes(const QString& question, const QString& against)
{
    engine::PackedDetailJob job;
    job.file = m_map->file;
    job.tensor = m_tensor.toStdString();
    if (!against.isEmpty()) {
        job.against = engine::ModelRef{against.toStdString(), {}};
    }
    JobOrder order;
    order.spec = std::move(job);
    order.slot = QStringLiteral("packed detail");
    order.onFinished = [this, question](const JobResult& result) {
        const auto* detail = std::get_if<std::shared_ptr<const PackedDetail>>(&result);
        if (detail != nullptr && question == m_asked) {
            m_detail = *detail;
            markDirty();
        }
        return QString();
    };
    order.onFailed = [this, question, against](const QString&, const QString& message) {
        if (question != m_asked) {
            return;
        }
        m_detail = nullptr;
        m_detailProblem = message;
        if (!against.isEmpty()) {
            countCodes(question, {}); // the codes do not need the floats
        }
        markDirty();
    };
    m_center.start(std::move(order), m_session.get());
}

void PackedPanel::verify()
{
    if (!m_map || m_job != 0) {
        return;
    }
    m_failure->hide();
    engine::VerifyJob job;
    job.file = m_map->file;
    const QString against = floatModel();
    if (!against.isEmpty()) {
        job.against = engine::ModelRef{against.toStdString(), {}};
    }
    const QString name = QFileInfo(QString::fromStdString(m_map->file)).fileName();
    JobOrder order;
    order.spec = job;
    order.title = tr("Verify %1").arg(name);
    order.resultPanel = id();
    order.commandLine = m_commandLine(order.spec);
    order.onFinished = [this, against](const JobResult& result) {
        m_job = 0;
        markDirty();
        const auto* report = std::get_if<std::shared_ptr<const VerifyReport>>(&result);
        if (report == nullptr) {
            return QString();
        }
        m_report = *report;
        m_reportModel = against;
        m_tabs->setCurrentWidget(m_verification);
        return m_report->sheet.verified ? tr("Verified")
                                        : tr("The file differs in %1 place(s)", nullptr,
                                             static_cast<int>(m_report->differenceCount))
                                              .arg(ui::formatExact(m_report->differenceCount));
    };
    order.onFailed = [this, name](const QString& code, const QString& message) {
        m_job = 0;
        m_failure->show(tr("%1 was not verified").arg(name), code, message);
        markDirty();
    };
    order.onCancelled = [this](const JobResult&) {
        m_job = 0;
        markDirty();
    };
    m_job = m_center.start(std::move(order), m_session.get());
    markDirty();
}

void PackedPanel::refresh()
{
    if (!m_map) {
        showEmpty(m_problem.isEmpty()
                      ? tr("Open a packed file, or export the plan, to see where each tensor lies "
                           "in it and what its codes are.")
                      : m_problem);
        return;
    }
    askForDetail();
    showHead();
    m_bytes->setMap(m_map);
    QSet<QString> selected{m_tensor};
    for (auto tensor = m_layers.cbegin(); tensor != m_layers.cend(); ++tensor) {
        if (m_selection.layers().contains(tensor.value())) {
            selected.insert(tensor.key());
        }
    }
    m_bytes->setSelectedTensors(selected);
    showCodes();
    m_progress->setJob(m_job);
    m_verify->setEnabled(m_job == 0);
    ui::setHelp(*m_verify, m_job != 0 ? tr("The file is being verified.")
                           : floatModel().isEmpty()
                               ? tr("Read the whole file and check its checksums; name the float "
                                    "model to compare every code with it.")
                               : tr("Read the whole file and compare every code with the float "
                                    "model."));
    m_verification->setReport(m_report, m_reportModel);
    showContent();
}

void PackedPanel::showHead()
{
    const QString file = QString::fromStdString(m_map->file);
    m_head->setText(tr("%1: %2, %3; %4")
                        .arg(QFileInfo(file).fileName(), phraseText(m_map->format),
                             ui::formatBytes(m_map->fileBytes),
                             QStringList{shareText(tr("codes"), *m_map, RegionKind::Codes),
                                         shareText(tr("scales"), *m_map, RegionKind::Scales),
                                         shareText(tr("metadata"), *m_map, RegionKind::Metadata)}
                                 .join(QStringLiteral(", "))));
    m_head->setToolTip(file + u'\n' + ui::formatExactBytes(m_map->fileBytes));
}

void PackedPanel::showCodes()
{
    m_codes->setDetail(m_detail);
    const bool compares = m_detail && m_detail->against;
    m_floats->setVisible(compares);
    m_floats->setHistogram(
        compares ? std::shared_ptr<const GridHistogram>(m_detail, &m_detail->against->weights)
                 : nullptr);
    if (m_tensor.isEmpty()) {
        m_caption->setText(tr("The file has no packed codes."));
        return;
    }
    const FileRegion* region = codesOf(m_tensor);
    if (region == nullptr) {
        m_caption->setText(tr("%1 has no codes: it is stored as it is.").arg(m_tensor));
        return;
    }
    QStringList texts;
    if (m_detail) {
        texts << tr("%1: %2 codes of %n bit(s)", nullptr, m_detail->bits)
                     .arg(m_tensor, ui::formatShape(m_detail->shape));
    } else {
        texts << m_tensor;
    }
    if (compares) {
        const FloatComparison& against = *m_detail->against;
        texts << tr("SQNR %1 dB, largest error %2")
                     .arg(ui::formatSignificant(against.sqnrDb),
                          ui::formatSignificant(against.maxAbsError));
    }
    if (!m_detailProblem.isEmpty()) {
        texts << m_detailProblem;
    }
    m_caption->setText(texts.join(QStringLiteral("; ")));
}

QList<ui::Picture> PackedPanel::pictures() const
{
    if (!m_map) {
        return {};
    }
    QList<ui::Picture> pictures{m_bytes->picture(QStringLiteral("bytes")),
                                m_codes->picture(QStringLiteral("codes")),
                                m_floats->picture(QStringLiteral("float-weights"))};
    if (m_report && m_report->differenceCount > 0) {
        pictures << ui::tablePicture(QStringLiteral("differences"), m_verification->table());
    }
    return pictures;
}

} // namespace bitloom::workbench
