// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/salvaged_source.h"

#include <utility>

namespace bitloom::io {

SalvagedSource::SalvagedSource(std::unique_ptr<PackedSource> source)
    : m_source(std::move(source)), m_notes(m_source->notes())
{
    for (const PackedTensorHeader& header : m_source->tensors()) {
        try {
            if (header.kind != PackedKind::Unknown) {
                m_source->readTensor(header.name);
            }
            m_headers.push_back(header);
        } catch (const Error& error) {
            if (!isDamage(error)) {
                throw;
            }
            m_notes.push_back(noteOfDamage(error));
        }
    }
}

bool isDamage(const Error& error)
{
    return error.code() == ErrorCode::CorruptFile || error.code() == ErrorCode::NonFinite;
}

Phrase noteOfDamage(const Error& error)
{
    return {PhraseId::LeftOut, {error.what()}};
}

} // namespace bitloom::io
