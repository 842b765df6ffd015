// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/types/conversion.h"
#include "core/types/pack_sheet.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bitloom {

namespace io {
class PackedSource;
}

/// Looks at what a request says of its output, before any work is spent on it.
/// Errors: InvalidArgument where the output is the input, its ending says no format, or an option
///         is not of this format.
void requireMeaningful(const ConversionRequest& request);

/// Writes what one container of weights holds into another, tensor by tensor, reads the result back
/// and compares every tensor. The output appears when it has passed; an existing file stays until
/// then. A dry run says what would become of each tensor, or what has to be answered before
/// (ConversionReport::question), and writes nothing.
///
/// Returns: nullopt when cancelled; then nothing is left.
/// Errors:  those of io::openWeights(), an UnansweredError among them, and the writers;
/// InvalidArgument where the output is the
///          input, its ending says no format, an option is not of this format, or the format cannot
///          hold a tensor; VerifyFailed.
std::optional<ConversionReport> convertWeights(const ConversionRequest& request,
                                               RunControl& control);

/// Looks at a file before it gets its name. False when cancelled. Errors: what it finds wrong.
using WeightProof = std::function<bool(const std::filesystem::path& staged)>;

/// Writes the tensors of a source into the container that the request's `to` or the ending of its
/// output names. The output, and what lies beside it, appears when prove has looked at it; without
/// prove every tensor is read back and compared with the source. The request's input, where it is
/// not empty, is only told from the output.
/// Returns: false when cancelled; then nothing is left. Errors: as convertWeights().
bool writeWeights(const io::PackedSource& source, const ConversionRequest& request,
                  RunControl& control, const WeightProof& prove = {});
/// The same without prove; what was compared goes into the sheet: rows, sizes, the file's SHA-256.
/// The bytes come from the disk once, as the hash, which needs them in their order, is made while
/// the tensors are compared in theirs. sheet: with bytesFp32, and otherwise empty.
bool writeWeights(const io::PackedSource& source, const ConversionRequest& request,
                  RunControl& control, PackSheet& sheet);

/// What each of these formats would hold of the weights. dtype: as in ConversionRequest, for the
/// formats that have one. A format that cannot hold them says so in ConversionReport::refusal.
/// Returns: nullopt when cancelled. Cost: of the headers; BitPack's exact formats read all codes.
std::optional<std::vector<ConversionReport>> foreseeFormats(const io::PackedSource& source,
                                                            std::span<const WeightFormat> formats,
                                                            const std::string& dtype,
                                                            RunControl& control);

} // namespace bitloom
