// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/conversion_text.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

/// Any container of weights into any other.
class ConvertCommand final : public Command {
public:
    std::string name() const override { return "convert"; }
    std::string description() const override
    {
        return "Write the weights of one container into another, read them back and compare";
    }
    std::string examples() const override
    {
        return "  bitloom convert model.safetensors model.h5\n"
               "  bitloom convert model.h5 model.pth --dtype float16\n"
               "  bitloom convert model.h5 packed.pth.tar --to bitpack --dry-run";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("INPUT", m_request.input,
                       "Packed HDF5, BitPack, HAWQ's checkpoint, GPTQ, AWQ, compressed-tensors "
                       "or a state dict (torch or safetensors)")
            ->required();
        app.add_option("OUTPUT", m_request.output, "The new file")->required();
        app.add_option("--to", m_to, "Its format; default: by its ending (.h5, .pth, .safetensors)")
            ->check(CLI::IsMember(weightFormatNames()));
        declareDtype(app, m_request.dtype);
        declareCompression(app, m_request.compress);
        app.add_flag("--dry-run", m_request.dryRun,
                     "Only say what would be kept, changed and lost");
        app.add_option("--gptq-zeros", m_request.gptqZeros,
                       "How zero points lie in a GPTQ file that does not say it: v1 (less one), v2")
            ->check(CLI::IsMember({"v1", "v2"}));
        app.add_option("--ct-layout", m_request.ctLayout,
                       "How codes of 3, 5, 6 and 7 bits lie in compressed-tensors that do not say "
                       "it: padded, dense")
            ->check(CLI::IsMember({"padded", "dense"}));
        app.add_option("--assume-offset", m_request.assumedOffset,
                       "Offset of BitPack's tensors for which the file states none");
        app.add_flag("--ignore-crc", m_request.ignoreCrc,
                     "BitPack's files: read records whose CRC-32 is another one too");
        app.add_flag("--salvage", m_request.salvage,
                     "Leave out tensors that are damaged, instead of writing nothing");
    }
    void run(Session& session) override
    {
        m_request.to = weightFormatFrom(m_to);
        if (!m_request.dryRun && !session.options().json) {
            // Said before anything is written.
            ConversionRequest look = m_request;
            look.dryRun = true;
            session.print({}, textOf(reportOf(convert(session, look))));
        }
        const Json result = convert(session, m_request);
        const ConversionReport report = reportOf(result);
        session.print(result, m_request.dryRun
                                  ? textOf(report) + "nothing was written"
                                  : formatBytes(report.inputBytes) + " became " +
                                        formatBytes(report.outputBytes) +
                                        "\nread back and compared, written to " + m_request.output);
    }

private:
    static Json convert(Session& session, const ConversionRequest& request)
    {
        return session.runJob(engine::ConvertJob{request});
    }
    /// Errors: UnansweredError where the input does not say how it is to be read.
    static ConversionReport reportOf(const Json& result)
    {
        ConversionReport report = conversionReportFromJson(result.dump());
        if (report.question) {
            withContext(report.input, [&] { throw UnansweredError(*report.question); });
        }
        return report;
    }

    ConversionRequest m_request;
    std::string m_to;
};

} // namespace

std::unique_ptr<Command> makeConvertCommand()
{
    return std::make_unique<ConvertCommand>();
}

} // namespace bitloom::cli
