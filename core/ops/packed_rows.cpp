// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/packed_rows.h"

#include "core/ops/find_operator.h"
#include "core/ops/packed_rows_checks.h"

#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <array>
#include <limits>

namespace bitloom::ops {
namespace {

constexpr std::int64_t kMaxWidth = 16;
constexpr std::int64_t kMaxOffset = std::int64_t{1} << 32;

/// The integers from low to high that a type holds without a gap.
struct Integers {
    at::ScalarType type;
    std::int64_t low;
    std::int64_t high;
};

constexpr std::array<Integers, 5> kIntegers{
    {{at::kByte, 0, 255},
     {at::kShort, -(1 << 15), (1 << 15) - 1},
     {at::kInt, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()},
     {at::kHalf, -2048, 2048},
     {at::kFloat, -(1 << 24), 1 << 24}}};

const Integers& integersOf(at::ScalarType type, const char* what)
{
    for (const Integers& integers : kIntegers) {
        if (integers.type == type) {
            return integers;
        }
    }
    TORCH_CHECK(false, what, " is ", c10::toString(type),
                "; expected uint8, int16, int32, float16 or float32");
}

void checkBits(std::int64_t bits, std::int64_t offset)
{
    TORCH_CHECK(bits >= 0 && bits <= kMaxWidth, "packed codes have 0 to 16 bits, not ", bits);
    TORCH_CHECK(offset >= -kMaxOffset && offset <= kMaxOffset, "the offset ", offset,
                " is beyond 2^32");
}

std::int64_t streamBytes(std::int64_t columns, std::int64_t bits)
{
    return columns / 8 * bits + (columns % 8 * bits + 7) / 8;
}

at::Tensor packRowsMeta(const at::Tensor& values, std::int64_t bits, std::int64_t offset,
                        bool /*msbFirst*/, std::int64_t rowAlignment)
{
    const std::int64_t rowBytes = checkPackRows(values, bits, offset, rowAlignment);
    return at::empty({values.size(0), rowBytes}, values.options().dtype(at::kByte));
}

at::Tensor unpackRowsMeta(const at::Tensor& packed, std::int64_t bits, std::int64_t columns,
                          std::int64_t offset, bool /*msbFirst*/,
                          std::optional<at::ScalarType> dtype)
{
    const at::ScalarType type = dtype.value_or(at::kInt);
    checkUnpackRows(packed, bits, columns, offset, type);
    return at::empty({packed.size(0), columns}, packed.options().dtype(type));
}

} // namespace

std::int64_t checkPackRows(const at::Tensor& values, std::int64_t bits, std::int64_t offset,
                           std::int64_t rowAlignment)
{
    TORCH_CHECK(values.dim() == 2, "values has the shape ", values.sizes(),
                "; expected [rows, columns]");
    integersOf(values.scalar_type(), "values");
    checkBits(bits, offset);
    TORCH_CHECK(rowAlignment >= 1 && rowAlignment <= 4096, "the alignment of rows is ",
                rowAlignment, " bytes; expected 1 to 4096");
    const std::int64_t bytes = streamBytes(values.size(1), bits);
    return (bytes + rowAlignment - 1) / rowAlignment * rowAlignment;
}

void checkUnpackRows(const at::Tensor& packed, std::int64_t bits, std::int64_t columns,
                     std::int64_t offset, at::ScalarType type)
{
    TORCH_CHECK(packed.dim() == 2 && packed.scalar_type() == at::kByte, "packed is ",
                packed.scalar_type(), " of the shape ", packed.sizes(),
                "; expected uint8 [rows, bytes of a row]");
    checkBits(bits, offset);
    TORCH_CHECK(columns >= 0 && columns <= std::numeric_limits<std::int64_t>::max() / kMaxWidth,
                "a row cannot have ", columns, " columns");
    const std::int64_t needed = streamBytes(columns, bits);
    TORCH_CHECK(packed.size(1) >= needed, columns, " codes of ", bits, " bits need ", needed,
                " bytes a row, packed has ", packed.size(1));
    const Integers& integers = integersOf(type, "the type of the result");
    const std::int64_t low = -offset;
    const std::int64_t high = (std::int64_t{1} << bits) - 1 - offset;
    TORCH_CHECK(low >= integers.low && high <= integers.high, "codes of ", bits,
                " bits with the offset ", offset, " reach from ", low, " to ", high, ", ",
                c10::toString(type), " holds the integers from ", integers.low, " to ",
                integers.high);
}

void failForValue(const at::Tensor& values, std::int64_t place, std::int64_t bits,
                  std::int64_t offset)
{
    const std::int64_t columns = values.size(1);
    const at::Tensor value = values.select(0, place / columns).select(0, place % columns);
    TORCH_CHECK(false, "row ", place / columns, ", column ", place % columns, " holds ",
                value.item().toDouble(), "; with the offset ", offset, " ", bits,
                " bits hold the integers from ", -offset, " to ",
                (std::int64_t{1} << bits) - 1 - offset);
}

at::Tensor packRows(const at::Tensor& values, std::int64_t bits, std::int64_t offset, bool msbFirst,
                    std::int64_t rowAlignment)
{
    static const auto handle = findOperator<decltype(packRows)>("bitloom::pack_rows");
    return handle.call(values, bits, offset, msbFirst, rowAlignment);
}

at::Tensor unpackRows(const at::Tensor& packed, std::int64_t bits, std::int64_t columns,
                      std::int64_t offset, bool msbFirst, std::optional<at::ScalarType> dtype)
{
    static const auto handle = findOperator<decltype(unpackRows)>("bitloom::unpack_rows");
    return handle.call(packed, bits, columns, offset, msbFirst, dtype);
}

TORCH_LIBRARY_FRAGMENT(bitloom, library)
{
    library.def("pack_rows(Tensor values, int bits, int offset=0, bool msb_first=False, "
                "int row_alignment=4) -> Tensor");
    library.def("unpack_rows(Tensor packed, int bits, int columns, int offset=0, "
                "bool msb_first=False, ScalarType? dtype=None) -> Tensor");
}

TORCH_LIBRARY_IMPL(bitloom, Meta, library)
{
    library.impl("pack_rows", packRowsMeta);
    library.impl("unpack_rows", unpackRowsMeta);
}

} // namespace bitloom::ops
