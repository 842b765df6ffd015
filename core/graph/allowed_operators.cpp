// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph_json.h"

#include <ATen/core/function_schema.h>
#include <ATen/core/jit_type.h>

#include <string_view>
#include <unordered_set>

namespace bitloom::graph {
namespace {

using Names = std::unordered_set<std::string_view>;

const Names& allowedNames()
{
    static const Names names{
        // layers
        "aten::conv1d", "aten::conv2d", "aten::conv3d", "aten::conv_transpose1d",
        "aten::conv_transpose2d", "aten::conv_transpose3d", "aten::convolution",
        "aten::_convolution", "aten::linear", "aten::addmm", "aten::mm", "aten::bmm",
        "aten::baddbmm", "aten::matmul", "aten::einsum", "aten::embedding", "aten::bilinear",
        "aten::scaled_dot_product_attention", "aten::lstm", "aten::gru", "aten::rnn_tanh",
        "aten::rnn_relu", "aten::lstm_cell", "aten::gru_cell", "aten::_weight_norm", "aten::mv",
        "aten::dot", "aten::outer", "aten::tensordot",
        // normalisation
        "aten::batch_norm", "aten::instance_norm", "aten::layer_norm", "aten::native_layer_norm",
        "aten::group_norm", "aten::rms_norm", "aten::local_response_norm", "aten::norm",
        "aten::linalg_vector_norm", "aten::normalize",
        // activations
        "aten::relu", "aten::relu6", "aten::hardtanh", "aten::leaky_relu", "aten::prelu",
        "aten::elu", "aten::selu", "aten::celu", "aten::gelu", "aten::silu", "aten::mish",
        "aten::hardswish", "aten::hardsigmoid", "aten::sigmoid", "aten::tanh", "aten::softplus",
        "aten::softsign", "aten::log_sigmoid", "aten::glu", "aten::threshold", "aten::softmax",
        "aten::log_softmax", "aten::softshrink", "aten::hardshrink", "aten::dropout",
        "aten::feature_dropout", "aten::alpha_dropout",
        // pooling, resizing, padding
        "aten::max_pool1d", "aten::max_pool2d", "aten::max_pool3d", "aten::max_pool2d_with_indices",
        "aten::avg_pool1d", "aten::avg_pool2d", "aten::avg_pool3d", "aten::adaptive_avg_pool1d",
        "aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool3d", "aten::adaptive_max_pool1d",
        "aten::adaptive_max_pool1d", "aten::adaptive_max_pool2d", "aten::adaptive_max_pool3d",
        "aten::upsample_nearest1d", "aten::upsample_nearest2d", "aten::upsample_nearest3d",
        "aten::upsample_linear1d", "aten::upsample_trilinear3d", "aten::_upsample_nearest_exact2d",
        "aten::upsample_bilinear2d", "aten::upsample_bicubic2d", "aten::constant_pad_nd",
        "aten::pad", "aten::reflection_pad1d", "aten::reflection_pad2d", "aten::reflection_pad3d",
        "aten::replication_pad1d", "aten::replication_pad2d", "aten::replication_pad3d",
        "aten::zero_pad2d", "aten::pixel_shuffle", "aten::pixel_unshuffle", "aten::channel_shuffle",
        // arithmetic
        "aten::add", "aten::sub", "aten::rsub", "aten::mul", "aten::div", "aten::floor_divide",
        "aten::remainder", "aten::fmod", "aten::pow", "aten::neg", "aten::abs", "aten::sqrt",
        "aten::rsqrt", "aten::square", "aten::reciprocal", "aten::exp", "aten::expm1", "aten::log",
        "aten::log1p", "aten::log2", "aten::log10", "aten::exp2", "aten::sin", "aten::cos",
        "aten::tan", "aten::atan", "aten::atan2", "aten::sinh", "aten::cosh", "aten::erf",
        "aten::floor", "aten::ceil", "aten::round", "aten::trunc", "aten::sign", "aten::clamp",
        "aten::clamp_min", "aten::clamp_max", "aten::maximum", "aten::minimum", "aten::addcmul",
        "aten::addcdiv", "aten::lerp", "aten::cumsum",
        // comparison and selection
        "aten::eq", "aten::ne", "aten::lt", "aten::le", "aten::gt", "aten::ge", "aten::logical_not",
        "aten::logical_and", "aten::logical_or", "aten::bitwise_not", "aten::bitwise_and",
        "aten::bitwise_or", "aten::where", "aten::masked_fill", "aten::tril", "aten::triu",
        "aten::gather", "aten::index_select", "aten::index", "aten::argmax", "aten::argmin",
        "aten::topk", "aten::sort",
        // reductions
        "aten::sum", "aten::mean", "aten::var", "aten::std", "aten::amax", "aten::amin",
        "aten::max", "aten::min", "aten::prod", "aten::logsumexp", "aten::any", "aten::all",
        "aten::cumprod",
        // shape
        "aten::view", "aten::view_as", "aten::reshape", "aten::reshape_as", "aten::flatten",
        "aten::unflatten", "aten::squeeze", "aten::unsqueeze", "aten::permute", "aten::transpose",
        "aten::t", "aten::numpy_T", "aten::movedim", "aten::swapaxes", "aten::expand",
        "aten::expand_as", "aten::repeat", "aten::repeat_interleave", "aten::tile", "aten::cat",
        "aten::stack", "aten::split", "aten::split_with_sizes", "aten::chunk", "aten::unbind",
        "aten::slice", "aten::select", "aten::narrow", "aten::flip", "aten::roll", "aten::unfold",
        "aten::im2col", "aten::col2im", "aten::diagonal", "aten::hstack", "aten::vstack",
        "aten::contiguous", "aten::clone", "aten::detach", "aten::alias", "aten::to",
        "aten::type_as", "aten::broadcast_to",
        // new tensors
        "aten::zeros", "aten::ones", "aten::full", "aten::zeros_like", "aten::ones_like",
        "aten::full_like", "aten::new_zeros", "aten::new_ones", "aten::new_full", "aten::arange",
        "aten::linspace", "aten::eye", "aten::scalar_tensor", "aten::meshgrid",
        // sizes and other numbers
        "aten::size", "aten::dim", "aten::len", "aten::numel", "aten::floordiv",
        "aten::__getitem__", "aten::Int", "aten::Float", "aten::IntImplicit", "aten::FloatImplicit",
        "aten::ScalarImplicit", "prim::NumToTensor", "prim::device"};
    return names;
}

/// Text that selects how an operation works. Any other text argument could be a path or a program.
const Names& modeArguments()
{
    static const Names names{"padding",       "padding_mode", "mode",    "approximate",
                             "rounding_mode", "equation",     "indexing"};
    return names;
}

bool isHarmless(const c10::TypePtr& type, const std::string& argumentName)
{
    switch (type->kind()) {
    case c10::TypeKind::OptionalType:
        return isHarmless(type->expectRef<c10::OptionalType>().getElementType(), argumentName);
    case c10::TypeKind::ListType:
        return isHarmless(type->expectRef<c10::ListType>().getElementType(), argumentName);
    case c10::TypeKind::StringType:
        return modeArguments().contains(argumentName);
    case c10::TypeKind::TensorType:
    case c10::TypeKind::NumberType:
    case c10::TypeKind::IntType:
    case c10::TypeKind::FloatType:
    case c10::TypeKind::BoolType:
    case c10::TypeKind::DeviceObjType:
    case c10::TypeKind::VarType: // an element of a list
        return true;
    default:
        return false;
    }
}

} // namespace

bool isAllowedOperator(const std::string& op)
{
    if (!allowedNames().contains(std::string_view(op).substr(0, op.find('.')))) {
        return false;
    }
    const auto found = tryFindOperator(op);
    if (!found || found->schema().is_vararg() || writesArguments(*found)) {
        return false;
    }
    for (const c10::Argument& argument : found->schema().arguments()) {
        if (!isHarmless(argument.type(), argument.name())) {
            return false;
        }
    }
    return true;
}

} // namespace bitloom::graph
