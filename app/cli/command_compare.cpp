// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/text_table.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/types/predictions.h"
#include "core/types/thumbnail.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace bitloom::cli {

namespace {

constexpr std::size_t kListedImages = 20;

std::string className(const Predictions& predictions, std::int64_t label)
{
    const auto index = static_cast<std::size_t>(label);
    const bool known =
        index < predictions.classNames.size() && !predictions.classNames[index].empty();
    return known ? std::to_string(label) + " " + predictions.classNames[index]
                 : std::to_string(label);
}

std::string imageTable(const std::vector<PredictionChange>& changes, const std::string& title,
                       const Predictions& parent)
{
    if (changes.empty()) {
        return {};
    }
    TextTable table({title, "class", "first says", "second says"});
    const std::size_t listed = std::min(kListedImages, changes.size());
    for (std::size_t i = 0; i < listed; ++i) {
        table.addRow({std::to_string(changes[i].image), className(parent, changes[i].label),
                      className(parent, changes[i].parent), className(parent, changes[i].other)});
    }
    const std::size_t others = changes.size() - listed;
    return "\n" + table.toString() +
           (others > 0 ? "and " + countOf(others, "image") + " more: --json lists all\n" : "");
}

std::string classTable(const PredictionChanges& changes, const Predictions& parent)
{
    TextTable table({"class", "images", "right in the first", "in the second", "change"});
    for (const ClassChange& change : changes.classes) {
        if (change.parentCorrect != change.otherCorrect) {
            const std::int64_t difference = change.otherCorrect - change.parentCorrect;
            table.addRow({className(parent, change.label), std::to_string(change.images),
                          std::to_string(change.parentCorrect), std::to_string(change.otherCorrect),
                          (difference > 0 ? "+" : "") + std::to_string(difference)});
        }
    }
    return changes.parentCorrect == changes.otherCorrect && changes.toRight.empty()
               ? std::string()
               : "\n" + table.toString();
}

std::string describe(const PredictionChanges& changes, const Predictions& parent)
{
    return std::to_string(changes.parentCorrect) + " of " + std::to_string(changes.images) +
           " images right in the first, " + std::to_string(changes.otherCorrect) +
           " in the second: " + std::to_string(changes.toWrong.size()) + " became wrong, " +
           std::to_string(changes.toRight.size()) + " became right; both say the same for " +
           formatFixed(changes.agreementPercent(), 2) + " %\n" + classTable(changes, parent) +
           imageTable(changes.toWrong, "became wrong", parent) +
           imageTable(changes.toRight, "became right", parent);
}

class CompareCommand final : public Command {
public:
    std::string name() const override { return "compare"; }
    std::string description() const override
    {
        return "Show which images two evaluations see differently";
    }
    std::string examples() const override
    {
        return "  bitloom eval MODEL --data cifar10:DIR --predictions float.json\n"
               "  bitloom eval MODEL --data cifar10:DIR --plan w4a4.json --predictions w4a4.json\n"
               "  bitloom compare float.json w4a4.json --thumbnails flipped";
    }
    void declare(CLI::App& app) override
    {
        app.add_option("PARENT", m_parent, "Predictions to compare with (eval --predictions)")
            ->required();
        app.add_option("OTHER", m_other, "Predictions of the other model or plan")->required();
        app.add_option("--thumbnails", m_thumbnails,
                       "Folder for small pictures of the images that became right or wrong");
        app.add_option("--data", m_data,
                       "Where the images are, if not where they were when they were evaluated")
            ->needs("--thumbnails");
        app.add_option("--size", m_size, "Longer side of the pictures in pixels")
            ->check(numbersFrom(kSmallestThumbnail, kLargestThumbnail))
            ->capture_default_str()
            ->needs("--thumbnails");
    }
    void run(Session& session) override
    {
        const Predictions parent = readPredictions(m_parent);
        const PredictionChanges changes = comparePredictions(parent, readPredictions(m_other));
        Json result = Json::parse(toJson(changes));
        std::string text = describe(changes, parent);
        if (!m_thumbnails.empty()) {
            const std::size_t written = writeThumbnails(session, parent, changes);
            result["thumbnails"] = {{"folder", m_thumbnails}, {"written", written}};
            text += "\n" + countOf(written, "picture") + " written to " + m_thumbnails;
        }
        session.print(result, text);
    }

private:
    static Predictions readPredictions(const std::string& path)
    {
        const std::string text = readTextFile(path);
        return withContext(path, [&] { return predictionsFromJson(text); });
    }

    std::size_t writeThumbnails(Session& session, const Predictions& parent,
                                const PredictionChanges& changes) const
    {
        const std::size_t perJob = mostThumbnails(m_size);
        std::vector<std::int64_t> images;
        for (const auto* list : {&changes.toWrong, &changes.toRight}) {
            for (const PredictionChange& change : *list) {
                images.push_back(change.image);
            }
        }
        std::sort(images.begin(), images.end());
        std::size_t written = 0;
        for (std::size_t first = 0; first < images.size(); first += perJob) {
            engine::ThumbnailJob job;
            job.data.spec = m_data.empty() ? parent.data : m_data;
            job.data.split = parent.split;
            const auto begin = images.begin() + static_cast<std::ptrdiff_t>(first);
            const std::size_t count = std::min(perJob, images.size() - first);
            job.indices.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
            job.size = m_size;
            job.folder = m_thumbnails;
            written += session.runJob(job).at("thumbnails").size();
        }
        return written;
    }

    std::string m_parent;
    std::string m_other;
    std::string m_thumbnails;
    std::string m_data;
    int m_size = 64;
};

} // namespace

std::unique_ptr<Command> makeCompareCommand()
{
    return std::make_unique<CompareCommand>();
}

} // namespace bitloom::cli
