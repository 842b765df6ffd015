// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/format_words.h"

#include <QCoreApplication>

namespace bitloom::workbench {

namespace {
/// What this file says; lupdate does not find the context of a function of one's own.
struct FormatChoiceWords {
    Q_DECLARE_TR_FUNCTIONS(FormatWords)
};
} // namespace

QString formatName(WeightFormat format)
{
    switch (format) {
    case WeightFormat::Packed:
        return FormatChoiceWords::tr("Packed HDF5 (.h5)");
    case WeightFormat::CompressedTensors:
        return FormatChoiceWords::tr("compressed-tensors (.safetensors)");
    case WeightFormat::TorchState:
        return FormatChoiceWords::tr("State dict of PyTorch (.pth)");
    case WeightFormat::SafetensorsState:
        return FormatChoiceWords::tr("State dict (.safetensors)");
    case WeightFormat::BitPack:
        return FormatChoiceWords::tr("BitPack, safe (.pth.tar)");
    case WeightFormat::BitPackExact:
        return FormatChoiceWords::tr("BitPack, exact (.pth.tar)");
    case WeightFormat::BitPackLegacy:
        return FormatChoiceWords::tr("BitPack, safe, before PyTorch 1.6");
    case WeightFormat::BitPackExactLegacy:
        return FormatChoiceWords::tr("BitPack, exact, before PyTorch 1.6");
    }
    return {};
}

QString formatAbout(WeightFormat format)
{
    switch (format) {
    case WeightFormat::Packed:
        return FormatChoiceWords::tr(
            "Read by Bitloom, and with h5py in a few lines. Holds everything: codes, "
            "scales, the network, the plan and the ranges of activations.");
    case WeightFormat::CompressedTensors:
        return FormatChoiceWords::tr(
            "Read by the package compressed-tensors, vLLM and transformers. Holds "
            "codes and scales; what these do not know is for Bitloom alone. A "
            "config.json is written beside it.");
    case WeightFormat::TorchState:
        return FormatChoiceWords::tr(
            "Read by torch.load(weights_only=True). Holds the weights as numbers, "
            "which take as much room as before.");
    case WeightFormat::SafetensorsState:
        return FormatChoiceWords::tr(
            "Read by the package safetensors. Holds the weights as numbers, which "
            "take as much room as before.");
    case WeightFormat::BitPack:
    case WeightFormat::BitPackLegacy:
        return FormatChoiceWords::tr(
            "Read by BitPack's loader. Holds integers at the smallest width, and "
            "their scales apart.");
    case WeightFormat::BitPackExact:
    case WeightFormat::BitPackExactLegacy:
        return FormatChoiceWords::tr(
            "Byte for byte as BitPack writes it. Holds integers alone: scales and all "
            "that is no code are lost.");
    }
    return {};
}

QString formatFilter(WeightFormat format)
{
    switch (format) {
    case WeightFormat::Packed:
        return FormatChoiceWords::tr("Packed weights (*.h5)");
    case WeightFormat::CompressedTensors:
    case WeightFormat::SafetensorsState:
        return FormatChoiceWords::tr("Safetensors (*.safetensors)");
    case WeightFormat::TorchState:
        return FormatChoiceWords::tr("State dicts (*.pth)");
    case WeightFormat::BitPack:
    case WeightFormat::BitPackExact:
    case WeightFormat::BitPackLegacy:
    case WeightFormat::BitPackExactLegacy:
        return FormatChoiceWords::tr("BitPack's files (*.pth.tar)");
    }
    return {};
}

QString formatEnding(WeightFormat format)
{
    const std::string_view ending = fileEnding(format);
    return QString::fromUtf8(ending.data(), static_cast<qsizetype>(ending.size()));
}

QString fileInFormat(const QString& file, WeightFormat from, WeightFormat to)
{
    const QString ending = formatEnding(from);
    return file.endsWith(ending) ? file.chopped(ending.size()) + formatEnding(to) : file;
}

} // namespace bitloom::workbench
