// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/pickle_value.h"

#include "core/base/error.h"

namespace bitloom::io {

namespace {
// A real checkpoint spends about 70 bytes and 9 nodes on a tensor; small pickles get room to start.
constexpr std::size_t kFreeNodes = 1000;
constexpr std::size_t kBytesPerNode = 4;
} // namespace

std::optional<std::int64_t> PickleValue::integer() const
{
    const auto* found = std::get_if<std::int64_t>(&data);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::optional<std::string_view> PickleValue::text() const
{
    const auto* found = node<PickleText>();
    return found == nullptr ? std::nullopt : std::optional(found->text);
}

PickleTree::PickleTree(std::size_t sourceBytes)
    : m_nodesLeft(kFreeNodes + sourceBytes / kBytesPerNode), m_copiesLeft(kFreeNodes + sourceBytes)
{
}

void PickleTree::chargeNode()
{
    BITLOOM_REQUIRE(
        m_nodesLeft > 0, ErrorCode::UnsafeFile,
        "damaged or hostile pickle: it holds more objects than a file of its size should");
    --m_nodesLeft;
}

void PickleTree::chargeCopies(std::size_t values)
{
    BITLOOM_REQUIRE(m_copiesLeft >= values, ErrorCode::UnsafeFile,
                    "damaged or hostile pickle: it copies its own objects over and over");
    m_copiesLeft -= values;
}

PickleValue PickleTree::addText(std::string_view text)
{
    chargeNode();
    return {&m_texts.emplace_back(PickleText{text})};
}

PickleValue PickleTree::addBytes(std::string_view bytes, bool isInteger)
{
    chargeNode();
    return {&m_bytes.emplace_back(PickleBytes{bytes, isInteger})};
}

PickleValue PickleTree::addOwnedBytes(std::string bytes)
{
    return addBytes(m_ownedBytes.emplace_back(std::move(bytes)));
}

PickleValue PickleTree::addSequence(PickleSequence::Kind kind, std::vector<PickleValue> items)
{
    chargeNode();
    return {&m_sequences.emplace_back(PickleSequence{kind, std::move(items)})};
}

PickleValue PickleTree::addDict()
{
    chargeNode();
    return {&m_dicts.emplace_back()};
}

PickleValue PickleTree::addStorage(PickleStorage storage)
{
    chargeNode();
    return {&m_storages.emplace_back(storage)};
}

PickleValue PickleTree::addTensor(PickleTensor tensor)
{
    chargeNode();
    return {&m_tensors.emplace_back(std::move(tensor))};
}

PickleValue PickleTree::addQuantized(PickleQuantized tensor)
{
    chargeNode();
    return {&m_quantized.emplace_back(tensor)};
}

PickleValue PickleTree::addOpaque(PickleOpaque opaque)
{
    chargeNode();
    return {&m_opaques.emplace_back(opaque)};
}

} // namespace bitloom::io
