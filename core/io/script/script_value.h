// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type_base.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bitloom::io::script {

/// What a value was computed from, weakest first. Only Data makes control flow impossible to
/// resolve.
enum class Origin { Constant, Shape, Weights, Data };

/// Tensors that share memory. After an in-place change of one of them the others are stale.
struct AliasGroup {
    bool isState = false;  ///< memory of a parameter or buffer
    std::string changedBy; ///< the operator and place of the in-place change; empty: none yet
};

struct ScriptValue;
using ValuePtr = std::shared_ptr<ScriptValue>;

/// What the walk knows about one TorchScript value. Names that alias share one object, so that a
/// change is seen by all.
struct ScriptValue {
    enum class Kind {
        Plain, ///< tensor, number, string, None, or a list that only an operator's result holds
        List,  ///< known length, items in `items`
        Tuple,
        Dict,   ///< keys in `keys`, values in `items`
        Object, ///< module or class instance with path
    };

    Kind kind = Kind::Plain;
    Origin origin = Origin::Constant;
    std::vector<c10::IValue> examples; ///< Plain: one per example run. Object: the object itself
    graph::ValueIndex node =
        graph::kNoValue; ///< Plain: its value in the graph; kNoValue: a constant
    std::vector<ValuePtr> items;
    std::vector<c10::IValue> keys;
    c10::TypePtr type;                 ///< List, Tuple, Dict: the declared type
    std::string path;                  ///< Object: module path; stored tensors: attribute path
    std::shared_ptr<AliasGroup> alias; ///< tensors only
    ValuePtr number;       ///< the number that this 0-dim tensor was made from (prim::NumToTensor)
    ValuePtr transposeOf;  ///< the stored matrix that this is the transpose of
    bool isStored = false; ///< a parameter or buffer of the file

    bool isConstant() const { return kind == Kind::Plain && node == graph::kNoValue; }
    bool isTensor() const
    {
        return kind == Kind::Plain && !examples.empty() && examples.front().isTensor();
    }
    bool isSequence() const { return kind == Kind::List || kind == Kind::Tuple; }
};

/// The largest origin of the value and everything in it.
Origin originOf(const ScriptValue& value);

/// Equal in every bit that a graph constant can hold; tensors by dtype, shape and content.
bool isSame(const c10::IValue& left, const c10::IValue& right);

/// The value as TorchScript would hold it in example run number run. Errors: Unsupported for a
/// stale alias.
c10::IValue exampleOf(const ScriptValue& value, std::size_t run);

/// A constant that is the same in every run; lists, tuples and dictionaries are opened.
ValuePtr constantValue(const c10::IValue& value, std::size_t numRuns, Origin origin);

ValuePtr sequenceValue(ScriptValue::Kind kind, std::vector<ValuePtr> items, c10::TypePtr type);

} // namespace bitloom::io::script
