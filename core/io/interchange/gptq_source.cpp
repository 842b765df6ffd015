// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/gptq_source.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/pack/row_packer.h"
#include "core/types/conversion.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace bitloom::io {

namespace {

std::vector<std::uint32_t> readWordsOf(const SafetensorsPlace& place)
{
    const std::vector<std::int32_t> words = readInts(place);
    return {words.begin(), words.end()};
}

/// Errors: UnansweredError where it does not hold.
void requireSaid(bool condition, PhraseId why, std::vector<Phrase> about)
{
    if (!condition) {
        throw UnansweredError({InputQuestion::GptqZeros, {why, std::move(about)}});
    }
}

std::string nameOf(GptqZeros zeros)
{
    return zeros == GptqZeros::V2 ? "v2" : "v1";
}

} // namespace

GptqSource::GptqSource(SafetensorsFiles files, const QuantizationConfig& config, GptqZeros zeros)
    : GroupedLinearSource(std::move(files), config)
{
    withContext(path().string(), [&] { m_zeros = decide(zeros); });
    list();
    noteWrapped();
}

Phrase GptqSource::formatName() const
{
    return "GPTQ " + nameOf(m_zeros);
}

GptqZeros GptqSource::evidence() const
{
    if (!config().symmetric.value_or(false)) {
        return GptqZeros::AsLabelled;
    }
    const int middle = (1 << bits()) / 2;
    std::array<bool, 2> all{true, true}; // less one, as they are
    bool any = false;
    for (GroupedLinear& layer : findLayers()) {
        measure(layer);
        for (const std::uint8_t zero : storedZeros(layer)) {
            any = true;
            all[0] = all[0] && zero == middle - 1;
            all[1] = all[1] && zero == middle;
        }
    }
    if (!any) {
        return GptqZeros::AsLabelled;
    }
    requireSaid(all[0] || all[1], PhraseId::ZerosContradictWidth,
                {config().file.string(), std::to_string(middle - 1), std::to_string(middle)});
    return all[0] ? GptqZeros::V1 : GptqZeros::V2;
}

GptqZeros GptqSource::decide(GptqZeros asked)
{
    if (asked != GptqZeros::AsLabelled) {
        addNote({PhraseId::ZerosAsAsked, {nameOf(asked)}});
        return asked;
    }
    const std::string& label = config().checkpointFormat;
    const GptqZeros found = evidence();
    if (label.empty()) {
        requireSaid(found != GptqZeros::AsLabelled, PhraseId::ZerosUnsaid,
                    {config().file.string()});
        addNote({PhraseId::ZerosBySymmetry, {nameOf(found)}});
        return found;
    }
    BITLOOM_REQUIRE(label == "gptq" || label == "gptq_v2", ErrorCode::Unsupported,
                    config().file.string(), " has the checkpoint_format ", label,
                    "; gptq and gptq_v2 are read");
    const GptqZeros said = label == "gptq" ? GptqZeros::V1 : GptqZeros::V2;
    requireSaid(found == GptqZeros::AsLabelled || found == said, PhraseId::ZerosContradictLabel,
                {config().file.string(), label, nameOf(found)});
    return said;
}

void GptqSource::measure(GroupedLinear& layer) const
{
    const std::int64_t words = layer.codes->shape[0];
    requireShape(layer.codes, {words, layer.outputs});
    if (layer.groupOf) {
        BITLOOM_REQUIRE(layer.groupOf->shape.size() == 1, ErrorCode::CorruptFile,
                        layer.groupOf->name, " has ", layer.groupOf->shape.size(),
                        " dimensions, one was expected");
        layer.inputs = layer.groupOf->shape[0];
    } else {
        BITLOOM_REQUIRE(!config().activationOrder.value_or(false) || groupSize() == 0,
                        ErrorCode::CorruptFile, layer.codes->name,
                        " is in the order of activations (desc_act), but there is no ",
                        layer.prefix, ".g_idx");
        layer.inputs =
            checkedMultiply(words, std::int64_t{kPackWordBits}, layer.codes->name) / bits();
    }
    BITLOOM_REQUIRE(words == wordsPerRow(layer.inputs, bits()), ErrorCode::CorruptFile,
                    layer.codes->name, " has ", words, " words for an output; ", layer.inputs,
                    " inputs of ", bits(), " bits need ", wordsPerRow(layer.inputs, bits()));
    requireShape(layer.zeros, {layer.groups, wordsPerRow(layer.outputs, bits())});
}

std::vector<std::uint8_t> GptqSource::storedZeros(const GroupedLinear& layer) const
{
    const PackedLayout layout{layer.groups, layer.outputs, PackUnit::Row, bits(), {}};
    std::vector<std::uint8_t> zeros(static_cast<std::size_t>(layer.groups * layer.outputs));
    unpackMatrix(readWordsOf(layer.zeros), layout, std::span(zeros));
    return zeros;
}

std::vector<std::int32_t> GptqSource::readZeros(const GroupedLinear& layer) const
{
    const std::vector<std::uint8_t> stored = storedZeros(layer);
    std::vector<std::int32_t> zeros(stored.begin(), stored.end());
    if (m_zeros == GptqZeros::V1) {
        // A zero point of 0 had become -1, of which the file keeps the lowest bits.
        const std::int32_t mask = (1 << bits()) - 1;
        for (std::int32_t& zero : zeros) {
            zero = (zero + 1) & mask;
        }
    }
    return zeros;
}

void GptqSource::noteWrapped()
{
    if (m_zeros != GptqZeros::V1) {
        return;
    }
    for (GroupedLinear& layer : findLayers()) {
        measure(layer);
        const std::vector<std::uint8_t> stored = storedZeros(layer);
        const auto wrapped = std::count(stored.begin(), stored.end(), (1 << bits()) - 1);
        if (wrapped > 0) {
            addNote({PhraseId::ZerosAllSet,
                     {layer.zeros->name, std::to_string(wrapped), std::to_string(stored.size()),
                      std::to_string(1 << bits())}});
        }
    }
}

void GptqSource::readWords(const GroupedLinear& layer, PackedTensor& tensor) const
{
    // The codes of an output lie as in a row of ours, with the words of all outputs interleaved.
    const std::vector<std::uint32_t> words = readWordsOf(layer.codes);
    const auto outputs = static_cast<std::size_t>(layer.outputs);
    const std::size_t perRow = outputs == 0 ? 0 : words.size() / outputs;
    const std::int64_t used = layer.inputs * bits() % kPackWordBits;
    const std::uint32_t lastMask = used == 0 ? ~0U : (1U << used) - 1;
    for (std::size_t word = 0; word < perRow; ++word) {
        const std::uint32_t mask = word + 1 == perRow ? lastMask : ~0U;
        for (std::size_t output = 0; output < outputs; ++output) {
            tensor.words[output * perRow + word] = words[word * outputs + output] & mask;
        }
    }
}

} // namespace bitloom::io
