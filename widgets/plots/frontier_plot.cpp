// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/frontier_plot.h"

#include "widgets/util/formatting.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr int kBudgetGuide = 0;

QString csvNumber(const std::optional<double>& value)
{
    return value ? QString::number(*value, 'g', 17) : QString();
}
} // namespace

FrontierPlot::FrontierPlot(QWidget* parent) : Plot(parent)
{
    setAccessibleName(tr("Frontier: quality of plans against their cost"));
    setTooltipProvider([this](int id) { return tooltipOf(id); });
    connect(this, &Plot::pointHovered, this, [this](int id) { Q_EMIT planHovered(labelOf(id)); });
    connect(this, &Plot::pointActivated, this, [this](int id) {
        if (m_entries[static_cast<std::size_t>(id)].role != FrontierRole::Ghost) {
            Q_EMIT planActivated(labelOf(id));
        }
    });
    connect(this, &Plot::guideDragged, this, [this](int id, double value) {
        if (id == kBudgetGuide) {
            m_budget = value;
            Q_EMIT budgetDragged(value);
        }
    });
    setBrushable(true);
    setWhatsThis(whatsThis() + u' ' +
                 tr("Drag with Ctrl, or with the brush: look at the plans in a rectangle alone; "
                    "Ctrl and arrows: the same from plan to plan; Escape: look at all of them."));
    connect(this, &Plot::brushChanged, this, [this] {
        m_brush = scene().brush;
        rebuild();
    });
    connect(this, &Plot::guideReleased, this, [this](int id, double value) {
        if (id == kBudgetGuide) {
            Q_EMIT budgetReleased(value);
        }
    });
    rebuild();
}

void FrontierPlot::setView(std::shared_ptr<const FrontierView> view)
{
    m_view = std::move(view);
    rebuild();
}

void FrontierPlot::setOptions(const FrontierOptions& options)
{
    if (options.cost != m_options.cost) {
        m_budget.reset(); // of another unit
    }
    if (options.cost != m_options.cost || options.quality != m_options.quality) {
        m_brush.reset(); // the same
    }
    m_options = options;
    rebuild();
}

void FrontierPlot::setBudget(std::optional<double> budget)
{
    if (m_budget != budget) {
        m_budget = budget;
        rebuild();
    }
}

void FrontierPlot::setSelected(const QString& label)
{
    m_selected = label;
    showSelection();
}

void FrontierPlot::setBrush(const std::optional<PlotBrush>& part)
{
    if (m_brush != part) {
        m_brush = part;
        rebuild();
    }
}

bool FrontierPlot::isBrushed(const FrontierPoint& point) const
{
    const auto quality = qualityOf(point, m_options.quality);
    return m_brush && quality &&
           m_brush->contains({costOf(point, m_options.cost), *quality, -1, {}});
}

QStringList FrontierPlot::brushedPlans() const
{
    QStringList plans;
    for (const auto& [role, point] : m_entries) {
        if (role != FrontierRole::Ghost && isBrushed(*point)) {
            plans << QString::fromStdString(point->label);
        }
    }
    return plans;
}

QString FrontierPlot::brushText() const
{
    const auto [x, y] = *m_brush;
    const QString cost =
        m_options.cost == FrontierCost::Bytes
            ? tr("%1 to %2 stored")
                  .arg(formatBytes(std::llround(x.low)), formatBytes(std::llround(x.high)))
            : tr("BOPs %1 to %2").arg(formatPercent(x.low), formatPercent(x.high));
    const QString quality =
        m_options.quality == FrontierQuality::Top1
            ? tr("top-1 %1 to %2").arg(formatPercent(y.low), formatPercent(y.high))
            : tr("predicted loss %1 to %2")
                  .arg(formatSignificant(y.low), formatSignificant(y.high));
    const auto plans = std::count_if(m_entries.begin(), m_entries.end(), [](const auto& entry) {
        return entry.role != FrontierRole::Ghost;
    });
    return tr("Brushed: %1 of %2 plans, %3, %4")
        .arg(formatExact(brushedPlans().size()), formatExact(plans), cost, quality);
}

void FrontierPlot::followBrush()
{
    const auto now = m_brush ? std::optional(brushedPlans()) : std::nullopt;
    if (now != m_brushed) {
        m_brushed = now;
        Q_EMIT brushedPlansChanged();
    }
}

void FrontierPlot::showSelection()
{
    std::vector<int> ids;
    for (std::size_t i = 0; i < m_entries.size() && !m_selected.isEmpty(); ++i) {
        if (labelOf(static_cast<int>(i)) == m_selected) {
            ids.push_back(static_cast<int>(i));
        }
    }
    setSelectedPoints(std::move(ids));
}

std::optional<QPointF> FrontierPlot::pixelOf(const QString& label) const
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (labelOf(static_cast<int>(i)) == label) {
            return pixelOfPoint(static_cast<int>(i));
        }
    }
    return std::nullopt;
}

std::optional<QPointF> FrontierPlot::budgetPixel() const
{
    return pixelOfGuide(kBudgetGuide);
}

void FrontierPlot::rebuild()
{
    static const FrontierView nothing;
    FrontierScene built = frontierScene(m_view ? *m_view : nothing, m_options);
    m_entries = std::move(built.entries);
    if (m_budget) {
        PlotGuide guide;
        guide.id = kBudgetGuide;
        guide.value = *m_budget;
        guide.isDraggable = true;
        const bool isBytes = m_options.cost == FrontierCost::Bytes;
        guide.text = [isBytes](double value) {
            return tr("Budget %1")
                .arg(isBytes ? formatBytes(static_cast<std::int64_t>(value))
                             : formatPercent(value));
        };
        built.scene.guides.push_back(std::move(guide));
    }
    if (m_brush) {
        built.scene.brush = m_brush;
        QString& caption = built.scene.caption;
        caption = caption.isEmpty() ? brushText() : brushText() + u'\n' + caption;
    }
    setScene(std::move(built.scene));
    showSelection();
    followBrush();
}

QString FrontierPlot::labelOf(int id) const
{
    return id < 0 || static_cast<std::size_t>(id) >= m_entries.size()
               ? QString()
               : QString::fromStdString(m_entries[static_cast<std::size_t>(id)].point->label);
}

QString FrontierPlot::tooltipOf(int id) const
{
    if (id < 0 || static_cast<std::size_t>(id) >= m_entries.size()) {
        return {};
    }
    const auto& [role, point] = m_entries[static_cast<std::size_t>(id)];
    QStringList lines;
    const QString label = point->label.empty() ? tr("Plan") : labelOf(id);
    switch (role) {
    case FrontierRole::Predicted:
        lines << tr("%1, predicted").arg(label);
        break;
    case FrontierRole::Measured:
        lines << tr("%1, measured").arg(label);
        break;
    case FrontierRole::Anchor:
        lines << tr("%1, the same bits everywhere").arg(label);
        break;
    case FrontierRole::Ghost:
        lines << tr("The plan being edited");
        break;
    }
    lines << tr("BOPs %1 of FP32, %2 stored")
                 .arg(formatPercent(point->bopsPercentOfFp32), formatBytes(point->bytes));
    if (point->top1Percent) {
        lines << tr("Measured top-1 %1").arg(formatPercent(*point->top1Percent));
    }
    if (const auto loss = qualityOf(*point, FrontierQuality::PredictedLoss)) {
        lines << tr("Predicted loss %1").arg(formatSignificant(*loss));
    }
    if (point->optimal) {
        lines << tr("Proven optimal for its budget");
    }
    if (role != FrontierRole::Ghost) {
        lines << (point->plan.empty() ? tr("Click to preview this plan")
                                      : tr("Click to show this plan"));
    }
    return lines.join(u'\n');
}

QString FrontierPlot::csv() const
{
    QString text = QStringLiteral(
        "kind,label,plan,bytes,bops,bops_percent_of_fp32,predicted_loss,top1_percent,optimal");
    text += m_brush ? QStringLiteral(",brushed\n") : QStringLiteral("\n");
    const auto boolean = [](bool value) { return QString::fromLatin1(value ? "true" : "false"); };
    const auto row = [&](const char* kind, const FrontierPoint& point) {
        text += QString::fromLatin1(kind) + u',' + csvField(QString::fromStdString(point.label)) +
                u',' + csvField(QString::fromStdString(point.plan)) + u',' +
                QString::number(point.bytes) + u',' + QString::number(point.bops) + u',' +
                csvNumber(point.bopsPercentOfFp32) + u',' +
                csvNumber(qualityOf(point, FrontierQuality::PredictedLoss)) + u',' +
                csvNumber(point.top1Percent) + u',' + boolean(point.optimal) +
                (m_brush ? u',' + boolean(isBrushed(point)) : QString()) + u'\n';
    };
    if (m_view) {
        for (const FrontierPoint& point : m_view->predicted) {
            row("predicted", point);
        }
        for (const FrontierPoint& point : m_view->measured) {
            row("measured", point);
        }
        for (const FrontierPoint& point : m_view->anchors) {
            row("uniform_anchor", point);
        }
        if (m_view->ghost) {
            row("edited", *m_view->ghost);
        }
    }
    return text;
}

} // namespace bitloom::ui
