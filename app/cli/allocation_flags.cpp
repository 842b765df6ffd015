// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/allocation_flags.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/base/text.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

void AllocationFlags::declare(CLI::App& app, bool tableRequired)
{
    app.add_option("--sensitivity", m_table, "The sensitivity table (JSON)")
        ->required(tableRequired);
    app.add_option("--metric", m_metric, "Which loss to add up")
        ->check(CLI::IsMember({"kl", "output_error", "accuracy"}))
        ->capture_default_str();
    app.add_option("--base", m_base,
                   "Plan whose schemes, activation bits and locked layers are kept");
    app.add_option("--activation-bits", m_activationBits,
                   "Activation bits where bytes are the budget (without --base)")
        ->capture_default_str();
    app.add_option("--boundary-bits", m_boundaryBits,
                   "Fixed bits of the first and the last layer (without --base)");
    app.add_option("--lock", m_lock,
                   "Layers whose bits are kept, by name pattern; may be repeated");
    m_quantizer.declare(app);
}

SensitivityTable AllocationFlags::table() const
{
    const std::string text = readTextFile(m_table);
    return withContext(m_table, [&] { return sensitivityTableFromJson(text); });
}

BitPlan AllocationFlags::basePlan(Session& session, const ModelInfo& model,
                                  AllocationOptions& options) const
{
    options.metric = sensitivityMetricFrom(m_metric).value();
    BitPlan base;
    if (!m_base.empty()) {
        base = readPlanFor(session, m_base, model);
    } else {
        UniformPlanOptions uniform = m_quantizer.options();
        uniform.weightBits = 8;
        uniform.activationBits = m_activationBits;
        uniform.boundaryBits = m_boundaryBits;
        base = makeUniformPlan(model, uniform);
        if (m_boundaryBits) {
            options.lockedLayers = boundaryLayers(model);
        }
    }
    for (const std::string& pattern : m_lock) {
        const std::size_t before = options.lockedLayers.size();
        for (const LayerInfo& layer : model.layers) {
            if (globMatches(pattern, layer.name)) {
                options.lockedLayers.push_back(layer.name);
            }
        }
        BITLOOM_REQUIRE(options.lockedLayers.size() > before, ErrorCode::NotFound, "--lock ",
                        pattern, " matches no layer");
    }
    return base;
}

} // namespace bitloom::cli
