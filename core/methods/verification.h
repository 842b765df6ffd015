// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/io/loaded_model.h"
#include "core/types/verify_report.h"

#include <filesystem>

namespace bitloom {

/// What a second look at a packed file found; accuracies of its sheet are not filled in.
struct PackVerification : VerifyReport {
    bool finished = true; ///< false: cancelled
};

/// Re-reads packed weights in any container (io::openPackedWeights) and checks the checksums that
/// it has. If the model they were packed from is given, also that the network and every scale, zero
/// point, code and raw value equal what that model gives under the file's plan (each weight is
/// encoded a second time for this), and that both give the same logits for a fixed random image:
/// all bit for bit. grids: of that plan on the model where the caller has
/// them already; the file's activation quantizers are then compared with them too. Null: those of
/// the weights are chosen anew. Memory: a tensor per thread, at most 4, beyond the model.
/// Errors: those of the readers for a file that cannot be decoded; Unsupported for a comparison
/// with a file that states no plan.
PackVerification verifyPackedFile(const std::filesystem::path& path, const LoadedModel* against,
                                  RunControl& control, const QuantState* grids = nullptr);

} // namespace bitloom
