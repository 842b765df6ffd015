// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The reader of compressed-tensors on any bytes: config.json up to the first zero byte, then the
// safetensors file. An Error or tensors, never anything else.
#include "core/io/interchange/compressed_tensors_source.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxDecoded = 1 << 20; ///< elements; more would only cost time

/// One folder per process; it goes away with it.
struct Folder {
    fs::path path;

    Folder()
    {
        std::string name = (fs::temp_directory_path() / "fuzz_compressed_tensors.XXXXXX").string();
        path = ::mkdtemp(name.data()) == nullptr ? fs::path() : fs::path(name);
    }
    ~Folder()
    {
        std::error_code ignored; // nothing can be done about a folder that stays
        fs::remove_all(path, ignored);
    }
};

void write(const fs::path& file, const std::uint8_t* data, std::size_t size)
{
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
}

void readEverything(const fs::path& folder, bitloom::io::WordLayout layout)
{
    using namespace bitloom;
    const io::CompressedTensorsSource source(folder, layout);
    for (const io::PackedTensorHeader& header : source.tensors()) {
        try {
            const io::PackedTensor tensor = source.readTensor(header.name);
            if (tensor.kind == io::PackedKind::Int &&
                tensor.matrix().rows * tensor.matrix().cols <= kMaxDecoded) {
                static_cast<void>(io::dequantize(tensor));
            }
        } catch (const Error&) {
            continue; // the other tensors must stay readable
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Folder folder;
    std::size_t config = 0;
    while (config < size && data[config] != 0) {
        ++config;
    }
    write(folder.path / "config.json", data, config);
    const std::size_t rest = config == size ? size : config + 1;
    write(folder.path / "model.safetensors", data + rest, size - rest);
    for (const auto layout : {bitloom::io::WordLayout::Dense, bitloom::io::WordLayout::Padded}) {
        try {
            readEverything(folder.path, layout);
        } catch (const bitloom::Error&) {
            continue; // refused with a sentence
        }
    }
    return 0;
}
