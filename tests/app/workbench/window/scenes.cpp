// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/workbench/window/scenes.h"

#include "app/workbench/frame/main_window.h"
#include "app/workbench/panel_set.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/evaluate/evaluate_panel.h"
#include "app/workbench/panels/pack/export_panel.h"
#include "app/workbench/panels/plan/sensitivity_run.h"
#include "app/workbench/workbench.h"
#include "tests/app/workbench/window/test_window.h"
#include "widgets/views/panel.h"

#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QTabWidget>

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_map>

namespace bitloom::test {

using namespace bitloom::workbench;

namespace {

constexpr int kDigits = 400;      ///< images that everything is measured on
constexpr int kManyDigits = 4000; ///< enough to see a job run
constexpr double kBudget = 1.0;   ///< BOPs in percent of FP32

void showPanels(TestWindow& shown, const QStringList& ids)
{
    for (const QString& id : ids) {
        shown.window().showPanel(id);
    }
}

/// The layer with most weights: its histogram has a shape.
QString largestLayer(PlanDocument& document)
{
    const auto& layers = document.model()->layers;
    const auto found = std::max_element(layers.begin(), layers.end(),
                                        [](const LayerInfo& left, const LayerInfo& right) {
                                            return left.parameters < right.parameters;
                                        });
    return QString::fromStdString(found->name);
}

bool openModel(TestWindow& shown, const QString& spec)
{
    if (!shown.open(spec)) {
        return false;
    }
    Workbench& bench = shown.workbench();
    DataSettings data = bench.data().settings();
    data.kind = DataKind::Digits;
    data.digits = kDigits;
    bench.data().setSettings(data);
    if (bench.document().sensitivity() == nullptr) { // a model without a project
        SweepSettings sweep;
        sweep.images = 60;
        bench.sweep().start(sweep);
        if (!TestWindow::wait([&] { return bench.document().sensitivity() != nullptr; })) {
            return false;
        }
    }
    return TestWindow::wait([&] { return bench.budget().frontier() != nullptr; });
}

bool showEditor(TestWindow& shown)
{
    PlanDocument& document = shown.workbench().document();
    const QStringList plans = document.planNames();
    if (plans.contains(QStringLiteral("budget"))) {
        document.showPlan(QStringLiteral("budget"));
    }
    shown.workbench().selection().setLayers({largestLayer(document)});
    showPanels(shown, {QStringLiteral("cost"), QStringLiteral("frontier")});
    return shown.settle();
}

/// A page of the run that the project made last, with the right column wide enough for it.
bool showRun(TestWindow& shown, int page)
{
    showPanels(shown, {QStringLiteral("layer"), QStringLiteral("run")});
    Workbench& bench = shown.workbench();
    const auto* panel = shown.window().findChild<ui::Panel*>(QStringLiteral("run"));
    auto* pages = panel == nullptr ? nullptr : panel->findChild<QTabWidget*>();
    if (pages == nullptr || !TestWindow::wait([&] { return !bench.run().isEmpty(); })) {
        return false;
    }
    pages->setCurrentIndex(page);
    return shown.settle();
}

bool hasRuns(const QString& spec)
{
    return !QDir(spec + QStringLiteral("/runs"))
                .entryList({QStringLiteral("*.run.h5")}, QDir::Files)
                .isEmpty();
}

bool showSensitivity(TestWindow& shown)
{
    showPanels(shown, {QStringLiteral("layer"), QStringLiteral("sensitivity")});
    return shown.settle();
}

bool showFrontier(TestWindow& shown)
{
    BudgetAssistant& budget = shown.workbench().budget();
    budget.setBudget(budget.fromUnit(kBudget));
    showPanels(shown, {QStringLiteral("cost"), QStringLiteral("frontier")});
    return TestWindow::wait([&] { return budget.preview() != nullptr; }) && shown.settle();
}

bool showLayer(TestWindow& shown)
{
    shown.workbench().budget().dismiss();
    showPanels(shown, {QStringLiteral("layer")});
    return shown.settle();
}

bool showSearch(TestWindow& shown)
{
    showPanels(shown, {QStringLiteral("layer"), QStringLiteral("search")});
    return shown.settle();
}

bool showRunningJob(TestWindow& shown)
{
    Workbench& bench = shown.workbench();
    DataSettings data = bench.data().settings();
    data.digits = kManyDigits;
    bench.data().setSettings(data);
    showPanels(shown, {QStringLiteral("sensitivity"), QStringLiteral("jobs")});
    SweepSettings sweep;
    sweep.images = 0;
    bool learned = false;
    const auto connection = QObject::connect(&bench.sweep(), &SensitivityRun::learned,
                                             &bench.sweep(), [&] { learned = true; });
    bench.sweep().start(sweep);
    const bool running = TestWindow::wait([&] {
        const auto& rows = bench.jobs().rows();
        return learned && std::any_of(rows.begin(), rows.end(), [](const JobRow& row) {
                   return row.state == JobState::Running && row.progress &&
                          row.progress->etaSeconds && row.progress->done * 4 > row.progress->total;
               });
    });
    QObject::disconnect(connection);
    return running;
}

bool showProof(TestWindow& shown)
{
    Workbench& bench = shown.workbench();
    bench.jobs().cancelAll();
    if (!TestWindow::wait([&] { return bench.jobs().isIdle(); })) {
        return false;
    }
    showPanels(shown, {QStringLiteral("export"), QStringLiteral("log")});
    ExportPanel& panel = bench.panels().exporting();
    panel.setFile(QDir::home().filePath(QStringLiteral("lenet5-budget.h5")));
    panel.pack();
    return TestWindow::wait([&] { return panel.proof() != nullptr && !bench.jobs().isBusy(); }) &&
           shown.settle();
}

} // namespace

std::vector<Scene> scenes(const QString& spec)
{
    std::vector<Scene> all{
        {QStringLiteral("welcome"), [](TestWindow& shown) { return shown.settle(); }},
        {QStringLiteral("plan-editor"),
         [spec](TestWindow& shown) { return openModel(shown, spec) && showEditor(shown); }},
        {QStringLiteral("sensitivity"), showSensitivity},
        {QStringLiteral("frontier"), showFrontier},
        {QStringLiteral("layer"), showLayer},
        {QStringLiteral("search"), showSearch},
        {QStringLiteral("job"), showRunningJob, true},
        {QStringLiteral("export"), showProof, true},
    };
    if (hasRuns(spec)) {
        const char* const pages[] = {"run-curves", "run-gates",  "run-channels",
                                     "run-ranges", "run-layers", "run-warnings"};
        for (int page = 0; page < static_cast<int>(std::size(pages)); ++page) {
            all.insert(all.begin() + 2 + page,
                       {QString::fromLatin1(pages[page]),
                        [page](TestWindow& shown) { return showRun(shown, page); }, true,
                        page < 2});
        }
    }
    return all;
}

QImage pictureOf(TestWindow& shown)
{
    return shown.window().grab().toImage();
}

QImage withPalette(const QImage& image)
{
    const QImage pixels = image.convertToFormat(QImage::Format_RGB32);
    std::unordered_map<QRgb, int> counts;
    for (int y = 0; y < pixels.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(pixels.constScanLine(y));
        for (int x = 0; x < pixels.width(); ++x) {
            ++counts[line[x]];
        }
    }
    std::vector<std::pair<int, QRgb>> ranked;
    ranked.reserve(counts.size());
    for (const auto& [colour, count] : counts) {
        ranked.emplace_back(-count, colour);
    }
    std::sort(ranked.begin(), ranked.end());
    // The most frequent colours as they are; then the most frequent of those that are far from all
    // taken ones, nearer and nearer, so that each remaining shade has a near one.
    constexpr int kMostColours = 256;
    constexpr std::size_t kExact = 64;
    QList<QRgb> colours;
    for (std::size_t i = 0; i < std::min(kExact, ranked.size()); ++i) {
        colours << ranked[i].second;
    }
    const auto distance = [](QRgb one, QRgb other) {
        const int red = qRed(one) - qRed(other);
        const int green = qGreen(one) - qGreen(other);
        const int blue = qBlue(one) - qBlue(other);
        return red * red + green * green + blue * blue;
    };
    for (int least : {48 * 48, 24 * 24, 12 * 12, 6 * 6, 1}) {
        for (const auto& entry : ranked) {
            const QRgb shade = entry.second;
            if (colours.size() < kMostColours &&
                std::none_of(colours.begin(), colours.end(),
                             [&](QRgb taken) { return distance(taken, shade) < least; })) {
                colours << shade;
            }
        }
    }
    QImage result = pixels.convertToFormat(QImage::Format_Indexed8, colours, Qt::ThresholdDither);
    result.setDevicePixelRatio(image.devicePixelRatio());
    return result;
}

} // namespace bitloom::test
