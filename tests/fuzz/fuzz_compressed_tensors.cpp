// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The reader of compressed-tensors on any bytes: config.json up to the first zero byte, then the
// safetensors file. An Error or tensors, never anything else.
#include "core/io/interchange/compressed_tensors_source.h"
#include "tests/fuzz/scratch_folder.h"

#include <cstdint>
#include <filesystem>

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxDecoded = 1 << 20; ///< elements; more would only cost time

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
    static const bitloom::fuzz::ScratchFolder folder;
    std::size_t config = 0;
    while (config < size && data[config] != 0) {
        ++config;
    }
    folder.write("config.json", data, config);
    const std::size_t rest = config == size ? size : config + 1;
    folder.write("model.safetensors", data + rest, size - rest);
    for (const auto layout : {bitloom::io::WordLayout::Dense, bitloom::io::WordLayout::Padded}) {
        try {
            readEverything(folder.path, layout);
        } catch (const bitloom::Error&) {
            continue; // refused with a sentence
        }
    }
    return 0;
}
