// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/compressed_tensors_source.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/types/conversion.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <span>
#include <system_error>
#include <utility>

namespace bitloom::io {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPackedSuffix = "_packed";
constexpr auto kSuffixes = std::to_array<std::string_view>(
    {kPackedSuffix, "_scale", "_shape", "_zero_point", "_g_idx", "_origin", "_row_bits"});

/// The first version whose codes lie dense is 0.18.
std::optional<WordLayout> layoutOfVersion(const std::string& version)
{
    unsigned major = 0;
    unsigned minor = 0;
    const char* const end = version.data() + version.size();
    const auto first = std::from_chars(version.data(), end, major);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.' ||
        std::from_chars(first.ptr + 1, end, minor).ec != std::errc{}) {
        return std::nullopt;
    }
    return std::pair(major, minor) >= std::pair(0U, 18U) ? WordLayout::Dense : WordLayout::Padded;
}

std::string moduleOf(const std::string& name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? name : name.substr(0, dot);
}

/// Whether a tensor is the codes of a weight, under its name.
bool isBareCodes(const SafetensorsFiles& files, const SafetensorsPlace& place)
{
    return place->type == SafetensorsType::I8 && place->name.ends_with(".weight") &&
           files.find(place->name + "_scale");
}

bool isReadableFloat(SafetensorsType type)
{
    return type == SafetensorsType::F16 || type == SafetensorsType::BF16 ||
           type == SafetensorsType::F32;
}

std::int64_t bytesOf(const SafetensorsEntry& entry)
{
    return static_cast<std::int64_t>(entry.end - entry.begin);
}

} // namespace

CompressedTensorsSource::CompressedTensorsSource(SafetensorsFiles files,
                                                 std::optional<WordLayout> layout)
    : m_files(std::move(files))
{
    const auto& metadata = m_files.files().front().metadata();
    const auto spec = metadata.find(std::string(kSpecKey));
    m_isOwn = spec != metadata.end();
    if (!m_isOwn) {
        m_config = readCompressedTensorsConfig(m_files.folder() / "config.json");
        m_notes = m_config.notes;
    }
    withContext(m_files.path().string(), [&] {
        if (m_isOwn) {
            m_spec = compressedTensorsSpecFrom(spec->second);
            for (const PackedActivation& activation : m_spec.activations) {
                requireConsistent(activation, ErrorCode::CorruptFile);
            }
            listOwn();
        } else {
            m_spec.meta.model = m_files.folder().filename().string();
            m_spec.meta.creator = "compressed-tensors " + m_config.version.value_or("");
            listForeign();
            decideLayout(layout);
        }
        requireWords();
        listRaw();
        if (const auto crcs = metadata.find(std::string(kCrcKey));
            m_isOwn && crcs != metadata.end()) {
            m_crcs = crcsFrom(crcs->second, m_headers);
        }
    });
}

SafetensorsPlace CompressedTensorsSource::part(const std::string& name,
                                               std::string_view suffix) const
{
    return m_files.find(name + std::string(suffix));
}

SafetensorsPlace CompressedTensorsSource::requirePart(const std::string& name,
                                                      std::string_view suffix) const
{
    const SafetensorsPlace place = part(name, suffix);
    BITLOOM_REQUIRE(place, ErrorCode::CorruptFile, name, " is packed, but ", name, suffix,
                    " is missing");
    return place;
}

Phrase CompressedTensorsSource::formatName() const
{
    const bool isPacked = m_packed.empty() || std::ranges::any_of(m_packed, [](const auto& one) {
                              return !one.second.integers;
                          });
    return isPacked ? "compressed-tensors pack-quantized" : "compressed-tensors int-quantized";
}

void CompressedTensorsSource::addPacked(Packed packed)
{
    PackedTensorHeader& header = packed.header;
    BITLOOM_REQUIRE(packed.integers ? !part(header.name, kPackedSuffix)
                                    : !m_files.find(header.name),
                    ErrorCode::CorruptFile, header.name, " is there packed and as it is");
    const MatrixView view = matrixViewOf(header.shape, header.axis);
    header.payloadBytes = header.bits == PackedTensorHeader::kBitsPerRow
                              ? bytesOf(*requirePart(header.name, kPackedSuffix).entry)
                              : packedBytes(view.rows, view.cols, header.bits, header.unit);
    for (const std::string_view suffix : kSuffixes) {
        const SafetensorsPlace place = part(header.name, suffix);
        if (place && suffix != kPackedSuffix && suffix != "_shape") {
            header.parameterBytes += bytesOf(*place.entry);
        }
    }
    m_headers.push_back(header);
    const std::string name = header.name;
    BITLOOM_REQUIRE(m_packed.emplace(name, std::move(packed)).second, ErrorCode::CorruptFile, name,
                    " is listed twice");
}

void CompressedTensorsSource::listOwn()
{
    for (const CompressedTensorSpec& spec : m_spec.tensors) {
        requirePart(spec.header.name, kPackedSuffix);
        BITLOOM_REQUIRE(spec.zeroPoints != StoredZeroPoints::Packed ||
                            (spec.header.bits >= 1 && spec.header.bits <= 8),
                        ErrorCode::CorruptFile, spec.header.name,
                        " has packed zero points, but not one width of 1 to 8 bits");
        addPacked({spec.header, spec.zeroPoints, spec.hasScale, spec.origin, std::nullopt, {}});
    }
}

void CompressedTensorsSource::listForeign()
{
    for (const SafetensorsPlace& place : m_files.tensors()) {
        if (place->name.ends_with(std::string(".weight") + std::string(kPackedSuffix))) {
            const std::string name =
                place->name.substr(0, place->name.size() - kPackedSuffix.size());
            addPacked(measure(name, m_config.schemeOf(moduleOf(name))));
        } else if (isBareCodes(m_files, place)) {
            addPacked(measure(place->name, m_config.schemeOf(moduleOf(place->name))));
        }
    }
    BITLOOM_REQUIRE(!m_packed.empty(), ErrorCode::UnknownFormat,
                    "there is no tensor MODULE.weight_packed, as compressed-tensors has them");
}

CompressedTensorsSource::Packed CompressedTensorsSource::measure(const std::string& name,
                                                                 const WeightScheme& scheme) const
{
    Packed packed;
    packed.scheme = scheme;
    if (!part(name, kPackedSuffix)) {
        packed.integers = m_files.find(name);
    }
    const SafetensorsPlace scale = requirePart(name, "_scale");
    BITLOOM_REQUIRE(isReadableFloat(scale->type), ErrorCode::Unsupported, scale->name,
                    " is of the type ", toString(scale->type), "; F16, BF16 or F32 were expected");
    PackedTensorHeader& header = packed.header;
    header.name = name;
    header.shape = packed.integers ? packed.integers->shape : shapeOf(name);
    BITLOOM_REQUIRE(header.shape.size() == 2, ErrorCode::Unsupported, name, " has the shape ",
                    shapeText(header.shape), "; packed weights of two dimensions are read");
    checkedNumel(header.shape, name);
    header.bits = scheme.bits;
    header.groupSize = scheme.groupSize;
    header.dtype = dtypeOf(scale->type);
    const std::int64_t rows = header.shape[0];
    if (packed.integers) {
        header.unit = choosePackUnit(rows, header.shape[1], header.bits);
    }
    const std::int64_t groups =
        scheme.strategy == ScaleStrategy::Group ? ceilDivide(header.shape[1], scheme.groupSize) : 1;
    const std::int64_t scales = scheme.strategy == ScaleStrategy::Tensor
                                    ? 1
                                    : checkedMultiply(rows, groups, name + "'s number of scales");
    BITLOOM_REQUIRE(checkedNumel(scale->shape, scale->name) == scales, ErrorCode::CorruptFile,
                    scale->name, " has the shape ", shapeText(scale->shape), "; ", scales,
                    " scales were expected for ", rows, " rows in ", groups, " groups (",
                    m_config.file.string(), ")");
    const SafetensorsPlace zeroPoints = part(name, "_zero_point");
    BITLOOM_REQUIRE(zeroPoints || scheme.isSymmetric, ErrorCode::CorruptFile, name,
                    " is asymmetric, but ", name, "_zero_point is missing");
    packed.zeroPoints = zeroPoints ? StoredZeroPoints::Packed : StoredZeroPoints::None;
    return packed;
}

std::vector<std::int64_t> CompressedTensorsSource::shapeOf(const std::string& name) const
{
    const SafetensorsPlace shape = requirePart(name, "_shape");
    BITLOOM_REQUIRE(shape->type == SafetensorsType::I64 && shape->shape.size() == 1,
                    ErrorCode::CorruptFile, shape->name, " is ", toString(shape->type),
                    " of shape ", shapeText(shape->shape), ", a list of I64 was expected");
    return valuesOf<std::int64_t>(shape.bytes());
}

void CompressedTensorsSource::decideLayout(std::optional<WordLayout> asked)
{
    // Of each layout, a tensor whose number of words no other explains.
    std::map<WordLayout, const SafetensorsEntry*> proof;
    const SafetensorsEntry* open = nullptr;
    for (const auto& [name, packed] : m_packed) {
        if (packed.integers) {
            continue;
        }
        const SafetensorsEntry& words = *requirePart(name, kPackedSuffix).entry;
        const std::int64_t cols = packed.header.shape[1];
        const int bits = packed.header.bits;
        if (8 % bits == 0) {
            continue; // the layouts are the same
        }
        const bool dense =
            words.shape.size() == 2 && words.shape[1] == wordsOf(cols, bits, WordLayout::Dense);
        const bool padded =
            words.shape.size() == 2 && words.shape[1] == wordsOf(cols, bits, WordLayout::Padded);
        if (dense && padded) {
            open = &words;
        } else if (dense || padded) {
            proof.emplace(dense ? WordLayout::Dense : WordLayout::Padded, &words);
        }
    }
    const auto stated = m_config.version ? layoutOfVersion(*m_config.version) : std::nullopt;
    if (asked) {
        m_layout = *asked;
    } else if (stated) {
        const WordLayout other =
            *stated == WordLayout::Dense ? WordLayout::Padded : WordLayout::Dense;
        if (proof.contains(other)) {
            throw UnansweredError(
                {InputQuestion::CtLayout,
                 {PhraseId::LayoutContradicts,
                  {m_config.file.string(), *m_config.version, std::string(toString(*stated)),
                   proof[other]->name, std::string(toString(other))}}});
        }
        m_layout = *stated;
    } else {
        BITLOOM_REQUIRE(proof.size() < 2, ErrorCode::CorruptFile, proof[WordLayout::Dense]->name,
                        " has as many words as dense codes need, ", proof[WordLayout::Padded]->name,
                        " as many as padded ones");
        if (proof.empty() && open != nullptr) {
            throw UnansweredError(
                {InputQuestion::CtLayout, {PhraseId::LayoutUnsaid, {open->name}}});
        }
        m_layout = proof.empty() ? WordLayout::Dense : proof.begin()->first;
    }
    if (m_layout == WordLayout::Padded && (open != nullptr || !proof.empty())) {
        m_notes.emplace_back(PhraseId::CodesArePadded);
    }
}

void CompressedTensorsSource::requireWords() const
{
    for (const auto& [name, packed] : m_packed) {
        if (packed.integers) {
            continue;
        }
        const SafetensorsEntry& words = *requirePart(name, kPackedSuffix).entry;
        const PackedTensorHeader& header = packed.header;
        BITLOOM_REQUIRE(words.type == SafetensorsType::I32, ErrorCode::CorruptFile, words.name,
                        " is of the type ", toString(words.type), ", I32 was expected");
        if (header.bits == PackedTensorHeader::kBitsPerRow) {
            requirePart(name, "_row_bits"); // whose words are counted with the widths
            continue;
        }
        const MatrixView view = matrixViewOf(header.shape, header.axis);
        const std::int64_t expected = m_isOwn ? wordsPerRow(view.cols, header.bits)
                                              : wordsOf(view.cols, header.bits, m_layout);
        BITLOOM_REQUIRE(words.shape == (std::vector<std::int64_t>{view.rows, expected}),
                        ErrorCode::CorruptFile, words.name, " has the shape ",
                        shapeText(words.shape), "; ", view.rows, " rows of ", view.cols,
                        " codes of ", header.bits, " bits, ", toString(m_layout), ", need (",
                        view.rows, ", ", expected, ")");
    }
}

void CompressedTensorsSource::listRaw()
{
    std::set<std::string> parts;
    for (const auto& [name, packed] : m_packed) {
        if (packed.integers) {
            parts.insert(name);
        }
        for (const std::string_view suffix : kSuffixes) {
            parts.insert(name + std::string(suffix));
        }
    }
    for (const SafetensorsPlace& place : m_files.tensors()) {
        if (!parts.contains(place->name)) {
            m_headers.push_back(rawHeader(*place.entry));
        }
    }
}

std::vector<std::int32_t> CompressedTensorsSource::readZeroPoints(const PackedTensor& tensor,
                                                                  const Packed& packed) const
{
    const SafetensorsPlace place = requirePart(tensor.name, "_zero_point");
    const SafetensorsEntry& entry = *place.entry;
    const auto count = static_cast<std::int64_t>(tensor.scale.size());
    std::vector<std::int32_t> zeros;
    if (entry.type == SafetensorsType::I8) {
        for (const std::int8_t zero : valuesOf<std::int8_t>(place.bytes())) {
            zeros.push_back(zero);
        }
    } else if (packed.zeroPoints == StoredZeroPoints::Plain) {
        zeros = readInts(place);
    } else {
        // Packed along the rows: each group's zero points are a row of the transposed matrix.
        const std::int64_t rows = tensor.matrix().rows;
        const std::int64_t groups = rows == 0 ? 0 : count / rows;
        const std::int64_t words = wordsOf(rows, tensor.bits, m_layout);
        BITLOOM_REQUIRE(entry.type == SafetensorsType::I32 &&
                            entry.shape == (std::vector<std::int64_t>{words, groups}),
                        ErrorCode::CorruptFile, entry.name, " is ", toString(entry.type),
                        " of shape ", shapeText(entry.shape), "; I32 of shape (", words, ", ",
                        groups, "), or I8, was expected for ", rows, " rows of ", tensor.bits,
                        " bits");
        const auto stored = valuesOf<std::uint32_t>(place.bytes());
        const auto byGroup = transposedMatrix(stored, words, groups);
        const auto codes = unpackWords(byGroup, groups, rows, tensor.bits, m_layout);
        for (const std::uint8_t code : transposedMatrix(codes, groups, rows)) {
            zeros.push_back(static_cast<std::int32_t>(code) - (1 << tensor.bits) / 2);
        }
    }
    BITLOOM_REQUIRE(static_cast<std::int64_t>(zeros.size()) == count, ErrorCode::CorruptFile,
                    entry.name, " has ", zeros.size(), " values, the scale has ", count);
    return zeros;
}

PackedTensor CompressedTensorsSource::readParametersOf(const Packed& packed) const
{
    PackedTensor tensor;
    static_cast<PackedTensorHeader&>(tensor) = packed.header;
    const auto ints = [&](std::string_view suffix) {
        const SafetensorsPlace place = part(tensor.name, suffix);
        return place ? readInts(place) : std::vector<std::int32_t>();
    };
    if (packed.hasScale) {
        const SafetensorsPlace scale = requirePart(tensor.name, "_scale");
        tensor.scale = readFloats(scale);
    }
    if (packed.zeroPoints != StoredZeroPoints::None) {
        tensor.zeroPoint = readZeroPoints(tensor, packed);
        // q of the layout may be another than the tensor's own by one number.
        if (packed.zeroPoints == StoredZeroPoints::Packed) {
            const std::int64_t half = (std::int64_t{1} << tensor.bits) / 2;
            const std::int64_t shift = tensor.encoding == CodeEncoding::Unsigned ? half
                                       : packed.origin.size() == 1 ? packed.origin[0] + half
                                                                   : 0;
            for (std::int32_t& zero : tensor.zeroPoint) {
                zero = static_cast<std::int32_t>(zero + shift);
            }
        }
    }
    tensor.origin = packed.origin.empty() ? ints("_origin") : packed.origin;
    tensor.gIdx = ints("_g_idx");
    if (std::ranges::find(tensor.gIdx, -1) != tensor.gIdx.end()) {
        tensor.gIdx.clear(); // never filled in by its writer: the groups are in column order
    }
    if (tensor.bits == PackedTensorHeader::kBitsPerRow) {
        const SafetensorsPlace rowBits = requirePart(tensor.name, "_row_bits");
        tensor.rowBits = valuesOf<std::uint8_t>(rowBits.bytes());
    }
    if (packed.scheme && packed.scheme->isSymmetric) {
        BITLOOM_REQUIRE(std::ranges::all_of(tensor.zeroPoint, [](auto zero) { return zero == 0; }),
                        ErrorCode::CorruptFile, tensor.name, " is symmetric according to ",
                        m_config.file.string(), ", but has zero points other than 0");
        tensor.zeroPoint.clear();
    }
    return tensor;
}

PackedTensor CompressedTensorsSource::readParameters(std::string_view name) const
{
    return withContext(m_files.path().string(), [&] {
        const auto found = m_packed.find(name);
        BITLOOM_REQUIRE(found != m_packed.end(),
                        PackedSource::find(name) == nullptr ? ErrorCode::NotFound
                                                            : ErrorCode::InvalidArgument,
                        "there is no packed tensor ", name);
        PackedTensor tensor = readParametersOf(found->second);
        requireConsistentParameters(tensor, ErrorCode::CorruptFile);
        return tensor;
    });
}

void CompressedTensorsSource::requireIntact(const PackedTensor& tensor) const
{
    const auto stated = m_crcs.find(tensor.name);
    BITLOOM_REQUIRE(stated == m_crcs.end() || contentCrc(tensor) == stated->second,
                    ErrorCode::CorruptFile, "tensor ", tensor.name,
                    " is damaged: it has another CRC-32 than the file states");
}

void CompressedTensorsSource::packIntegersOf(const Packed& packed, PackedTensor& tensor) const
{
    const std::span<const std::byte> stored = packed.integers.bytes();
    const std::int64_t cols = tensor.matrix().cols;
    const std::int32_t half = (1 << tensor.bits) / 2;
    std::vector<std::int32_t> piece;
    packIntegers(tensor, [&](std::int64_t row, std::int64_t rows) {
        const auto first = static_cast<std::size_t>(row * cols);
        piece.clear();
        for (const std::byte byte : stored.subspan(first, static_cast<std::size_t>(rows * cols))) {
            piece.push_back(std::to_integer<std::int8_t>(byte));
            BITLOOM_REQUIRE(piece.back() >= -half && piece.back() < half, ErrorCode::CorruptFile,
                            tensor.name, "[", first + piece.size() - 1, "] = ", piece.back(),
                            " is no code of ", tensor.bits, " bits, as ", m_config.file.string(),
                            " says");
        }
        return std::span<const std::int32_t>(piece);
    });
}

void CompressedTensorsSource::readWordsOf(PackedTensor& tensor) const
{
    tensor.words = valuesOf<std::uint32_t>(requirePart(tensor.name, kPackedSuffix).bytes());
    if (m_layout == WordLayout::Padded && 8 % tensor.bits != 0) {
        const MatrixView view = tensor.matrix();
        tensor.words =
            packWords(unpackWords(tensor.words, view.rows, view.cols, tensor.bits, m_layout),
                      view.rows, view.cols, tensor.bits);
    }
}

PackedTensor CompressedTensorsSource::readTensor(std::string_view name) const
{
    return withContext(m_files.path().string(), [&] {
        const auto found = m_packed.find(name);
        if (found == m_packed.end()) {
            const SafetensorsPlace place = m_files.find(require(name).name);
            PackedTensor raw = readRaw(place);
            requireIntact(raw);
            return raw;
        }
        PackedTensor tensor = readParametersOf(found->second);
        if (found->second.integers) {
            packIntegersOf(found->second, tensor);
        } else {
            readWordsOf(tensor);
        }
        requireConsistent(tensor, ErrorCode::CorruptFile);
        requireIntact(tensor);
        requireUsefulScales(tensor, ErrorCode::CorruptFile);
        return tensor;
    });
}

} // namespace bitloom::io
