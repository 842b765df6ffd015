// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_curves.h"

#include "app/workbench/document/run_view.h"
#include "app/workbench/panels/common/plot_grid.h"
#include "widgets/plots/plot.h"
#include "widgets/plots/run_scenes.h"
#include "widgets/util/definitions.h"
#include "widgets/util/help.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace bitloom::workbench {

RunCurves::RunCurves(const RunParts& parts, QWidget* parent)
    : RunPage(parts, parent), m_log(new QCheckBox(tr("Logarithmic"))), m_losses(new ui::Plot),
      m_accuracy(new ui::Plot), m_bops(new ui::Plot), m_rates(new ui::Plot)
{
    m_log->setChecked(true);
    ui::setHelp(*m_log, tr("Losses, costs and learning rates on a logarithmic axis."));
    m_losses->setAccessibleName(tr("Losses by step"));
    m_accuracy->setAccessibleName(tr("Accuracy by step"));
    m_bops->setAccessibleName(tr("Bit operations by step"));
    m_bops->setWhatsThis(ui::whatsThis(ui::Metric::Bops) + ui::whatsThis(ui::Metric::ExpectedBops));
    m_rates->setAccessibleName(tr("Learning rates by step"));

    auto* switches = new QHBoxLayout;
    switches->setContentsMargins(12, 4, 12, 0);
    switches->addStretch(1);
    switches->addWidget(m_log);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(switches);
    layout->addWidget(new PlotGrid({m_losses, m_accuracy, m_bops, m_rates}), 1);

    connect(m_log, &QCheckBox::toggled, this, &RunCurves::markDirty);
    using ui::RunFigures;
    const std::pair<ui::Plot*, RunFigures> tips[] = {{m_losses, RunFigures::Losses},
                                                     {m_accuracy, RunFigures::Evaluation},
                                                     {m_bops, RunFigures::Evaluation},
                                                     {m_rates, RunFigures::Rates}};
    for (const auto& [plot, figures] : tips) {
        letChooseTime(*plot);
        plot->setTooltipProvider([this, plot = plot, figures = figures](int id) {
            return view().isEmpty() ? QString()
                                    : ui::stepText(view().history(), figures,
                                                   ui::stepOfStop(plot->scene(), id)) +
                                          u'\n' + tr("Click: look at this step.");
        });
    }
}

void RunCurves::refresh()
{
    const RunHistory& history = view().history();
    const bool isLog = m_log->isChecked();
    for (ui::Plot* plot : {m_losses, m_accuracy, m_bops, m_rates}) {
        plot->setLive(view().isRunning());
    }
    m_losses->setScene(ui::lossScene(history, lookFor(*m_losses, isLog)));
    m_accuracy->setScene(ui::accuracyScene(history, lookFor(*m_accuracy, isLog)));
    m_bops->setScene(ui::bopsScene(history, lookFor(*m_bops, isLog)));
    m_rates->setScene(ui::rateScene(history, lookFor(*m_rates, isLog)));
}

QList<ui::Picture> RunCurves::pictures()
{
    flush();
    return {pictureOf(*m_losses, QStringLiteral("losses"), "losses"),
            pictureOf(*m_accuracy, QStringLiteral("accuracy"), "evaluation"),
            pictureOf(*m_bops, QStringLiteral("bops"), "evaluation"),
            pictureOf(*m_rates, QStringLiteral("learning-rates"), "learning_rates")};
}

} // namespace bitloom::workbench
