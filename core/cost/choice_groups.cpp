// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/cost/choice_groups.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/cost/cost_model.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace bitloom {

namespace {

/// Combinations of jointly enumerated widths in one group, and choices kept while combining its
/// layers.
constexpr std::size_t kMaxCombinations = 300'000;
constexpr std::size_t kMaxChoices = 200'000;

void keepBest(std::vector<GroupChoice>& choices)
{
    std::sort(choices.begin(), choices.end(), [](const GroupChoice& a, const GroupChoice& b) {
        return std::tie(a.cost, a.loss, a.picks) < std::tie(b.cost, b.loss, b.picks);
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (kept == 0 || choices[i].loss < choices[kept - 1].loss) {
            if (kept != i) {
                choices[kept] = std::move(choices[i]);
            }
            ++kept;
        }
    }
    choices.resize(kept);
}

class Builder {
public:
    Builder(const ModelInfo& model, const SensitivityLosses& losses, const BitPlan& base,
            const AllocationOptions& options)
        : m_model(model), m_losses(losses), m_options(options)
    {
        for (const LayerPlan& layer : base.layers) {
            m_layerPlans.emplace(layer.name, &layer);
        }
        for (std::size_t t = 0; t < model.tensors.size(); ++t) {
            m_tensorIndex.emplace(model.tensors[t].name, t);
        }
        for (const TensorPlan& tensor : base.tensors) {
            m_tensorPlans.emplace(tensor.name, &tensor);
        }
        findLocked();
    }

    ChoiceSpace build()
    {
        makeWeightVariables();
        if (m_options.budget == BudgetKind::Bytes) {
            makeByteGroups();
        } else {
            makeTensorVariables();
            makeBopGroups();
        }
        return std::move(m_space);
    }

private:
    void findLocked()
    {
        std::unordered_map<std::string_view, const LayerInfo*> layers;
        std::vector<std::string> names;
        for (const LayerInfo& layer : m_model.layers) {
            layers.emplace(layer.name, &layer);
            names.push_back(layer.name);
        }
        for (const std::string& name : m_options.lockedLayers) {
            const auto found = layers.find(name);
            BITLOOM_REQUIRE(found != layers.end(), ErrorCode::NotFound, "the locked layer ", name,
                            " is not in the model; the nearest names are ",
                            joinForPeople(nearestNames(name, names)));
            m_lockedLayers.insert(name);
            m_lockedTensors.insert(found->second->inputs.begin(), found->second->inputs.end());
        }
    }

    /// Widths of one variable. A candidate must have been measured for all its names; a fixed width
    /// need not be.
    Variable makeVariable(SensitivityTarget target, std::vector<std::size_t> members,
                          const std::vector<std::string>& names, const QuantSpec& spec,
                          bool isFixed) const
    {
        Variable variable;
        variable.isWeight = target == SensitivityTarget::Weight;
        variable.members = std::move(members);
        if (isFixed) {
            variable.bits = {spec.bits};
        } else {
            variable.bits = variable.isWeight ? m_options.weightBits : m_options.activationBits;
            std::sort(variable.bits.begin(), variable.bits.end());
            variable.bits.erase(std::unique(variable.bits.begin(), variable.bits.end()),
                                variable.bits.end());
            BITLOOM_REQUIRE(!variable.bits.empty(), ErrorCode::InvalidArgument,
                            "there are no candidate widths for ", toString(target), "s");
        }
        for (const int bits : variable.bits) {
            double loss = 0;
            for (const std::string& name : names) {
                BITLOOM_REQUIRE(isFixed || m_losses.isMeasured(target, name, bits),
                                ErrorCode::NotFound, "the sensitivity table does not hold the ",
                                toString(target), " of ", name, " at ", bits,
                                " bits, which is a candidate");
                loss += m_losses.at(target, name, bits);
            }
            variable.losses.push_back(loss);
            QuantSpec candidate = spec;
            candidate.bits = bits;
            requireValid(candidate, names.front());
        }
        return variable;
    }

    void makeWeightVariables()
    {
        std::vector<std::string> order;
        std::unordered_map<std::string, std::vector<std::size_t>> layersOf;
        for (std::size_t l = 0; l < m_model.layers.size(); ++l) {
            const std::string& weight = m_model.layers[l].weight;
            if (!weight.empty()) {
                if (!layersOf.contains(weight)) {
                    order.push_back(weight);
                }
                layersOf[weight].push_back(l);
            }
        }
        m_weightOf.assign(m_model.layers.size(), kNone);
        for (const std::string& weight : order) {
            const std::vector<std::size_t>& members = layersOf[weight];
            std::vector<std::string> names;
            bool isFixed = false;
            for (const std::size_t l : members) {
                names.push_back(m_model.layers[l].name);
                isFixed = isFixed || m_lockedLayers.contains(names.back());
                m_weightOf[l] = m_space.variables.size();
            }
            const QuantSpec& spec = m_layerPlans.at(names.front())->weight;
            m_space.variables.push_back(
                makeVariable(SensitivityTarget::Weight, members, names, spec, isFixed));
        }
    }

    void makeTensorVariables()
    {
        for (std::size_t t = 0; t < m_model.tensors.size(); ++t) {
            const TensorInfo& tensor = m_model.tensors[t];
            const QuantSpec& spec = m_tensorPlans.at(tensor.name)->activation;
            const bool isFixed =
                m_lockedTensors.contains(tensor.name) || (tensor.isModelInput && spec.isFloat());
            m_tensorOf.push_back(m_space.variables.size());
            m_space.variables.push_back(
                makeVariable(SensitivityTarget::Activation, {t}, {tensor.name}, spec, isFixed));
        }
    }

    void makeByteGroups()
    {
        for (const ModelInfo::RawTensor& tensor : m_model.rawTensors) {
            m_space.fixedCost += tensor.bytes;
        }
        for (std::size_t v = 0; v < m_space.variables.size(); ++v) {
            const Variable& variable = m_space.variables[v];
            const LayerInfo& layer = m_model.layers[variable.members.front()];
            QuantSpec spec = m_layerPlans.at(layer.name)->weight;
            VariableGroup group;
            group.variables = {v};
            for (std::size_t i = 0; i < variable.bits.size(); ++i) {
                spec.bits = variable.bits[i];
                const WeightBytes bytes = storedWeightBytes(layer, spec);
                group.choices.push_back({bytes.codes + bytes.scales,
                                         variable.losses[i],
                                         {static_cast<std::uint8_t>(i)}});
            }
            keepBest(group.choices);
            m_space.groups.push_back(std::move(group));
        }
    }

    /// Connects variables that a layer multiplies, and builds one group for each connected set.
    void makeBopGroups()
    {
        std::vector<std::size_t> parent(m_space.variables.size());
        std::iota(parent.begin(), parent.end(), std::size_t{0});
        const auto rootOf = [&parent](std::size_t v) {
            while (parent[v] != v) {
                v = parent[v] = parent[parent[v]];
            }
            return v;
        };
        std::vector<std::vector<std::size_t>> factorsOf(m_model.layers.size());
        for (std::size_t l = 0; l < m_model.layers.size(); ++l) {
            factorsOf[l] = factors(l);
            for (const std::size_t v : factorsOf[l]) {
                parent[rootOf(v)] = rootOf(factorsOf[l].front());
            }
        }
        std::vector<std::vector<std::size_t>> variablesOf(parent.size());
        std::vector<std::vector<std::size_t>> layersOf(parent.size());
        for (std::size_t v = 0; v < parent.size(); ++v) {
            variablesOf[rootOf(v)].push_back(v);
        }
        for (std::size_t l = 0; l < m_model.layers.size(); ++l) {
            if (factorsOf[l].empty()) {
                // Neither a weight nor an activation: both count as floating point.
                m_space.fixedCost += m_model.layers[l].macs * kFloatBits * kFloatBits;
            } else {
                layersOf[rootOf(factorsOf[l].front())].push_back(l);
            }
        }
        for (std::size_t root = 0; root < parent.size(); ++root) {
            if (!variablesOf[root].empty()) {
                m_space.groups.push_back(combine(variablesOf[root], layersOf[root]));
            }
        }
    }

    /// The variables whose widths a layer's BOPs multiply.
    std::vector<std::size_t> factors(std::size_t l) const
    {
        const LayerInfo& layer = m_model.layers[l];
        std::vector<std::size_t> result;
        if (!layer.weight.empty()) {
            result.push_back(m_weightOf[l]);
        }
        if (!layer.inputs.empty()) {
            result.push_back(m_tensorOf[m_tensorIndex.at(layer.inputs.front())]);
            if (layer.weight.empty()) {
                result.push_back(m_tensorOf[m_tensorIndex.at(layer.inputs.back())]);
            }
        }
        return result;
    }

    /// Width that a variable's candidate counts as.
    int bopsBits(std::size_t v, std::size_t candidate) const
    {
        const Variable& variable = m_space.variables[v];
        QuantSpec spec;
        spec.bits = variable.bits[candidate];
        return variable.isWeight ? spec.bits
                                 : bopsBitsOf(m_model.tensors[variable.members.front()], spec);
    }

    /// All combinations of the coupled variables; given these, every other weight adds its own
    /// choices independently.
    VariableGroup combine(const std::vector<std::size_t>& variables,
                          const std::vector<std::size_t>& layers) const
    {
        VariableGroup group;
        group.variables = variables;
        std::unordered_map<std::size_t, std::size_t> positionOf;
        std::vector<std::size_t> coupled; // positions in the group
        std::size_t combinations = 1;
        for (std::size_t p = 0; p < variables.size(); ++p) {
            const Variable& variable = m_space.variables[variables[p]];
            positionOf.emplace(variables[p], p);
            if (!variable.isWeight || variable.members.size() > 1) {
                coupled.push_back(p);
                combinations *= variable.bits.size();
                requireManageable(combinations, kMaxCombinations, layers);
            }
        }
        std::vector<std::uint8_t> picks(variables.size(), 0);
        for (std::size_t combination = 0; combination < combinations; ++combination) {
            std::size_t rest = combination;
            for (const std::size_t p : coupled) {
                const std::size_t count = m_space.variables[variables[p]].bits.size();
                picks[p] = static_cast<std::uint8_t>(rest % count);
                rest /= count;
            }
            std::vector<GroupChoice> choices =
                choicesGiven(group, picks, coupled, layers, positionOf);
            std::move(choices.begin(), choices.end(), std::back_inserter(group.choices));
            if (group.choices.size() > kMaxChoices) {
                keepBest(group.choices);
                requireManageable(group.choices.size(), kMaxChoices, layers);
            }
        }
        keepBest(group.choices);
        return group;
    }

    std::vector<GroupChoice>
    choicesGiven(const VariableGroup& group, const std::vector<std::uint8_t>& picks,
                 const std::vector<std::size_t>& coupled, const std::vector<std::size_t>& layers,
                 const std::unordered_map<std::size_t, std::size_t>& positionOf) const
    {
        GroupChoice start{0, 0, picks};
        for (const std::size_t p : coupled) {
            start.loss += m_space.variables[group.variables[p]].losses[picks[p]];
        }
        struct OwnWeight {
            std::size_t position;
            std::int64_t costPerBit;
        };
        std::vector<OwnWeight> ownWeights;
        for (const std::size_t l : layers) {
            // A layer without an input from the model's activations counts as floating point there.
            std::int64_t cost = m_model.layers[l].macs * (factors(l).size() < 2 ? kFloatBits : 1);
            std::size_t own = kNone;
            for (const std::size_t v : factors(l)) {
                const std::size_t p = positionOf.at(v);
                if (m_space.variables[v].isWeight && m_space.variables[v].members.size() == 1) {
                    own = p;
                } else {
                    cost *= bopsBits(v, picks[p]);
                }
            }
            if (own == kNone) {
                start.cost += cost;
            } else {
                ownWeights.push_back({own, cost});
            }
        }
        std::vector<GroupChoice> choices{start};
        for (const auto& [position, costPerBit] : ownWeights) {
            const Variable& weight = m_space.variables[group.variables[position]];
            std::vector<GroupChoice> next;
            next.reserve(choices.size() * weight.bits.size());
            for (const GroupChoice& choice : choices) {
                for (std::size_t i = 0; i < weight.bits.size(); ++i) {
                    next.push_back(choice);
                    next.back().cost += costPerBit * weight.bits[i];
                    next.back().loss += weight.losses[i];
                    next.back().picks[position] = static_cast<std::uint8_t>(i);
                }
            }
            keepBest(next);
            requireManageable(next.size(), kMaxChoices, layers);
            choices = std::move(next);
        }
        return choices;
    }

    void requireManageable(std::size_t count, std::size_t limit,
                           const std::vector<std::size_t>& layers) const
    {
        BITLOOM_REQUIRE(count <= limit, ErrorCode::Unsupported, "the bits of ", layers.size(),
                        " layers from ", m_model.layers[layers.front()].name, " to ",
                        m_model.layers[layers.back()].name, " depend on each other in more than ",
                        limit, " ways; lock some of these layers or give fewer candidate widths");
    }

    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    const ModelInfo& m_model;
    const SensitivityLosses& m_losses;
    const AllocationOptions& m_options;
    std::unordered_map<std::string, const LayerPlan*> m_layerPlans;
    std::unordered_map<std::string, const TensorPlan*> m_tensorPlans;
    std::unordered_map<std::string, std::size_t> m_tensorIndex;
    std::unordered_set<std::string> m_lockedLayers;
    std::unordered_set<std::string> m_lockedTensors;
    std::vector<std::size_t> m_weightOf; ///< by layer
    std::vector<std::size_t> m_tensorOf; ///< by tensor
    ChoiceSpace m_space;
};

} // namespace

ChoiceSpace makeChoiceSpace(const ModelInfo& model, const SensitivityLosses& losses,
                            const BitPlan& base, const AllocationOptions& options)
{
    return Builder(model, losses, base, options).build();
}

} // namespace bitloom
