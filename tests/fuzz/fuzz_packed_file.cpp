// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The reader of packed checkpoints on any bytes: an Error or a result, never anything else.
#include "core/io/packed/packed_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

namespace {

constexpr std::int64_t kMaxDecoded = 1 << 20; ///< elements; more would only cost time

void readEverything(const std::string& path)
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
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const int descriptor = ::memfd_create("packed", MFD_CLOEXEC);
    if (descriptor < 0 || ::write(descriptor, data, size) != static_cast<ssize_t>(size)) {
        return 0;
    }
    try {
        readEverything("/proc/self/fd/" + std::to_string(descriptor));
    } catch (const bitloom::Error&) {
        // refused with a sentence
    }
    ::close(descriptor);
    return 0;
}
