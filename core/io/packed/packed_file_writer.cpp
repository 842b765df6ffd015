// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/io/packed/hdf5_file.h"
#include "core/io/packed/packed_digest.h"
#include "core/io/packed/packed_file.h"
#include "core/io/packed/packed_format.h"
#include "core/io/packed/packed_names.h"

#include <nlohmann/json.hpp>

#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace bitloom::io {

namespace {

using hdf5::ElementType;
using hdf5::Group;

template <typename T>
std::span<const std::byte> bytesOf(const std::vector<T>& values)
{
    return std::as_bytes(std::span(values));
}

void requireJson(const std::string& text, std::string_view what)
{
    BITLOOM_REQUIRE(nlohmann::json::accept(text), ErrorCode::InvalidArgument, "meta/", what,
                    " is not valid JSON");
}

/// Writes a tensor's datasets and adds them to its checksums, in the order in which they are
/// hashed.
class TensorWriter {
public:
    TensorWriter(Group& group, TensorDigest& digest) : m_group(group), m_digest(digest) {}

    template <typename T>
    void write(const char* dataset, ElementType type, const std::vector<T>& values,
               std::span<const std::int64_t> shape, const hdf5::Storage& storage = {})
    {
        m_group.write(dataset, type, shape, bytesOf(values), storage);
        m_digest.add(dataset, bytesOf(values));
    }

    template <typename T>
    void writeUnlessEmpty(const char* dataset, ElementType type, const std::vector<T>& values,
                          std::int64_t groups = 1)
    {
        if (values.empty()) {
            return;
        }
        const auto count = static_cast<std::int64_t>(values.size());
        if (groups > 1) {
            write(dataset, type, values, std::array{count / groups, groups});
        } else {
            write(dataset, type, values, std::array{count});
        }
    }

private:
    Group& m_group;
    TensorDigest& m_digest;
};

/// Chunks of whole rows where all rows have as many words.
hdf5::Storage wordStorage(const PackedTensor& tensor, int compress)
{
    const bool evenRows = tensor.unit == PackUnit::Row && tensor.rowBits.empty();
    return {compress, evenRows ? wordsPerRow(tensor.matrix().cols, tensor.bits) : 1};
}

void writeInt(Group& group, const PackedTensor& tensor, TensorDigest& digest, int compress)
{
    group.setAttribute("axis", ElementType::Int64, tensor.axis);
    group.setAttribute("encoding", toString(tensor.encoding));
    group.setAttribute("unit", toString(tensor.unit));
    if (tensor.bits != PackedTensorHeader::kBitsPerRow) {
        group.setAttribute("bits", ElementType::UInt8, tensor.bits);
    }
    if (tensor.groupSize != 0) {
        group.setAttribute("group_size", ElementType::Int64, tensor.groupSize);
    }
    const MatrixView view = tensor.matrix();
    const auto groups = tensor.groupSize == 0 || view.rows == 0
                            ? 1
                            : static_cast<std::int64_t>(tensor.scale.size()) / view.rows;
    TensorWriter writer(group, digest);
    writer.write("packed", ElementType::UInt32, tensor.words,
                 std::array{static_cast<std::int64_t>(tensor.words.size())},
                 wordStorage(tensor, compress));
    if (tensor.bits == PackedTensorHeader::kBitsPerRow) {
        writer.write("row_bits", ElementType::UInt8, tensor.rowBits, std::array{view.rows});
    }
    writer.writeUnlessEmpty("scale", ElementType::Float32, tensor.scale, groups);
    writer.writeUnlessEmpty("zero_point", ElementType::Int32, tensor.zeroPoint, groups);
    writer.writeUnlessEmpty("origin", ElementType::Int32, tensor.origin);
    writer.writeUnlessEmpty("g_idx", ElementType::Int32, tensor.gIdx);
}

} // namespace

struct PackedFileWriter::State {
    std::filesystem::path path;
    PackedMeta meta;
    PackedWriteOptions options;
    AtomicFile target;
    hdf5::File file; // closed before the temporary file is removed
    Group tensors;
    Group activations;
    std::map<std::string, std::string> digestByName;
    std::set<std::string> activationNames;

    State(std::filesystem::path where, PackedMeta what, const PackedWriteOptions& how)
        : path(std::move(where)), meta(std::move(what)), options(how), target(path),
          file(hdf5::File::create(target.temporaryPath())),
          tensors(file.root().createGroup("tensors")),
          activations(file.root().createGroup("activations"))
    {
    }
};

PackedFileWriter::PackedFileWriter(std::filesystem::path path, PackedMeta meta,
                                   const PackedWriteOptions& options)
{
    requireJson(meta.config, "config");
    requireJson(meta.graph, "graph");
    requireJson(meta.provenance, "provenance");
    if (meta.created.empty()) {
        meta.created = creationTime();
    }
    m_state = std::make_unique<State>(std::move(path), std::move(meta), options);
}

PackedFileWriter::~PackedFileWriter() = default;
PackedFileWriter::PackedFileWriter(PackedFileWriter&&) noexcept = default;
PackedFileWriter& PackedFileWriter::operator=(PackedFileWriter&&) noexcept = default;

void PackedFileWriter::add(const PackedTensor& tensor)
{
    requireConsistent(tensor, ErrorCode::InvalidArgument);
    const std::string link = linkNameOf(tensor.name);
    BITLOOM_REQUIRE(!m_state->digestByName.contains(tensor.name), ErrorCode::InvalidArgument,
                    "two tensors are named ", tensor.name);
    withContext(m_state->path.string(), [&] {
        TensorDigest digest(tensor.name, tensor.shape);
        Group group = m_state->tensors.createGroup(link);
        group.setAttribute("name", tensor.name);
        group.setAttribute("kind", toString(tensor.kind));
        group.setAttribute("shape", ElementType::Int64, std::span(tensor.shape));
        group.setAttribute("dtype", tensor.dtype);
        if (tensor.kind == PackedKind::Int) {
            writeInt(group, tensor, digest, m_state->options.compress);
        } else {
            TensorWriter(group, digest)
                .write("data", elementTypeOfDtype(tensor.dtype), tensor.data, tensor.shape,
                       {m_state->options.compress});
        }
        group.setAttribute("crc32", ElementType::UInt32, digest.payloadCrc());
        group.setAttribute("params_crc32", ElementType::UInt32, digest.parameterCrc());
        m_state->digestByName.emplace(tensor.name, digest.hexDigest());
        m_state->target.flushAhead();
    });
}

void PackedFileWriter::add(const PackedActivation& activation)
{
    const std::string link = linkNameOf(activation.name);
    BITLOOM_REQUIRE(m_state->activationNames.insert(activation.name).second,
                    ErrorCode::InvalidArgument, "two activations are named ", activation.name);
    requireConsistent(activation, ErrorCode::InvalidArgument);
    withContext(m_state->path.string(), [&] {
        Group group = m_state->activations.createGroup(link);
        group.setAttribute("name", activation.name);
        group.setAttribute("bits", ElementType::UInt8, activation.bits);
        group.setAttribute("signed", ElementType::UInt8, activation.isSigned ? 1 : 0);
        group.setAttribute("per_channel", ElementType::UInt8, activation.perChannel ? 1 : 0);
        const std::array count{static_cast<std::int64_t>(activation.scale.size())};
        group.write("scale", ElementType::Float32, count, bytesOf(activation.scale));
        group.write("zero_point", ElementType::Int32, count, bytesOf(activation.zeroPoint));
        const std::array range{activation.low, activation.high};
        group.write("range", ElementType::Float32, std::array{std::int64_t{2}},
                    std::as_bytes(std::span(range)));
    });
}

void PackedFileWriter::finish()
{
    withContext(m_state->path.string(), [&] {
        Group& root = m_state->file.root();
        const PackedMeta& meta = m_state->meta;
        root.setAttribute("format", kPackedFormat);
        root.setAttribute("version", ElementType::UInt16,
                          std::array<std::int64_t, 2>{kPackedMajor, kPackedMinor});
        root.setAttribute("creator", meta.creator);
        root.setAttribute("created", meta.created);
        root.setAttribute("model", meta.model);
        root.setAttribute("sha256", fileDigest(m_state->digestByName));
        Group group = root.createGroup("meta");
        group.writeString("config", meta.config);
        group.writeString("graph", meta.graph);
        group.writeString("provenance", meta.provenance);
        m_state->tensors = Group(hdf5::Handle(), "", 0);
        m_state->activations = Group(hdf5::Handle(), "", 0);
        group = Group(hdf5::Handle(), "", 0);
        m_state->file.close();
    });
    m_state->target.commit();
}

} // namespace bitloom::io
