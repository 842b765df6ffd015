// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/logit_metrics.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitloom {

namespace {

/// ln(sum exp(x)) without overflow.
double logSumExp(const float* x, std::int64_t count)
{
    const double top = *std::max_element(x, x + count);
    double sum = 0;
    for (std::int64_t k = 0; k < count; ++k) {
        sum += std::exp(static_cast<double>(x[k]) - top);
    }
    return top + std::log(sum);
}

at::Tensor asRows(const at::Tensor& logits)
{
    BITLOOM_REQUIRE(logits.dim() == 2, ErrorCode::ShapeMismatch,
                    "expected logits of shape (images, classes), got ", logits.sizes());
    return logits.to(at::kCPU, at::kFloat).contiguous();
}

} // namespace

LogitReference::LogitReference(const at::Tensor& logits, const at::Tensor& labels)
{
    const at::Tensor rows = asRows(logits);
    m_images = rows.size(0);
    m_classes = rows.size(1);
    BITLOOM_REQUIRE(labels.dim() == 1 && labels.size(0) == m_images, ErrorCode::ShapeMismatch,
                    "expected ", m_images, " labels, got shape ", labels.sizes());
    const float* data = rows.const_data_ptr<float>();
    m_logits.assign(data, data + m_images * m_classes);
    BITLOOM_REQUIRE(
        std::all_of(m_logits.begin(), m_logits.end(), [](float x) { return std::isfinite(x); }),
        ErrorCode::NonFinite, "the unquantized model's logits hold NaN or Inf");
    m_labels.assign(labels.const_data_ptr<std::int64_t>(),
                    labels.const_data_ptr<std::int64_t>() + m_images);
    m_probabilities.resize(m_logits.size());
    for (std::int64_t i = 0; i < m_images; ++i) {
        const float* row = m_logits.data() + i * m_classes;
        const double normalizer = logSumExp(row, m_classes);
        double negativeEntropy = 0;
        for (std::int64_t k = 0; k < m_classes; ++k) {
            const double logProbability = row[k] - normalizer;
            const double probability = std::exp(logProbability);
            m_probabilities[static_cast<std::size_t>(i * m_classes + k)] = probability;
            negativeEntropy += probability * logProbability;
        }
        m_negativeEntropy.push_back(negativeEntropy);
        m_correct +=
            std::max_element(row, row + m_classes) - row == m_labels[static_cast<std::size_t>(i)]
                ? 1
                : 0;
    }
}

LogitSums LogitReference::compare(const at::Tensor& logits) const
{
    const at::Tensor rows = asRows(logits);
    BITLOOM_REQUIRE(rows.size(0) == m_images && rows.size(1) == m_classes, ErrorCode::ShapeMismatch,
                    "expected logits of shape (", m_images, ", ", m_classes, "), got ",
                    rows.sizes());
    const float* data = rows.const_data_ptr<float>();
    LogitSums sums;
    for (std::int64_t i = 0; i < m_images; ++i) {
        const float* row = data + i * m_classes;
        const float* reference = m_logits.data() + i * m_classes;
        const double* probability = m_probabilities.data() + i * m_classes;
        if (!std::all_of(row, row + m_classes, [](float x) { return std::isfinite(x); })) {
            sums.outputError = sums.kl = std::numeric_limits<double>::infinity();
            continue;
        }
        const double normalizer = logSumExp(row, m_classes);
        double squares = 0;
        double crossEntropy = 0;
        for (std::int64_t k = 0; k < m_classes; ++k) {
            const double difference = static_cast<double>(row[k]) - reference[k];
            squares += difference * difference;
            crossEntropy -= probability[k] * (row[k] - normalizer);
        }
        sums.outputError += squares / static_cast<double>(m_classes);
        // Rounding can leave a hair below zero where the distributions agree.
        sums.kl += std::max(0.0, m_negativeEntropy[static_cast<std::size_t>(i)] + crossEntropy);
        sums.correct +=
            std::max_element(row, row + m_classes) - row == m_labels[static_cast<std::size_t>(i)]
                ? 1
                : 0;
    }
    return sums;
}

} // namespace bitloom
