// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace bitloom {

/// What kind of thing went wrong, for programs and translations. The message is for people.
enum class ErrorCode {
    InvalidArgument, ///< a value outside its documented range
    NotFound,        ///< a file, layer, key or architecture that does not exist
    IoFailure,       ///< the operating system refused: permission, full disk, broken device
    UnknownFormat,   ///< the content is not of any format we read
    CorruptFile,     ///< the format is known, the content contradicts it
    UnsafeFile, ///< the content asks for something that must not be done (run code, exhaust memory)
    ShapeMismatch,  ///< tensor shapes or counts that do not fit together
    ModelMismatch,  ///< a plan, table or state that belongs to another model
    Unsupported,    ///< legal, but not something Bitloom can do
    NonFinite,      ///< NaN or Inf where a number is needed
    BudgetTooSmall, ///< no plan fits the budget
    BadDataset,     ///< the dataset folder is empty, incomplete or of another kind
    VerifyFailed,   ///< a read-back differs from what was written
    OutOfMemory,
    Internal, ///< a failure in a library we call, or a bug of ours
};

/// The stable snake_case name of a code, as printed in --json errors ("corrupt_file").
std::string_view toString(ErrorCode code);
/// The way back; Internal for a name that is none.
ErrorCode errorCodeFrom(std::string_view name);

/// The only exception that core throws. what() is "context: ...: message"; contexts are added on
/// the way up.
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, std::string message);

    ErrorCode code() const noexcept { return m_code; }
    const char* what() const noexcept override { return m_text.c_str(); }
    /// Puts "context: " before the text, e.g. the file that was being read.
    void addContext(std::string_view context);

private:
    ErrorCode m_code;
    std::string m_text;
};

namespace detail {
template <typename... Parts>
std::string concatenate(const Parts&... parts)
{
    std::ostringstream out;
    (out << ... << parts);
    return out.str();
}
[[noreturn]] void assertionFailed(const char* condition, const char* file, int line);
} // namespace detail

template <typename... Parts>
[[noreturn]] void fail(ErrorCode code, const Parts&... parts)
{
    throw Error(code, detail::concatenate(parts...));
}

/// Runs body; an Error that leaves it gets the context in front.
template <typename Body>
decltype(auto) withContext(std::string_view context, Body&& body)
{
    try {
        return std::forward<Body>(body)();
    } catch (Error& error) {
        error.addContext(context);
        throw;
    }
}

} // namespace bitloom

/// For input: throws Error with the message pieces when the condition does not hold.
#define BITLOOM_REQUIRE(condition, code, ...)                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ::bitloom::fail(code, __VA_ARGS__);                                                    \
        }                                                                                          \
    } while (false)

/// For our own invariants: a violation is a bug, the program stops where it is.
#define BITLOOM_ASSERT(condition)                                                                  \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ::bitloom::detail::assertionFailed(#condition, __FILE__, __LINE__);                    \
        }                                                                                          \
    } while (false)
