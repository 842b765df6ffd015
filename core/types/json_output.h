// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/bit_plan.h"
#include "core/types/histogram.h"
#include "core/types/model_info.h"
#include "core/types/plan_cost.h"
#include "core/types/results.h"

#include <span>
#include <string>

namespace bitloom {

// One-line JSON objects for --json output, events and reports. The keys are part of the command
// line's contract (docs/formats.md). Errors: NonFinite for a number that JSON cannot hold,
// InvalidArgument for a name that is not UTF-8.

/// {"model":{name,fingerprint,input_shape,parameters,macs,bytes},"layers":[{name,kind,op,weight_shape,...}],
///  "tensors":[{name,shape,is_model_input,readers}],"raw_tensors":[{name,bytes}]}
std::string toJson(const ModelInfo& model);
/// {macs,bops,bops_fp32,bops_percent_of_fp32,bytes,raw_bytes,bytes_fp32,"layers":[{name,weight_bits,...}]}
std::string toJson(const PlanCost& cost);
/// {images,correct,correct_top5,top1_percent,top5_percent,seconds,skipped_images,finished}, and
/// predictions (docs/formats.md) where they were kept
std::string toJson(const EvalResult& result);
/// {kind,label,plan,bytes,bops,bops_percent_of_fp32,predicted_loss (null = not predicted),
/// top1_percent (null = not measured),optimal,plan_digest (absent: not recorded)}
std::string toJson(const FrontierPoint& point);
/// {epoch,loss,train_top1_percent,test_top1_percent (null = not measured),seconds}
std::string toJson(const EpochResult& epoch);
/// {layer,bits,low,high,counts,clip_low,clip_high,grid_levels,grid_channel,clipped_percent}
std::string toJson(const WeightHistogram& histogram);
/// {"differences":[{subject,field,left,right}]}
std::string toJson(std::span<const PlanDifference> differences);

std::string_view toString(LayerKind kind); ///< "conv" | "conv_transpose" | "linear" | "matmul"
std::string_view toString(PointKind kind); ///< "predicted" | "measured" | "uniform_anchor"

} // namespace bitloom
