// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

#include <memory>

namespace bitloom::cli {

std::unique_ptr<Command> makeConvertCommand();

} // namespace bitloom::cli
