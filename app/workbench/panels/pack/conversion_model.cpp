// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/conversion_model.h"

#include "app/workbench/jobs/phrase_text.h"
#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"

namespace bitloom::workbench {

namespace {
/// A remark in brackets is in the tooltip.
QString shortened(const Phrase& phrase)
{
    return phrase.id == PhraseId::WithNote
               ? phraseText(phrase.arguments.front()) + QStringLiteral(" \u2026")
               : phraseText(phrase);
}
} // namespace

QVariant ConversionModel::cell(const ConvertedTensor& row, ConversionColumn column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case ConversionColumn::Tensor:
            return QString::fromStdString(row.name);
        case ConversionColumn::Fate:
            return row.fate == ConversionFate::Kept      ? tr("\u2713 kept")
                   : row.fate == ConversionFate::Changed ? tr("\u2248 changed")
                                                         : tr("\u2717 lost");
        case ConversionColumn::Before:
            return phraseText(row.before);
        case ConversionColumn::After:
            return shortened(row.after);
        case ConversionColumn::Bytes:
            return ui::formatBytes(row.bytes);
        case ConversionColumn::Shape:
            return ui::formatShape(row.shape);
        case ConversionColumn::What:
            return phraseText(row.what);
        }
        return {};
    case Qt::ToolTipRole:
        return column == ConversionColumn::Bytes   ? ui::formatExactBytes(row.bytes)
               : column == ConversionColumn::After ? phraseText(row.after)
               : column == ConversionColumn::Fate && !row.what.empty()
                   ? QVariant(phraseText(row.what))
                   : cell(row, column, Qt::DisplayRole);
    case ui::SortRole:
        return column == ConversionColumn::Bytes  ? QVariant(qlonglong(row.bytes))
               : column == ConversionColumn::Fate ? QVariant(static_cast<int>(row.fate))
                                                  : cell(row, column, Qt::DisplayRole);
    case ui::RawTextRole:
        return column == ConversionColumn::Bytes ? QVariant(QString::number(row.bytes))
               : column == ConversionColumn::Fate
                   ? QVariant(QString::fromStdString(std::string(toString(row.fate))))
                   : QVariant();
    default:
        return {};
    }
}

ui::ColumnHeader ConversionModel::header(ConversionColumn column) const
{
    switch (column) {
    case ConversionColumn::Tensor:
        return {tr("Tensor"), tr("Name in the file."), "tensor"};
    case ConversionColumn::Fate:
        return {tr("In the file"),
                tr("Kept: the same values with the same meaning. Changed: they stand there in "
                   "another way, or rounded. Lost: something of it is not there."),
                "fate"};
    case ConversionColumn::Before:
        return {tr("Before"), tr("How the values are stored now."), "before"};
    case ConversionColumn::After:
        return {tr("After"), tr("How the values will be stored."), "after"};
    case ConversionColumn::Bytes:
        return {tr("Bytes"), tr("Of the values with their scales, at most."), "bytes"};
    case ConversionColumn::Shape:
        return {tr("Shape"), tr("Of the tensor."), "shape"};
    case ConversionColumn::What:
        return {tr("What is changed or lost"), tr("Empty where the tensor is kept."), "what"};
    }
    return {};
}

bool ConversionModel::isNumber(ConversionColumn column) const
{
    return column == ConversionColumn::Bytes;
}

} // namespace bitloom::workbench
