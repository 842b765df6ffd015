// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/checkpoint_source.h"

#include "core/base/error.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/integer_encoding.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/state_dict.h"
#include "core/io/tensor_tasks.h"
#include "core/ops/torch_errors.h"

#include <algorithm>
#include <span>
#include <utility>

namespace bitloom::io {

CheckpointSource::CheckpointSource(const std::filesystem::path& path, Phrase format)
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

namespace {

/// Everything of a tensor that PyTorch quantized to 8 bits but its codes.
PackedTensor quantizedParameters(const NamedTensor& one)
{
    const at::Tensor& values = one.second;
    PackedTensor tensor;
    tensor.name = one.first;
    tensor.shape = values.sizes().vec();
    tensor.bits = 8;
    tensor.encoding = values.scalar_type() == c10::ScalarType::QInt8 ? CodeEncoding::OffsetBinary
                                                                     : CodeEncoding::Unsigned;
    if (values.qscheme() == at::kPerTensorAffine) {
        tensor.scale = {static_cast<float>(values.q_scale())};
        tensor.zeroPoint = {static_cast<std::int32_t>(values.q_zero_point())};
    } else {
        tensor.axis = values.q_per_channel_axis();
        const at::Tensor scales = values.q_per_channel_scales().to(at::kFloat).contiguous();
        const at::Tensor zeros = values.q_per_channel_zero_points().to(at::kInt).contiguous();
        const auto count = static_cast<std::size_t>(scales.numel());
        const std::span scale(scales.const_data_ptr<float>(), count);
        const std::span zero(zeros.const_data_ptr<std::int32_t>(), count);
        tensor.scale.assign(scale.begin(), scale.end());
        tensor.zeroPoint.assign(zero.begin(), zero.end());
    }
    if (std::ranges::all_of(tensor.zeroPoint, [](std::int32_t zero) { return zero == 0; })) {
        tensor.zeroPoint.clear();
    }
    const MatrixView view = tensor.matrix();
    tensor.unit = choosePackUnit(view.rows, view.cols, tensor.bits);
    tensor.payloadBytes = tensor.layout().words() * kPackWordBytes;
    tensor.parameterBytes =
        static_cast<std::int64_t>(4 * (tensor.scale.size() + tensor.zeroPoint.size()));
    return tensor;
}

} // namespace

void CheckpointSource::addQuantized(const NamedTensor& tensor)
{
    if (tensor.second.scalar_type() == c10::ScalarType::QInt32) {
        m_notes.push_back({PhraseId::CodesBecomeFloats, {tensor.first}});
        addRaw({tensor.first, tensor.second.dequantize()});
        return;
    }
    PackedTensor parameters = quantizedParameters(tensor);
    m_headers.push_back(parameters);
    m_entries.push_back({{tensor.first, tensor.second.int_repr()}, std::move(parameters)});
}

CheckpointSource CheckpointSource::ofState(const std::filesystem::path& path)
{
    CheckpointSource source(path, PhraseId::StateDictFormat);
    StateDict state = readStateDict(path, TensorMemory::Mapped);
    source.m_notes = std::move(state.notes);
    for (const NamedTensor& tensor : state.tensors) {
        if (tensor.second.is_quantized()) {
            source.m_format = PhraseId::QuantizedStateDict;
            withTorchErrors([&] { source.addQuantized(tensor); });
        } else {
            source.addRaw(tensor);
        }
    }
    return source;
}

std::optional<CheckpointSource> CheckpointSource::ofIntegers(const IntegerCheckpoint& checkpoint,
                                                             const IntegerInput& input,
                                                             bool widthPerChannel,
                                                             RunControl& control)
{
    CheckpointSource source(input.file,
                            checkpoint.isHawq ? PhraseId::HawqFormat : PhraseId::IntegerFormat);
    source.m_input = input;
    const auto& weights = checkpoint.weights;
    std::vector<std::optional<PackedTensor>> parameters(weights.size());
    const auto look = [&](std::int64_t i) {
        const NamedTensor& weight = weights[static_cast<std::size_t>(i)];
        if (isToBePacked(weight, input)) {
            withTorchErrors([&] {
                parameters[static_cast<std::size_t>(i)] = integerParameters(
                    weight, integersToPack(weight, input), checkpoint, widthPerChannel);
            });
        }
    };
    const bool complete = withContext(source.m_path, [&] {
        return forEachTensorAtOnce(static_cast<std::int64_t>(weights.size()), "looking", control,
                                   look);
    });
    if (!complete) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!parameters[i]) {
            source.addRaw(weights[i]);
            continue;
        }
        source.m_headers.push_back(*parameters[i]);
        source.m_entries.push_back({weights[i], std::move(parameters[i])});
    }
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
    RunControl control; // nobody can stop it
    return std::move(*ofIntegers(readIntegerCheckpoint(path), input, false, control));
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
