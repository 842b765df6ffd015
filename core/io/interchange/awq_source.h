// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/interchange/grouped_linear_source.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// Reads the weights that AWQ programs write in their layout "gemm": 4 bits, qweight, I32
/// [inputs, outputs / 8], codes along the outputs; qzeros, I32 [groups, outputs / 8], the same;
/// scales [groups, outputs]. Nibble k of a word, from the lowest bits up, is output 0 2 4 6 1 3 5 7
/// of its eight.
/// Errors: those of SafetensorsReader and GroupedLinearSource; Unsupported for another layout or
///         width; CorruptFile naming the tensor for shapes that do not fit together.
class AwqSource final : public GroupedLinearSource {
public:
    AwqSource(SafetensorsFiles files, const QuantizationConfig& config);

    Phrase formatName() const override { return "AWQ"; }
    std::string_view formatId() const override { return "awq"; }

private:
    void measure(GroupedLinear& layer) const override;
    std::vector<std::int32_t> readZeros(const GroupedLinear& layer) const override;
    void readWords(const GroupedLinear& layer, PackedTensor& tensor) const override;
};

} // namespace bitloom::io
