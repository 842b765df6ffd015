// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/phrase.h"

#include "core/types/detail/phrase_json.h"

#include <algorithm>
#include <array>
#include <cstddef>
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
};

constexpr bool isInOrder()
{
    for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (static_cast<std::size_t>(kWords[i].id) != i) {
            return false;
        }
    }
    return static_cast<std::size_t>(PhraseId::OffsetUnsaid) + 1 == kWords.size();
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

Phrase json::phraseFrom(const Cursor& value)
{
    if (value.raw().is_string()) {
        return value.text();
    }
    const Cursor name = value.at("phrase");
    const auto* const words = std::ranges::find(kWords, name.text(), &Words::name);
    if (words == kWords.end()) {
        name.fail(ErrorCode::CorruptFile, "the phrase \"", name.text(), "\" is not known");
    }
    Phrase phrase(words->id);
    const Cursor arguments = value.at("arguments");
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        phrase.arguments.push_back(phraseFrom(arguments.at(i)));
    }
    return phrase;
}

} // namespace bitloom
