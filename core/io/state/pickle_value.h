// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bitloom::io {

struct PickleGlobal;
struct PickleText;
struct PickleBytes;
struct PickleSequence;
struct PickleDict;
struct PickleStorage;
struct PickleTensor;
struct PickleQuantized;
struct PickleOpaque;

/// One value of an unpickled tree: a number, or a pointer to a node that its PickleTree owns.
///
/// Nodes may be shared and may even contain themselves (Python allows it), so walkers must bound
/// their depth.
struct PickleValue {
    std::variant<std::monostate, bool, std::int64_t, double, const PickleGlobal*, PickleText*,
                 PickleBytes*, PickleSequence*, PickleDict*, PickleStorage*, PickleTensor*,
                 PickleQuantized*, PickleOpaque*>
        data;

    bool isNone() const { return std::holds_alternative<std::monostate>(data); }
    /// A node of the given type, or nullptr.
    template <typename Node>
    const Node* node() const
    {
        if constexpr (std::is_same_v<Node, PickleGlobal>) {
            const auto* found = std::get_if<const PickleGlobal*>(&data);
            return found == nullptr ? nullptr : *found;
        } else {
            const auto* found = std::get_if<Node*>(&data);
            return found == nullptr ? nullptr : *found;
        }
    }
    std::optional<std::int64_t> integer() const;
    /// The characters of a text value; nullopt for everything else.
    std::optional<std::string_view> text() const;
};

/// A Python str; valid UTF-8. Points into the pickle's bytes.
struct PickleText {
    std::string_view text;
};

/// Python bytes, or the two's complement little-endian digits of an integer beyond 64 bits.
struct PickleBytes {
    std::string_view bytes;
    bool isInteger = false;
};

struct PickleSequence {
    enum class Kind { Tuple, List, Set };
    Kind kind = Kind::Tuple;
    std::vector<PickleValue> items;
};

/// dict, OrderedDict and their kin: entries in file order, repeated keys kept.
struct PickleDict {
    std::vector<std::pair<PickleValue, PickleValue>> items;
};

/// A storage that a tensor lies in; its elements are elsewhere in the file.
struct PickleStorage {
    std::string_view key;
    c10::ScalarType type = c10::ScalarType::Byte; ///< Byte for an untyped storage
    std::int64_t numel = 0;                       ///< elements that the pickle promises, >= 0
    std::int64_t viewOffset = 0;                  ///< elements; legacy streams only
    std::optional<std::int64_t> viewNumel;        ///< elements; legacy streams only
};

/// A strided tensor as the pickle describes it. Nothing of it is checked against the storage yet.
struct PickleTensor {
    const PickleStorage* storage = nullptr;
    c10::ScalarType type = c10::ScalarType::Float;
    std::int64_t offset = 0;           ///< elements
    std::vector<std::int64_t> sizes;   ///< elements
    std::vector<std::int64_t> strides; ///< elements
    bool isConjugated = false;         ///< the values are the conjugates of what is stored
    bool isNegated = false;            ///< the values are what is stored with the other sign
};

/// A tensor that PyTorch quantized: codes that stand for scale * (code - zero point).
struct PickleQuantized {
    const PickleTensor* codes = nullptr; ///< int8, uint8 or int32
    double scale = 1;                    ///< of all codes, where there is no axis
    std::int64_t zeroPoint = 0;
    std::optional<std::int64_t> axis = {};    ///< of channels with a grid each
    const PickleTensor* scales = nullptr;     ///< one per channel, with an axis only
    const PickleTensor* zeroPoints = nullptr; ///< like scales
};

/// Something harmless that Bitloom has no use for; what it is, for messages.
struct PickleOpaque {
    enum class Kind { Other, NumpyDtype, SparseTensor };
    Kind kind = Kind::Other;
    std::string_view what; ///< "a device", "a numpy array"; for NumpyDtype its code such as "f8"
    bool bigEndian = false;
};

/// The nodes of one unpickled object, and the budget that keeps them proportional to the pickle's
/// bytes.
///
/// Text nodes point into the bytes given to readPickle(), which must outlive the tree.
/// Errors: UnsafeFile when the budget is exceeded.
/// Threads: read-only after readPickle(), then from any thread.
class PickleTree {
public:
    explicit PickleTree(std::size_t sourceBytes);
    PickleTree(PickleTree&&) noexcept = default;
    PickleTree& operator=(PickleTree&&) noexcept = default;

    const PickleValue& root() const { return m_root; }
    void setRoot(PickleValue value) { m_root = value; }
    /// Every storage that the pickle names, in order of appearance; may name a key more than once.
    const std::deque<PickleStorage>& storages() const { return m_storages; }

    PickleValue addText(std::string_view text);
    PickleValue addBytes(std::string_view bytes, bool isInteger = false);
    /// For bytes that the pickle holds in an encoded form; the tree owns them.
    PickleValue addOwnedBytes(std::string bytes);
    PickleValue addSequence(PickleSequence::Kind kind, std::vector<PickleValue> items);
    PickleValue addDict();
    PickleValue addStorage(PickleStorage storage);
    PickleValue addTensor(PickleTensor tensor);
    PickleValue addQuantized(PickleQuantized tensor);
    PickleValue addOpaque(PickleOpaque opaque);
    /// Counts values that are copied rather than moved, so that repeated copies of one big list are
    /// stopped.
    void chargeCopies(std::size_t values);

private:
    void chargeNode();

    std::size_t m_nodesLeft;
    std::size_t m_copiesLeft;
    std::deque<PickleText> m_texts;
    std::deque<PickleBytes> m_bytes;
    std::deque<std::string> m_ownedBytes;
    std::deque<PickleSequence> m_sequences;
    std::deque<PickleDict> m_dicts;
    std::deque<PickleStorage> m_storages;
    std::deque<PickleTensor> m_tensors;
    std::deque<PickleQuantized> m_quantized;
    std::deque<PickleOpaque> m_opaques;
    PickleValue m_root;
};

} // namespace bitloom::io
