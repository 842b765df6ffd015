// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace bitloom::ops {

inline constexpr std::int64_t kGatesPerTensor = 4; ///< levels 4, 8, 16 and 32

/// The argument checks that all backends share. Throw c10::Error.
void checkGateArguments(const at::Tensor& logits, const at::Tensor& offsets, std::string_view mode,
                        const std::optional<at::Tensor>& uniforms);
void checkRegulariserArguments(const at::Tensor& logits, const at::Tensor& offsets,
                               const at::Tensor& levelWeights);
void checkBopArguments(const at::Tensor& logits, const at::Tensor& offsets,
                       const at::Tensor& layers, const at::Tensor& scales);

/// For offsets in the CPU's memory: they rise from 0 to the number of logits by 4 or more.
void checkOffsetValues(const char* name, const at::Tensor& offsets, std::int64_t numGates);

} // namespace bitloom::ops
