// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/registry.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/methods/bayesian_bits/method.h"

#include <string>

namespace bitloom {

const std::vector<const Method*>& methods()
{
    // A list and no registrars: those would be left out where the library is linked statically.
    static const std::vector<const Method*> all{&bayesian_bits::method()};
    return all;
}

const Method& searchMethod(std::string_view name)
{
    std::vector<std::string> names;
    for (const Method* method : methods()) {
        names.push_back(method->description().name);
        if (names.back() == name) {
            return *method;
        }
    }
    fail(ErrorCode::InvalidArgument, "there is no method '", name, "'; there are ",
         joinForPeople(names));
}

} // namespace bitloom
