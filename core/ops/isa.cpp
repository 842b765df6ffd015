// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/isa.h"

#include <atomic>
#include <cstdlib>

namespace bitloom::ops {
namespace {

constexpr int kUndecided = -1;
std::atomic<int> g_active{kUndecided};

Isa chooseIsa()
{
    if (const char* wish = std::getenv("BITLOOM_ISA")) {
        const std::optional<Isa> isa = isaFrom(wish);
        if (isa && isaAvailable(*isa)) {
            return *isa;
        }
    }
    for (const Isa isa : {Isa::Avx512, Isa::Avx2}) {
        if (isaAvailable(isa)) {
            return isa;
        }
    }
    return Isa::Scalar;
}

} // namespace

std::string_view toString(Isa isa)
{
    switch (isa) {
    case Isa::Scalar:
        return "scalar";
    case Isa::Avx2:
        return "avx2";
    case Isa::Avx512:
        return "avx512";
    }
    return "unknown";
}

std::optional<Isa> isaFrom(std::string_view text)
{
    for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512}) {
        if (text == toString(isa)) {
            return isa;
        }
    }
    return std::nullopt;
}

bool isaAvailable(Isa isa)
{
    switch (isa) {
    case Isa::Scalar:
        return true;
#ifdef BITLOOM_X86_KERNELS
    case Isa::Avx2:
        return __builtin_cpu_supports("avx2") != 0;
    case Isa::Avx512:
        return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0;
#else
    case Isa::Avx2:
    case Isa::Avx512:
        return false;
#endif
    }
    return false;
}

Isa activeIsa()
{
    int active = g_active.load(std::memory_order_relaxed);
    if (active == kUndecided) {
        active = static_cast<int>(chooseIsa());
        g_active.store(active, std::memory_order_relaxed);
    }
    return static_cast<Isa>(active);
}

bool setActiveIsa(Isa isa)
{
    if (!isaAvailable(isa)) {
        return false;
    }
    g_active.store(static_cast<int>(isa), std::memory_order_relaxed);
    return true;
}

} // namespace bitloom::ops
