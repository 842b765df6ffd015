// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/packed_integers.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/pickle_tensors.h"
#include "core/ops/torch_errors.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <sstream>
#include <string_view>

namespace bitloom::io {

namespace {

constexpr std::string_view kPrefix = "module.";

std::string_view withoutPrefix(std::string_view name)
{
    return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

std::string shapeText(at::IntArrayRef shape)
{
    std::ostringstream text;
    text << shape;
    return text.str();
}

struct ValueDifference {
    std::int64_t count = 0;
    std::int64_t firstAt = 0;
    std::string found;
    std::string expected;
};

/// Equal as numbers; where neither is one (NaN), equal too.
template <typename Left, typename Right>
ValueDifference differenceOf(const Left* packed, const Right* original, std::int64_t count)
{
    ValueDifference difference;
    for (std::int64_t i = 0; i < count; ++i) {
        const bool bothNan = packed[i] != packed[i] && original[i] != original[i];
        if (packed[i] != original[i] && !bothNan && difference.count++ == 0) {
            std::ostringstream found;
            std::ostringstream expected;
            found << packed[i];
            expected << original[i];
            difference.firstAt = i;
            difference.found = found.str();
            difference.expected = expected.str();
        }
    }
    return difference;
}

/// Packed integers against an original of any type; both of the same shape. Integers are compared
/// in 64 bits, everything else in double, which holds every float and every packed integer exactly.
ValueDifference compareValues(const at::Tensor& packed, const at::Tensor& original)
{
    const auto inType = [&]<typename T>(T, c10::ScalarType type) {
        const at::Tensor left = packed.to(type).contiguous();
        const at::Tensor right = original.to(type).contiguous();
        return differenceOf(left.const_data_ptr<T>(), right.const_data_ptr<T>(), left.numel());
    };
    const bool integral = c10::isIntegralType(packed.scalar_type(), true) &&
                          c10::isIntegralType(original.scalar_type(), true);
    return integral ? inType(std::int64_t{}, at::kLong) : inType(double{}, at::kDouble);
}

/// Complex numbers and the like, which no comparison above takes: bit for bit.
bool sameBytes(const at::Tensor& packed, const at::Tensor& original)
{
    const at::Tensor left = packed.contiguous();
    const at::Tensor right = original.contiguous();
    return left.nbytes() == right.nbytes() &&
           (left.nbytes() == 0 ||
            std::memcmp(left.const_data_ptr(), right.const_data_ptr(), left.nbytes()) == 0);
}

class Comparer {
public:
    Comparer(const PackedIntegers& packed, const IntegerCheckpoint& original) : m_original(original)
    {
        for (const PackedInteger& one : packed.tensors) {
            m_packed.emplace(one.info.name, &one);
            m_unprefixed.emplace(withoutPrefix(one.info.name), &one);
        }
        for (const NamedTensor& one : original.carried) {
            m_carried.emplace(one.first, one.second);
        }
    }

    IntegerComparison run(const PackedIntegers& packed)
    {
        for (const auto& [name, tensor] : m_original.weights) {
            const PackedInteger* found = find(name);
            if (found == nullptr) {
                differ(name, "is missing in the packed file");
                continue;
            }
            compareTensor(name, *found, tensor);
            compareScale(name, *found);
        }
        std::vector<std::string> left;
        for (const auto& [name, tensor] : m_original.carried) {
            if (const PackedInteger* found = find(name)) {
                compareTensor(name, *found, tensor);
            } else if (!m_scalesSeen.contains(name)) {
                left.push_back(name);
            }
        }
        if (!left.empty()) {
            note("beside the weights, the original has what is not in the packed file: " +
                 listNames(left));
        }
        for (const PackedInteger& one : packed.tensors) {
            if (!m_used.contains(&one)) {
                differ(one.info.name, "is not in the original");
            }
        }
        if (m_prefixed) {
            note("names were matched without the prefix module.");
        }
        return std::move(m_result);
    }

private:
    void differ(const std::string& name, std::string what)
    {
        m_result.differences.push_back({name, std::move(what)});
    }
    void note(std::string text) { m_result.packed.notes.push_back(std::move(text)); }

    const PackedInteger* find(const std::string& name)
    {
        const PackedInteger* found = nullptr;
        if (const auto exact = m_packed.find(name); exact != m_packed.end()) {
            found = exact->second;
        } else if (const auto near = m_unprefixed.find(withoutPrefix(name));
                   near != m_unprefixed.end()) {
            found = near->second;
            m_prefixed = true;
        }
        if (found != nullptr) {
            m_used.insert(found);
        }
        return found;
    }

    void compareTensor(const std::string& name, const PackedInteger& packed,
                       const at::Tensor& original)
    {
        ++m_result.compared;
        if (packed.values.sizes() != original.sizes()) {
            differ(name, "has the shape " + shapeText(packed.values.sizes()) +
                             ", the original has " + shapeText(original.sizes()));
            return;
        }
        const std::string type = typeName(original.scalar_type());
        if (!packed.info.dtype.empty() && packed.info.dtype != type) {
            differ(name, "is of type " + packed.info.dtype + ", the original is of " + type);
        }
        const at::Tensor values = packed.values.cpu();
        if (c10::isComplexType(original.scalar_type()) ||
            c10::isComplexType(values.scalar_type())) {
            if (!sameBytes(values, original)) {
                differ(name, "has other values than the original");
            }
            return;
        }
        const ValueDifference difference = compareValues(values, original);
        if (difference.count > 0) {
            differ(name, indexText(difference.firstAt, original.sizes()) + " is " +
                             difference.found + ", the original has " + difference.expected + " (" +
                             std::to_string(difference.count) + " of " +
                             std::to_string(original.numel()) + " values differ)");
        }
    }

    void compareScale(const std::string& name, const PackedInteger& packed)
    {
        const auto scale = m_original.scaleOf.find(name);
        if (packed.scale.empty() || scale == m_original.scaleOf.end()) {
            return;
        }
        m_scalesSeen.insert(scale->second);
        const at::Tensor wanted =
            m_carried.at(scale->second).to(at::kFloat).reshape({-1}).contiguous();
        const std::span values(wanted.const_data_ptr<float>(),
                               static_cast<std::size_t>(wanted.numel()));
        if (!std::equal(values.begin(), values.end(), packed.scale.begin(), packed.scale.end())) {
            differ(name, "has another scale than " + scale->second + " of the original");
        }
    }

    const IntegerCheckpoint& m_original;
    std::map<std::string_view, const PackedInteger*> m_packed;
    std::map<std::string_view, const PackedInteger*> m_unprefixed;
    std::map<std::string, at::Tensor> m_carried;
    std::set<const PackedInteger*> m_used;
    std::set<std::string> m_scalesSeen;
    bool m_prefixed = false;
    IntegerComparison m_result;
};

} // namespace

IntegerComparison compareIntegers(const PackedIntegers& packed, const IntegerCheckpoint& original)
{
    return withTorchErrors([&] { return Comparer(packed, original).run(packed); });
}

} // namespace bitloom::io
