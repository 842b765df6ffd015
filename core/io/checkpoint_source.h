// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/io/bitpack/integer_checkpoint.h"
#include "core/io/integer_file.h"
#include "core/io/packed/packed_source.h"
#include "core/io/state/torch_archive_writer.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// A state dict, or a checkpoint of integer weights, as packed weights. The tensors of a state dict
/// are raw, but for those that PyTorch quantized, which are codes on its grid; those of 32 bits
/// become float32, with a note. Integer weights are codes of the smallest width with their scale,
/// packed when they are read; what is no integer of at most 16 bits, and what belongs to the
/// weights, is raw.
class CheckpointSource final : public PackedSource {
public:
    /// Errors: those of readStateDict().
    static CheckpointSource ofState(const std::filesystem::path& path);
    /// checkpoint: read from input.file. Two tensors are looked at at once.
    /// Errors:  InvalidArgument for a weight that is to be packed and holds other values than
    ///          integers.
    /// Returns: nullopt when cancelled.
    static std::optional<CheckpointSource> ofIntegers(const IntegerCheckpoint& checkpoint,
                                                      const IntegerInput& input,
                                                      bool widthPerChannel, RunControl& control);
    /// All integer weights of HAWQ's checkpoint. Errors: those of readIntegerCheckpoint() and
    /// ofIntegers().
    static CheckpointSource ofHawq(const std::filesystem::path& path);

    Phrase formatName() const override { return m_format; }
    std::string_view formatId() const override { return "pth"; }
    const PackedMeta& meta() const override { return m_meta; }
    const std::vector<PackedTensorHeader>& tensors() const override { return m_headers; }
    PackedTensor readTensor(std::string_view name) const override;
    PackedTensor readParameters(std::string_view name) const override;
    const std::vector<Phrase>& notes() const override { return m_notes; }

private:
    struct Entry {
        NamedTensor tensor;                     ///< as the file has it
        std::optional<PackedTensor> parameters; ///< of codes, without their words
    };

    CheckpointSource(const std::filesystem::path& path, Phrase format);
    void addRaw(const NamedTensor& tensor);
    void addQuantized(const NamedTensor& tensor);
    const Entry& entryOf(const PackedTensorHeader& header) const;

    std::string m_path;
    Phrase m_format;
    PackedMeta m_meta;
    IntegerInput m_input; ///< of integer weights
    std::vector<PackedTensorHeader> m_headers;
    std::vector<Entry> m_entries; ///< parallel to m_headers
    std::vector<Phrase> m_notes;
};

} // namespace bitloom::io
