// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/architecture_dialog.h"
#include "app/workbench/jobs/phrase_text.h"

#include "core/engine/architecture_catalog.h"
#include "core/types/model_spec.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/spacing.h"
#include "widgets/views/row_delegate.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr QSize kArchitectureSize(640, 520);
constexpr int kGuessRole = Qt::UserRole;
constexpr int kReasonRole = Qt::UserRole + 1;
constexpr int kShapeRole = Qt::UserRole + 2;

QString commaSeparated(const std::vector<std::int64_t>& shape)
{
    QStringList parts;
    for (const std::int64_t size : shape) {
        parts << QString::number(size);
    }
    return parts.join(u',');
}

/// In the language of the window (translations/core_words.cpp).
QString descriptionOf(const engine::ArchitectureEntry& entry)
{
    return QCoreApplication::translate("Architectures", entry.description.c_str());
}

const engine::ArchitectureEntry* catalogEntry(const std::string& name)
{
    const auto& catalog = engine::architectureCatalog();
    const auto found = std::find_if(catalog.begin(), catalog.end(),
                                    [&](const auto& entry) { return entry.name == name; });
    return found == catalog.end() ? nullptr : &*found;
}
} // namespace

ArchitectureDialog::ArchitectureDialog(const FileReport& report, QWidget* parent)
    : QDialog(parent), m_file(QString::fromStdString(report.file))
{
    setWindowTitle(tr("Which architecture?"));
    build(
        tr("%1 holds weights only. Which network are they for?").arg(QFileInfo(m_file).fileName()),
        tr("The guesses compare names and shapes of its %n tensor(s) with the built-in networks.",
           nullptr, static_cast<int>(report.tensors.size())),
        true);
    QStringList guessed;
    if (!report.guesses.empty()) {
        addGroup(tr("Guesses, best first"));
        for (const ArchitectureGuess& guess : report.guesses) {
            addGuess(guess);
            guessed << QString::fromStdString(guess.name);
        }
    }
    addGroup(report.guesses.empty() ? tr("No built-in network is near; all of them")
                                    : tr("Others, smallest first"));
    addCatalog(guessed);
    m_list->expandAll();
    if (!report.guesses.empty()) {
        m_list->setCurrentItem(m_list->topLevelItem(0)->child(0));
    }
    showChoice();
}

ArchitectureDialog::ArchitectureDialog(QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Open by name"));
    build(tr("Which network?"),
          tr("It starts with random weights: to see costs, to plan, or to be trained."), false);
    addGroup(tr("Built-in networks, smallest first"));
    addCatalog({});
    m_list->expandAll();
    m_list->setCurrentItem(m_list->topLevelItem(0)->child(0));
    showChoice();
}

void ArchitectureDialog::build(const QString& question, const QString& explanation, bool isFile)
{
    setObjectName(QStringLiteral("architectureDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(kArchitectureSize);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(ui::kGap);
    auto* title = new QLabel(question, this);
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    QFont bold = title->font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    auto* why = new QLabel(explanation, this);
    why->setWordWrap(true);
    why->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(title);
    column->addWidget(why);

    m_filter = new QLineEdit(this);
    m_filter->setPlaceholderText(tr("Filter by name"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setAccessibleDescription(tr("Shows only networks whose name holds this text."));
    column->addWidget(m_filter);
    m_list = new QTreeWidget(this);
    m_list->setObjectName(QStringLiteral("architectures"));
    m_list->setAccessibleName(tr("Architectures"));
    m_list->setAccessibleDescription(tr("Enter opens the current one."));
    m_list->setColumnCount(2);
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setItemDelegate(new ui::RowDelegate(m_list));
    m_list->setIndentation(ui::kGap);
    m_list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    column->addWidget(m_list, 1);
    m_reason = new QLabel(this);
    m_reason->setObjectName(QStringLiteral("reason"));
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    m_reason->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_reason->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_reason->setAccessibleName(tr("Reason"));
    column->addWidget(m_reason);

    m_shape = new QLineEdit(this);
    m_shape->setObjectName(QStringLiteral("inputShape"));
    m_shape->setAccessibleName(tr("Input shape"));
    ui::setHelp(*m_shape, tr("Shape of the input at batch 1; empty: the network's own."));
    auto* form = new QFormLayout;
    form->addRow(tr("&Input shape"), m_shape);
    column->addLayout(form);
    addButtons(isFile);
    column->addWidget(m_buttons);
    connect(m_filter, &QLineEdit::textChanged, this, &ArchitectureDialog::filter);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ArchitectureDialog::showChoice);
    connect(m_shape, &QLineEdit::textChanged, this, &ArchitectureDialog::showChoice);
}

void ArchitectureDialog::addButtons(bool isFile)
{
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton* open = m_buttons->addButton(tr("Open"), QDialogButtonBox::AcceptRole);
    open->setObjectName(QStringLiteral("open"));
    open->setDefault(true);
    if (isFile) {
        QPushButton* attach =
            m_buttons->addButton(tr("Attach a graph..."), QDialogButtonBox::ActionRole);
        ui::setHelp(*attach,
                    tr("None of these: open a TorchScript export of the same model instead, "
                       "which brings graph and weights."));
        connect(attach, &QPushButton::clicked, this, [this] {
            reject();
            Q_EMIT attachGraphRequested();
        });
        QPushButton* convert = m_buttons->addButton(tr("Convert..."), QDialogButtonBox::ActionRole);
        ui::setHelp(*convert,
                    tr("Write the weights into another kind of file, without a network."));
        connect(convert, &QPushButton::clicked, this, [this] {
            reject();
            Q_EMIT convertRequested(m_file);
        });
    }
    connect(m_list, &QTreeWidget::itemActivated, open, [open] { open->click(); });
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        const QString spec = chosenSpec();
        const std::vector<std::int64_t> shape = inputShape().value_or(std::vector<std::int64_t>{});
        accept();
        Q_EMIT chosen(spec, shape);
    });
}

void ArchitectureDialog::addGroup(const QString& title)
{
    m_group = new QTreeWidgetItem(m_list, {title});
    m_group->setFlags(Qt::ItemIsEnabled);
    m_group->setFirstColumnSpanned(true);
    m_group->setForeground(0, palette().placeholderText());
}

void ArchitectureDialog::addGuess(const ArchitectureGuess& guess)
{
    const QString fit =
        guess.fits ? tr("fits: every name and shape agrees")
                   : tr("%1 of %2 tensors agree")
                         .arg(ui::formatExact(guess.matching), ui::formatExact(guess.expected));
    auto* item = new QTreeWidgetItem(m_group, {QString::fromStdString(guess.name), fit});
    item->setData(0, kGuessRole, QString::fromStdString(guess.model));
    item->setData(0, kReasonRole, phraseText(guess.reason));
    if (const engine::ArchitectureEntry* entry = catalogEntry(guess.name)) {
        item->setData(0, kShapeRole, commaSeparated(entry->inputShape));
        item->setToolTip(0, descriptionOf(*entry));
    }
}

void ArchitectureDialog::addCatalog(const QStringList& without)
{
    for (const engine::ArchitectureEntry& entry : engine::architectureCatalog()) {
        const QString name = QString::fromStdString(entry.name);
        if (without.contains(name)) {
            continue;
        }
        auto* item = new QTreeWidgetItem(
            m_group,
            {name, tr("%1 parameters, input %2")
                       .arg(ui::formatCount(entry.parameters), ui::formatShape(entry.inputShape))});
        item->setData(0, kGuessRole,
                      QString::fromStdString(specOfArchitecture(entry.name, m_file.toStdString())));
        item->setData(0, kReasonRole, descriptionOf(entry));
        item->setData(0, kShapeRole, commaSeparated(entry.inputShape));
    }
}

void ArchitectureDialog::filter(const QString& text)
{
    QTreeWidgetItem* first = nullptr;
    for (int g = 0; g < m_list->topLevelItemCount(); ++g) {
        QTreeWidgetItem* group = m_list->topLevelItem(g);
        bool any = false;
        for (int i = 0; i < group->childCount(); ++i) {
            QTreeWidgetItem* item = group->child(i);
            const bool matches = item->text(0).contains(text.trimmed(), Qt::CaseInsensitive);
            item->setHidden(!matches);
            any = any || matches;
            if (matches && first == nullptr) {
                first = item;
            }
        }
        group->setHidden(!any);
    }
    m_list->setCurrentItem(first);
    showChoice();
}

QString ArchitectureDialog::chosenSpec() const
{
    const QTreeWidgetItem* item = m_list->currentItem();
    return item == nullptr ? QString() : item->data(0, kGuessRole).toString();
}

std::optional<std::vector<std::int64_t>> ArchitectureDialog::inputShape() const
{
    std::vector<std::int64_t> shape;
    const QString text = m_shape->text().trimmed();
    if (text.isEmpty()) {
        return shape;
    }
    static const QRegularExpression separator(QStringLiteral("\\s*[,x\u00d7 ]\\s*"));
    const QStringList parts = text.split(separator);
    for (const QString& part : parts) {
        bool isNumber = false;
        const qint64 size = part.toLongLong(&isNumber);
        if (!isNumber || size < 1) {
            return std::nullopt;
        }
        shape.push_back(size);
    }
    return shape;
}

void ArchitectureDialog::showChoice()
{
    const QTreeWidgetItem* item = m_list->currentItem();
    const bool isChoice = !chosenSpec().isEmpty();
    const bool isShape = inputShape().has_value();
    m_shape->setPlaceholderText(isChoice ? item->data(0, kShapeRole).toString() : QString());
    if (!isShape) {
        m_reason->setText(
            tr("The input shape has to be whole numbers with commas, like 1,3,224,224."));
    } else {
        m_reason->setText(isChoice ? item->data(0, kReasonRole).toString() : QString());
    }
    m_buttons->findChild<QPushButton*>(QStringLiteral("open"))->setEnabled(isChoice && isShape);
}

} // namespace bitloom::workbench
