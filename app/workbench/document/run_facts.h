// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>

namespace bitloom::workbench {

/// What a run was asked to do, as far as it is known: the run of another process tells it with its
/// first checkpoint.
struct RunFacts {
    QString method;      ///< "bayesian-bits"
    QString fingerprint; ///< of the model
    QString data;        ///< "digits:2000"
    QString device;
    std::optional<double> lambda;
    std::optional<int> epochs;
    std::optional<std::uint64_t> seed;
};

/// How a run that has finished went.
struct RunOutcome {
    int epochs = 0;
    std::int64_t steps = 0;
    double seconds = 0;     ///< of its last stretch
    bool evenEpochs = true; ///< as many steps in each
    /// The epoch that a step belongs to, the first being 1; where that is known.
    std::optional<int> epochAt(std::int64_t step) const;
};
/// From the result of a run file, a JSON object; nullopt where it does not say so.
std::optional<RunOutcome> runOutcomeFrom(const QByteArray& json);

/// From the request of a run file, a JSON object; what cannot be read stays unknown.
RunFacts runFactsFromRequest(const QByteArray& json);
/// The same for options alone: those of a job that starts now.
void addOptions(RunFacts& facts, const QByteArray& json);

} // namespace bitloom::workbench
