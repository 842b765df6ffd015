// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/integer_flags.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

class UnpackCommand final : public Command {
public:
    std::string name() const override { return "unpack"; }
    std::string description() const override
    {
        return "Turn a packed file into a state dict that PyTorch loads";
    }
    std::string examples() const override
    {
        return "  bitloom unpack resnet20.h5 -o resnet20.pth\n"
               "  bitloom unpack packed.pth.tar -o integers.pth --dtype int8\n"
               "  bitloom unpack --input-packed-file packed.pth.tar --original-int-file "
               "quantized_checkpoint.pth.tar";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("FILE,--input-packed-file", m_file,
                       "The packed file (.h5, .safetensors or BitPack's)")
            ->required();
        app.add_option(
            "-o,--output", m_output,
            "The state dict (.pth or .safetensors); may be left out for integer weights");
        app.add_option("--dtype", m_dtype,
                       "Type of unpacked integer weights: int8, int16, int32, float32, ...");
        app.add_flag("--salvage", m_salvage,
                     "HDF5: leave out tensors that are damaged, instead of writing nothing");
        m_original.declare(app, "--original-int-file", "Compare with this file's integers too");
        m_flags.declare(app);
    }
    void run(Session& session) override
    {
        if (holdsPackedIntegers(m_file)) {
            unpackIntegerWeights(session);
            return;
        }
        if (m_output.empty()) {
            throw CLI::RequiredError("--output");
        }
        const Json result = session.runJob(engine::UnpackJob{m_file, m_output, m_salvage});
        session.print(result, countOf(result.at("tensors").get<std::size_t>(), "tensor") +
                                  " written to " + m_output);
    }

private:
    void unpackIntegerWeights(Session& session)
    {
        IntegerUnpackOptions options = m_flags.options(session);
        options.output = m_output;
        options.dtype = m_dtype;
        options.salvage = m_salvage;
        const PackedIntegerReport report = runHere(
            session, [&](RunControl& control) { return unpackIntegers(m_file, options, control); });
        const std::string written =
            m_output.empty()
                ? "nothing was written: -o names a state dict\n"
                : countOf(report.tensors.size(), "tensor") + " written to " + m_output + "\n";
        if (!m_original.given()) {
            session.print(Json::parse(toJson(report)), textOf(report) + written);
            return;
        }
        printComparison(session, runHere(session, [&](RunControl& control) {
                            return verifyIntegers(m_file, options, m_original.input, control);
                        }));
    }

    IntegerInputFlags m_original;
    IntegerUnpackFlags m_flags;
    std::string m_file;
    std::string m_output;
    std::string m_dtype;
    bool m_salvage = false;
};

} // namespace

std::unique_ptr<Command> makeUnpackCommand()
{
    return std::make_unique<UnpackCommand>();
}

} // namespace bitloom::cli
