// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_tensor.h"
#include "core/types/phrase.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

/// The quantizer of one activation tensor.
struct PackedActivation {
    std::string name;
    int bits = 8;
    bool isSigned = false;
    bool perChannel = false;
    std::vector<float> scale;
    std::vector<std::int32_t> zeroPoint; ///< like scale
    float low = 0;                       ///< observed range
    float high = 0;
    bool operator==(const PackedActivation&) const = default;
};

/// Errors: the given code (CorruptFile for a file, InvalidArgument for a caller) naming the
/// activation; NonFinite for a scale or range that is NaN or infinite.
void requireConsistent(const PackedActivation& activation, ErrorCode code);

/// Checksums over a tensor as it lies in its file.
struct TensorChecksums {
    std::uint32_t payloadCrc = 0; ///< CRC-32 of the words or the data
    /// Of everything hashed (core/io/packed/FORMAT.md), 64 hex digits; empty where the format has
    /// no hash of its tensors.
    std::string sha256;
};

/// ISO 8601 in UTC, from SOURCE_DATE_EPOCH where it is set (reproducible builds), else from the
/// clock. Errors: InvalidArgument for a SOURCE_DATE_EPOCH that is no number of seconds.
std::string creationTime();

/// What a packed file says about itself.
struct PackedMeta {
    std::string model; ///< name
    std::string creator = "bitloom";
    std::string created;           ///< ISO 8601 UTC. Empty when writing: creationTime()
    std::string config = "{}";     ///< JSON: the bit plan and how it was found
    std::string graph = "{}";      ///< JSON: description of the network
    std::string provenance = "{}"; ///< JSON: source files and hashes, versions
    bool operator==(const PackedMeta&) const = default;

    /// Weights alone have none.
    bool hasNetwork() const { return graph != "{}"; }
};

/// A file of packed weights, whatever its format: tensors as PackedTensor, one at a time.
///
/// The constructor of an implementation reads and checks headers only.
/// Errors:  of readTensor() and readParameters(): NotFound for a name that is not there;
/// CorruptFile
///          for contents that contradict themselves, Unsupported for those that PackedTensor cannot
///          hold, NonFinite for scales; each names file and tensor.
/// Threads: any number may read at once.
class PackedSource {
public:
    virtual ~PackedSource() = default;

    /// What the file is: "packed HDF5 1.0", "BitPack".
    virtual Phrase formatName() const = 0;
    /// The same as a stable name: toString(WeightFormat) of what can be written, else "gptq",
    /// "awq".
    virtual std::string_view formatId() const = 0;
    virtual const PackedMeta& meta() const = 0;
    /// All tensors in the order of the format; names are unique and valid UTF-8.
    virtual const std::vector<PackedTensorHeader>& tensors() const = 0;
    /// One tensor whole, in the layout that its header states.
    virtual PackedTensor readTensor(std::string_view name) const = 0;
    /// Everything of a tensor of kind Int but its payload. Errors: InvalidArgument for other kinds.
    virtual PackedTensor readParameters(std::string_view name) const = 0;
    /// What is known of one of tensors() without its payload: readParameters() of codes, the header
    /// alone of other kinds.
    PackedTensor withoutPayload(const PackedTensorHeader& header) const;
    /// Default: none, as in formats that hold weights alone.
    virtual const std::vector<PackedActivation>& activations() const;
    /// What the reader chose, left out or found odd, one sentence each.
    virtual const std::vector<Phrase>& notes() const = 0;

    /// readTensor() with the checksums over what was read. Default: CRC-32 alone.
    virtual PackedTensor readWithChecksums(std::string_view name, TensorChecksums& checksums) const;
    /// A sentence if the file states another SHA-256 over all its tensors than these have, by name;
    /// else empty, also where the format states none.
    virtual std::string wrongDigest(const std::map<std::string, std::string>& sha256ByName) const;

    /// Null if there is no such tensor. Cost: linear in the number of tensors.
    const PackedTensorHeader* find(std::string_view name) const;
    /// Errors: NotFound.
    const PackedTensorHeader& require(std::string_view name) const;

protected:
    PackedSource() = default;
    PackedSource(const PackedSource&) = default;
    PackedSource(PackedSource&&) noexcept = default;
    PackedSource& operator=(const PackedSource&) = default;
    PackedSource& operator=(PackedSource&&) noexcept = default;
};

} // namespace bitloom::io
