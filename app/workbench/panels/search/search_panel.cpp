// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/search_panel.h"

#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/data_choice_form.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/jobs/job_progress.h"
#include "app/workbench/panels/search/search_run.h"
#include "core/base/error.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"
#include "widgets/views/option_field.h"
#include "widgets/views/option_form.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {

/// Which layers a search leaves alone, of methods that can.
constexpr const char* kLockOption = "lock";

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QLabel* makeDim(const QString& words)
{
    auto* label = new QLabel(words);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

void describe(QWidget* control, const QString& name, const QString& help)
{
    control->setAccessibleName(name);
    ui::setHelp(*control, help);
}

} // namespace

SearchPanel::SearchPanel(PlanDocument& document, JobCenter& center, DataChoice& choice,
                         SearchRun& run, const std::vector<MethodDescription>& methods,
                         QWidget* parent)
    : Panel(QStringLiteral("search"), tr("Search"), parent), m_document(document), m_choice(choice),
      m_run(run), m_methods(methods), m_method(new QComboBox), m_title(new QLabel),
      m_summary(makeDim({})), m_source(makeDim({})), m_preset(new QComboBox),
      m_presetHelp(makeDim({})), m_images(new QSpinBox), m_sweep(new QLineEdit),
      m_name(new QLineEdit), m_problem(makeDim({})), m_start(new QPushButton(tr("Start search"))),
      m_progress(new JobProgress(center, tr("Progress of the search"))),
      m_lockAsPlan(new QPushButton(tr("Lock as in the plan"))), m_locks(new QLineEdit),
      m_sendLocks(new QPushButton(tr("Lock"))), m_freeze(new QPushButton(tr("Freeze gates"))),
      m_failure(new FailureLine)
{
    setWhatsThis(tr("Trains the network and its bit widths together. What comes out is packed, "
                    "read back and measured, and becomes a point of the frontier. A search that "
                    "was stopped goes on when it is started with the same name and options."));
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(12, 4, 12, 12);
    layout->setSpacing(8);
    layout->addWidget(makeHead());
    for (const MethodDescription& each : m_methods) {
        m_method->addItem(text(each.title));
        m_forms.push_back(new ui::OptionForm(*each.options));
        layout->addWidget(m_forms.back());
    }
    layout->addWidget(m_lockAsPlan, 0, Qt::AlignLeft);
    layout->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(column);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    auto* whole = new QVBoxLayout(content);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(scroll, 1);
    whole->addWidget(makeFoot());
    setContent(content);

    const auto dirty = [this] { markDirty(); };
    connect(&document, &PlanDocument::modelChanged, this, [this] {
        m_failure->hide();
        m_nameChosen = false;
        markDirty();
    });
    connect(&choice, &DataChoice::changed, this, dirty);
    connect(&run, &SearchRun::stateChanged, this, dirty);
    connect(&run, &SearchRun::failed, this,
            [this](const QString& name, const QString& code, const QString& message) {
                m_failure->show(tr("%1 did not finish").arg(name), code, message);
                markDirty();
            });
    for (const ui::OptionForm* each : m_forms) {
        connect(each, &ui::OptionForm::changed, this, dirty);
    }
    connect(m_name, &QLineEdit::textEdited, this, [this] {
        m_nameChosen = true;
        markDirty();
    });
    connect(m_method, &QComboBox::currentIndexChanged, this, &SearchPanel::chooseMethod);
    connect(m_preset, &QComboBox::currentIndexChanged, this, &SearchPanel::choosePreset);
    connect(m_start, &QPushButton::clicked, this, &SearchPanel::start);
    connect(m_progress, &JobProgress::stopRequested, &run, &SearchRun::stop);
    connect(m_freeze, &QPushButton::clicked, &run, &SearchRun::freezeGates);
    connect(m_sendLocks, &QPushButton::clicked, this, &SearchPanel::sendLocks);
    connect(m_locks, &QLineEdit::returnPressed, this, &SearchPanel::sendLocks);
    connect(m_lockAsPlan, &QPushButton::clicked, this, &SearchPanel::lockAsInThePlan);
    connect(&document, &PlanDocument::lockedChanged, this, dirty);
    connect(m_sweep, &QLineEdit::textChanged, this, dirty);
    chooseMethod();
    refresh();
}

const MethodDescription& SearchPanel::method() const
{
    return m_methods[static_cast<std::size_t>(m_method->currentIndex())];
}

ui::OptionForm& SearchPanel::form() const
{
    return *m_forms[static_cast<std::size_t>(m_method->currentIndex())];
}

void SearchPanel::chooseMethod()
{
    for (ui::OptionForm* each : m_forms) {
        each->setVisible(each == &form());
    }
    const OptionSchema& schema = *method().options;
    m_title->setText(text(method().title));
    m_summary->setText(ui::methodText(method().summary) + u'.');
    m_source->setText(text(method().source));
    {
        const QSignalBlocker blocker(m_preset);
        m_preset->clear();
        m_preset->addItem(tr("Defaults"));
        for (const OptionPreset& preset : schema.presets()) {
            m_preset->addItem(text(preset.name), text(preset.name));
        }
    }
    const QString swept = text(schema.options().front().name);
    m_sweep->setPlaceholderText(tr("more values of %1, as 0.01, 1").arg(swept));
    describe(m_sweep, tr("Values to sweep over"),
             tr("Other values of %1, separated by commas: one run and one point each.").arg(swept));
    m_lockAsPlan->setVisible(std::ranges::any_of(
        schema.options(), [](const OptionSpec& option) { return option.name == kLockOption; }));
    choosePreset();
    markDirty();
}

QWidget* SearchPanel::makeHead()
{
    auto* head = new QWidget;
    auto* layout = new QVBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    layout->addWidget(m_title);
    layout->addWidget(m_summary);
    layout->addWidget(m_source);

    describe(m_method, tr("Method"), tr("How bits are searched. Each method has its own options."));
    describe(m_preset, tr("Preset"), tr("Options that belong together, to start from."));
    m_images->setRange(0, 100'000'000);
    m_images->setSpecialValueText(tr("all images"));
    m_images->setPrefix(tr("first "));
    m_images->setSuffix(tr(" images"));
    m_images->setGroupSeparatorShown(true);
    m_images->setSingleStep(1000);
    describe(m_images, tr("Training images"),
             tr("Train on the first images of the training split only; 0: on all. The whole test "
                "split judges."));
    m_name->setValidator(new QRegularExpressionValidator(
        QRegularExpression(QStringLiteral("[A-Za-z0-9_-][A-Za-z0-9._-]*")), m_name));
    describe(
        m_name, tr("Name of the run"),
        tr("Letters, digits, -, _ and dots. The run and its packed outcome get this name in the "
           "project."));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Method"), m_method);
    form->setRowVisible(m_method, m_methods.size() > 1);
    form->addRow(tr("Preset"), m_preset);
    form->addRow(QString(), m_presetHelp);
    form->addRow(tr("Images"), new DataChoiceForm(m_choice, DataUse::Training));
    form->addRow(tr("Train on"), m_images);
    form->addRow(tr("Also try"), m_sweep);
    form->addRow(tr("Run"), m_name);
    layout->addLayout(form);
    return head;
}

QWidget* SearchPanel::makeFoot()
{
    m_start->setIcon(ui::icon(QStringLiteral("resume")));
    m_problem->setAccessibleName(tr("Why the search cannot start"));
    m_progress->setPause(tr("Stand still after this step, and keep everything."));
    m_progress->setStop(tr("Stop"), tr("Stop the search"),
                        tr("Stop after this step. What was done is kept, and the same name and "
                           "options go on from there."));
    auto* foot = new QWidget;
    auto* layout = new QVBoxLayout(foot);
    layout->setContentsMargins(12, 8, 12, 12);
    layout->setSpacing(8);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_problem, 1);
    line->addWidget(m_start);
    layout->addWidget(m_failure);
    layout->addWidget(makeSteering());
    layout->addWidget(m_progress);
    layout->addLayout(line);
    return foot;
}

QWidget* SearchPanel::makeSteering()
{
    m_steering = new QWidget;
    m_locks->setPlaceholderText(tr("LAYER=8/8, LAYER=keep, LAYER=free"));
    describe(m_locks, tr("Locks for the running search"),
             tr("What the search may no longer choose: LAYER=WEIGHT/ACTIVATION bits (- stays "
                "free), LAYER=keep for all channels, LAYER=free to end a lock."));
    describe(m_sendLocks, tr("Lock layers of the running search"),
             tr("Takes effect with the next step, and is kept with the run."));
    describe(m_freeze, tr("Freeze the gates of the running search"),
             tr("Decide the bits as the gates stand: the fine-tuning with fixed gates begins, or "
                "the search ends where none was asked for."));
    auto* layout = new QHBoxLayout(m_steering);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_locks, 1);
    layout->addWidget(m_sendLocks);
    layout->addWidget(m_freeze);
    return m_steering;
}

void SearchPanel::sendLocks()
{
    m_failure->hide();
    try {
        m_run.lock(m_locks->text());
        m_locks->clear();
    } catch (const Error& error) {
        m_failure->show(tr("Nothing was locked"), error);
    }
}

void SearchPanel::lockAsInThePlan()
{
    std::vector<LayerLock> locks;
    for (const LayerCost& layer : m_document.cost().layers) {
        if (m_document.isLocked(text(layer.name))) {
            LayerLock lock;
            lock.layer = layer.name;
            lock.weightBits = layer.weightBits;
            if (layer.activationBits != kFloatBits) {
                lock.activationBits = layer.activationBits;
            }
            locks.push_back(std::move(lock));
        }
    }
    OptionValues values = form().values();
    values.set(kLockOption, toText(locks));
    form().setValues(values);
}

void SearchPanel::choosePreset()
{
    const QString chosen = m_preset->currentData().toString();
    const OptionSchema& schema = *method().options;
    QString help = tr("Every option as it is when nothing is said.");
    for (const OptionPreset& preset : schema.presets()) {
        if (text(preset.name) == chosen) {
            help = ui::methodText(preset.help) + u'.';
        }
    }
    m_presetHelp->setText(help);
    form().setBase(chosen.isEmpty() ? schema.defaults() : schema.preset(chosen.toStdString()));
}

void SearchPanel::setOptions(const OptionValues& values)
{
    form().setValues(values);
}

namespace {
/// As the command line names the runs of a sweep.
QString withValue(const QString& name, const OptionSpec& option, const OptionValue& value)
{
    return QStringLiteral("%1-%2-%3").arg(name, text(option.name), text(toText(value)));
}
} // namespace

QString SearchPanel::proposedName() const
{
    const OptionSpec& first = method().options->options().front();
    const OptionValues values = form().values();
    return withValue(text(method().name), first, *values.find(first.name));
}

std::vector<OptionValue> SearchPanel::sweepValues() const
{
    const OptionSchema& schema = *method().options;
    const OptionSpec& first = schema.options().front();
    std::vector<OptionValue> values;
    const QStringList words = m_sweep->text().split(u',', Qt::SkipEmptyParts);
    for (const QString& word : words) {
        values.push_back(schema.parse(first, word.trimmed().toStdString()));
    }
    if (!values.empty()) { // the form's own value is one of them
        const OptionValues shown = form().values();
        values.insert(values.begin(), *shown.find(first.name));
        for (auto it = values.begin(); it != values.end(); ++it) {
            values.erase(std::remove(it + 1, values.end(), *it), values.end());
        }
    }
    return values;
}

std::vector<SearchSettings> SearchPanel::searches() const
{
    SearchSettings settings{method().name, form().values(),
                            m_nameChosen ? m_name->text() : proposedName(), m_images->value()};
    const std::vector<OptionValue> values = sweepValues();
    if (values.empty()) {
        return {settings};
    }
    const OptionSpec& first = method().options->options().front();
    const QString name = m_nameChosen ? m_name->text() : text(method().name);
    std::vector<SearchSettings> all;
    for (const OptionValue& value : values) {
        settings.options.set(first.name, value);
        settings.name = withValue(name, first, value);
        all.push_back(settings);
    }
    return all;
}

QString SearchPanel::problem() const
{
    QString reason = m_run.problem();
    if (!reason.isEmpty()) {
        return reason;
    }
    if (m_name->text().isEmpty()) {
        return tr("Give the run a name.");
    }
    try {
        sweepValues();
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return form().problem();
}

void SearchPanel::start()
{
    if (!problem().isEmpty()) {
        return;
    }
    m_failure->hide();
    m_run.start(searches());
}

void SearchPanel::refresh()
{
    if (!m_document.isOpen()) {
        showEmpty(tr("Open a model to search its bits by training."));
        return;
    }
    showContent();
    if (!m_nameChosen) {
        m_name->setText(proposedName());
    }
    const bool isRunning = m_run.job() != 0;
    const bool hasLocks = !m_document.lockedLayers().isEmpty();
    m_lockAsPlan->setEnabled(hasLocks);
    ui::setHelp(
        *m_lockAsPlan,
        hasLocks ? tr("Fill the option lock with the layers that are locked in the plan, at their "
                      "bits there.")
                 : tr("No layer of the plan is locked."));
    const QString reason = problem();
    m_problem->setText(isRunning ? QString() : reason);
    m_start->setEnabled(reason.isEmpty());
    ui::setHelp(*m_start,
                reason.isEmpty() ? tr("Train, and watch what happens in the panel Run.") : reason);
    m_progress->setJob(m_run.job(), m_run.waiting());
    m_steering->setVisible(isRunning);
}

} // namespace bitloom::workbench
