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

void Selection::setPlans(const std::optional<QStringList>& plans)
{
    if (plans != m_plans) {
        m_plans = plans;
        Q_EMIT plansChanged();
    }
}

} // namespace bitloom::workbench
