// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/tensor_differences.h"

#include "core/base/text.h"
#include "core/io/packed_tensor_codec.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/view_as_real.h>

#include <cstring>
#include <span>

namespace bitloom {

namespace {

class Collector {
public:
    Collector(TensorDifferences& differences, const std::string& tensor)
        : m_differences(differences), m_tensor(tensor)
    {
    }

    void wholeTensor(std::string sentence) { add({m_tensor, {}, -1, {}, std::move(sentence)}); }

    template <typename T>
    void compare(const char* part, std::span<const T> stored, std::span<const T> expected)
    {
        for (std::size_t i = 0; i < stored.size(); ++i) {
            // Bytes, so that NaN equals NaN and -0 is not 0.
            if (std::memcmp(&stored[i], &expected[i], sizeof(T)) != 0) {
                add({m_tensor, part, static_cast<std::int64_t>(i), shortestText(expected[i]),
                     shortestText(stored[i])});
            }
        }
    }

    /// Of any type: elements are compared as bytes, and told as numbers.
    void compareRaw(const io::PackedTensor& stored, const io::PackedTensor& expected)
    {
        const std::size_t size = io::bytesOfDtype(stored.dtype).value_or(1);
        at::Tensor left;
        at::Tensor right;
        for (std::size_t i = 0; i * size < stored.data.size(); ++i) {
            if (std::memcmp(&stored.data[i * size], &expected.data[i * size], size) == 0) {
                continue;
            }
            if (!left.defined()) { // most tensors are equal
                left = decodeParameter(stored).flatten();
                right = decodeParameter(expected).flatten();
            }
            const auto index = static_cast<std::int64_t>(i);
            add({m_tensor, "value", index, numberAt(right, index), numberAt(left, index)});
        }
    }

private:
    static std::string numberAt(const at::Tensor& values, std::int64_t index)
    {
        if (values.is_complex()) {
            const at::Tensor parts = at::view_as_real(values)[index];
            return numberAt(parts, 0) + " + " + numberAt(parts, 1) + "i";
        }
        const c10::Scalar value = values[index].item();
        if (values.scalar_type() == at::kUInt64) {
            return shortestText(value.toUInt64());
        }
        if (!value.isFloatingPoint()) {
            return shortestText(value.toLong());
        }
        return values.scalar_type() == at::kDouble ? shortestText(value.toDouble())
                                                   : shortestText(value.toFloat());
    }
    void add(PackDifference difference)
    {
        if (m_differences.listed.size() < VerifyReport::kMostListed) {
            m_differences.listed.push_back(std::move(difference));
        }
        ++m_differences.count;
    }

    TensorDifferences& m_differences;
    const std::string& m_tensor;
};

} // namespace

std::string TensorDifferences::sentence() const
{
    if (listed.empty()) {
        return {};
    }
    const PackDifference& first = listed.front();
    if (first.index < 0) {
        return first.found;
    }
    std::string part = first.part;
    if (const auto line = part.find('_'); line != std::string::npos) {
        part[line] = ' ';
    }
    return part + " " + std::to_string(first.index) + " is " + first.found + ", the model gives " +
           first.expected +
           (count > 1 ? "; " + std::to_string(count) + " places differ" : std::string());
}

TensorDifferences differencesOf(const io::PackedTensor& stored, io::PackedTensor expected)
{
    TensorDifferences differences;
    Collector collector(differences, stored.name);
    if (stored.kind != expected.kind || stored.shape != expected.shape ||
        stored.dtype != expected.dtype || stored.bits != expected.bits ||
        stored.encoding != expected.encoding || stored.axis != expected.axis ||
        stored.groupSize != expected.groupSize) {
        collector.wholeTensor(
            "kind, shape, type or bits differ from the model under the stored plan");
        return differences;
    }
    if (stored.kind == io::PackedKind::Int) {
        io::repack(expected, stored.unit); // some formats never join rows
    }
    if (stored.scale.size() != expected.scale.size() ||
        stored.zeroPoint.size() != expected.zeroPoint.size() ||
        stored.words.size() != expected.words.size() ||
        stored.data.size() != expected.data.size()) {
        collector.wholeTensor(
            "the number of scales, zero points or codes differs from the model's");
        return differences;
    }
    collector.compare<float>("scale", stored.scale, expected.scale);
    collector.compare<std::int32_t>("zero_point", stored.zeroPoint, expected.zeroPoint);
    if (stored.words != expected.words) {
        const std::int64_t before = differences.count;
        const std::vector<std::int32_t> left = io::decodeIntegers(stored);
        const std::vector<std::int32_t> right = io::decodeIntegers(expected);
        collector.compare<std::int32_t>("code", left, right);
        if (differences.count == before) {
            collector.wholeTensor("padding bits are not zero");
        }
    }
    collector.compareRaw(stored, expected);
    return differences;
}

} // namespace bitloom
