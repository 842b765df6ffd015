// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/run_history.h"
#include "widgets/models/gate_rows.h"
#include "widgets/models/run_close_up.h"
#include "widgets/plots/plot_scene.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>

namespace bitloom::ui {

/// How the history of a run is looked at.
struct RunLook {
    bool isLog = false;               ///< the y axis of losses, costs and rates
    std::optional<std::int64_t> time; ///< a line stands at this step; none: the newest is shown
    std::size_t stretches = 400;      ///< curves are thinned to this many; about the plot's pixels
};

/// The line of RunLook::time; dragging it goes through the run.
inline constexpr int kTimeGuide = 1;
/// Where the fine-tuning with fixed gates begins.
inline constexpr int kStageGuide = 4;

// The curves of a run, with a line where its second stage begins. Their stops are recorded steps.
// Cost: one pass over the rows for each curve.

PlotScene lossScene(const RunHistory& history, const RunLook& look);
PlotScene accuracyScene(const RunHistory& history, const RunLook& look);
PlotScene bopsScene(const RunHistory& history, const RunLook& look);
PlotScene rateScene(const RunHistory& history, const RunLook& look);

enum class GateSubject { Weights, Activations };
/// Probabilities of one quantizer's gates, with the two marks.
PlotScene gateScene(const RunHistory& history, const GateSite& site, GateSubject subject,
                    const RunLook& look);
/// The range of one quantizer against what it quantizes.
PlotScene rangeScene(const RunHistory& history, const std::string& site, GateSubject subject,
                     const RunLook& look);

/// One bar per channel, the most probable first; ids are places in ChannelReading::order.
PlotScene channelScene(const ChannelReading& reading);
/// How many channels are how probable.
PlotScene channelHistogramScene(const ChannelReading& reading);

/// The step of a stop.
std::int64_t stepOfStop(const PlotScene& scene, int id);

// What was recorded last at a step, one line each: what hover says.
enum class RunFigures { Losses, Evaluation, Rates };
QString stepText(const RunHistory& history, RunFigures figures, std::int64_t step);
QString gateText(const RunHistory& history, const GateSite& site, std::int64_t step);
QString rangeText(const RunHistory& history, const std::string& site, std::int64_t step);

/// All rows of a series as comma-separated values, its columns named as they are recorded. site:
/// only SITE, SITE/... and SITE[...]; empty: all columns.
QString seriesCsv(const HistorySeries& series, const std::string& site = {});

} // namespace bitloom::ui
