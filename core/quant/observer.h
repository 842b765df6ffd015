// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/quant/range_data.h"
#include "core/quant/scale_search.h"
#include "core/types/quant_spec.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace bitloom {

/// Chooses scale and zero point for tensors that arrive in batches (activations), in up to two
/// passes over the batches:
///
///     RangeObserver observer(spec, axis);
///     for (int pass = 0; pass < observer.numPasses(); ++pass) {
///         for (batch...) { observer.observe(batch); }
///         observer.nextPass();
///     }
///     QuantParams params = observer.finish();
///
/// Source:   min-max, mse: Pack-PTQ (arXiv 2505.00259); see quant/quant_grid.h and
/// quant/scale_search.h for formulas. Passes:   MinMax 1 (smallest and largest value, widened to
/// include 0). Percentile 2 (range, then a histogram; the two
///           quantiles, widened to include 0; see PercentileHistogram for the resolution). Mse 2
///           (range, then all 80 candidates' errors; 0 is not forced into the range). A fixed
///           spec.range (widened to include 0), pruned (bits = 0) and float (bits = 32) specs need
///           none: observe is never called.
/// Shapes:   any floating type and device; data are moved to the CPU as float32. Per channel: one
/// range per index of axis,
///           the same number in each batch. Per tensor: axis is ignored. Empty batches are skipped.
/// Memory:   min and max, or 640 bytes (Mse) or 64 KiB (Percentile) per channel; never the data.
/// Determinism: the result does not depend on the thread count or the instruction set.
/// Errors:   NonFinite with the number of NaN and infinite values; ShapeMismatch; InvalidArgument
/// for a spec without
///           meaning (bits, 1-bit symmetric, percentile outside (50, 100], fixed range per channel
///           or upside down), and where no data were observed.
class RangeObserver {
public:
    RangeObserver(const QuantSpec& spec, int axis);

    int numPasses() const { return m_numPasses; }
    void observe(const at::Tensor& x);
    void nextPass();
    /// After the last nextPass().
    QuantParams finish() const;

private:
    void widen(const std::vector<ValueRange>& ranges);

    QuantSpec m_spec;
    int m_axis;
    int m_numPasses;
    int m_pass = 0;
    std::vector<ValueRange> m_ranges;              ///< per channel, from the first pass
    std::vector<ScaleSearch> m_search;             ///< 1 entry in the second pass of Mse
    std::vector<PercentileHistogram> m_histograms; ///< per channel in the second pass of Percentile
};

/// The same for one tensor that is there as a whole (weights). Percentile is exact here.
/// bits = 32 gives floatParams(), bits = 0 prunedParams(); NaN and infinities are refused in both
/// cases too.
QuantParams chooseQuantParams(const at::Tensor& x, const QuantSpec& spec, int axis);

/// Mean (x - y)^2 over all elements, in double, where y is x quantized as spec says.
double quantizationError(const at::Tensor& x, const QuantSpec& spec, int axis);

} // namespace bitloom
