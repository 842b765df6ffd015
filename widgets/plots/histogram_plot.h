// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/histogram.h"
#include "widgets/plots/plot.h"

#include <memory>

namespace bitloom::ui {

enum class HistogramSubject { Weights, Activations };

/// How values are distributed, with the quantization grid laid over them: bars without gaps, the
/// grid's levels as ticks under the axis (as lines too while there are fewer than 40), the clip
/// range as two lines with shaded tails, the clipped share in words.
class HistogramPlot final : public Plot {
    Q_OBJECT
public:
    explicit HistogramPlot(HistogramSubject subject, QWidget* parent = nullptr);

    void setHistogram(std::shared_ptr<const GridHistogram> histogram); ///< null: nothing yet
    void setCountLog(bool isLog);
    /// A shared range lets two histograms side by side be compared; none: that of the data.
    void setXRange(std::optional<AxisRange> range);
    /// The range that shows bins and clip range; for setXRange() of the other one.
    AxisRange fullXRange() const;
    /// Whether the clip range can be dragged.
    void setClipEditable(bool editable);

    int barsDrawn() const; ///< bins that hold a value
    QString csv() const override;

Q_SIGNALS:
    void clipDragged(double low, double high);
    void clipReleased(double low, double high);

private:
    using Plot::setScene;
    void rebuild();
    QString captionText() const;
    QString tooltipOf(int bin) const;
    bool hasGrid() const;

    HistogramSubject m_subject;
    std::shared_ptr<const GridHistogram> m_histogram;
    bool m_isCountLog = false;
    bool m_isClipEditable = false;
    std::optional<AxisRange> m_xRange;
    double m_clipLow = 0; ///< as dragged
    double m_clipHigh = 0;
};

} // namespace bitloom::ui
