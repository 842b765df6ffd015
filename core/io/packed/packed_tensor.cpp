// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_tensor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace bitloom::io {

namespace {

struct DtypeRow {
    std::string_view name;
    std::size_t bytes;
};
constexpr std::array kDtypes{
    DtypeRow{"float16", 2}, DtypeRow{"bfloat16", 2},  DtypeRow{"float32", 4},
    DtypeRow{"float64", 8}, DtypeRow{"int8", 1},      DtypeRow{"int16", 2},
    DtypeRow{"int32", 4},   DtypeRow{"int64", 8},     DtypeRow{"uint8", 1},
    DtypeRow{"uint16", 2},  DtypeRow{"uint32", 4},    DtypeRow{"uint64", 8},
    DtypeRow{"bool", 1},    DtypeRow{"complex64", 8}, DtypeRow{"complex128", 16},
};

constexpr std::array kEncodings{CodeEncoding::OffsetBinary, CodeEncoding::Unsigned,
                                CodeEncoding::MinShift, CodeEncoding::Bipolar};

/// More elements than this must be backed by at least one packed bit each.
constexpr std::int64_t kMaxElementsWithoutPayload = std::int64_t{1} << 28;

/// q = factor * u + shift of one row.
struct CodeMap {
    std::int64_t factor = 1;
    std::int64_t shift = 0;
};

CodeMap codeMapOf(const PackedTensor& tensor, std::int64_t row)
{
    const int bits = tensor.layout().bitsOfRow(row);
    switch (tensor.encoding) {
    case CodeEncoding::OffsetBinary:
        return {1, -((std::int64_t{1} << bits) / 2)};
    case CodeEncoding::Unsigned:
        return {1, 0};
    case CodeEncoding::MinShift: {
        const std::size_t at = tensor.origin.size() == 1 ? 0 : static_cast<std::size_t>(row);
        BITLOOM_REQUIRE(at < tensor.origin.size(), ErrorCode::InvalidArgument, tensor.name,
                        " has no origin for row ", row);
        return {1, tensor.origin[at]};
    }
    case CodeEncoding::Bipolar:
        return {2, -((std::int64_t{1} << bits) - 1)};
    }
    fail(ErrorCode::Internal, "unknown encoding");
}

/// Calls body(matrixIndex, tensorIndex, length) for each run of neighbours of one row: where it
/// begins in the matrix [rows, cols] and in the tensor's own order.
template <typename Body>
void forEachRun(const MatrixView& view, std::int64_t row, Body body)
{
    const std::int64_t run = view.cols == 0 ? 0 : view.inner;
    for (std::int64_t outer = 0; run > 0 && outer < view.outer; ++outer) {
        body(static_cast<std::size_t>(row * view.cols + outer * run),
             static_cast<std::size_t>((outer * view.rows + row) * run),
             static_cast<std::size_t>(run));
    }
}

[[noreturn]] void failForInteger(const PackedTensor& tensor, std::size_t index, std::int32_t value,
                                 int bits, const CodeMap& map)
{
    const std::int64_t highest = map.factor * ((std::int64_t{1} << bits) - 1) + map.shift;
    fail(ErrorCode::InvalidArgument, tensor.name, "[", index, "] = ", value, " cannot be held by ",
         bits, " bits ", toString(tensor.encoding), ", which give ", map.shift, " to ", highest,
         map.factor == 2 ? " in steps of 2" : "");
}

void requireCount(const PackedTensor& tensor, const MatrixView& view, std::size_t integers)
{
    BITLOOM_REQUIRE(static_cast<std::int64_t>(integers) == view.rows * view.cols,
                    ErrorCode::ShapeMismatch, tensor.name, " has ", view.rows * view.cols,
                    " elements, ", integers, " integers given");
}

/// Rows of a tensor that are packed together.
struct Piece {
    std::int64_t firstRow = 0;
    MatrixView view;              ///< of these rows alone
    std::size_t firstInteger = 0; ///< index of its first integer in the tensor
};

/// u of a piece's integers, in matrix order.
template <typename Code>
void codesOf(const PackedTensor& tensor, const Piece& piece, std::span<const std::int32_t> integers,
             std::vector<Code>& codes)
{
    codes.resize(integers.size());
    const MatrixView& view = piece.view;
    // Without columns there is nothing to do, however many rows are claimed.
    for (std::int64_t row = 0; row < view.rows && view.cols > 0; ++row) {
        const CodeMap map = codeMapOf(tensor, piece.firstRow + row);
        const int bits = tensor.layout().bitsOfRow(piece.firstRow + row);
        forEachRun(view, row, [&](std::size_t to, std::size_t from, std::size_t length) {
            const std::int32_t* const q = integers.data() + from;
            // u = (q - shift) / factor; bits that must be zero are collected and looked at once per
            // run. 64 bits, as q - shift may pass 32; a negative difference shows in the high bits.
            std::uint64_t outside = 0;
            const int doubled = map.factor == 2 ? 1 : 0;
            for (std::size_t i = 0; i < length; ++i) {
                const auto steps = static_cast<std::uint64_t>(std::int64_t{q[i]} - map.shift);
                outside |= (steps >> doubled >> bits) | (steps & static_cast<unsigned>(doubled));
                codes[to + i] = static_cast<Code>(steps >> doubled);
            }
            for (std::size_t i = 0; outside != 0 && i < length; ++i) {
                const auto steps = static_cast<std::uint64_t>(std::int64_t{q[i]} - map.shift);
                if ((steps >> doubled >> bits) != 0 ||
                    (steps & static_cast<unsigned>(doubled)) != 0) {
                    failForInteger(tensor, piece.firstInteger + from + i, q[i], bits, map);
                }
            }
        });
    }
}

/// Rows that are asked for together: about 64 Ki integers, which stay in the
/// processor's cache.
std::int64_t rowsPerPiece(const PackedTensor& tensor, const MatrixView& view)
{
    constexpr std::int64_t kIntegers = std::int64_t{1} << 16;
    if (view.outer != 1 || view.cols == 0) {
        return view.rows; // the rows of a piece would not be neighbours
    }
    const std::int64_t rows = std::max<std::int64_t>(1, kIntegers / view.cols);
    // Without padding between rows, a piece begins at a word only after multiples
    // of 32 codes.
    return tensor.unit == PackUnit::Row ? rows : ceilDivide(rows, kPackWordBits) * kPackWordBits;
}

/// Calls use(piece, layout, words) for the pieces of a tensor in order: layout of the piece alone,
/// words: the part of the tensor's words that it takes.
template <typename Words, typename Use>
void forEachPiece(const PackedTensor& tensor, const MatrixView& view, std::span<Words> words,
                  Use use)
{
    const PackedLayout whole = tensor.layout();
    const std::int64_t step = rowsPerPiece(tensor, view);
    for (std::int64_t row = 0; row < view.rows; row += step) {
        Piece piece{row, view, static_cast<std::size_t>(row * view.cols)};
        piece.view.rows = std::min(step, view.rows - row);
        PackedLayout layout = whole;
        layout.rows = piece.view.rows;
        if (!whole.rowBits.empty()) {
            layout.rowBits = whole.rowBits.subspan(static_cast<std::size_t>(row),
                                                   static_cast<std::size_t>(layout.rows));
        }
        use(piece, layout,
            words.subspan(static_cast<std::size_t>(placeOfRow(whole, row).firstWord),
                          static_cast<std::size_t>(layout.words())));
    }
}

template <typename Code>
void packPieces(PackedTensor& tensor, const MatrixView& view, const IntegerSource& source)
{
    std::vector<Code> codes;
    forEachPiece(tensor, view, std::span(tensor.words),
                 [&](const Piece& piece, const PackedLayout& layout, std::span<std::uint32_t> out) {
                     const std::span<const std::int32_t> integers =
                         source(piece.firstRow, piece.view.rows);
                     requireCount(tensor, piece.view, integers.size());
                     codesOf(tensor, piece, integers, codes);
                     packMatrix(std::span<const Code>(codes), layout, out);
                 });
}

void requireInt(const PackedTensor& tensor)
{
    BITLOOM_REQUIRE(tensor.kind == PackedKind::Int, ErrorCode::InvalidArgument, tensor.name,
                    " holds no integer codes: its kind is ", toString(tensor.kind));
}

void requireFits(const PackedTensor& tensor, std::int64_t row, const CodeMap& map)
{
    const int bits = tensor.layout().bitsOfRow(row);
    const std::int64_t highest = map.factor * ((std::int64_t{1} << bits) - 1) + map.shift;
    BITLOOM_REQUIRE(highest <= std::numeric_limits<std::int32_t>::max(), ErrorCode::CorruptFile,
                    tensor.name, ": row ", row, " reaches ", highest,
                    ", which does not fit 32 bits");
}

template <typename Code, typename Use>
void visitPieces(const PackedTensor& tensor, const MatrixView& view, const Use& use)
{
    std::vector<Code> codes;
    std::vector<std::int32_t> integers;
    const auto decode = [&](const Piece& piece, const PackedLayout& layout,
                            std::span<const std::uint32_t> words) {
        codes.resize(static_cast<std::size_t>(piece.view.rows * view.cols));
        integers.resize(codes.size());
        unpackMatrix(words, layout, std::span(codes));
        for (std::int64_t row = 0; row < piece.view.rows; ++row) {
            const CodeMap map = codeMapOf(tensor, piece.firstRow + row);
            requireFits(tensor, piece.firstRow + row, map);
            const auto factor = static_cast<std::int32_t>(map.factor);
            const auto shift = static_cast<std::int32_t>(map.shift);
            forEachRun(piece.view, row, [&](std::size_t from, std::size_t to, std::size_t length) {
                for (std::size_t i = 0; i < length; ++i) {
                    integers[to + i] = factor * static_cast<std::int32_t>(codes[from + i]) + shift;
                }
            });
        }
        use(static_cast<std::int64_t>(piece.firstInteger), integers);
    };
    forEachPiece(tensor, view, std::span(tensor.words), decode);
}

template <typename Code>
std::vector<Code> unpackCodes(const PackedTensor& tensor, const MatrixView& view)
{
    std::vector<Code> codes(static_cast<std::size_t>(view.rows * view.cols));
    unpackMatrix(tensor.words, tensor.layout(), std::span(codes));
    return codes;
}

/// Calls body(code, tensorIndex, row, col, map) for every element, rows in order.
template <typename Code, typename Body>
void forEachCode(const PackedTensor& tensor, const MatrixView& view, Body body)
{
    const std::vector<Code> codes = unpackCodes<Code>(tensor, view);
    for (std::int64_t row = 0; row < view.rows && view.cols > 0; ++row) {
        const CodeMap map = codeMapOf(tensor, row);
        requireFits(tensor, row, map);
        const auto rowStart = static_cast<std::size_t>(row * view.cols);
        forEachRun(view, row, [&](std::size_t from, std::size_t to, std::size_t length) {
            body(codes.data() + from, to, length, static_cast<std::size_t>(row), from - rowStart,
                 map);
        });
    }
}

template <typename Body>
void forEachRunOfCodes(const PackedTensor& tensor, Body body)
{
    requireInt(tensor);
    requireConsistent(tensor, ErrorCode::InvalidArgument);
    const MatrixView view = tensor.matrix();
    if (tensor.layout().widestBits() <= 8) {
        forEachCode<std::uint8_t>(tensor, view, body);
    } else {
        forEachCode<std::uint16_t>(tensor, view, body);
    }
}

void requireParameters(const PackedTensor& tensor, const MatrixView& view, ErrorCode code)
{
    const std::string& name = tensor.name;
    BITLOOM_REQUIRE(tensor.groupSize >= 0, code, name, " has a group size of ", tensor.groupSize);
    const auto rows = static_cast<std::size_t>(view.rows);
    const std::int64_t groups =
        tensor.groupSize == 0 ? 1
                              : view.cols / tensor.groupSize + (view.cols % tensor.groupSize != 0);
    const auto grouped =
        static_cast<std::size_t>(checkedMultiply(view.rows, groups, name + "'s number of scales"));
    const std::size_t scales = tensor.scale.size();
    const bool fits = tensor.groupSize == 0 ? scales == 1 || scales == rows : scales == grouped;
    BITLOOM_REQUIRE(scales == 0 || fits, code, "scale of ", name, " has ", scales,
                    " values; 1 or one per row (", rows, "), or with groups ", grouped,
                    " were expected");
    for (std::size_t i = 0; i < scales; ++i) {
        BITLOOM_REQUIRE(std::isfinite(tensor.scale[i]), ErrorCode::NonFinite, "scale of ", name,
                        ": value ", i, " is ", tensor.scale[i], ", a finite number was expected");
        BITLOOM_REQUIRE(tensor.scale[i] >= 0, code, "scale of ", name, ": value ", i, " is ",
                        tensor.scale[i], ", it must not be negative");
    }
    BITLOOM_REQUIRE(tensor.zeroPoint.empty() || tensor.zeroPoint.size() == scales, code,
                    "zero_point of ", name, " has ", tensor.zeroPoint.size(),
                    " values, its scale has ", scales);
    BITLOOM_REQUIRE(tensor.gIdx.empty() || (tensor.groupSize > 0 && scales > 0), code, name,
                    " has a group for each column (g_idx) but no group size or no scales");
    BITLOOM_REQUIRE(
        tensor.gIdx.empty() || static_cast<std::int64_t>(tensor.gIdx.size()) == view.cols, code,
        "g_idx of ", name, " has ", tensor.gIdx.size(), " values for ", view.cols, " columns");
    for (std::size_t col = 0; col < tensor.gIdx.size(); ++col) {
        BITLOOM_REQUIRE(tensor.gIdx[col] >= 0 && tensor.gIdx[col] < groups, code, "g_idx of ", name,
                        ": column ", col, " is in group ", tensor.gIdx[col], " of ", groups);
    }
    const std::size_t origins = tensor.origin.size();
    if (tensor.encoding == CodeEncoding::MinShift) {
        BITLOOM_REQUIRE(origins == 1 || origins == rows, code, "origin of ", name, " has ", origins,
                        " values; 1 or one per row (", rows, ") were expected");
    } else {
        BITLOOM_REQUIRE(origins == 0, code, name,
                        " has an origin, which only the encoding min_shift uses");
    }
}

} // namespace

std::string_view toString(PackedKind kind)
{
    switch (kind) {
    case PackedKind::Int:
        return "int";
    case PackedKind::Raw:
        return "raw";
    case PackedKind::Unknown:
        return "unknown";
    }
    return "unknown";
}

std::string_view toString(CodeEncoding encoding)
{
    switch (encoding) {
    case CodeEncoding::OffsetBinary:
        return "offset_binary";
    case CodeEncoding::Unsigned:
        return "unsigned";
    case CodeEncoding::MinShift:
        return "min_shift";
    case CodeEncoding::Bipolar:
        return "bipolar";
    }
    return "unknown";
}

std::optional<CodeEncoding> codeEncodingFrom(std::string_view text)
{
    const auto found = std::find_if(kEncodings.begin(), kEncodings.end(),
                                    [&](CodeEncoding e) { return toString(e) == text; });
    return found == kEncodings.end() ? std::nullopt : std::optional(*found);
}

std::optional<PackUnit> packUnitFrom(std::string_view text)
{
    for (const PackUnit unit : {PackUnit::Row, PackUnit::Tensor}) {
        if (toString(unit) == text) {
            return unit;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> bytesOfDtype(std::string_view dtype)
{
    const auto found = std::find_if(kDtypes.begin(), kDtypes.end(),
                                    [&](const DtypeRow& row) { return row.name == dtype; });
    return found == kDtypes.end() ? std::nullopt : std::optional(found->bytes);
}

PackedLayout PackedTensor::layout() const
{
    const MatrixView view = matrix();
    return {view.rows, view.cols, unit, bits, rowBits};
}

std::int64_t PackedTensor::paddingBits() const
{
    if (kind != PackedKind::Int) {
        return 0;
    }
    const MatrixView view = matrix();
    const std::int64_t codeBits =
        rowBits.empty()
            ? view.rows * view.cols * bits
            : view.cols * std::accumulate(rowBits.begin(), rowBits.end(), std::int64_t{0});
    return payloadBytes * 8 - codeBits;
}

void requireConsistent(const PackedTensor& tensor, ErrorCode code)
{
    const std::string& name = tensor.name;
    requireConsistentParameters(tensor, code);
    if (tensor.kind == PackedKind::Int) {
        const std::int64_t words = tensor.layout().words();
        BITLOOM_REQUIRE(static_cast<std::int64_t>(tensor.words.size()) == words, code, name,
                        " needs ", words, " packed words, there are ", tensor.words.size());
        return;
    }
    const auto size = bytesOfDtype(tensor.dtype);
    BITLOOM_REQUIRE(size, ErrorCode::Unsupported, name, " has the dtype \"", tensor.dtype,
                    "\", which a packed file cannot hold");
    const std::int64_t bytes = checkedMultiply(checkedNumel(tensor.shape, name),
                                               static_cast<std::int64_t>(*size), name + "'s size");
    BITLOOM_REQUIRE(static_cast<std::int64_t>(tensor.data.size()) == bytes, code, name, " needs ",
                    bytes, " bytes of data, there are ", tensor.data.size());
}

void requireConsistentParameters(const PackedTensor& tensor, ErrorCode code)
{
    const std::string& name = tensor.name;
    BITLOOM_REQUIRE(!name.empty(), code, "a tensor has no name");
    BITLOOM_REQUIRE(tensor.kind != PackedKind::Unknown, ErrorCode::Unsupported, name,
                    " is of the kind \"", tensor.kindText,
                    "\", which this program cannot decode; a newer version may");
    for (const std::int64_t size : tensor.shape) {
        BITLOOM_REQUIRE(size >= 0, code, name, " has the negative size ", size);
    }
    if (tensor.kind == PackedKind::Raw) {
        return;
    }
    const auto ndim = static_cast<std::int64_t>(tensor.shape.size());
    BITLOOM_REQUIRE(tensor.axis >= 0 && tensor.axis < std::max<std::int64_t>(ndim, 1), code, name,
                    " has the axis ", tensor.axis, " and ", ndim, " dimensions");
    const MatrixView view =
        withContext(name, [&] { return matrixViewOf(tensor.shape, tensor.axis); });
    const bool perRow = tensor.bits == PackedTensorHeader::kBitsPerRow;
    BITLOOM_REQUIRE(perRow || (tensor.bits >= 0 && tensor.bits <= kMaxPackedBits), code, name,
                    " has codes of ", tensor.bits, " bits; 0 to ", kMaxPackedBits, " are possible");
    if (perRow) {
        BITLOOM_REQUIRE(static_cast<std::int64_t>(tensor.rowBits.size()) == view.rows, code, name,
                        " has ", tensor.rowBits.size(), " row widths for ", view.rows, " rows");
        BITLOOM_REQUIRE(tensor.unit == PackUnit::Row, code, name,
                        " has widths per row, which need the unit row, not tensor");
        for (std::size_t row = 0; row < tensor.rowBits.size(); ++row) {
            BITLOOM_REQUIRE(tensor.rowBits[row] <= kMaxPackedBits, code, name, " has codes of ",
                            static_cast<int>(tensor.rowBits[row]), " bits in row ", row, "; 0 to ",
                            kMaxPackedBits, " are possible");
        }
    } else {
        BITLOOM_REQUIRE(tensor.rowBits.empty(), code, name,
                        " states one width and a width per row");
    }
    const std::int64_t words = withContext(name, [&] { return tensor.layout().words(); });
    // Rows of 0 bits take no space, so a tiny file could ask for any amount of memory.
    const std::int64_t elements = checkedNumel(tensor.shape, name);
    BITLOOM_REQUIRE(elements - kMaxElementsWithoutPayload <= 8 * words * kPackWordBytes, code, name,
                    " claims ", elements, " elements, its packed words cannot hold that many");
    requireParameters(tensor, view, code);
}

void packIntegers(PackedTensor& tensor, const IntegerSource& source)
{
    requireInt(tensor);
    const MatrixView view = tensor.matrix();
    tensor.unit =
        tensor.rowBits.empty() ? choosePackUnit(view.rows, view.cols, tensor.bits) : PackUnit::Row;
    tensor.words.assign(static_cast<std::size_t>(tensor.layout().words()), 0);
    tensor.payloadBytes = static_cast<std::int64_t>(tensor.words.size()) * kPackWordBytes;
    requireConsistent(tensor, ErrorCode::InvalidArgument);
    if (tensor.layout().widestBits() <= 8) {
        packPieces<std::uint8_t>(tensor, view, source);
    } else {
        packPieces<std::uint16_t>(tensor, view, source);
    }
}

void packIntegers(PackedTensor& tensor, std::span<const std::int32_t> integers)
{
    requireInt(tensor);
    const MatrixView view = tensor.matrix();
    requireCount(tensor, view, integers.size());
    packIntegers(tensor, [&](std::int64_t row, std::int64_t rows) {
        return integers.subspan(static_cast<std::size_t>(row * view.cols),
                                static_cast<std::size_t>(rows * view.cols));
    });
}

bool sameContents(const PackedTensor& left, const PackedTensor& right)
{
    return left.kind == right.kind && left.shape == right.shape && left.axis == right.axis &&
           left.dtype == right.dtype && left.encoding == right.encoding &&
           left.unit == right.unit && left.bits == right.bits &&
           left.groupSize == right.groupSize && left.rowBits == right.rowBits &&
           left.words == right.words && left.scale == right.scale &&
           left.zeroPoint == right.zeroPoint && left.origin == right.origin &&
           left.gIdx == right.gIdx && left.data == right.data;
}

void repack(PackedTensor& tensor, PackUnit unit)
{
    requireInt(tensor);
    if (tensor.unit == unit) {
        return;
    }
    const PackedLayout before = tensor.layout();
    PackedLayout after = before;
    after.unit = unit;
    std::vector<std::uint32_t> words(static_cast<std::size_t>(after.words()));
    std::vector<std::uint16_t> codes(static_cast<std::size_t>(before.rows * before.cols));
    unpackMatrix(tensor.words, before, std::span(codes));
    packMatrix(std::span<const std::uint16_t>(codes), after, std::span(words));
    tensor.unit = unit;
    tensor.words = std::move(words);
    tensor.payloadBytes = static_cast<std::int64_t>(tensor.words.size()) * kPackWordBytes;
}

void visitIntegers(
    const PackedTensor& tensor,
    const std::function<void(std::int64_t first, std::span<const std::int32_t> integers)>& use)
{
    requireInt(tensor);
    requireConsistent(tensor, ErrorCode::InvalidArgument);
    const MatrixView view = tensor.matrix();
    if (view.cols == 0) {
        return; // however many rows are claimed
    }
    if (tensor.layout().widestBits() <= 8) {
        visitPieces<std::uint8_t>(tensor, view, use);
    } else {
        visitPieces<std::uint16_t>(tensor, view, use);
    }
}

std::vector<std::int32_t> decodeIntegers(const PackedTensor& tensor)
{
    const MatrixView view = tensor.matrix();
    std::vector<std::int32_t> integers(static_cast<std::size_t>(view.rows * view.cols));
    visitIntegers(tensor, [&](std::int64_t first, std::span<const std::int32_t> piece) {
        std::copy(piece.begin(), piece.end(), integers.begin() + first);
    });
    return integers;
}

std::vector<std::int32_t> decodeRow(const PackedTensor& tensor,
                                    std::span<const std::uint32_t> rowWords, std::int64_t row)
{
    requireInt(tensor);
    const PackedLayout layout = tensor.layout();
    std::vector<std::uint16_t> codes(static_cast<std::size_t>(layout.cols));
    unpackRow(rowWords, layout, row, codes);
    const CodeMap map = codeMapOf(tensor, row);
    requireFits(tensor, row, map);
    std::vector<std::int32_t> integers(codes.size());
    std::transform(codes.begin(), codes.end(), integers.begin(), [&](std::uint16_t code) {
        return static_cast<std::int32_t>(map.factor * code + map.shift);
    });
    return integers;
}

namespace {
struct GroupRun {
    std::size_t group = 0;
    std::size_t end = 0; ///< elements of the run before it have the group's scale
};

/// The group of the element at of a run that begins in column col, and how far it reaches.
GroupRun groupRun(const PackedTensor& tensor, std::size_t col, std::size_t at, std::size_t length)
{
    if (tensor.groupSize == 0) {
        return {0, length};
    }
    if (!tensor.gIdx.empty()) {
        return {static_cast<std::size_t>(tensor.gIdx[col + at]), at + 1};
    }
    const auto groupSize = static_cast<std::size_t>(tensor.groupSize);
    const std::size_t group = (col + at) / groupSize;
    return {group, std::min(length, (group + 1) * groupSize - col)};
}
} // namespace

void dequantize(const PackedTensor& tensor, std::span<float> values)
{
    const MatrixView view = tensor.matrix();
    BITLOOM_REQUIRE(static_cast<std::int64_t>(values.size()) == view.rows * view.cols,
                    ErrorCode::ShapeMismatch, tensor.name, " has ", view.rows * view.cols,
                    " elements, there is room for ", values.size());
    const std::size_t rows = static_cast<std::size_t>(view.rows);
    const std::size_t groups = rows == 0 || tensor.groupSize == 0 ? 1 : tensor.scale.size() / rows;
    forEachRunOfCodes(tensor, [&](const auto* codes, std::size_t to, std::size_t length,
                                  std::size_t row, std::size_t col, const CodeMap& map) {
        std::size_t i = 0;
        while (i < length) {
            const auto [group, end] = groupRun(tensor, col, i, length);
            const std::size_t at = tensor.scale.size() <= 1 ? 0 : row * groups + group;
            const float scale = tensor.scale.empty() ? 1.0F : tensor.scale[at];
            const std::int64_t zero = tensor.zeroPoint.empty() ? 0 : tensor.zeroPoint[at];
            for (; i < end; ++i) {
                const std::int64_t steps =
                    map.factor * static_cast<std::int64_t>(codes[i]) + map.shift - zero;
                values[to + i] = scale * static_cast<float>(steps);
            }
        }
    });
}

std::vector<float> dequantize(const PackedTensor& tensor)
{
    const MatrixView view = tensor.matrix();
    std::vector<float> values(static_cast<std::size_t>(view.rows * view.cols));
    dequantize(tensor, values);
    return values;
}

} // namespace bitloom::io
