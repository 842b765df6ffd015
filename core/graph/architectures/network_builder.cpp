// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures/network_builder.h"

#include "core/base/rng.h"
#include "core/graph/parallel_tasks.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <cmath>

namespace bitloom::graph {
namespace {

/// Two numbers of 24 bits from each random word: half the generator's work of one double each.
void fillUniform(at::Tensor& tensor, double bound, Rng rng)
{
    const auto count = static_cast<std::size_t>(tensor.numel());
    float* data = tensor.mutable_data_ptr<float>();
    const auto scale = static_cast<float>(bound / (1 << 23));
    const auto number = [scale](std::uint64_t bits24) {
        return static_cast<float>(static_cast<std::int32_t>(bits24) - (1 << 23)) * scale;
    };
    constexpr std::uint64_t mask = (1 << 24) - 1;
    for (std::size_t i = 0; i + 1 < count; i += 2) {
        const std::uint64_t word = rng.next();
        data[i] = number(word >> 40);
        data[i + 1] = number((word >> 8) & mask);
    }
    if (count % 2 == 1) {
        data[count - 1] = number(rng.next() >> 40);
    }
}

} // namespace

NetworkBuilder::NetworkBuilder(const ArchitectureInfo& info, InitialWeights initial)
    : m_builder(info.name), m_initial(initial),
      m_input(m_builder.addInput("input", info.inputShape))
{
}

ValueIndex NetworkBuilder::uniformParameter(const std::string& name,
                                            const std::vector<std::int64_t>& shape,
                                            std::int64_t fanIn)
{
    const bool random = m_initial == InitialWeights::Random;
    at::Tensor tensor =
        at::empty(shape, at::TensorOptions(random ? at::kCPU : at::kMeta).dtype(at::kFloat));
    if (random) {
        m_pending.push_back({tensor, 1.0 / std::sqrt(static_cast<double>(fanIn))});
    }
    return m_builder.addParameter(name, std::move(tensor));
}

ValueIndex NetworkBuilder::filledParameter(const std::string& name, std::int64_t size, double value,
                                           bool isBuffer)
{
    const at::Device device = m_initial == InitialWeights::Random ? at::kCPU : at::kMeta;
    return m_builder.addParameter(
        name, at::full({size}, value, at::TensorOptions(device).dtype(at::kFloat)), isBuffer);
}

ValueIndex NetworkBuilder::conv(ValueIndex x, const std::string& path, std::int64_t inChannels,
                                std::int64_t outChannels, const ConvOptions& options)
{
    const std::int64_t k = options.kernel;
    const std::int64_t fanIn = inChannels / options.groups * k * k;
    const ValueIndex weight =
        uniformParameter(path + ".weight", {outChannels, inChannels / options.groups, k, k}, fanIn);
    const Argument bias =
        options.bias ? arg(uniformParameter(path + ".bias", {outChannels}, fanIn)) : argNone();
    return m_builder.add("aten::conv2d",
                         {arg(x), arg(weight), bias, argInts({options.stride, options.stride}),
                          argInts({options.padding, options.padding}), argInts({1, 1}),
                          arg(options.groups)},
                         path, path);
}

ValueIndex NetworkBuilder::batchNorm(ValueIndex x, const std::string& path, std::int64_t channels)
{
    const ValueIndex weight = filledParameter(path + ".weight", channels, 1, false);
    const ValueIndex bias = filledParameter(path + ".bias", channels, 0, false);
    const ValueIndex mean = filledParameter(path + ".running_mean", channels, 0, true);
    const ValueIndex variance = filledParameter(path + ".running_var", channels, 1, true);
    return m_builder.add("aten::batch_norm",
                         {arg(x), arg(weight), arg(bias), arg(mean), arg(variance), arg(false),
                          arg(0.1), arg(1e-5), arg(true)},
                         path, path);
}

ValueIndex NetworkBuilder::linear(ValueIndex x, const std::string& path, std::int64_t inFeatures,
                                  std::int64_t outFeatures, bool bias)
{
    const ValueIndex weight =
        uniformParameter(path + ".weight", {outFeatures, inFeatures}, inFeatures);
    const Argument biasArg =
        bias ? arg(uniformParameter(path + ".bias", {outFeatures}, inFeatures)) : argNone();
    return m_builder.add("aten::linear", {arg(x), arg(weight), biasArg}, path, path);
}

ValueIndex NetworkBuilder::relu(ValueIndex x, const std::string& scope,
                                const std::string& valueName)
{
    return m_builder.add("aten::relu", {arg(x)}, scope, valueName);
}

ValueIndex NetworkBuilder::relu6(ValueIndex x, const std::string& scope)
{
    return m_builder.add("aten::hardtanh", {arg(x), arg(0.0), arg(6.0)}, scope, scope);
}

ValueIndex NetworkBuilder::maxPool(ValueIndex x, const std::string& scope, std::int64_t kernel,
                                   std::int64_t stride, std::int64_t padding)
{
    return m_builder.add(
        "aten::max_pool2d",
        {arg(x), argInts({kernel, kernel}), argInts({stride, stride}), argInts({padding, padding})},
        scope, scope);
}

ValueIndex NetworkBuilder::globalAveragePool(ValueIndex x, const std::string& scope,
                                             const std::string& valueName)
{
    return m_builder.add("aten::adaptive_avg_pool2d", {arg(x), argInts({1, 1})}, scope, valueName);
}

ValueIndex NetworkBuilder::flatten(ValueIndex x)
{
    return m_builder.add("aten::flatten.using_ints", {arg(x), arg(1)}, "", "flatten");
}

ValueIndex NetworkBuilder::dropout(ValueIndex x, const std::string& scope, double probability)
{
    return m_builder.add("aten::dropout", {arg(x), arg(probability), arg(false)}, scope, scope);
}

ValueIndex NetworkBuilder::add(ValueIndex a, ValueIndex b, const std::string& scope)
{
    return m_builder.add("aten::add.Tensor", {arg(a), arg(b)}, scope, joinPath(scope, "add"));
}

ValueIndex NetworkBuilder::call(const std::string& op, std::vector<Argument> args,
                                const std::string& scope, const std::string& valueName)
{
    return m_builder.add(op, std::move(args), scope, valueName);
}

Graph NetworkBuilder::finish(ValueIndex output, std::uint64_t seed)
{
    runTasks(static_cast<std::int64_t>(m_pending.size()), at::get_num_threads(), {},
             [&](std::int64_t index) {
                 const auto i = static_cast<std::size_t>(index);
                 fillUniform(m_pending[i].tensor, m_pending[i].bound, Rng(seed, i));
             });
    return m_builder.finish({output});
}

} // namespace bitloom::graph
