// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/layer_text.h"

#include "app/cli/text_table.h"

#include "core/types/json_output.h"

#include <algorithm>

namespace bitloom::cli {

namespace {

constexpr std::size_t kListedChannels = 16;

std::vector<std::string> rowOf(const std::string& name, const GridHistogram& histogram)
{
    const bool hasGrid = histogram.clipLow < histogram.clipHigh;
    return {name,
            formatBits(histogram.bits),
            formatSignificant(histogram.low),
            formatSignificant(histogram.high),
            hasGrid ? formatSignificant(histogram.clipLow) : "-",
            hasGrid ? formatSignificant(histogram.clipHigh) : "-",
            hasGrid ? formatFixed(histogram.clippedPercent, 3) : "-"};
}

std::string histogramTable(const LayerDetail& detail)
{
    TextTable table({"tensor", "bits", "low", "high", "clip low", "clip high", "clipped %"});
    for (std::size_t i = 0; i < detail.weightHistograms.size(); ++i) {
        table.addRow(rowOf(i == 0 ? "weight, as planned" : "weight", detail.weightHistograms[i]));
    }
    for (const ActivationHistogram& histogram : detail.activations) {
        table.addRow(rowOf("activation " + histogram.tensor, histogram));
    }
    return table.toString();
}

std::string errorTable(const LayerDetail& detail)
{
    TextTable table({"observer", "bits", "mean squared error", "SQNR dB"});
    for (const ObserverError& error : detail.errors) {
        table.addRow({std::string(toString(error.observer)), formatBits(error.bits),
                      formatSignificant(error.meanSquaredError),
                      error.sqnrDb ? formatFixed(*error.sqnrDb, 2) : "-"});
    }
    return table.toString();
}

std::string channelTable(const LayerDetail& detail)
{
    TextTable table({"output channel", "low", "high", "clip low", "clip high"});
    const std::size_t listed = std::min(kListedChannels, detail.channels.size());
    for (std::size_t c = 0; c < listed; ++c) {
        const ChannelRange& channel = detail.channels[c];
        const bool hasGrid = channel.clipLow < channel.clipHigh;
        table.addRow({std::to_string(c), formatSignificant(channel.low),
                      formatSignificant(channel.high),
                      hasGrid ? formatSignificant(channel.clipLow) : "-",
                      hasGrid ? formatSignificant(channel.clipHigh) : "-"});
    }
    const std::size_t others = detail.channels.size() - listed;
    return table.toString() +
           (others > 0 ? "and " + countOf(others, "channel") + " more: --json lists all\n" : "");
}

} // namespace

std::string textOf(const LayerDetail& detail)
{
    std::string text = detail.layer + ": " + std::string(toString(detail.kind)) +
                       (detail.weight.empty() ? ", no weight" : ", " + detail.weight) + "\n";
    if (!detail.weightHistograms.empty() || !detail.activations.empty()) {
        text += "\n" + histogramTable(detail);
    }
    if (detail.calibrationImages > 0) {
        text += "activations over " +
                countOf(static_cast<std::size_t>(detail.calibrationImages), "image") + "\n";
    }
    if (!detail.errors.empty()) {
        text += "\n" + errorTable(detail);
    }
    if (!detail.channels.empty()) {
        text += "\n" + channelTable(detail);
    }
    return text;
}

} // namespace bitloom::cli
