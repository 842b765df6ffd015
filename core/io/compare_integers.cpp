// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/packed_integers.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/state/pickle_tensors.h"
#include "core/io/tensor_tasks.h"
#include "core/ops/tensor_bytes.h"
#include "core/ops/torch_errors.h"

#include <algorithm>
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

struct ValueDifference {
    std::int64_t count = 0;
    std::int64_t firstAt = 0;
    std::string found;
    std::string expected;
};

template <typename T>
std::string textOf(T value)
{
    std::ostringstream text;
    text << value;
    return text.str();
}

/// Equal as numbers; where neither is one (NaN), equal too. Wide: holds the values of both exactly.
template <typename Wide, typename Left, typename Right>
void compare(std::span<const Left> packed, std::span<const Right> original, std::int64_t first,
             ValueDifference& difference)
{
    const auto differ = [&](std::size_t i) {
        const auto left = static_cast<Wide>(packed[i]);
        const auto right = static_cast<Wide>(original[i]);
        return left != right && !(left != left && right != right);
    };
    std::size_t count = 0;
    for (std::size_t i = 0; i < packed.size(); ++i) {
        count += differ(i) ? 1 : 0;
    }
    if (count > 0 && difference.count == 0) {
        std::size_t at = 0;
        while (!differ(at)) {
            ++at;
        }
        difference.firstAt = first + static_cast<std::int64_t>(at);
        difference.found = textOf(static_cast<Wide>(packed[at]));
        difference.expected = textOf(static_cast<Wide>(original[at]));
    }
    difference.count += static_cast<std::int64_t>(count);
}

template <typename T>
std::span<const T> valuesOf(const at::Tensor& tensor)
{
    return {tensor.const_data_ptr<T>(), static_cast<std::size_t>(tensor.numel())};
}

/// True where all are equal, surely, without a copy of either.
bool areSame(const at::Tensor& packed, const at::Tensor& original)
{
    bool same = false;
    if (packed.scalar_type() == at::kInt && isPackableType(original.scalar_type())) {
        visitPackable(original, [&](auto values) {
            same = equalsIntegers(values, valuesOf<std::int32_t>(packed));
        });
    }
    return same;
}

/// A piece of a packed tensor against the same piece of an original of any type; both flat and
/// contiguous. Integers are compared in 64 bits, everything else in double, which holds every float
/// and every packed integer exactly.
void comparePiece(const at::Tensor& packed, const at::Tensor& original, std::int64_t first,
                  ValueDifference& difference)
{
    if (areSame(packed, original)) {
        return;
    }
    const auto inType = [&]<typename T>(T, c10::ScalarType type) {
        const at::Tensor left = packed.to(type);
        const at::Tensor right = original.to(type);
        compare<T>(valuesOf<T>(left), valuesOf<T>(right), first, difference);
    };
    const bool integral = c10::isIntegralType(packed.scalar_type(), true) &&
                          c10::isIntegralType(original.scalar_type(), true);
    if (integral) {
        inType(std::int64_t{}, at::kLong);
    } else {
        inType(double{}, at::kDouble);
    }
}

/// What was found of one tensor.
struct TensorComparison {
    PackedIntegerInfo info;
    bool isKnown = false; ///< is in the original
    std::vector<IntegerDifference> differences;
    std::string scale; ///< the original's, that was compared with the file's; empty: none

    void differ(const std::string& name, std::string what)
    {
        differences.push_back({name, std::move(what)});
    }
};

/// Compares the tensors of a packed file in any order, also at once.
class Comparer {
public:
    Comparer(const PackedIntegerReader& packed, const IntegerCheckpoint& original)
        : m_original(original)
    {
        std::map<std::string_view, std::size_t> exact;
        std::map<std::string_view, std::size_t> unprefixed;
        for (std::size_t i = 0; i < packed.size(); ++i) {
            exact.emplace(packed.name(i), i);
            unprefixed.emplace(withoutPrefix(packed.name(i)), i);
        }
        for (const auto* list : {&original.weights, &original.carried}) {
            for (const NamedTensor& one : *list) {
                if (const auto found = exact.find(one.first); found != exact.end()) {
                    m_originals.emplace(found->second, &one);
                } else if (const auto near = unprefixed.find(withoutPrefix(one.first));
                           near != unprefixed.end()) {
                    m_prefixed |= m_originals.emplace(near->second, &one).second;
                } else if (list == &original.weights) {
                    m_missing.push_back(one.first);
                } else {
                    m_left.push_back(one.first);
                }
            }
        }
    }

    TensorComparison compared(std::size_t i, const PackedInteger& packed) const
    {
        TensorComparison result;
        result.info = packed.info;
        const auto found = m_originals.find(i);
        result.isKnown = found != m_originals.end();
        if (!result.isKnown) {
            result.differ(packed.info.name, "is not in the original");
            return result;
        }
        const auto& [name, tensor] = *found->second;
        compareTensor(name, packed, tensor, result);
        compareScale(name, packed, result);
        return result;
    }

    /// comparisons: of all tensors, in file order.
    IntegerComparison finish(PackedIntegerReport report, std::vector<TensorComparison> comparisons)
    {
        for (TensorComparison& one : comparisons) {
            addTo(report, one.info);
            m_result.compared += one.isKnown ? 1 : 0;
            std::move(one.differences.begin(), one.differences.end(),
                      std::back_inserter(m_result.differences));
            m_scalesSeen.insert(one.scale);
        }
        for (const std::string& name : m_missing) {
            differ(name, "is missing in the packed file");
        }
        std::erase_if(m_left, [&](const std::string& name) { return m_scalesSeen.contains(name); });
        if (!m_left.empty()) {
            report.notes.push_back({PhraseId::OriginalHasMore, {listOfNames(m_left)}});
        }
        if (m_prefixed) {
            report.notes.emplace_back(PhraseId::MatchedWithoutPrefix);
        }
        m_result.packed = std::move(report);
        return std::move(m_result);
    }

private:
    void differ(const std::string& name, std::string what)
    {
        m_result.differences.push_back({name, std::move(what)});
    }

    static void compareTensor(const std::string& name, const PackedInteger& packed,
                              const at::Tensor& original, TensorComparison& result)
    {
        if (at::IntArrayRef(packed.info.shape) != original.sizes()) {
            result.differ(name, "has the shape " + textOf(at::IntArrayRef(packed.info.shape)) +
                                    ", the original has " + textOf(original.sizes()));
            return;
        }
        const std::string type = typeName(original.scalar_type());
        if (!packed.info.dtype.empty() && packed.info.dtype != type) {
            result.differ(name, "is of type " + packed.info.dtype + ", the original is of " + type);
        }
        const at::Tensor values = original.contiguous().reshape({-1});
        bool isSame = true;
        ValueDifference difference;
        packed.visit([&](std::int64_t first, const at::Tensor& piece) {
            const at::Tensor same = values.narrow(0, first, piece.numel());
            if (c10::isComplexType(original.scalar_type()) ||
                c10::isComplexType(piece.scalar_type())) {
                // No comparison by value takes complex numbers: bit for bit.
                isSame = isSame && sameBytes(bytesOfTensor(piece), bytesOfTensor(same));
            } else {
                comparePiece(piece, same, first, difference);
            }
        });
        if (!isSame) {
            result.differ(name, "has other values than the original");
        }
        if (difference.count > 0) {
            result.differ(name, indexText(difference.firstAt, original.sizes()) + " is " +
                                    difference.found + ", the original has " + difference.expected +
                                    " (" + std::to_string(difference.count) + " of " +
                                    std::to_string(original.numel()) + " values differ)");
        }
    }

    void compareScale(const std::string& name, const PackedInteger& packed,
                      TensorComparison& result) const
    {
        const auto scale = m_original.scaleOf.find(name);
        if (packed.scale.empty() || scale == m_original.scaleOf.end()) {
            return;
        }
        result.scale = scale->second;
        const auto carried =
            std::find_if(m_original.carried.begin(), m_original.carried.end(),
                         [&](const NamedTensor& one) { return one.first == scale->second; });
        const at::Tensor wanted = carried->second.to(at::kFloat).reshape({-1}).contiguous();
        const std::span values = valuesOf<float>(wanted);
        if (!std::equal(values.begin(), values.end(), packed.scale.begin(), packed.scale.end())) {
            result.differ(name, "has another scale than " + scale->second + " of the original");
        }
    }

    const IntegerCheckpoint& m_original;
    std::map<std::size_t, const NamedTensor*> m_originals; ///< by the number of the packed tensor
    std::vector<std::string> m_missing; ///< weights that are not in the packed file
    std::vector<std::string> m_left;    ///< carried beside the weights, not in the packed file
    std::set<std::string> m_scalesSeen;
    bool m_prefixed = false;
    IntegerComparison m_result;
};

} // namespace

std::optional<IntegerComparison> compareIntegers(const std::filesystem::path& path,
                                                 const PackedIntegerReader& packed,
                                                 const IntegerCheckpoint& original,
                                                 RunControl& control)
{
    return withTorchErrors([&]() -> std::optional<IntegerComparison> {
        Comparer comparer(packed, original);
        std::vector<TensorComparison> comparisons(packed.size());
        const auto count = static_cast<std::int64_t>(packed.size());
        if (!forEachTensorAtOnce(count, "comparing", control, [&](std::int64_t i) {
                const auto at = static_cast<std::size_t>(i);
                comparisons[at] = comparer.compared(at, packed.read(at));
            })) {
            return std::nullopt;
        }
        PackedIntegerReport report = reportOn(path);
        report.notes = packed.notes();
        return comparer.finish(std::move(report), std::move(comparisons));
    });
}

} // namespace bitloom::io
