// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/architecture_guess.h"

#include "core/graph/architectures.h"
#include "core/types/model_spec.h"

#include <algorithm>
#include <utility>

namespace bitloom {

namespace {

constexpr std::size_t kNamesInReason = 3;

/// Of all names on either side, the share on which both agree: 1 for a perfect fit.
double agreement(const ArchitectureGuess& guess)
{
    const std::int64_t all = guess.expected + guess.unexpected;
    return all == 0 ? 0 : static_cast<double>(guess.matching) / static_cast<double>(all);
}

ArchitectureGuess compare(const graph::ArchitectureInfo& architecture,
                          std::span<const io::ExpectedTensor> found, const std::string& file)
{
    const graph::Graph graph =
        graph::buildArchitecture(architecture.name, 0, graph::InitialWeights::Meta);
    const std::vector<io::ExpectedTensor> expected = expectedTensors(graph);
    const io::StateMismatch mismatch = io::compareNames(expected, found);
    ArchitectureGuess guess;
    guess.name = architecture.name;
    guess.model = specOfArchitecture(architecture.name, file);
    guess.fits = mismatch.empty();
    guess.expected = static_cast<std::int64_t>(expected.size());
    guess.missing = static_cast<std::int64_t>(mismatch.missing.size());
    guess.misshapen = static_cast<std::int64_t>(mismatch.misshapen.size());
    guess.unexpected = static_cast<std::int64_t>(mismatch.unexpected.size());
    guess.matching = guess.expected - guess.missing - guess.misshapen;
    const std::string expectedText = std::to_string(guess.expected);
    guess.reason =
        guess.fits ? Phrase(PhraseId::AllNamesMatch, {expectedText})
                   : Phrase(PhraseId::SomeNamesMatch, {std::to_string(guess.matching), expectedText,
                                                       mismatch.phrase(kNamesInReason)});
    return guess;
}

} // namespace

bool isBatchCounter(const std::string& name)
{
    return name.ends_with("num_batches_tracked");
}

std::vector<io::ExpectedTensor> expectedTensors(const graph::Graph& graph)
{
    std::vector<io::ExpectedTensor> expected;
    for (const graph::Parameter& parameter : graph.parameters()) {
        expected.push_back({parameter.name, parameter.tensor.sizes().vec()});
    }
    return expected;
}

std::vector<io::StateEntry> entriesOf(const io::PackedSource& source)
{
    std::vector<io::StateEntry> entries;
    for (const io::PackedTensorHeader& header : source.tensors()) {
        entries.push_back({header.name, header.shape, c10::ScalarType::Float});
    }
    return entries;
}

std::vector<ArchitectureGuess> guessArchitectures(std::span<const io::StateEntry> entries,
                                                  const std::string& file)
{
    constexpr double kNear = 0.5;
    std::vector<io::ExpectedTensor> found;
    for (const io::StateEntry& entry : entries) {
        if (!isBatchCounter(entry.name)) {
            found.push_back({entry.name, entry.sizes});
        }
    }
    std::vector<ArchitectureGuess> guesses;
    for (const graph::ArchitectureInfo& architecture : graph::architectures()) {
        ArchitectureGuess guess = compare(architecture, found, file);
        if (agreement(guess) >= kNear) {
            guesses.push_back(std::move(guess));
        }
    }
    std::ranges::stable_sort(guesses, std::ranges::greater{}, agreement);
    return guesses;
}

} // namespace bitloom
