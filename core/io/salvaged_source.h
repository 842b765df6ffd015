// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_source.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// What can be read of another source: tensors that are damaged are not listed, a note says why.
/// Cost: of the constructor, reading every tensor once. Errors: those of the source that are none
/// of
///         its contents (memory, disk).
class SalvagedSource final : public PackedSource {
public:
    explicit SalvagedSource(std::unique_ptr<PackedSource> source);

    Phrase formatName() const override { return m_source->formatName(); }
    std::string_view formatId() const override { return m_source->formatId(); }
    const PackedMeta& meta() const override { return m_source->meta(); }
    const std::vector<PackedTensorHeader>& tensors() const override { return m_headers; }
    PackedTensor readTensor(std::string_view name) const override
    {
        return m_source->readTensor(require(name).name);
    }
    PackedTensor readParameters(std::string_view name) const override
    {
        return m_source->readParameters(require(name).name);
    }
    const std::vector<PackedActivation>& activations() const override
    {
        return m_source->activations();
    }
    const std::vector<Phrase>& notes() const override { return m_notes; }

private:
    std::unique_ptr<PackedSource> m_source;
    std::vector<PackedTensorHeader> m_headers;
    std::vector<Phrase> m_notes;
};

/// True for errors that belong to one tensor of a file, beside which others may be sound.
bool isDamage(const Error& error);
/// "left out: ...", for the notes.
Phrase noteOfDamage(const Error& error);

} // namespace bitloom::io
