// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/hdf5_file.h"
#include "core/io/packed/packed_digest.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed/packed_format.h"
#include "core/io/packed/packed_names.h"

#include <algorithm>
#include <iomanip>
#include <new>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace bitloom::io {

namespace {

using hdf5::DatasetInfo;
using hdf5::ElementType;
using hdf5::Group;

/// Runs body; errors name the file, exhausted memory becomes an Error.
template <typename Body>
decltype(auto) readingFrom(const std::filesystem::path& path, Body&& body)
{
    return withContext(path.string(), [&]() -> decltype(auto) {
        try {
            return body();
        } catch (const std::bad_alloc&) {
            fail(ErrorCode::OutOfMemory, "not enough memory to read it");
        } catch (const std::length_error&) {
            fail(ErrorCode::OutOfMemory, "not enough memory to read it");
        }
    });
}

template <typename T>
std::vector<T> readVector(const Group& group, const char* name, ElementType type)
{
    const DatasetInfo info = group.datasetInfo(name);
    BITLOOM_REQUIRE(info.type == type, ErrorCode::CorruptFile, group.path(), "/", name,
                    " holds another type of numbers than the format says");
    std::vector<T> values(static_cast<std::size_t>(info.bytes) / sizeof(T));
    group.read(name, std::as_writable_bytes(std::span(values)));
    return values;
}

template <typename T>
std::vector<T> readVectorIfThere(const Group& group, const char* name, ElementType type)
{
    return group.hasChild(name) ? readVector<T>(group, name, type) : std::vector<T>();
}

/// The name that a group states; it must be the one that its link name stands for.
std::string nameOf(const Group& group, const std::string& link)
{
    std::string name = group.stringAttribute("name");
    BITLOOM_REQUIRE(linkNameOf(name) == link, ErrorCode::CorruptFile, group.path(),
                    " states the name \"", name, "\", which is another one");
    return name;
}

void readIntHeader(const Group& group, PackedTensorHeader& header)
{
    header.axis = group.integerAttribute("axis");
    const std::string encoding = group.stringAttribute("encoding");
    const auto knownEncoding = codeEncodingFrom(encoding);
    BITLOOM_REQUIRE(knownEncoding, ErrorCode::CorruptFile, header.name, " has the encoding \"",
                    encoding, "\", which the format does not know");
    header.encoding = *knownEncoding;
    const std::string unit = group.stringAttribute("unit");
    const auto knownUnit = packUnitFrom(unit);
    BITLOOM_REQUIRE(knownUnit, ErrorCode::CorruptFile, header.name, " has the unit \"", unit,
                    "\", row or tensor was expected");
    header.unit = *knownUnit;
    const bool perRow = group.hasChild("row_bits");
    BITLOOM_REQUIRE(perRow != group.hasAttribute("bits"), ErrorCode::CorruptFile, header.name,
                    perRow ? " states one width and a width per row" : " states no width");
    header.bits = PackedTensorHeader::kBitsPerRow;
    if (!perRow) {
        const std::int64_t bits = group.integerAttribute("bits");
        BITLOOM_REQUIRE(bits >= 0 && bits <= kMaxPackedBits, ErrorCode::CorruptFile, header.name,
                        " has codes of ", bits, " bits; 0 to ", kMaxPackedBits, " are possible");
        header.bits = static_cast<int>(bits);
    }
    if (group.hasAttribute("group_size")) {
        header.groupSize = group.integerAttribute("group_size");
        BITLOOM_REQUIRE(header.groupSize > 0, ErrorCode::CorruptFile, header.name,
                        " has a group size of ", header.groupSize);
    }
}

PackedTensorHeader readHeader(const Group& group, const std::string& link)
{
    PackedTensorHeader header;
    header.name = nameOf(group, link);
    const std::string kind = group.stringAttribute("kind");
    header.shape = group.integersAttribute("shape");
    checkedNumel(header.shape, header.name);
    header.dtype = group.stringAttribute("dtype");
    if (kind == toString(PackedKind::Int)) {
        header.kind = PackedKind::Int;
        readIntHeader(group, header);
    } else if (kind == toString(PackedKind::Raw)) {
        header.kind = PackedKind::Raw;
    } else {
        header.kind = PackedKind::Unknown;
        header.kindText = kind;
    }
    for (const char* dataset : kHashedDatasets) {
        if (group.hasChild(dataset)) {
            std::int64_t& sum = isPayload(dataset) ? header.payloadBytes : header.parameterBytes;
            sum += group.datasetInfo(dataset).bytes;
        }
    }
    return header;
}

PackedActivation readActivation(const Group& group, const std::string& link)
{
    PackedActivation activation;
    activation.name = nameOf(group, link);
    const std::int64_t bits = group.integerAttribute("bits");
    BITLOOM_REQUIRE(bits >= 0 && bits <= 32, ErrorCode::CorruptFile, "activation ", activation.name,
                    " has ", bits, " bits");
    activation.bits = static_cast<int>(bits);
    activation.isSigned = group.integerAttribute("signed") != 0;
    activation.perChannel = group.integerAttribute("per_channel") != 0;
    activation.scale = readVector<float>(group, "scale", ElementType::Float32);
    activation.zeroPoint = readVector<std::int32_t>(group, "zero_point", ElementType::Int32);
    const auto range = readVector<float>(group, "range", ElementType::Float32);
    BITLOOM_REQUIRE(range.size() == 2, ErrorCode::CorruptFile, "range of activation ",
                    activation.name, " has ", range.size(), " values, 2 were expected");
    activation.low = range[0];
    activation.high = range[1];
    requireConsistent(activation, ErrorCode::CorruptFile);
    return activation;
}

void readParameterVectors(const Group& group, PackedTensor& tensor)
{
    tensor.rowBits = readVectorIfThere<std::uint8_t>(group, "row_bits", ElementType::UInt8);
    tensor.scale = readVectorIfThere<float>(group, "scale", ElementType::Float32);
    tensor.zeroPoint = readVectorIfThere<std::int32_t>(group, "zero_point", ElementType::Int32);
    tensor.origin = readVectorIfThere<std::int32_t>(group, "origin", ElementType::Int32);
    tensor.gIdx = readVectorIfThere<std::int32_t>(group, "g_idx", ElementType::Int32);
}

void readRaw(const Group& group, PackedTensor& tensor)
{
    BITLOOM_REQUIRE(bytesOfDtype(tensor.dtype), ErrorCode::Unsupported, tensor.name,
                    " has the dtype \"", tensor.dtype, "\", which this program cannot decode");
    const DatasetInfo info = group.datasetInfo("data");
    BITLOOM_REQUIRE(info.shape == tensor.shape, ErrorCode::CorruptFile, tensor.name,
                    ": the shape of its data is not the shape that it states");
    tensor.data = readVector<std::byte>(group, "data", elementTypeOfDtype(tensor.dtype));
}

/// The checksums of a group as it lies in the file, whatever its kind. bytesOf(dataset) gives what
/// is already in memory, or nullopt.
template <typename BytesOf>
TensorDigest digestOf(const Group& group, const PackedTensorHeader& header, BytesOf bytesOf)
{
    TensorDigest digest(header.name, header.shape);
    for (const char* dataset : kHashedDatasets) {
        if (!group.hasChild(dataset)) {
            continue;
        }
        if (const std::optional<std::span<const std::byte>> known = bytesOf(dataset)) {
            digest.add(dataset, *known);
            continue;
        }
        std::vector<std::byte> bytes(static_cast<std::size_t>(group.datasetInfo(dataset).bytes));
        group.read(dataset, bytes);
        digest.add(dataset, bytes);
    }
    return digest;
}

std::string crcText(std::int64_t crc)
{
    std::ostringstream out;
    out << std::hex << std::setw(8) << std::setfill('0') << crc;
    return out.str();
}

/// Empty, or what is wrong.
std::string wrongCrc(const Group& group, const std::string& name, const char* attribute,
                     std::string_view part, std::uint32_t found)
{
    const std::int64_t stated = group.integerAttribute(attribute);
    return stated == found ? std::string()
                           : name + " is damaged: the CRC-32 of its " + std::string(part) + " is " +
                                 crcText(found) + ", the file states " + crcText(stated);
}

std::vector<std::string> wrongCrcs(const Group& group, const std::string& name,
                                   std::uint32_t payload, std::uint32_t parameters)
{
    std::vector<std::string> wrong{wrongCrc(group, name, "crc32", "payload", payload)};
    if (group.hasAttribute("params_crc32")) {
        wrong.push_back(wrongCrc(group, name, "params_crc32", "parameters", parameters));
    }
    std::erase(wrong, std::string());
    return wrong;
}

void requireIntact(const Group& group, const std::string& name, std::uint32_t payload,
                   std::uint32_t parameters)
{
    const std::vector<std::string> wrong = wrongCrcs(group, name, payload, parameters);
    BITLOOM_REQUIRE(wrong.empty(), ErrorCode::CorruptFile, wrong.front());
}

void requireIntact(const Group& group, const PackedTensor& tensor)
{
    std::uint32_t parameters = 0;
    const auto add = [&](const auto& values) {
        parameters = crc32(std::as_bytes(std::span(values)), parameters);
    };
    add(tensor.rowBits);
    add(tensor.scale);
    add(tensor.zeroPoint);
    add(tensor.origin);
    add(tensor.gIdx);
    const std::uint32_t payload = crc32(tensor.data, crc32(std::as_bytes(std::span(tensor.words))));
    requireIntact(group, tensor.name, payload, parameters);
}

/// The bytes of a dataset that were read into the tensor; nullopt for one that was not.
std::optional<std::span<const std::byte>> bytesRead(const PackedTensor& tensor,
                                                    std::string_view dataset)
{
    if (dataset == "data") {
        return tensor.kind == PackedKind::Raw
                   ? std::optional(std::span<const std::byte>(tensor.data))
                   : std::nullopt;
    }
    if (tensor.kind != PackedKind::Int) {
        return std::nullopt;
    }
    if (dataset == "packed") {
        return std::as_bytes(std::span(tensor.words));
    }
    if (dataset == "row_bits") {
        return std::as_bytes(std::span(tensor.rowBits));
    }
    if (dataset == "scale") {
        return std::as_bytes(std::span(tensor.scale));
    }
    if (dataset == "zero_point") {
        return std::as_bytes(std::span(tensor.zeroPoint));
    }
    if (dataset == "origin") {
        return std::as_bytes(std::span(tensor.origin));
    }
    return dataset == "g_idx" ? std::optional(std::as_bytes(std::span(tensor.gIdx))) : std::nullopt;
}

std::string versionText(int minor)
{
    return std::to_string(kPackedMajor) + "." + std::to_string(minor);
}

} // namespace

struct PackedFileReader::State {
    std::filesystem::path path;
    hdf5::File file;
    PackedMeta meta;
    int minorVersion = 0;
    std::string sha256;
    std::vector<PackedTensorHeader> tensors;
    std::vector<PackedActivation> activations;
    std::vector<Phrase> notes;

    explicit State(const std::filesystem::path& where)
        : path(where), file(hdf5::File::openForReading(where))
    {
    }

    void readRoot();
    void readMeta();
    void readLists();
    Group groupOf(const PackedTensorHeader& header) const
    {
        return file.root().openGroup("tensors").openGroup(linkNameOf(header.name));
    }
};

void PackedFileReader::State::readRoot()
{
    const Group& root = file.root();
    BITLOOM_REQUIRE(root.hasAttribute("format"), ErrorCode::UnknownFormat,
                    "this HDF5 file is not a packed checkpoint: it has no attribute format");
    const std::string format = root.stringAttribute("format");
    BITLOOM_REQUIRE(format == kPackedFormat, ErrorCode::UnknownFormat,
                    "this HDF5 file is not a packed checkpoint: its format is \"", format, "\", \"",
                    kPackedFormat, "\" was expected");
    const std::vector<std::int64_t> version = root.integersAttribute("version");
    BITLOOM_REQUIRE(version.size() == 2, ErrorCode::CorruptFile, "its version has ", version.size(),
                    " numbers, 2 were expected");
    BITLOOM_REQUIRE(version[0] == kPackedMajor, ErrorCode::Unsupported, "its format version is ",
                    version[0], ".", version[1], ", this program reads ", kPackedMajor,
                    ".x; use a newer version of Bitloom");
    minorVersion = static_cast<int>(version[1]);
    if (minorVersion > kPackedMinor) {
        notes.push_back(
            {PhraseId::NewerIsLeftOut, {versionText(minorVersion), versionText(kPackedMinor)}});
    }
}

void PackedFileReader::State::readMeta()
{
    const Group& root = file.root();
    const auto attribute = [&](const char* name) {
        return root.hasAttribute(name) ? root.stringAttribute(name) : std::string();
    };
    meta.creator = attribute("creator");
    meta.created = attribute("created");
    meta.model = attribute("model");
    sha256 = root.stringAttribute("sha256");
    if (!root.hasChild("meta")) {
        return;
    }
    const Group group = root.openGroup("meta");
    const auto text = [&](const char* name) {
        return group.hasChild(name) ? group.readString(name) : std::string("{}");
    };
    meta.config = text("config");
    meta.graph = text("graph");
    meta.provenance = text("provenance");
}

void PackedFileReader::State::readLists()
{
    const Group group = file.root().openGroup("tensors");
    for (const std::string& link : group.childNames()) {
        if (group.isGroup(link)) {
            tensors.push_back(readHeader(group.openGroup(link), link));
        }
    }
    std::sort(tensors.begin(), tensors.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    if (!file.root().hasChild("activations")) {
        return;
    }
    const Group all = file.root().openGroup("activations");
    for (const std::string& link : all.childNames()) {
        if (all.isGroup(link)) {
            activations.push_back(readActivation(all.openGroup(link), link));
        }
    }
}

PackedFileReader::PackedFileReader(const std::filesystem::path& path)
    : m_state(std::make_unique<State>(path))
{
    readingFrom(path, [&] {
        m_state->readRoot();
        m_state->readMeta();
        m_state->readLists();
    });
}

PackedFileReader::~PackedFileReader() = default;
PackedFileReader::PackedFileReader(PackedFileReader&&) noexcept = default;
PackedFileReader& PackedFileReader::operator=(PackedFileReader&&) noexcept = default;

Phrase PackedFileReader::formatName() const
{
    return {PhraseId::PackedHdf5, {versionText(m_state->minorVersion)}};
}

const PackedMeta& PackedFileReader::meta() const
{
    return m_state->meta;
}

int PackedFileReader::minorVersion() const
{
    return m_state->minorVersion;
}

std::int64_t PackedFileReader::fileBytes() const
{
    return m_state->file.bytes();
}

const std::string& PackedFileReader::sha256() const
{
    return m_state->sha256;
}

const std::vector<PackedTensorHeader>& PackedFileReader::tensors() const
{
    return m_state->tensors;
}

const std::vector<PackedActivation>& PackedFileReader::activations() const
{
    return m_state->activations;
}

const std::vector<Phrase>& PackedFileReader::notes() const
{
    return m_state->notes;
}

namespace {
/// A tensor whose checksums were not looked at yet.
PackedTensor readUnchecked(const Group& group, const PackedTensorHeader& header)
{
    PackedTensor tensor{header, {}, {}, {}, {}, {}, {}, {}};
    if (tensor.kind == PackedKind::Int) {
        readParameterVectors(group, tensor);
        requireConsistentParameters(tensor, ErrorCode::CorruptFile);
        tensor.words = readVector<std::uint32_t>(group, "packed", ElementType::UInt32);
    } else if (tensor.kind == PackedKind::Raw) {
        readRaw(group, tensor);
    }
    requireConsistent(tensor, ErrorCode::CorruptFile);
    requireUsefulScales(tensor, ErrorCode::CorruptFile);
    return tensor;
}
} // namespace

PackedTensor PackedFileReader::readTensor(std::string_view name) const
{
    return readingFrom(m_state->path, [&] {
        const PackedTensorHeader& header = require(name);
        const Group group = m_state->groupOf(header);
        PackedTensor tensor = readUnchecked(group, header);
        requireIntact(group, tensor);
        return tensor;
    });
}

PackedTensor PackedFileReader::readWithChecksums(std::string_view name,
                                                 TensorChecksums& checksums) const
{
    return readingFrom(m_state->path, [&] {
        const PackedTensorHeader& header = require(name);
        const Group group = m_state->groupOf(header);
        PackedTensor tensor = readUnchecked(group, header);
        TensorDigest digest = digestOf(
            group, header, [&](std::string_view dataset) { return bytesRead(tensor, dataset); });
        requireIntact(group, header.name, digest.payloadCrc(), digest.parameterCrc());
        checksums = {digest.payloadCrc(), digest.hexDigest()};
        return tensor;
    });
}

PackedTensor PackedFileReader::readParameters(std::string_view name) const
{
    return readingFrom(m_state->path, [&] {
        PackedTensor tensor{require(name), {}, {}, {}, {}, {}, {}, {}};
        BITLOOM_REQUIRE(tensor.kind == PackedKind::Int, ErrorCode::InvalidArgument, tensor.name,
                        " holds no integer codes: its kind is ", toString(tensor.kind));
        readParameterVectors(m_state->groupOf(tensor), tensor);
        requireConsistentParameters(tensor, ErrorCode::CorruptFile);
        return tensor;
    });
}

std::vector<std::int32_t> PackedFileReader::readRow(const PackedTensor& parameters,
                                                    std::int64_t row) const
{
    return readingFrom(m_state->path, [&] {
        const PackedTensorHeader& header = require(parameters.name);
        const RowPlace place =
            withContext(header.name, [&] { return placeOfRow(parameters.layout(), row); });
        // Before memory is taken: the file must have as many words as all rows need.
        BITLOOM_REQUIRE(parameters.layout().words() * kPackWordBytes == header.payloadBytes,
                        ErrorCode::CorruptFile, header.name, " needs ", parameters.layout().words(),
                        " packed words, there are ", header.payloadBytes / kPackWordBytes);
        std::vector<std::uint32_t> words(static_cast<std::size_t>(place.words));
        m_state->groupOf(header).read("packed", place.firstWord, place.words,
                                      std::as_writable_bytes(std::span(words)));
        return decodeRow(parameters, words, row);
    });
}

std::vector<std::string> PackedFileReader::wrongChecksums() const
{
    return readingFrom(m_state->path, [&] {
        std::vector<std::string> wrong;
        std::map<std::string, std::string> digests;
        for (const PackedTensorHeader& header : m_state->tensors) {
            try {
                const Group group = m_state->groupOf(header);
                TensorDigest digest = digestOf(group, header, [](std::string_view) {
                    return std::optional<std::span<const std::byte>>();
                });
                const std::vector<std::string> here =
                    wrongCrcs(group, header.name, digest.payloadCrc(), digest.parameterCrc());
                wrong.insert(wrong.end(), here.begin(), here.end());
                digests.emplace(header.name, digest.hexDigest());
            } catch (const Error& error) {
                // A damaged chunk is found out by HDF5 itself; the other tensors are looked at too.
                wrong.push_back(header.name + " is damaged: " + error.what());
            }
        }
        if (digests.size() == m_state->tensors.size()) {
            wrong.push_back(wrongDigest(digests));
        }
        std::erase(wrong, std::string());
        return wrong;
    });
}

std::string
PackedFileReader::wrongDigest(const std::map<std::string, std::string>& sha256ByName) const
{
    const std::string found = fileDigest(sha256ByName);
    return found == m_state->sha256 ? std::string()
                                    : "the SHA-256 over all tensors is " + found +
                                          ", the file states " + m_state->sha256;
}

} // namespace bitloom::io
