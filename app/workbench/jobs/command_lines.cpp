// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/command_lines.h"

#include "core/base/text.h"
#include "core/engine/method_catalog.h"
#include "core/types/run_paths.h"

#include <QLocale>

#include <algorithm>
#include <type_traits>
#include <variant>

namespace bitloom::workbench {

namespace {

/// Collects the words of one command.
class Words {
public:
    explicit Words(const QString& command) { m_words << QStringLiteral("bitloom") << command; }

    Words& word(const QString& text)
    {
        m_words << shellWord(text);
        return *this;
    }
    Words& word(const std::string& text) { return word(QString::fromStdString(text)); }
    Words& option(const char* flag, const QString& value)
    {
        m_words << QString::fromLatin1(flag) << shellWord(value);
        return *this;
    }
    Words& option(const char* flag, const std::string& value)
    {
        return option(flag, QString::fromStdString(value));
    }
    Words& option(const char* flag, std::int64_t value)
    {
        return option(flag, QString::number(value));
    }
    Words& option(const char* flag, double value)
    {
        return option(flag, QString::number(value, 'g', QLocale::FloatingPointShortest));
    }
    Words& flag(const char* name)
    {
        m_words << QString::fromLatin1(name);
        return *this;
    }
    template <typename T>
    Words& unless(const T& isDefault, const char* flag, const T& value)
    {
        return value == isDefault ? *this : option(flag, value);
    }
    Words& model(const engine::ModelRef& model)
    {
        word(model.spec);
        if (!model.inputShape.empty()) {
            option("--input-shape", joined(model.inputShape));
        }
        return *this;
    }
    Words& data(const engine::DataRef& data)
    {
        option("--data", data.spec);
        unless<std::string>("test", "--split", data.split);
        unless<std::int64_t>(0, "--limit", data.limit);
        return unless<std::int64_t>(100, "--batch-size", data.batchSize);
    }
    Words& calibration(const engine::CalibrationOptions& calibration)
    {
        return unless<std::int64_t>(256, "--calibration-images", calibration.images);
    }
    /// Of a file of weights.
    Words& format(const std::optional<WeightFormat>& to, const std::string& dtype, int compress)
    {
        if (to) {
            option("--to", std::string(toString(*to)));
        }
        unless(std::string(), "--dtype", dtype);
        return unless<std::int64_t>(0, "--compress", compress);
    }
    template <typename Number>
    static QString joined(const std::vector<Number>& numbers)
    {
        QStringList texts;
        for (const Number number : numbers) {
            texts << QString::number(number);
        }
        return texts.join(u',');
    }
    QString line() const { return m_words.join(u' '); }

private:
    QStringList m_words;
};

void quantizer(Words& words, const UniformPlanOptions& spec)
{
    const UniformPlanOptions standard;
    const auto add = [&words](const char* flag, auto value, auto usual) {
        if (value != usual) {
            words.option(flag, std::string(toString(value)));
        }
    };
    add("--weight-scheme", spec.weightScheme, standard.weightScheme);
    add("--weight-granularity", spec.weightGranularity, standard.weightGranularity);
    add("--weight-observer", spec.weightObserver, standard.weightObserver);
    add("--activation-scheme", spec.activationScheme, standard.activationScheme);
    add("--activation-observer", spec.activationObserver, standard.activationObserver);
    if (spec.quantizeInput) {
        words.flag("--quantize-input");
    }
}

/// As the commands read it back: to the last bit.
std::string rangeText(const ValueRange& range)
{
    return shortestText(range.low) + ":" + shortestText(range.high);
}

struct Writer {
    const CommandFiles& files;

    Words operator()(const engine::InspectJob& job) const
    {
        return Words(QStringLiteral("inspect")).model(job.model);
    }
    Words operator()(const engine::EvalJob& job) const
    {
        Words words(QStringLiteral("eval"));
        words.model(job.model).data(job.data);
        if (job.plan) {
            words.option("--plan", files.plan).calibration(job.calibration);
        }
        return words;
    }
    Words operator()(const engine::SensitivityJob& job) const
    {
        Words words(QStringLiteral("sensitivity"));
        words.model(job.model).data(job.data);
        if (job.bits != engine::SensitivityJob{}.bits) {
            words.option("--bits", Words::joined(job.bits));
        }
        if (!job.activations) {
            words.flag("--weights-only");
        }
        if (!job.weights) {
            words.flag("--activations-only");
        }
        quantizer(words, job.spec);
        return words.calibration(job.calibration).option("-o", job.output);
    }
    Words operator()(const engine::PackJob& job) const
    {
        Words words(QStringLiteral("pack"));
        words.model(job.model).option("--plan", files.plan);
        if (job.data) {
            words.data(*job.data).calibration(job.calibration);
        }
        return words.format(job.to, job.dtype, job.compress).option("-o", job.output);
    }
    Words operator()(const engine::ConvertJob& job) const
    {
        const ConversionRequest& request = job.request;
        Words words(QStringLiteral("convert"));
        words.word(request.input).word(request.output);
        words.format(request.to, request.dtype, request.compress);
        words.unless(std::string(), "--gptq-zeros", request.gptqZeros);
        words.unless(std::string(), "--ct-layout", request.ctLayout);
        if (request.assumedOffset) {
            words.option("--assume-offset", *request.assumedOffset);
        }
        for (const auto& [asked, flag] :
             {std::pair(request.ignoreCrc, "--ignore-crc"), std::pair(request.salvage, "--salvage"),
              std::pair(request.dryRun, "--dry-run")}) {
            if (asked) {
                words.flag(flag);
            }
        }
        return words;
    }
    Words operator()(const engine::UnpackJob& job) const
    {
        Words words(QStringLiteral("unpack"));
        words.word(job.file);
        if (job.salvage) {
            words.flag("--salvage");
        }
        return words.option("-o", job.output);
    }
    Words operator()(const engine::VerifyJob& job) const
    {
        Words words(QStringLiteral("verify"));
        words.word(job.file);
        if (job.against) {
            words.option("--against", job.against->spec);
        }
        return words;
    }
    Words operator()(const engine::InferJob& job) const
    {
        Words words(QStringLiteral("infer"));
        words.model(job.model).option("--input", job.input);
        if (job.plan) {
            words.option("--plan", files.plan);
        }
        return words.option("-o", job.output);
    }
    Words operator()(const engine::TrainJob& job) const
    {
        const engine::TrainJob usual;
        Words words(QStringLiteral("train"));
        words.model(job.model).data(job.data).option("--epochs", std::int64_t{job.epochs});
        words.unless(usual.optimizer, "--optimizer", job.optimizer);
        words.unless(usual.learningRate, "--learning-rate", job.learningRate);
        words.unless(usual.weightDecay, "--weight-decay", job.weightDecay);
        words.unless(usual.batchSize, "--train-batch-size", job.batchSize);
        if (job.augment) {
            words.flag("--augment");
        }
        return words.option("-o", job.output);
    }
    Words operator()(const engine::SearchJob& job) const
    {
        Words words(QStringLiteral("search"));
        words.word(job.method).model(job.model).option("--data", job.data.spec);
        words.unless<std::int64_t>(0, "--limit", job.data.limit);
        const OptionSchema& schema = *engine::methodNamed(job.method).options;
        for (const std::string& each : commandLineWords(schema, job.options)) {
            words.word(each);
        }
        words.unless(job.method, "--name", runNameOf(job.runFile));
        return words.option("-o", projectOfRunFile(job.runFile).string());
    }
    Words operator()(const engine::LayerDetailJob& job) const
    {
        Words words(QStringLiteral("inspect"));
        words.model(job.model).option("--layer", job.layer);
        if (!job.bits.empty()) {
            words.option("--bits", Words::joined(job.bits));
        }
        words.option("--plan", files.plan);
        if (job.data) {
            words.data(*job.data).calibration(job.calibration);
        }
        return words;
    }
    Words operator()(const engine::IdentifyJob& job) const
    {
        return Words(QStringLiteral("inspect")).word(job.file);
    }
    Words operator()(const engine::FileMapJob& job) const
    {
        return Words(QStringLiteral("inspect")).word(job.file).flag("--bytes");
    }
    Words operator()(const engine::PackedDetailJob& job) const
    {
        Words words(QStringLiteral("inspect"));
        words.word(job.file).option("--codes", job.tensor);
        if (job.against) {
            words.option("--against", job.against->spec);
        }
        return words;
    }
    /// Jobs that only feed a view have no command of their own.
    template <typename Job>
    Words operator()(const Job& job) const
    {
        return Words(QString::fromStdString(engine::kindOf(job)));
    }
};

} // namespace

QString shellWord(const QString& word)
{
    const QString plain = QStringLiteral("-_./:=@,+%");
    const bool isPlain = !word.isEmpty() && std::all_of(word.begin(), word.end(), [&](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || plain.contains(c);
    });
    if (isPlain) {
        return word;
    }
    QString quoted = word;
    return u'\'' + quoted.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QString commandLineFor(const engine::JobSpec& spec, const CommandFiles& files,
                       const QString& device, quint64 seed)
{
    Words words = std::visit(Writer{files}, spec);
    if (device != QLatin1String("cpu")) {
        words.option("--device", device);
    }
    if (seed != 0) {
        words.option("--seed", QString::number(seed));
    }
    if (!files.project.isEmpty()) {
        words.option("--project", files.project);
    }
    return words.line();
}

QString planSetCommand(const QString& planFile, PlanNames kind, const QStringList& names,
                       const PlanEdit& edit)
{
    Words words(QStringLiteral("plan set"));
    words.word(planFile);
    for (const QString& name : names) {
        words.word(name);
    }
    words.flag(kind == PlanNames::Layers ? "--exact" : "--tensors");
    const auto number = [&words](const char* flag, const std::optional<double>& value) {
        if (value) {
            words.option(flag, *value);
        }
    };
    const auto bits = [&words](const char* flag, const std::optional<int>& value) {
        if (value) {
            words.option(flag, std::int64_t{*value});
        }
    };
    const auto choice = [&words](const char* flag, const auto& value) {
        if (value) {
            words.option(flag, std::string(toString(*value)));
        }
    };
    const auto range = [&words](const char* flag, const std::optional<RangeEdit>& value) {
        if (value) {
            words.option(flag, *value ? rangeText(**value) : std::string("none"));
        }
    };
    bits("--weight-bits", edit.weightBits);
    choice("--weight-scheme", edit.weightScheme);
    choice("--weight-granularity", edit.weightGranularity);
    choice("--weight-observer", edit.weightObserver);
    number("--weight-percentile", edit.weightPercentile);
    range("--weight-range", edit.weightRange);
    bits("--activation-bits", edit.activationBits);
    choice("--activation-scheme", edit.activationScheme);
    choice("--activation-observer", edit.activationObserver);
    number("--activation-percentile", edit.activationPercentile);
    range("--activation-range", edit.activationRange);
    return words.line();
}

QString projectInspectCommand(const QString& folder)
{
    return Words(QStringLiteral("inspect")).word(folder).line();
}

QString reportCommand(const QString& project, const QString& plan, const QString& file)
{
    return Words(QStringLiteral("report"))
        .word(project)
        .option("--plan", plan)
        .option("-o", file)
        .line();
}

QString planCreateCommand(const QString& planFile, const QString& name,
                          const engine::ModelRef& model, std::optional<int> bits)
{
    Words words(QStringLiteral("plan create"));
    words.model(model);
    if (bits) {
        words.option("--weight-bits", std::int64_t{*bits});
        words.option("--activation-bits", std::int64_t{*bits});
    }
    return words.option("--name", name).option("-o", planFile).line();
}

QString allocateCommand(const AllocateCommand& command)
{
    Words words(QStringLiteral("allocate"));
    words.model(command.model).option("--sensitivity", command.sensitivityFile);
    words.option("--base", command.basePlan);
    for (const QString& layer : command.locked) {
        words.option("--lock", layer);
    }
    if (command.metric != SensitivityMetric::Kl) {
        words.option("--metric", std::string(toString(command.metric)));
    }
    if (command.maxBytes) {
        words.option("--max-bytes", *command.maxBytes);
    }
    if (command.maxBopsPercent) {
        words.option("--max-bops-percent", *command.maxBopsPercent);
    }
    if (!command.name.isEmpty()) {
        words.option("--name", command.name);
    }
    return words.option("-o", command.output).line();
}

} // namespace bitloom::workbench
