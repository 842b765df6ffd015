// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/layer_detail.h"
#include "widgets/plots/plot.h"

#include <memory>
#include <vector>

namespace bitloom::ui {

/// Smallest to largest weight of every output channel as thin bars, the range that its grid can
/// represent drawn over them. pointHovered() and pointActivated() tell the channel's index.
class ChannelRangesPlot final : public Plot {
    Q_OBJECT
public:
    explicit ChannelRangesPlot(QWidget* parent = nullptr);

    void setChannels(std::shared_ptr<const std::vector<ChannelRange>> channels); ///< null: nothing

    QString csv() const override;

private:
    using Plot::setScene;
    void rebuild();
    QString tooltipOf(int channel) const;

    std::shared_ptr<const std::vector<ChannelRange>> m_channels;
};

} // namespace bitloom::ui
