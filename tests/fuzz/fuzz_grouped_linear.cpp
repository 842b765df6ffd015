// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Weights of GPTQ and AWQ under arbitrary bytes: the first byte is the configuration, the others
// the safetensors file. Whatever is accepted must decode.
#include "core/base/error.h"
#include "core/io/interchange/awq_source.h"
#include "core/io/interchange/gptq_source.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace {

using namespace bitloom;

/// Bits 0 to 2: the width less one; 3, 4: group size; 5: zero points as they are; 6: symmetric; 7:
/// AWQ.
std::unique_ptr<io::PackedSource> open(const std::filesystem::path& path, std::uint8_t choice)
{
    io::QuantizationConfig config;
    config.file = "config.json";
    config.bits = 1 + (choice & 7);
    constexpr std::int64_t kSizes[]{-1, 8, 16, 32};
    config.groupSize = kSizes[(choice >> 3) & 3];
    config.checkpointFormat = (choice & 32) != 0 ? "gptq_v2" : "gptq";
    config.symmetric = (choice & 64) != 0;
    if ((choice & 128) != 0) {
        config.bits = 4;
        return std::make_unique<io::AwqSource>(path, config);
    }
    return std::make_unique<io::GptqSource>(path, config);
}

void readEverything(const std::string& path, std::uint8_t choice)
{
    const auto source = open(path, choice);
    for (const io::PackedTensorHeader& header : source->tensors()) {
        try {
            const io::PackedTensor tensor = source->readTensor(header.name);
            if (tensor.kind == io::PackedKind::Int) {
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
    const int descriptor = ::memfd_create("weights", MFD_CLOEXEC);
    if (size == 0 || descriptor < 0 ||
        ::write(descriptor, data + 1, size - 1) != static_cast<ssize_t>(size - 1)) {
        return 0;
    }
    try {
        readEverything("/proc/self/fd/" + std::to_string(descriptor), data[0]);
    } catch (const Error&) {
        // refused with a sentence
    }
    ::close(descriptor);
    return 0;
}
