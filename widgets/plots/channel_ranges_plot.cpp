// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/channel_ranges_plot.h"

#include "widgets/util/formatting.h"

#include <algorithm>
#include <limits>

namespace bitloom::ui {

namespace {
bool hasGrid(const ChannelRange& channel)
{
    return channel.clipLow < channel.clipHigh;
}

bool isClipped(const ChannelRange& channel)
{
    return hasGrid(channel) && (channel.low < channel.clipLow || channel.high > channel.clipHigh);
}
} // namespace

ChannelRangesPlot::ChannelRangesPlot(ChannelSubject subject, QWidget* parent)
    : Plot(parent), m_subject(subject)
{
    setAccessibleName(subject == ChannelSubject::Weights
                          ? tr("Range of the weights in each channel")
                          : tr("Range of the activations in each channel"));
    setTooltipProvider([this](int channel) { return tooltipOf(channel); });
    rebuild();
}

void ChannelRangesPlot::setChannels(std::shared_ptr<const std::vector<ChannelRange>> channels)
{
    m_channels = std::move(channels);
    rebuild();
}

void ChannelRangesPlot::rebuild()
{
    PlotScene built;
    const bool isWeight = m_subject == ChannelSubject::Weights;
    built.x.title = isWeight ? tr("Output channel") : tr("Input channel");
    built.x.style = NumberStyle::Index;
    built.y.title = isWeight ? tr("Weight") : tr("Activation");
    built.emptyText = isWeight
                          ? tr("Select a layer to see the range of each of its channels.")
                          : tr("Choose data in the Evaluate panel to see here what each channel "
                               "that the layer reads holds on its first training images.");
    if (m_channels && !m_channels->empty()) {
        SpanSeries values;
        values.name =
            isWeight ? tr("Smallest to largest weight") : tr("Smallest to largest activation");
        values.firstId = 0;
        SpanSeries grid;
        grid.name = tr("Range of the grid");
        grid.colour = PlotColour::Activations;
        grid.isOutline = true;
        constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
        for (const ChannelRange& channel : *m_channels) {
            values.low.push_back(channel.low);
            values.high.push_back(channel.high);
            grid.low.push_back(hasGrid(channel) ? channel.clipLow : kNothing);
            grid.high.push_back(hasGrid(channel) ? channel.clipHigh : kNothing);
        }
        const auto clipped = std::count_if(m_channels->begin(), m_channels->end(), isClipped);
        const bool anyGrid = std::any_of(m_channels->begin(), m_channels->end(), hasGrid);
        built.spans.push_back(std::move(values));
        if (anyGrid) {
            built.spans.push_back(std::move(grid));
            built.caption = (isWeight ? tr("Channels with clipped weights: %1 of %2")
                                      : tr("Channels with clipped activations: %1 of %2"))
                                .arg(formatExact(clipped),
                                     formatExact(static_cast<std::int64_t>(m_channels->size())));
        }
    }
    setScene(std::move(built));
}

QString ChannelRangesPlot::tooltipOf(int channel) const
{
    if (!m_channels || channel < 0 || static_cast<std::size_t>(channel) >= m_channels->size()) {
        return {};
    }
    const ChannelRange& range = (*m_channels)[static_cast<std::size_t>(channel)];
    const bool isWeight = m_subject == ChannelSubject::Weights;
    QString text =
        (isWeight ? tr("Channel %1\nWeights %2 to %3") : tr("Channel %1\nActivations %2 to %3"))
            .arg(formatExact(channel), formatSignificant(range.low), formatSignificant(range.high));
    if (hasGrid(range)) {
        text +=
            u'\n' + tr("Grid %1 to %2")
                        .arg(formatSignificant(range.clipLow), formatSignificant(range.clipHigh));
        text +=
            u'\n' +
            (isClipped(range)
                 ? (isWeight ? tr("Some weights are clipped") : tr("Some activations are clipped"))
                 : (isWeight ? tr("No weight is clipped") : tr("No activation is clipped")));
    }
    return text;
}

QString ChannelRangesPlot::csv() const
{
    QString text = QStringLiteral("channel,low,high,clip_low,clip_high\n");
    for (std::size_t i = 0; m_channels && i < m_channels->size(); ++i) {
        const ChannelRange& range = (*m_channels)[i];
        text += QString::number(i);
        for (const double value : {range.low, range.high}) {
            text += u',' + QString::number(value, 'g', 17);
        }
        for (const double value : {range.clipLow, range.clipHigh}) {
            text += u',' + (hasGrid(range) ? QString::number(value, 'g', 17) : QString());
        }
        text += u'\n';
    }
    return text;
}

} // namespace bitloom::ui
