// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/integer_flags.h"
#include "app/cli/session.h"

#include "core/base/error.h"
#include "core/pack/pack_selftest.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

namespace {

class SelfTestCommand final : public Command {
public:
    std::string name() const override { return "selftest"; }
    std::string description() const override
    {
        return "Pack and unpack every width by every instruction set of this machine and compare";
    }
    std::string examples() const override
    {
        return "  bitloom selftest\n  bitloom selftest --json";
    }
    void declare(CLI::App&) override {}
    void run(Session& session) override
    {
        const PackSelfTest result = runHere(session, [&](RunControl& control) {
            PackSelfTest tested = runPackSelfTest(session.options().seed, control);
            return tested.finished ? std::optional(std::move(tested)) : std::nullopt;
        });
        Json json{{"passed", result.failures.empty()},
                  {"cases", result.cases},
                  {"codes", result.codes},
                  {"isas", Json::array()},
                  {"failures", result.failures}};
        std::string isas;
        for (const Isa isa : result.isas) {
            json["isas"].push_back(toString(isa));
            isas += (isas.empty() ? "" : ", ") + std::string(toString(isa));
        }
        std::string text;
        for (const std::string& failure : result.failures) {
            text += failure + "\n";
        }
        text += std::to_string(result.cases) + " cases with " + std::to_string(result.codes) +
                " codes, widths 0 to 16 (" + isas +
                "): " + (result.failures.empty() ? "all agree" : "NOT all agree") + "\n";
        session.print(json, text);
        BITLOOM_REQUIRE(result.failures.empty(), ErrorCode::VerifyFailed,
                        "the self-test failed: ", result.failures.front());
    }
};

} // namespace

std::unique_ptr<Command> makeSelfTestCommand()
{
    return std::make_unique<SelfTestCommand>();
}

} // namespace bitloom::cli
