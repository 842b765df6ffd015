// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/job.h"
#include "core/types/layer_detail.h"
#include "widgets/views/panel.h"

#include <functional>
#include <memory>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QTabWidget;

namespace bitloom::ui {
class ChannelRangesPlot;
class ErrorPlot;
class HistogramPlot;
} // namespace bitloom::ui

namespace bitloom::workbench {

class JobCenter;
class PlanDocument;
class Selection;

/// The selected layer closely: weights with the grid that the plan lays over them, beside the grid
/// of another width; ranges per channel; activations; error by observer and width.
class LayerPanel final : public ui::Panel {
    Q_OBJECT
public:
    /// images: calibration images for the activations; nullopt where none were chosen.
    LayerPanel(PlanDocument& document, Selection& selection, JobCenter& jobs,
               std::function<std::optional<engine::DataRef>()> images, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() const override;

protected:
    void refresh() override;

private:
    void request();
    void ask(const engine::LayerDetailJob& job, const QString& question);
    void show(std::shared_ptr<const LayerDetail> detail);
    void showComparison();
    QString wantedLayer() const;

    PlanDocument& m_document;
    Selection& m_selection;
    JobCenter& m_jobs;
    std::function<std::optional<engine::DataRef>()> m_data;

    QTabWidget* m_tabs;
    QLabel* m_caption;
    QComboBox* m_otherBits;
    QCheckBox* m_logCounts;
    ui::HistogramPlot* m_weights;
    ui::HistogramPlot* m_other;
    ui::ChannelRangesPlot* m_channels;
    ui::ChannelRangesPlot* m_inputChannels;
    ui::HistogramPlot* m_activations;
    QLabel* m_activationNote;
    ui::ErrorPlot* m_errors;

    QString m_imagesProblem; ///< why there are no activations; empty: no images were asked for
    QString m_asked;         ///< layer and digest of the plan of the newest question
    std::shared_ptr<const LayerDetail> m_detail;
};

} // namespace bitloom::workbench
