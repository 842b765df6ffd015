// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/histogram_plot.h"

#include "core/types/quant_spec.h"
#include "widgets/util/formatting.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace bitloom::ui {

namespace {
constexpr int kClipLow = 0;
constexpr int kClipHigh = 1;
constexpr std::size_t kMaxLevelLines = 39;

double edgeOf(const GridHistogram& histogram, std::size_t bin)
{
    const double width =
        (histogram.high - histogram.low) / static_cast<double>(histogram.counts.size());
    return histogram.low + width * static_cast<double>(bin);
}
} // namespace

HistogramPlot::HistogramPlot(HistogramSubject subject, QWidget* parent)
    : Plot(parent), m_subject(subject)
{
    setAccessibleName(subject == HistogramSubject::Weights ? tr("Histogram of the weights")
                                                           : tr("Histogram of the activations"));
    setTooltipProvider([this](int bin) { return tooltipOf(bin); });
    const auto moved = [this](int id, double value) {
        (id == kClipLow ? m_clipLow : m_clipHigh) = value;
        rebuild(); // the shaded tails follow
    };
    connect(this, &Plot::guideDragged, this, [this, moved](int id, double value) {
        moved(id, value);
        Q_EMIT clipDragged(std::min(m_clipLow, m_clipHigh), std::max(m_clipLow, m_clipHigh));
    });
    connect(this, &Plot::guideReleased, this, [this, moved](int id, double value) {
        moved(id, value);
        Q_EMIT clipReleased(std::min(m_clipLow, m_clipHigh), std::max(m_clipLow, m_clipHigh));
    });
    rebuild();
}

void HistogramPlot::setHistogram(std::shared_ptr<const GridHistogram> histogram)
{
    m_histogram = std::move(histogram);
    m_clipLow = m_histogram ? m_histogram->clipLow : 0;
    m_clipHigh = m_histogram ? m_histogram->clipHigh : 0;
    rebuild();
}

void HistogramPlot::setCountLog(bool isLog)
{
    m_isCountLog = isLog;
    rebuild();
}

void HistogramPlot::setXRange(std::optional<AxisRange> range)
{
    m_xRange = range;
    rebuild();
}

AxisRange HistogramPlot::fullXRange() const
{
    RangeFinder finder(false);
    if (m_histogram) {
        finder.add(m_histogram->low);
        finder.add(m_histogram->high);
        if (hasGrid()) {
            finder.add(m_histogram->clipLow);
            finder.add(m_histogram->clipHigh);
        }
    }
    return finder.padded();
}

void HistogramPlot::setClipEditable(bool editable)
{
    m_isClipEditable = editable;
    rebuild();
}

bool HistogramPlot::hasGrid() const
{
    return m_histogram && m_histogram->clipLow < m_histogram->clipHigh;
}

int HistogramPlot::barsDrawn() const
{
    return !m_histogram ? 0
                        : static_cast<int>(
                              std::count_if(m_histogram->counts.begin(), m_histogram->counts.end(),
                                            [](std::int64_t count) { return count > 0; }));
}

QString HistogramPlot::captionText() const
{
    if (!m_histogram || m_histogram->counts.empty()) {
        return {};
    }
    if (m_histogram->bits == kFloatBits) {
        return tr("Floating point: nothing is rounded or clipped");
    }
    if (m_histogram->bits == kPrunedBits) {
        return tr("Pruned: every value becomes 0");
    }
    const QString share = formatPercent(m_histogram->clippedPercent);
    const QString clipped = m_histogram->clippedPercent <= 0 ? tr("Nothing is clipped.")
                            : m_subject == HistogramSubject::Weights
                                ? tr("%1 of the weights are clipped.").arg(share)
                                : tr("%1 of the activations are clipped.").arg(share);
    QStringList parts;
    parts << tr("Bits: %1").arg(formatBits(m_histogram->bits));
    if (!m_histogram->gridLevels.empty()) {
        parts << tr("levels: %1")
                     .arg(formatExact(static_cast<std::int64_t>(m_histogram->gridLevels.size())));
    }
    if (m_histogram->gridChannel >= 0) {
        parts << tr("grid of channel %1").arg(formatExact(m_histogram->gridChannel));
    }
    return clipped + u' ' + parts.join(QStringLiteral(", "));
}

void HistogramPlot::rebuild()
{
    const bool isWeights = m_subject == HistogramSubject::Weights;
    PlotScene built;
    built.x.title = isWeights ? tr("Weight") : tr("Activation");
    built.y.title = isWeights ? tr("Weights per bin") : tr("Activations per bin");
    built.y.style = NumberStyle::Count;
    built.y.isLog = m_isCountLog;
    built.y.startsAtZero = true;
    built.x.range = m_xRange ? *m_xRange : fullXRange();
    built.caption = captionText();
    built.emptyText = isWeights
                          ? tr("Select a layer to see how its weights are distributed.")
                          : tr("Activations appear here once calibration images have been run.");
    if (m_histogram && !m_histogram->counts.empty() && m_histogram->low < m_histogram->high) {
        BarSeries bars;
        bars.colour = isWeights ? PlotColour::Weights : PlotColour::Activations;
        bars.firstId = 0;
        for (std::size_t bin = 0; bin < m_histogram->counts.size(); ++bin) {
            bars.edges.push_back(edgeOf(*m_histogram, bin));
            bars.heights.push_back(static_cast<double>(m_histogram->counts[bin]));
        }
        bars.edges.push_back(m_histogram->high);
        built.bars.push_back(std::move(bars));
    }
    if (hasGrid() && !built.bars.empty()) {
        built.marks.assign(m_histogram->gridLevels.begin(), m_histogram->gridLevels.end());
        built.marksAreLines = built.marks.size() <= kMaxLevelLines;
        constexpr double kEverything = std::numeric_limits<double>::infinity();
        // What lies at most half a step beyond the last level is rounded, and not clipped.
        const double levels = m_histogram->gridLevels.empty()
                                  ? std::exp2(m_histogram->bits)
                                  : static_cast<double>(m_histogram->gridLevels.size());
        const double half = std::abs(m_clipHigh - m_clipLow) / std::max(levels - 1, 1.0) / 2;
        built.bands = {{-kEverything, m_clipLow - half, PlotColour::Text},
                       {m_clipHigh + half, kEverything, PlotColour::Text}};
        for (const int id : {kClipLow, kClipHigh}) {
            PlotGuide guide;
            guide.id = id;
            guide.value = id == kClipLow ? m_clipLow : m_clipHigh;
            guide.colour = PlotColour::Text;
            guide.isDraggable = m_isClipEditable;
            guide.labelSide = id == kClipLow ? Qt::AlignRight : Qt::AlignLeft;
            guide.text = [](double value) { return formatSignificant(value); };
            built.guides.push_back(std::move(guide));
        }
    }
    setScene(std::move(built));
}

QString HistogramPlot::tooltipOf(int bin) const
{
    if (!m_histogram || bin < 0 || static_cast<std::size_t>(bin) >= m_histogram->counts.size()) {
        return {};
    }
    const auto index = static_cast<std::size_t>(bin);
    const std::int64_t total =
        std::accumulate(m_histogram->counts.begin(), m_histogram->counts.end(), std::int64_t(0));
    const std::int64_t count = m_histogram->counts[index];
    return tr("%1 to %2\nValues: %3 (%4)")
        .arg(formatSignificant(edgeOf(*m_histogram, index)),
             formatSignificant(edgeOf(*m_histogram, index + 1)), formatExact(count),
             formatPercent(total == 0
                               ? 0.0
                               : 100.0 * static_cast<double>(count) / static_cast<double>(total)));
}

QString HistogramPlot::csv() const
{
    QString text = QStringLiteral("low,high,count\n");
    for (std::size_t bin = 0; m_histogram && bin < m_histogram->counts.size(); ++bin) {
        text += QString::number(edgeOf(*m_histogram, bin), 'g', 17) + u',' +
                QString::number(edgeOf(*m_histogram, bin + 1), 'g', 17) + u',' +
                QString::number(m_histogram->counts[bin]) + u'\n';
    }
    return text;
}

} // namespace bitloom::ui
