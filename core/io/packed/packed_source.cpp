// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_source.h"

#include <algorithm>

namespace bitloom::io {

const PackedTensorHeader* PackedSource::find(std::string_view name) const
{
    const std::vector<PackedTensorHeader>& all = tensors();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto& header) { return header.name == name; });
    return found == all.end() ? nullptr : &*found;
}

const PackedTensorHeader& PackedSource::require(std::string_view name) const
{
    const PackedTensorHeader* const found = find(name);
    BITLOOM_REQUIRE(found != nullptr, ErrorCode::NotFound, "there is no tensor ", name);
    return *found;
}

} // namespace bitloom::io
