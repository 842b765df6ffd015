// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/io/loaded_model.h"
#include "core/io/packed/packed_source.h"
#include "core/types/packed_detail.h"

#include <optional>
#include <string>

namespace bitloom {

/// Counts the codes of one tensor of a packed file, exactly, and holds what they stand for against
/// the float weight of that name.
///
/// against: the model it was packed from; null: codes only. bins: of the floats, 1..10,000.
/// Numerics: errors in double, over all weights; w - scale * (q - zero point) in the source's type.
/// Returns nullopt when cancelled.
/// Errors:   NotFound with the nearest names; InvalidArgument for a tensor without codes, and for
///           integers that lie more than 2^20 apart; ShapeMismatch; NonFinite; as
///           PackedSource::readTensor().
std::optional<PackedDetail> packedDetail(const io::PackedSource& file, const std::string& tensor,
                                         const LoadedModel* against, int bins, RunControl& control);

} // namespace bitloom
