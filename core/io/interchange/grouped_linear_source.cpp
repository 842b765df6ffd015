// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/grouped_linear_source.h"

#include "core/base/error.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/io/interchange/word_layout.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <sstream>
#include <utility>

namespace bitloom::io {

namespace {

constexpr std::string_view kCodes = ".qweight";

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::ostringstream out;
    out << "[";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        out << (i == 0 ? "" : ", ") << shape[i];
    }
    out << "]";
    return out.str();
}

} // namespace

GroupedLinearSource::GroupedLinearSource(SafetensorsFiles files, QuantizationConfig config)
    : m_files(std::move(files)), m_config(std::move(config))
{
    m_meta.model = m_files.path().has_filename() ? m_files.path().filename().string()
                                                 : m_files.folder().filename().string();
    m_meta.creator.clear(); // the format does not say
    const std::string where = m_config.file.string();
    BITLOOM_REQUIRE(m_config.bits, ErrorCode::InvalidArgument, where,
                    " does not say how many bits the codes have");
    BITLOOM_REQUIRE(*m_config.bits >= 1 && *m_config.bits <= 8, ErrorCode::Unsupported, where,
                    " says that codes have ", *m_config.bits, " bits; 1 to 8 are read");
    BITLOOM_REQUIRE(m_config.groupSize, ErrorCode::InvalidArgument, where,
                    " does not say how many inputs share a scale (group_size)");
    BITLOOM_REQUIRE(*m_config.groupSize == -1 || *m_config.groupSize > 0, ErrorCode::CorruptFile,
                    where, " has a group_size of ", *m_config.groupSize);
    m_bits = static_cast<int>(*m_config.bits);
    m_groupSize = std::max<std::int64_t>(*m_config.groupSize, 0);
}

void GroupedLinearSource::requireShape(const SafetensorsPlace& place,
                                       const std::vector<std::int64_t>& shape)
{
    BITLOOM_REQUIRE(place->shape == shape, ErrorCode::CorruptFile, place->name, " has the shape ",
                    shapeText(place->shape), ", ", shapeText(shape), " was expected");
}

std::vector<GroupedLinear> GroupedLinearSource::findLayers() const
{
    std::vector<GroupedLinear> layers;
    for (const SafetensorsPlace& codes : m_files.tensors()) {
        const std::string& name = codes->name;
        if (!name.ends_with(kCodes)) {
            continue;
        }
        GroupedLinear layer;
        layer.prefix = name.substr(0, name.size() - kCodes.size());
        layer.codes = codes;
        layer.zeros = m_files.find(layer.prefix + ".qzeros");
        layer.scales = m_files.find(layer.prefix + ".scales");
        layer.groupOf = m_files.find(layer.prefix + ".g_idx");
        for (const auto& [companion, found] :
             {std::pair(".qzeros", layer.zeros), {".scales", layer.scales}}) {
            BITLOOM_REQUIRE(found, ErrorCode::CorruptFile, name,
                            " is there, but not its companion ", layer.prefix, companion);
        }
        for (const SafetensorsPlace& part : {layer.codes, layer.scales}) {
            BITLOOM_REQUIRE(part->shape.size() == 2, ErrorCode::CorruptFile, part->name,
                            " has the shape ", shapeText(part->shape),
                            ", two dimensions were expected");
        }
        layer.groups = layer.scales->shape[0];
        layer.outputs = layer.scales->shape[1];
        BITLOOM_REQUIRE(layer.groups > 0 && layer.outputs > 0, ErrorCode::CorruptFile,
                        layer.scales->name, " is empty");
        layers.push_back(std::move(layer));
    }
    return layers;
}

void GroupedLinearSource::list()
{
    withContext(m_files.path().string(), [&] {
        std::set<std::string> used;
        for (GroupedLinear& layer : findLayers()) {
            measure(layer);
            const std::int64_t groups =
                m_groupSize == 0
                    ? 1
                    : layer.inputs / m_groupSize + (layer.inputs % m_groupSize != 0 ? 1 : 0);
            BITLOOM_REQUIRE(layer.groups == groups, ErrorCode::CorruptFile, layer.scales->name,
                            " has ", layer.groups, " groups; ", layer.inputs,
                            " inputs in groups of ", *m_config.groupSize, " (",
                            m_config.file.string(), ") give ", groups);
            const std::vector<std::int32_t> zeros = readZeros(layer);
            layer.isSymmetric = std::all_of(zeros.begin(), zeros.end(), [this](std::int32_t zero) {
                return zero == (1 << m_bits) / 2;
            });
            for (const SafetensorsPlace& part :
                 {layer.codes, layer.zeros, layer.scales, layer.groupOf}) {
                if (part) {
                    used.insert(part->name);
                }
            }
            m_headers.push_back(headerOf(layer));
            m_layers.emplace(layer.prefix + ".weight", layer);
        }
        for (const SafetensorsPlace& place : m_files.tensors()) {
            BITLOOM_REQUIRE(!m_layers.contains(place->name), ErrorCode::CorruptFile, place->name,
                            " is there as codes and as a tensor of its own");
            if (!used.contains(place->name)) {
                m_headers.push_back(rawHeader(*place.entry));
            }
        }
    });
}

PackedTensorHeader GroupedLinearSource::headerOf(const GroupedLinear& layer) const
{
    PackedTensorHeader header;
    header.name = layer.prefix + ".weight";
    header.shape = {layer.outputs, layer.inputs};
    header.dtype = dtypeOf(layer.scales->type);
    header.bits = m_bits;
    header.encoding = layer.isSymmetric ? CodeEncoding::OffsetBinary : CodeEncoding::Unsigned;
    header.groupSize = m_groupSize;
    header.payloadBytes = packedBytes(layer.outputs, layer.inputs, m_bits, PackUnit::Row);
    const std::int64_t scales = layer.groups * layer.outputs;
    header.parameterBytes = 4 * scales * (layer.isSymmetric ? 1 : 2);
    return header;
}

std::vector<std::int32_t> GroupedLinearSource::groupsOf(const GroupedLinear& layer) const
{
    if (!layer.groupOf) {
        return {};
    }
    std::vector<std::int32_t> groups = readInts(layer.groupOf);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto usual = m_groupSize == 0 ? 0 : static_cast<std::int64_t>(i) / m_groupSize;
        if (groups[i] != usual) {
            BITLOOM_REQUIRE(m_groupSize > 0, ErrorCode::CorruptFile, layer.groupOf->name,
                            ": input ", i, " is in group ", groups[i],
                            ", but all inputs share a scale");
            return groups;
        }
    }
    return {};
}

PackedTensor GroupedLinearSource::parametersOf(const GroupedLinear& layer) const
{
    PackedTensor tensor{headerOf(layer), {}, {}, {}, {}, {}, {}, {}};
    tensor.scale = transposedMatrix(readFloats(layer.scales), layer.groups, layer.outputs);
    if (!layer.isSymmetric) {
        tensor.zeroPoint = transposedMatrix(readZeros(layer), layer.groups, layer.outputs);
    }
    tensor.gIdx = groupsOf(layer);
    tensor.parameterBytes += static_cast<std::int64_t>(4 * tensor.gIdx.size());
    requireConsistentParameters(tensor, ErrorCode::CorruptFile);
    return tensor;
}

PackedTensor GroupedLinearSource::readTensor(std::string_view name) const
{
    return withContext(m_files.path().string(), [&] {
        const PackedTensorHeader& header = require(name);
        const auto layer = m_layers.find(name);
        if (layer == m_layers.end()) {
            return readRaw(m_files.find(header.name));
        }
        PackedTensor tensor = parametersOf(layer->second);
        tensor.words.resize(static_cast<std::size_t>(tensor.layout().words()));
        readWords(layer->second, tensor);
        return tensor;
    });
}

PackedTensor GroupedLinearSource::readParameters(std::string_view name) const
{
    return withContext(m_files.path().string(), [&] {
        const PackedTensorHeader& header = require(name);
        const auto layer = m_layers.find(name);
        BITLOOM_REQUIRE(layer != m_layers.end(), ErrorCode::InvalidArgument, header.name,
                        " holds no integer codes: its kind is ", toString(header.kind));
        return parametersOf(layer->second);
    });
}

} // namespace bitloom::io
