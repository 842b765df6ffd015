// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/phrase.h"

#include "core/types/detail/phrase_json.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace bitloom {

namespace {

struct Words {
    PhraseId id;
    std::string_view name;
    std::string_view english;
};

constexpr std::array kWords{
    Words{PhraseId::Verbatim, "verbatim", ""},
    Words{PhraseId::List, "list", ""},
    Words{PhraseId::WithNote, "with_note", "%1 (%2)"},
    Words{PhraseId::CodesOfOneBit, "codes_of_one_bit", "1 bit %1"},
    Words{PhraseId::CodesOfBits, "codes_of_bits", "%1 bits %2"},
    Words{PhraseId::CodesPerChannel, "codes_per_channel", "a width per channel %1"},
    Words{PhraseId::NoScale, "no_scale", "no scale"},
    Words{PhraseId::OneScale, "one_scale", "one scale"},
    Words{PhraseId::ScalePerChannel, "scale_per_channel", "a scale per channel"},
    Words{PhraseId::ScalePerGroup, "scale_per_group", "groups of %1"},
    Words{PhraseId::ScalePerGroupAnyOrder, "scale_per_group_any_order",
          "groups of %1 in any order"},
    Words{PhraseId::ZeroPoints, "zero_points", "zero points"},
    Words{PhraseId::BitPackCodes, "bitpack_codes", "BitPack codes"},
    Words{PhraseId::BitPackCodesOrInt32, "bitpack_codes_or_int32",
          "BitPack codes, or int32 beyond 8 bits"},
    Words{PhraseId::CodesOfBitloom, "codes_of_bitloom", "codes that only Bitloom reads"},
    Words{PhraseId::KindIsNewer, "kind_is_newer", "its kind is of a newer version"},
    Words{PhraseId::NamedKindIsNewer, "named_kind_is_newer",
          "its kind \"%1\" is of a newer version"},
    Words{PhraseId::BecomeProducts, "become_products", "codes and scales become their products"},
    Words{PhraseId::BecomeRoundedProducts, "become_rounded_products",
          "codes and scales become their products, rounded"},
    Words{PhraseId::RoundedTo, "rounded_to", "rounded to %1"},
    Words{PhraseId::ScalesLost, "scales_lost", "its scales: the file holds integers alone"},
    Words{PhraseId::ScalesApart, "scales_apart", "its scales stand apart as %1.scale"},
    Words{PhraseId::NoCodes, "no_codes",
          "BitPack cannot read back a file with tensors that are no codes"},
    Words{PhraseId::NotNamedWeight, "not_named_weight",
          "other readers look for a module's packed weights under its name and .weight, this "
          "tensor is called %1"},
    Words{PhraseId::NotTwoDimensional, "not_two_dimensional",
          "other readers unpack the weights of linear and embedding layers, which have two "
          "dimensions; this tensor has the shape %1"},
    Words{PhraseId::RowWidths, "row_widths",
          "its rows have widths of their own, other readers know one for the tensor"},
    Words{PhraseId::BitsBeyond, "bits_beyond",
          "its codes have %1 bits, other readers know 1 to %2"},
    Words{PhraseId::IsEmpty, "is_empty", "it is empty"},
    Words{PhraseId::GroupsDoNotDivide, "groups_do_not_divide",
          "its %1 columns are no multiple of the group size %2, which other readers require"},
    Words{PhraseId::GroupsAreUnequal, "groups_are_unequal",
          "its groups (g_idx) do not have %1 columns each, which other readers require"},
    Words{PhraseId::ZeroPointsOutside, "zero_points_outside",
          "the zero points of its encoding %1 are not among its codes, other readers know no "
          "others"},
    Words{PhraseId::NeedsDenseCodes, "needs_dense_codes",
          "codes of %1 bits need compressed-tensors 0.18 or newer: before, they lay otherwise "
          "under the same name"},
    Words{PhraseId::NetworkLost, "network_lost",
          "the description of the network: the output holds tensors alone"},
    Words{PhraseId::PlanLost, "plan_lost", "the bit plan and how it was found"},
    Words{PhraseId::ActivationsLost, "activations_lost", "the quantizers of %1 activations"},
    Words{PhraseId::NoCodesAtAll, "no_codes_at_all",
          "the input holds no codes that compressed-tensors could hold; bitloom pack quantizes a "
          "model"},
    Words{PhraseId::KindNotHeld, "kind_not_held",
          "%1 is of the kind %2, which compressed-tensors cannot hold"},
    Words{PhraseId::TypeNotConverted, "type_not_converted",
          "%1 is of the type %2, which cannot be converted"},
    Words{PhraseId::BitPackStops, "bitpack_stops",
          "tensor %1 cannot be packed as BitPack does (exact): %2; use the mode safe (--mode safe, "
          "of a model --to bitpack)"},
    Words{PhraseId::ExactType, "exact_type",
          "it is of type %1, with which BitPack writes files that it cannot load"},
    Words{PhraseId::ExactNoDimensions, "exact_no_dimensions", "it has no dimensions"},
    Words{PhraseId::ExactNoNegative, "exact_no_negative",
          "its values are %1 to %2, none of them negative, and BitPack stops at it"},
    Words{PhraseId::ExactOffset, "exact_offset",
          "its values are %1 to %2, and BitPack takes its offset %3 modulo 256"},
    Words{PhraseId::ExactSpan, "exact_span",
          "its values are %1 to %2, a span of %3 where 8 bits hold 255"},
    Words{PhraseId::ExactInt8, "exact_int8",
          "its values are %1 to %2 as int8, which overflows when BitPack adds the offset"},
    Words{PhraseId::ZerosContradictLabel, "zeros_contradict_label",
          "%1 says checkpoint_format %2 and symmetric codes, but the zero points lie in the middle "
          "only as of %3"},
    Words{PhraseId::ZerosContradictWidth, "zeros_contradict_width",
          "%1 says that the codes are symmetric, but their zero points are neither all %2 nor all "
          "%3"},
    Words{PhraseId::ZerosUnsaid, "zeros_unsaid",
          "%1 has no checkpoint_format, and nothing says how zero points are stored"},
    Words{PhraseId::LayoutContradicts, "layout_contradicts",
          "%1 states version %2, whose codes lie %3, but %4 has as many words as %5 codes need"},
    Words{PhraseId::LayoutUnsaid, "layout_unsaid",
          "%1: both layouts of its codes fit, and config.json states no version"},
    Words{PhraseId::OffsetUnsaid, "offset_unsaid", "tensor %1 has no offset entry"},
    Words{PhraseId::And, "and", "%1 and %2"},
    Words{PhraseId::More, "more", "%1 more"},
    Words{PhraseId::NamesAndMore, "names_and_more", "%1 (%2 more)"},
    Words{PhraseId::Nothing, "nothing", "none"},
    Words{PhraseId::Also, "also", "%1; %2"},
    Words{PhraseId::Note, "note", "note: %1"},
    Words{PhraseId::NotInFile, "not_in_file", "not in the file: %1"},
    Words{PhraseId::PackedHdf5, "packed_hdf5", "packed HDF5 %1"},
    Words{PhraseId::StateDictFormat, "state_dict_format", "state dict"},
    Words{PhraseId::QuantizedStateDict, "quantized_state_dict",
          "state dict with PyTorch's quantized tensors"},
    Words{PhraseId::HawqFormat, "hawq_format", "HAWQ checkpoint"},
    Words{PhraseId::IntegerFormat, "integer_format", "integer checkpoint"},
    Words{PhraseId::ModelUnderPlan, "model_under_plan", "a model under a plan"},
    Words{PhraseId::TorchCheckpoint, "torch_checkpoint", "a PyTorch checkpoint"},
    Words{PhraseId::TorchScriptModule, "torchscript_module", "a TorchScript module"},
    Words{PhraseId::TorchExportArchive, "torch_export_archive", "a torch.export archive"},
    Words{PhraseId::LegacyCheckpoint, "legacy_checkpoint",
          "a PyTorch checkpoint of the legacy format"},
    Words{PhraseId::TarArchive, "tar_archive", "a tar archive"},
    Words{PhraseId::ForeignPickle, "foreign_pickle",
          "a Python pickle that torch.save did not write"},
    Words{PhraseId::Hdf5File, "hdf5_file", "an HDF5 file"},
    Words{PhraseId::SafetensorsFile, "safetensors_file", "a safetensors file"},
    Words{PhraseId::OnnxModel, "onnx_model", "an ONNX model"},
    Words{PhraseId::NumpyArray, "numpy_array", "a numpy array (.npy)"},
    Words{PhraseId::NumpyArchive, "numpy_archive", "a numpy archive (.npz)"},
    Words{PhraseId::ForeignZip, "foreign_zip", "a zip archive that torch.save did not write"},
    Words{PhraseId::GzipFile, "gzip_file", "a gzip file"},
    Words{PhraseId::JsonFile, "json_file", "a JSON file"},
    Words{PhraseId::TextFile, "text_file", "a text file"},
    Words{PhraseId::NoKnownFormat, "no_known_format", "of no known format"},
    Words{PhraseId::BitPlanFile, "bit_plan_file", "a bit plan"},
    Words{PhraseId::SensitivityFile, "sensitivity_file", "a sensitivity table"},
    Words{PhraseId::PredictionsFile, "predictions_file", "a list of predictions"},
    Words{PhraseId::PackedModelIn, "packed_model_in", "a packed model (%1)"},
    Words{PhraseId::PackedWeightsIn, "packed_weights_in", "packed weights without a network (%1)"},
    Words{PhraseId::UnansweredWeights, "unanswered_weights",
          "packed weights that do not say all about themselves"},
    Words{PhraseId::WeightFolder, "weight_folder", "a folder of safetensors files"},
    Words{PhraseId::ProjectFolder, "project_folder", "a Bitloom project"},
    Words{PhraseId::Folder, "folder", "a folder"},
    Words{PhraseId::AllNamesMatch, "all_names_match", "all %1 names and shapes match"},
    Words{PhraseId::SomeNamesMatch, "some_names_match", "%1 of %2 names and shapes match; %3"},
    Words{PhraseId::NamesMissing, "names_missing", "%1 missing: %2"},
    Words{PhraseId::NamesUnexpected, "names_unexpected", "%1 unexpected: %2"},
    Words{PhraseId::NamesMisshapen, "names_misshapen", "%1 of another shape: %2"},
    Words{PhraseId::WrongShape, "wrong_shape", "%1 is %2, expected %3"},
    Words{PhraseId::PrefixRemoved, "prefix_removed", "prefix %1 removed from every name"},
    Words{PhraseId::FoundUnderKey, "found_under_key", "found under the key %1"},
    Words{PhraseId::EntriesIgnored, "entries_ignored",
          "%1 entries that are no tensors ignored: %2"},
    Words{PhraseId::ChecksumIgnored, "checksum_ignored",
          "%1 does not match its CRC-32, which was not looked at as asked for"},
    Words{PhraseId::LeftOut, "left_out", "left out: %1"},
    Words{PhraseId::NewerIsLeftOut, "newer_is_left_out",
          "its format version is %1, what is newer than %2 is left out"},
    Words{PhraseId::CodesAreRead, "codes_are_read",
          "the weights are what the codes of %1 say; activations stay in floating point"},
    Words{PhraseId::CodesBecomeFloats, "codes_become_floats",
          "the codes of %1 have 32 bits, of which at most 16 are packed: they are read as float32"},
    Words{PhraseId::HawqHolds, "hawq_holds", "HAWQ checkpoint: %1"},
    Words{PhraseId::HawqBuffers, "hawq_buffers",
          "HAWQ training checkpoint: %1 weight_integer among its %2 tensors"},
    Words{PhraseId::NoScaleFor, "no_scale_for",
          "no scale for %1 (HAWQ's export leaves out conv_scaling_factor, the scale of "
          "convolutions without batch normalisation; its training checkpoint has it)"},
    Words{PhraseId::AllWeightsZero, "all_weights_zero",
          "all weights are 0, as before the first run or where a layer stays in floating point: "
          "%1"},
    Words{PhraseId::BitWidthsOfNone, "bit_widths_of_none",
          "the bit widths have entries that belong to no tensor: %1"},
    Words{PhraseId::ShapesOfNone, "shapes_of_none",
          "the shapes have entries that belong to no tensor: %1"},
    Words{PhraseId::OffsetsOfNone, "offsets_of_none",
          "the offsets have entries that belong to no tensor: %1"},
    Words{PhraseId::OffsetUnused, "offset_unused",
          "tensor %1 is stored as it is; its offset %2 is not used"},
    Words{PhraseId::PaddingIsSet, "padding_is_set",
          "tensor %1: %2 of the %3 bits behind its codes are not 0; they are not used"},
    Words{PhraseId::OriginalHasMore, "original_has_more",
          "beside the weights, the original has what is not in the packed file: %1"},
    Words{PhraseId::MatchedWithoutPrefix, "matched_without_prefix",
          "names were matched without the prefix module."},
    Words{PhraseId::NothingPacked, "nothing_packed",
          "0 tensors packed: none holds integers of a span that fits"},
    Words{PhraseId::NothingPackedAsIs, "nothing_packed_as_is",
          "0 tensors packed: none holds integers of a span that fits; --force-pack-fp packs "
          "integers that are kept in floating point"},
    Words{PhraseId::InputActivationsLeft, "input_activations_left",
          "the input_activations of %1 are not taken over"},
    Words{PhraseId::OutputActivationsLeft, "output_activations_left",
          "the output_activations of %1 are not taken over"},
    Words{PhraseId::CacheSchemeLeft, "cache_scheme_left", "the kv_cache_scheme is not taken over"},
    Words{PhraseId::CodesArePadded, "codes_are_padded",
          "codes of 3, 5, 6 and 7 bits lie padded, as compressed-tensors before 0.18 wrote them"},
    Words{PhraseId::ZerosAsAsked, "zeros_as_asked", "zero points are read as of GPTQ %1, as asked"},
    Words{PhraseId::ZerosBySymmetry, "zeros_by_symmetry",
          "zero points are read as of GPTQ %1: the file is symmetric, and only so do they lie in "
          "the middle"},
    Words{PhraseId::ZerosAllSet, "zeros_all_set",
          "%1: %2 of %3 zero points have all bits set, which stands for 0 in GPTQ v1; some "
          "programs read it as %4"},
    Words{PhraseId::TracedShape, "traced_shape",
          "the input shape %1 is the one the model was traced with"},
    Words{PhraseId::GuessedShape, "guessed_shape",
          "the input shape %1 is a guess (the first that the model runs on); give another with "
          "--input-shape"},
    Words{PhraseId::SeveralOutputs, "several_outputs",
          "forward returns %1 tensors; all are outputs of the graph, the first one counts as the "
          "prediction"},
    Words{PhraseId::BranchesResolved, "branches_resolved",
          "%1 branches that depend on shapes, types or weights were resolved for the input shape"},
    Words{PhraseId::FixedBatch, "fixed_batch",
          "the model runs only at the batch size %1, which was fixed when it was traced"},
    Words{PhraseId::FusedOperator, "fused_operator",
          "%1 was recorded as the fused operator %2, so the layers inside cannot be quantized "
          "one by one; call torch.backends.mha.set_fastpath_enabled(False) before tracing"},
    Words{PhraseId::PrintLeftOut, "print_left_out", "%1 prints something; the graph does not"},
    Words{PhraseId::ActivationsUnsaid, "activations_unsaid",
          "packed weights do not say how activations are rounded: they stay in floating point in "
          "the plan, give them bits to count and measure them"},
    Words{PhraseId::GroupsUnsayable, "groups_unsayable",
          "the codes of %1 have a scale for each group of columns, which a plan cannot say: "
          "under it they are rounded anew, with one scale for each output channel"},
    Words{PhraseId::WidthsUnsayable, "widths_unsayable",
          "the codes of %1 have several widths, of which a plan can only say the widest: under "
          "it they are rounded anew"},
    Words{PhraseId::GridsUnsayable, "grids_unsayable",
          "the codes of %1 lie on grids that a plan cannot say: under it they are rounded anew"},
    Words{PhraseId::LayersByShape, "layers_by_shape", "layers are told by shape and order: %1"},
    Words{PhraseId::LayerIs, "layer_is", "%1 is %2"},
    Words{PhraseId::ChannelGatesAbsent, "channel_gates_absent",
          "the checkpoint has no channel gates for %1 weights: all their channels start open"},
    Words{PhraseId::ResidualInputsLeft, "residual_inputs_left",
          "%1 quantizers on residual inputs are left out; --residual-input-quant keeps them"},
    Words{PhraseId::NoLongerClipped, "no_longer_clipped",
          "the tensor %1 stays in floating point and is no longer clipped to its range"},
    Words{PhraseId::FeedsOnlySum, "feeds_only_sum",
          "the quantizer on %1, which feeds nothing but a sum, is not in the plan"},
};

constexpr bool isInOrder()
{
    for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (static_cast<std::size_t>(kWords[i].id) != i) {
            return false;
        }
    }
    return static_cast<std::size_t>(PhraseId::FeedsOnlySum) + 1 == kWords.size();
}
static_assert(isInOrder(), "a phrase has no words");

const Words& wordsOf(PhraseId id)
{
    return kWords.at(static_cast<std::size_t>(id));
}

/// The arguments in the places of %1 to %9.
std::string filled(std::string_view pattern, const std::vector<std::string>& arguments)
{
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool isPlace = pattern[i] == '%' && i + 1 < pattern.size() && pattern[i + 1] >= '1' &&
                             pattern[i + 1] <= '9';
        if (!isPlace) {
            text += pattern[i];
            continue;
        }
        const auto place = static_cast<std::size_t>(pattern[++i] - '1');
        text += place < arguments.size() ? arguments[place] : std::string();
    }
    return text;
}

} // namespace

std::string_view toString(PhraseId id)
{
    return wordsOf(id).name;
}

const std::vector<PhraseId>& phraseIds()
{
    static const std::vector<PhraseId> ids = [] {
        std::vector<PhraseId> all;
        for (const Words& words : kWords) {
            all.push_back(words.id);
        }
        return all;
    }();
    return ids;
}

std::string_view englishOf(PhraseId id)
{
    return wordsOf(id).english;
}

Phrase enumerated(std::vector<Phrase> items)
{
    if (items.empty()) {
        return PhraseId::Nothing;
    }
    Phrase last = std::move(items.back());
    items.pop_back();
    return items.empty()
               ? last
               : Phrase(PhraseId::And, {{PhraseId::List, std::move(items)}, std::move(last)});
}

Phrase enumerated(std::span<const std::string> items)
{
    return enumerated(std::vector<Phrase>(items.begin(), items.end()));
}

Phrase enumeratedFirst(std::span<const std::string> items)
{
    constexpr std::size_t kListed = 3;
    if (items.size() <= kListed + 1) {
        return enumerated(items);
    }
    std::vector<Phrase> listed(items.begin(), items.begin() + kListed);
    listed.push_back({PhraseId::More, {std::to_string(items.size() - kListed)}});
    return enumerated(std::move(listed));
}

std::string textOf(const Phrase& phrase)
{
    return textOf(phrase, [](std::string_view english) { return std::string(english); });
}

std::string textOf(const Phrase& phrase,
                   const std::function<std::string(std::string_view english)>& wordsFor)
{
    if (phrase.id == PhraseId::Verbatim) {
        return phrase.text;
    }
    std::vector<std::string> arguments;
    for (const Phrase& argument : phrase.arguments) {
        arguments.push_back(textOf(argument, wordsFor));
    }
    if (phrase.id != PhraseId::List) {
        return filled(wordsFor(englishOf(phrase.id)), arguments);
    }
    std::string text;
    for (const std::string& argument : arguments) {
        text += (text.empty() ? "" : ", ") + argument;
    }
    return text;
}

PhraseError::PhraseError(ErrorCode code, Phrase phrase, std::string_view advice)
    : Error(code, textOf(phrase) + (advice.empty() ? "" : "; ") + std::string(advice)),
      m_phrase(std::move(phrase))
{
}

json::Json json::jsonOf(const Phrase& phrase)
{
    if (phrase.id == PhraseId::Verbatim) {
        return phrase.text;
    }
    Json object;
    object["phrase"] = toString(phrase.id);
    Json& arguments = object["arguments"] = Json::array();
    for (const Phrase& argument : phrase.arguments) {
        arguments.push_back(jsonOf(argument));
    }
    return object;
}

namespace {

/// Absent for a phrase that this version does not know.
std::optional<Phrase> phraseFrom(const json::Cursor& value)
{
    if (value.raw().is_string()) {
        return value.text();
    }
    const auto* const words = std::ranges::find(kWords, value.at("phrase").text(), &Words::name);
    if (words == kWords.end()) {
        return std::nullopt;
    }
    Phrase phrase(words->id);
    const json::Cursor arguments = value.at("arguments");
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::optional<Phrase> argument = phraseFrom(arguments.at(i));
        if (!argument) {
            return std::nullopt;
        }
        phrase.arguments.push_back(std::move(*argument));
    }
    return phrase;
}

} // namespace

void json::put(Json& object, Json& phrases, const char* key, const Phrase& phrase)
{
    object[key] = textOf(phrase);
    if (phrase.id != PhraseId::Verbatim) {
        phrases[key] = jsonOf(phrase);
    }
}

void json::put(Json& object, Json& phrases, const char* key, const std::vector<Phrase>& list)
{
    Json& texts = object[key] = Json::array();
    for (const Phrase& phrase : list) {
        texts.push_back(textOf(phrase));
        phrases[key].push_back(jsonOf(phrase));
    }
}

Phrase json::phraseUnder(const Cursor& object, const char* key)
{
    const auto phrases = object.find("phrases");
    const auto value = phrases ? phrases->find(key) : std::nullopt;
    const auto phrase = value ? phraseFrom(*value) : std::nullopt;
    return phrase ? *phrase : Phrase(object.at(key).text());
}

std::vector<Phrase> json::phrasesUnder(const Cursor& object, const char* key)
{
    const Cursor texts = object.at(key);
    const auto phrases = object.find("phrases");
    const auto values = phrases ? phrases->find(key) : std::nullopt;
    std::vector<Phrase> list;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto phrase = values ? phraseFrom(values->at(i)) : std::nullopt;
        list.push_back(phrase ? *phrase : Phrase(texts.at(i).text()));
    }
    return list;
}

} // namespace bitloom
