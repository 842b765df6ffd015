// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/file_kind.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/state/zip_reader.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace bitloom::io {

namespace {

using namespace std::string_view_literals;

/// The pickled magic number 0x1950a86a20f9469cfc6c that opens a legacy stream, without the
/// protocol's header.
constexpr std::string_view kLegacyMagic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv;
constexpr std::string_view kHdf5Signature = "\x89HDF\r\n\x1a\n"sv;

FileKind kindOfZip(std::span<const std::byte> content)
{
    const ZipReader zip(content);
    bool pickled = false;
    bool numpy = !zip.entries().empty();
    for (const ZipEntry& entry : zip.entries()) {
        const std::string_view name = entry.name;
        const std::string_view inRoot = name.substr(std::min(name.find('/'), name.size() - 1) + 1);
        if (inRoot == "constants.pkl" || inRoot.starts_with("code/")) {
            return FileKind::TorchScript;
        }
        if (inRoot == "archive_format") {
            return FileKind::TorchExport;
        }
        pickled = pickled || name == "data.pkl" || name.ends_with("/data.pkl");
        numpy = numpy && name.ends_with(".npy");
    }
    return pickled ? FileKind::TorchZip : numpy ? FileKind::NumpyZip : FileKind::Zip;
}

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool looksLikeSafetensors(std::string_view text)
{
    if (text.size() < 10 || text[8] != '{') {
        return false;
    }
    std::uint64_t header = 0;
    for (std::size_t i = 8; i-- > 0;) {
        header = (header << 8U) | static_cast<unsigned char>(text[i]);
    }
    if (header >= 2 && header <= text.size() - 8) {
        return true;
    }
    // A header that claims more than the file has is damage, which its reader names; in anything
    // else these bytes would be text or random.
    constexpr std::uint64_t kLongest = std::uint64_t{1} << 48U;
    return header < kLongest && (text[9] == '"' || text[9] == '}' || isSpace(text[9]));
}

/// ONNX has no magic: field 1 (ir_version) as a small varint, then a length-delimited field of
/// ModelProto.
bool looksLikeOnnx(std::string_view text)
{
    return text.size() > 4 && text[0] == '\x08' && text[1] >= 1 && text[1] <= 32 &&
           "\x12\x1a\x22\x32\x3a\x42"sv.find(text[2]) != std::string_view::npos;
}

bool isPrintable(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 ? byte != 0x7f : c == '\n' || c == '\r' || c == '\t';
}

} // namespace

Phrase describe(FileKind kind)
{
    switch (kind) {
    case FileKind::TorchZip:
        return PhraseId::TorchCheckpoint;
    case FileKind::TorchScript:
        return PhraseId::TorchScriptModule;
    case FileKind::TorchExport:
        return PhraseId::TorchExportArchive;
    case FileKind::TorchLegacy:
        return PhraseId::LegacyCheckpoint;
    case FileKind::TorchTar:
        return PhraseId::TarArchive;
    case FileKind::Pickle:
        return PhraseId::ForeignPickle;
    case FileKind::Hdf5:
        return PhraseId::Hdf5File;
    case FileKind::Safetensors:
        return PhraseId::SafetensorsFile;
    case FileKind::Onnx:
        return PhraseId::OnnxModel;
    case FileKind::Npy:
        return PhraseId::NumpyArray;
    case FileKind::NumpyZip:
        return PhraseId::NumpyArchive;
    case FileKind::Zip:
        return PhraseId::ForeignZip;
    case FileKind::Gzip:
        return PhraseId::GzipFile;
    case FileKind::Json:
        return PhraseId::JsonFile;
    case FileKind::Text:
        return PhraseId::TextFile;
    case FileKind::Unknown:
        return PhraseId::NoKnownFormat;
    }
    return PhraseId::NoKnownFormat;
}

FileKind detectFileKind(std::span<const std::byte> content)
{
    const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
    if (text.starts_with("PK\x03\x04"sv) || text.starts_with("PK\x05\x06"sv)) {
        return kindOfZip(content);
    }
    if (text.starts_with('\x80') &&
        text.substr(0, 32).find(kLegacyMagic) != std::string_view::npos) {
        return FileKind::TorchLegacy;
    }
    for (const std::size_t userBlock : {0U, 512U, 1024U, 2048U}) {
        if (text.size() > userBlock && text.substr(userBlock).starts_with(kHdf5Signature)) {
            return FileKind::Hdf5;
        }
    }
    if (text.size() > 262 && text.substr(257, 5) == "ustar") {
        return FileKind::TorchTar;
    }
    if (text.starts_with("\x93NUMPY"sv)) {
        return FileKind::Npy;
    }
    if (text.starts_with("\x1f\x8b"sv)) {
        return FileKind::Gzip;
    }
    if (looksLikeSafetensors(text)) {
        return FileKind::Safetensors;
    }
    if (text.size() > 2 && text[0] == '\x80' && text[1] >= 2 && text[1] <= 5) {
        return FileKind::Pickle;
    }
    if (looksLikeOnnx(text)) {
        return FileKind::Onnx;
    }
    const std::string_view head = text.substr(0, 256);
    if (!head.empty() && std::all_of(head.begin(), head.end(), isPrintable)) {
        const std::size_t first = head.find_first_not_of(" \t\r\n");
        return first != std::string_view::npos && head[first] == '{' ? FileKind::Json
                                                                     : FileKind::Text;
    }
    return FileKind::Unknown;
}

FileKind detectFileKind(const std::filesystem::path& path)
{
    const MappedFile file(path);
    return withContext(path.string(), [&] { return detectFileKind(file.bytes()); });
}

std::string describeContent(std::span<const std::byte> content)
{
    constexpr std::array kHex = {'0', '1', '2', '3', '4', '5', '6', '7',
                                 '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    std::string result = textOf(describe(detectFileKind(content)));
    result += " (starts with '";
    for (const std::byte byte : content.first(std::min<std::size_t>(content.size(), 16))) {
        const auto code = std::to_integer<unsigned char>(byte);
        if (code >= 0x20 && code < 0x7f) {
            result += static_cast<char>(code);
        } else {
            result += {'\\', 'x', kHex[code >> 4U], kHex[code & 15U]};
        }
    }
    return result + "')";
}

} // namespace bitloom::io
