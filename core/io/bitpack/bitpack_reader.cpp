// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/bitpack/bitpack_file.h"
#include "core/io/bitpack/bitpack_map.h"
#include "core/io/state/pickle_tensors.h"
#include "core/io/state/torch_archive.h"
#include "core/ops/tensor_bytes.h"
#include "core/ops/torch_errors.h"
#include "core/pack/bit_packer.h"
#include "core/pack/bitpack_layout.h"
#include "core/types/conversion.h"

#include <array>
#include <map>
#include <set>
#include <string_view>

namespace bitloom::io {

namespace {

constexpr std::array kParts{"packed tensors", "bit widths", "shapes", "offsets"};

std::string describe(const PickleValue& root)
{
    std::string text(kindOf(root));
    if (const auto* sequence = root.node<PickleSequence>()) {
        text += " of " + std::to_string(sequence->items.size());
    } else if (const auto* dict = root.node<PickleDict>()) {
        text += " with the keys " + listNames(namesOf(*dict));
    }
    return text;
}

using Values = std::map<std::string_view, const PickleValue*>;

/// Entries by name; a name that occurs twice would be one of two values by chance.
Values valuesByName(const PickleDict& dict, const char* part)
{
    Values values;
    for (const auto& [key, value] : dict.items) {
        const auto name = key.text();
        BITLOOM_REQUIRE(name.has_value(), ErrorCode::CorruptFile, "a name among the ", part,
                        " is no text");
        BITLOOM_REQUIRE(values.emplace(*name, &value).second, ErrorCode::CorruptFile, "the name ",
                        *name, " occurs twice among the ", part);
    }
    return values;
}

const PickleValue& valueFor(const Values& values, const std::string& name, const char* what)
{
    const auto found = values.find(name);
    BITLOOM_REQUIRE(found != values.end(), ErrorCode::CorruptFile, "tensor ", name, " has no ",
                    what, " entry");
    return *found->second;
}

int bitsFor(const Values& values, const std::string& name)
{
    const auto bits = valueFor(values, name, "bit width").integer();
    BITLOOM_REQUIRE(bits.has_value(), ErrorCode::CorruptFile, "the bit width of tensor ", name,
                    " is no integer");
    BITLOOM_REQUIRE(*bits >= BitPackEntry::kRaw && *bits <= kMaxBitPackBits, ErrorCode::CorruptFile,
                    "tensor ", name, " has the bit width ", *bits, "; BitPack has 1 to ",
                    kMaxBitPackBits, ", and -1 for what is stored as it is");
    return static_cast<int>(*bits);
}

std::vector<std::int64_t> shapeFor(const Values& values, const std::string& name)
{
    const auto* sizes = valueFor(values, name, "shape").node<PickleSequence>();
    BITLOOM_REQUIRE(sizes != nullptr, ErrorCode::CorruptFile, "the shape of tensor ", name,
                    " is no torch.Size, tuple or list");
    constexpr std::size_t kMaxDimensions = 64; // LibTorch's own limit
    BITLOOM_REQUIRE(sizes->items.size() <= kMaxDimensions, ErrorCode::CorruptFile, "tensor ", name,
                    " has ", sizes->items.size(), " dimensions; at most ", kMaxDimensions,
                    " are read");
    std::vector<std::int64_t> shape;
    for (const PickleValue& item : sizes->items) {
        const auto size = item.integer();
        BITLOOM_REQUIRE(size.has_value(), ErrorCode::CorruptFile, "a size of tensor ", name,
                        " is no integer");
        shape.push_back(*size);
    }
    checkedNumel(shape, "tensor " + name);
    return shape;
}

/// Everything of an entry but its tensors.
struct Pending {
    BitPackEntry entry;
    std::optional<std::size_t> offsetTensor; ///< index among the wanted tensors
};

std::int64_t offsetFrom(const std::string& name, const at::Tensor& tensor)
{
    BITLOOM_REQUIRE(
        tensor.numel() == 1 && c10::isIntegralType(tensor.scalar_type(), /*includeBool=*/false),
        ErrorCode::CorruptFile, "the offset of tensor ", name, " is no integer but a tensor of ",
        tensor.numel(), " elements of type ", c10::toString(tensor.scalar_type()));
    return *tensor.to(at::kLong).contiguous().const_data_ptr<std::int64_t>();
}

class BitPackReader {
public:
    BitPackReader(TorchArchive archive, const BitPackReadOptions& options)
        : m_archive(std::move(archive)), m_options(options)
    {
        if (options.ignoreCrc) {
            m_archive.ignoreChecksums();
        }
    }

    BitPackFile read()
    {
        const auto parts = bitPackParts(m_archive.root());
        BITLOOM_REQUIRE(parts.has_value(), ErrorCode::UnknownFormat,
                        "not a BitPack file: the saved object is ", describe(m_archive.root()),
                        ", a tuple of four dicts was expected");
        TensorEntries stored = tensorEntries(*(*parts)[0]);
        BITLOOM_REQUIRE(stored.ignored.empty(), ErrorCode::CorruptFile, "the packed entries ",
                        listNames(stored.ignored), " are no tensors");
        m_wanted = std::move(stored.wanted);
        const std::size_t count = m_wanted.size();
        const Values bits = valuesByName(*(*parts)[1], kParts[1]);
        const Values shapes = valuesByName(*(*parts)[2], kParts[2]);
        const Values offsets = valuesByName(*(*parts)[3], kParts[3]);
        std::vector<Pending> pending;
        for (std::size_t i = 0; i < count; ++i) {
            pending.push_back(describeEntry(m_wanted[i].name, bits, shapes, offsets));
        }
        noteStrangers(pending, {&bits, &shapes, &offsets});
        const std::vector<at::Tensor> tensors = m_archive.tensors(m_wanted);
        for (Phrase& note : m_archive.notes()) {
            m_file.notes.push_back(std::move(note));
        }
        for (std::size_t i = 0; i < count; ++i) {
            finish(pending[i], tensors[i], tensors);
        }
        return std::move(m_file);
    }

private:
    Pending describeEntry(const std::string& name, const Values& bits, const Values& shapes,
                          const Values& offsets)
    {
        Pending pending;
        pending.entry.name = name;
        pending.entry.bits = bitsFor(bits, name);
        pending.entry.shape = shapeFor(shapes, name);
        const auto found = offsets.find(name);
        if (found == offsets.end()) {
            if (pending.entry.isPacked() && !m_options.assumedOffset) {
                throw UnansweredError(
                    {InputQuestion::BitPackOffset, {PhraseId::OffsetUnsaid, {name}}});
            }
            pending.entry.offset =
                pending.entry.isPacked() ? m_options.assumedOffset.value_or(0) : 0;
        } else if (const auto* tensor = found->second->node<PickleTensor>()) {
            pending.offsetTensor = m_wanted.size();
            m_wanted.push_back({"the offset of " + name, tensor});
        } else {
            const auto number = found->second->integer();
            BITLOOM_REQUIRE(number.has_value(), ErrorCode::CorruptFile, "the offset of tensor ",
                            name, " is no integer");
            pending.entry.offset = *number;
        }
        return pending;
    }

    void noteStrangers(const std::vector<Pending>& pending, std::array<const Values*, 3> parts)
    {
        constexpr std::array kOfNone{PhraseId::BitWidthsOfNone, PhraseId::ShapesOfNone,
                                     PhraseId::OffsetsOfNone};
        std::set<std::string_view> known;
        for (const Pending& one : pending) {
            known.insert(one.entry.name);
        }
        for (std::size_t i = 0; i < parts.size(); ++i) {
            std::vector<std::string> strangers;
            for (const auto& [name, value] : *parts[i]) {
                if (!known.contains(name)) {
                    strangers.emplace_back(name);
                }
            }
            if (!strangers.empty()) {
                m_file.notes.push_back({kOfNone[i], {listOfNames(strangers)}});
            }
        }
    }

    void finish(Pending& pending, const at::Tensor& stored, const std::vector<at::Tensor>& tensors)
    {
        BitPackEntry& entry = pending.entry;
        if (pending.offsetTensor) {
            entry.offset = offsetFrom(entry.name, tensors[*pending.offsetTensor]);
        }
        entry.stored = stored;
        if (entry.isPacked()) {
            finishPacked(entry);
        } else {
            BITLOOM_REQUIRE(stored.sizes() == at::IntArrayRef(entry.shape), ErrorCode::CorruptFile,
                            "tensor ", entry.name, " is stored as it is, but its shape ",
                            stored.sizes(), " is not the stated ", at::IntArrayRef(entry.shape));
            if (entry.offset != 0) {
                m_file.notes.push_back(
                    {PhraseId::OffsetUnused, {entry.name, std::to_string(entry.offset)}});
                entry.offset = 0;
            }
        }
        m_file.entries.push_back(std::move(entry));
    }

    void finishPacked(BitPackEntry& entry)
    {
        BITLOOM_REQUIRE(entry.stored.scalar_type() == at::kByte, ErrorCode::CorruptFile,
                        "the packed bytes of tensor ", entry.name, " are of type ",
                        c10::toString(entry.stored.scalar_type()), ", uint8 was expected");
        entry.stored = entry.stored.contiguous();
        const std::int64_t count = checkedNumel(entry.shape, "tensor " + entry.name);
        const auto needed = packedStreamBytes(static_cast<std::size_t>(count), entry.bits);
        BITLOOM_REQUIRE(needed <= static_cast<std::size_t>(entry.storedBytes()),
                        ErrorCode::CorruptFile, "tensor ", entry.name, ": shape ",
                        at::IntArrayRef(entry.shape), " at ", entry.bits, " bits needs ", needed,
                        " bytes, the file has ", entry.storedBytes());
        if (const std::int64_t set = setPaddingBits(bytesOfTensor(entry.stored), count, entry.bits);
            set > 0) {
            m_file.notes.push_back(
                {PhraseId::PaddingIsSet,
                 {entry.name, std::to_string(set), std::to_string(entry.paddingBits())}});
        }
    }

    TorchArchive m_archive;
    BitPackReadOptions m_options;
    std::vector<TorchArchive::Wanted> m_wanted; ///< the tensors, then their offsets
    BitPackFile m_file;
};

} // namespace

std::optional<BitPackParts> bitPackParts(const PickleValue& root)
{
    const auto* tuple = root.node<PickleSequence>();
    BitPackParts parts{};
    if (tuple == nullptr || tuple->kind == PickleSequence::Kind::Set ||
        tuple->items.size() != parts.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i] = tuple->items[i].node<PickleDict>();
        if (parts[i] == nullptr) {
            return std::nullopt;
        }
    }
    return parts;
}

BitPackFile readBitPack(const std::filesystem::path& path, const BitPackReadOptions& options)
{
    TorchArchive archive = TorchArchive::open(path, TensorMemory::Mapped);
    return withContext(path.string(), [&] {
        return withTorchErrors([&] { return BitPackReader(std::move(archive), options).read(); });
    });
}

BitPackFile readBitPack(std::span<const std::byte> content, const BitPackReadOptions& options)
{
    return withTorchErrors(
        [&] { return BitPackReader(TorchArchive::fromBytes(content), options).read(); });
}

} // namespace bitloom::io
