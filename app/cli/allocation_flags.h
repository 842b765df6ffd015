// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "core/cost/allocation.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace bitloom::cli {

/// --sensitivity, --metric, --base, --activation-bits, --boundary-bits, --lock and the quantizer
/// flags: what is chosen from and what stays as it is, for commands that choose bits.
class AllocationFlags {
public:
    void declare(CLI::App& app, bool tableRequired = true);
    bool hasTable() const { return !m_table.empty(); }
    /// Errors: as readTextFile() and sensitivityTableFromJson(), with the file's name.
    SensitivityTable table() const;
    /// The plan that gives everything but the chosen bits; names the locked layers and the metric
    /// in options. Errors: NotFound for a --lock that matches nothing; as readPlanFor().
    BitPlan basePlan(Session& session, const ModelInfo& model, AllocationOptions& options) const;

private:
    QuantizerFlags m_quantizer;
    std::string m_table;
    std::string m_metric = "kl";
    std::string m_base;
    int m_activationBits = 8;
    std::optional<int> m_boundaryBits;
    std::vector<std::string> m_lock;
};

} // namespace bitloom::cli
