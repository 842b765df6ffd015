// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/sensitivity_panel.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/panels/plan/cost_strip_presenter.h"
#include "widgets/plots/heat_map.h"
#include "widgets/util/formatting.h"

#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>

namespace bitloom::workbench {

namespace {
constexpr SensitivityMetric kMetrics[] = {SensitivityMetric::Kl, SensitivityMetric::OutputError,
                                          SensitivityMetric::Accuracy};

/// Names and plan widths of the rows: weighted layers, or tensors.
struct Row {
    std::string name;
    int bits = kFloatBits;
};

std::vector<Row> rowsOf(const BitPlan& plan, SensitivityTarget target)
{
    std::vector<Row> rows;
    if (target == SensitivityTarget::Weight) {
        for (const LayerPlan& layer : plan.layers) {
            if (layer.hasWeight) {
                rows.push_back({layer.name, layer.weight.bits});
            }
        }
    } else {
        for (const TensorPlan& tensor : plan.tensors) {
            rows.push_back({tensor.name, tensor.activation.bits});
        }
    }
    return rows;
}
} // namespace

SensitivityPanel::SensitivityPanel(PlanDocument& document, Selection& selection, QAction* measure,
                                   QWidget* parent)
    : Panel(QStringLiteral("sensitivity"), tr("Sensitivity"), parent), m_document(document),
      m_selection(selection), m_measure(measure), m_target(new QComboBox), m_metric(new QComboBox),
      m_map(new ui::HeatMap), m_caption(new QLabel)
{
    setWhatsThis(tr("The loss when one tensor alone is quantized to one width: dark cells hurt. A "
                    "click gives the layer that width. Measured by the sensitivity sweep."));
    m_target->addItems({tr("Weights"), tr("Activations")});
    m_target->setAccessibleName(tr("Weights or activations"));
    m_target->setAccessibleDescription(tr("Which of them the map shows"));
    m_metric->addItems({tr("KL divergence"), tr("Output error"), tr("Top-1 loss")});
    m_metric->setAccessibleName(tr("Loss"));
    m_metric->setAccessibleDescription(
        tr("Which loss the map, the table and the budget count with"));
    addTitleWidget(m_target);
    addTitleWidget(m_metric);
    addTitleAction(measure);
    m_map->setAccessibleName(tr("Sensitivity of layers by bit width"));
    m_map->setAccessibleDescription(
        tr("Arrow keys move, Enter gives the plan the width of the cell"));
    m_map->setFrameShape(QFrame::NoFrame);
    m_caption->setWordWrap(true);
    m_caption->setContentsMargins(12, 0, 12, 8);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_map, 1);
    layout->addWidget(m_caption);
    setContent(content);

    m_map->setClickHint([this](int row, int column) {
        const QString name = m_data->rows.value(row);
        return tr("Click: %1 gets %n bit(s).", nullptr, m_bits.at(static_cast<std::size_t>(column)))
            .arg(name);
    });
    connect(m_map, &ui::HeatMap::cellActivated, this, &SensitivityPanel::activate);
    connect(m_map, &ui::HeatMap::currentCellChanged, this,
            [this](int row, int) { selectRow(row); });
    connect(m_target, &QComboBox::currentIndexChanged, this, &SensitivityPanel::markDirty);
    connect(m_metric, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_document.setMetric(kMetrics[std::clamp(index, 0, 2)]); });
    connect(&document, &PlanDocument::consequencesChanged, this, &SensitivityPanel::markDirty);
    connect(&document, &PlanDocument::modelChanged, this, [this] { showPartial(nullptr); });
    connect(&selection, &Selection::changed, this, &SensitivityPanel::markDirty);
    markDirty();
}

QList<ui::Picture> SensitivityPanel::pictures() const
{
    return {m_map->picture(QStringLiteral("sensitivity"))};
}

void SensitivityPanel::showPartial(std::shared_ptr<const SensitivityTable> table)
{
    m_partial = std::move(table);
    markDirty();
}

SensitivityTarget SensitivityPanel::target() const
{
    return m_target->currentIndex() == 0 ? SensitivityTarget::Weight
                                         : SensitivityTarget::Activation;
}

void SensitivityPanel::activate(int row, int column)
{
    const QString name = m_data->rows.value(row);
    const int bits = m_bits.at(static_cast<std::size_t>(column));
    PlanEdit edit;
    QStringList layers{name};
    if (target() == SensitivityTarget::Weight) {
        edit.weightBits = bits;
    } else {
        edit.activationBits = bits;
        const TensorPlan* tensor = m_document.plan().findTensor(name.toStdString());
        if (tensor == nullptr || tensor->readers.empty()) {
            return;
        }
        layers = {QString::fromStdString(tensor->readers.front())};
    }
    m_document.edit(layers, edit, tr("set %n bit(s) for %1", nullptr, bits).arg(name));
}

void SensitivityPanel::selectRow(int row)
{
    const QString name = m_data->rows.value(row);
    if (target() == SensitivityTarget::Weight) {
        m_selection.setLayers({name});
        return;
    }
    QStringList readers;
    if (const TensorPlan* tensor = m_document.plan().findTensor(name.toStdString())) {
        for (const std::string& reader : tensor->readers) {
            readers << QString::fromStdString(reader);
        }
    }
    m_selection.setLayers(readers);
}

void SensitivityPanel::refresh()
{
    if (!m_document.isOpen()) {
        showEmpty(tr("Open a model to measure what each of its layers loses at each width."));
        return;
    }
    const auto table = m_partial ? m_partial : m_document.sensitivity();
    if (!table) {
        showEmpty(tr("A heat map of what each layer loses at each bit width appears here once it "
                     "was measured."),
                  m_measure);
        return;
    }
    auto matrix = std::make_shared<ui::HeatMapData>();
    m_bits = table->bits;
    for (const int bits : m_bits) {
        matrix->columns << QString::number(bits);
    }
    matrix->legend = lossUnitOf(m_document);
    const std::vector<Row> rows = rowsOf(m_document.plan(), target());
    int selected = -1;
    const QString current = m_selection.currentLayer();
    for (const Row& row : rows) {
        if (QString::fromStdString(row.name) == current) {
            selected = static_cast<int>(matrix->rows.size());
        }
        matrix->rows << QString::fromStdString(row.name);
        const auto chosen = std::find(m_bits.begin(), m_bits.end(), row.bits);
        matrix->chosen.push_back(
            chosen == m_bits.end() ? -1 : static_cast<int>(chosen - m_bits.begin()));
    }
    matrix->values.assign(rows.size() * m_bits.size(), std::numeric_limits<double>::quiet_NaN());
    std::unordered_map<std::string_view, std::size_t> rowOf;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rowOf.emplace(rows[i].name, i);
    }
    for (const SensitivityEntry& entry : table->entries) {
        const auto row = rowOf.find(entry.name);
        const auto column = std::find(m_bits.begin(), m_bits.end(), entry.bits);
        if (entry.target == target() && row != rowOf.end() && column != m_bits.end()) {
            matrix->values[row->second * m_bits.size() +
                           static_cast<std::size_t>(column - m_bits.begin())] =
                lossOf(*table, entry, m_document.metric());
        }
    }
    m_data = matrix;
    m_map->setData(matrix);
    m_map->setSelectedRow(selected);
    m_caption->setText(
        m_partial ? tr("Measuring: means over the first %n image(s) of %1.", nullptr,
                       static_cast<int>(table->images))
                        .arg(QString::fromStdString(table->data))
                  : tr("Each cell: one tensor quantized alone; %n image(s) of %1, float accuracy "
                       "%2. The plan's widths are outlined.",
                       nullptr, static_cast<int>(table->images))
                        .arg(QString::fromStdString(table->data),
                             ui::formatPercent(table->floatAccuracyPercent)));
    showContent();
}

} // namespace bitloom::workbench
