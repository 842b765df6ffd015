// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/transition_matrix.h"

#include "core/types/quant_spec.h"
#include "widgets/plots/chart_metrics.h"
#include "widgets/util/formatting.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kMaxCellWidth = 88;
constexpr double kMaxCellHeight = 40;
constexpr double kChip = 4; // thickness of the stripe in the colour of the bits
constexpr double kDarkest = 0.85;

void paintChip(QPainter& painter, const QRectF& place, int bits, const Theme& theme)
{
    if (bits == kPrunedBits) {
        painter.fillRect(place, QBrush(theme.dimText(), Qt::BDiagPattern));
    } else {
        painter.fillRect(place, Theme::bits(bits));
    }
}

/// The name of a width, or its number where the column is too narrow for the name.
QString headOf(int bits, const QFontMetricsF& metrics, double width)
{
    const QString name = formatBits(bits);
    return metrics.horizontalAdvance(name) <= width ? name : formatExact(bits);
}

std::vector<HotSpot> draw(const TransitionView& view, QPainter* painter, QSize size,
                          const Theme& theme, const QFont& font)
{
    std::vector<HotSpot> spots;
    if (view.cells.empty()) {
        return spots;
    }
    const QFontMetricsF metrics(font);
    const double line = std::ceil(metrics.height());
    const QString rowTitle = TransitionMatrix::tr("Activation bits");
    const QString columnTitle = TransitionMatrix::tr("Weight bits");
    double rowLabels = metrics.horizontalAdvance(rowTitle);
    for (const int bits : view.activationBits) {
        rowLabels = std::max(rowLabels, metrics.horizontalAdvance(formatBits(bits)));
    }
    const double left = kMargin + rowLabels + 8 + kChip + 2;
    const double top = kMargin + 2 * line + 4 + kChip + 2;
    const auto columns = static_cast<double>(view.weightBits.size());
    const auto rows = static_cast<double>(view.activationBits.size());
    const double width =
        std::clamp(std::floor((size.width() - left - kMargin) / columns), 8.0, kMaxCellWidth);
    const double height =
        std::clamp(std::floor((size.height() - top - kMargin) / rows), 8.0, kMaxCellHeight);
    std::int64_t total = 0;
    std::int64_t most = 0;
    for (const TransitionView::Cell& cell : view.cells) {
        total += cell.macs;
        most = std::max(most, cell.macs);
    }
    if (painter != nullptr) {
        painter->setFont(font);
        painter->setPen(theme.dimText());
        painter->drawText(QRectF(left, kMargin, size.width() - left, line),
                          Qt::AlignLeft | Qt::AlignVCenter, columnTitle);
        const QString key = TransitionMatrix::tr("Number: layers, colour: MACs");
        const double keyRoom =
            size.width() - kMargin - left - metrics.horizontalAdvance(columnTitle) - 16;
        if (metrics.horizontalAdvance(key) <= keyRoom) {
            painter->drawText(QRectF(left, kMargin, size.width() - kMargin - left, line),
                              Qt::AlignRight | Qt::AlignVCenter, key);
        }
        painter->drawText(QRectF(kMargin, kMargin + line + 2, rowLabels + 2, line),
                          Qt::AlignRight | Qt::AlignVCenter, rowTitle);
        for (std::size_t column = 0; column < view.weightBits.size(); ++column) {
            const double x = left + static_cast<double>(column) * width;
            painter->setPen(theme.text());
            painter->drawText(QRectF(x, kMargin + line + 2, width - 1, line), Qt::AlignCenter,
                              headOf(view.weightBits[column], metrics, width));
            paintChip(*painter, QRectF(x, top - kChip - 2, width - 1, kChip),
                      view.weightBits[column], theme);
        }
    }
    for (std::size_t row = 0; row < view.activationBits.size(); ++row) {
        const double y = top + static_cast<double>(row) * height;
        const int from = view.activationBits[row];
        if (painter != nullptr) {
            painter->setPen(theme.text());
            painter->drawText(QRectF(kMargin, y, rowLabels + 1, height - 1),
                              Qt::AlignRight | Qt::AlignVCenter, formatBits(from));
            paintChip(*painter, QRectF(left - kChip - 2, y, kChip, height - 1), from, theme);
        }
        for (std::size_t column = 0; column < view.weightBits.size(); ++column) {
            const TransitionView::Cell& cell = view.at(row, column);
            const int to = view.weightBits[column];
            const QRectF place(left + static_cast<double>(column) * width, y, width - 1,
                               height - 1);
            const double percent =
                total == 0 ? 0.0
                           : 100.0 * static_cast<double>(cell.macs) / static_cast<double>(total);
            if (cell.layers > 0) {
                spots.push_back(
                    {place, TransitionMatrix::spotId(from, to),
                     TransitionMatrix::tr("Activation bits: %1, weight bits: %2\nLayers: "
                                          "%3\nMACs: %4 (%5)\nClick to select these layers")
                         .arg(formatBits(from), formatBits(to), formatExact(cell.layers),
                              formatCount(cell.macs), formatPercent(percent))});
            }
            if (painter == nullptr) {
                continue;
            }
            const double share =
                most == 0 ? 0.0 : static_cast<double>(cell.macs) / static_cast<double>(most);
            const QColor ground = cell.layers == 0 ? mixed(theme.base(), theme.grid(), 0.35)
                                                   : mixed(theme.base(), theme.weights(),
                                                           0.12 + (kDarkest - 0.12) * share);
            painter->fillRect(place, ground);
            const QString text = formatExact(cell.layers);
            if (cell.layers > 0 && metrics.horizontalAdvance(text) + 4 <= place.width() &&
                line <= place.height() + 4) {
                painter->setPen(Theme::textOn(ground));
                painter->drawText(place, Qt::AlignCenter, text);
            }
        }
    }
    return spots;
}
} // namespace

TransitionMatrix::TransitionMatrix(QWidget* parent) : PaintedChart(parent)
{
    setAccessibleName(tr("Layers by activation and weight bits"));
    setEmptyText(tr("Open a model to see which bit widths feed which."));
    connect(this, &PaintedChart::partActivated, this,
            [this](int id) { Q_EMIT transitionActivated(id / 100, id % 100); });
}

void TransitionMatrix::setView(std::shared_ptr<const TransitionView> view)
{
    m_view = std::move(view);
    setDrawing(
        [shown = m_view](QPainter* painter, QSize size, const Theme& theme, const QFont& font) {
            return shown ? draw(*shown, painter, size, theme, font) : std::vector<HotSpot>();
        });
}

QString TransitionMatrix::csv() const
{
    QString text = QStringLiteral("activation_bits,weight_bits,layers,macs\n");
    for (std::size_t row = 0; m_view && row < m_view->activationBits.size(); ++row) {
        for (std::size_t column = 0; column < m_view->weightBits.size(); ++column) {
            const TransitionView::Cell& cell = m_view->at(row, column);
            if (cell.layers > 0) {
                text += QString::number(m_view->activationBits[row]) + u',' +
                        QString::number(m_view->weightBits[column]) + u',' +
                        QString::number(cell.layers) + u',' + QString::number(cell.macs) + u'\n';
            }
        }
    }
    return text;
}

} // namespace bitloom::ui
