// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/awq_source.h"

#include "core/base/error.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/pack/row_packer.h"

#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace bitloom::io {

namespace {

constexpr int kBits = 4;
constexpr std::int64_t kPerWord = kPackWordBits / kBits;
/// The output, of a word's eight, that nibble k holds.
constexpr std::array<std::int64_t, kPerWord> kOutputOfNibble{0, 2, 4, 6, 1, 3, 5, 7};

/// Calls use(row, output, code) for every code of [rows, outputs / 8] words.
template <typename Use>
void forEachCode(const std::vector<std::int32_t>& words, std::int64_t outputs, Use use)
{
    const std::int64_t perRow = outputs / kPerWord;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto word = static_cast<std::uint32_t>(words[i]);
        const std::int64_t row = static_cast<std::int64_t>(i) / perRow;
        const std::int64_t first = static_cast<std::int64_t>(i) % perRow * kPerWord;
        for (std::size_t k = 0; k < kOutputOfNibble.size(); ++k) {
            use(row, first + kOutputOfNibble[k], (word >> (kBits * k)) & 15U);
        }
    }
}

} // namespace

AwqSource::AwqSource(SafetensorsFiles files, const QuantizationConfig& config)
    : GroupedLinearSource(std::move(files), config)
{
    BITLOOM_REQUIRE(bits() == kBits, ErrorCode::Unsupported, config.file.string(),
                    " says that codes have ", bits(), " bits; AWQ files are read with ", kBits);
    BITLOOM_REQUIRE(config.version.empty() || config.version == "gemm", ErrorCode::Unsupported,
                    config.file.string(), " names the AWQ layout ", config.version,
                    "; only gemm is read");
    list();
}

void AwqSource::measure(GroupedLinear& layer) const
{
    layer.inputs = layer.codes->shape[0];
    BITLOOM_REQUIRE(layer.outputs % kPerWord == 0, ErrorCode::CorruptFile, layer.scales->name,
                    " has ", layer.outputs, " outputs, a multiple of ", kPerWord, " was expected");
    requireShape(layer.codes, {layer.inputs, layer.outputs / kPerWord});
    requireShape(layer.zeros, {layer.groups, layer.outputs / kPerWord});
    BITLOOM_REQUIRE(!layer.groupOf, ErrorCode::CorruptFile, layer.prefix,
                    ".g_idx is there, which AWQ does not know; is this a GPTQ file?");
}

std::vector<std::int32_t> AwqSource::readZeros(const GroupedLinear& layer) const
{
    std::vector<std::int32_t> zeros(static_cast<std::size_t>(layer.groups * layer.outputs));
    forEachCode(readInts(layer.zeros), layer.outputs,
                [&](std::int64_t group, std::int64_t output, std::uint32_t code) {
                    zeros[static_cast<std::size_t>(group * layer.outputs + output)] =
                        static_cast<std::int32_t>(code);
                });
    return zeros;
}

void AwqSource::readWords(const GroupedLinear& layer, PackedTensor& tensor) const
{
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(layer.inputs * layer.outputs));
    forEachCode(readInts(layer.codes), layer.outputs,
                [&](std::int64_t input, std::int64_t output, std::uint32_t code) {
                    codes[static_cast<std::size_t>(output * layer.inputs + input)] =
                        static_cast<std::uint8_t>(code);
                });
    packMatrix(std::span<const std::uint8_t>(codes), tensor.layout(), std::span(tensor.words));
}

} // namespace bitloom::io
