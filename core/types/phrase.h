// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// What core says to people as data, each in words of its own: of conversions and exports, what
/// files are, what their readers note. Their English is in phrase.cpp and nowhere else; windows
/// look up the same words in their own language. A new one: its name here, its English in the table
/// of phrase.cpp at the same place, then as CONTRIBUTING.md says of strings that people see.
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

    // How things are put together.
    And,          ///< all but the last, the last: as enumerated() makes it
    More,         ///< how many
    NamesAndMore, ///< names, how many
    Nothing,
    Also,
    Note,      ///< a sentence
    NotInFile, ///< what

    // What a file is: PackedSource::formatName(), FileReport::container.
    PackedHdf5, ///< version
    StateDictFormat,
    QuantizedStateDict,
    HawqFormat,
    IntegerFormat,
    ModelUnderPlan,

    // The same in sentences of the form "X is ...": FileReport::description, io::describe().
    TorchCheckpoint,
    TorchScriptModule,
    TorchExportArchive,
    LegacyCheckpoint,
    TarArchive,
    ForeignPickle,
    Hdf5File,
    SafetensorsFile,
    OnnxModel,
    NumpyArray,
    NumpyArchive,
    ForeignZip,
    GzipFile,
    JsonFile,
    TextFile,
    NoKnownFormat,
    BitPlanFile,
    SensitivityFile,
    PredictionsFile,
    PackedModelIn,   ///< container
    PackedWeightsIn, ///< container
    UnansweredWeights,
    WeightFolder,
    ProjectFolder,
    Folder,

    // Which network weights are for: ArchitectureGuess::reason, io::StateMismatch.
    AllNamesMatch,   ///< how many
    SomeNamesMatch,  ///< how many, of how many, what differs
    NamesMissing,    ///< how many, names
    NamesUnexpected, ///< how many, names
    NamesMisshapen,  ///< how many, WrongShape
    WrongShape,      ///< name, its shape, that of the network

    // What readers chose, left out or found odd: the notes of PackedSource, StateDict, LoadedModel.
    PrefixRemoved,     ///< prefix
    FoundUnderKey,     ///< key
    EntriesIgnored,    ///< how many, names
    ChecksumIgnored,   ///< record
    LeftOut,           ///< why
    NewerIsLeftOut,    ///< both versions
    CodesAreRead,      ///< container
    CodesBecomeFloats, ///< tensor
    HawqHolds,         ///< how many of what
    HawqBuffers,       ///< how many, of how many
    NoScaleFor,        ///< names
    AllWeightsZero,    ///< names
    BitWidthsOfNone,   ///< names
    ShapesOfNone,      ///< names
    OffsetsOfNone,     ///< names
    OffsetUnused,      ///< tensor, offset
    PaddingIsSet,      ///< tensor, how many, of how many
    OriginalHasMore,   ///< names
    MatchedWithoutPrefix,
    NothingPacked,
    NothingPackedAsIs,
    InputActivationsLeft,  ///< group of config.json
    OutputActivationsLeft, ///< group of config.json
    CacheSchemeLeft,
    CodesArePadded,
    ZerosAsAsked,    ///< version
    ZerosBySymmetry, ///< version
    ZerosAllSet,     ///< tensor, how many, of how many, number

    // The same of a TorchScript file.
    TracedShape,      ///< shape
    GuessedShape,     ///< shape
    SeveralOutputs,   ///< how many
    BranchesResolved, ///< how many
    FixedBatch,       ///< size
    FusedOperator,    ///< place, operator
    PrintLeftOut,     ///< place

    // What packed weights do not say of a plan, or a plan cannot: StoredQuantization::gaps.
    ActivationsUnsaid,
    GroupsUnsayable, ///< layers
    WidthsUnsayable, ///< layers
    GridsUnsayable,  ///< layers

    // What a search takes from a checkpoint, and what its plan cannot say.
    LayersByShape,      ///< LayerIs of each
    LayerIs,            ///< name in the checkpoint, in the model
    ChannelGatesAbsent, ///< how many
    ResidualInputsLeft, ///< how many
    NoLongerClipped,    ///< tensor
    FeedsOnlySum,       ///< tensor
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

/// "a, b and c", as joinForPeople() says it.
Phrase enumerated(std::span<const std::string> items);
Phrase enumerated(std::vector<Phrase> items);
/// The first few of a long list, as joinFirstForPeople() says it.
Phrase enumeratedFirst(std::span<const std::string> items);

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
