// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/bitpack/bitpack_file.h"
#include "core/io/state/torch_archive_writer.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

// Files of BitPack's form for tests, also such as no program writes.
namespace bitloom::test {

inline at::Tensor tensorOf(const std::vector<std::int64_t>& values,
                           const std::vector<std::int64_t>& shape, c10::ScalarType type = at::kInt)
{
    const at::Tensor wide = at::empty(shape, at::kLong);
    std::copy(values.begin(), values.end(), wide.mutable_data_ptr<std::int64_t>());
    return wide.to(type);
}

inline at::Tensor scalarOf(std::int64_t value, c10::ScalarType type)
{
    return tensorOf({value}, {}, type);
}

inline at::Tensor realsOf(const std::vector<double>& values, c10::ScalarType type = at::kFloat)
{
    const at::Tensor wide = at::empty({static_cast<std::int64_t>(values.size())}, at::kDouble);
    std::copy(values.begin(), values.end(), wide.mutable_data_ptr<double>());
    return wide.to(type);
}

inline std::vector<std::int64_t> valuesOf(const at::Tensor& tensor)
{
    const at::Tensor wide = tensor.to(at::kLong).contiguous();
    return {wide.const_data_ptr<std::int64_t>(),
            wide.const_data_ptr<std::int64_t>() + wide.numel()};
}

/// Emits one entry of each of the four dicts.
struct SampleParts {
    using Emit = std::function<void(io::TorchArchiveWriter&)>;
    Emit bits = [](io::TorchArchiveWriter& out) { out.object().integer(4); };
    Emit shape = [](io::TorchArchiveWriter& out) {
        out.object().global("torch", "Size");
        out.object().raw("(");
        out.object().integers(std::vector<std::int64_t>{2, 3});
        out.object().raw("tR");
    };
    Emit offset = [](io::TorchArchiveWriter& out) { out.putTensor(1); };
    Emit stored = [](io::TorchArchiveWriter& out) { out.putTensor(0); };
};

/// One tensor "w": the first vector of the description, -7 -1 0 7 3 -2 in 4 bits with the offset 7,
/// unless parts say otherwise. An empty function leaves the entry out.
inline void writeSample(const std::filesystem::path& path, const SampleParts& parts,
                        const at::Tensor& stored = tensorOf({0x06, 0x7e, 0xa5}, {1, 3}, at::kByte),
                        const at::Tensor& offset = scalarOf(7, at::kByte),
                        io::TorchContainer container = io::TorchContainer::Zip)
{
    const std::vector<io::NamedTensor> tensors{{"w", stored}, {"offset", offset}};
    io::TorchArchiveWriter out(container, tensors);
    out.object().raw("(");
    for (const SampleParts::Emit& emit : {parts.stored, parts.bits, parts.shape, parts.offset}) {
        out.object().raw("}(");
        if (emit) {
            out.object().text("w");
            emit(out);
        }
        out.object().raw("u");
    }
    out.object().raw("t");
    out.write(path);
}

/// A dict of dicts of tensors, as HAWQ exports its quantized checkpoint.
inline void
writeParts(const std::filesystem::path& path,
           const std::vector<std::pair<std::string, std::vector<io::NamedTensor>>>& parts)
{
    std::vector<io::NamedTensor> all;
    for (const auto& [part, tensors] : parts) {
        all.insert(all.end(), tensors.begin(), tensors.end());
    }
    io::TorchArchiveWriter out(io::TorchContainer::Zip, all);
    std::size_t index = 0;
    out.object().raw("}(");
    for (const auto& [part, tensors] : parts) {
        out.object().text(part);
        out.object().raw("}(");
        for (const io::NamedTensor& tensor : tensors) {
            out.object().text(tensor.first);
            out.putTensor(index++);
        }
        out.object().raw("u");
    }
    out.object().raw("u");
    out.write(path);
}

/// HAWQ's export of two small layers, of which one has a scale.
inline void writeHawqSample(const std::filesystem::path& path)
{
    writeParts(path,
               {{"weight_integer",
                 {{"module.a.weight_integer", realsOf({-3, 2, 1, 0}).reshape({2, 2})},
                  {"module.b.weight_integer", realsOf({7, -8})}}},
                {"fc_scaling_factor", {{"module.a.fc_scaling_factor", realsOf({0.5, 0.25})}}}});
}

} // namespace bitloom::test
