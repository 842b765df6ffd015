// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/image.h"

#include <string>

namespace bitloom {

/// The bytes of a PNG file, 8 bits per channel, grey or RGB. The same picture gives the same bytes.
/// Errors: InvalidArgument for a picture without pixels or with other channels.
std::string encodePng(const ImageU8& image);

} // namespace bitloom
