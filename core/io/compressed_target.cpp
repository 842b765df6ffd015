// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include "core/io/interchange/compressed_tensors.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/io/safetensors/weight_folder.h"
#include "core/io/state/file_kind.h"
#include "core/io/stored_rows.h"
#include "core/io/weight_targets.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace bitloom::io {

namespace fs = std::filesystem;

namespace {

/// Codes in safetensors as the package compressed-tensors lays them out. Its config.json lies
/// beside the output; what that of the input says of the network is taken over.
class CompressedTarget final : public WeightTarget {
public:
    /// Errors: InvalidArgument for an output whose config.json would be the input's too.
    explicit CompressedTarget(const ConversionRequest& request) : m_output(request.output)
    {
        BITLOOM_REQUIRE(m_output.extension() == ".safetensors", ErrorCode::InvalidArgument,
                        request.output, " must end in .safetensors: config.json lies beside it");
        const fs::path input = request.input;
        if (input.empty() || // it is no file
            (!standsForWeightFiles(input) && detectFileKind(input) != FileKind::Safetensors)) {
            return;
        }
        std::error_code absent;
        const bool together = fs::equivalent(folderOf(input), folderOf(m_output), absent);
        BITLOOM_REQUIRE(!together, ErrorCode::InvalidArgument, request.output,
                        " would get a config.json that then counts for the input too, which is "
                        "never changed; name an output in another folder");
        const fs::path config = configOf(filesOfWeights(input).front());
        if (fs::is_regular_file(config, absent)) {
            m_inputConfig = config;
        }
    }

    ConvertedTensor foresee(const PackedTensor& parameters) const override
    {
        if (parameters.kind == PackedKind::Unknown) {
            throw PhraseError(ErrorCode::Unsupported,
                              {PhraseId::KindNotHeld, {parameters.name, parameters.kindText}});
        }
        ConvertedTensor line = lineAbout(parameters);
        if (parameters.kind == PackedKind::Raw) {
            safetensorsTypeOf(parameters);
            line.after = line.before;
            line.bytes = parameters.payloadBytes;
            return line;
        }
        PackedLayout rows = parameters.layout();
        rows.unit = PackUnit::Row; // rows are never joined here
        line.bytes = rows.words() * kPackWordBytes +
                     std::max<std::int64_t>(parameters.parameterBytes, 4) +
                     static_cast<std::int64_t>(8 * parameters.shape.size());
        const CompressedTensorsFit fit = compressedTensorsFit(parameters);
        if (!fit.isCompatible) {
            line.after = PhraseId::CodesOfBitloom;
            line.fate = ConversionFate::Changed;
            line.what = fit.reason;
        } else {
            const Phrase codes = "compressed-tensors";
            line.after =
                fit.reason.empty() ? codes : Phrase(PhraseId::WithNote, {codes, fit.reason});
        }
        return line;
    }

    std::vector<Phrase> losses(const PackedSource& source) const override
    {
        const auto& tensors = source.tensors();
        if (std::ranges::none_of(tensors, [](const PackedTensorHeader& header) {
                return header.kind == PackedKind::Int;
            })) {
            throw PhraseError(ErrorCode::InvalidArgument, PhraseId::NoCodesAtAll);
        }
        return {};
    }

    std::int64_t containerBytes(const PackedSource& source) const override
    {
        return estimate(source, {.file = 350, .code = 480, .raw = 70, .meta = 1.15});
    }

    std::vector<Phrase> notes() const override
    {
        if (m_inputConfig.empty()) {
            return {};
        }
        const std::vector<std::string> kept = keptConfigKeys(m_inputConfig);
        return {m_inputConfig.string() +
                (kept.empty() ? " holds nothing but its quantization_config, which is replaced"
                              : ": " + joinFirstForPeople(kept) +
                                    " are taken over, its quantization_config is replaced")};
    }

    bool write(const PackedSource& source, const fs::path& path, RunControl& control) override
    {
        m_config = compressedTensorsConfigText(
            m_inputConfig.empty() ? configOf(m_output) : m_inputConfig, source);
        return writeCompressedTensorsWeights(path, source, control);
    }

    bool compare(const PackedSource& source, const fs::path& path, RunControl& control,
                 std::vector<PackSheetRow>* rows) override
    {
        const auto tell = [rows](const PackedTensor& written) {
            if (rows != nullptr) {
                rows->push_back(sheetRow(written, crc32(written.payload())));
            }
        };
        return compareCompressedTensors(path, source, control, tell);
    }

    void publishCompanions() override { writeFileAtomically(configOf(m_output), m_config); }

private:
    static fs::path folderOf(const fs::path& file)
    {
        std::error_code absent;
        if (fs::is_directory(file, absent)) {
            return file;
        }
        return file.has_parent_path() ? file.parent_path() : fs::path(".");
    }
    static fs::path configOf(const fs::path& weights)
    {
        return weights.parent_path() / "config.json";
    }

    fs::path m_output;
    fs::path m_inputConfig; ///< config.json of the input; empty: there is none
    std::string m_config;   ///< text of config.json
};

} // namespace

std::unique_ptr<WeightTarget> makeCompressedTarget(const ConversionRequest& request)
{
    return std::make_unique<CompressedTarget>(request);
}

} // namespace bitloom::io
