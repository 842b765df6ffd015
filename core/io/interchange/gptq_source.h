// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/interchange/grouped_linear_source.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// How zero points lie in a GPTQ file. They are often labelled wrongly, and a network that is read
/// by the wrong one is noise.
enum class GptqZeros {
    AsLabelled, ///< what checkpoint_format says, where the file does not contradict it
    V1,         ///< less one: 0 stands for 1
    V2,         ///< as they are
};

/// Reads the weights that GPTQ programs write: per linear layer qweight, I32 [words, outputs],
/// codes along the inputs, lowest bit first, without gaps; qzeros, I32 [groups, words], the same
/// along the outputs; scales [groups, outputs]; g_idx [inputs].
///
/// Zero points: checkpoint_format of the configuration, gptq or gptq_v2. A file that is said to be
/// symmetric must have all of them in the middle, which decides where the label is absent and
/// refutes a wrong one.
/// Errors: those of SafetensorsReader and GroupedLinearSource; InvalidArgument naming the option
///         where the convention is not known or the file contradicts its label; CorruptFile naming
///         the tensor for shapes that do not fit together.
class GptqSource final : public GroupedLinearSource {
public:
    GptqSource(SafetensorsFiles files, const QuantizationConfig& config,
               GptqZeros zeros = GptqZeros::AsLabelled);

    Phrase formatName() const override;
    std::string_view formatId() const override { return "gptq"; }

private:
    void measure(GroupedLinear& layer) const override;
    std::vector<std::int32_t> readZeros(const GroupedLinear& layer) const override;
    void readWords(const GroupedLinear& layer, PackedTensor& tensor) const override;

    std::vector<std::uint8_t> storedZeros(const GroupedLinear& layer) const;
    /// What the stored zero points of a symmetric file say; AsLabelled: nothing.
    GptqZeros evidence() const;
    GptqZeros decide(GptqZeros asked);
    void noteWrapped();

    GptqZeros m_zeros = GptqZeros::V1;
};

} // namespace bitloom::io
