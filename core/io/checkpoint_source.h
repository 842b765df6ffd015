// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_source.h"
#include "core/io/state/torch_archive_writer.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// A state dict, or HAWQ's integer checkpoint, as packed weights. All tensors of a state dict are
/// raw. HAWQ's integer weights are codes of the smallest width with their scale; the other parts of
/// its file are raw.
class CheckpointSource final : public PackedSource {
public:
    /// Errors: those of readStateDict().
    static CheckpointSource ofState(const std::filesystem::path& path);
    /// Errors: those of readIntegerCheckpoint(); InvalidArgument for weights that are no integers.
    static CheckpointSource ofHawq(const std::filesystem::path& path);

    std::string formatName() const override { return m_format; }
    const PackedMeta& meta() const override { return m_meta; }
    const std::vector<PackedTensorHeader>& tensors() const override { return m_headers; }
    PackedTensor readTensor(std::string_view name) const override;
    PackedTensor readParameters(std::string_view name) const override;
    const std::vector<PackedActivation>& activations() const override { return m_activations; }
    const std::vector<std::string>& notes() const override { return m_notes; }

private:
    CheckpointSource(const std::filesystem::path& path, std::string format);
    void addRaw(NamedTensor tensor);

    std::string m_path;
    std::string m_format;
    PackedMeta m_meta;
    std::vector<PackedTensorHeader> m_headers; ///< first the codes, then the raw ones
    std::vector<PackedTensor> m_codes;
    std::vector<NamedTensor> m_raw;
    std::vector<PackedActivation> m_activations;
    std::vector<std::string> m_notes;
};

} // namespace bitloom::io
