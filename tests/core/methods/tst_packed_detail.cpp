// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/packed_detail.h"

#include "core/io/packed/packed_file.h"
#include "core/io/packed_model.h"
#include "core/io/packed_tensor_codec.h"
#include "core/methods/calibration.h"
#include "tests/core/io/packed_samples.h"
#include "tests/core/methods/small_network.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <cmath>
#include <map>
#include <numeric>

using namespace bitloom;
namespace fs = std::filesystem;

/// Codes counted one by one, and held against the floats that they were made of.
class TestPackedDetail : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    RunControl m_control;

    fs::path file(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

private Q_SLOTS:
    void everyCodeIsCounted()
    {
        test::writeSamples(file("samples.h5"));
        const io::PackedFileReader reader(file("samples.h5"));
        for (const auto& [tensor, integers] : test::intSamples()) {
            if (tensor.name == "shifted") { // its origins lie two milliards apart
                BITLOOM_EXPECT_ERROR(packedDetail(reader, tensor.name, nullptr, 10, m_control),
                                     ErrorCode::InvalidArgument,
                                     "shifted has integers from -3 to 2000000007");
                continue;
            }
            const auto detail = packedDetail(reader, tensor.name, nullptr, 10, m_control);
            std::map<std::int64_t, std::int64_t> expected;
            for (const std::int32_t q : integers) {
                ++expected[q];
            }
            std::map<std::int64_t, std::int64_t> found;
            double entropy = 0;
            for (std::size_t i = 0; i < detail->counts.size(); ++i) {
                if (detail->counts[i] > 0) {
                    found[detail->first + static_cast<std::int64_t>(i)] = detail->counts[i];
                    const double share = static_cast<double>(detail->counts[i]) /
                                         static_cast<double>(integers.size());
                    entropy -= share * std::log2(share);
                }
            }
            QVERIFY2(found == expected, tensor.name.c_str());
            QVERIFY(std::abs(detail->entropyBits - entropy) < 1e-9);
            QVERIFY(detail->entropyBits <= detail->bits + 1e-9);
            QVERIFY(!detail->against.has_value());
            if (tensor.name == "layer4.weight") { // all codes that there can be
                QCOMPARE(detail->first, std::int64_t(-8));
                QCOMPARE(detail->counts.size(), std::size_t(16));
            }
        }
    }

    void whatHasNoCodesSaysSo()
    {
        test::writeSamples(file("raw.h5"));
        const io::PackedFileReader reader(file("raw.h5"));
        BITLOOM_EXPECT_ERROR(packedDetail(reader, "bn.weight", nullptr, 10, m_control),
                             ErrorCode::InvalidArgument,
                             "bn.weight has no codes: it is stored as float32");
        BITLOOM_EXPECT_ERROR(packedDetail(reader, "layer4.wieght", nullptr, 10, m_control),
                             ErrorCode::NotFound, "the nearest names are layer4.weight");
    }

    void floatsAreHeldAgainstTheirCodes()
    {
        const LoadedModel model = test::smallResidualNetwork(3);
        UniformPlanOptions options;
        options.weightBits = 3;
        options.activationBits = 32;
        const BitPlan plan = makeUniformPlan(model.info, options);
        const auto state = calibrate(model, plan, nullptr, at::kCPU, m_control);
        const fs::path path = file("model.h5");
        QVERIFY(test::writePacked(path, model, plan, *state, m_control));
        const io::PackedFileReader reader(path);
        const auto detail = packedDetail(reader, "fc.weight", &model, 50, m_control);
        QVERIFY(detail->against.has_value());
        const FloatComparison& against = *detail->against;
        const at::Tensor weight = model.graph->findParameter("fc.weight")->tensor.contiguous();
        const at::Tensor stored = decodeParameter(reader.readTensor("fc.weight")).contiguous();
        double signal = 0;
        double noise = 0;
        double largest = 0;
        for (std::int64_t i = 0; i < weight.numel(); ++i) {
            const double w = weight.const_data_ptr<float>()[i];
            const double error = std::abs(w - stored.const_data_ptr<float>()[i]);
            signal += w * w;
            noise += error * error;
            largest = std::max(largest, error);
        }
        QVERIFY(largest > 0);
        QCOMPARE(against.maxAbsError, largest);
        QCOMPARE(std::abs(double{weight.const_data_ptr<float>()[against.maxAt]} -
                          double{stored.const_data_ptr<float>()[against.maxAt]}),
                 largest);
        QVERIFY(std::abs(*against.sqnrDb - 10 * std::log10(signal / noise)) < 1e-9);
        QCOMPARE(std::accumulate(against.weights.counts.begin(), against.weights.counts.end(),
                                 std::int64_t{0}),
                 weight.numel());
        QCOMPARE(against.weights.counts.size(), std::size_t(50));
        QCOMPARE(against.weights.gridLevels.size(), std::size_t(8)); // of 3 bits
    }
};

QTEST_GUILESS_MAIN(TestPackedDetail)
#include "tst_packed_detail.moc"
