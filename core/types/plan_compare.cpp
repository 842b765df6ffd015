// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/bit_plan.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <sstream>
#include <unordered_map>
#include <unordered_set>

namespace bitloom {

namespace {

/// At most this many names are listed in one sentence.
constexpr std::size_t kNamesShown = 10;

void compareField(std::vector<PlanDifference>& out, const std::string& subject, std::string field,
                  std::string left, std::string right)
{
    if (left != right) {
        out.push_back({subject, std::move(field), std::move(left), std::move(right)});
    }
}

std::string textOf(double value)
{
    std::ostringstream text;
    text.precision(9);
    text << value;
    return text.str();
}

std::string textOf(const std::optional<ValueRange>& range)
{
    return range ? textOf(range->low) + ".." + textOf(range->high) : "from data";
}

void compareSpecs(std::vector<PlanDifference>& out, const std::string& subject,
                  const std::string& prefix, const QuantSpec& left, const QuantSpec& right)
{
    compareField(out, subject, prefix + ".bits", std::to_string(left.bits),
                 std::to_string(right.bits));
    compareField(out, subject, prefix + ".scheme", std::string(toString(left.scheme)),
                 std::string(toString(right.scheme)));
    compareField(out, subject, prefix + ".granularity", std::string(toString(left.granularity)),
                 std::string(toString(right.granularity)));
    compareField(out, subject, prefix + ".observer", std::string(toString(left.observer)),
                 std::string(toString(right.observer)));
    compareField(out, subject, prefix + ".percentile", textOf(left.percentile),
                 textOf(right.percentile));
    compareField(out, subject, prefix + ".range", textOf(left.range), textOf(right.range));
    compareField(out, subject, prefix + ".narrow_range", left.narrow ? "yes" : "no",
                 right.narrow ? "yes" : "no");
    compareField(out, subject, prefix + ".extra", left.extra, right.extra);
}

std::string textOf(const std::vector<std::int64_t>& channels)
{
    std::string text;
    for (const std::int64_t channel : channels) {
        text += (text.empty() ? "" : " ") + std::to_string(channel);
    }
    return text;
}

void compareEntries(std::vector<PlanDifference>& out, const std::string& subject,
                    const LayerPlan& left, const LayerPlan& right)
{
    compareField(out, subject, "weight", left.hasWeight ? "present" : "none",
                 right.hasWeight ? "present" : "none");
    compareSpecs(out, subject, "weight", left.weight, right.weight);
    compareField(out, subject, "pruned_channels", textOf(left.prunedChannels),
                 textOf(right.prunedChannels));
    compareField(out, subject, "extra", left.extra, right.extra);
}

void compareEntries(std::vector<PlanDifference>& out, const std::string& subject,
                    const TensorPlan& left, const TensorPlan& right)
{
    compareSpecs(out, subject, "activation", left.activation, right.activation);
    compareField(out, subject, "quantized_at", left.quantizedAt, right.quantizedAt);
    compareField(out, subject, "readers", joinForPeople(left.readers),
                 joinForPeople(right.readers));
    compareField(out, subject, "extra", left.extra, right.extra);
}

template <typename Entry>
void compareLists(std::vector<PlanDifference>& out, const std::string& kind,
                  const std::vector<Entry>& left, const std::vector<Entry>& right)
{
    std::unordered_map<std::string_view, const Entry*> rightByName;
    for (const Entry& entry : right) {
        rightByName.emplace(entry.name, &entry);
    }
    std::unordered_set<std::string_view> leftNames;
    for (const Entry& entry : left) {
        leftNames.insert(entry.name);
        const auto found = rightByName.find(entry.name);
        if (found == rightByName.end()) {
            out.push_back({kind + " " + entry.name, "missing", "present", "absent"});
        } else {
            compareEntries(out, kind + " " + entry.name, entry, *found->second);
        }
    }
    for (const Entry& entry : right) {
        if (!leftNames.contains(entry.name)) {
            out.push_back({kind + " " + entry.name, "missing", "absent", "present"});
        }
    }
}

std::string listNames(std::vector<std::string> names)
{
    if (names.size() > kNamesShown) {
        const std::size_t more = names.size() - kNamesShown;
        names.resize(kNamesShown);
        names.push_back(std::to_string(more) + " more");
    }
    return joinForPeople(names);
}

template <typename Named>
std::vector<std::string> namesOf(const std::vector<Named>& entries)
{
    std::vector<std::string> names;
    names.reserve(entries.size());
    for (const Named& entry : entries) {
        names.push_back(entry.name);
    }
    return names;
}

/// How every refusal begins: whose plan it is and which model it was given for.
std::string refusal(const BitPlan& plan, const ModelInfo& model)
{
    const bool isNamed = !plan.modelName.empty() && plan.modelName != model.name;
    return "the plan " + (isNamed ? "was made for the model " + plan.modelName + " and " : "") +
           "does not fit the model " + model.name;
}

/// Throws if the two lists do not hold the same names.
void requireSameNames(const std::string& kind, const std::string& refusal,
                      const std::vector<std::string>& planNames,
                      const std::vector<std::string>& modelNames)
{
    const std::unordered_set<std::string_view> inPlan(planNames.begin(), planNames.end());
    const std::unordered_set<std::string_view> inModel(modelNames.begin(), modelNames.end());
    std::vector<std::string> unknown;
    for (const std::string& name : planNames) {
        if (!inModel.contains(name)) {
            // Ranking names is quadratic in their number, so it is done for those that are shown.
            unknown.push_back(
                unknown.size() < kNamesShown
                    ? name + " (nearest: " + joinForPeople(nearestNames(name, modelNames)) + ")"
                    : name);
        }
    }
    BITLOOM_REQUIRE(unknown.empty(), ErrorCode::ModelMismatch, refusal, ", which has no ", kind,
                    " ", listNames(unknown));
    std::vector<std::string> missing;
    for (const std::string& name : modelNames) {
        if (!inPlan.contains(name)) {
            missing.push_back(name);
        }
    }
    BITLOOM_REQUIRE(missing.empty(), ErrorCode::ModelMismatch, refusal,
                    ": it has no entry for the ", kind, " ", listNames(missing));
}

void requireWeightsFit(const BitPlan& plan, const ModelInfo& model)
{
    std::unordered_map<std::string_view, const LayerPlan*> byName;
    for (const LayerPlan& layer : plan.layers) {
        byName.emplace(layer.name, &layer);
    }
    std::unordered_map<std::string_view, const LayerPlan*> byWeight;
    for (const LayerInfo& layer : model.layers) {
        const LayerPlan& entry = *byName.at(layer.name);
        BITLOOM_REQUIRE(entry.hasWeight == !layer.weight.empty(), ErrorCode::ModelMismatch,
                        refusal(plan, model), ": the layer ", layer.name,
                        entry.hasWeight ? " has no weight, the plan sets one"
                                        : " has a weight, the plan has no entry for it");
        if (!entry.hasWeight) {
            continue;
        }
        if (!entry.prunedChannels.empty()) {
            const std::int64_t channels =
                layer.weightShape.at(static_cast<std::size_t>(layer.weightAxis));
            BITLOOM_REQUIRE(entry.prunedChannels.back() < channels, ErrorCode::ModelMismatch,
                            refusal(plan, model), ": it prunes channel ",
                            entry.prunedChannels.back(), " of the layer ", layer.name,
                            ", which has ", channels);
        }
        const LayerPlan& first = *byWeight.emplace(layer.weight, &entry).first->second;
        const bool isSame =
            first.weight == entry.weight && first.prunedChannels == entry.prunedChannels;
        BITLOOM_REQUIRE(isSame, ErrorCode::ModelMismatch, "the layers ", first.name, " and ",
                        entry.name, " share the weight ", layer.weight,
                        ", but the plan treats it in two ways");
    }
}

} // namespace

std::vector<PlanDifference> diffPlans(const BitPlan& left, const BitPlan& right)
{
    std::vector<PlanDifference> differences;
    compareField(differences, "plan", "name", left.name, right.name);
    compareField(differences, "model", "name", left.modelName, right.modelName);
    compareField(differences, "model", "fingerprint", left.modelFingerprint,
                 right.modelFingerprint);
    compareLists(differences, "layer", left.layers, right.layers);
    compareLists(differences, "tensor", left.tensors, right.tensors);
    compareField(differences, "plan", "extra", left.extra, right.extra);
    return differences;
}

std::vector<PlanDifference> checkPlanAgainst(const BitPlan& plan, const ModelInfo& model)
{
    const std::string start = refusal(plan, model);
    requireSameNames("layer", start, namesOf(plan.layers), namesOf(model.layers));
    requireSameNames("tensor", start, namesOf(plan.tensors), namesOf(model.tensors));
    requireWeightsFit(plan, model);
    std::vector<PlanDifference> differences;
    compareField(differences, "model", "name", plan.modelName, model.name);
    compareField(differences, "model", "fingerprint", plan.modelFingerprint, model.fingerprint);
    std::unordered_map<std::string_view, const TensorPlan*> byName;
    for (const TensorPlan& tensor : plan.tensors) {
        byName.emplace(tensor.name, &tensor);
    }
    for (const TensorInfo& tensor : model.tensors) {
        compareField(differences, "tensor " + tensor.name, "readers",
                     joinForPeople(byName.at(tensor.name)->readers), joinForPeople(tensor.readers));
    }
    return differences;
}

} // namespace bitloom
