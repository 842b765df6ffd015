// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/interchange/compressed_tensors_config.h"
#include "core/io/interchange/compressed_tensors_spec.h"
#include "core/io/interchange/word_layout.h"
#include "core/io/packed/packed_source.h"
#include "core/io/safetensors/safetensors_files.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// Reads the layout "pack-quantized" of compressed-tensors: what this program wrote, and what
/// others did. MODULE.weight_packed and its companions become the tensor MODULE.weight; all other
/// tensors are raw. Of others, "int-quantized" and "naive-quantized" are read too, whose codes lie
/// under the name of the weight, one to an I8.
///
/// Codes of 3, 5, 6 and 7 bits lie padded before version 0.18 and dense since, under the same name.
/// Which it is, the version in config.json says, where it is absent the number of words; where
/// that does not tell either, or contradicts the version, the caller must say it.
/// Errors: those of SafetensorsReader and readCompressedTensorsConfig(); InvalidArgument naming
///         --ct-layout where the layout is not known; CorruptFile naming the tensor for parts that
///         are missing or do not fit together, and of readTensor() for one whose checksum this
///         program wrote and that was changed since; Unsupported for weights of other than two
///         dimensions.
class CompressedTensorsSource final : public PackedSource {
public:
    /// files: with config.json beside them.
    explicit CompressedTensorsSource(SafetensorsFiles files,
                                     std::optional<WordLayout> layout = std::nullopt);

    Phrase formatName() const override;
    std::string_view formatId() const override { return "compressed-tensors"; }
    const PackedMeta& meta() const override { return m_spec.meta; }
    const std::vector<PackedTensorHeader>& tensors() const override { return m_headers; }
    PackedTensor readTensor(std::string_view name) const override;
    PackedTensor readParameters(std::string_view name) const override;
    const std::vector<PackedActivation>& activations() const override { return m_spec.activations; }
    const std::vector<Phrase>& notes() const override { return m_notes; }

private:
    /// What is known of a packed tensor beside its header.
    struct Packed {
        PackedTensorHeader header;
        StoredZeroPoints zeroPoints = StoredZeroPoints::None;
        bool hasScale = true;
        std::vector<std::int32_t> origin;
        std::optional<WeightScheme> scheme; ///< of config.json; absent: this program's own file
        SafetensorsPlace integers;          ///< the codes q themselves; none: they lie in words
    };

    void listOwn();
    void listForeign();
    void listRaw();
    void addPacked(Packed packed);
    std::vector<std::int64_t> shapeOf(const std::string& name) const;
    Packed measure(const std::string& name, const WeightScheme& scheme) const;
    void decideLayout(std::optional<WordLayout> asked);
    void requireWords() const;

    SafetensorsPlace part(const std::string& name, std::string_view suffix) const;
    SafetensorsPlace requirePart(const std::string& name, std::string_view suffix) const;
    PackedTensor readParametersOf(const Packed& packed) const;
    /// Errors: CorruptFile for an integer that the stated width cannot hold.
    void packIntegersOf(const Packed& packed, PackedTensor& tensor) const;
    void readWordsOf(PackedTensor& tensor) const;
    /// Errors: CorruptFile where the file states another checksum.
    void requireIntact(const PackedTensor& tensor) const;
    std::vector<std::int32_t> readZeroPoints(const PackedTensor& tensor,
                                             const Packed& packed) const;

    SafetensorsFiles m_files;
    CompressedTensorsConfig m_config; ///< of a foreign file
    CompressedTensorsSpec m_spec;
    bool m_isOwn = false;
    WordLayout m_layout = WordLayout::Dense;
    std::vector<PackedTensorHeader> m_headers;
    std::map<std::string, Packed, std::less<>> m_packed;
    std::map<std::string, std::uint32_t> m_crcs; ///< of this program's own file, by name
    std::vector<Phrase> m_notes;
};

} // namespace bitloom::io
