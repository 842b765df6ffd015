// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_rewrites.h"

#include "core/io/script/script_shape_rewrites.h"

#include <ATen/core/jit_type.h>

#include <algorithm>
#include <unordered_map>

namespace bitloom::io::script {
namespace {

using Inputs = std::vector<ValuePtr>;
using Result = std::optional<std::vector<ValuePtr>>;
using Rewrite = Result (*)(ScriptEmitter&, const std::string&, const Inputs&, const Place&);

bool isTrue(const ValuePtr& value)
{
    return value->isConstant() && value->examples.front().isBool() &&
           value->examples.front().toBool();
}

bool isFalse(const ValuePtr& value)
{
    return value->isConstant() && value->examples.front().isBool() &&
           !value->examples.front().toBool();
}

bool isNone(const ValuePtr& value)
{
    return value->isConstant() && value->examples.front().isNone();
}

std::int64_t sizeOf(const ValuePtr& tensor, std::size_t run, std::int64_t dim)
{
    return tensor->examples[run].toTensor().size(dim);
}

Result dropout(ScriptEmitter&, const std::string& op, const Inputs& inputs, const Place& place)
{
    BITLOOM_REQUIRE(
        isFalse(inputs[2]), ErrorCode::Unsupported, place.text(), ": ", op,
        " is active in eval mode: the model was traced in training mode, or calls dropout without "
        "training=self.training; call model.eval() before tracing");
    return Inputs{inputs[0]};
}

Result batchNorm(ScriptEmitter&, const std::string&, const Inputs& inputs, const Place& place)
{
    BITLOOM_REQUIRE(!isTrue(inputs[5]) || isNone(inputs[3]), ErrorCode::Unsupported, place.text(),
                    ": batch norm updates its running statistics in eval mode: the model was "
                    "traced in training mode; "
                    "call model.eval() before tracing");
    return std::nullopt;
}

Result convolution(ScriptEmitter& emitter, const std::string&, const Inputs& inputs,
                   const Place& place)
{
    const auto dims = inputs[1]->examples.front().toTensor().dim() - 2;
    if (dims < 1 || dims > 3 || (!isTrue(inputs[6]) && !isFalse(inputs[6]))) {
        return std::nullopt;
    }
    const std::string suffix = std::to_string(dims) + "d";
    if (isTrue(inputs[6])) {
        const std::string op = "aten::conv_transpose" + suffix + (dims == 1 ? "" : ".input");
        return emitter.call(op,
                            {inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[7],
                             inputs[8], inputs[5]},
                            place);
    }
    return emitter.call(
        "aten::conv" + suffix,
        {inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5], inputs[8]}, place);
}

/// Padding given as a word becomes numbers where it is the same on both sides.
Result convolutionWithWord(ScriptEmitter& emitter, const std::string&, const Inputs& inputs,
                           const Place& place)
{
    const auto dims = inputs[1]->examples.front().toTensor().dim() - 2;
    if (dims < 1 || dims > 3 || !inputs[4]->isConstant() ||
        inputs[5]->kind != ScriptValue::Kind::List) {
        return std::nullopt;
    }
    std::vector<std::int64_t> padding(static_cast<std::size_t>(dims), 0);
    if (inputs[4]->examples.front().toStringRef() == "same") {
        const auto dilation = exampleOf(*inputs[5], 0).toIntVector();
        for (std::size_t i = 0; i < padding.size(); ++i) {
            const std::int64_t step = dilation.size() == 1 ? dilation[0] : dilation[i];
            const std::int64_t total =
                step * (sizeOf(inputs[1], 0, static_cast<std::int64_t>(i) + 2) - 1);
            if (total % 2 != 0) {
                return std::nullopt;
            }
            padding[i] = total / 2;
        }
    }
    return emitter.call("aten::conv" + std::to_string(dims) + "d",
                        {inputs[0], inputs[1], inputs[2], inputs[3], emitter.constant(padding),
                         inputs[5], inputs[6]},
                        place);
}

/// An empty stride means the kernel size.
Result pooling(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs,
               const Place& place)
{
    if (inputs.size() < 3 || inputs[2]->kind != ScriptValue::Kind::List ||
        !inputs[2]->items.empty()) {
        return std::nullopt;
    }
    Inputs canonical = inputs;
    canonical[2] = inputs[1];
    return emitter.callAsIs(op, canonical, place);
}

Result relu6(ScriptEmitter& emitter, const std::string&, const Inputs& inputs, const Place& place)
{
    return emitter.call("aten::hardtanh", {inputs[0], emitter.constant(0.0), emitter.constant(6.0)},
                        place);
}

Result transpose(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs,
                 const Place& place)
{
    auto outputs = emitter.callAsIs(op, inputs, place);
    if (inputs[0]->isStored && inputs[0]->examples.front().toTensor().dim() == 2) {
        outputs.front()->transposeOf = inputs[0];
    }
    return outputs;
}

/// Older files spell a linear layer as addmm or matmul with a transposed weight.
Result addmm(ScriptEmitter& emitter, const std::string&, const Inputs& inputs, const Place& place)
{
    const auto isOne = [](const ValuePtr& value) {
        return value->isConstant() && value->examples.front().isScalar() &&
               value->examples.front().toScalar().toDouble() == 1.0;
    };
    const at::Tensor& bias = inputs[0]->examples.front().toTensor();
    if (!inputs[2]->transposeOf || bias.dim() != 1 || inputs.size() < 5 || !isOne(inputs[3]) ||
        !isOne(inputs[4])) {
        return std::nullopt;
    }
    return emitter.call("aten::linear", {inputs[1], inputs[2]->transposeOf, inputs[0]}, place);
}

Result matmul(ScriptEmitter& emitter, const std::string&, const Inputs& inputs, const Place& place)
{
    if (!inputs[1]->transposeOf) {
        return std::nullopt;
    }
    return emitter.call("aten::linear",
                        {inputs[0], inputs[1]->transposeOf, emitter.constant(c10::IValue())},
                        place);
}

/// As in training: the kernels that exist for inference only hide the layers inside.
Result gradientMode(ScriptEmitter& emitter, const std::string&, const Inputs&, const Place&)
{
    return Inputs{emitter.constant(true)};
}

Result requiresGradient(ScriptEmitter& emitter, const std::string&, const Inputs& inputs,
                        const Place&)
{
    const ValuePtr& tensor = inputs.front();
    const bool isFloat = tensor->examples.front().toTensor().is_floating_point();
    const bool stored = tensor->isStored && tensor->examples.front().toTensor().requires_grad();
    const bool computed =
        !tensor->isStored && tensor->origin >= Origin::Weights && !emitter.isGraphInput(*tensor);
    return Inputs{emitter.constant(isFloat && (stored || computed))};
}

Result fusedLayer(ScriptEmitter& emitter, const std::string& op, const Inputs&, const Place& place)
{
    emitter.note({PhraseId::FusedOperator, {place.text(), op}});
    return std::nullopt;
}

const std::unordered_map<std::string, Rewrite>& rewrites()
{
    static const std::unordered_map<std::string, Rewrite> table = {
        {"aten::dropout", dropout},
        {"aten::dropout_", dropout},
        {"aten::feature_dropout", dropout},
        {"aten::feature_dropout_", dropout},
        {"aten::alpha_dropout", dropout},
        {"aten::alpha_dropout_", dropout},
        {"aten::feature_alpha_dropout", dropout},
        {"aten::feature_alpha_dropout_", dropout},
        {"aten::batch_norm", batchNorm},
        {"aten::_convolution", convolution},
        {"aten::_convolution.deprecated", convolution},
        {"aten::convolution", convolution},
        {"aten::_convolution_mode", convolutionWithWord},
        {"aten::conv1d.padding", convolutionWithWord},
        {"aten::conv2d.padding", convolutionWithWord},
        {"aten::conv3d.padding", convolutionWithWord},
        {"aten::max_pool1d", pooling},
        {"aten::max_pool2d", pooling},
        {"aten::max_pool3d", pooling},
        {"aten::avg_pool1d", pooling},
        {"aten::avg_pool2d", pooling},
        {"aten::avg_pool3d", pooling},
        {"aten::relu6", relu6},
        {"aten::size", size},
        {"aten::view", view},
        {"aten::reshape", view},
        {"prim::NumToTensor.Scalar", numberToTensor},
        {"aten::Int.Tensor", tensorToNumber},
        {"aten::IntImplicit", tensorToNumber},
        {"aten::ScalarImplicit", tensorToNumber},
        {"aten::mul.Tensor", sizeArithmetic},
        {"aten::add.Tensor", sizeArithmetic},
        {"aten::sub.Tensor", sizeArithmetic},
        {"aten::floor_divide", sizeArithmetic},
        {"aten::div.Tensor_mode", sizeArithmetic},
        {"aten::div.Tensor", scalarOperand},
        {"aten::slice.Tensor", slice},
        {"aten::to.dtype", identityIfSame},
        {"aten::to.device", identityIfSame},
        {"aten::to.other", identityIfSame},
        {"aten::to.dtype_layout", identityIfSame},
        {"aten::to.prim_Device", identityIfSame},
        {"aten::to.prim_dtype", identityIfSame},
        {"aten::to.prim_other", identityIfSame},
        {"aten::type_as", identityIfSame},
        {"aten::lift_fresh", identityIfSame},
        {"aten::chunk", pieces},
        {"aten::split.Tensor", pieces},
        {"aten::split.sizes", pieces},
        {"aten::split_with_sizes", pieces},
        {"aten::tensor_split.sections", pieces},
        {"aten::unbind.int", pieces},
        {"aten::t", transpose},
        {"aten::numpy_T", transpose},
        {"aten::addmm", addmm},
        {"aten::matmul", matmul},
        {"aten::mm", matmul},
        {"aten::is_grad_enabled", gradientMode},
        {"prim::requires_grad", requiresGradient},
        {"aten::_transformer_encoder_layer_fwd", fusedLayer},
        {"aten::_native_multi_head_attention", fusedLayer},
    };
    return table;
}

} // namespace

std::optional<std::vector<ValuePtr>> rewriteCall(ScriptEmitter& emitter, const std::string& op,
                                                 const std::vector<ValuePtr>& inputs,
                                                 const Place& place)
{
    const auto found = rewrites().find(op);
    return found == rewrites().end() ? std::nullopt : found->second(emitter, op, inputs, place);
}

} // namespace bitloom::io::script
