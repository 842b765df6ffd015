// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/plan_edit.h"

namespace CLI {
class App;
}

namespace bitloom::cli {

/// --weight-bits, --weight-scheme, --weight-granularity, --weight-observer, --weight-percentile,
/// --weight-range, and the same for activations, which have no granularity: one option for each
/// field of the edit, which must outlive the app. Words that are no value are usage errors; whether
/// the fields agree is checked by the edit itself.
void declarePlanEdit(CLI::App& app, PlanEdit& edit);

} // namespace bitloom::cli
