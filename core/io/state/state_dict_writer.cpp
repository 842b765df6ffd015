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

void writeArchive(const std::filesystem::path& path, const StateDict& state)
{
    TorchArchiveWriter archive(TorchContainer::Zip, state.tensors);
    PickleWriter& object = archive.object();
    std::set<std::string_view> names;
    object.emptyOrderedDict();
    object.raw("(");
    for (std::size_t i = 0; i < state.tensors.size(); ++i) {
        const std::string& name = state.tensors[i].first;
        BITLOOM_REQUIRE(names.insert(name).second, ErrorCode::InvalidArgument, "the name ", name,
                        " occurs twice");
        object.text(name);
        archive.putTensor(i);
    }
    object.raw("u");
    archive.write(path);
}

} // namespace

void writeStateDict(const std::filesystem::path& path, const StateDict& state)
{
    try {
        path.extension() == kSafetensorsExtension ? writeSafetensorsState(path, state)
                                                  : writeArchive(path, state);
    } catch (const c10::Error& error) {
        fail(ErrorCode::Internal,
             "LibTorch could not prepare a tensor for writing: ", error.what_without_backtrace());
    }
}

} // namespace bitloom::io
