// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/interchange/quantization_config.h"
#include "core/io/packed/packed_source.h"
#include "core/io/safetensors/safetensors_files.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// The tensors of one linear layer as GPTQ and AWQ name them, and what their shapes come to.
struct GroupedLinear {
    std::string prefix;       ///< "model.layers.0.mlp.up_proj"
    SafetensorsPlace codes;   ///< PREFIX.qweight, I32
    SafetensorsPlace zeros;   ///< PREFIX.qzeros, I32
    SafetensorsPlace scales;  ///< PREFIX.scales, F16, [groups, outputs]
    SafetensorsPlace groupOf; ///< PREFIX.g_idx, I32 [inputs]; may be absent
    std::int64_t inputs = 0;
    std::int64_t outputs = 0;
    std::int64_t groups = 0;
    bool isSymmetric = false; ///< all zero points lie in the middle of the codes
};

/// A safetensors file, or several, whose linear layers are codes in groups of inputs with a scale
/// and a zero point each: what GPTQ and AWQ have in common.
///
/// PREFIX.qweight and its companions become the tensor PREFIX.weight of shape [outputs, inputs], in
/// the order of the inputs; all other tensors are raw. Zero points that all lie in the middle of
/// the codes become the encoding offset_binary, others stay beside unsigned codes.
class GroupedLinearSource : public PackedSource {
public:
    const PackedMeta& meta() const override { return m_meta; }
    const std::vector<PackedTensorHeader>& tensors() const override { return m_headers; }
    PackedTensor readTensor(std::string_view name) const override;
    PackedTensor readParameters(std::string_view name) const override;
    const std::vector<Phrase>& notes() const override { return m_notes; }

protected:
    /// Errors: InvalidArgument for a configuration without bits or group size.
    GroupedLinearSource(SafetensorsFiles files, QuantizationConfig config);

    /// Lists all tensors; the constructors of derived classes call it when they can answer.
    void list();

    const std::filesystem::path& path() const { return m_files.path(); }
    const QuantizationConfig& config() const { return m_config; }
    int bits() const { return m_bits; }
    /// Inputs that share a scale; 0: all of them.
    std::int64_t groupSize() const { return m_groupSize; }
    void addNote(Phrase note) { m_notes.push_back(std::move(note)); }
    /// Errors: CorruptFile naming the tensor where its shape is another.
    static void requireShape(const SafetensorsPlace& place, const std::vector<std::int64_t>& shape);
    /// Every PREFIX of a PREFIX.qweight, with its companions; shapes are not looked at.
    std::vector<GroupedLinear> findLayers() const;

    /// Fills in inputs from the shape of the codes and checks all shapes.
    virtual void measure(GroupedLinear& layer) const = 0;
    /// Zero points as w = scale * (u - zero), [groups, outputs].
    virtual std::vector<std::int32_t> readZeros(const GroupedLinear& layer) const = 0;
    /// The words of a tensor of unit row from the codes.
    virtual void readWords(const GroupedLinear& layer, PackedTensor& tensor) const = 0;

private:
    PackedTensorHeader headerOf(const GroupedLinear& layer) const;
    PackedTensor parametersOf(const GroupedLinear& layer) const;
    std::vector<std::int32_t> groupsOf(const GroupedLinear& layer) const;

    SafetensorsFiles m_files;
    QuantizationConfig m_config;
    int m_bits = 0;
    std::int64_t m_groupSize = 0;
    PackedMeta m_meta;
    std::map<std::string, GroupedLinear, std::less<>> m_layers; ///< by the name of the weight
    std::vector<PackedTensorHeader> m_headers;
    std::vector<Phrase> m_notes;
};

} // namespace bitloom::io
