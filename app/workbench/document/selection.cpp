// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/document/selection.h"

namespace bitloom::workbench {

void Selection::setLayers(const QStringList& layers)
{
    if (layers != m_layers) {
        m_layers = layers;
        Q_EMIT changed();
    }
}

} // namespace bitloom::workbench
