// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/safetensors_state.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/safetensors/safetensors_files.h"
#include "core/io/safetensors/safetensors_writer.h"
#include "core/ops/tensor_bytes.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/ne.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <utility>

namespace bitloom::io {

namespace {

using c10::ScalarType;

constexpr auto kScalarTypes = std::to_array<std::pair<SafetensorsType, ScalarType>>({
    {SafetensorsType::Bool, ScalarType::Bool},
    {SafetensorsType::U8, ScalarType::Byte},
    {SafetensorsType::I8, ScalarType::Char},
    {SafetensorsType::F8E5M2, ScalarType::Float8_e5m2},
    {SafetensorsType::F8E4M3, ScalarType::Float8_e4m3fn},
    {SafetensorsType::F8E8M0, ScalarType::Float8_e8m0fnu},
    {SafetensorsType::F8E4M3Fnuz, ScalarType::Float8_e4m3fnuz},
    {SafetensorsType::F8E5M2Fnuz, ScalarType::Float8_e5m2fnuz},
    {SafetensorsType::I16, ScalarType::Short},
    {SafetensorsType::U16, ScalarType::UInt16},
    {SafetensorsType::F16, ScalarType::Half},
    {SafetensorsType::BF16, ScalarType::BFloat16},
    {SafetensorsType::I32, ScalarType::Int},
    {SafetensorsType::U32, ScalarType::UInt32},
    {SafetensorsType::F32, ScalarType::Float},
    {SafetensorsType::C64, ScalarType::ComplexFloat},
    {SafetensorsType::F64, ScalarType::Double},
    {SafetensorsType::I64, ScalarType::Long},
    {SafetensorsType::U64, ScalarType::UInt64},
});

ScalarType scalarTypeOf(const SafetensorsEntry& entry)
{
    const auto* const found =
        std::ranges::find(kScalarTypes, entry.type, [](const auto& pair) { return pair.first; });
    BITLOOM_REQUIRE(found != kScalarTypes.end(), ErrorCode::Unsupported, "tensor ", entry.name,
                    " has the dtype ", toString(entry.type),
                    ", which has less than 8 bits and is not read");
    return found->second;
}

SafetensorsDeclaration declarationOf(const DeferredTensor& tensor)
{
    const auto* const found =
        std::ranges::find(kScalarTypes, tensor.type, [](const auto& pair) { return pair.second; });
    BITLOOM_REQUIRE(found != kScalarTypes.end(), ErrorCode::Unsupported, "tensor ", tensor.name,
                    " is of the type ", c10::toString(tensor.type),
                    ", which a safetensors file cannot hold; write a .pth");
    return {tensor.name, found->first, tensor.shape};
}

/// A tensor that is made contiguous when it is written.
DeferredTensor deferred(const std::string& name, const at::Tensor& tensor)
{
    BITLOOM_REQUIRE(tensor.defined(), ErrorCode::InvalidArgument, "tensor ", name, " is undefined");
    BITLOOM_REQUIRE(tensor.layout() == at::kStrided, ErrorCode::Unsupported, "tensor ", name,
                    " of type ", c10::toString(tensor.scalar_type()),
                    " cannot be written: a safetensors file holds dense tensors of plain numbers");
    return {name, tensor.sizes().vec(), tensor.scalar_type(), [tensor](const ByteSink& sink) {
                const at::Tensor dense = tensor.resolve_conj().resolve_neg().cpu();
                sink(bytesOfTensor(dense.contiguous()));
            }};
}

/// Any bit pattern is a number of every type but bool, where only 0 and 1 are defined.
bool hasOtherThanZeroAndOne(std::span<const std::byte> values)
{
    return std::ranges::any_of(values, [](std::byte value) { return value > std::byte{1}; });
}

} // namespace

at::Tensor tensorOf(const SafetensorsReader& file, const SafetensorsEntry& entry)
{
    const ScalarType type = scalarTypeOf(entry);
    const std::span<const std::byte> values = file.bytesOf(entry);
    if (values.empty()) {
        std::vector<std::int64_t> sizes = entry.shape; // strides count a size of 0 as one
        std::ranges::replace(sizes, 0, 1);
        checkedNumel(sizes, "tensor " + entry.name);
        return at::empty(entry.shape, type);
    }
    // The mapping is copy-on-write where tensors are made of it (readSafetensorsState).
    const auto blob = [&](ScalarType as, at::IntArrayRef sizes) {
        return at::from_blob(
            const_cast<std::byte*>(values.data()), sizes,
            [keep = file.mapping()](void*) mutable { keep.reset(); }, at::TensorOptions(as));
    };
    const auto count = static_cast<std::int64_t>(values.size());
    if (type == ScalarType::Bool && hasOtherThanZeroAndOne(values)) {
        return at::ne(blob(ScalarType::Byte, {count}), 0).reshape(entry.shape);
    }
    if (reinterpret_cast<std::uintptr_t>(values.data()) % c10::elementSize(type) != 0) {
        const at::Tensor copy = at::empty(entry.shape, type);
        std::ranges::copy(values, static_cast<std::byte*>(copy.mutable_data_ptr()));
        return copy;
    }
    return blob(type, entry.shape);
}

StateDict readSafetensorsState(const std::filesystem::path& path)
{
    StateDict state;
    // Training and folding change weights in place: that must reach neither the file nor a page
    // that may not be written.
    const SafetensorsFiles files(path, MapAccess::CopyOnWrite);
    for (const SafetensorsPlace& place : files.tensors()) {
        withContext(place.file->path().string(), [&] {
            state.tensors.emplace_back(place->name, tensorOf(*place.file, *place.entry));
        });
    }
    return state;
}

StateListing listSafetensorsState(const std::filesystem::path& path)
{
    StateListing listing;
    const SafetensorsFiles files(path);
    for (const SafetensorsPlace& place : files.tensors()) {
        withContext(place.file->path().string(), [&] {
            listing.entries.push_back({place->name, place->shape, scalarTypeOf(*place.entry)});
        });
    }
    return listing;
}

void writeSafetensorsState(const std::filesystem::path& path, const StateDict& state)
{
    std::vector<DeferredTensor> tensors;
    for (const auto& [name, tensor] : state.tensors) {
        tensors.push_back(deferred(name, tensor));
    }
    writeSafetensorsState(path, tensors);
}

void writeSafetensorsState(const std::filesystem::path& path,
                           std::span<const DeferredTensor> tensors)
{
    std::vector<SafetensorsDeclaration> declarations;
    std::map<std::string_view, const DeferredTensor*> byName;
    for (const DeferredTensor& tensor : tensors) {
        declarations.push_back(declarationOf(tensor));
        byName.emplace(tensor.name, &tensor);
    }
    // Without this entry transformers refuses a file.
    SafetensorsWriter writer(path, std::move(declarations), {{"format", "pt"}});
    for (const SafetensorsEntry& entry : writer.entries()) {
        byName.at(entry.name)->bytes([&](std::span<const std::byte> piece) {
            writer.append(entry.name, piece);
        });
    }
    writer.finish();
}

} // namespace bitloom::io
