// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What is said of conversions and exports, each in words of its own. Their English is in
/// phrase.cpp and nowhere else; windows look up the same words in their own language.
enum class PhraseId {
    Verbatim, ///< names, types and what others say: the same in every language
    List,     ///< its arguments, separated by commas
    WithNote, ///< of something, with a remark in brackets

    // How the values of a tensor lie in a file.
    CodesOfOneBit,   ///< encoding
    CodesOfBits,     ///< bits, encoding
    CodesPerChannel, ///< encoding
    NoScale,
    OneScale,
    ScalePerChannel,
    ScalePerGroup,         ///< size of a group
    ScalePerGroupAnyOrder, ///< size of a group
    ZeroPoints,
    BitPackCodes,
    BitPackCodesOrInt32,
    CodesOfBitloom,

    // What is changed or lost of a tensor.
    KindIsNewer,
    NamedKindIsNewer, ///< kind
    BecomeProducts,
    BecomeRoundedProducts,
    RoundedTo, ///< type
    ScalesLost,
    ScalesApart, ///< name of the tensor
    NoCodes,

    // What other readers of compressed-tensors make of a tensor.
    NotNamedWeight,    ///< name of the tensor
    NotTwoDimensional, ///< shape
    RowWidths,
    BitsBeyond, ///< bits, most bits
    IsEmpty,
    GroupsDoNotDivide, ///< columns, size of a group
    GroupsAreUnequal,  ///< size of a group
    ZeroPointsOutside, ///< encoding
    NeedsDenseCodes,   ///< bits

    // What the file as a whole does not hold.
    NetworkLost,
    PlanLost,
    ActivationsLost, ///< how many

    // Why a format cannot hold something.
    NoCodesAtAll,
    KindNotHeld,      ///< name, kind
    TypeNotConverted, ///< name, type
    BitPackStops,     ///< name, why: one of those that follow
    ExactType,        ///< type
    ExactNoDimensions,
    ExactNoNegative, ///< least and largest value
    ExactOffset,     ///< least and largest value, offset
    ExactSpan,       ///< least and largest value, span
    ExactInt8,       ///< least and largest value

    // What a file does not say of itself.
    ZerosContradictLabel, ///< file, label, version
    ZerosContradictWidth, ///< file, two zero points
    ZerosUnsaid,          ///< file
    LayoutContradicts,    ///< file, version, its layout, tensor, its layout
    LayoutUnsaid,         ///< tensor
    OffsetUnsaid,         ///< tensor
};

/// A few words with what they are about. Immutable in use.
struct Phrase {
    PhraseId id = PhraseId::Verbatim;
    std::string text; ///< of Verbatim
    std::vector<Phrase> arguments;

    Phrase() = default;
    Phrase(std::string verbatim) : text(std::move(verbatim)) {}
    Phrase(const char* verbatim) : text(verbatim) {}
    Phrase(PhraseId which, std::vector<Phrase> about = {}) : id(which), arguments(std::move(about))
    {
    }
    bool empty() const { return id == PhraseId::Verbatim && text.empty(); }
    bool operator==(const Phrase&) const = default;
};

/// The stable snake_case name.
std::string_view toString(PhraseId id);
/// All of them, in the order of the enumeration.
const std::vector<PhraseId>& phraseIds();
/// The English words, with %1 to %9 where the arguments belong; empty for Verbatim and List.
std::string_view englishOf(PhraseId id);

/// The phrase in English.
std::string textOf(const Phrase& phrase);
/// The same in other words. wordsFor: gives for an English pattern the one to use.
std::string textOf(const Phrase& phrase,
                   const std::function<std::string(std::string_view english)>& wordsFor);

/// An error that windows can say in their own language.
class PhraseError : public Error {
public:
    /// advice: what follows the phrase in the message, for the command line alone.
    PhraseError(ErrorCode code, Phrase phrase, std::string_view advice = {});

    const Phrase& phrase() const noexcept { return m_phrase; }

private:
    Phrase m_phrase;
};

} // namespace bitloom
