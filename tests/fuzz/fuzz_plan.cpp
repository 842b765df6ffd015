// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Plan JSON: any text is either refused with an Error or read into a plan that survives writing and
// reading again.
#include "core/base/error.h"
#include "core/types/bit_plan.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::optional<bitloom::BitPlan> plan;
    try {
        plan = bitloom::bitPlanFromJson(text);
    } catch (const bitloom::Error&) {
        return 0;
    }
    BITLOOM_ASSERT(bitloom::bitPlanFromJson(bitloom::toJson(*plan)) == *plan);
    return 0;
}
