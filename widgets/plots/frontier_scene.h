// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/results.h"
#include "widgets/plots/plot_scene.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace bitloom::ui {

/// The plans on the cost / quality plane.
struct FrontierView {
    std::vector<FrontierPoint> predicted;
    std::vector<FrontierPoint> measured;
    std::vector<FrontierPoint> anchors;     ///< uniform plans
    std::optional<FrontierPoint> ghost;     ///< the plan that is being edited
    std::optional<std::size_t> knee;        ///< index into predicted
    std::optional<double> floatTop1Percent; ///< of the unquantized model, on the same images
};

enum class FrontierCost { Bops, Bytes }; ///< BOPs in percent of FP32
enum class FrontierQuality { PredictedLoss, Top1 };

struct FrontierOptions {
    FrontierCost cost = FrontierCost::Bops;
    FrontierQuality quality = FrontierQuality::PredictedLoss;
    bool isCostLog = true;
    bool isLossLog = true; ///< accuracy is always linear
    bool hideDominated = false;
    std::optional<int> topK; ///< only the best by quality; anchors and the edited plan stay
};

enum class FrontierRole { Predicted, Measured, Anchor, Ghost };

/// A scene, and what its point ids stand for.
struct FrontierScene {
    PlotScene scene;
    struct Entry {
        FrontierRole role = FrontierRole::Predicted;
        const FrontierPoint* point = nullptr; ///< into the view
    };
    std::vector<Entry> entries; ///< by point id
};

double costOf(const FrontierPoint& point, FrontierCost cost);
std::optional<double> qualityOf(const FrontierPoint& point, FrontierQuality quality);

/// The points that no other one of them beats in both cost and quality, cheapest first. Points
/// without that quality are left out.
std::vector<const FrontierPoint*> nonDominated(std::vector<const FrontierPoint*> points,
                                               FrontierCost cost, FrontierQuality quality);

FrontierScene frontierScene(const FrontierView& view, const FrontierOptions& options);

} // namespace bitloom::ui
