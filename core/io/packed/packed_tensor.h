// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/pack/row_packer.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

enum class PackedKind {
    Int,     ///< integer codes of 0..16 bits
    Raw,     ///< values as they are
    Unknown, ///< a kind of a newer version: listed, not decodable
};

/// How the integer q of a code u of b bits is found.
enum class CodeEncoding {
    OffsetBinary, ///< q = u - floor(2^b / 2)
    Unsigned,     ///< q = u
    MinShift,     ///< q = u + origin[row]
    Bipolar,      ///< q = 2u - (2^b - 1)
};

std::string_view toString(PackedKind kind); ///< "int" | "raw" | "unknown"
std::string_view
toString(CodeEncoding encoding); ///< "offset_binary" | "unsigned" | "min_shift" | "bipolar"
std::optional<CodeEncoding> codeEncodingFrom(std::string_view text);
std::optional<PackUnit> packUnitFrom(std::string_view text); ///< "row" | "tensor"

/// Bytes of one value of a raw tensor; nullopt for a dtype that files cannot hold. Known: float16
/// bfloat16 float32 float64, int8 to int64, uint8 to uint64, bool, complex64 complex128.
std::optional<std::size_t> bytesOfDtype(std::string_view dtype);

/// What is known of a tensor without its payload.
struct PackedTensorHeader {
    static constexpr int kBitsPerRow = -1;

    std::string name;
    PackedKind kind = PackedKind::Int;
    std::vector<std::int64_t> shape;
    std::int64_t axis = 0;         ///< channel axis; 1 for transposed convolutions
    std::string dtype = "float32"; ///< of the source (int) or of the data (raw)
    CodeEncoding encoding = CodeEncoding::OffsetBinary;
    PackUnit unit = PackUnit::Row;
    int bits = 0;                    ///< 0..16, or kBitsPerRow: see rowBits
    std::int64_t groupSize = 0;      ///< columns that share a scale; 0 = whole rows
    std::int64_t payloadBytes = 0;   ///< of words or data
    std::int64_t parameterBytes = 0; ///< of rowBits, scale, zeroPoint, origin and gIdx
    std::string kindText;            ///< kind Unknown: the kind as the file states it
};

/// One tensor of a packed file. w = scale * (q - zeroPoint), absent scale = 1, absent zeroPoint =
/// 0. Shapes:  scale [1], [rows] or [rows, groups] with groups = ceil(cols / groupSize); zeroPoint
/// like scale or empty;
///          origin [1] or [rows], encoding MinShift only; rowBits [rows], bits = kBitsPerRow only;
///          gIdx [cols], with groupSize only: the group of each column. Empty: column / groupSize.
struct PackedTensor : PackedTensorHeader {
    std::vector<std::uint8_t> rowBits;
    std::vector<std::uint32_t> words; ///< kind Int: laid out as core/pack/block_layout.h says
    std::vector<float> scale;
    std::vector<std::int32_t> zeroPoint;
    std::vector<std::int32_t> origin;
    std::vector<std::int32_t> gIdx;
    std::vector<std::byte> data; ///< kind Raw: little-endian, C order

    MatrixView matrix() const { return matrixViewOf(shape, axis); }
    /// The words or the data as bytes.
    std::span<const std::byte> payload() const
    {
        return kind == PackedKind::Int ? std::as_bytes(std::span(words)) : std::span(data);
    }
    /// Valid as long as this tensor: rowBits is referred to.
    PackedLayout layout() const;
    /// Bits of payloadBytes that hold no code; 0 for other kinds than Int.
    std::int64_t paddingBits() const;
};

/// Checks everything but the codes themselves: widths, counts, finite scales.
/// Errors:  the given code (CorruptFile for a file, InvalidArgument for a caller) naming the
/// tensor, except NonFinite
///          for a scale that is NaN or infinite and Unsupported for a kind or dtype that cannot be
///          held.
void requireConsistent(const PackedTensor& tensor, ErrorCode code);
/// The same for a tensor whose payload was not loaded.
void requireConsistentParameters(const PackedTensor& tensor, ErrorCode code);

/// A scale of 0 makes all its codes the same weight: fine where they are the same code, and
/// damage else. Cost: of the codes where there is a scale of 0, nothing else.
/// Errors: the given code naming tensor, row and group.
void requireUsefulScales(const PackedTensor& tensor, ErrorCode code);

/// True if two tensors are the same in everything but their names and sizes in bytes.
bool sameContents(const PackedTensor& left, const PackedTensor& right);

/// Packs integers: tensor comes with everything but words, payloadBytes and unit, which are filled
/// in (unit by choosePackUnit; rowBits keep unit Row).
///
/// Shapes:  integers in the tensor's own shape, C order.
/// Errors:  InvalidArgument naming tensor, index and value of the first integer that its encoding
/// and width cannot
///          hold; ShapeMismatch for a wrong count; requireConsistent.
void packIntegers(PackedTensor& tensor, std::span<const std::int32_t> integers);

/// The integers of rows [row, row + rows) of a tensor, C order; used before the
/// next call.
using IntegerSource =
    std::function<std::span<const std::int32_t>(std::int64_t row, std::int64_t rows)>;

/// The same, asking for a few rows at a time, in order, so that the integers of
/// a large tensor are never in memory together; for all rows at once where the
/// channel axis is not the first.
void packIntegers(PackedTensor& tensor, const IntegerSource& source);

/// Lays the codes of a tensor of kind Int out in another unit. Errors: InvalidArgument for rows of
/// different widths in one.
void repack(PackedTensor& tensor, PackUnit unit);

/// Calls use(first, integers) with the integers q of a tensor of kind Int, some at a time, in its
/// own shape and C order; all at once where the channel axis is not the first. Errors: as
/// decodeIntegers().
void visitIntegers(
    const PackedTensor& tensor,
    const std::function<void(std::int64_t first, std::span<const std::int32_t> integers)>& use);

/// The integers q of a tensor of kind Int, in its own shape, C order.
/// Errors: InvalidArgument for another kind; CorruptFile if an integer does not fit 32 bits.
std::vector<std::int32_t> decodeIntegers(const PackedTensor& tensor);

/// The integers of one row from its words (see placeOfRow).
std::vector<std::int32_t> decodeRow(const PackedTensor& tensor,
                                    std::span<const std::uint32_t> rowWords, std::int64_t row);

/// w = scale * (q - zeroPoint) of a tensor of kind Int in its own shape, C order.
/// Numerics: q - zeroPoint in 64-bit integers, rounded once to float32, one float32 product.
std::vector<float> dequantize(const PackedTensor& tensor);
/// The same into values, one per element. Errors: ShapeMismatch for another
/// number of them.
void dequantize(const PackedTensor& tensor, std::span<float> values);

} // namespace bitloom::io
