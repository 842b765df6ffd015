// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/model_info.h"
#include "core/types/run_history.h"

#include <QString>
#include <QStringList>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::ui {

/// A gate whose probability to be open is above this counts as open when the network is evaluated:
/// the logit is above K - ln(0.34 / 0.66), K being where the hard concrete distribution begins to
/// open (van Baalen et al., "Bayesian Bits", NeurIPS 2020).
inline constexpr double kOpenProbability = 0.66;
/// At or below this probability (logit -2) a level is shut while training too and never opens
/// again: only the regulariser still reaches it, and pushes down.
inline constexpr double kAbsorbedProbability = 0.4009752903;

enum class GateState { Open, Undecided, Absorbed };
GateState gateStateOf(double probability);

/// The probabilities of one quantizer at one moment.
struct GateReading {
    bool operator==(const GateReading&) const = default;
    static constexpr std::array<int, 4> kLevels{4, 8, 16, 32};

    double kept = 1; ///< mean over the prunable channels; 1 where none can be pruned
    std::array<double, 4> levels{1, 1, 1, 1}; ///< of 4, 8, 16, 32 bits, each given the lower ones

    /// What evaluation would take: a level counts only where all lower ones are open.
    int bits() const;
};

/// Where one quantizer lies in the series "gate_probabilities".
struct GateSite {
    std::string name;       ///< of the parameter or value
    std::size_t column = 0; ///< of SITE/kept; the four levels follow

    GateReading reading(const HistorySeries& gates, std::size_t row) const;
};

/// A weight and the activation that follows it in forward order, as they stand beside each other. A
/// weight may have no activation (the last layer's) and an activation no weight (of a sum).
struct GateRow {
    QString name;       ///< the layer's; of a row without a weight, the value's
    QStringList layers; ///< whose weight it is; empty without a weight
    std::optional<GateSite> weight;
    std::optional<GateSite> activation;
};

/// The rows of a run in forward order. Which site is a weight is known from the model; without one,
/// sites whose name ends in "weight" are.
std::vector<GateRow> gateRows(const HistorySeries& gates, const ModelInfo* model);

/// The row of the layer, or of the site, of this name; -1: none.
int gateRowOf(const std::vector<GateRow>& rows, const QString& name);

} // namespace bitloom::ui
