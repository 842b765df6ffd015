// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/graph/architectures.h"
#include "core/graph/executor.h"
#include "core/graph/passes/training_mode.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/remainder.h>
#include <c10/core/GradMode.h>

#include "tests/support/python.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QProcess>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>

using namespace bitloom;
using namespace bitloom::graph;

namespace {

at::Tensor randomTensor(const std::vector<std::int64_t>& shape, std::uint64_t seed)
{
    at::Tensor tensor = at::empty(shape, at::kFloat);
    Rng rng(seed);
    std::generate_n(tensor.mutable_data_ptr<float>(), tensor.numel(),
                    [&rng] { return static_cast<float>(rng.normal()); });
    return tensor;
}

void writeRaw(const std::filesystem::path& path, const at::Tensor& tensor)
{
    test::writeFile(path, {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()});
}

at::Tensor readRaw(const std::filesystem::path& path)
{
    const std::string bytes = test::readFile(path);
    at::Tensor tensor =
        at::empty({static_cast<std::int64_t>(bytes.size() / sizeof(float))}, at::kFloat);
    std::copy(bytes.begin(), bytes.end(), static_cast<char*>(tensor.mutable_data_ptr()));
    return tensor;
}

/// Largest difference relative to the largest reference number.
double relativeDifference(const at::Tensor& ours, const at::Tensor& reference)
{
    return (ours - reference).abs().max().item<double>() / reference.abs().max().item<double>();
}

const std::vector<std::string> kNetworks{"lenet5",   "vgg7",     "resnet20_cifar",
                                         "resnet18", "resnet50", "mobilenet_v2"};

/// The network with statistics that are not the identity, and images for it.
struct Problem {
    explicit Problem(const std::string& name)
    {
        const Graph plain = buildArchitecture(name, 4);
        std::vector<std::pair<std::string, at::Tensor>> statistics;
        for (const Parameter& parameter : plain.parameters()) {
            if (parameter.isBuffer) {
                const at::Tensor numbers = randomTensor(parameter.tensor.sizes().vec(), 5);
                statistics.emplace_back(parameter.name, numbers.abs() * 0.2 + 0.1);
            }
        }
        graph = plain.withParameters(statistics);
        std::vector<std::int64_t> shape = graph.inputShape();
        shape[0] = 4;
        if (shape[3] == 224) {
            shape[2] = shape[3] = 64;
        }
        images = randomTensor(shape, 6);
    }

    /// What reference_networks.py reads.
    void write(const std::string& name, const std::filesystem::path& folder) const
    {
        nlohmann::json job{{"architecture", name},
                           {"input", images.sizes().vec()},
                           {"tensors", nlohmann::json::array()}};
        for (const Parameter& parameter : graph.parameters()) {
            job["tensors"].push_back({{"name", parameter.name},
                                      {"shape", parameter.tensor.sizes().vec()},
                                      {"file", parameter.name + ".bin"}});
            writeRaw(folder / (parameter.name + ".bin"), parameter.tensor);
        }
        writeRaw(folder / "input.bin", images);
        test::writeFile(folder / "job.json", job.dump());
    }

    Graph graph;
    at::Tensor images;
};

} // namespace

/// The built-in networks against ordinary PyTorch modules with the same state dict: names,
/// inference and training.
class TestArchitecturesPython : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void equalsThePyTorchModule_data();
    void equalsThePyTorchModule();

private:
    QTemporaryDir m_temporary;
};

void TestArchitecturesPython::initTestCase()
{
    BITLOOM_NEED_PYTHON(python, "torch", "numpy");
    // One process for all networks: importing PyTorch takes longer than running them.
    QStringList arguments{test::testScript("core/graph/reference_networks.py")};
    for (const std::string& name : kNetworks) {
        const std::filesystem::path folder =
            std::filesystem::path(m_temporary.path().toStdString()) / name;
        std::filesystem::create_directory(folder);
        Problem(name).write(name, folder);
        arguments << QString::fromStdString(folder.string());
    }
    QProcess process;
    process.start(python, arguments);
    QVERIFY(process.waitForFinished(100'000));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
}

void TestArchitecturesPython::equalsThePyTorchModule_data()
{
    QTest::addColumn<QString>("name");
    for (const std::string& name : kNetworks) {
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

void TestArchitecturesPython::equalsThePyTorchModule()
{
    QFETCH(QString, name);
    const Problem problem(name.toStdString());
    const Graph& graph = problem.graph;
    const at::Tensor& x = problem.images;
    const std::filesystem::path folder =
        std::filesystem::path(m_temporary.path().toStdString()) / name.toStdString();
    {
        const c10::NoGradGuard noGrad;
        const at::Tensor logits = Executor(std::make_shared<const Graph>(graph)).run(x);
        QVERIFY(relativeDifference(logits.flatten(), readRaw(folder / "logits.bin")) < 1e-5);
    }
    if (name == "mobilenet_v2") {
        return; // its dropout makes a training step random
    }
    const auto training = std::make_shared<const Graph>(withTrainingMode(graph, true));
    Executor executor(training);
    std::vector<at::Tensor> leaves;
    for (std::size_t i = 0; i < training->parameters().size(); ++i) {
        const Parameter& parameter = training->parameters()[i];
        if (!parameter.isBuffer) {
            leaves.push_back(parameter.tensor.detach().clone().set_requires_grad(true));
            executor.setParameter(ParameterIndex{static_cast<std::int32_t>(i)}, leaves.back());
        }
    }
    const at::Tensor logits = executor.run(x);
    const at::Tensor factors =
        at::remainder(at::arange(logits.numel(), at::kFloat), 7).reshape(logits.sizes());
    (logits * factors).sum().backward();
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& leaf : leaves) {
        gradients.push_back(leaf.grad().flatten());
    }
    QVERIFY(relativeDifference(at::cat(gradients), readRaw(folder / "gradients.bin")) < 1e-4);
    std::vector<at::Tensor> buffers;
    for (const Parameter& parameter : training->parameters()) {
        if (parameter.isBuffer) {
            buffers.push_back(parameter.tensor.flatten());
        }
    }
    if (!buffers.empty()) {
        QVERIFY(relativeDifference(at::cat(buffers), readRaw(folder / "statistics.bin")) < 1e-5);
    }
}

QTEST_GUILESS_MAIN(TestArchitecturesPython)
#include "tst_architectures_python.moc"
