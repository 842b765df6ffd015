// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/checkpoint_source.h"

#include "core/base/error.h"
#include "core/io/bitpack/integer_checkpoint.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/integer_encoding.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/state_dict.h"
#include "core/ops/torch_errors.h"

#include <utility>

namespace bitloom::io {

CheckpointSource::CheckpointSource(const std::filesystem::path& path, std::string format)
    : m_path(path.string()), m_format(std::move(format))
{
    m_meta.model = path.filename().string();
    m_meta.creator.clear(); // the format does not say
}

void CheckpointSource::addRaw(NamedTensor tensor)
{
    PackedTensorHeader header;
    header.name = tensor.first;
    header.kind = PackedKind::Raw;
    header.shape = tensor.second.sizes().vec();
    header.dtype = typeName(tensor.second.scalar_type());
    header.payloadBytes =
        tensor.second.numel() * static_cast<std::int64_t>(tensor.second.element_size());
    m_headers.push_back(std::move(header));
    m_raw.push_back(std::move(tensor));
}

CheckpointSource CheckpointSource::ofState(const std::filesystem::path& path)
{
    CheckpointSource source(path, "state dict");
    StateDict state = readStateDict(path, TensorMemory::Mapped);
    for (NamedTensor& tensor : state.tensors) {
        source.addRaw(std::move(tensor));
    }
    source.m_notes = std::move(state.notes);
    return source;
}

CheckpointSource CheckpointSource::ofHawq(const std::filesystem::path& path)
{
    CheckpointSource source(path, "HAWQ checkpoint");
    const IntegerCheckpoint checkpoint = readIntegerCheckpoint(path);
    withContext(source.m_path, [&] {
        withTorchErrors([&] {
            for (const NamedTensor& weight : checkpoint.weights) {
                const at::Tensor integers = isIntegerType(weight.second.scalar_type())
                                                ? weight.second.contiguous()
                                                : packableIntegers(weight.first, weight.second);
                PackedTensor tensor = encodeIntegers(weight, integers, true, checkpoint, false);
                if (tensor.kind == PackedKind::Raw) { // a span of more than 16 bits
                    source.addRaw(weight);
                    continue;
                }
                tensor.parameterBytes =
                    static_cast<std::int64_t>(4 * (tensor.scale.size() + tensor.origin.size()));
                source.m_codes.push_back(std::move(tensor));
            }
        });
    });
    source.m_headers.insert(source.m_headers.begin(), source.m_codes.begin(), source.m_codes.end());
    for (const NamedTensor& tensor : carriedApart(checkpoint)) {
        source.addRaw(tensor);
    }
    source.m_notes = checkpoint.notes;
    return source;
}

PackedTensor CheckpointSource::readTensor(std::string_view name) const
{
    return withContext(m_path, [&] {
        const auto index = static_cast<std::size_t>(&require(name) - m_headers.data());
        if (index < m_codes.size()) {
            return m_codes[index];
        }
        const NamedTensor& raw = m_raw[index - m_codes.size()];
        return withTorchErrors([&] { return encodeParameter({raw.first, raw.second}, nullptr); });
    });
}

PackedTensor CheckpointSource::readParameters(std::string_view name) const
{
    const PackedTensorHeader& header = require(name);
    BITLOOM_REQUIRE(header.kind == PackedKind::Int, ErrorCode::InvalidArgument, header.name,
                    " holds no integer codes: it is stored as it is");
    PackedTensor parameters = readTensor(name);
    parameters.words.clear();
    return parameters;
}

} // namespace bitloom::io
