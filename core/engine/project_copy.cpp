// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/project_copy.h"

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/engine/portable_path.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace bitloom::engine {

namespace fs = std::filesystem;

namespace {
constexpr std::array<std::string_view, 6> kOwn{".lock",        "journal.json", "session.json",
                                               "project.json", "source.json",  "plans"};

/// A file that a job replaces meanwhile is copied again.
constexpr int kTries = 5;

/// The copy appears whole or not at all.
void copyFile(const fs::path& from, const fs::path& to)
{
    std::error_code failure;
    fs::create_directories(to.parent_path(), failure);
    fs::path unfinished = to;
    unfinished += ".copying";
    bool equal = false;
    for (int i = 0; i < kTries && !equal; ++i) {
        if (!failure) {
            fs::copy_file(from, unfinished, fs::copy_options::overwrite_existing, failure);
        }
        BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot copy ", from.string(), " to ",
                        to.string(), ": ", failure.message());
        equal = sha256HexOfFile(from) == sha256HexOfFile(unfinished);
    }
    if (equal) {
        fs::rename(unfinished, to, failure);
    } else {
        fs::remove(unfinished, failure);
    }
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot write ", to.string(), ": ",
                    failure.message());
    BITLOOM_REQUIRE(equal, ErrorCode::CorruptFile, "the copy ", to.string(), " is not equal to ",
                    from.string(), ": is the disk full or damaged?");
}
} // namespace

void copyResults(const Project& from, const Project& to)
{
    to.requireWritable();
    for (const fs::directory_entry& top : fs::directory_iterator(from.folder())) {
        const std::string name = top.path().filename().string();
        if (std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end()) {
            continue;
        }
        if (top.is_regular_file()) {
            copyFile(top.path(), to.folder() / name);
            continue;
        }
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top.path())) {
            if (entry.is_regular_file()) {
                copyFile(entry.path(),
                         to.folder() / entry.path().lexically_relative(from.folder()));
            }
        }
    }
}

ModelRef movedReference(const ModelRef& model, const Project& from, const Project& to)
{
    ModelRef moved = model;
    moved.spec = localSpec(portableSpec(model.spec, from.folder()), to.folder());
    return moved;
}

DataRef movedReference(const DataRef& data, const Project& from, const Project& to)
{
    DataRef moved = data;
    moved.spec = localSpec(portableSpec(data.spec, from.folder()), to.folder());
    return moved;
}

} // namespace bitloom::engine
