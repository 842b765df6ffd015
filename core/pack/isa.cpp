// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/isa.h"

#include "core/base/error.h"

#include <cstdlib>

namespace bitloom {

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
    return "scalar";
}

bool isSupported(Isa isa)
{
#ifdef BITLOOM_PACK_X86
    // The compiler's run-time support reads CPUID and, for the register state, XCR0.
    __builtin_cpu_init();
    if (isa == Isa::Avx2) {
        return __builtin_cpu_supports("avx2") != 0;
    }
    if (isa == Isa::Avx512) {
        return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
               __builtin_cpu_supports("avx512vbmi") != 0;
    }
#endif
    return isa == Isa::Scalar;
}

namespace {
Isa chooseIsa()
{
    const char* wish = std::getenv("BITLOOM_ISA");
    if (wish == nullptr || *wish == '\0') {
        return isSupported(Isa::Avx512) ? Isa::Avx512
               : isSupported(Isa::Avx2) ? Isa::Avx2
                                        : Isa::Scalar;
    }
    for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512}) {
        if (toString(isa) == wish) {
            BITLOOM_REQUIRE(isSupported(isa), ErrorCode::Unsupported, "BITLOOM_ISA=", wish,
                            " asks for instructions that this machine does not have");
            return isa;
        }
    }
    fail(ErrorCode::InvalidArgument, "BITLOOM_ISA=", wish,
         " is unknown; it may be scalar, avx2 or avx512");
}
} // namespace

Isa activeIsa()
{
    static const Isa isa = chooseIsa();
    return isa;
}

} // namespace bitloom
