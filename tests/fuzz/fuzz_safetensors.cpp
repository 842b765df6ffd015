// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The header of safetensors files under arbitrary bytes: as a whole file, and as the header of a
// file whose length is right. What is accepted must be the only reading of the bytes.
#include "core/base/error.h"
#include "core/io/safetensors/safetensors_header.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

namespace {

void read(std::string_view content)
{
    using namespace bitloom;
    try {
        const io::SafetensorsHeader header =
            io::parseSafetensorsHeader(std::as_bytes(std::span(content)));
        std::uint64_t position = 0;
        for (const io::SafetensorsEntry& entry : header.entries) {
            if (entry.begin != position || entry.end < position) {
                std::abort(); // holes and overlap must have been refused
            }
            position = entry.end;
        }
        // The same header as this program writes it says the same.
        std::string again = io::makeSafetensorsHeader(header.entries, header.metadata);
        const std::size_t dataBytes = content.size() - header.dataStart;
        again.append(dataBytes, '\0');
        const io::SafetensorsHeader second =
            io::parseSafetensorsHeader(std::as_bytes(std::span(again)));
        if (second.entries.size() != header.entries.size() || second.metadata != header.metadata) {
            std::abort();
        }
    } catch (const Error&) { // the expected answer to damage; anything else is a finding
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read(input);
    std::string header("\0\0\0\0\0\0\0\0", 8);
    for (unsigned i = 0; i < 8; ++i) {
        header[i] = static_cast<char>((size >> (8 * i)) & 0xFFU);
    }
    read(header + std::string(input));
    return 0;
}
