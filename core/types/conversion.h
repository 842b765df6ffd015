// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/phrase.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// The containers that weights can be written into.
enum class WeightFormat {
    Packed,             ///< our HDF5
    BitPack,            ///< for BitPack's loader, without waste
    BitPackExact,       ///< byte for byte as BitPack writes it
    BitPackLegacy,      ///< BitPack in the container that PyTorch wrote before 1.6
    BitPackExactLegacy, ///< exact in that container
    TorchState,         ///< a state dict that torch.load(weights_only=True) opens
    SafetensorsState,   ///< the same as safetensors
    CompressedTensors,  ///< codes in safetensors, with config.json beside them
};

/// "hdf5", "bitpack", "bitpack-exact", "bitpack-legacy", "bitpack-exact-legacy", "pth",
/// "safetensors", "compressed-tensors".
std::string_view toString(WeightFormat format);
std::optional<WeightFormat> weightFormatFrom(std::string_view name);
/// What the names of its files end with: ".h5", ".pth.tar", ".pth", ".safetensors".
std::string_view fileEnding(WeightFormat format);
/// Whether it holds the network and the plan beside the weights, so that it opens as a model again.
bool holdsModel(WeightFormat format);
/// True for those that hold numbers under names and nothing else; only they have a dtype.
bool isStateDict(WeightFormat format);
/// The types that all floating point tensors of a state dict can get.
const std::vector<std::string>& stateDictTypes();
/// What a model under a plan is exported into where only the file is named: compressed-tensors for
/// .safetensors, else HDF5.
WeightFormat exportFormat(std::string_view file);
/// All formats, in the order of their names.
const std::vector<WeightFormat>& weightFormats();
/// All names, for help and messages.
const std::vector<std::string>& weightFormatNames();

/// One container of weights into another.
struct ConversionRequest {
    std::string input;
    std::string output;
    std::optional<WeightFormat> to; ///< absent: by the ending of output
    /// Of the floating point tensors of a state dict: float32, float16, bfloat16, float64. Empty:
    /// each its own.
    std::string dtype;
    int compress = 0; ///< hdf5: level at which large payloads are deflated, 1 to 9; 0: not at all
    bool dryRun = false; ///< say what would become of each tensor and write nothing

    // Where the input does not say it itself.
    std::string gptqZeros;                       ///< "v1", "v2"
    std::string ctLayout;                        ///< compressed-tensors: "padded", "dense"
    std::optional<std::int64_t> assumedOffset{}; ///< of BitPack's tensors that state none

    // Where the input is damaged.
    bool ignoreCrc = false; ///< BitPack: records with another CRC-32 are read, with a note
    bool salvage = false;   ///< tensors that cannot be read are left out, with a note
};

/// What becomes of a tensor.
enum class ConversionFate {
    Kept,    ///< the output gives back the same values with the same meaning
    Changed, ///< the values stand there in another way, or rounded
    Lost,    ///< something of it is not in the output
};
std::string_view toString(ConversionFate fate); ///< "kept" | "changed" | "lost"

struct ConvertedTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    Phrase before; ///< "4 bits unsigned, groups of 32, zero points"
    Phrase after;  ///< "float16"
    ConversionFate fate = ConversionFate::Kept;
    Phrase what; ///< what is changed or lost; empty where it is kept
    /// In the output, as foreseen: values or codes with their parameters. At most so many where the
    /// output chooses the width itself (BitPack) or deflates.
    std::int64_t bytes = 0;
};

/// What some files do not say of themselves, so that somebody has to (ConversionRequest).
enum class InputQuestion {
    GptqZeros,     ///< gptqZeros
    CtLayout,      ///< ctLayout
    BitPackOffset, ///< assumedOffset
};
std::string_view toString(InputQuestion question); ///< "gptq_zeros", "ct_layout", "bitpack_offset"

struct OpenQuestion {
    InputQuestion asked = InputQuestion::GptqZeros;
    Phrase why; ///< what the file says instead
};

/// A file does not say how it is to be read. The message ends with the option that does.
class UnansweredError : public PhraseError {
public:
    /// Code: InvalidArgument.
    explicit UnansweredError(OpenQuestion question);

    const OpenQuestion& question() const noexcept { return m_question; }

private:
    OpenQuestion m_question;
};

struct ConversionReport {
    std::string input;
    Phrase inputFormat; ///< "GPTQ v1"
    std::string output;
    std::string outputFormat; ///< as toString(WeightFormat)
    std::vector<ConvertedTensor> tensors;
    std::vector<Phrase> losses;     ///< of the file as a whole
    std::vector<Phrase> notes;      ///< of the readers, one sentence each
    std::int64_t inputBytes = 0;    ///< 0: the input is no file, but a model under a plan
    std::int64_t foreseenBytes = 0; ///< of the output: its tensors and about what goes around them
    std::int64_t outputBytes = 0;   ///< 0: nothing was written
    bool verified = false;          ///< the output was read back and every tensor compared
    /// Why the format cannot hold the input; then nothing is known of its tensors. Only where
    /// several formats are looked at, otherwise this is an error. Empty: it can.
    Phrase refusal;
    /// What has to be answered before anything is known of the tensors. Only of a dry run,
    /// otherwise this is an UnansweredError.
    std::optional<OpenQuestion> question{};
};

/// How many tensors have this fate.
std::int64_t countOf(const ConversionReport& report, ConversionFate fate);

/// One line (docs/formats.md, "conversion").
std::string toJson(const ConversionReport& report);
/// Errors: CorruptFile with the key's path.
ConversionReport conversionReportFromJson(std::string_view text);
/// {"formats": [...]}: what each of several formats would hold.
std::string toJson(const std::vector<ConversionReport>& reports);
std::vector<ConversionReport> conversionReportsFromJson(std::string_view text);

} // namespace bitloom
