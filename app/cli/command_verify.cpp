// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/integer_flags.h"
#include "app/cli/session.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

class VerifyCommand final : public Command {
public:
    std::string name() const override { return "verify"; }
    std::string description() const override
    {
        return "Check a packed file's checksums and, against its model or its integer weights, "
               "each code";
    }
    std::string examples() const override
    {
        return "  bitloom verify resnet20.h5\n"
               "  bitloom verify resnet20.h5 --against arch:resnet20_cifar@resnet20.th\n"
               "  bitloom verify packed.pth.tar --original-int-file quantized_checkpoint.pth.tar";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("FILE,--input-packed-file", m_file,
                       "The packed file (.h5, .safetensors or BitPack's)")
            ->required();
        app.add_option("--against", m_against, "The model it was packed from");
        m_original.declare(app, "--original-int-file", "The integer weights it was packed from");
        app.get_option("--original-int-file")->excludes("--against");
        m_flags.declare(app);
    }
    void run(Session& session) override
    {
        if (m_against.empty() && (m_original.given() || holdsPackedIntegers(m_file))) {
            verifyIntegerWeights(session);
        } else {
            verifyModel(session);
        }
    }

private:
    void verifyIntegerWeights(Session& session)
    {
        const IntegerUnpackOptions options = m_flags.options(session);
        if (m_original.given()) {
            printComparison(session, runHere(session, [&](RunControl& control) {
                                return verifyIntegers(m_file, options, m_original.input, control);
                            }));
            return;
        }
        const PackedIntegerReport report = runHere(
            session, [&](RunControl& control) { return unpackIntegers(m_file, options, control); });
        session.print(Json::parse(toJson(report)),
                      textOf(report) + countOf(report.tensors.size(), "tensor") +
                          " read, all checksums are right; --original-int-file compares the "
                          "values\n");
    }

    void verifyModel(Session& session)
    {
        engine::VerifyJob job;
        job.file = m_file;
        if (!m_against.empty()) {
            job.against = engine::ModelRef{m_against, {}};
        }
        const Json result = session.runJob(job);
        const Json& mismatches = result.at("mismatches");
        std::string text;
        for (const Json& mismatch : mismatches) {
            text += mismatch.at("tensor").get<std::string>() + ": " +
                    mismatch.at("what").get<std::string>() + "\n";
        }
        const bool verified = result.at("verified").get<bool>();
        session.print(result, text + (verified ? "verified: " : "NOT verified: ") +
                                  countOf(result.at("tensors").get<std::size_t>(), "tensor") +
                                  " checked");
        BITLOOM_REQUIRE(verified, ErrorCode::VerifyFailed, m_file, " differs in ",
                        countOf(mismatches.size(), "place"));
    }

    IntegerInputFlags m_original;
    IntegerUnpackFlags m_flags;
    std::string m_file;
    std::string m_against;
};

} // namespace

std::unique_ptr<Command> makeVerifyCommand()
{
    return std::make_unique<VerifyCommand>();
}

} // namespace bitloom::cli
