// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/conversion_text.h"
#include "app/cli/integer_flags.h"
#include "app/cli/project_recorder.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/types/json_input.h"

#include <CLI/CLI.hpp>

#include <map>

namespace bitloom::cli {

namespace {

const std::map<std::string, IntegerFormat>& integerFormats()
{
    static const std::map<std::string, IntegerFormat> formats{
        {"safe", IntegerFormat::BitPackSafe},
        {"exact", IntegerFormat::BitPackExact},
        {"legacy", IntegerFormat::BitPackLegacy},
        {"exact-legacy", IntegerFormat::BitPackExactLegacy},
        {"hdf5", IntegerFormat::Packed}};
    return formats;
}

/// Packs a model under a plan, or a file's integer weights as they are.
class PackCommand final : public Command {
public:
    std::string name() const override { return "pack"; }
    std::string description() const override
    {
        return "Write a model under a plan, or a file's integer weights, as one packed file, read "
               "it back and prove it";
    }
    std::string examples() const override
    {
        return "  bitloom pack arch:resnet20_cifar@resnet20.th --plan w4a8.json --data cifar10:DIR "
               "-o resnet20.h5\n"
               "  bitloom pack arch:lenet5@lenet5.pth --plan w4.json -o packed/model.safetensors\n"
               "  bitloom pack arch:lenet5@lenet5.pth --plan w4.json --to pth -o rounded.pth "
               "--dry-run\n"
               "  bitloom pack --input-int-file quantized_checkpoint.pth.tar --force-pack-fp -o "
               "packed.pth.tar";
    }
    void declare(CLI::App& app) override
    {
        m_model.declare(app);
        app.get_option("MODEL")->required(false);
        app.add_option("--plan", m_plan, "Bit plan (JSON); default: that of a packed model");
        m_data.declare(app, false);
        m_calibration.declare(app);
        app.add_option("-o,--output,--packed-output-path", m_output,
                       "The packed file: .h5 for a model, or .safetensors in the layout of "
                       "compressed-tensors, with config.json beside it; for integer weights .h5 or "
                       "BitPack's, default packed_quantized_checkpoint.pth.tar");
        declareCompression(app, m_compress);
        app.add_option("--to", m_to,
                       "Format of a model's file; default: by its ending (.safetensors for "
                       "compressed-tensors, else hdf5)")
            ->check(CLI::IsMember(weightFormatNames()));
        declareDtype(app, m_dtype);
        app.add_flag("--dry-run", m_dryRun,
                     "Only say what of a model would be kept, changed and lost");
        m_integers.declare(app, "--input-int-file",
                           "Integer weights: HAWQ's quantized_checkpoint.pth.tar or any file of "
                           "torch.save");
        CLI::Option* integers = app.get_option("--input-int-file");
        for (const char* ofModels : {"MODEL", "--plan", "--to", "--dtype", "--dry-run"}) {
            integers->excludes(ofModels);
        }
        const auto ofIntegers = [](CLI::Option* option) {
            return option->needs("--input-int-file");
        };
        ofIntegers(app.add_flag("--force-pack-fp", m_integers.input.forcePackFp,
                                "Pack integers that are kept in floating point tensors too"));
        ofIntegers(app.add_option("--tolerance", m_integers.input.tolerance,
                                  "How far from an integer a floating point value may be"))
            ->check(CLI::Range(0.0, 0.5).description(""))
            ->capture_default_str();
        ofIntegers(app.add_option("--mode", m_mode,
                                  "safe: for BitPack's loader, without waste; exact: as BitPack "
                                  "writes it; legacy, exact-legacy: these for PyTorch before 1.6; "
                                  "hdf5. Default: hdf5 for an output .h5, else safe"))
            ->check(CLI::IsMember(integerFormats()));
        ofIntegers(app.add_flag("--width-per-channel", m_widthPerChannel,
                                "hdf5: each output channel in its own width"));
    }
    void run(Session& session) override
    {
        if (m_integers.given()) {
            packIntegerWeights(session);
            return;
        }
        for (const auto& [value, option] :
             {std::pair(&m_model.spec, "MODEL or --input-int-file"), {&m_output, "--output"}}) {
            if (value->empty()) {
                throw CLI::RequiredError(option);
            }
        }
        if (!m_plan.empty()) {
            requireOtherThanInput(m_output, m_plan);
        }
        packModel(session);
    }

private:
    void packModel(Session& session)
    {
        engine::PackJob job;
        job.model = m_model.ref();
        job.plan = planFor(session, m_plan, inspectModel(session, job.model));
        job.output = m_output;
        job.compress = m_compress;
        job.to = weightFormatFrom(m_to);
        job.dtype = m_dtype;
        if (m_dryRun) {
            foresee(session, job);
            return;
        }
        job.calibration = m_calibration.options();
        if (m_data.given()) {
            job.data = m_data.ref();
        }
        ProjectRecorder recorder(session);
        const Json sheet = session.runJob(job);
        recorder.savePlan(job.plan);
        recorder.saveSheet(packSheetFromJson(sheet.dump()));
        recorder.savePacked(job.output, job.plan);
        if (recorder.active()) {
            recorder.saveHistograms(session.runJob(engine::HistogramJob{job.model, job.plan, 80}));
        }
        recorder.recordRun(name(), sheet);
        session.print(
            sheet, formatBytes(sheet.at("file_bytes").get<std::int64_t>()) + ", " +
                       formatFixed(sheet.at("ratio").get<double>(), 2) + " times smaller: " +
                       std::to_string(sheet.at("payload_bytes").get<std::int64_t>()) +
                       " bytes payload + " +
                       std::to_string(sheet.at("metadata_bytes").get<std::int64_t>()) +
                       " bytes metadata\nread back and equal bit for bit, written to " + m_output);
    }

    void foresee(Session& session, const engine::PackJob& job)
    {
        const WeightFormat format = job.to.value_or(exportFormat(job.output));
        const Json result =
            session.runJob(engine::ExportPreviewJob{job.model, job.plan, {format}, job.dtype});
        ConversionReport report = conversionReportsFromJson(result.dump()).front();
        BITLOOM_REQUIRE(report.refusal.empty(), ErrorCode::InvalidArgument, textOf(report.refusal));
        report.input = job.model.spec;
        report.output = m_output;
        session.print(Json::parse(toJson(report)), textOf(report) + "nothing was written");
    }

    void packIntegerWeights(Session& session)
    {
        IntegerPackOptions options;
        options.output = m_output.empty() ? "./packed_quantized_checkpoint.pth.tar" : m_output;
        options.format = m_mode.empty() ? options.output.ends_with(".h5")
                                              ? IntegerFormat::Packed
                                              : IntegerFormat::BitPackSafe
                                        : integerFormats().at(m_mode);
        options.widthPerChannel = m_widthPerChannel;
        options.compress = m_compress;
        const PackedIntegerReport report = runHere(session, [&](RunControl& control) {
            return packIntegers(m_integers.input, options, control);
        });
        session.print(Json::parse(toJson(report)),
                      textOf(report) + "read back and equal in every value, written to " +
                          options.output);
    }

    ModelOptions m_model;
    DataOptions m_data;
    CalibrationFlags m_calibration;
    IntegerInputFlags m_integers;
    std::string m_plan;
    std::string m_output;
    std::string m_to;
    std::string m_dtype;
    bool m_dryRun = false;
    std::string m_mode;
    bool m_widthPerChannel = false;
    int m_compress = 0;
};

} // namespace

std::unique_ptr<Command> makePackCommand()
{
    return std::make_unique<PackCommand>();
}

} // namespace bitloom::cli
