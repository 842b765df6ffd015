// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/layer_detail.h"
#include "widgets/plots/plot.h"

#include <memory>
#include <vector>

namespace bitloom::ui {

enum class ChannelSubject { Weights, Activations };

/// Smallest to largest value of every channel as thin bars, the range that its grid can represent
/// drawn over them. Weights have output channels, activations those that the layer reads.
/// pointHovered() and pointActivated() tell the channel's index.
class ChannelRangesPlot final : public Plot {
    Q_OBJECT
public:
    explicit ChannelRangesPlot(ChannelSubject subject = ChannelSubject::Weights,
                               QWidget* parent = nullptr);

    void setChannels(std::shared_ptr<const std::vector<ChannelRange>> channels); ///< null: nothing

    QString csv() const override;

private:
    using Plot::setScene;
    void rebuild();
    QString tooltipOf(int channel) const;

    const ChannelSubject m_subject;
    std::shared_ptr<const std::vector<ChannelRange>> m_channels;
};

} // namespace bitloom::ui
