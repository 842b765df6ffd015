// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include "tests/support/test_support.h"

#include <cmath>
#include <string>
#include <vector>

namespace bitloom::test {

/// A key of the reference vectors about whole networks.
inline nlohmann::json networkVectors(const std::string& key)
{
    return nlohmann::json::parse(readFile(dataFile("bayesian_bits_network.json"))).at(key);
}

inline at::Tensor tensorFrom(const nlohmann::json& numbers, const std::vector<std::int64_t>& shape)
{
    at::Tensor tensor = at::empty(shape, at::kFloat);
    float* data = tensor.mutable_data_ptr<float>();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        data[i] = static_cast<float>(numbers[i].get<double>());
    }
    return tensor;
}

/// Largest |a - b| / max(1, |b|); infinite for another number of elements.
inline double largestError(const at::Tensor& a, const nlohmann::json& expected)
{
    const at::Tensor flat = a.detach().to(at::kCPU, at::kDouble).contiguous();
    if (static_cast<std::size_t>(flat.numel()) != expected.size()) {
        return std::numeric_limits<double>::infinity();
    }
    double largest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto value = expected[i].get<double>();
        const double error = std::fabs(flat.const_data_ptr<double>()[i] - value);
        largest = std::max(largest, error / std::max(1.0, std::fabs(value)));
    }
    return largest;
}

} // namespace bitloom::test
