// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/conversion.h"
#include "core/types/file_map.h"
#include "core/types/file_report.h"
#include "core/types/histogram.h"
#include "core/types/layer_detail.h"
#include "core/types/model_report.h"
#include "core/types/pack_sheet.h"
#include "core/types/packed_detail.h"
#include "core/types/results.h"
#include "core/types/search_result.h"
#include "core/types/sensitivity_table.h"
#include "core/types/thumbnail.h"
#include "core/types/verify_report.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace bitloom::workbench {

/// A result whose kind has no type of its own here: the JSON object itself.
struct JsonResult {
    std::string text;
};

/// What a job found, as plain immutable data; monostate: nothing (cancelled without a best-so-far).
using JobResult =
    std::variant<std::monostate, std::shared_ptr<const ModelReport>,
                 std::shared_ptr<const EvalResult>, std::shared_ptr<const SensitivityTable>,
                 std::shared_ptr<const PackSheet>, std::shared_ptr<const LayerDetail>,
                 std::shared_ptr<const FileReport>, std::shared_ptr<const FileMap>,
                 std::shared_ptr<const PackedDetail>, std::shared_ptr<const VerifyReport>,
                 std::shared_ptr<const ConversionReport>,
                 std::shared_ptr<const std::vector<ConversionReport>>,
                 std::shared_ptr<const std::vector<Thumbnail>>,
                 std::shared_ptr<const std::vector<WeightHistogram>>,
                 std::shared_ptr<const std::vector<EpochResult>>,
                 std::shared_ptr<const SearchResult>, std::shared_ptr<const JsonResult>>;

/// Reads the result of a job of this kind (engine::kindOf). Takes time for large tables: not for
/// the GUI thread. Errors: CorruptFile.
JobResult decodeJobResult(const std::string& kind, const std::string& json);

} // namespace bitloom::workbench
