// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/pack_sheet_model.h"

#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"

#include <optional>

namespace bitloom::workbench {

namespace {
/// The number behind a cell; nullopt: the cell is text.
std::optional<qlonglong> numberOf(const PackSheetRow& row, PackSheetColumn column)
{
    switch (column) {
    case PackSheetColumn::Bits:
        return row.bits;
    case PackSheetColumn::Packed:
        return row.packedBytes;
    case PackSheetColumn::Padding:
        return row.paddingBits;
    case PackSheetColumn::Scales:
        return row.scaleBytes;
    default:
        return std::nullopt;
    }
}
} // namespace

QVariant PackSheetModel::cell(const PackSheetRow& row, PackSheetColumn column, int role) const
{
    const std::optional<qlonglong> number = numberOf(row, column);
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case PackSheetColumn::Tensor:
            return QString::fromStdString(row.name);
        case PackSheetColumn::Kind:
            return row.kind == "packed"   ? tr("packed")
                   : row.kind == "pruned" ? tr("pruned")
                                          : tr("as it is");
        case PackSheetColumn::Bits:
            return row.kind == "raw" ? QString() : ui::formatBits(row.bits);
        case PackSheetColumn::Shape:
            return ui::formatShape(row.shape);
        case PackSheetColumn::Crc:
            return QStringLiteral("%1").arg(row.crc32, 8, 16, QChar(u'0'));
        case PackSheetColumn::Verified:
            return row.verified ? tr("\u2713 equal") : tr("\u2717 differs");
        case PackSheetColumn::Packed:
        case PackSheetColumn::Scales:
            return ui::formatBytes(*number);
        case PackSheetColumn::Padding:
            return ui::formatExact(*number);
        }
        return {};
    case Qt::ToolTipRole:
        return column == PackSheetColumn::Packed || column == PackSheetColumn::Scales
                   ? QVariant(ui::formatExactBytes(*number))
                   : (column == PackSheetColumn::Tensor ? QVariant(QString::fromStdString(row.name))
                                                        : QVariant());
    case ui::SortRole:
        return number ? QVariant(*number) : cell(row, column, Qt::DisplayRole);
    case ui::RawTextRole:
        if (column == PackSheetColumn::Verified) {
            return row.verified ? QStringLiteral("true") : QStringLiteral("false");
        }
        if (column == PackSheetColumn::Kind) {
            return QString::fromStdString(row.kind);
        }
        return number ? QVariant(QString::number(*number)) : QVariant();
    default:
        return {};
    }
}

ui::ColumnHeader PackSheetModel::header(PackSheetColumn column) const
{
    switch (column) {
    case PackSheetColumn::Tensor:
        return {tr("Tensor"), tr("Parameter or buffer of the model."), "tensor"};
    case PackSheetColumn::Kind:
        return {tr("Stored"), tr("As packed codes, as it is, or not at all."), "kind"};
    case PackSheetColumn::Bits:
        return {tr("Bits"), tr("Of each code."), "bits"};
    case PackSheetColumn::Shape:
        return {tr("Shape"), tr("Of the tensor."), "shape"};
    case PackSheetColumn::Packed:
        return {tr("Bytes"), tr("Codes with their padding, or the raw values."), "packed_bytes"};
    case PackSheetColumn::Padding:
        return {tr("Padding\nbits"), tr("Bits that hold no code."), "padding_bits"};
    case PackSheetColumn::Scales:
        return {tr("Scales"), tr("Scales and zero points."), "scale_bytes"};
    case PackSheetColumn::Crc:
        return {tr("CRC-32"), tr("Checksum of the stored bytes."), "crc32"};
    case PackSheetColumn::Verified:
        return {tr("Read\nback"), tr("Whether every code was read back and is equal."), "verified"};
    }
    return {};
}

bool PackSheetModel::isNumber(PackSheetColumn column) const
{
    return numberOf({}, column).has_value() || column == PackSheetColumn::Crc;
}

} // namespace bitloom::workbench
