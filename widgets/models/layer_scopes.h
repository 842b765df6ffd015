// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/layer_rows.h"

#include <QString>

#include <vector>

namespace bitloom::ui {

/// One row of the tree of scopes.
struct ScopeNode {
    QString label; ///< "conv1"; "downsample.0" where a scope holds one thing only
    QString path;  ///< full name of scope or layer
    int parent = -1;
    int row = 0;    ///< place among the parent's children
    int layer = -1; ///< index into the rows; -1 for a scope
    std::vector<int> children;
};

/// Scopes in the order of their first layer; node 0 is the invisible root, and a parent comes
/// before its children. A scope with a single child is joined with it, since such a level says
/// nothing. flat: all layers below the root, with their full names.
std::vector<ScopeNode> scopeTree(const LayerRows& rows, bool flat);

} // namespace bitloom::ui
