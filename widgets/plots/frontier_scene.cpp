// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/frontier_scene.h"

#include "widgets/util/formatting.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kPointSize = 8;
constexpr double kAnchorSize = 9;
constexpr double kGhostSize = 14;
constexpr double kKneeSize = 15;

/// What this file says; lupdate does not find the context of a function of one's own.
struct FrontierWords {
    Q_DECLARE_TR_FUNCTIONS(FrontierPlot)
};

using Points = std::vector<const FrontierPoint*>;

Points pointersTo(const std::vector<FrontierPoint>& points)
{
    Points pointers;
    for (const FrontierPoint& point : points) {
        pointers.push_back(&point);
    }
    return pointers;
}

bool isBetter(double a, double b, FrontierQuality quality)
{
    return quality == FrontierQuality::Top1 ? a > b : a < b;
}

class Builder {
public:
    Builder(const FrontierView& view, const FrontierOptions& options)
        : m_view(view), m_options(options)
    {
        m_isTop1 = options.quality == FrontierQuality::Top1;
    }

    FrontierScene build()
    {
        describeAxes();
        Points measured = shown(pointersTo(m_view.measured));
        Points predicted = m_isTop1 ? Points() : shown(pointersTo(m_view.predicted));
        m_hidden += m_isTop1 ? static_cast<int>(m_view.predicted.size()) : 0;
        Points searched = measured;
        searched.insert(searched.end(), predicted.begin(), predicted.end());
        const Points front = nonDominated(searched, m_options.cost, m_options.quality);
        if (m_options.hideDominated) {
            const auto isDominated = [&front](const FrontierPoint* point) {
                return std::find(front.begin(), front.end(), point) == front.end();
            };
            std::erase_if(measured, isDominated);
            std::erase_if(predicted, isDominated);
        }
        if (m_options.topK) {
            keepBest(searched, measured, predicted);
        }
        addStep(front);
        addKnee(predicted);
        addSeries(FrontierRole::Predicted, predicted, FrontierWords::tr("Predicted"), false);
        addAnchors();
        addSeries(FrontierRole::Measured, measured, FrontierWords::tr("Measured"), true);
        addGhost();
        addCaption();
        return std::move(m_result);
    }

private:
    void describeAxes()
    {
        PlotScene& scene = m_result.scene;
        const bool isBytes = m_options.cost == FrontierCost::Bytes;
        scene.x.title =
            isBytes ? FrontierWords::tr("Stored size") : FrontierWords::tr("BOPs, % of FP32");
        scene.x.style = isBytes ? NumberStyle::Bytes : NumberStyle::Plain;
        scene.x.isLog = m_options.isCostLog;
        scene.y.title = m_isTop1 ? FrontierWords::tr("Measured top-1, %")
                                 : FrontierWords::tr("Predicted loss, lower is better");
        scene.y.isLog = !m_isTop1 && m_options.isLossLog;
        scene.emptyText =
            m_isTop1 ? FrontierWords::tr(
                           "No plan was measured yet. Evaluate a plan to see its accuracy here.")
                     : FrontierWords::tr(
                           "The plans found for different budgets appear here. Run the sensitivity "
                           "sweep, then compute the frontier.");
        if (m_isTop1 && m_view.floatTop1Percent) {
            PlotGuide guide;
            guide.id = 1;
            guide.orientation = Qt::Horizontal;
            guide.value = *m_view.floatTop1Percent;
            guide.colour = PlotColour::Reference;
            guide.isDashed = true;
            guide.text = [](double value) {
                return FrontierWords::tr("FP32 %1").arg(formatPercent(value));
            };
            scene.guides.push_back(guide);
        }
    }

    /// Those with a cost and a quality that the axes can show; the others are counted.
    Points shown(Points points)
    {
        std::erase_if(points, [this](const FrontierPoint* point) {
            const double cost = costOf(*point, m_options.cost);
            const std::optional<double> quality = qualityOf(*point, m_options.quality);
            const bool hasCost = std::isfinite(cost) && (!m_options.isCostLog || cost > 0);
            const bool hasPlace =
                quality && std::isfinite(*quality) && (!m_result.scene.y.isLog || *quality > 0);
            m_hidden += hasPlace && hasCost ? 0 : 1;
            return !hasPlace || !hasCost;
        });
        return points;
    }

    void keepBest(Points searched, Points& measured, Points& predicted) const
    {
        std::stable_sort(searched.begin(), searched.end(), [this](const auto* a, const auto* b) {
            return isBetter(*qualityOf(*a, m_options.quality), *qualityOf(*b, m_options.quality),
                            m_options.quality);
        });
        const auto kept = static_cast<std::size_t>(std::max(*m_options.topK, 0));
        searched.resize(std::min(searched.size(), kept));
        const auto isLeftOut = [&searched](const FrontierPoint* point) {
            return std::find(searched.begin(), searched.end(), point) == searched.end();
        };
        std::erase_if(measured, isLeftOut);
        std::erase_if(predicted, isLeftOut);
    }

    PlotPoint place(const FrontierPoint& point) const
    {
        return {
            costOf(point, m_options.cost), qualityOf(point, m_options.quality).value_or(0), -1, {}};
    }

    PlotPoint entry(FrontierRole role, const FrontierPoint& point)
    {
        PlotPoint placed = place(point);
        placed.id = static_cast<int>(m_result.entries.size());
        m_result.entries.push_back({role, &point});
        return placed;
    }

    void addStep(const Points& front)
    {
        if (front.size() < 2) {
            return;
        }
        StepLine line;
        line.shade = m_isTop1 ? StepLine::Shade::Below : StepLine::Shade::Above;
        for (const FrontierPoint* point : front) {
            line.points.push_back(place(*point));
        }
        m_result.scene.steps.push_back(std::move(line));
    }

    void addKnee(const Points& predicted)
    {
        if (!m_view.knee || *m_view.knee >= m_view.predicted.size()) {
            return;
        }
        const FrontierPoint& knee = m_view.predicted[*m_view.knee];
        if (std::find(predicted.begin(), predicted.end(), &knee) == predicted.end()) {
            return;
        }
        PointSeries series;
        series.colour = PlotColour::Good;
        series.size = kKneeSize;
        series.isFilled = false;
        series.isBrushable = false;
        series.points.push_back(place(knee));
        series.points.back().label = FrontierWords::tr("knee");
        m_result.scene.points.push_back(std::move(series));
    }

    void addSeries(FrontierRole role, const Points& points, const QString& name, bool isFilled)
    {
        PointSeries series;
        series.name = name;
        series.size = kPointSize;
        series.isFilled = isFilled;
        for (const FrontierPoint* point : points) {
            series.points.push_back(entry(role, *point));
        }
        m_result.scene.points.push_back(std::move(series));
    }

    void addAnchors()
    {
        const Points anchors = shown(pointersTo(m_view.anchors));
        PointSeries measured;
        measured.colour = PlotColour::Activations;
        measured.shape = MarkShape::Diamond;
        measured.size = kAnchorSize;
        PointSeries predicted = measured;
        predicted.isFilled = false;
        for (const FrontierPoint* point : anchors) {
            PlotPoint placed = entry(FrontierRole::Anchor, *point);
            placed.label = shortened(QString::fromStdString(point->label), 18);
            (point->top1Percent ? measured : predicted).points.push_back(placed);
        }
        // One entry of the key for both: filled and hollow are explained by the others.
        (measured.points.empty() ? predicted : measured).name = FrontierWords::tr("Uniform plan");
        m_result.scene.points.push_back(std::move(predicted));
        m_result.scene.points.push_back(std::move(measured));
    }

    void addGhost()
    {
        if (!m_view.ghost || shown({&*m_view.ghost}).empty()) {
            return;
        }
        PointSeries series;
        series.name = FrontierWords::tr("Edited plan");
        series.colour = PlotColour::Text;
        series.size = kGhostSize;
        series.isFilled = false;
        series.isDashed = true;
        series.hasCrosshair = true;
        series.isBrushable = false;
        series.points.push_back(entry(FrontierRole::Ghost, *m_view.ghost));
        // Below the others: it must not hide the point that it stands on.
        m_result.scene.points.insert(m_result.scene.points.begin(), std::move(series));
    }

    void addCaption()
    {
        if (m_hidden == 0) {
            return;
        }
        m_result.scene.caption =
            m_isTop1
                ? FrontierWords::tr("Without measured accuracy, not shown: %1")
                      .arg(formatExact(m_hidden))
                : FrontierWords::tr("Without a predicted loss that fits this axis, not shown: %1")
                      .arg(formatExact(m_hidden));
    }

    const FrontierView& m_view;
    const FrontierOptions& m_options;
    bool m_isTop1 = false;
    int m_hidden = 0;
    FrontierScene m_result;
};
} // namespace

double costOf(const FrontierPoint& point, FrontierCost cost)
{
    return cost == FrontierCost::Bytes ? static_cast<double>(point.bytes) : point.bopsPercentOfFp32;
}

std::optional<double> qualityOf(const FrontierPoint& point, FrontierQuality quality)
{
    return quality == FrontierQuality::Top1 ? point.top1Percent
                                            : std::optional<double>(point.predictedLoss);
}

std::vector<const FrontierPoint*> nonDominated(std::vector<const FrontierPoint*> points,
                                               FrontierCost cost, FrontierQuality quality)
{
    std::erase_if(points, [&](const FrontierPoint* point) {
        const std::optional<double> value = qualityOf(*point, quality);
        return !value || !std::isfinite(*value) || !std::isfinite(costOf(*point, cost));
    });
    std::stable_sort(points.begin(), points.end(), [&](const auto* a, const auto* b) {
        const double costA = costOf(*a, cost);
        const double costB = costOf(*b, cost);
        return costA != costB ? costA < costB
                              : isBetter(*qualityOf(*a, quality), *qualityOf(*b, quality), quality);
    });
    std::vector<const FrontierPoint*> front;
    for (const FrontierPoint* point : points) {
        if (front.empty() ||
            isBetter(*qualityOf(*point, quality), *qualityOf(*front.back(), quality), quality)) {
            front.push_back(point);
        }
    }
    return front;
}

FrontierScene frontierScene(const FrontierView& view, const FrontierOptions& options)
{
    return Builder(view, options).build();
}

} // namespace bitloom::ui
