// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/logit_metrics.h"
#include "tests/core/methods/small_network.h"

#include <ATen/ops/log_softmax.h>
#include <ATen/ops/tensor.h>

#include "tests/support/test_support.h"

using namespace bitloom;

class TestLogitMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheDefinition()
    {
        Rng rng(1);
        const at::Tensor logits = test::randomTensor({7, 10}, rng, 3);
        const at::Tensor other = logits + test::randomTensor({7, 10}, rng, 0.5);
        const at::Tensor labels = other.argmax(1);
        const LogitReference reference(logits, labels);
        const LogitSums sums = reference.compare(other);

        const at::Tensor p = at::log_softmax(logits.to(at::kDouble), 1);
        const at::Tensor q = at::log_softmax(other.to(at::kDouble), 1);
        const double kl = (p.exp() * (p - q)).sum().item<double>();
        const double error = (logits - other).to(at::kDouble).square().mean(1).sum().item<double>();
        QVERIFY(std::abs(sums.kl - kl) < 1e-12);
        QVERIFY(std::abs(sums.outputError - error) < 1e-5);
        QCOMPARE(sums.correct, 7);
        QCOMPARE(reference.correct(), logits.argmax(1).eq(labels).sum().item<std::int64_t>());
    }

    void equalLogitsLoseNothing()
    {
        Rng rng(2);
        const at::Tensor logits = test::randomTensor({5, 4}, rng, 50);
        const LogitSums sums = LogitReference(logits, logits.argmax(1)).compare(logits);
        QCOMPARE(sums.outputError, 0.0);
        QVERIFY(sums.kl >= 0 && sums.kl < 1e-12);
    }

    void brokenLogits()
    {
        const at::Tensor logits = at::zeros({2, 3});
        const at::Tensor labels = at::zeros({2}, at::kLong);
        const LogitReference reference(logits, labels);
        at::Tensor broken = logits.clone();
        broken[1][2] = NAN;
        QVERIFY(std::isinf(reference.compare(broken).kl));
        QCOMPARE(reference.compare(broken).correct, 1);
        BITLOOM_EXPECT_ERROR(LogitReference(broken, labels), ErrorCode::NonFinite, "NaN or Inf");
        BITLOOM_EXPECT_ERROR(reference.compare(at::zeros({3, 3})), ErrorCode::ShapeMismatch,
                             "expected logits");
        BITLOOM_EXPECT_ERROR(LogitReference(logits, at::zeros({3}, at::kLong)),
                             ErrorCode::ShapeMismatch, "labels");
    }
};

QTEST_GUILESS_MAIN(TestLogitMetrics)
#include "tst_logit_metrics.moc"
