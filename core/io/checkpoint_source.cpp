// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/checkpoint_source.h"

#include "core/base/error.h"
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

void CheckpointSource::addRaw(const NamedTensor& tensor)
{
    PackedTensorHeader header;
    header.name = tensor.first;
    header.kind = PackedKind::Raw;
    header.shape = tensor.second.sizes().vec();
    header.dtype = typeName(tensor.second.scalar_type());
    header.payloadBytes =
        tensor.second.numel() * static_cast<std::int64_t>(tensor.second.element_size());
    m_headers.push_back(std::move(header));
    m_entries.push_back({tensor, std::nullopt});
}

CheckpointSource CheckpointSource::ofState(const std::filesystem::path& path)
{
    CheckpointSource source(path, "state dict");
    StateDict state = readStateDict(path, TensorMemory::Mapped);
    for (const NamedTensor& tensor : state.tensors) {
        source.addRaw(tensor);
    }
    source.m_notes = std::move(state.notes);
    return source;
}

CheckpointSource CheckpointSource::ofIntegers(const IntegerCheckpoint& checkpoint,
                                              const IntegerInput& input, bool widthPerChannel)
{
    CheckpointSource source(input.file,
                            checkpoint.isHawq ? "HAWQ checkpoint" : "integer checkpoint");
    source.m_input = input;
    withContext(source.m_path, [&] {
        withTorchErrors([&] {
            for (const NamedTensor& weight : checkpoint.weights) {
                std::optional<PackedTensor> parameters;
                if (isToBePacked(weight, input)) {
                    parameters = integerParameters(weight, integersToPack(weight, input),
                                                   checkpoint, widthPerChannel);
                }
                if (!parameters) {
                    source.addRaw(weight);
                    continue;
                }
                source.m_headers.push_back(*parameters);
                source.m_entries.push_back({weight, std::move(parameters)});
            }
        });
    });
    for (const NamedTensor& tensor : carriedApart(checkpoint)) {
        source.addRaw(tensor);
    }
    source.m_notes = checkpoint.notes;
    return source;
}

CheckpointSource CheckpointSource::ofHawq(const std::filesystem::path& path)
{
    IntegerInput input;
    input.file = path.string();
    input.forcePackFp = true;
    return ofIntegers(readIntegerCheckpoint(path), input);
}

const CheckpointSource::Entry& CheckpointSource::entryOf(const PackedTensorHeader& header) const
{
    return m_entries[static_cast<std::size_t>(&header - m_headers.data())];
}

PackedTensor CheckpointSource::readTensor(std::string_view name) const
{
    return withContext(m_path, [&] {
        const Entry& entry = entryOf(require(name));
        return withTorchErrors([&] {
            if (!entry.parameters) {
                return encodeParameter({entry.tensor.first, entry.tensor.second}, nullptr);
            }
            PackedTensor tensor = *entry.parameters;
            packIntegers(tensor, integersToPack(entry.tensor, m_input));
            return tensor;
        });
    });
}

PackedTensor CheckpointSource::readParameters(std::string_view name) const
{
    const PackedTensorHeader& header = require(name);
    const Entry& entry = entryOf(header);
    BITLOOM_REQUIRE(entry.parameters, ErrorCode::InvalidArgument, header.name,
                    " holds no integer codes: it is stored as it is");
    return *entry.parameters;
}

} // namespace bitloom::io
