// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_close_ups.h"

#include "app/workbench/document/run_view.h"
#include "app/workbench/panels/common/plot_grid.h"
#include "core/base/error.h"
#include "widgets/plots/plot.h"
#include "widgets/plots/run_scenes.h"
#include "widgets/util/formatting.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

RunChannels::RunChannels(const RunParts& parts, QWidget* parent)
    : RunPage(parts, parent), m_caption(new QLabel), m_sorted(new ui::Plot),
      m_histogram(new ui::Plot)
{
    m_caption->setContentsMargins(12, 8, 12, 0);
    m_caption->setWordWrap(true);
    m_caption->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sorted->setAccessibleName(tr("Channels by probability of being kept"));
    m_histogram->setAccessibleName(tr("How many channels are how probable"));
    m_sorted->setTooltipProvider([this](int id) {
        if (id < 0 || id >= static_cast<int>(m_reading.order.size())) {
            return QString();
        }
        const int channel = m_reading.order[static_cast<std::size_t>(id)];
        return tr("Channel %1\nP(kept) = %2")
                   .arg(channel)
                   .arg(ui::formatSignificant(
                       m_reading.probabilities[static_cast<std::size_t>(channel)])) +
               outcomeOf(channel);
    });
    m_histogram->setTooltipProvider([this](int id) {
        const ui::PlotScene& scene = m_histogram->scene();
        if (scene.bars.empty() || id < 0 ||
            id >= static_cast<int>(scene.bars.front().heights.size())) {
            return QString();
        }
        const auto bin = static_cast<std::size_t>(id);
        const ui::BarSeries& bars = scene.bars.front();
        return tr("%n channel(s) with P(kept) from %1 to %2", nullptr,
                  static_cast<int>(bars.heights[bin]))
            .arg(ui::formatSignificant(bars.edges[bin]),
                 ui::formatSignificant(bars.edges[bin + 1]));
    });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_caption);
    layout->addWidget(new PlotGrid({m_sorted, m_histogram}), 1);
}

void RunChannels::takeOutcome(const std::string& layer)
{
    const std::string& text = view().run().result;
    if (text != m_resultText) {
        m_resultText = text;
        try {
            m_layers =
                text.empty() ? std::vector<SearchedLayer>() : searchResultFromJson(text).layers;
        } catch (const Error&) {
            m_layers.clear(); // whoever takes the result over says what is wrong with it
        }
    }
    const auto found = std::ranges::find(m_layers, layer, &SearchedLayer::name);
    if (found != m_layers.end() && !view().time()) { // the outcome is that of the last step
        m_pruned = found->prunedChannels;
    }
}

QString RunChannels::outcomeOf(int channel) const
{
    const auto found = std::ranges::find(m_pruned, std::int64_t{channel}, &PrunedChannel::channel);
    if (found == m_pruned.end()) {
        return {};
    }
    const QString output = ui::formatSignificant(found->output);
    return u'\n' + (found->isFolded
                        ? tr("Pruned: gives %1, which is in the next layer's bias").arg(output)
                        : tr("Pruned: gives %1, which is still read").arg(output));
}

void RunChannels::refresh()
{
    const int row = m_sites.selected(parts());
    m_reading = {};
    m_pruned.clear();
    m_caption->setText(tr("The channels of the selected layer appear here with the first "
                          "evaluation."));
    if (row >= 0) {
        const ui::GateRow& chosen = m_sites.rows(parts())[static_cast<std::size_t>(row)];
        const auto reading =
            chosen.weight ? ui::channelReading(view().history(), chosen.weight->name, view().time())
                          : std::nullopt;
        if (reading) {
            m_reading = *reading;
            takeOutcome(chosen.name.toStdString());
            m_caption->setText(
                tr("%1: %2 of %n channel(s) kept at step %3", nullptr, m_reading.total())
                    .arg(chosen.name)
                    .arg(m_reading.kept())
                    .arg(ui::formatExact(m_reading.step)));
        } else if (view().history().find("evaluation") != nullptr &&
                   view().history().find("evaluation")->rows() > 0) {
            m_caption->setText(
                tr("%1: its channels cannot be pruned in this run.").arg(chosen.name));
        }
    }
    m_sorted->setVisible(m_reading.total() > 0);
    m_histogram->setVisible(m_reading.total() > 0);
    m_sorted->setScene(ui::channelScene(m_reading));
    m_histogram->setScene(ui::channelHistogramScene(m_reading));
}

QList<ui::Picture> RunChannels::pictures()
{
    flush();
    if (m_reading.total() == 0) {
        return {};
    }
    return {pictureOf(*m_sorted, QStringLiteral("channels"), "channel_probabilities"),
            m_histogram->picture(QStringLiteral("channel-histogram"))};
}

RunRanges::RunRanges(const RunParts& parts, QWidget* parent)
    : RunPage(parts, parent), m_weights(new ui::Plot), m_activations(new ui::Plot)
{
    m_weights->setAccessibleName(tr("Range of the layer's weight by step"));
    m_activations->setAccessibleName(tr("Range of the layer's activation by step"));
    for (ui::Plot* plot : {m_weights, m_activations}) {
        letChooseTime(*plot);
        plot->setTooltipProvider([this, plot](int id) {
            const auto& site = plot == m_weights ? m_weightSite : m_activationSite;
            return view().isEmpty() || !site ? QString()
                                             : ui::rangeText(view().history(), site->name,
                                                             ui::stepOfStop(plot->scene(), id));
        });
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new PlotGrid({m_weights, m_activations}));
}

void RunRanges::showRange(ui::Plot& plot, const std::optional<ui::GateSite>& site, bool isWeight)
{
    plot.setVisible(site.has_value());
    if (!site) {
        return;
    }
    plot.setLive(view().isRunning());
    ui::PlotScene scene = ui::rangeScene(
        view().history(), site->name,
        isWeight ? ui::GateSubject::Weights : ui::GateSubject::Activations, lookFor(plot, false));
    const QString name = QString::fromStdString(site->name);
    const auto reading = ui::rangeReading(view().history(), site->name, view().time());
    const auto isSigned = reading ? reading->isSigned() : std::nullopt;
    const QString title = !isSigned   ? name
                          : *isSigned ? tr("%1 (signed)").arg(name)
                                      : tr("%1 (unsigned)").arg(name);
    scene.caption = scene.caption.isEmpty() ? title : tr("%1: %2").arg(title, scene.caption);
    plot.setScene(std::move(scene));
}

void RunRanges::refresh()
{
    const int row = m_sites.selected(parts());
    m_weightSite.reset();
    m_activationSite.reset();
    if (row >= 0) {
        const ui::GateRow& chosen = m_sites.rows(parts())[static_cast<std::size_t>(row)];
        m_weightSite = chosen.weight;
        m_activationSite = chosen.activation;
    }
    showRange(*m_weights, m_weightSite, true);
    showRange(*m_activations, m_activationSite, false);
}

QList<ui::Picture> RunRanges::pictures()
{
    flush();
    QList<ui::Picture> pictures;
    if (m_weightSite) {
        pictures << pictureOf(*m_weights, QStringLiteral("weight-range"), "ranges",
                              m_weightSite->name);
    }
    if (m_activationSite) {
        pictures << pictureOf(*m_activations, QStringLiteral("activation-range"), "ranges",
                              m_activationSite->name);
    }
    return pictures;
}

} // namespace bitloom::workbench
