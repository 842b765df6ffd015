// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/weight_targets.h"

#include "core/base/error.h"
#include "core/io/packed/packed_file.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace bitloom::io {

namespace {

/// Our HDF5: everything is kept.
class PackedTarget final : public WeightTarget {
public:
    explicit PackedTarget(const ConversionRequest& request)
        : m_input(request.input), m_compress(request.compress)
    {
    }

    ConvertedTensor foresee(const PackedTensor& parameters) const override
    {
        ConvertedTensor line = lineAbout(parameters);
        if (parameters.kind == PackedKind::Unknown) {
            line.fate = ConversionFate::Lost;
            line.what = "its kind \"" + parameters.kindText + "\" is of a newer version";
            return line;
        }
        line.after = line.before;
        return line;
    }

    std::vector<std::string> losses(const PackedSource&) const override { return {}; }

    bool write(const PackedSource& source, const std::filesystem::path& path,
               RunControl& control) override
    {
        PackedMeta meta = source.meta();
        meta.creator = PackedMeta().creator;
        meta.created.clear();
        if (meta.provenance == "{}") {
            meta.provenance =
                nlohmann::json{{"source", m_input}, {"format", source.formatName()}}.dump();
        }
        PackedFileWriter writer(path, meta, {m_compress});
        if (!forEachTensor(source, "converting", control, [&](const PackedTensorHeader& header) {
                if (header.kind != PackedKind::Unknown) {
                    writer.add(source.readTensor(header.name));
                }
            })) {
            return false;
        }
        for (const PackedActivation& activation : source.activations()) {
            writer.add(activation);
        }
        writer.finish();
        return true;
    }

    bool compare(const PackedSource& source, const std::filesystem::path& path,
                 RunControl& control) override
    {
        const PackedFileReader reader(path);
        BITLOOM_REQUIRE(reader.activations().size() == source.activations().size(),
                        ErrorCode::VerifyFailed, "the output has ", reader.activations().size(),
                        " activation quantizers, the input ", source.activations().size());
        return forEachTensor(source, "comparing", control, [&](const PackedTensorHeader& header) {
            if (header.kind == PackedKind::Unknown) {
                return;
            }
            const PackedTensor before = source.readTensor(header.name);
            const PackedTensor after = reader.readTensor(header.name);
            const bool same = before.shape == after.shape && before.words == after.words &&
                              before.data == after.data && before.scale == after.scale &&
                              before.zeroPoint == after.zeroPoint &&
                              before.origin == after.origin && before.gIdx == after.gIdx &&
                              before.rowBits == after.rowBits && before.bits == after.bits &&
                              before.encoding == after.encoding && before.unit == after.unit &&
                              before.axis == after.axis && before.dtype == after.dtype &&
                              before.groupSize == after.groupSize;
            BITLOOM_REQUIRE(same, ErrorCode::VerifyFailed, header.name,
                            " does not read back as it was written");
        });
    }

private:
    std::string m_input;
    bool m_compress;
};

std::string scaleText(const PackedTensor& tensor)
{
    if (tensor.scale.empty()) {
        return ", no scale";
    }
    if (tensor.groupSize > 0) {
        return ", groups of " + std::to_string(tensor.groupSize) +
               (tensor.gIdx.empty() ? "" : " in any order");
    }
    return tensor.scale.size() == 1 ? ", one scale" : ", a scale per channel";
}

} // namespace

std::unique_ptr<WeightTarget> makePackedTarget(const ConversionRequest& request)
{
    return std::make_unique<PackedTarget>(request);
}

std::unique_ptr<WeightTarget> makeWeightTarget(WeightFormat format,
                                               const ConversionRequest& request)
{
    switch (format) {
    case WeightFormat::Packed:
        return makePackedTarget(request);
    case WeightFormat::BitPack:
    case WeightFormat::BitPackExact:
    case WeightFormat::BitPackLegacy:
    case WeightFormat::BitPackExactLegacy:
        return makeBitPackTarget(format);
    case WeightFormat::TorchState:
    case WeightFormat::SafetensorsState:
        return makeStateTarget(format, request.dtype);
    case WeightFormat::CompressedTensors:
        return makeCompressedTarget(request);
    }
    fail(ErrorCode::Internal, "unknown format of weights");
}

std::string describeStorage(const PackedTensor& parameters)
{
    if (parameters.kind == PackedKind::Raw) {
        return parameters.dtype;
    }
    if (parameters.kind == PackedKind::Unknown) {
        return parameters.kindText;
    }
    const std::string bits =
        parameters.bits == PackedTensorHeader::kBitsPerRow
            ? "a width per channel"
            : std::to_string(parameters.bits) + (parameters.bits == 1 ? " bit" : " bits");
    return bits + " " + std::string(toString(parameters.encoding)) + scaleText(parameters) +
           (parameters.zeroPoint.empty() ? "" : ", zero points");
}

ConvertedTensor lineAbout(const PackedTensor& parameters)
{
    ConvertedTensor line;
    line.name = parameters.name;
    line.shape = parameters.shape;
    line.before = describeStorage(parameters);
    return line;
}

std::vector<std::string> lossesOfModel(const PackedSource& source)
{
    std::vector<std::string> losses;
    const PackedMeta& meta = source.meta();
    if (meta.graph != "{}") {
        losses.emplace_back("the description of the network: the output holds tensors alone");
    }
    if (meta.config != "{}") {
        losses.emplace_back("the bit plan and how it was found");
    }
    if (!source.activations().empty()) {
        losses.push_back("the quantizers of " + std::to_string(source.activations().size()) +
                         " activations");
    }
    return losses;
}

bool forEachTensor(const PackedSource& source, const char* phase, RunControl& control,
                   const std::function<void(const PackedTensorHeader&)>& use)
{
    const auto total = static_cast<std::int64_t>(source.tensors().size());
    std::int64_t done = 0;
    for (const PackedTensorHeader& header : source.tensors()) {
        if (control.shouldStop()) {
            return false;
        }
        use(header);
        control.report({phase, ++done, total, "tensors"});
    }
    return true;
}

} // namespace bitloom::io
