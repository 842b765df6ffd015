// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/versions.h"

#include "core/base/isa.h"

#include <H5public.h>
#include <torch/version.h>

#include <string>

namespace bitloom::engine {

std::string libraryVersions()
{
    const std::string hdf5 = std::to_string(H5_VERS_MAJOR) + "." + std::to_string(H5_VERS_MINOR) +
                             "." + std::to_string(H5_VERS_RELEASE);
    return "Bitloom " BITLOOM_VERSION ", LibTorch " TORCH_VERSION ", HDF5 " + hdf5 +
           ", instruction set " + std::string(toString(activeIsa()));
}

} // namespace bitloom::engine
