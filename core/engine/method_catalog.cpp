// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/method_catalog.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/methods/bayesian_bits/options.h"

namespace bitloom::engine {

const std::vector<MethodDescription>& methodCatalog()
{
    static const std::vector<MethodDescription> catalog{
        {"bayesian-bits", "Bayesian Bits",
         "Learn bits per layer, and which channels to prune, by gradient while the network trains",
         "van Baalen et al., \"Bayesian Bits: Unifying Quantization and Pruning\", NeurIPS 2020",
         &bayesian_bits::optionSchema()}};
    return catalog;
}

const MethodDescription& methodNamed(std::string_view name)
{
    std::vector<std::string> names;
    for (const MethodDescription& method : methodCatalog()) {
        if (method.name == name) {
            return method;
        }
        names.push_back(method.name);
    }
    fail(ErrorCode::InvalidArgument, "there is no method '", name, "'; there are ",
         joinForPeople(names));
}

} // namespace bitloom::engine
