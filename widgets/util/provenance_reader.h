// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/provenance.h"

#include <QByteArray>

#include <optional>

namespace bitloom::ui {

/// What renderPicture() wrote into a PNG, SVG or CSV; nullopt if the file is none of them or says
/// nothing. Looks at headers and comments only, whatever the size of the picture.
std::optional<Provenance> readProvenance(const QByteArray& file);

} // namespace bitloom::ui
