// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/rng.h"
#include "core/io/packed/packed_file.h"

#include <span>
#include <utility>
#include <vector>

namespace bitloom::test {

/// Random integers that a tensor's encoding and widths can hold, in the tensor's own order.
inline std::vector<std::int32_t> randomIntegers(const io::PackedTensor& tensor, Rng& rng)
{
    const MatrixView view = tensor.matrix();
    std::vector<std::int32_t> integers(static_cast<std::size_t>(view.rows * view.cols));
    for (std::size_t i = 0; i < integers.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i) / view.inner % view.rows;
        const int bits = tensor.layout().bitsOfRow(row);
        const auto u = static_cast<std::int32_t>(rng.below(std::uint64_t{1} << bits));
        switch (tensor.encoding) {
        case io::CodeEncoding::OffsetBinary:
            integers[i] = u - (1 << bits) / 2;
            break;
        case io::CodeEncoding::Unsigned:
            integers[i] = u;
            break;
        case io::CodeEncoding::MinShift:
            integers[i] =
                u + tensor.origin[tensor.origin.size() == 1 ? 0 : static_cast<std::size_t>(row)];
            break;
        case io::CodeEncoding::Bipolar:
            integers[i] = 2 * u - ((1 << bits) - 1);
            break;
        }
    }
    return integers;
}

/// A tensor of every kind, width, unit, encoding and scale layout, with the integers that it holds.
inline std::vector<std::pair<io::PackedTensor, std::vector<std::int32_t>>> intSamples()
{
    using io::CodeEncoding;
    Rng rng(77);
    std::vector<std::pair<io::PackedTensor, std::vector<std::int32_t>>> samples;
    const auto add = [&](io::PackedTensor tensor) {
        std::vector<std::int32_t> integers = randomIntegers(tensor, rng);
        packIntegers(tensor, integers);
        samples.emplace_back(std::move(tensor), std::move(integers));
    };
    const auto make = [](std::string name, std::vector<std::int64_t> shape, int bits) {
        io::PackedTensor tensor;
        tensor.name = std::move(name);
        tensor.shape = std::move(shape);
        tensor.bits = bits;
        tensor.scale = {0.5F};
        return tensor;
    };
    for (int bits = 0; bits <= 16; ++bits) {
        add(make("layer" + std::to_string(bits) + ".weight", {6, 5, 3, 3}, bits));
    }
    add(make("depthwise.weight", {32, 1, 3, 3}, 4));
    io::PackedTensor transposed = make("up/sample 100%.weight", {4, 6, 2, 2}, 5);
    transposed.axis = 1;
    transposed.scale = {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F};
    transposed.zeroPoint = {0, 1, -2, 3, 100, -100};
    add(transposed);
    io::PackedTensor mixed = make("mixed.weight", {7, 11}, io::PackedTensorHeader::kBitsPerRow);
    mixed.rowBits = {0, 1, 3, 8, 13, 16, 2};
    mixed.scale = {1, 2, 3, 4, 5, 6, 0.25F};
    add(mixed);
    io::PackedTensor grouped = make("grouped.weight", {3, 10}, 4);
    grouped.groupSize = 4;
    grouped.scale = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    grouped.zeroPoint = {0, 1, 2, 3, 4, 5, 6, 7, -8};
    add(grouped);
    io::PackedTensor ordered = grouped;
    ordered.name = "ordered.weight";
    ordered.gIdx = {2, 0, 1, 0, 2, 1, 1, 0, 0, 1};
    add(ordered);
    io::PackedTensor plain = make("unsigned", {3, 10}, 7);
    plain.encoding = CodeEncoding::Unsigned;
    plain.zeroPoint = {64};
    add(plain);
    io::PackedTensor shifted = make("shifted", {2, 9}, 3);
    shifted.encoding = CodeEncoding::MinShift;
    shifted.origin = {-3, 2000000000};
    add(shifted);
    io::PackedTensor binary = make("binary", {4, 40}, 1);
    binary.encoding = CodeEncoding::Bipolar;
    add(binary);
    add(make("single", {}, 8));
    add(make("empty", {0, 4}, 8));
    return samples;
}

inline std::vector<io::PackedTensor> rawSamples()
{
    std::vector<io::PackedTensor> samples;
    const auto add = [&]<typename T>(const char* name, const char* dtype,
                                     std::vector<std::int64_t> shape, std::vector<T> values) {
        io::PackedTensor tensor;
        tensor.name = name;
        tensor.kind = io::PackedKind::Raw;
        tensor.dtype = dtype;
        tensor.shape = std::move(shape);
        const auto bytes = std::as_bytes(std::span(values));
        tensor.data.assign(bytes.begin(), bytes.end());
        samples.push_back(std::move(tensor));
    };
    add("bn.weight", "float32", {3}, std::vector<float>{1.5F, -2.25F, 3});
    add("bn.num_batches_tracked", "int64", {}, std::vector<std::int64_t>{123456789012});
    add("half", "float16", {2}, std::vector<std::uint16_t>{0x3C00, 0xC100}); // 1, -2.5
    add("brain", "bfloat16", {2}, std::vector<std::uint16_t>{0x3F80, 0xC020});
    add("double", "float64", {1, 2}, std::vector<double>{0.1, -1e300});
    add("i8", "int8", {2}, std::vector<std::int8_t>{-128, 127});
    add("i16", "int16", {1}, std::vector<std::int16_t>{-32768});
    add("i32", "int32", {1}, std::vector<std::int32_t>{-2147483647});
    add("u8", "uint8", {1}, std::vector<std::uint8_t>{255});
    add("flags", "bool", {2}, std::vector<std::uint8_t>{1, 0});
    add("nothing", "float32", {0, 3}, std::vector<float>{});
    return samples;
}

inline io::PackedMeta sampleMeta()
{
    return {"tiny \xC3\xA9",        "bitloom test",
            "2026-01-02T03:04:05Z", R"({"plan":{"bits":[4,8]}})",
            R"({"nodes":[]})",      R"({"source":"random"})"};
}

inline io::PackedActivation sampleActivation()
{
    return {"layer1/relu", 6, false, true, {0.1F, 0.2F}, {0, 3}, -0.5F, 6.25F};
}

inline void writeSamples(const std::filesystem::path& path)
{
    io::PackedFileWriter writer(path, sampleMeta());
    for (const auto& [tensor, integers] : intSamples()) {
        writer.add(tensor);
    }
    for (const io::PackedTensor& tensor : rawSamples()) {
        writer.add(tensor);
    }
    writer.add(sampleActivation());
    writer.finish();
}

} // namespace bitloom::test
