// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Internal to core/io: how tensor names become HDF5 link names.
namespace bitloom::io {

/// "/" becomes %2F and "%" becomes %25; the name "." becomes %2E, as HDF5 reads it as the group
/// itself. Errors: InvalidArgument for an empty name, a zero byte or invalid UTF-8.
std::string linkNameOf(std::string_view name);

} // namespace bitloom::io
