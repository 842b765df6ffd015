// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_cells.h"

#include "widgets/models/column_header.h"
#include "widgets/util/formatting.h"

#include <QCoreApplication>
#include <QFont>
#include <QLocale>

#include <algorithm>

namespace bitloom::ui {

namespace {
class LayerTable {
    Q_DECLARE_TR_FUNCTIONS(LayerTable)
};

QString rawNumber(double value)
{
    return QString::number(value, 'g', 17);
}

QString rawNumber(const std::optional<double>& value)
{
    return value ? rawNumber(*value) : QString();
}

QString rawBits(const std::optional<BitRange>& range)
{
    if (!range) {
        return {};
    }
    const QString lowest = QString::number(range->lowest);
    return range->isMixed() ? lowest + u'-' + QString::number(range->highest) : lowest;
}

QString rawShape(const std::vector<std::int64_t>& shape)
{
    QStringList parts;
    for (const std::int64_t size : shape) {
        parts << QString::number(size);
    }
    return parts.join(u'x');
}

QString yesNo(bool value)
{
    return value ? LayerTable::tr("yes") : LayerTable::tr("no");
}

QString kindOf(const LayerCell& cell)
{
    return cell.row != nullptr
               ? kindText(cell.row->kind)
               : LayerTable::tr("%n layers", nullptr, std::max(cell.sums.layers, 0));
}

QString schemeOf(const LayerCell& cell)
{
    return cell.sums.weight ? schemeText(*cell.sums.weight) : LayerTable::tr("several");
}

QString withLossUnit(const QString& text, const QString& unit)
{
    return unit.isEmpty() ? text : text + QChar(0x00A0) + unit;
}

QVariant displayText(const LayerCell& cell, LayerColumn column)
{
    const LayerSums& sums = cell.sums;
    switch (column) {
    case LayerColumn::Name:
        return cell.label;
    case LayerColumn::Kind:
        return kindOf(cell);
    case LayerColumn::Shape:
        return cell.row != nullptr && !cell.row->weightShape.empty()
                   ? formatShape(cell.row->weightShape)
                   : QString();
    case LayerColumn::Macs:
        return formatCount(sums.macs);
    case LayerColumn::Parameters:
        return formatCount(sums.parameters);
    case LayerColumn::WeightBits:
        return sums.weightBits ? bitRangeText(*sums.weightBits) : notKnown();
    case LayerColumn::ActivationBits:
        return sums.activationBits ? bitRangeText(*sums.activationBits) : notKnown();
    case LayerColumn::Scheme:
        return schemeOf(cell);
    case LayerColumn::Bytes:
        return formatBytes(sums.bytes);
    case LayerColumn::BopsShare:
        return formatPercent(100 * sums.bopsShare);
    case LayerColumn::Sensitivity:
        return formatSignificant(sums.sensitivity);
    case LayerColumn::PredictedLoss:
        return formatSignificant(sums.predictedLoss);
    case LayerColumn::Locked:
        return QString(); // the check mark
    }
    return {};
}

QVariant sortValue(const LayerCell& cell, LayerColumn column)
{
    const LayerSums& sums = cell.sums;
    const auto number = [](const std::optional<double>& value) {
        return value ? QVariant(*value) : QVariant();
    };
    switch (column) {
    case LayerColumn::Name:
        return cell.path;
    case LayerColumn::Kind:
        return kindOf(cell);
    case LayerColumn::Shape: {
        if (cell.row == nullptr || cell.row->weightShape.empty()) {
            return {};
        }
        double elements = 1;
        for (const std::int64_t size : cell.row->weightShape) {
            elements *= static_cast<double>(size);
        }
        return elements;
    }
    case LayerColumn::Macs:
        return static_cast<qlonglong>(sums.macs);
    case LayerColumn::Parameters:
        return static_cast<qlonglong>(sums.parameters);
    case LayerColumn::WeightBits:
        return sums.weightBits ? QVariant(sums.weightBits->lowest) : QVariant();
    case LayerColumn::ActivationBits:
        return sums.activationBits ? QVariant(sums.activationBits->lowest) : QVariant();
    case LayerColumn::Scheme:
        return schemeOf(cell);
    case LayerColumn::Bytes:
        return static_cast<qlonglong>(sums.bytes);
    case LayerColumn::BopsShare:
        return sums.bopsShare;
    case LayerColumn::Sensitivity:
        return number(sums.sensitivity);
    case LayerColumn::PredictedLoss:
        return number(sums.predictedLoss);
    case LayerColumn::Locked:
        return sums.locked;
    }
    return {};
}

QString rawText(const LayerCell& cell, LayerColumn column)
{
    switch (column) {
    case LayerColumn::Kind:
        return cell.row != nullptr ? kindName(cell.row->kind) : QString();
    case LayerColumn::Shape:
        return cell.row != nullptr ? rawShape(cell.row->weightShape) : QString();
    case LayerColumn::WeightBits:
        return rawBits(cell.sums.weightBits);
    case LayerColumn::ActivationBits:
        return rawBits(cell.sums.activationBits);
    case LayerColumn::BopsShare:
        return rawNumber(100 * cell.sums.bopsShare);
    case LayerColumn::Sensitivity:
        return rawNumber(cell.sums.sensitivity);
    case LayerColumn::PredictedLoss:
        return rawNumber(cell.sums.predictedLoss);
    default:
        return sortValue(cell, column).toString();
    }
}

QString weightTip(const LayerCell& cell)
{
    if (!cell.sums.weightBits) {
        return LayerTable::tr("No weight: both operands are activations.");
    }
    if (cell.row == nullptr) {
        return LayerTable::tr("Weights of the layers below: %1 bits.")
            .arg(bitRangeText(*cell.sums.weightBits));
    }
    const QString bits = bitRangeText(*cell.sums.weightBits);
    return cell.row->weight.isFloat() || cell.row->weight.isPruned()
               ? LayerTable::tr("Weight: %1.").arg(bits)
               : LayerTable::tr("Weight: %1 bits, %2.").arg(bits, schemeText(cell.row->weight));
}

QString activationTip(const LayerCell& cell)
{
    if (cell.row == nullptr) {
        return cell.sums.activationBits ? LayerTable::tr("Inputs of the layers below: %1 bits.")
                                              .arg(bitRangeText(*cell.sums.activationBits))
                                        : QString();
    }
    const LayerRow& row = *cell.row;
    QString tip = row.secondActivationBits ? LayerTable::tr("Operands: %1 and %2 bits.")
                                                 .arg(formatBits(row.activation.bits),
                                                      formatBits(*row.secondActivationBits))
                  : row.activation.isFloat()
                      ? LayerTable::tr("Input: FP32.")
                      : LayerTable::tr("Input: %1 bits, %2.")
                            .arg(formatBits(row.activation.bits), schemeText(row.activation));
    if (!row.sharedInput.isEmpty()) {
        QStringList shown = row.sharedInput.mid(0, 5);
        if (row.sharedInput.size() > shown.size()) {
            shown << LayerTable::tr("%n more", nullptr,
                                    static_cast<int>(row.sharedInput.size() - shown.size()));
        }
        tip += u'\n' + LayerTable::tr("The same tensor feeds %1: its bits change with this one.")
                           .arg(shown.join(QStringLiteral(", ")));
    }
    return tip;
}

QString toolTip(const LayerCell& cell, LayerColumn column)
{
    const LayerSums& sums = cell.sums;
    switch (column) {
    case LayerColumn::Name:
        return cell.path;
    case LayerColumn::Kind:
        return cell.row != nullptr ? cell.row->op : kindOf(cell);
    case LayerColumn::Shape:
        return cell.row == nullptr ? QString()
               : cell.row->weightShape.empty()
                   ? LayerTable::tr("Output %1 at batch 1").arg(formatShape(cell.row->outputShape))
                   : LayerTable::tr("Weight %1\nOutput %2 at batch 1")
                         .arg(formatShape(cell.row->weightShape),
                              formatShape(cell.row->outputShape));
    case LayerColumn::Macs:
        return LayerTable::tr("%1 multiply-accumulates").arg(formatExact(sums.macs));
    case LayerColumn::Parameters:
        return LayerTable::tr("%1 parameters").arg(formatExact(sums.parameters));
    case LayerColumn::WeightBits:
        return weightTip(cell);
    case LayerColumn::ActivationBits:
        return activationTip(cell);
    case LayerColumn::Scheme:
        return schemeOf(cell);
    case LayerColumn::Bytes:
        return formatExactBytes(sums.bytes);
    case LayerColumn::BopsShare:
        return LayerTable::tr("%1 bit operations, %2 of the plan")
            .arg(formatExact(sums.bops), formatPercent(100 * sums.bopsShare));
    case LayerColumn::Sensitivity:
        return sums.sensitivity ? withLossUnit(rawNumber(*sums.sensitivity), cell.lossUnit)
                                : LayerTable::tr("Not measured yet: run the sensitivity sweep.");
    case LayerColumn::PredictedLoss:
        return sums.predictedLoss
                   ? LayerTable::tr("Predicted: %1")
                         .arg(withLossUnit(rawNumber(*sums.predictedLoss), cell.lossUnit))
                   : LayerTable::tr("Not known: the sensitivity table lacks these widths.");
    case LayerColumn::Locked:
        return LayerTable::tr("Locked: %1").arg(yesNo(sums.locked == sums.layers));
    }
    return {};
}

bool isNumber(LayerColumn column)
{
    switch (column) {
    case LayerColumn::Macs:
    case LayerColumn::Parameters:
    case LayerColumn::WeightBits:
    case LayerColumn::ActivationBits:
    case LayerColumn::Bytes:
    case LayerColumn::BopsShare:
    case LayerColumn::Sensitivity:
    case LayerColumn::PredictedLoss:
        return true;
    default:
        return false;
    }
}

int alignment(LayerColumn column)
{
    return columnAlignment(isNumber(column));
}

struct Header {
    const char* key = nullptr;
    const char* title = nullptr;
    const char* hint =
        nullptr; ///< what it is, or behind a metric what can be done with it; may be empty
    std::optional<Metric> metric = {};
};

const Header& headerOf(LayerColumn column)
{
    static const Header headers[kLayerColumns] = {
        {"name", QT_TRANSLATE_NOOP("LayerTable", "Layer"),
         QT_TRANSLATE_NOOP("LayerTable", "Module path of the layer, in execution order.")},
        {"kind", QT_TRANSLATE_NOOP("LayerTable", "Kind"),
         QT_TRANSLATE_NOOP("LayerTable", "What the layer computes.")},
        {"shape", QT_TRANSLATE_NOOP("LayerTable", "Weight shape"),
         QT_TRANSLATE_NOOP("LayerTable", "Shape of the weight, output channels first.")},
        {"macs", QT_TRANSLATE_NOOP("LayerTable", "MACs"), "", Metric::Macs},
        {"params", QT_TRANSLATE_NOOP("LayerTable", "Parameters"), "", Metric::Parameters},
        {"wbits", QT_TRANSLATE_NOOP("LayerTable", "W bits"),
         QT_TRANSLATE_NOOP("LayerTable",
                           "Type w and a number to set them for the selected layers."),
         Metric::WeightBits},
        {"abits", QT_TRANSLATE_NOOP("LayerTable", "A bits"),
         QT_TRANSLATE_NOOP("LayerTable",
                           "Type a and a number to set them for the selected layers."),
         Metric::ActivationBits},
        {"scheme", QT_TRANSLATE_NOOP("LayerTable", "Scheme"),
         QT_TRANSLATE_NOOP("LayerTable", "How the weight's codes and range are chosen.")},
        {"bytes", QT_TRANSLATE_NOOP("LayerTable", "Size"), "", Metric::LayerSize},
        {"share", QT_TRANSLATE_NOOP("LayerTable", "BOPs share"), "", Metric::BopsShare},
        {"sens", QT_TRANSLATE_NOOP("LayerTable", "Sensitivity"), "", Metric::Sensitivity},
        {"loss", QT_TRANSLATE_NOOP("LayerTable", "Predicted loss"), "", Metric::LayerLoss},
        {"locked", QT_TRANSLATE_NOOP("LayerTable", "Locked"),
         QT_TRANSLATE_NOOP("LayerTable",
                           "Edits and searches leave locked layers alone. Type l to lock or "
                           "unlock the selected layers.")},
    };
    return headers[static_cast<int>(column)];
}

QString definitionText(const Header& header)
{
    QStringList sentences;
    if (header.metric) {
        sentences << definitionOf(*header.metric).meaning;
    }
    if (*header.hint != '\0') {
        sentences << LayerTable::tr(header.hint);
    }
    return sentences.join(u' ');
}
} // namespace

QString schemeText(const QuantSpec& spec)
{
    const QString scheme =
        spec.scheme == QScheme::Affine ? LayerTable::tr("affine") : LayerTable::tr("symmetric");
    const QString granularity = spec.granularity == Granularity::PerTensor
                                    ? LayerTable::tr("per tensor")
                                    : LayerTable::tr("per channel");
    const QString observer = spec.range                              ? LayerTable::tr("fixed range")
                             : spec.observer == Observer::MinMax     ? LayerTable::tr("min-max")
                             : spec.observer == Observer::Percentile ? LayerTable::tr("percentile")
                                                                     : LayerTable::tr("MSE");
    return scheme + QStringLiteral(", ") + granularity + QStringLiteral(", ") + observer;
}

QString bitRangeText(const BitRange& range)
{
    // "0–8": a word would not fit beside the other width.
    return range.isMixed()
               ? QLocale().toString(range.lowest) + QChar(0x2013) + formatBits(range.highest)
               : formatBits(range.lowest);
}

QVariant layerCellData(const LayerCell& cell, LayerColumn column, int role)
{
    const bool predicted = column == LayerColumn::PredictedLoss && cell.sums.predictedLoss;
    switch (role) {
    case Qt::DisplayRole:
        return displayText(cell, column);
    case Qt::ToolTipRole:
        return toolTip(cell, column);
    case Qt::TextAlignmentRole:
        return alignment(column);
    case Qt::FontRole:
        if (predicted || (column == LayerColumn::Name && cell.row == nullptr)) {
            QFont font;
            font.setItalic(predicted);
            font.setWeight(predicted ? QFont::Normal : QFont::DemiBold);
            return font;
        }
        return {};
    case Qt::CheckStateRole:
        if (column == LayerColumn::Locked) {
            return cell.sums.locked == 0                  ? Qt::Unchecked
                   : cell.sums.locked == cell.sums.layers ? Qt::Checked
                                                          : Qt::PartiallyChecked;
        }
        return {};
    case Qt::AccessibleTextRole:
        if (column == LayerColumn::Locked) {
            return cell.sums.locked == 0                  ? LayerTable::tr("not locked")
                   : cell.sums.locked == cell.sums.layers ? LayerTable::tr("locked")
                                                          : LayerTable::tr("partly");
        }
        return {};
    case SortRole:
        return sortValue(cell, column);
    case RawTextRole:
        return rawText(cell, column);
    case PredictedRole:
        return predicted;
    case BarRole:
        return column == LayerColumn::BopsShare
                   ? QVariant(std::clamp(cell.sums.bopsShare, 0.0, 1.0))
                   : QVariant();
    case BitsRole: {
        const auto& range = column == LayerColumn::WeightBits       ? cell.sums.weightBits
                            : column == LayerColumn::ActivationBits ? cell.sums.activationBits
                                                                    : std::nullopt;
        return range ? QVariant::fromValue(*range) : QVariant();
    }
    case LayerNameRole:
        return cell.row != nullptr ? cell.row->name : QString();
    default:
        return {};
    }
}

QVariant layerHeaderData(LayerColumn column, int role, const QString& lossUnit)
{
    const Header& header = headerOf(column);
    switch (role) {
    case Qt::DisplayRole: {
        const bool isLoss =
            column == LayerColumn::Sensitivity || column == LayerColumn::PredictedLoss;
        const QString title = LayerTable::tr(header.title);
        return isLoss && !lossUnit.isEmpty() ? title + u'\n' + lossUnit : title;
    }
    case Qt::ToolTipRole:
        return definitionText(header);
    case Qt::WhatsThisRole:
        return header.metric ? whatsThis(*header.metric) : definitionText(header);
    case Qt::TextAlignmentRole:
        return alignment(column);
    case KeyRole:
        return QString::fromLatin1(header.key);
    default:
        return {};
    }
}

} // namespace bitloom::ui
