// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/codes_plot.h"

#include "widgets/util/formatting.h"

#include <algorithm>
#include <numeric>

namespace bitloom::ui {

namespace {
constexpr std::size_t kMostBars = 512;
}

CodesPlot::CodesPlot(QWidget* parent) : Plot(parent)
{
    setAccessibleName(tr("Histogram of the codes"));
    setTooltipProvider([this](int bar) { return tooltipOf(bar); });
    rebuild();
}

void CodesPlot::setDetail(std::shared_ptr<const PackedDetail> detail)
{
    m_detail = std::move(detail);
    rebuild();
}

void CodesPlot::setCountLog(bool isLog)
{
    m_isCountLog = isLog;
    rebuild();
}

QString CodesPlot::captionText() const
{
    if (!m_detail) {
        return {};
    }
    const auto used = std::count_if(m_detail->counts.begin(), m_detail->counts.end(),
                                    [](std::int64_t count) { return count > 0; });
    return tr("%1 of %2 codes occur; entropy %3 of %4 bits")
        .arg(formatExact(used), formatExact(static_cast<std::int64_t>(m_detail->counts.size())),
             formatSignificant(m_detail->entropyBits), formatExact(m_detail->bits));
}

void CodesPlot::rebuild()
{
    PlotScene built;
    built.x.title = tr("Code");
    built.x.style = NumberStyle::Index;
    built.y.style = NumberStyle::Count;
    built.y.isLog = m_isCountLog;
    built.y.startsAtZero = true;
    built.caption = captionText();
    built.emptyText = tr("Select a layer to see how often each of its codes occurs.");
    m_codesPerBar = 1;
    if (m_detail && !m_detail->counts.empty()) {
        const std::vector<std::int64_t>& counts = m_detail->counts;
        m_codesPerBar = static_cast<int>((counts.size() + kMostBars - 1) / kMostBars);
        const auto perBar = static_cast<std::size_t>(m_codesPerBar);
        const auto first = static_cast<double>(m_detail->first);
        BarSeries bars;
        bars.colour = PlotColour::Weights;
        bars.firstId = 0;
        for (std::size_t i = 0; i < counts.size(); i += perBar) {
            const std::size_t end = std::min(i + perBar, counts.size());
            bars.edges.push_back(first + static_cast<double>(i) - 0.5);
            bars.heights.push_back(static_cast<double>(std::accumulate(
                counts.begin() + static_cast<std::ptrdiff_t>(i),
                counts.begin() + static_cast<std::ptrdiff_t>(end), std::int64_t{0})));
        }
        bars.edges.push_back(first + static_cast<double>(counts.size()) - 0.5);
        built.x.range = AxisRange{bars.edges.front(), bars.edges.back()};
        built.bars.push_back(std::move(bars));
    }
    built.y.title = m_codesPerBar == 1 ? tr("Weights per code")
                                       : tr("Weights per %n codes", nullptr, m_codesPerBar);
    setScene(std::move(built));
}

QString CodesPlot::tooltipOf(int bar) const
{
    const auto index = static_cast<std::size_t>(bar);
    if (!m_detail || scene().bars.empty() || bar < 0 ||
        index >= scene().bars.front().heights.size()) {
        return {};
    }
    const std::int64_t total =
        std::accumulate(m_detail->counts.begin(), m_detail->counts.end(), std::int64_t{0});
    const double count = scene().bars.front().heights[index];
    const std::int64_t low = m_detail->first + std::int64_t{bar} * m_codesPerBar;
    const std::int64_t high =
        std::min(low + m_codesPerBar, m_detail->first + std::int64_t(m_detail->counts.size())) - 1;
    const QString codes = low == high
                              ? tr("Code %1").arg(formatExact(low))
                              : tr("Codes %1 to %2").arg(formatExact(low), formatExact(high));
    return tr("%1\nWeights: %2 (%3)")
        .arg(codes, formatExact(static_cast<std::int64_t>(count)),
             formatPercent(total == 0 ? 0.0 : 100.0 * count / static_cast<double>(total)));
}

QString CodesPlot::csv() const
{
    QString text = QStringLiteral("code,count\n");
    for (std::size_t i = 0; m_detail && i < m_detail->counts.size(); ++i) {
        text += QString::number(m_detail->first + static_cast<std::int64_t>(i)) + u',' +
                QString::number(m_detail->counts[i]) + u'\n';
    }
    return text;
}

} // namespace bitloom::ui
