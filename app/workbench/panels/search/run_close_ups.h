// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/search/run_gates.h"
#include "core/types/search_result.h"
#include "widgets/models/run_close_up.h"

class QLabel;

namespace bitloom::workbench {

/// The channels of the selected layer's weight: how probable it is that each is kept.
class RunChannels final : public RunPage {
    Q_OBJECT
public:
    explicit RunChannels(const RunParts& parts, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() override;

protected:
    void refresh() override;

private:
    /// What the packed outcome says of the selected layer's pruned channels.
    void takeOutcome(const std::string& layer);
    QString outcomeOf(int channel) const;

    GateSites m_sites;
    QLabel* m_caption;
    ui::Plot* m_sorted;
    ui::Plot* m_histogram;
    ui::ChannelReading m_reading;
    std::string m_resultText; ///< of the run that m_layers are of
    std::vector<SearchedLayer> m_layers;
    std::vector<PrunedChannel> m_pruned;
};

/// The ranges of the selected layer's weight and activation against what they quantize.
class RunRanges final : public RunPage {
    Q_OBJECT
public:
    explicit RunRanges(const RunParts& parts, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() override;

protected:
    void refresh() override;

private:
    void showRange(ui::Plot& plot, const std::optional<ui::GateSite>& site, bool isWeight);

    GateSites m_sites;
    ui::Plot* m_weights;
    ui::Plot* m_activations;
    std::optional<ui::GateSite> m_weightSite;
    std::optional<ui::GateSite> m_activationSite;
};

} // namespace bitloom::workbench
