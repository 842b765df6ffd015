// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <ATen/ATen.h>

#include "tests/support/test_support.h"

#include <optional>
#include <string>
#include <vector>

namespace bitloom::test {

/// A key of the reference vectors about one quantizer.
inline nlohmann::json quantizerVectors(const std::string& key)
{
    return nlohmann::json::parse(readFile(dataFile("bayesian_bits_quantizer.json"))).at(key);
}

/// Numbers as float32; null (no gradient) as 0.
inline at::Tensor floats(const nlohmann::json& numbers)
{
    std::vector<float> values;
    for (const nlohmann::json& number : numbers) {
        values.push_back(number.is_null() ? 0.0F : static_cast<float>(number.get<double>()));
    }
    return at::tensor(values);
}

inline at::Tensor oneFloat(const nlohmann::json& number)
{
    return at::tensor({static_cast<float>(number.get<double>())});
}

inline std::optional<at::Tensor> floatsOrNone(const nlohmann::json& numbers)
{
    return numbers.is_null() ? std::nullopt : std::optional(floats(numbers));
}

/// Equal, and equal in the sign of zeros too.
inline bool sameBits(const at::Tensor& a, const at::Tensor& b)
{
    return at::equal(a.contiguous().view(at::kInt), b.contiguous().view(at::kInt));
}

/// Within tolerance of the expected numbers, relative to the largest of them: cancelling sums
/// cannot be more exact than that.
inline bool isClose(const at::Tensor& value, const at::Tensor& expected, double tolerance)
{
    const at::Tensor wanted = expected.to(at::kDouble).flatten();
    const at::Tensor error = (value.detach().to(at::kDouble).flatten() - wanted).abs();
    return error.max().item<double>() <= tolerance * wanted.abs().max().clamp_min(1).item<double>();
}

} // namespace bitloom::test
