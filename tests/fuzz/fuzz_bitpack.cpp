// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The reader of BitPack's files under arbitrary bytes: as a whole file, as the object of a legacy
// stream, and as the data.pkl of a zip archive whose checksums are right.
#include "core/base/error.h"
#include "core/io/bitpack/bitpack_file.h"
#include "tests/fuzz/torch_containers.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace {

constexpr std::int64_t kMaxDecoded = 1 << 16; ///< elements; more would only cost time

void read(std::string_view content)
{
    try {
        const auto file = bitloom::io::readBitPack(std::as_bytes(std::span(content)), {7});
        for (const bitloom::io::BitPackEntry& entry : file.entries) {
            std::int64_t elements = 1;
            for (const std::int64_t size : entry.shape) {
                elements = size > kMaxDecoded ? 0 : std::min(elements * size, kMaxDecoded + 1);
            }
            if (elements > 0 && elements <= kMaxDecoded) {
                static_cast<void>(bitloom::io::decode(entry).contiguous());
            }
        }
    } catch (const bitloom::Error&) { // the expected answer to damage; anything else is a finding
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    bitloom::fuzz::inEachContainer(input, [](std::string_view content) { read(content); });
    return 0;
}
