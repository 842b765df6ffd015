// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/layer_panel.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/jobs/job_center.h"
#include "widgets/plots/channel_ranges_plot.h"
#include "widgets/plots/error_plot.h"
#include "widgets/plots/histogram_plot.h"
#include "widgets/util/definitions.h"
#include "widgets/util/formatting.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
const std::vector<int> kComparedBits = {2, 3, 4, 5, 6, 8};

template <typename Histogram>
std::shared_ptr<const GridHistogram> part(const std::shared_ptr<const LayerDetail>& whole,
                                          const Histogram& histogram)
{
    return {whole, &histogram}; // lives as long as the whole
}

QWidget* columnOf(std::initializer_list<QWidget*> widgets)
{
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 8, 0, 0);
    for (QWidget* widget : widgets) {
        layout->addWidget(widget, qobject_cast<ui::Plot*>(widget) != nullptr ? 1 : 0);
    }
    return page;
}

QWidget* pairOf(QWidget* left, QWidget* right)
{
    auto* page = new QWidget;
    auto* layout = new QHBoxLayout(page);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->addWidget(left, 1);
    layout->addWidget(right, 1);
    return page;
}
} // namespace

LayerPanel::LayerPanel(PlanDocument& document, Selection& selection, JobCenter& jobs,
                       std::function<std::optional<engine::DataRef>()> images, QWidget* parent)
    : Panel(QStringLiteral("layer"), tr("Layer"), parent), m_document(document),
      m_selection(selection), m_jobs(jobs), m_data(std::move(images)), m_tabs(new QTabWidget),
      m_caption(new QLabel), m_otherBits(new QComboBox),
      m_logCounts(new QCheckBox(tr("Log counts"))),
      m_weights(new ui::HistogramPlot(ui::HistogramSubject::Weights)),
      m_other(new ui::HistogramPlot(ui::HistogramSubject::Weights)),
      m_channels(new ui::ChannelRangesPlot),
      m_inputChannels(new ui::ChannelRangesPlot(ui::ChannelSubject::Activations)),
      m_activations(new ui::HistogramPlot(ui::HistogramSubject::Activations)),
      m_activationNote(new QLabel), m_errors(new ui::ErrorPlot)
{
    setWhatsThis(tr("The selected layer closely: its weights with the grid that the plan lays over "
                    "them, the range of each channel, what flows into it, and what each way of "
                    "choosing the grid would lose. Weights are read from the model and exact; "
                    "activations are seen on the calibration images."));
    for (const int bits : kComparedBits) {
        m_otherBits->addItem(tr("Beside %n bit(s)", nullptr, bits), bits);
    }
    m_otherBits->insertItem(0, tr("Compare with…"), 0);
    m_otherBits->setCurrentIndex(0);
    m_otherBits->setAccessibleName(tr("Width to compare with"));
    m_otherBits->setAccessibleDescription(
        tr("Shows the same weights with the grid of another bit width beside"));
    m_logCounts->setAccessibleDescription(tr("Counts on a logarithmic axis"));
    addTitleWidget(m_otherBits);
    addTitleWidget(m_logCounts);

    m_caption->setWordWrap(true);
    m_caption->setContentsMargins(12, 0, 12, 4);
    m_activationNote->setContentsMargins(12, 0, 12, 4);
    m_caption->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_activationNote->setWordWrap(true);
    m_weights->setAccessibleName(tr("Weight histogram"));
    m_other->setAccessibleName(tr("Weight histogram at the other width"));
    m_channels->setAccessibleName(tr("Ranges per channel"));
    m_activations->setAccessibleName(tr("Activation histogram"));
    m_errors->setWhatsThis(ui::whatsThis(ui::Metric::Sqnr));
    m_errors->setAccessibleName(tr("Quantization error by observer and width"));
    m_errors->setAccessibleDescription(
        tr("Enter or a click gives the layer's weight that observer and width"));

    m_tabs->setDocumentMode(true);
    m_tabs->addTab(pairOf(m_weights, m_other), tr("Weights"));
    m_tabs->addTab(pairOf(m_channels, m_inputChannels), tr("Channels"));
    m_tabs->addTab(columnOf({m_activations, m_activationNote}), tr("Activations"));
    m_tabs->addTab(columnOf({m_errors}), tr("Error"));
    m_tabs->setAccessibleName(tr("Views of the layer"));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_caption);
    layout->addWidget(m_tabs, 1);
    setContent(content);

    connect(m_otherBits, &QComboBox::currentIndexChanged, this, &LayerPanel::showComparison);
    connect(m_logCounts, &QCheckBox::toggled, this, [this](bool on) {
        for (ui::HistogramPlot* plot : {m_weights, m_other, m_activations}) {
            plot->setCountLog(on);
        }
    });
    connect(m_errors, &ui::ErrorPlot::errorActivated, this, [this](Observer observer, int bits) {
        PlanEdit edit;
        edit.weightObserver = observer;
        edit.weightBits = bits;
        m_document.edit({wantedLayer()}, edit,
                        tr("set %n bit(s) in %1", nullptr, bits).arg(wantedLayer()));
    });
    connect(&m_selection, &Selection::changed, this, &LayerPanel::markDirty);
    connect(&m_document, &PlanDocument::modelChanged, this, [this] {
        m_detail = nullptr;
        m_asked.clear();
        markDirty();
    });
    connect(&m_document, &PlanDocument::planEdited, this, &LayerPanel::markDirty);
    connect(&m_document, &PlanDocument::planShown, this, &LayerPanel::markDirty);
    markDirty();
}

QList<ui::Picture> LayerPanel::pictures() const
{
    return {m_weights->picture(QStringLiteral("weights")),
            m_channels->picture(QStringLiteral("channels")),
            m_inputChannels->picture(QStringLiteral("input-channels")),
            m_activations->picture(QStringLiteral("activations")),
            m_errors->picture(QStringLiteral("error"))};
}

QString LayerPanel::wantedLayer() const
{
    QString selected = m_selection.currentLayer();
    if (!selected.isEmpty() || !m_document.isOpen() || m_document.model()->layers.empty()) {
        return selected;
    }
    return QString::fromStdString(m_document.model()->layers.front().name);
}

void LayerPanel::refresh()
{
    if (!m_document.isOpen()) {
        showEmpty(tr("Open a model to see how a layer's values are distributed and quantized."));
        return;
    }
    request();
    if (m_detail) {
        showContent();
    } else {
        showEmpty(tr("The layer is being read."));
    }
}

void LayerPanel::request()
{
    const QString layer = wantedLayer();
    const std::optional<engine::DataRef> images = m_data();
    const QString question = layer + u'\n' + QString::fromStdString(planDigest(m_document.plan())) +
                             u'\n' + QString::fromStdString(images ? images->spec : std::string());
    if (question == m_asked) {
        return;
    }
    m_asked = question;
    engine::LayerDetailJob job;
    job.model = m_document.modelReference();
    job.layer = layer.toStdString();
    job.plan = m_document.plan();
    job.bits = kComparedBits;
    job.data = images;
    m_imagesProblem.clear();
    ask(job, question);
}

void LayerPanel::ask(const engine::LayerDetailJob& job, const QString& question)
{
    JobOrder order;
    order.spec = job;
    order.slot = QStringLiteral("layer detail");
    order.onFinished = [this, question](const JobResult& result) {
        const auto* detail = std::get_if<std::shared_ptr<const LayerDetail>>(&result);
        if (detail != nullptr && question == m_asked) {
            show(*detail);
        }
        return QString();
    };
    order.onFailed = [this, job, question](const QString&, const QString& message) {
        if (question != m_asked) {
            return;
        }
        if (job.data) { // what is known of the weights needs no images
            m_imagesProblem = message;
            engine::LayerDetailJob alone = job;
            alone.data.reset();
            ask(alone, question);
            return;
        }
        m_detail = nullptr;
        showEmpty(message);
    };
    m_jobs.start(std::move(order), this);
}

void LayerPanel::show(std::shared_ptr<const LayerDetail> detail)
{
    m_detail = std::move(detail);
    const auto& layers = m_document.model()->layers;
    const auto info = std::find_if(layers.begin(), layers.end(), [&](const LayerInfo& layer) {
        return layer.name == m_detail->layer;
    });
    m_caption->setText(
        info == layers.end()
            ? QString()
            : tr("<b>%1</b> &nbsp; weight %2, %3 parameters, %4 MACs, weight bits: %5")
                  .arg(QString::fromStdString(m_detail->layer).toHtmlEscaped(),
                       ui::formatShape(info->weightShape), ui::formatCount(info->parameters),
                       ui::formatCount(info->macs),
                       ui::formatBits(m_document.plan().findLayer(info->name)->weight.bits)));
    m_channels->setChannels({m_detail, &m_detail->channels});
    m_inputChannels->setChannels(m_detail->activationChannels.empty()
                                     ? nullptr
                                     : std::shared_ptr<const std::vector<ChannelRange>>(
                                           m_detail, &m_detail->activationChannels.front()));
    m_errors->setErrors({m_detail, &m_detail->errors});
    const QuantSpec& spec = m_document.plan().findLayer(m_detail->layer)->weight;
    m_errors->setPlan(spec.observer, spec.bits);
    if (m_detail->activations.empty()) {
        m_activations->setHistogram(nullptr);
        m_activationNote->setText(
            m_imagesProblem.isEmpty()
                ? tr("Choose data in the Evaluate panel: its first training images show here how "
                     "the layer's input is distributed.")
                : m_imagesProblem);
    } else {
        m_activations->setHistogram(part(m_detail, m_detail->activations.front()));
        m_activationNote->setText(
            tr("%1 over %n calibration image(s)", nullptr,
               static_cast<int>(m_detail->calibrationImages))
                .arg(QString::fromStdString(m_detail->activations.front().tensor)));
    }
    showComparison();
    showContent();
}

void LayerPanel::showComparison()
{
    if (!m_detail || m_detail->weightHistograms.empty()) {
        m_weights->setHistogram(nullptr);
        m_other->setVisible(false);
        return;
    }
    m_weights->setHistogram(part(m_detail, m_detail->weightHistograms.front()));
    const int wanted = m_otherBits->currentData().toInt();
    const auto other = std::find_if(
        m_detail->weightHistograms.begin() + 1, m_detail->weightHistograms.end(),
        [wanted](const WeightHistogram& histogram) { return histogram.bits == wanted; });
    const bool compares = wanted != 0 && other != m_detail->weightHistograms.end();
    m_other->setVisible(compares);
    m_weights->setXRange(std::nullopt);
    if (compares) {
        m_other->setHistogram(part(m_detail, *other));
        // One range for both, so that the eye compares grids and not scales.
        const ui::AxisRange a = m_weights->fullXRange();
        const ui::AxisRange b = m_other->fullXRange();
        const ui::AxisRange both{std::min(a.low, b.low), std::max(a.high, b.high)};
        m_weights->setXRange(both);
        m_other->setXRange(both);
    }
}

} // namespace bitloom::workbench
