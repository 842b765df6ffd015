// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The reader of PyTorch checkpoints and .npy files under arbitrary bytes: as a whole file, as the
// object of a legacy stream, and as the data.pkl of a zip archive whose checksums are right (a
// mutated archive would stop at its CRC).
#include "core/base/error.h"
#include "core/io/npy.h"
#include "core/io/state_dict.h"

#include <zip.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kLegacyHead =
    "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}."sv;

void read(std::string_view content)
{
    const auto bytes = std::as_bytes(std::span(content));
    try {
        const auto state = bitloom::io::readStateDict(bytes);
        for (const auto& [name, tensor] : state.tensors) {
            // Walks every element that the tensor claims to have.
            if (tensor.numel() > 0 && tensor.numel() <= 1 << 16) {
                static_cast<void>(tensor.contiguous());
            }
        }
    } catch (const bitloom::Error&) { // the expected answer to damage; anything else is a finding
    }
}

void addEntry(zip_t* zip, const char* name, std::string_view bytes)
{
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = zip_file_add(zip, name, source, 0);
    if (index < 0 ||
        zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) != 0) {
        std::abort();
    }
}

std::string zipAround(std::string_view pickle, std::string_view payload)
{
    zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_source_keep(buffer);
    zip_t* zip = zip_open_from_source(buffer, ZIP_TRUNCATE, nullptr);
    addEntry(zip, "a/data.pkl", pickle);
    addEntry(zip, "a/data/0", payload);
    addEntry(zip, "a/byteorder", pickle.size() % 2 == 0 ? "little" : "big");
    zip_stat_t status;
    if (zip_close(zip) != 0 || zip_source_open(buffer) != 0 ||
        zip_source_stat(buffer, &status) != 0) {
        std::abort();
    }
    std::string content(status.size, '\0');
    zip_source_read(buffer, content.data(), content.size());
    zip_source_close(buffer);
    zip_source_free(buffer);
    return content;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    read(input);
    read(std::string(kLegacyHead) + std::string(input));
    read(zipAround(input, input.substr(0, 64)));
    try {
        static_cast<void>(bitloom::io::readNpy(std::as_bytes(std::span(input))));
    } catch (const bitloom::Error&) {
    }
    return 0;
}
