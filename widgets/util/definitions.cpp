// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/definitions.h"

#include <QCoreApplication>

namespace bitloom::ui {

namespace {
struct DefinitionWords {
    Q_DECLARE_TR_FUNCTIONS(Definitions)
};

QString percent()
{
    return DefinitionWords::tr("percent");
}

QString counted()
{
    return DefinitionWords::tr("Counted from the model and the plan; exact.");
}

QString measured()
{
    return DefinitionWords::tr("Measured by Evaluate on the chosen images.");
}

Definition costOf(Metric metric)
{
    switch (metric) {
    case Metric::LayerSize:
        return {DefinitionWords::tr("Size of a layer"),
                DefinitionWords::tr(
                    "Stored bytes of the weight: packed codes, scales and zero points."),
                DefinitionWords::tr("bytes; 1 kB is 1000 bytes"),
                DefinitionWords::tr(
                    "rows × ⌈columns × bits ÷ 8⌉, plus 4 bytes for each scale and each zero "
                    "point"),
                counted()};
    case Metric::Bops:
        return {DefinitionWords::tr("Bit operations (BOPs)"),
                DefinitionWords::tr(
                    "Multiply-accumulates × weight bits × activation bits, summed over the "
                    "layers; FP32 counts 32 × 32."),
                DefinitionWords::tr("percent of the same network in FP32"),
                DefinitionWords::tr(
                    "Σ MACs × b<sub>w</sub> × b<sub>a</sub>; pruned layers count nothing"),
                DefinitionWords::tr(
                    "van Baalen et al., “Bayesian Bits”, NeurIPS 2020. Counted from the "
                    "model and the plan.")};
    case Metric::ExpectedBops:
        return {DefinitionWords::tr("Expected bit operations"),
                DefinitionWords::tr(
                    "Bit operations that the gates of a search come to on average, each open "
                    "with its own probability; they fall before the first gate shuts."),
                DefinitionWords::tr("percent of the same network in FP32"),
                DefinitionWords::tr(
                    "Σ MACs × E[b<sub>w</sub>] × E[b<sub>a</sub>] × kept share of the "
                    "channels, E[b] = 2 + 2 p<sub>4</sub> + 4 p<sub>4</sub> p<sub>8</sub> + "
                    "8 p<sub>4</sub> p<sub>8</sub> p<sub>16</sub> + 16 p<sub>4</sub> "
                    "p<sub>8</sub> p<sub>16</sub> p<sub>32</sub>"),
                DefinitionWords::tr(
                    "Computed from the gates of the run; exact for independent gates.")};
    case Metric::BopsShare:
        return {DefinitionWords::tr("Share of bit operations"),
                DefinitionWords::tr(
                    "The layer's part of the plan's bit operations (MACs × weight bits × "
                    "activation bits)."),
                percent(), DefinitionWords::tr("BOPs of the layer ÷ BOPs of the plan"), counted()};
    case Metric::Macs:
        return {DefinitionWords::tr("Multiply-accumulates (MACs)"),
                DefinitionWords::tr("Multiply-accumulates for one input; no plan changes them."),
                DefinitionWords::tr("operations; 1 k is 1000"),
                DefinitionWords::tr(
                    "convolutions, linear layers and matrix products; nothing else counts"),
                DefinitionWords::tr("Counted in one recorded run of the model at batch 1.")};
    case Metric::Parameters:
        return {DefinitionWords::tr("Parameters"),
                DefinitionWords::tr("Elements of weight and bias."),
                DefinitionWords::tr("numbers"),
                {},
                DefinitionWords::tr("Read from the model.")};
    default:
        return {DefinitionWords::tr("Size"),
                DefinitionWords::tr(
                    "Bytes of the packed weights with scales and zero points, and of all "
                    "other tensors as they are; without the container's own metadata."),
                DefinitionWords::tr("bytes; 1 kB is 1000 bytes"),
                DefinitionWords::tr("Σ size of the layers + tensors that are stored as they are"),
                counted()};
    }
}

Definition lossOf(Metric metric)
{
    switch (metric) {
    case Metric::Sensitivity:
        return {
            DefinitionWords::tr("Sensitivity"),
            DefinitionWords::tr(
                "Measured loss when only this layer is quantized, to the narrowest width "
                "of the sensitivity table."),
            DefinitionWords::tr(
                "nats for the KL divergence; squared difference for the output error; "
                "points for accuracy"),
            DefinitionWords::tr("KL(softmax(float) ‖ softmax(quantized)), mean over the images"),
            DefinitionWords::tr("Measured by the sensitivity sweep.")};
    case Metric::LayerLoss:
        return {DefinitionWords::tr("Predicted loss of a layer"),
                DefinitionWords::tr(
                    "Loss that the present widths cause, read from the sensitivity table; "
                    "losses of layers add up."),
                DefinitionWords::tr("as the sensitivity"),
                DefinitionWords::tr(
                    "loss of the weight alone + loss of the input alone, at their widths"),
                DefinitionWords::tr("Sensitivity table; not a measurement of the plan.")};
    default:
        return {
            DefinitionWords::tr("Predicted loss"),
            DefinitionWords::tr(
                "Sum of the losses that the sensitivity table gives each layer at its "
                "widths. Not a measurement."),
            DefinitionWords::tr("as the sensitivity"),
            DefinitionWords::tr("Σ loss of each weight and each activation tensor quantized alone"),
            DefinitionWords::tr("Sensitivity table; what layers do to each other is not in it.")};
    }
}

Definition qualityOf(Metric metric)
{
    switch (metric) {
    case Metric::Top5:
        return {DefinitionWords::tr("Top-5 accuracy"),
                DefinitionWords::tr("Images whose class was among the first five answers."),
                percent(), DefinitionWords::tr("right images ÷ all images"), measured()};
    case Metric::Change:
        return {DefinitionWords::tr("Change of accuracy"),
                DefinitionWords::tr("Top-1 in points against the model without a plan."),
                DefinitionWords::tr("percentage points"),
                DefinitionWords::tr("top-1 of the plan − top-1 of the model"), measured()};
    case Metric::Agreement:
        return {DefinitionWords::tr("Same answer"),
                DefinitionWords::tr(
                    "Images that get the same answer as without a plan, right or wrong."),
                percent(), DefinitionWords::tr("images with the same answer ÷ all images"),
                measured()};
    case Metric::Sqnr:
        return {DefinitionWords::tr("Signal to quantization noise (SQNR)"),
                DefinitionWords::tr(
                    "How much stronger the weight is than what its quantization changes."),
                DefinitionWords::tr("decibels"),
                DefinitionWords::tr("10 log₁₀(mean w² ÷ mean (w − quantized w)²)"),
                DefinitionWords::tr("Computed over all weights of the layer; exact.")};
    default:
        return {DefinitionWords::tr("Measured accuracy"),
                DefinitionWords::tr("Share of the images whose best class is right, top-1."),
                percent(), DefinitionWords::tr("right images ÷ all images"), measured()};
    }
}

Definition bitsOf(Metric metric)
{
    const QString unit = DefinitionWords::tr("bits: 0 (pruned), 1 to 16, or FP32");
    const QString source = DefinitionWords::tr("The plan; yours or the search's choice.");
    return metric == Metric::WeightBits
               ? Definition{DefinitionWords::tr("Weight bits"),
                            DefinitionWords::tr("Bits of each weight; FP32 is not quantized."),
                            unit, DefinitionWords::tr("a width of b bits has 2<sup>b</sup> levels"),
                            source}
               : Definition{DefinitionWords::tr("Activation bits"),
                            DefinitionWords::tr("Bits of each element of the layer's input."), unit,
                            DefinitionWords::tr("a width of b bits has 2<sup>b</sup> levels"),
                            source};
}
} // namespace

Definition definitionOf(Metric metric)
{
    switch (metric) {
    case Metric::Size:
    case Metric::LayerSize:
    case Metric::Bops:
    case Metric::BopsShare:
    case Metric::ExpectedBops:
    case Metric::Macs:
    case Metric::Parameters:
        return costOf(metric);
    case Metric::WeightBits:
    case Metric::ActivationBits:
        return bitsOf(metric);
    case Metric::Sensitivity:
    case Metric::LayerLoss:
    case Metric::PredictedLoss:
        return lossOf(metric);
    case Metric::Top1:
    case Metric::Top5:
    case Metric::Change:
    case Metric::Agreement:
    case Metric::Sqnr:
        return qualityOf(metric);
    }
    return {};
}

QString whatsThis(Metric metric)
{
    const Definition definition = definitionOf(metric);
    QString text = QStringLiteral("<p><b>%1</b></p><p>%2</p>")
                       .arg(definition.name, definition.meaning.toHtmlEscaped());
    const auto add = [&text](const QString& title, const QString& value) {
        if (!value.isEmpty()) {
            text += QStringLiteral("<p>%1 %2</p>").arg(title, value);
        }
    };
    add(DefinitionWords::tr("Unit:"), definition.unit);
    add(DefinitionWords::tr("Formula:"), definition.formula);
    add(DefinitionWords::tr("Source:"), definition.source);
    return text;
}

} // namespace bitloom::ui
