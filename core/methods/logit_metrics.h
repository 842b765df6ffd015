// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace bitloom {

/// What a batch of logits says about a quantized network, as sums over the images.
struct LogitSums {
    double outputError = 0; ///< sum over images of the mean squared difference of the logits
    double kl = 0;          ///< sum over images of KL(softmax(reference) || softmax(logits)), nats
    std::int64_t correct = 0; ///< top-1
};

/// The float network's answer to one batch, prepared for many comparisons.
/// Threads: compare() from any number of threads.
class LogitReference {
public:
    /// logits (images, classes); labels (images) int64. Errors: ShapeMismatch, NonFinite.
    LogitReference(const at::Tensor& logits, const at::Tensor& labels);

    /// Logits of the same batch from a quantized network. NaN counts as wrong and gives infinite
    /// sums.
    LogitSums compare(const at::Tensor& logits) const;
    std::int64_t correct() const { return m_correct; }

private:
    std::int64_t m_images = 0;
    std::int64_t m_classes = 0;
    std::vector<float> m_logits;           ///< (images, classes)
    std::vector<double> m_probabilities;   ///< (images, classes), softmax of m_logits
    std::vector<double> m_negativeEntropy; ///< (images), sum p ln p
    std::vector<std::int64_t> m_labels;
    std::int64_t m_correct = 0;
};

} // namespace bitloom
