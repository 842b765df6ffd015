// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/plan_box.h"

#include "app/workbench/document/plan_document.h"
#include "widgets/util/help.h"

#include <QSignalBlocker>

namespace bitloom::workbench {

namespace {
constexpr int kCharacters = 14;
}

PlanBox::PlanBox(PlanDocument& document, QWidget* parent) : QComboBox(parent), m_document(document)
{
    setObjectName(QStringLiteral("planBox"));
    setAccessibleName(tr("Plan"));
    ui::setHelp(*this, tr("The plan that is shown and edited."));
    setMinimumContentsLength(kCharacters);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(&document, &PlanDocument::modelChanged, this, &PlanBox::follow);
    connect(&document, &PlanDocument::planListChanged, this, &PlanBox::follow);
    connect(&document, &PlanDocument::planShown, this, &PlanBox::follow);
    connect(this, &QComboBox::activated, this, [this](int index) {
        if (index >= 0) {
            m_document.showPlan(itemText(index));
        }
    });
    follow();
}

void PlanBox::follow()
{
    const QSignalBlocker quiet(this);
    clear();
    setEnabled(m_document.isOpen());
    if (m_document.isOpen()) {
        addItems(m_document.planNames());
        setCurrentText(m_document.planName());
    } else {
        setToolTip(tr("Plans appear here when a model is open."));
        return;
    }
    setToolTip(accessibleDescription());
}

} // namespace bitloom::workbench
