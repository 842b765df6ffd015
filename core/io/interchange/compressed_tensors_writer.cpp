// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/interchange/compressed_tensors.h"
#include "core/io/interchange/compressed_tensors_config.h"
#include "core/io/interchange/compressed_tensors_source.h"
#include "core/io/interchange/compressed_tensors_spec.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/io/interchange/word_layout.h"
#include "core/io/safetensors/safetensors_writer.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace bitloom::io {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPackageVersion = "0.18.0"; // the first whose codes lie dense

std::vector<std::byte> bytesOf(const auto& values)
{
    const auto bytes = std::as_bytes(std::span(values));
    return {bytes.begin(), bytes.end()};
}

/// Rows are never joined in this layout.
PackedTensor inRows(PackedTensor tensor)
{
    if (tensor.kind == PackedKind::Int) {
        repack(tensor, PackUnit::Row);
    }
    return tensor;
}

/// One tensor of the safetensors file: how its bytes are found when it is its turn.
struct Part {
    std::string source; ///< name of the packed tensor
    /// Of the source's tensor, whole where needsPayload.
    std::function<std::vector<std::byte>(const PackedTensor&)> bytes;
    bool needsPayload = false;
};

/// Collects what is to be written, from everything but the payloads.
class Plan {
public:
    explicit Plan(const PackedSource& source)
    {
        m_spec.meta = source.meta();
        m_spec.activations = source.activations();
        for (const PackedTensorHeader& header : source.tensors()) {
            if (header.kind == PackedKind::Int) {
                addPacked(source.readParameters(header.name));
            } else {
                addRaw(header);
            }
        }
    }

    const std::vector<SafetensorsDeclaration>& declarations() const { return m_declarations; }
    const Part& part(const std::string& name) const { return m_parts.at(name); }
    const CompressedTensorsSpec& spec() const { return m_spec; }

    CompressedTensorsConfig config(const fs::path& file) const
    {
        CompressedTensorsConfig config;
        config.file = file;
        config.version = kPackageVersion;
        config.ignore = m_ignored;
        for (const auto& [scheme, targets] : m_schemes) {
            config.groups.push_back({scheme, targets});
        }
        return config;
    }

private:
    void declare(SafetensorsDeclaration declaration, Part part)
    {
        BITLOOM_REQUIRE(m_parts.emplace(declaration.name, std::move(part)).second,
                        ErrorCode::InvalidArgument, "two tensors would be called ",
                        declaration.name, " in the file");
        m_declarations.push_back(std::move(declaration));
    }

    void addRaw(const PackedTensorHeader& header)
    {
        declare({header.name, safetensorsTypeOf(header), header.shape},
                {header.name, [](const PackedTensor& tensor) { return tensor.data; }, true});
        if (header.name.ends_with(kWeight) && header.shape.size() >= 2) {
            m_ignored.push_back(moduleOf(header.name)); // it stays in floating point
        }
    }

    void addPacked(const PackedTensor& tensor)
    {
        const bool compatible = compressedTensorsFit(tensor).isCompatible;
        if (compatible) {
            m_schemes[schemeOf(tensor)].push_back(moduleOf(tensor.name));
        } else if (tensor.name.ends_with(kWeight)) {
            m_ignored.push_back(moduleOf(tensor.name));
        }
        addWords(tensor);
        declare({tensor.name + "_shape",
                 SafetensorsType::I64,
                 {static_cast<std::int64_t>(tensor.shape.size())}},
                {tensor.name, [](const PackedTensor& one) { return bytesOf(one.shape); }});
        addScale(tensor);
        CompressedTensorSpec spec;
        spec.header = static_cast<const PackedTensorHeader&>(tensor);
        spec.hasScale = !tensor.scale.empty();
        spec.zeroPoints = addZeroPoints(tensor, compatible);
        if (!tensor.gIdx.empty()) {
            declare({tensor.name + "_g_idx", SafetensorsType::I32, sizeOf(tensor.gIdx)},
                    {tensor.name, [](const PackedTensor& one) { return bytesOf(one.gIdx); }});
        }
        if (tensor.origin.size() == 1) {
            spec.origin = tensor.origin;
        } else if (!tensor.origin.empty()) {
            declare({tensor.name + "_origin", SafetensorsType::I32, sizeOf(tensor.origin)},
                    {tensor.name, [](const PackedTensor& one) { return bytesOf(one.origin); }});
        }
        if (!tensor.rowBits.empty()) {
            declare({tensor.name + "_row_bits", SafetensorsType::U8, sizeOf(tensor.rowBits)},
                    {tensor.name, [](const PackedTensor& one) { return bytesOf(one.rowBits); }});
        }
        m_spec.tensors.push_back(std::move(spec));
    }

    void addWords(const PackedTensor& tensor)
    {
        PackedLayout layout = tensor.layout();
        layout.unit = PackUnit::Row;
        const std::vector<std::int64_t> shape =
            tensor.rowBits.empty()
                ? std::vector<std::int64_t>{layout.rows, wordsPerRow(layout.cols, layout.bits)}
                : std::vector<std::int64_t>{layout.words()};
        declare({tensor.name + "_packed", SafetensorsType::I32, shape},
                {tensor.name, [](const PackedTensor& one) { return bytesOf(one.words); }, true});
    }

    void addScale(const PackedTensor& tensor)
    {
        declare({tensor.name + "_scale", SafetensorsType::F32, scaleShape(tensor)},
                {tensor.name, [](const PackedTensor& one) {
                     // Other readers need a scale; without one the weights are the integers.
                     return one.scale.empty() ? bytesOf(std::vector<float>{1}) : bytesOf(one.scale);
                 }});
    }

    StoredZeroPoints addZeroPoints(const PackedTensor& tensor, bool compatible)
    {
        if (!compatible) {
            if (!tensor.zeroPoint.empty()) {
                declare(
                    {zeroPointName(tensor), SafetensorsType::I32, scaleShape(tensor)},
                    {tensor.name, [](const PackedTensor& one) { return bytesOf(one.zeroPoint); }});
            }
            return tensor.zeroPoint.empty() ? StoredZeroPoints::None : StoredZeroPoints::Plain;
        }
        const WeightScheme scheme = schemeOf(tensor);
        if (!scheme.isSymmetric) {
            const std::vector<std::int64_t> shape = scaleShape(tensor);
            if (scheme.strategy == ScaleStrategy::Tensor) {
                declare({zeroPointName(tensor), SafetensorsType::I8, shape},
                        {tensor.name, [](const PackedTensor& one) {
                             const auto zeros = compressedZeroPoints(one);
                             return std::vector{static_cast<std::byte>(zeros.value().front())};
                         }});
            } else {
                declare({zeroPointName(tensor),
                         SafetensorsType::I32,
                         {wordsPerRow(shape[0], tensor.bits), shape[1]}},
                        {tensor.name, packedZeroPoints});
            }
        }
        return tensor.zeroPoint.empty() ? StoredZeroPoints::None : StoredZeroPoints::Packed;
    }

    static std::vector<std::byte> packedZeroPoints(const PackedTensor& tensor)
    {
        const std::vector<std::int64_t> shape = scaleShape(tensor);
        std::vector<std::uint8_t> codes;
        const auto zeros = compressedZeroPoints(tensor);
        for (const std::int32_t zero : zeros.value()) {
            codes.push_back(static_cast<std::uint8_t>(zero + (1 << tensor.bits) / 2));
        }
        const auto byGroup = transposedMatrix(codes, shape[0], shape[1]);
        const auto words = packWords(byGroup, shape[1], shape[0], tensor.bits);
        return bytesOf(transposedMatrix(words, shape[1], wordsPerRow(shape[0], tensor.bits)));
    }

    static std::vector<std::int64_t> scaleShape(const PackedTensor& tensor)
    {
        const auto count = static_cast<std::int64_t>(tensor.scale.size());
        const std::int64_t rows = tensor.matrix().rows;
        if (tensor.groupSize > 0 && rows > 0 && count > 0) {
            return {rows, count / rows};
        }
        return count <= 1 ? std::vector<std::int64_t>{1} : std::vector<std::int64_t>{count, 1};
    }

    static WeightScheme schemeOf(const PackedTensor& tensor)
    {
        WeightScheme scheme;
        scheme.bits = tensor.bits;
        scheme.isSymmetric = compressedZeroPoints(tensor).value().empty();
        const bool grouped = tensor.groupSize > 0 && !tensor.scale.empty();
        scheme.strategy = grouped                    ? ScaleStrategy::Group
                          : tensor.scale.size() <= 1 ? ScaleStrategy::Tensor
                                                     : ScaleStrategy::Channel;
        scheme.groupSize = grouped ? tensor.groupSize : 0;
        scheme.hasActivationOrder = !tensor.gIdx.empty();
        return scheme;
    }

    static std::string zeroPointName(const PackedTensor& tensor)
    {
        return tensor.name + "_zero_point";
    }
    static std::string moduleOf(const std::string& name)
    {
        return name.substr(0, name.size() - kWeight.size());
    }
    static std::vector<std::int64_t> sizeOf(const auto& values)
    {
        return {static_cast<std::int64_t>(values.size())};
    }

    static constexpr std::string_view kWeight = ".weight";

    std::vector<SafetensorsDeclaration> m_declarations;
    std::map<std::string, Part> m_parts; ///< by name in the file
    std::map<WeightScheme, std::vector<std::string>> m_schemes;
    std::vector<std::string> m_ignored;
    CompressedTensorsSpec m_spec;
};

} // namespace

std::string compressedTensorsConfigText(const fs::path& configFile, const PackedSource& source)
{
    return configTextWith(Plan(source).config(configFile));
}

bool writeCompressedTensorsWeights(const fs::path& weights, const PackedSource& source,
                                   RunControl& control)
{
    const Plan plan(source);
    std::map<std::string, std::uint32_t> crcs; // known when the payloads were written
    for (const PackedTensorHeader& header : source.tensors()) {
        crcs.emplace(header.name, 0);
    }
    SafetensorsWriter writer(weights, plan.declarations(),
                             {{"format", "pt"},
                              {"bitloom.version", plan.spec().meta.creator},
                              {std::string(kCrcKey), crcText(crcs)},
                              {std::string(kLayoutKey), std::string(kDenseLayout)},
                              {std::string(kSpecKey), toJson(plan.spec())}});
    // The widest elements come first, so the parts of one tensor are not all neighbours.
    PackedTensor current;
    bool isWhole = false;
    std::int64_t done = 0;
    for (const SafetensorsEntry& entry : writer.entries()) {
        if (control.shouldStop()) {
            return false;
        }
        const Part& part = plan.part(entry.name);
        if (current.name != part.source || (part.needsPayload && !isWhole)) {
            isWhole = part.needsPayload;
            current = isWhole ? inRows(source.readTensor(part.source))
                              : source.readParameters(part.source);
            if (isWhole) {
                crcs[part.source] = contentCrc(current);
            }
        }
        writer.append(entry.name, part.bytes(current));
        control.report(
            {"writing", ++done, static_cast<std::int64_t>(writer.entries().size()), "tensors"});
    }
    writer.replaceMetadata(kCrcKey, crcText(crcs));
    writer.finish();
    return true;
}

bool compareCompressedTensors(const fs::path& weights, const PackedSource& source,
                              RunControl& control,
                              const std::function<void(const PackedTensor&)>& tell)
{
    const CompressedTensorsSource written(weights);
    BITLOOM_REQUIRE(written.meta() == source.meta() &&
                        written.activations() == source.activations(),
                    ErrorCode::VerifyFailed, weights.string(),
                    " does not read back what the file says of itself");
    std::int64_t done = 0;
    for (const PackedTensorHeader& header : source.tensors()) {
        if (control.shouldStop()) {
            return false;
        }
        const PackedTensor before = inRows(source.readTensor(header.name));
        const PackedTensor after = written.readTensor(header.name);
        BITLOOM_REQUIRE(sameContents(before, after), ErrorCode::VerifyFailed, weights.string(),
                        ": ", header.name, " does not read back as it was written");
        if (tell) {
            tell(after);
        }
        control.report(
            {"comparing", ++done, static_cast<std::int64_t>(source.tensors().size()), "tensors"});
    }
    return true;
}

} // namespace bitloom::io
