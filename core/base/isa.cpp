// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/isa.h"

#include "core/base/error.h"

#include <atomic>
#include <cstdlib>

namespace bitloom {
namespace {

constexpr int kUndecided = -1;
std::atomic<int> g_active{kUndecided};

Isa chooseIsa()
{
    const char* wish = std::getenv("BITLOOM_ISA");
    if (wish == nullptr || *wish == '\0') {
        return supportedIsas().back();
    }
    const std::optional<Isa> isa = isaFrom(wish);
    BITLOOM_REQUIRE(isa.has_value(), ErrorCode::InvalidArgument, "BITLOOM_ISA=", wish,
                    " is unknown; it may be scalar, avx2 or avx512");
    BITLOOM_REQUIRE(isSupported(*isa), ErrorCode::Unsupported, "BITLOOM_ISA=", wish,
                    " asks for instructions that this machine does not have");
    return *isa;
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

bool isSupported(Isa isa)
{
#ifdef __x86_64__
    // The compiler's run-time support reads CPUID and, for the register state, XCR0.
    __builtin_cpu_init();
    if (isa == Isa::Avx2) {
        return __builtin_cpu_supports("avx2") != 0;
    }
    if (isa == Isa::Avx512) {
        return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
               __builtin_cpu_supports("avx512dq") != 0;
    }
#endif
    return isa == Isa::Scalar;
}

std::vector<Isa> supportedIsas()
{
    std::vector<Isa> isas;
    for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512}) {
        if (isSupported(isa)) {
            isas.push_back(isa);
        }
    }
    return isas;
}

void requireSupported(Isa isa, std::string_view kernels)
{
    BITLOOM_REQUIRE(isSupported(isa), ErrorCode::Unsupported, "this machine cannot run the ",
                    toString(isa), " ", kernels, " kernels");
}

Isa activeIsa()
{
    int active = g_active.load(std::memory_order_relaxed);
    if (active == kUndecided) {
        const int chosen = static_cast<int>(chooseIsa());
        // A setActiveIsa() in between wins.
        active = g_active.compare_exchange_strong(active, chosen) ? chosen : active;
    }
    return static_cast<Isa>(active);
}

bool setActiveIsa(Isa isa)
{
    if (!isSupported(isa)) {
        return false;
    }
    g_active.store(static_cast<int>(isa), std::memory_order_relaxed);
    return true;
}

} // namespace bitloom
