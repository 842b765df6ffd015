// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/state_dict.h"

#include "core/base/error.h"
#include "core/io/state/safetensors_state.h"
#include "core/io/state/torch_archive_writer.h"

#include <c10/util/Exception.h>

#include <set>
#include <string_view>

namespace bitloom::io {

namespace {

constexpr std::string_view kSafetensorsExtension = ".safetensors";

/// What LibTorch cannot do with a tensor is an error of ours.
template <typename Write>
void withTensorErrors(Write write)
{
    try {
        write();
    } catch (const c10::Error& error) {
        fail(ErrorCode::Internal,
             "LibTorch could not prepare a tensor for writing: ", error.what_without_backtrace());
    }
}

/// held: tensors that there are already; nameOf(i), put(archive, i): of each tensor in turn.
template <typename NameOf, typename Put>
void writeArchive(const std::filesystem::path& path, std::span<const NamedTensor> held,
                  std::size_t count, NameOf nameOf, Put put)
{
    TorchArchiveWriter archive(TorchContainer::Zip, held);
    PickleWriter& object = archive.object();
    std::set<std::string_view> names;
    object.emptyOrderedDict();
    object.raw("(");
    for (std::size_t i = 0; i < count; ++i) {
        const std::string& name = nameOf(i);
        BITLOOM_REQUIRE(names.insert(name).second, ErrorCode::InvalidArgument, "the name ", name,
                        " occurs twice");
        object.text(name);
        put(archive, i);
    }
    object.raw("u");
    archive.write(path);
}

} // namespace

void writeStateDict(const std::filesystem::path& path, const StateDict& state)
{
    withTensorErrors([&] {
        if (path.extension() == kSafetensorsExtension) {
            return writeSafetensorsState(path, state);
        }
        writeArchive(
            path, state.tensors, state.tensors.size(),
            [&](std::size_t i) -> const std::string& { return state.tensors[i].first; },
            [](TorchArchiveWriter& archive, std::size_t i) { archive.putTensor(i); });
    });
}

void writeStateDict(const std::filesystem::path& path, std::span<const DeferredTensor> tensors)
{
    withTensorErrors([&] {
        if (path.extension() == kSafetensorsExtension) {
            return writeSafetensorsState(path, tensors);
        }
        writeArchive(
            path, {}, tensors.size(),
            [&](std::size_t i) -> const std::string& { return tensors[i].name; },
            [&](TorchArchiveWriter& archive, std::size_t i) { archive.putTensor(tensors[i]); });
    });
}

} // namespace bitloom::io
