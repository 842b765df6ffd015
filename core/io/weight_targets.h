// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/io/packed/packed_source.h"
#include "core/types/conversion.h"
#include "core/types/pack_sheet.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// Internal to core/io: the containers that weights are converted into.
namespace bitloom::io {

class WeightTarget {
public:
    virtual ~WeightTarget() = default;

    /// Whether the codes of a tensor decide what becomes of it.
    virtual bool dependsOnCodes() const { return false; }
    /// What becomes of a tensor. tensor: of kind Int, everything, but the codes only where it
    /// depends on them; of other kinds, the header alone. Errors: Unsupported for one that the
    /// format cannot hold in any way, InvalidArgument for codes that it cannot.
    virtual ConvertedTensor foresee(const PackedTensor& tensor) const = 0;
    /// About how many bytes the container adds to those of the tensors: names, headers, what the
    /// file says of itself.
    virtual std::int64_t containerBytes(const PackedSource& source) const = 0;
    /// What belongs to the file as a whole and is left out.
    virtual std::vector<Phrase> losses(const PackedSource& source) const = 0;
    /// What is taken over from beside the input, one sentence each.
    virtual std::vector<Phrase> notes() const { return {}; }
    /// Errors: those of the writers. False when cancelled.
    virtual bool write(const PackedSource& source, const std::filesystem::path& path,
                       RunControl& control) = 0;
    /// Reads path back. rows: where not null, gets a line for each tensor as it lies there.
    /// Errors: VerifyFailed naming the first tensor that differs from what the source was to
    /// become. False when cancelled.
    virtual bool compare(const PackedSource& source, const std::filesystem::path& path,
                         RunControl& control, std::vector<PackSheetRow>* rows) = 0;
    /// Puts what lies beside the output in its place, after the output itself.
    virtual void publishCompanions() {}
};

/// Errors: InvalidArgument for a dtype that is no floating point type, and for an output beside
/// which nothing may be put.
std::unique_ptr<WeightTarget> makeWeightTarget(WeightFormat format,
                                               const ConversionRequest& request);

std::unique_ptr<WeightTarget> makePackedTarget(const ConversionRequest& request);
std::unique_ptr<WeightTarget> makeBitPackTarget(WeightFormat format);
std::unique_ptr<WeightTarget> makeCompressedTarget(const ConversionRequest& request);
std::unique_ptr<WeightTarget> makeStateTarget(WeightFormat format, const std::string& dtype);

/// "4 bits unsigned, groups of 32, zero points", "float16".
Phrase describeStorage(const PackedTensor& parameters);
/// A line about a tensor with everything but its end.
ConvertedTensor lineAbout(const PackedTensor& parameters);
/// The description of the network, plan and activations of a packed file, which containers of
/// tensors alone cannot hold.
std::vector<Phrase> lossesOfModel(const PackedSource& source);

/// An estimate of WeightTarget::containerBytes().
struct ContainerCost {
    std::int64_t file = 0; ///< once
    std::int64_t code = 0; ///< for each tensor of codes
    std::int64_t raw = 0;  ///< for each other tensor
    std::int64_t name = 1; ///< how often each name stands in the file
    /// Of the texts of PackedMeta and the activations: how often each byte counts. 0: left out.
    double meta = 0;
};
std::int64_t estimate(const PackedSource& source, const ContainerCost& cost);

/// Errors: VerifyFailed naming a tensor that was read back and is another one.
void requireSame(const std::string& name, bool isSame);

/// Calls use(header) for each tensor in turn and reports the phase. False when cancelled.
bool forEachTensor(const PackedSource& source, const char* phase, RunControl& control,
                   const std::function<void(const PackedTensorHeader&)>& use);

} // namespace bitloom::io
