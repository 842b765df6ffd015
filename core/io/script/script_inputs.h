// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/script/script_emitter.h"

#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/api/module.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::io::script {

/// The example inputs of one attempt to walk a model.
struct InputPlan {
    struct Input {
        std::vector<std::int64_t> shape; ///< batch first
        at::ScalarType type = at::kFloat;
    };
    std::vector<Input> inputs;
    Phrase source; ///< a note on where the shapes come from; empty: the user gave them

    std::int64_t batch() const
    {
        return inputs.front().shape.empty() ? 1 : inputs.front().shape.front();
    }
    InputPlan withBatch(std::int64_t batch) const;
};

/// The shapes to try, one after the other: given ones, else those the file was traced with, else
/// guesses, a likely one first.
class InputGuess {
public:
    /// Errors: Unsupported if forward needs something that is not a tensor, or several tensors of
    /// unknown shape; InvalidArgument if the number of given shapes does not fit forward.
    InputGuess(const torch::jit::Module& module,
               const std::vector<std::vector<std::int64_t>>& given,
               std::vector<std::int64_t> likely);

    /// The next plan; firstWeight is what the attempts so far found.
    std::optional<InputPlan> next(const ScriptEmitter::FirstWeight& firstWeight);
    bool isGuessing() const { return m_isGuessing; }
    /// "1x3x224x224, 1x3x32x32 and 1x16": the guesses so far, each once.
    std::string tried() const;

private:
    void queue(std::vector<std::int64_t> shape, at::ScalarType type);
    void queueGuesses(const ScriptEmitter::FirstWeight& firstWeight);

    std::vector<InputPlan> m_queue;
    std::vector<std::int64_t> m_likely; ///< the first guess; may be empty
    std::size_t m_position = 0;
    at::ScalarType m_floatType = at::kFloat;
    bool m_isGuessing = false;
    bool m_guessedFromWeight = false;
};

/// The arguments of forward: example inputs for the plan's tensors (batch b in run 0, b + 1 in run
/// 1), defaults for the rest.
std::vector<ValuePtr> makeArguments(ScriptEmitter& emitter, const torch::jit::Module& module,
                                    const InputPlan& plan);

} // namespace bitloom::io::script
