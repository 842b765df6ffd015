// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/graph/executor.h"
#include "core/graph/fingerprint.h"
#include "core/graph/graph_json.h"
#include "core/graph/graph_text.h"
#include "core/graph/passes/find_layers.h"
#include "core/io/script/torchscript_reader.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/max.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/sub.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include "tests/support/phrase_texts.h"
#include "tests/support/python.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <set>

using namespace bitloom;
using namespace bitloom::graph;

namespace {

std::vector<at::Tensor> evaluate(const Graph& graph, const at::Tensor& input)
{
    const Executor executor(std::make_shared<const Graph>(graph));
    std::vector<at::Tensor> outputs;
    for (const c10::IValue& output : executor.run(std::vector<c10::IValue>{input})) {
        outputs.push_back(output.toTensor());
    }
    return outputs;
}

void flatten(const c10::IValue& value, std::vector<at::Tensor>& tensors)
{
    if (value.isTensor()) {
        tensors.push_back(value.toTensor());
    } else if (value.isGenericDict()) {
        for (const auto& entry : value.toGenericDict()) {
            flatten(entry.value(), tensors);
        }
    } else if (value.isTuple()) {
        for (const c10::IValue& item : value.toTupleRef().elements()) {
            flatten(item, tensors);
        }
    }
}

std::set<std::string> parameterNames(const Graph& graph)
{
    std::set<std::string> names;
    for (const Parameter& parameter : graph.parameters()) {
        names.insert(parameter.name);
    }
    return names;
}

std::size_t countOps(const Graph& graph, const std::string& prefix)
{
    return static_cast<std::size_t>(
        std::count_if(graph.nodes().begin(), graph.nodes().end(),
                      [&](const Node& node) { return node.op.starts_with(prefix); }));
}

std::string joined(const std::vector<std::string>& lines)
{
    std::string all;
    for (const std::string& line : lines) {
        all += line + "\n";
    }
    return all;
}

} // namespace

class TorchScriptReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        BITLOOM_NEED_PYTHON(python, "torch");
        at::set_num_threads(1);
        QProcess process;
        const QString script = test::testScript("core/io/make_torchscript_models.py");
        process.start(python, {script, m_folder.path()});
        QVERIFY2(process.waitForFinished(110000) && process.exitCode() == 0,
                 process.readAllStandardError().constData());
    }

    /// Same bits as LibTorch's own interpreter, at batch sizes that the reader never saw.
    void equalsTheModule_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* name :
             {"resnet18", "resnet50", "mobilenet", "shuffle", "vit", "unet", "plain", "lstm"}) {
            QTest::newRow(qPrintable(QString("%1 traced").arg(name)))
                << QString("%1.trace.pt").arg(name);
            QTest::newRow(qPrintable(QString("%1 scripted").arg(name)))
                << QString("%1.script.pt").arg(name);
        }
        QTest::newRow("transformer encoder traced") << "encoder.trace.pt";
        QTest::newRow("transformer encoder scripted") << "encoder.script.pt";
        QTest::newRow("transformer encoder with fused kernels") << "encoder_fused.trace.pt";
        QTest::newRow("loops, branches and dictionaries") << "loops.script.pt";
        QTest::newRow("frozen") << "frozen.script.pt";
    }
    void equalsTheModule()
    {
        QFETCH(QString, file);
        io::TorchScriptOptions options;
        options.inputShapes = shapeOf(file);
        const Graph graph = io::readTorchScript(path(file), options).graph;
        torch::jit::Module module = torch::jit::load(path(file).string());
        module.eval();
        at::Generator generator = at::detail::createCPUGenerator(1);
        for (const std::int64_t batch : {1, 3, 5}) {
            auto shape = options.inputShapes.front();
            shape.front() = batch;
            const bool isTokens = file.startsWith("encoder");
            const at::Tensor input =
                isTokens ? at::randint(20, shape, generator, at::TensorOptions(at::kLong))
                         : at::randn(shape, generator, at::TensorOptions(at::kFloat));
            // Scripted encoder layers choose fused kernels when gradients are off; the graph never
            // does.
            const c10::AutoGradMode mode(file == "encoder.script.pt");
            std::vector<at::Tensor> expected;
            flatten(module.forward({input}), expected);
            const auto actual = evaluate(graph, input);
            QCOMPARE(actual.size(), expected.size());
            for (std::size_t i = 0; i < actual.size(); ++i) {
                QVERIFY2(actual[i].sizes() == expected[i].sizes(), toString(graph).c_str());
                const double difference =
                    at::max(at::abs(at::sub(actual[i], expected[i]))).item().toDouble();
                QVERIFY2(at::equal(actual[i], expected[i]),
                         qPrintable(QString("batch %1: off by %2").arg(batch).arg(difference)));
            }
        }
    }

    /// Tracing and scripting one network is two spellings of one graph.
    void traceEqualsScript_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"resnet18", "resnet50", "mobilenet", "shuffle", "vit", "unet", "plain"}) {
            QTest::newRow(name) << QString(name);
        }
    }
    void traceEqualsScript()
    {
        QFETCH(QString, name);
        io::TorchScriptOptions options;
        options.inputShapes = shapeOf(name);
        const Graph traced = io::readTorchScript(path(name + ".trace.pt"), options).graph;
        const Graph scripted = io::readTorchScript(path(name + ".script.pt"), options).graph;
        const auto differences = diffGraphs(traced, scripted);
        QVERIFY2(differences.empty(), joined(differences).c_str());
        QCOMPARE(fingerprint(traced), fingerprint(scripted));
        QVERIFY2(!toJson(traced).empty(), "the graph cannot be stored in a packed file");
    }

    /// The same network by name and by file is one model: plans made for one fit the other.
    void equalsTheBuiltInArchitecture_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("architecture");
        QTest::newRow("resnet18") << "resnet18_full.script.pt"
                                  << "resnet18";
        QTest::newRow("mobilenet_v2, whose dropout a trace in eval mode does not hold")
            << "mobilenet_v2_full.trace.pt"
            << "mobilenet_v2";
    }
    void equalsTheBuiltInArchitecture()
    {
        QFETCH(QString, file);
        QFETCH(QString, architecture);
        const Graph read = io::readTorchScript(path(file)).graph;
        std::vector<std::pair<std::string, at::Tensor>> weights;
        for (const Parameter& parameter : read.parameters()) {
            weights.emplace_back(parameter.name, parameter.tensor);
        }
        const Graph built = buildArchitecture(architecture.toStdString(), 0, InitialWeights::Meta)
                                .withParameters(weights);
        QCOMPARE(fingerprint(read), fingerprint(built));
        QCOMPARE(read.inputShape(), built.inputShape());
    }

    void layersAreFound()
    {
        const auto layersOf = [&](const char* file) {
            std::vector<std::string> names;
            for (const LayerSite& site :
                 findLayers(io::readTorchScript(path(file), {shapeOf(file)}).graph)) {
                names.push_back(site.name);
            }
            return names;
        };
        QCOMPARE(layersOf("resnet18.script.pt").size(), std::size_t{21});
        QCOMPARE(layersOf("resnet50.trace.pt").size(), std::size_t{54});
        const auto vit = layersOf("vit.trace.pt");
        const std::vector<std::string> expected = {"patch",
                                                   "blocks.0.attn.qkv",
                                                   "blocks.0.attn.proj",
                                                   "blocks.0.mlp.0",
                                                   "blocks.0.mlp.3",
                                                   "blocks.1.attn.qkv",
                                                   "blocks.1.attn.matmul",
                                                   "blocks.1.attn.matmul_1",
                                                   "blocks.1.attn.proj",
                                                   "blocks.1.mlp.0",
                                                   "blocks.1.mlp.3",
                                                   "head"};
        QVERIFY2(vit == expected, joined(vit).c_str());
    }

    void parametersKeepTheirModulePath()
    {
        for (const char* file : {"resnet18.trace.pt", "resnet18.script.pt"}) {
            const Graph graph = io::readTorchScript(path(file), {{{1, 3, 64, 64}}}).graph;
            const torch::jit::Module module = torch::jit::load(path(file).string());
            std::set<std::string> trained;
            for (const auto& parameter : module.named_parameters()) {
                trained.insert(parameter.name);
                const Parameter* found = graph.findParameter(parameter.name);
                QVERIFY2(found != nullptr, parameter.name.c_str());
                QVERIFY(!found->isBuffer && at::equal(found->tensor, parameter.value));
            }
            std::set<std::string> expected = trained;
            for (const auto& buffer : module.named_buffers()) {
                if (buffer.name.find("num_batches_tracked") == std::string::npos) {
                    expected.insert(buffer.name);
                    QVERIFY(graph.findParameter(buffer.name) &&
                            graph.findParameter(buffer.name)->isBuffer);
                }
            }
            QVERIFY(parameterNames(graph) == expected);
            const auto conv =
                std::find_if(graph.nodes().begin(), graph.nodes().end(), [](const Node& node) {
                    return node.scope == "layer2.0.downsample.0";
                });
            QVERIFY(conv != graph.nodes().end());
            QCOMPARE(conv->op, std::string("aten::conv2d"));
            QCOMPARE(graph.value(conv->outputs.front()).name, std::string("layer2.0.downsample.0"));
        }
    }

    void plumbingLeavesNoNode()
    {
        const Graph resnet =
            io::readTorchScript(path("resnet50.script.pt"), {{{1, 3, 64, 64}}}).graph;
        QCOMPARE(countOps(resnet, "aten::conv2d"), std::size_t{53});
        QCOMPARE(countOps(resnet, "aten::batch_norm"), std::size_t{53});
        QCOMPARE(countOps(resnet, "aten::linear"), std::size_t{1});
        QCOMPARE(countOps(resnet, "aten::relu"), std::size_t{49});
        QCOMPARE(countOps(resnet, "aten::add"), std::size_t{16});
        QCOMPARE(resnet.nodes().size(), std::size_t{53 + 53 + 1 + 49 + 16 + 3});
        const Graph vit = io::readTorchScript(path("vit.trace.pt"), {{{1, 3, 16, 16}}}).graph;
        QCOMPARE(countOps(vit, "aten::linear"), std::size_t{9});
        QCOMPARE(countOps(vit, "aten::scaled_dot_product_attention"), std::size_t{1});
        QCOMPARE(countOps(vit, "aten::matmul"), std::size_t{2});
        QCOMPARE(countOps(vit, "aten::size"),
                 std::size_t{1}); // the class token is repeated for each image
        QCOMPARE(countOps(vit, "prim::"), std::size_t{0});
        QCOMPARE(countOps(vit, "aten::Int"), std::size_t{0});
        const Graph loops = io::readTorchScript(path("loops.script.pt"), {{{1, 8}}}).graph;
        QCOMPARE(countOps(loops, "aten::linear"), std::size_t{6});
        QCOMPARE(countOps(loops, "aten::relu"), std::size_t{4});
        QCOMPARE(loops.outputs().size(), std::size_t{2});
    }

    void inputShapeIsFound_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<std::vector<std::int64_t>>("shape");
        using Shape = std::vector<std::int64_t>;
        QTest::newRow("traced with batch 2") << "resnet50.trace.pt" << Shape{1, 3, 64, 64};
        QTest::newRow("strided stem") << "resnet18.script.pt" << Shape{1, 3, 224, 224};
        QTest::newRow("one channel") << "plain.script.pt" << Shape{1, 1, 28, 28};
        QTest::newRow("linear") << "loops.script.pt" << Shape{1, 8};
        QTest::newRow("tokens") << "encoder.script.pt" << Shape{1, 16};
        QTest::newRow("sizes taken apart") << "unpacked.script.pt" << Shape{1, 3, 224, 224};
    }
    void inputShapeIsFound()
    {
        QFETCH(QString, file);
        QFETCH(std::vector<std::int64_t>, shape);
        const auto model = io::readTorchScript(path(file));
        QVERIFY2(model.graph.inputShape() == shape, joined(test::textsOf(model.notes)).c_str());
        QVERIFY(!model.notes.empty() &&
                textOf(model.notes.front()).find("input shape") != std::string::npos);
    }

    void severalInputsNeedShapes()
    {
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("pair.script.pt")), ErrorCode::Unsupported,
                             "torch.jit.trace");
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("pair.script.pt"), {{{1, 4}}}),
                             ErrorCode::InvalidArgument, "2 tensors");
        const Graph graph = io::readTorchScript(path("pair.script.pt"), {{{1, 4}, {1, 5}}}).graph;
        QCOMPARE(graph.inputs().size(), std::size_t{2});
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("pair.script.pt"), {{{1, 4}, {1, 6}}}),
                             ErrorCode::ShapeMismatch, "\"right\"");
    }

    /// Each refusal names the module and says what to do.
    void refusals_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<std::vector<std::int64_t>>("shape");
        QTest::addColumn<QStringList>("texts");
        using Shape = std::vector<std::int64_t>;
        QTest::newRow("branch on data")
            << "data_branch.script.pt" << Shape{1, 4}
            << QStringList{"\"inner\"", "make_torchscript_models.py:", "torch.jit.trace"};
        QTest::newRow("loop on data")
            << "data_loop.script.pt" << Shape{1, 4}
            << QStringList{"number of rounds of a loop", "data of a tensor"};
        QTest::newRow("branch on the batch size")
            << "batch_branch.script.pt" << Shape{1, 4} << QStringList{"batch size"};
        QTest::newRow("write to a view") << "slice_write.script.pt" << Shape{1, 4}
                                         << QStringList{"changed in place", "torch.cat"};
        QTest::newRow("write to a buffer")
            << "stateful.script.pt" << Shape{1, 4} << QStringList{"seen"};
        QTest::newRow("endless loop")
            << "endless.script.pt" << Shape{1, 4} << QStringList{"too long to be unrolled"};
        QTest::newRow("size from data")
            << "masked.script.pt" << Shape{1, 4} << QStringList{"masked_select"};
        QTest::newRow("tuple as input")
            << "tuple_input.script.pt" << Shape{1, 4} << QStringList{"(Tensor, Tensor)"};
        QTest::newRow("active dropout")
            << "train_dropout.script.pt" << Shape{1, 4} << QStringList{"training"};
        QTest::newRow("traced in training mode") << "trained.trace.pt" << Shape{1, 3, 32, 32}
                                                 << QStringList{"features.0.1", "eval mode"};
    }
    void refusals()
    {
        QFETCH(QString, file);
        QFETCH(std::vector<std::int64_t>, shape);
        QFETCH(QStringList, texts);
        for (const QString& text : texts) {
            BITLOOM_EXPECT_ERROR(io::readTorchScript(path(file), {{shape}}), ErrorCode::Unsupported,
                                 text.toStdString());
        }
    }

    void otherFiles()
    {
        // A module whose name PyTorch writes and cannot read again.
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("umlaut.trace.pt")), ErrorCode::CorruptFile,
                             "LibTorch cannot load this TorchScript file: ill formed octal");
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("missing.pt")), ErrorCode::NotFound,
                             "missing.pt");
        BITLOOM_EXPECT_ERROR(io::readTorchScript(m_folder.path().toStdString()),
                             ErrorCode::UnknownFormat, "regular file");
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("state_dict.pth")), ErrorCode::UnknownFormat,
                             "arch:NAME@FILE");
        const std::string whole = test::readFile(path("plain.trace.pt"));
        test::writeFile(path("cut.pt"), std::string_view(whole).substr(0, whole.size() / 2));
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("cut.pt")), ErrorCode::CorruptFile,
                             "damaged");
        test::writeFile(path("text.pt"), "this is not a model");
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("text.pt")), ErrorCode::UnknownFormat,
                             "zip archive");
        test::writeFile(path("empty.pt"), "");
        BITLOOM_EXPECT_ERROR(io::readTorchScript(path("empty.pt")), ErrorCode::UnknownFormat,
                             "TorchScript");
    }

    void fusedLayersAreNoted()
    {
        const auto model = io::readTorchScript(path("encoder_fused.trace.pt"), {{{1, 6}}});
        QVERIFY2(joined(test::textsOf(model.notes)).find("set_fastpath_enabled(False)") !=
                     std::string::npos,
                 joined(test::textsOf(model.notes)).c_str());
        const auto plain = io::readTorchScript(path("encoder.script.pt"), {{{1, 6}}});
        QVERIFY2(joined(test::textsOf(plain.notes)).find("fused") == std::string::npos,
                 joined(test::textsOf(plain.notes)).c_str());
        QVERIFY(countOps(plain.graph, "aten::linear") >= 7);
    }

private:
    std::filesystem::path path(const QString& file) const
    {
        return m_folder.filePath(file).toStdString();
    }

    static std::vector<std::vector<std::int64_t>> shapeOf(const QString& file)
    {
        const std::string name = file.section('.', 0, 0).toStdString();
        if (name.starts_with("resnet")) {
            return {{1, 3, 64, 64}};
        }
        if (name == "shuffle" || name == "vit" || name == "unet") {
            return {{1, 3, 16, 16}};
        }
        if (name == "plain") {
            return {{1, 1, 28, 28}};
        }
        if (name == "lstm") {
            return {{1, 5, 8}};
        }
        if (name == "loops") {
            return {{1, 8}};
        }
        return name.starts_with("encoder") ? std::vector<std::vector<std::int64_t>>{{1, 6}}
                                           : std::vector<std::vector<std::int64_t>>{{1, 3, 32, 32}};
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TorchScriptReaderTest)
#include "tst_torchscript_reader.moc"
