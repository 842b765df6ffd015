// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/session.h"
#include "core/base/error.h"
#include "core/io/integer_file.h"

#include <optional>
#include <string>
#include <utility>

namespace CLI {
class App;
}

namespace bitloom::cli {

/// Integer weights that a command takes from a file: the option named, --key, --all.
struct IntegerInputFlags {
    IntegerInput input;

    /// name: "--input-int-file".
    void declare(CLI::App& app, const std::string& name, const std::string& help);
    bool given() const { return !input.file.empty(); }
};

/// How a packed file becomes integers: --assume-offset, --ignore-crc, --device-strict, and the
/// global --device.
struct IntegerUnpackFlags {
    void declare(CLI::App& app);
    /// Without a GPU, one that was asked for becomes the CPU with a note, or an error if strict.
    IntegerUnpackOptions options(Session& session) const;

private:
    std::optional<std::int64_t> m_assumedOffset;
    bool m_strict = false;
    bool m_ignoreCrc = false;
};

/// Runs work that is no job of the engine on this thread: work(control) gives an optional, which is
/// empty when it was cancelled. Ctrl-C stops it, its progress is shown as that of a job.
template <typename Work>
auto runHere(Session& session, Work work)
{
    RunControl control([&session](const ProgressReport& report) { session.showProgress(report); });
    const Interrupts::Scope scope(session.interrupts(), [&control] { control.requestStop(); });
    auto result = work(control);
    if (!result) {
        throw Cancelled{};
    }
    return std::move(*result);
}

/// A line per tensor, then the sizes of the file in bytes, then its notes.
std::string textOf(const PackedIntegerReport& report);

/// All differences, one per line, and the verdict.
std::string textOf(const IntegerComparison& comparison);

/// Prints a comparison. Errors: VerifyFailed where it found a difference.
void printComparison(Session& session, const IntegerComparison& comparison);

} // namespace bitloom::cli
