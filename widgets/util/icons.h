// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

class QString;

namespace bitloom::ui {

/// An icon of resources/icons by its name ("open"). It is drawn from SVG in the text colour of the
/// palette that is current when it is painted, so it fits both themes and every scale. An unknown
/// name gives an empty icon.
QIcon icon(const QString& name);

} // namespace bitloom::ui
