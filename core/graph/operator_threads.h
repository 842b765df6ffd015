// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bitloom::graph {

/// Sets the number of threads of LibTorch's operators while it lives.
///
/// LibTorch keeps the number per process with a per-thread part, so this is for the calling thread
/// and for threads that have not run an operator yet. One thread is the right number for work of a
/// few milliseconds per operator: waiting threads spin, which costs far more than it gains when the
/// machine is busy.
class OperatorThreads {
public:
    explicit OperatorThreads(int count);
    ~OperatorThreads();
    OperatorThreads(const OperatorThreads&) = delete;
    OperatorThreads& operator=(const OperatorThreads&) = delete;

private:
    int m_before;
};

} // namespace bitloom::graph
