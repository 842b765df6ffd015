// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/bitpack/bitpack_file.h"
#include "core/ops/torch_errors.h"
#include "core/pack/bit_packer.h"
#include "core/pack/bitpack_layout.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

namespace bitloom::io {

namespace {

void requireConsistent(const BitPackEntry& entry)
{
    const std::int64_t count = checkedNumel(entry.shape, "tensor " + entry.name);
    const bool isDeferred = static_cast<bool>(entry.deferred);
    BITLOOM_REQUIRE(entry.stored.defined() || isDeferred, ErrorCode::InvalidArgument, "tensor ",
                    entry.name, " is undefined");
    BITLOOM_REQUIRE(entry.bits >= BitPackEntry::kRaw && entry.bits <= kMaxBitPackBits,
                    ErrorCode::InvalidArgument, "tensor ", entry.name, ": width ", entry.bits,
                    " is not supported by BitPack, which has 1 to ", kMaxBitPackBits, " bits");
    if (!entry.isPacked()) {
        BITLOOM_REQUIRE(isDeferred || entry.stored.sizes() == at::IntArrayRef(entry.shape),
                        ErrorCode::InvalidArgument, "tensor ", entry.name, " has the shape ",
                        entry.stored.sizes(), ", its entry says ", at::IntArrayRef(entry.shape));
        return;
    }
    const auto needed = packedStreamBytes(static_cast<std::size_t>(count), entry.bits);
    BITLOOM_REQUIRE(isDeferred || (entry.stored.scalar_type() == at::kByte &&
                                   static_cast<std::size_t>(entry.storedBytes()) >= needed),
                    ErrorCode::InvalidArgument, "tensor ", entry.name, " needs ", needed,
                    " bytes at ", entry.bits, " bits, ", entry.storedBytes(), " given");
    BITLOOM_REQUIRE(entry.offset >= std::numeric_limits<std::int32_t>::min() &&
                        entry.offset <= std::numeric_limits<std::int32_t>::max(),
                    ErrorCode::InvalidArgument, "tensor ", entry.name, " has the offset ",
                    entry.offset, ", which 32 bits cannot hold");
}

at::Tensor offsetTensor(std::int64_t offset)
{
    const bool isByte = offset >= 0 && offset <= std::numeric_limits<std::uint8_t>::max();
    at::Tensor tensor = at::empty({}, isByte ? at::kByte : at::kInt);
    return tensor.fill_(offset);
}

/// Emits the dict whose entries emit() writes for each tensor.
template <typename Emit>
void emitDict(PickleWriter& object, const BitPackFile& file, Emit emit)
{
    object.raw("}(");
    for (std::size_t i = 0; i < file.entries.size(); ++i) {
        emit(i, file.entries[i]);
    }
    object.raw("u");
}

/// Storages that several entries use; they are written once.
std::set<const void*> sharedStorages(const BitPackFile& file)
{
    std::set<const void*> seen;
    std::set<const void*> shared;
    for (const BitPackEntry& entry : file.entries) {
        if (!entry.deferred && entry.stored.defined() && entry.stored.has_storage()) {
            const void* storage = entry.stored.storage().unsafeGetStorageImpl();
            if (!seen.insert(storage).second) {
                shared.insert(storage);
            }
        }
    }
    return shared;
}

/// How a tensor's bytes are given to the file: the values that it has, some at a time.
ByteSource sourceOf(const at::Tensor& tensor)
{
    return [tensor](const ByteSink& sink) {
        constexpr std::size_t kAtOnce = std::size_t{16} << 20U;
        const at::Tensor dense = tensor.contiguous();
        std::span rest(static_cast<const std::byte*>(dense.const_data_ptr()), dense.nbytes());
        while (!rest.empty()) {
            const std::size_t count = std::min(kAtOnce, rest.size());
            sink(rest.first(count));
            rest = rest.subspan(count);
        }
    };
}

/// The entries that are written one after the other, with a report after each and a look before
/// each piece whether to go on; those that share a storage, which is written once, stay as they
/// are.
BitPackFile watched(BitPackFile file, RunControl& control)
{
    const std::set<const void*> shared = sharedStorages(file);
    std::int64_t total = 0;
    const auto done = std::make_shared<std::int64_t>(0);
    for (BitPackEntry& entry : file.entries) {
        requireConsistent(entry);
        const bool isPlain = entry.stored.defined() && entry.stored.layout() == at::kStrided &&
                             entry.stored.is_cpu() && !entry.stored.is_quantized() &&
                             !entry.stored.is_conj() && !entry.stored.is_neg();
        if (!entry.deferred && isPlain && !entry.isPacked() &&
            !shared.contains(entry.stored.storage().unsafeGetStorageImpl())) {
            entry.deferredType = entry.stored.scalar_type();
            entry.deferred = sourceOf(entry.stored);
        }
        total += entry.deferred ? 1 : 0;
    }
    for (BitPackEntry& entry : file.entries) {
        if (entry.deferred) {
            entry.deferred = [bytes = std::move(entry.deferred), done, total,
                              &control](const ByteSink& sink) {
                const auto goOn = [&control] {
                    if (control.shouldStop()) {
                        throw Stopped{};
                    }
                };
                goOn();
                bytes([&](std::span<const std::byte> piece) {
                    goOn();
                    sink(piece);
                });
                control.report({"writing", ++*done, total, "tensors"});
            };
        }
    }
    return file;
}

void writeFile(const std::filesystem::path& path, const BitPackFile& file, TorchContainer container,
               BitPackOffsets offsets)
{
    std::set<std::string_view> names;
    std::vector<NamedTensor> tensors;
    for (const BitPackEntry& entry : file.entries) {
        requireConsistent(entry);
        BITLOOM_REQUIRE(names.insert(entry.name).second, ErrorCode::InvalidArgument, "the name ",
                        entry.name, " occurs twice");
        if (!entry.deferred) {
            tensors.emplace_back(entry.name, entry.stored);
        }
    }
    const std::size_t offsetsFrom = tensors.size();
    for (const BitPackEntry& entry : file.entries) {
        tensors.emplace_back(entry.name, offsetTensor(entry.isPacked() ? entry.offset : 0));
    }
    TorchArchiveWriter archive(container, tensors);
    PickleWriter& object = archive.object();
    object.raw("(");
    std::size_t held = 0;
    emitDict(object, file, [&](std::size_t, const BitPackEntry& entry) {
        object.text(entry.name);
        if (entry.deferred) {
            archive.putTensor(
                entry.isPacked()
                    ? DeferredTensor{entry.name, bitPackShape(entry.shape, entry.bits), at::kByte,
                                     entry.deferred}
                    : DeferredTensor{entry.name, entry.shape, entry.deferredType, entry.deferred});
        } else {
            archive.putTensor(held++);
        }
    });
    emitDict(object, file, [&](std::size_t, const BitPackEntry& entry) {
        object.text(entry.name);
        object.integer(entry.bits);
    });
    emitDict(object, file, [&](std::size_t, const BitPackEntry& entry) {
        object.text(entry.name);
        object.global("torch", "Size");
        object.raw("(");
        object.integers(entry.shape);
        object.raw("tR");
    });
    emitDict(object, file, [&](std::size_t i, const BitPackEntry& entry) {
        if (entry.isPacked() || offsets == BitPackOffsets::All) {
            object.text(entry.name);
            archive.putTensor(offsetsFrom + i);
        }
    });
    object.raw("t");
    archive.write(path);
}

} // namespace

void writeBitPack(const std::filesystem::path& path, const BitPackFile& file,
                  TorchContainer container, BitPackOffsets offsets)
{
    withTorchErrors([&] { writeFile(path, file, container, offsets); });
}

bool writeBitPack(const std::filesystem::path& path, const BitPackFile& file,
                  TorchContainer container, BitPackOffsets offsets, RunControl& control)
{
    return untilStopped([&] {
        withTorchErrors([&] { writeFile(path, watched(file, control), container, offsets); });
    });
}

} // namespace bitloom::io
