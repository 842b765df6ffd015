// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/precision_bars.h"

#include "core/types/quant_spec.h"
#include "widgets/plots/chart_metrics.h"
#include "widgets/plots/plot_drawing.h"
#include "widgets/util/formatting.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace bitloom::ui {

namespace {
constexpr double kBarGap = 8;
constexpr double kMinPart = 2; // pixels: a part that exists is seen
constexpr int kRows = 3;

double heightOf(const QFont& font)
{
    return kRows * (lineHeight(font) + 8 + kBarGap) + lineHeight(font) + 2 * kBarGap;
}

void fillPart(QPainter& painter, const QRectF& place, int bits, const Theme& theme)
{
    if (bits == kPrunedBits) {
        painter.fillRect(place, QBrush(theme.dimText(), Qt::BDiagPattern));
    } else {
        painter.fillRect(place, Theme::bits(bits));
    }
}

struct Row {
    QString title;
    const std::vector<PrecisionShare>* shares = nullptr;
    QString (*format)(std::int64_t) = nullptr;
};

class Layout {
public:
    Layout(const PrecisionView& view, QPainter* painter, QSize size, const Theme& theme,
           const QFont& font)
        : m_painter(painter), m_theme(theme), m_metrics(font), m_size(size),
          m_line(lineHeight(font)), m_rows{Row{PrecisionBars::tr("Parameters"), &view.parameters,
                                               &formatExact},
                                           Row{PrecisionBars::tr("MACs"), &view.macs, &formatExact},
                                           Row{PrecisionBars::tr("Bytes"), &view.bytes,
                                               &formatExactBytes}}
    {
        for (const Row& row : m_rows) {
            m_labelWidth = std::max(m_labelWidth, m_metrics.horizontalAdvance(row.title));
        }
        if (m_painter != nullptr) {
            m_painter->setFont(font);
        }
    }

    std::vector<HotSpot> run()
    {
        double y = kBarGap;
        for (int row = 0; row < kRows; ++row) {
            layRow(row, y);
            y += m_line + 8 + kBarGap;
        }
        if (m_painter != nullptr && !m_spots.empty()) {
            paintKey(y);
        }
        return std::move(m_spots);
    }

private:
    void layRow(int index, double y)
    {
        const Row& row = m_rows[static_cast<std::size_t>(index)];
        std::int64_t total = 0;
        for (const PrecisionShare& share : *row.shares) {
            total += share.amount;
        }
        if (total <= 0) {
            return;
        }
        if (m_painter != nullptr) {
            m_painter->setPen(m_theme.text());
            m_painter->drawText(QRectF(kMargin, y, m_labelWidth + 2, m_line + 8),
                                Qt::AlignLeft | Qt::AlignVCenter, row.title);
        }
        const double left = kMargin + m_labelWidth + kMargin;
        const double width = std::max(m_size.width() - left - kMargin, 1.0);
        // Every part gets its least width first, the rest is shared by amount.
        const double parts = static_cast<double>(row.shares->size());
        const double least = std::min(kMinPart, width / parts);
        double x = left;
        for (const PrecisionShare& share : *row.shares) {
            const double part = static_cast<double>(share.amount) / static_cast<double>(total);
            const double end = x + least + part * (width - least * parts);
            // Whole pixels between neighbours, one of them free.
            const QRectF place(
                QPointF(std::round(x), y),
                QPointF(std::max(std::round(end) - 1, std::round(x) + 1), y + m_line + 8));
            layPart(index, row, share, 100 * part, place);
            x = end;
        }
    }

    void layPart(int index, const Row& row, const PrecisionShare& share, double percent,
                 const QRectF& place)
    {
        const QString amount = row.format(share.amount);
        m_spots.push_back(
            {place, PrecisionBars::spotId(index, share.bits),
             PrecisionBars::tr("%1, bits: %2\n%3 (%4)\nClick to select its layers")
                 .arg(row.title, formatBits(share.bits), amount, formatPercent(percent))});
        if (m_painter == nullptr) {
            return;
        }
        fillPart(*m_painter, place, share.bits, m_theme);
        const QString bits = formatBits(share.bits);
        const QString both = PrecisionBars::tr("%1: %2").arg(bits, formatPercent(percent));
        const QString rounded =
            PrecisionBars::tr("%1: %2 %").arg(bits, QLocale().toString(percent, 'f', 0));
        for (const QString& text : {both, rounded, bits}) {
            const double width = m_metrics.horizontalAdvance(text);
            if (width + 8 > place.width()) {
                continue;
            }
            if (share.bits == kPrunedBits) { // no letters on a hatch
                m_painter->fillRect(QRectF(place.center().x() - width / 2 - 3, place.top() + 3,
                                           width + 6, place.height() - 6),
                                    m_theme.base());
            }
            m_painter->setPen(share.bits == kPrunedBits ? m_theme.text()
                                                        : Theme::textOn(Theme::bits(share.bits)));
            m_painter->drawText(place, Qt::AlignCenter, text);
            break;
        }
    }

    /// For the parts that are too narrow for a label of their own.
    void paintKey(double y)
    {
        std::set<int> widths;
        for (const HotSpot& spot : m_spots) {
            widths.insert(spot.id % 100);
        }
        double x = kMargin + m_labelWidth + kMargin;
        m_painter->setPen(m_theme.dimText());
        m_painter->drawText(QRectF(kMargin, y, m_labelWidth + 2, m_line),
                            Qt::AlignLeft | Qt::AlignVCenter, PrecisionBars::tr("Bits"));
        for (const int bits : widths) {
            const QString text = formatBits(bits);
            const double width = m_metrics.horizontalAdvance(text);
            if (x + 16 + width > m_size.width() - 4) {
                return;
            }
            fillPart(*m_painter, QRectF(x, y + m_line / 2 - 5, 10, 10), bits, m_theme);
            m_painter->setPen(m_theme.dimText());
            m_painter->drawText(QRectF(x + 15, y, width + 2, m_line),
                                Qt::AlignLeft | Qt::AlignVCenter, text);
            x += 15 + width + 16;
        }
    }

    QPainter* m_painter;
    const Theme& m_theme;
    QFontMetricsF m_metrics;
    QSize m_size;
    double m_line;
    double m_labelWidth = 0;
    std::array<Row, kRows> m_rows;
    std::vector<HotSpot> m_spots;
};
} // namespace

PrecisionBars::PrecisionBars(QWidget* parent) : PaintedChart(parent)
{
    setAccessibleName(tr("Share of parameters, MACs and bytes by bit width"));
    setEmptyText(tr("Open a model to see how its precision is distributed."));
    connect(this, &PaintedChart::partActivated, this,
            [this](int id) { Q_EMIT bitsActivated(id % 100); });
}

void PrecisionBars::setView(std::shared_ptr<const PrecisionView> view)
{
    m_view = std::move(view);
    setDrawing([shown = m_view](QPainter* painter, QSize size, const Theme& theme,
                                const QFont& font) {
        return shown ? Layout(*shown, painter, size, theme, font).run() : std::vector<HotSpot>();
    });
}

QSize PrecisionBars::sizeHint() const
{
    return {420, static_cast<int>(std::ceil(heightOf(captionFont(*this))))};
}

QString PrecisionBars::csv() const
{
    QString text = QStringLiteral("quantity,bits,amount\n");
    const auto rows = [&text](const char* name, const std::vector<PrecisionShare>& shares) {
        for (const PrecisionShare& share : shares) {
            text += QString::fromLatin1(name) + u',' + QString::number(share.bits) + u',' +
                    QString::number(share.amount) + u'\n';
        }
    };
    if (m_view) {
        rows("parameters", m_view->parameters);
        rows("macs", m_view->macs);
        rows("bytes", m_view->bytes);
    }
    return text;
}

} // namespace bitloom::ui
