// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zip.h>

#include <cstdlib>
#include <string>
#include <string_view>

// Containers of torch.save around a mutated pickle: a mutated file would mostly stop at its magic
// or its CRC.
namespace bitloom::fuzz {

/// A legacy stream whose object the pickle is; storages are what follows it.
inline std::string legacyAround(std::string_view pickle)
{
    using namespace std::string_view_literals;
    constexpr std::string_view kHead =
        "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}."sv;
    return std::string(kHead) + std::string(pickle);
}

inline void addEntry(zip_t* zip, const char* name, std::string_view bytes)
{
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = zip_file_add(zip, name, source, 0);
    if (index < 0 ||
        zip_set_file_compression(zip, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) != 0) {
        std::abort();
    }
}

/// A zip archive whose checksums are right, with one storage.
inline std::string zipAround(std::string_view pickle, std::string_view payload)
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

/// Calls read with the input as a whole file, as the object of a legacy stream and as the pickle of
/// an archive.
template <typename Read>
void inEachContainer(std::string_view input, const Read& read)
{
    read(input);
    read(legacyAround(input));
    read(zipAround(input, input.substr(0, 64)));
}

} // namespace bitloom::fuzz
