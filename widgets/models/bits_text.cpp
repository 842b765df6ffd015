// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/bits_text.h"

#include "widgets/util/formatting.h"

#include <QCoreApplication>

namespace bitloom::ui {

namespace {
class BitsText {
    Q_DECLARE_TR_FUNCTIONS(BitsText)
};

/// What a cell says: a width, nothing, or no width at all.
struct Cell {
    bool isWidth = true;
    std::optional<int> bits;
};

Cell cellFrom(const QString& text)
{
    const QString word = text.trimmed().toLower();
    if (word.isEmpty() || word == QLatin1String("-") || word == notKnown()) {
        return {};
    }
    if (word == QLatin1String("fp32") || word == QLatin1String("float")) {
        return {true, kFloatBits};
    }
    if (word == QLatin1String("pruned") || word == formatBits(kPrunedBits)) {
        return {true, kPrunedBits};
    }
    if (word.indexOf(u'-') > 0) { // "4-8": a matmul's operands differ
        return {};
    }
    bool isNumber = false;
    const int bits = word.toInt(&isNumber);
    return isNumber && isLegalBitWidth(bits) ? Cell{true, bits} : Cell{false, {}};
}

/// Where a line keeps its parts; -1: nowhere.
struct Columns {
    qsizetype name = 0;
    qsizetype weight = 1;
    qsizetype activation = 2;
};

std::optional<Columns> columnsFrom(const QStringList& header)
{
    const Columns columns{header.indexOf(QStringLiteral("name")),
                          header.indexOf(QStringLiteral("wbits")),
                          header.indexOf(QStringLiteral("abits"))};
    return columns.name >= 0 && (columns.weight >= 0 || columns.activation >= 0)
               ? std::optional(columns)
               : std::nullopt;
}

LayerBits bitsFor(const QString& layer, BitTarget target, std::optional<int> bits)
{
    return target == BitTarget::Weights ? LayerBits{layer, bits, {}} : LayerBits{layer, {}, bits};
}

QString noWidth(qsizetype line, const QString& text)
{
    return BitsText::tr("Nothing was pasted: in line %1, “%2” is not a bit width (0 to 16, 32).")
        .arg(line + 1)
        .arg(shortened(text, 40));
}
} // namespace

std::variant<PastedBits, QString>
bitsFromText(const QString& text, const QStringList& selectedLayers, BitTarget target,
             const std::function<bool(const QString& layer)>& isLayer)
{
    QStringList lines = text.split(u'\n');
    while (!lines.isEmpty() && lines.last().trimmed().isEmpty()) {
        lines.removeLast();
    }
    if (lines.isEmpty()) {
        return BitsText::tr("Nothing was pasted: the clipboard holds no text.");
    }
    PastedBits result;
    if (!text.contains(u'\t')) {
        if (selectedLayers.isEmpty()) {
            return BitsText::tr("Nothing was pasted: select the layers that the numbers are for.");
        }
        if (lines.size() != 1 && lines.size() != selectedLayers.size()) {
            return BitsText::tr("Nothing was pasted: %1 numbers for %2 selected layers.")
                .arg(lines.size())
                .arg(selectedLayers.size());
        }
        for (qsizetype i = 0; i < selectedLayers.size(); ++i) {
            const qsizetype line = lines.size() == 1 ? 0 : i;
            const Cell cell = cellFrom(lines[line]);
            if (!cell.isWidth) {
                return noWidth(line, lines[line].trimmed());
            }
            if (cell.bits) {
                result.bits.append(bitsFor(selectedLayers[i], target, cell.bits));
            }
        }
        return result;
    }
    Columns columns;
    qsizetype first = 0;
    if (const auto fromHeader = columnsFrom(lines.first().trimmed().split(u'\t'))) {
        columns = *fromHeader;
        first = 1;
    }
    for (qsizetype line = first; line < lines.size(); ++line) {
        const QStringList cells = lines[line].split(u'\t');
        const auto width = [&cells](qsizetype column) {
            return column >= 0 && column < cells.size() ? cellFrom(cells[column]) : Cell{};
        };
        const QString layer = cells.value(columns.name).trimmed();
        if (layer.isEmpty()) {
            continue;
        }
        if (!isLayer(layer)) {
            result.unknownLayers.append(layer);
            continue;
        }
        const Cell weight = width(columns.weight);
        const Cell activation = width(columns.activation);
        if (!weight.isWidth || !activation.isWidth) {
            return noWidth(line, cells[weight.isWidth ? columns.activation : columns.weight]);
        }
        if (weight.bits || activation.bits) {
            result.bits.append({layer, weight.bits, activation.bits});
        }
    }
    return result;
}

} // namespace bitloom::ui
