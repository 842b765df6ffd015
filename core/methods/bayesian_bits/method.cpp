// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/method.h"

#include "core/methods/bayesian_bits/method_run.h"
#include "core/methods/bayesian_bits/options.h"
#include "core/methods/bayesian_bits/run_warnings.h"

namespace bitloom::bayesian_bits {

namespace {

class BayesianBits final : public Method {
public:
    const MethodDescription& description() const override
    {
        static const MethodDescription words{
            "bayesian-bits", "Bayesian Bits",
            "Learn bits per layer, and which channels to prune, by gradient while the network "
            "trains",
            "van Baalen et al., \"Bayesian Bits: Unifying Quantization and Pruning\", NeurIPS 2020",
            &optionSchema()};
        return words;
    }
    std::unique_ptr<bitloom::MethodRun> makeRun(const MethodSetup& setup) const override
    {
        return std::make_unique<MethodRun>(setup);
    }
    std::vector<RunWarning> warnings(const RunHistory& history) const override
    {
        return runWarnings(history);
    }
};

} // namespace

const Method& method()
{
    static const BayesianBits self;
    return self;
}

} // namespace bitloom::bayesian_bits
