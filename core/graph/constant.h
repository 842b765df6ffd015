// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type_base.h>

#include <cstdint>
#include <optional>
#include <string>

namespace bitloom::graph {

/// None, bool, int, float, string, device and lists of these: what a node may hold as a constant.
bool isSupportedConstant(const c10::IValue& value);

/// One canonical spelling: None, true, 3, 0.5, "text", device("cpu"), [1, 2]. Floats have the
/// fewest digits that read back to the same number; inf, -inf and nan are spelled so.
std::string constantText(const c10::IValue& value);

/// The shortest text that reads back to the same double, always recognisable as a float ("1.0").
std::string doubleText(double value);

/// The constant as an argument of this type, converted the way TorchScript does it: 1 to 1.0 for a
/// float, one number for a list of the given length, list elements one by one. nullopt if it does
/// not fit.
std::optional<c10::IValue> fitConstant(const c10::IValue& value, const c10::TypePtr& type,
                                       std::optional<std::int32_t> listLength);

} // namespace bitloom::graph
