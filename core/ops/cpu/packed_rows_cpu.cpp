// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/ops/packed_rows.h"
#include "core/ops/packed_rows_checks.h"
#include "core/ops/parallel.h"
#include "core/pack/value_packer.h"

#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace bitloom::ops {
namespace {

constexpr std::int64_t kGrainBytes = 1 << 15;

/// body(T{}) for the element type in core/pack's terms.
template <typename Body>
void withElement(at::ScalarType type, const Body& body)
{
    switch (type) {
    case at::kByte:
        return body(std::uint8_t{});
    case at::kShort:
        return body(std::int16_t{});
    case at::kInt:
        return body(std::int32_t{});
    case at::kHalf:
        return body(Half{});
    default:
        return body(float{}); // no other passes the checks
    }
}

std::int64_t grainOf(std::int64_t rowBytes)
{
    return std::max<std::int64_t>(1, kGrainBytes / std::max<std::int64_t>(1, rowBytes));
}

BitOrder orderOf(bool msbFirst)
{
    return msbFirst ? BitOrder::MsbFirst : BitOrder::LsbFirst;
}

/// The first value, in C order, that has no code.
std::optional<std::int64_t> placeWithoutCode(const at::Tensor& values, std::int64_t bits,
                                             std::int64_t offset)
{
    const at::Tensor wide = values.to(at::kDouble);
    const double* value = wide.const_data_ptr<double>();
    const double top = std::exp2(static_cast<double>(bits)) - 1;
    for (std::int64_t i = 0; i < wide.numel(); ++i) {
        const double code = value[i] + static_cast<double>(offset);
        if (!(code >= 0 && code <= top && code == std::trunc(code))) {
            return i;
        }
    }
    return std::nullopt;
}

at::Tensor packRowsCpu(const at::Tensor& values, std::int64_t bits, std::int64_t offset,
                       bool msbFirst, std::int64_t rowAlignment)
{
    const std::int64_t rowBytes = checkPackRows(values, bits, offset, rowAlignment);
    const at::Tensor dense = values.contiguous();
    const std::int64_t columns = values.size(1);
    at::Tensor packed = at::empty({values.size(0), rowBytes}, values.options().dtype(at::kByte));
    auto* const out = reinterpret_cast<std::byte*>(packed.mutable_data_ptr<std::uint8_t>());
    try {
        withElement(values.scalar_type(), [&](auto element) {
            using T = decltype(element);
            const T* const in = reinterpret_cast<const T*>(dense.const_data_ptr());
            parallelFor(values.size(0), grainOf(columns * static_cast<std::int64_t>(sizeof(T))),
                        [&](std::int64_t begin, std::int64_t end) {
                            for (std::int64_t row = begin; row < end; ++row) {
                                packValues<T>(
                                    {in + row * columns, static_cast<std::size_t>(columns)}, offset,
                                    static_cast<int>(bits), orderOf(msbFirst),
                                    {out + row * rowBytes, static_cast<std::size_t>(rowBytes)});
                            }
                        });
        });
    } catch (const Error& error) {
        // Of one row, maybe not the first: the whole is looked through for the sentence.
        if (const auto place = placeWithoutCode(dense, bits, offset)) {
            failForValue(dense, *place, bits, offset);
        }
        TORCH_CHECK(false, error.what());
    }
    return packed;
}

at::Tensor unpackRowsCpu(const at::Tensor& packed, std::int64_t bits, std::int64_t columns,
                         std::int64_t offset, bool msbFirst, std::optional<at::ScalarType> dtype)
{
    const at::ScalarType type = dtype.value_or(at::kInt);
    checkUnpackRows(packed, bits, columns, offset, type);
    const at::Tensor dense = packed.contiguous();
    const std::int64_t rowBytes = packed.size(1);
    at::Tensor values = at::empty({packed.size(0), columns}, packed.options().dtype(type));
    const auto* const in = reinterpret_cast<const std::byte*>(dense.const_data_ptr<std::uint8_t>());
    withElement(type, [&](auto element) {
        using T = decltype(element);
        T* const out = reinterpret_cast<T*>(values.mutable_data_ptr());
        parallelFor(packed.size(0), grainOf(columns * static_cast<std::int64_t>(sizeof(T))),
                    [&](std::int64_t begin, std::int64_t end) {
                        for (std::int64_t row = begin; row < end; ++row) {
                            unpackValues<T>(
                                {in + row * rowBytes, static_cast<std::size_t>(rowBytes)},
                                static_cast<int>(bits), orderOf(msbFirst), offset,
                                {out + row * columns, static_cast<std::size_t>(columns)});
                        }
                    });
    });
    return values;
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CPU, library)
{
    library.impl("pack_rows", packRowsCpu);
    library.impl("unpack_rows", unpackRowsCpu);
}

} // namespace bitloom::ops
