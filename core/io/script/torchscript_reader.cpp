// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/torchscript_reader.h"

#include "core/io/script/script_inputs.h"
#include "core/io/script/script_walker.h"

#include <ATen/core/function_schema.h>
#include <ATen/core/grad_mode.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <fstream>
#include <new>
#include <optional>

namespace bitloom::io {
namespace {

using script::ValuePtr;

/// The compiler's messages begin with an empty line.
std::string firstLine(const std::string& text)
{
    const std::size_t begin = std::min(text.find_first_not_of(" \n\r\t"), text.size());
    return text.substr(begin, text.find('\n', begin) - begin);
}

/// Runs LibTorch code and translates what it throws.
template <typename Body>
auto translated(ErrorCode code, const char* what, Body&& body) -> decltype(body())
{
    try {
        return body();
    } catch (const Error&) {
        throw;
    } catch (const c10::Error& error) {
        fail(code, what, ": ", firstLine(error.what_without_backtrace()));
    } catch (const std::bad_alloc&) {
        fail(ErrorCode::OutOfMemory, what, ": there is not enough memory");
    } catch (const std::exception& error) {
        fail(code, what, ": ", firstLine(error.what()));
    }
}

/// Checks that the file is a TorchScript archive; returns whether it holds the shapes it was traced
/// with.
bool requireArchive(const std::filesystem::path& path)
{
    BITLOOM_REQUIRE(std::filesystem::exists(path), ErrorCode::NotFound, "the file does not exist");
    BITLOOM_REQUIRE(std::filesystem::is_regular_file(path), ErrorCode::UnknownFormat,
                    "this is not a regular file");
    std::ifstream file(path, std::ios::binary);
    BITLOOM_REQUIRE(file.good(), ErrorCode::IoFailure, "the file cannot be opened for reading");
    char magic[4] = {};
    file.read(magic, sizeof(magic));
    BITLOOM_REQUIRE(
        file.gcount() == 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4,
        ErrorCode::UnknownFormat,
        "this is not a TorchScript file (a zip archive written by torch.jit.save was expected)");
    return translated(ErrorCode::CorruptFile, "the zip archive is damaged", [&] {
        caffe2::serialize::PyTorchStreamReader reader(path.string());
        BITLOOM_REQUIRE(
            reader.hasRecord("constants.pkl") && reader.hasRecord("data.pkl"),
            ErrorCode::UnknownFormat,
            "the archive holds no TorchScript code (a state dict or another archive); open it as "
            "arch:NAME@FILE");
        return reader.hasRecord("traced_inputs.pkl");
    });
}

torch::jit::Module load(const std::filesystem::path& path)
{
    const bool hasShapes = requireArchive(path);
    return translated(ErrorCode::CorruptFile, "LibTorch cannot load this TorchScript file", [&] {
        auto unit = std::make_shared<torch::jit::CompilationUnit>();
        torch::jit::ExtraFilesMap noFiles;
        constexpr bool loadSourceLines = true;
        torch::jit::Module module = torch::jit::import_ir_module(
            unit, path.string(), at::kCPU, noFiles, loadSourceLines, hasShapes);
        module.eval();
        return module;
    });
}

/// All tensors in the result of forward, in order.
void collectOutputs(const ValuePtr& value, std::vector<ValuePtr>& outputs)
{
    if (value->isTensor()) {
        outputs.push_back(value);
    }
    for (const ValuePtr& item : value->items) {
        collectOutputs(item, outputs);
    }
}

TorchScriptModel walk(const torch::jit::Module& module, const std::string& name,
                      const script::InputPlan& plan, std::size_t numRuns,
                      script::ScriptEmitter::FirstWeight& firstWeight)
{
    script::ScriptEmitter emitter(name, numRuns);
    try {
        const at::NoGradGuard noGradient;
        script::ScriptWalker walker(emitter);
        std::vector<ValuePtr> arguments = script::makeArguments(emitter, module, plan);
        auto self = emitter.constant(module._ivalue());
        const ValuePtr result = walker.callMethod(self, "forward", std::move(arguments), {});
        std::vector<ValuePtr> outputs;
        collectOutputs(result, outputs);
        BITLOOM_REQUIRE(!outputs.empty(), ErrorCode::Unsupported, "forward returns no tensor");
        if (outputs.size() > 1) {
            emitter.note({PhraseId::SeveralOutputs, {std::to_string(outputs.size())}});
        }
        if (walker.resolvedBranches() > 0) {
            emitter.note({PhraseId::BranchesResolved, {std::to_string(walker.resolvedBranches())}});
        }
        TorchScriptModel model{emitter.finish(outputs), emitter.notes()};
        return model;
    } catch (...) {
        firstWeight = emitter.firstWeight();
        throw;
    }
}

/// Walks with batch sizes 1 and 2; a model that only runs at the shape as given keeps that batch
/// size.
TorchScriptModel walkAtShapes(const torch::jit::Module& module, const std::string& name,
                              const script::InputPlan& plan,
                              script::ScriptEmitter::FirstWeight& firstWeight)
{
    const auto attempt = [&](const script::InputPlan& tried, std::size_t numRuns) {
        return translated(ErrorCode::Unsupported, "LibTorch failed while the model was examined",
                          [&] { return walk(module, name, tried, numRuns, firstWeight); });
    };
    try {
        return attempt(plan.withBatch(1), 2);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::ShapeMismatch) {
            throw;
        }
        try {
            TorchScriptModel model = attempt(plan, 1);
            model.notes.push_back({PhraseId::FixedBatch, {std::to_string(plan.batch())}});
            return model;
        } catch (const Error& second) {
            if (second.code() != ErrorCode::ShapeMismatch) {
                throw;
            }
        }
        throw;
    }
}

} // namespace

TorchScriptModel readTorchScript(const std::filesystem::path& path,
                                 const TorchScriptOptions& options)
{
    return withContext(path.string(), [&] {
        const torch::jit::Module module = load(path);
        BITLOOM_REQUIRE(module.find_method("forward").has_value(), ErrorCode::Unsupported,
                        "the module has no method forward()");
        const std::string name = path.stem().string();
        script::InputGuess guess(module, options.inputShapes, options.likelyShape);
        std::optional<Error> firstError;
        script::ScriptEmitter::FirstWeight firstWeight;
        while (const auto plan = guess.next(firstWeight)) {
            try {
                TorchScriptModel model = walkAtShapes(module, name, *plan, firstWeight);
                if (!plan->source.empty()) {
                    model.notes.insert(model.notes.begin(), plan->source);
                }
                return model;
            } catch (const Error& error) {
                if (error.code() != ErrorCode::ShapeMismatch) {
                    throw;
                }
                firstError = firstError && !guess.isGuessing() ? firstError : error;
            }
        }
        BITLOOM_ASSERT(firstError.has_value());
        firstError->addContext(guess.isGuessing()
                                   ? "no guessed input shape fits (tried were " + guess.tried() +
                                         "); give one with --input-shape; with the last one"
                                   : "the model does not run at the given input shape");
        throw *firstError;
    });
}

} // namespace bitloom::io
