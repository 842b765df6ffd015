// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/types/phrase.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitloom {

// Integer weights in and out of packed files, whole files at a time: BitPack's format and the
// packed HDF5 of ours. Plain data only, so that whoever asks needs no LibTorch.

/// Where integer weights come from. See io::IntegerCheckpoint.
struct IntegerInput {
    std::string file;
    std::string key;          ///< the dict that holds them; empty: HAWQ's weight_integer
    bool all = false;         ///< every tensor of the file's state dict instead
    bool forcePackFp = false; ///< integers that are kept in floating point tensors are packed too
    double tolerance = 0;     ///< how far from an integer these may be
};

/// What integers are packed into.
enum class IntegerFormat {
    BitPackSafe,        ///< io::BitPackMode::Safe, zip
    BitPackExact,       ///< io::BitPackMode::Exact, zip
    BitPackLegacy,      ///< safe, in the container that PyTorch wrote before 1.6
    BitPackExactLegacy, ///< exact in that container
    Packed, ///< our HDF5 (core/io/packed/FORMAT.md): up to 16 bits, a width per channel if asked
};

struct IntegerPackOptions {
    std::string output;
    IntegerFormat format = IntegerFormat::BitPackSafe;
    bool widthPerChannel = false; ///< format Packed only
    int compress = 0;             ///< format Packed only: level of deflate, 1 to 9; 0: none
};

/// One tensor of a packed file.
struct PackedIntegerInfo {
    static constexpr int kRaw = -1;
    static constexpr int kBitsPerRow = -2;

    std::string name;
    std::vector<std::int64_t> shape;
    std::string dtype;            ///< of its source; empty where the format does not say it
    int bits = kRaw;              ///< kRaw: stored as it is; kBitsPerRow: one width per channel
    std::int64_t offset = 0;      ///< q = u - offset; 0 where rows have their own
    std::int64_t sourceBytes = 0; ///< of the unpacked tensor in the type that it has here
    std::int64_t packedBytes = 0; ///< codes with their padding, or the values as they are
    std::int64_t paddingBits = 0; ///< of packedBytes: bits that hold no code
    std::int64_t scaleBytes = 0;  ///< scales, widths and offsets beside the codes
    std::uint32_t crc32 = 0;      ///< of packedBytes as stored (zlib)
};

/// A packed file and what lies in it. fileBytes = payloadBytes + metadataBytes.
struct PackedIntegerReport {
    std::string file;
    std::int64_t fileBytes = 0;
    std::int64_t payloadBytes = 0;  ///< packedBytes and scaleBytes of all tensors
    std::int64_t metadataBytes = 0; ///< everything else: names, shapes, container
    std::vector<PackedIntegerInfo> tensors;
    std::vector<Phrase> notes; ///< one sentence each
};

/// One thing in which a packed file differs from its original.
struct IntegerDifference {
    std::string tensor;
    std::string what; ///< "missing", "[0, 3] is 5, the original has 4 (2 values differ)"
};

struct IntegerComparison {
    PackedIntegerReport packed;
    std::string original;
    std::int64_t compared = 0;                  ///< tensors that both have
    std::vector<IntegerDifference> differences; ///< all of them, one per tensor and kind
};

struct IntegerUnpackOptions {
    std::string output; ///< a state dict (.pth); empty: nothing is written
    std::string dtype;  ///< of the integers: int8, ..., float32; empty: as the format gives them
    std::string device = "cpu";                  ///< where codes become integers: "cpu", "cuda:0"
    std::optional<std::int64_t> assumedOffset{}; ///< of packed tensors that state none
    bool ignoreCrc = false; ///< records of a zip with another CRC-32 are read, with a note
    bool salvage = false;   ///< damaged tensors of our HDF5 are left out, with a note
};

/// Packs a file's integers and reads the result back: it is equal in every value, or fails.
///
/// Nothing that belongs to the weights is lost: the safe formats hold HAWQ's scales, integer biases
/// and activation scales as raw tensors under their own names, our HDF5 holds a weight's scale with
/// the weight and the others as raw tensors. The exact formats hold what BitPack would, and a note
/// says what was left out.
/// Errors:  as io::readIntegerCheckpoint() and io::encode(); InvalidArgument for a tensor whose
///          values are no integers, and where the output is the input; VerifyFailed.
/// Returns: nullopt when cancelled; then nothing is left.
std::optional<PackedIntegerReport>
packIntegers(const IntegerInput& input, const IntegerPackOptions& options, RunControl& control);

/// Unpacks BitPack's format or our HDF5, told apart by content.
/// Errors: those of the readers; InvalidArgument where an integer does not fit the dtype.
std::optional<PackedIntegerReport>
unpackIntegers(const std::string& file, const IntegerUnpackOptions& options, RunControl& control);

/// Compares every tensor of a packed file with the original: shapes, values and, where the format
/// states it, types. Names that differ only by the prefix `module.` are the same, with a note.
/// Of what HAWQ keeps beside the weights, only what is in the packed file is compared, and a note
/// says what is not.
std::optional<IntegerComparison> verifyIntegers(const std::string& file,
                                                const IntegerUnpackOptions& options,
                                                const IntegerInput& original, RunControl& control);

/// True for a packed file of ours that holds no network, and for every file that torch.save wrote:
/// what of these is not of BitPack's form cannot be unpacked by anything else. Errors: NotFound,
/// IoFailure; those of the readers.
bool holdsPackedIntegers(const std::string& file);

/// One JSON object (docs/formats.md, "packed integers" and "integer comparison").
std::string toJson(const PackedIntegerReport& report);
std::string toJson(const IntegerComparison& comparison);

} // namespace bitloom
