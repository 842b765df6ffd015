// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace bitloom {

namespace {
struct CodeName {
    ErrorCode code;
    std::string_view name;
};
constexpr std::array<CodeName, 15> kCodeNames{{{ErrorCode::InvalidArgument, "invalid_argument"},
                                               {ErrorCode::NotFound, "not_found"},
                                               {ErrorCode::IoFailure, "io_failure"},
                                               {ErrorCode::UnknownFormat, "unknown_format"},
                                               {ErrorCode::CorruptFile, "corrupt_file"},
                                               {ErrorCode::UnsafeFile, "unsafe_file"},
                                               {ErrorCode::ShapeMismatch, "shape_mismatch"},
                                               {ErrorCode::ModelMismatch, "model_mismatch"},
                                               {ErrorCode::Unsupported, "unsupported"},
                                               {ErrorCode::NonFinite, "non_finite"},
                                               {ErrorCode::BudgetTooSmall, "budget_too_small"},
                                               {ErrorCode::BadDataset, "bad_dataset"},
                                               {ErrorCode::VerifyFailed, "verify_failed"},
                                               {ErrorCode::OutOfMemory, "out_of_memory"},
                                               {ErrorCode::Internal, "internal"}}};
} // namespace

std::string_view toString(ErrorCode code)
{
    for (const CodeName& entry : kCodeNames) {
        if (entry.code == code) {
            return entry.name;
        }
    }
    return "internal";
}

ErrorCode errorCodeFrom(std::string_view name)
{
    for (const CodeName& entry : kCodeNames) {
        if (entry.name == name) {
            return entry.code;
        }
    }
    return ErrorCode::Internal;
}

Error::Error(ErrorCode code, std::string message)
    : std::runtime_error(message), m_code(code), m_text(std::move(message))
{
}

void Error::addContext(std::string_view context)
{
    const std::string prefix = std::string(context) + ": ";
    if (!m_text.starts_with(prefix)) { // else who read it has said so
        m_text.insert(0, prefix);
    }
}

void detail::assertionFailed(const char* condition, const char* file, int line)
{
    std::fprintf(stderr, "bitloom: internal error: %s does not hold (%s:%d)\n", condition, file,
                 line);
    std::abort();
}

} // namespace bitloom
