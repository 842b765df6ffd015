// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/io/model_file.h"
#include "core/io/state/npy.h"
#include "core/methods/bayesian_bits/checkpoint_import.h"
#include "core/methods/bayesian_bits/outcome.h"
#include "core/methods/quantized_executor.h"

#include "tests/core/methods/bayesian_bits/published_lenet.h"
#include "tests/support/python.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <QProcess>
#include <QTemporaryDir>

#include <cmath>
#include <limits>
#include <map>

using namespace bitloom;
using namespace bitloom::bayesian_bits;

namespace {

at::Tensor& entry(io::StateDict& state, const std::string& name)
{
    return std::ranges::find(state.tensors, name, &NamedTensors::value_type::first)->second;
}

void rename(io::StateDict& state, const std::string& from, const std::string& to)
{
    for (auto& [name, tensor] : state.tensors) {
        if (name == from) {
            name = to;
        }
    }
}

LoadedModel architecture(const std::string& name, const std::vector<std::int64_t>& shape = {})
{
    return describeModel(graph::buildArchitecture(name, 1), shape);
}

double largest(const at::Tensor& tensor)
{
    return tensor.abs().max().item<double>();
}

} // namespace

class TestBayesianBitsCheckpoint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void computesWhatThePublishedNetworkDid_data();
    void computesWhatThePublishedNetworkDid();
    void everythingIsTakenOver();
    void oneWithoutChannelGates();
    void notWhole_data();
    void notWhole();
    void anotherModel();
    void closedChannelsNeedGates();
};

void TestBayesianBitsCheckpoint::computesWhatThePublishedNetworkDid_data()
{
    QTest::addColumn<QString>("network");
    QTest::addColumn<QString>("format");
    QTest::newRow("LeNet-5") << "lenet5"
                             << "";
    QTest::newRow("LeNet-5, legacy format") << "lenet5"
                                            << "legacy";
    QTest::newRow("ResNet-18, residual inputs quantized") << "resnet18"
                                                          << "";
    QTest::newRow("MobileNetV2") << "mobilenet_v2"
                                 << "";
}

/// Against plain PyTorch that calculates step by step what the method's description says.
void TestBayesianBitsCheckpoint::computesWhatThePublishedNetworkDid()
{
    QFETCH(QString, network);
    QFETCH(QString, format);
    BITLOOM_NEED_PYTHON(python, "torch", "numpy");
    const QTemporaryDir folder;
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    QStringList arguments{test::testScript("core/methods/bayesian_bits/make_checkpoint.py"),
                          folder.path(), network};
    if (!format.isEmpty()) {
        arguments << format;
    }
    process.start(python, arguments);
    QVERIFY(process.waitForFinished(120'000));
    QCOMPARE(process.exitCode(), 0);

    const std::filesystem::path path = folder.path().toStdString();
    const io::BayesianBitsCheckpoint checkpoint =
        io::readBayesianBitsCheckpoint(path / "checkpoint.pth");
    const at::Tensor images = io::readNpy(path / "images.npy");
    const at::Tensor expected = io::readNpy(path / "logits.npy");
    std::vector<std::int64_t> shape = images.sizes().vec();
    shape[0] = 1;
    const LoadedModel model = architecture(network.toStdString(), shape);
    NetworkOptions options;
    options.sites.residualInputs = true;
    GatedNetwork ours(model, options, at::kCPU);
    ours.restore(importCheckpoint(checkpoint, model, ours).state);
    QVERIFY(ours.hasRanges());
    std::map<int, int> widths;
    std::int64_t pruned = 0;
    for (const QuantizerWidth& width : ours.widths()) {
        ++widths[width.bits];
        pruned += std::ranges::count(width.kept, false);
    }
    QVERIFY(widths.size() >= 2);
    QVERIFY(pruned > 0);
    const at::NoGradGuard noGradients;
    // A value next to a tie falls to the other level where sums were added in another order: noise
    // of 1e-7 behind each convolution changes these logits by 0.01 of the largest one.
    const double most = network == "lenet5" ? 2e-3 : 0.05;
    const auto difference = [&](const at::Tensor& a, const at::Tensor& b) {
        return largest(a - b) / largest(expected);
    };
    const at::Tensor logits = ours.evaluation().run(images);
    QVERIFY2(difference(logits, expected) < most,
             qPrintable(QString::number(difference(logits, expected))));
    QVERIFY(at::equal(logits.argmax(1), expected.argmax(1)));
    const Outcome outcome = makeOutcome(ours, "imported");
    const at::Tensor packed =
        makeQuantizedExecutor(outcome.model, outcome.plan, outcome.state, at::kCPU).run(images);
    QVERIFY2(difference(packed, logits) < 0.05,
             qPrintable(QString::number(difference(packed, logits))));
}

void TestBayesianBitsCheckpoint::everythingIsTakenOver()
{
    const LoadedModel model = architecture("lenet5");
    GatedNetwork network(model, {}, at::kCPU);
    const io::StateDict entries = test::publishedLenet(architecture("lenet5"));
    const ImportedCheckpoint imported =
        importCheckpoint(io::bayesianBitsCheckpoint(entries), model, network);
    QCOMPARE(imported.notes.size(), std::size_t{1});
    QVERIFY2(textOf(imported.notes[0]).find("features.2 is features.3") != std::string::npos,
             textOf(imported.notes[0]).c_str());
    network.restore(imported.state);
    const std::map<std::string, at::Tensor> file(entries.tensors.begin(), entries.tensors.end());
    const NamedTensors weights = network.weights();
    const std::map<std::string, at::Tensor> taken(weights.begin(), weights.end());
    const auto& layers = test::kPublishedLenetLayers;
    const GateLayout& layout = network.layout();
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const auto& [theirs, ours] = layers[l];
        for (const std::string part : {".weight", ".bias"}) {
            QVERIFY(at::equal(taken.at(ours + part), file.at(theirs + part)));
        }
        const auto requireQuantizer = [&](std::size_t q, const std::string& name, bool isSigned) {
            const std::string prefix = theirs + "." + name + ".quantizer.";
            const auto at = static_cast<std::int64_t>(q);
            QVERIFY(at::equal(network.ranges()[at], file.at(prefix + "x_max")[0]));
            QVERIFY(at::equal(network.rangeFloors()[at], file.at(prefix + "x_max")[0] * 1e-6));
            QCOMPARE(network.isSigned(q), isSigned);
            for (std::int64_t k = 0; k < 4; ++k) {
                const std::string level = prefix + "gamma_" + std::to_string(4 << k);
                QVERIFY(at::equal(network.logits()[layout.levelsAt(q) + k], file.at(level)[0]));
            }
        };
        const std::size_t weight = *network.sites().layers[l].weight;
        requireQuantizer(weight, "weight_quantizer", true);
        if (layout.channelsOf(weight) > 0) {
            QVERIFY(at::equal(
                network.logits().narrow(0, layout.channelsAt(weight), layout.channelsOf(weight)),
                file.at(theirs + ".weight_quantizer.quantizer.gamma_2")));
        }
        if (l + 1 < layers.size()) { // the logits have no quantizer
            requireQuantizer(*network.sites().layers[l + 1].inputs[0], "activation_quantizer",
                             false);
        }
    }
}

void TestBayesianBitsCheckpoint::oneWithoutChannelGates()
{
    io::StateDict entries = test::publishedLenet(architecture("lenet5"));
    std::erase_if(entries.tensors,
                  [](const auto& each) { return each.first.ends_with("gamma_2"); });
    const LoadedModel model = architecture("lenet5");
    const GatedNetwork network(model, {}, at::kCPU);
    const ImportedCheckpoint imported =
        importCheckpoint(io::bayesianBitsCheckpoint(entries), model, network);
    QVERIFY2(textOf(imported.notes.back()).find("no channel gates for 3 weights") !=
                 std::string::npos,
             textOf(imported.notes.back()).c_str());
}

void TestBayesianBitsCheckpoint::notWhole_data()
{
    QTest::addColumn<QString>("damage");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* damage, ErrorCode code, const char* message) {
        QTest::newRow(damage) << damage << static_cast<int>(code) << message;
    };
    row("plain", ErrorCode::UnknownFormat, "no checkpoint of Bayesian Bits");
    row("fine-tuned", ErrorCode::Unsupported, "take epoch_FINAL_PRE_FT.pth");
    row("without ranges", ErrorCode::Unsupported, "without --learned-scale range");
    row("missing", ErrorCode::ModelMismatch,
        "1 missing: features.2.weight_quantizer.quantizer.gamma_8");
    row("unexpected", ErrorCode::ModelMismatch, "1 unexpected: features.0.scale");
    row("misshapen", ErrorCode::ModelMismatch,
        "features.0.activation_quantizer.quantizer.x_max is (2), expected (1)");
    row("NaN", ErrorCode::NonFinite, "\"classifier.0.bias\" holds NaN or infinity");
    row("collapsed", ErrorCode::NonFinite, "this training had collapsed");
    row("vector weight", ErrorCode::ModelMismatch, "\"features.0.weight\" has 1 dimensions");
    row("expanded", ErrorCode::Unsupported, "does not lie in one piece");
}

void TestBayesianBitsCheckpoint::notWhole()
{
    QFETCH(QString, damage);
    QFETCH(int, code);
    QFETCH(QString, message);
    io::StateDict state = test::publishedLenet(architecture("lenet5"));
    if (damage == "plain") {
        std::erase_if(state.tensors, [](const auto& each) {
            return each.first.find("quantizer") != each.first.npos;
        });
    } else if (damage == "fine-tuned") {
        std::erase_if(state.tensors,
                      [](const auto& each) { return each.first.find("gamma") != each.first.npos; });
    } else if (damage == "without ranges") {
        std::erase_if(state.tensors,
                      [](const auto& each) { return each.first.find("x_m") != each.first.npos; });
    } else if (damage == "missing") {
        std::erase_if(state.tensors, [](const auto& each) {
            return each.first == "features.2.weight_quantizer.quantizer.gamma_8";
        });
    } else if (damage == "unexpected") {
        state.tensors.emplace_back("features.0.scale", at::ones({1}));
    } else if (damage == "misshapen") {
        entry(state, "features.0.activation_quantizer.quantizer.x_max") = at::ones({2});
    } else if (damage == "NaN") {
        entry(state, "classifier.0.bias")[3] = std::nan("");
    } else if (damage == "collapsed") {
        entry(state, "features.0.activation_quantizer.quantizer.x_max") = at::zeros({1});
    } else if (damage == "vector weight") {
        entry(state, "features.0.weight") = at::ones({32});
    } else {
        entry(state, "classifier.0.weight") = at::ones({1}).expand({512, 1024});
    }
    const LoadedModel model = architecture("lenet5");
    const GatedNetwork network(model, {}, at::kCPU);
    BITLOOM_EXPECT_ERROR(importCheckpoint(io::bayesianBitsCheckpoint(state), model, network),
                         static_cast<ErrorCode>(code), message.toStdString());
}

void TestBayesianBitsCheckpoint::anotherModel()
{
    const io::BayesianBitsCheckpoint checkpoint =
        io::bayesianBitsCheckpoint(test::publishedLenet(architecture("lenet5")));
    const LoadedModel model = architecture("vgg7");
    const GatedNetwork network(model, {}, at::kCPU);
    BITLOOM_EXPECT_ERROR(importCheckpoint(checkpoint, model, network), ErrorCode::ModelMismatch,
                         "of another model: 8 missing: features.0.weight [128, 3, 3, 3]");
    io::StateDict renamed = test::publishedLenet(architecture("lenet5"));
    rename(renamed, "features.2.bias", "features.2.gamma"); // normalised, where ours is not
    for (const char* rest : {"beta", "running_mean", "running_var"}) {
        renamed.tensors.emplace_back(std::string("features.2.") + rest, at::ones({64}));
    }
    const LoadedModel lenet = architecture("lenet5");
    const GatedNetwork plain(lenet, {}, at::kCPU);
    BITLOOM_EXPECT_ERROR(importCheckpoint(io::bayesianBitsCheckpoint(renamed), lenet, plain),
                         ErrorCode::ModelMismatch,
                         "1 missing: features.2.bias; 1 unexpected: features.2.gamma");
}

void TestBayesianBitsCheckpoint::closedChannelsNeedGates()
{
    io::StateDict state = test::publishedLenet(architecture("lenet5"));
    const LoadedModel model = architecture("lenet5");
    NetworkOptions options;
    options.sites.pruning = false;
    const GatedNetwork network(model, options, at::kCPU);
    // Open gates change nothing and may be left out.
    importCheckpoint(io::bayesianBitsCheckpoint(state), model, network);
    entry(state, "features.0.weight_quantizer.quantizer.gamma_2").narrow(0, 4, 2).fill_(-1);
    BITLOOM_EXPECT_ERROR(importCheckpoint(io::bayesianBitsCheckpoint(state), model, network),
                         ErrorCode::InvalidArgument,
                         "prunes 2 channels of features.0, where this search has no channel "
                         "gates: say --include-pruning");
}

QTEST_GUILESS_MAIN(TestBayesianBitsCheckpoint)
#include "tst_bayesian_bits_checkpoint.moc"
