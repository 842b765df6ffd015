// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/operator_threads.h"

#include <ATen/Parallel.h>

namespace bitloom::graph {

OperatorThreads::OperatorThreads(int count) : m_before(at::get_num_threads())
{
    at::set_num_threads(count);
}

OperatorThreads::~OperatorThreads()
{
    at::set_num_threads(m_before);
}

} // namespace bitloom::graph
