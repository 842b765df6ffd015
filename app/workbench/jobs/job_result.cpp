// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/job_result.h"

#include "core/types/json_input.h"

namespace bitloom::workbench {

JobResult decodeJobResult(const std::string& kind, const std::string& json)
{
    if (json.empty()) {
        return std::monostate{};
    }
    if (kind == "inspect") {
        return std::make_shared<const ModelReport>(modelReportFromJson(json));
    }
    if (kind == "eval") {
        return std::make_shared<const EvalResult>(evalResultFromJson(json));
    }
    if (kind == "sensitivity") {
        return std::make_shared<const SensitivityTable>(sensitivityTableFromJson(json));
    }
    if (kind == "pack") {
        return std::make_shared<const PackSheet>(packSheetFromJson(json));
    }
    if (kind == "convert") {
        return std::make_shared<const ConversionReport>(conversionReportFromJson(json));
    }
    if (kind == "export_preview") {
        return std::make_shared<const std::vector<ConversionReport>>(
            conversionReportsFromJson(json));
    }
    if (kind == "layer_detail") {
        return std::make_shared<const LayerDetail>(layerDetailFromJson(json));
    }
    if (kind == "identify") {
        return std::make_shared<const FileReport>(fileReportFromJson(json));
    }
    if (kind == "file_map") {
        return std::make_shared<const FileMap>(fileMapFromJson(json));
    }
    if (kind == "packed_detail") {
        return std::make_shared<const PackedDetail>(packedDetailFromJson(json));
    }
    if (kind == "verify") {
        return std::make_shared<const VerifyReport>(verifyReportFromJson(json));
    }
    if (kind == "thumbnails") {
        return std::make_shared<const std::vector<Thumbnail>>(thumbnailsFromJson(json));
    }
    if (kind == "train") {
        return std::make_shared<const std::vector<EpochResult>>(epochResultsFromJson(json));
    }
    if (kind == "search") {
        return std::make_shared<const SearchResult>(searchResultFromJson(json));
    }
    if (kind == "histograms") {
        return std::make_shared<const std::vector<WeightHistogram>>(weightHistogramsFromJson(json));
    }
    return std::make_shared<const JsonResult>(JsonResult{json});
}

} // namespace bitloom::workbench
