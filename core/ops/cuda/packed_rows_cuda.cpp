// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda/packed_rows.h"
#include "core/ops/packed_rows_checks.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/library.h>

#include <optional>

namespace bitloom::ops {
namespace {

cuda::PackedElement elementOf(at::ScalarType type)
{
    switch (type) {
    case at::kByte:
        return cuda::PackedElement::UInt8;
    case at::kShort:
        return cuda::PackedElement::Int16;
    case at::kInt:
        return cuda::PackedElement::Int32;
    case at::kHalf:
        return cuda::PackedElement::Float16;
    default:
        return cuda::PackedElement::Float32; // no other passes the checks
    }
}

at::Tensor packRowsCuda(const at::Tensor& values, std::int64_t bits, std::int64_t offset,
                        bool msbFirst, std::int64_t rowAlignment)
{
    const std::int64_t rowBytes = checkPackRows(values, bits, offset, rowAlignment);
    const c10::cuda::CUDAGuard guard(values.device());
    if (bits == 0) { // nothing is stored, and every value must be -offset
        TORCH_CHECK(values.numel() == 0 || values.eq(-offset).all().item<bool>(),
                    "0 bits hold the value ", -offset, " alone");
    }
    if (values.numel() == 0 || bits == 0) {
        return at::zeros({values.size(0), rowBytes}, values.options().dtype(at::kByte));
    }
    const at::Tensor dense = values.contiguous();
    at::Tensor packed = at::empty({values.size(0), rowBytes}, values.options().dtype(at::kByte));
    at::Tensor firstBad = at::full({1}, values.numel(), values.options().dtype(at::kLong));
    const cuda::PackedRowsProblem problem{.rows = values.size(0),
                                          .columns = values.size(1),
                                          .rowBytes = rowBytes,
                                          .offset = offset,
                                          .bits = static_cast<int>(bits),
                                          .msbFirst = msbFirst,
                                          .element = elementOf(values.scalar_type())};
    C10_CUDA_CHECK(static_cast<cudaError_t>(cuda::launchPackRows(
        problem, dense.const_data_ptr(), packed.mutable_data_ptr<std::uint8_t>(),
        reinterpret_cast<unsigned long long*>(firstBad.mutable_data_ptr<std::int64_t>()),
        c10::cuda::getCurrentCUDAStream())));
    const auto place = firstBad.item<std::int64_t>();
    if (place < values.numel()) {
        failForValue(dense, place, bits, offset);
    }
    return packed;
}

at::Tensor unpackRowsCuda(const at::Tensor& packed, std::int64_t bits, std::int64_t columns,
                          std::int64_t offset, bool msbFirst, std::optional<at::ScalarType> dtype)
{
    const at::ScalarType type = dtype.value_or(at::kInt);
    checkUnpackRows(packed, bits, columns, offset, type);
    const c10::cuda::CUDAGuard guard(packed.device());
    if (bits == 0) {
        return at::full({packed.size(0), columns}, -offset, packed.options().dtype(type));
    }
    const at::Tensor dense = packed.contiguous();
    at::Tensor values = at::empty({packed.size(0), columns}, packed.options().dtype(type));
    if (values.numel() > 0) {
        const cuda::PackedRowsProblem problem{.rows = packed.size(0),
                                              .columns = columns,
                                              .rowBytes = packed.size(1),
                                              .offset = offset,
                                              .bits = static_cast<int>(bits),
                                              .msbFirst = msbFirst,
                                              .element = elementOf(type)};
        C10_CUDA_CHECK(static_cast<cudaError_t>(
            cuda::launchUnpackRows(problem, dense.const_data_ptr<std::uint8_t>(),
                                   values.mutable_data_ptr(), c10::cuda::getCurrentCUDAStream())));
    }
    return values;
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CUDA, library)
{
    library.impl("pack_rows", packRowsCuda);
    library.impl("unpack_rows", unpackRowsCuda);
}

} // namespace bitloom::ops
