// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

#include <cstdio>
#include <cstdlib>

namespace bitloom {

std::string_view toString(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return "invalid_argument";
    case ErrorCode::NotFound:
        return "not_found";
    case ErrorCode::IoFailure:
        return "io_failure";
    case ErrorCode::UnknownFormat:
        return "unknown_format";
    case ErrorCode::CorruptFile:
        return "corrupt_file";
    case ErrorCode::UnsafeFile:
        return "unsafe_file";
    case ErrorCode::ShapeMismatch:
        return "shape_mismatch";
    case ErrorCode::ModelMismatch:
        return "model_mismatch";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::NonFinite:
        return "non_finite";
    case ErrorCode::BudgetTooSmall:
        return "budget_too_small";
    case ErrorCode::BadDataset:
        return "bad_dataset";
    case ErrorCode::VerifyFailed:
        return "verify_failed";
    case ErrorCode::OutOfMemory:
        return "out_of_memory";
    case ErrorCode::Internal:
        return "internal";
    }
    return "internal";
}

Error::Error(ErrorCode code, std::string message)
    : std::runtime_error(message), m_code(code), m_text(std::move(message))
{
}

void Error::addContext(std::string_view context)
{
    m_text.insert(0, ": ");
    m_text.insert(0, context);
}

void detail::assertionFailed(const char* condition, const char* file, int line)
{
    std::fprintf(stderr, "bitloom: internal error: %s does not hold (%s:%d)\n", condition, file,
                 line);
    std::abort();
}

} // namespace bitloom
