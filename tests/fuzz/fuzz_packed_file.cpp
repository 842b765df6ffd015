// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The reader of packed checkpoints on any bytes: an Error or a result, never anything else. What is
// said to lie in the file must lie in it. The corpus is made by make_packed_corpus.py.
#include "core/io/packed/packed_file.h"
#include "core/io/packed/packed_file_map.h"
#include "tests/fuzz/scratch_folder.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>

namespace {

constexpr std::int64_t kMaxDecoded = 1 << 20; ///< elements; more would only cost time

void readEverything(const std::filesystem::path& path)
{
    using namespace bitloom;
    const io::PackedFileReader reader(path);
    for (const io::PackedTensorHeader& header : reader.tensors()) {
        try {
            const io::PackedTensor tensor = reader.readTensor(header.name);
            if (tensor.kind == io::PackedKind::Int &&
                tensor.matrix().rows * tensor.matrix().cols <= kMaxDecoded) {
                static_cast<void>(io::dequantize(tensor));
                static_cast<void>(reader.readRow(reader.readParameters(header.name), 0));
            }
        } catch (const Error&) {
            continue; // the other tensors must stay readable
        }
    }
    static_cast<void>(reader.wrongChecksums());
    for (const FileRegion& region : io::packedFileRegions(path, reader)) {
        if (region.offset < 0 || region.bytes < 0 || region.offset > reader.fileBytes() ||
            region.bytes > reader.fileBytes() - region.offset) {
            std::abort();
        }
    }
}

/// A file of our own: if that cannot be read, neither can any other here, and nothing is tested.
void requireThatFilesAreRead(const std::filesystem::path& path)
{
    using namespace bitloom;
    io::PackedTensor tensor;
    tensor.name = "w";
    tensor.kind = io::PackedKind::Raw;
    tensor.shape = {1};
    tensor.dtype = "int8";
    tensor.data = {std::byte{1}};
    io::PackedFileWriter writer(path, {});
    writer.add(tensor);
    writer.finish();
    if (io::PackedFileReader(path).readTensor("w").data != tensor.data) {
        std::abort();
    }
}

} // namespace

/// HDF5 1.10 forgets some bytes when it finds damage; what we forget is still found.
extern "C" const char* __lsan_default_suppressions() // NOLINT(bugprone-reserved-identifier)
{
    return "leak:libhdf5\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bitloom::fuzz::ScratchFolder folder;
    [[maybe_unused]] static const bool isReady =
        (requireThatFilesAreRead(folder.path / "own.h5"), true);
    // HDF5 wants to know the true name of a file, which one that lies in memory alone has not.
    const std::filesystem::path path = folder.write("packed.h5", data, size);
    try {
        readEverything(path);
    } catch (const bitloom::Error&) {
        // refused with a sentence
    }
    return 0;
}
