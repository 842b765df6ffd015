// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/conversion_text.h"

#include "app/cli/text_table.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

std::string textOf(const ConversionReport& report)
{
    TextTable table({"tensor", "shape", "before", "after", "bytes", "fate"});
    std::string details;
    for (const ConvertedTensor& tensor : report.tensors) {
        const std::string fate(toString(tensor.fate));
        table.addRow({tensor.name, formatShape(tensor.shape), textOf(tensor.before),
                      textOf(tensor.after), std::to_string(tensor.bytes), fate});
        if (!tensor.what.empty()) {
            details += tensor.name + " " + fate + ": " + textOf(tensor.what) + "\n";
        }
    }
    std::string text = report.input + " (" + textOf(report.inputFormat) + ") into " +
                       report.output + " (" + report.outputFormat + ")\n" + table.toString() +
                       details;
    for (const Phrase& loss : report.losses) {
        text += "lost: " + textOf(loss) + "\n";
    }
    for (const Phrase& note : report.notes) {
        text += "note: " + textOf(note) + "\n";
    }
    return text + "the file will have about " + formatBytes(report.foreseenBytes) + "\n";
}

void declareDtype(CLI::App& app, std::string& dtype)
{
    app.add_option("--dtype", dtype,
                   "pth, safetensors: type of all floating point tensors; default: their own")
        ->check(CLI::IsMember(stateDictTypes()));
}

} // namespace bitloom::cli
