// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/pages/welcome_page.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/settings/recent_files.h"
#include "core/types/model_spec.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"
#include "widgets/util/spacing.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace bitloom::workbench {

namespace {
constexpr int kGroupGap = 16;
constexpr int kPageWidth = 880; // wider lines are hard to read
constexpr int kWelcomeLogo = 56;
constexpr int kSpecRole = Qt::UserRole;

QLabel* makeHeading(const QString& text, double scale, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

QLabel* makeDim(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

/// A button that follows an action: text, icon, state, tooltip.
QPushButton* makeActionButton(QAction* action, QWidget* parent)
{
    auto* button = new QPushButton(parent);
    const auto follow = [button, action] {
        button->setText(action->text());
        button->setAccessibleName(action->iconText());
        button->setIcon(action->icon());
        button->setEnabled(action->isEnabled());
        ui::setHelp(*button, action->toolTip());
    };
    follow();
    QObject::connect(action, &QAction::changed, button, follow);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

/// Two lines: the name, and dim below it where it is or why it cannot be opened.
class RecentDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {0, 2 * option.fontMetrics.height() + 2 * ui::kGap};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyleOptionViewItem ground = option;
        initStyleOption(&ground, index);
        ground.text.clear();
        ground.icon = {};
        const QStyle* style = option.widget->style();
        style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, option.widget);
        const bool there = index.flags() & Qt::ItemIsEnabled;
        const bool selected = option.state & QStyle::State_Selected;
        const auto group = there ? QPalette::Active : QPalette::Disabled;
        const QColor text = option.palette.color(
            group, selected && there ? QPalette::HighlightedText : QPalette::Text);
        const int side = style->pixelMetric(QStyle::PM_ListViewIconSize);
        const QRect inside = option.rect.adjusted(ui::kGap, ui::kGap, -ui::kGap, -ui::kGap);
        const QRect icon(inside.left(), inside.top() + (inside.height() - side) / 2, side, side);
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, icon, Qt::AlignCenter, there ? QIcon::Normal : QIcon::Disabled);
        const QRect lines = inside.adjusted(side + ui::kGap + ui::kGap / 2, 0, 0, 0);
        const QStringList parts = index.data().toString().split(u'\n');
        painter->save();
        painter->setFont(option.font);
        painter->setPen(text);
        painter->drawText(
            lines, Qt::AlignTop | Qt::AlignLeft,
            option.fontMetrics.elidedText(parts.value(0), Qt::ElideMiddle, lines.width()));
        if (!selected) {
            painter->setPen(option.palette.color(QPalette::PlaceholderText));
        }
        painter->drawText(
            lines, Qt::AlignBottom | Qt::AlignLeft,
            option.fontMetrics.elidedText(parts.value(1), Qt::ElideMiddle, lines.width()));
        painter->restore();
    }
};

QString folderForPeople(const QString& path)
{
    const QString folder = QFileInfo(path).absolutePath();
    const QString home = QDir::homePath();
    return folder.startsWith(home) ? u'~' + folder.mid(home.size()) : folder;
}
} // namespace

WelcomePage::WelcomePage(const ActionRegistry& actions, RecentFiles& recent, QWidget* parent)
    : QWidget(parent), m_recent(recent)
{
    setObjectName(QStringLiteral("welcome"));
    setAccessibleName(tr("Welcome"));
    auto* content = new QWidget;
    content->setMaximumWidth(kPageWidth);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(2 * kGroupGap, 2 * kGroupGap, 2 * kGroupGap, kGroupGap);
    column->setSpacing(kGroupGap);

    auto* head = new QHBoxLayout;
    head->setSpacing(kGroupGap);
    auto* logo = new QLabel(content);
    logo->setPixmap(QIcon(QStringLiteral(":/icons/app.svg"))
                        .pixmap(QSize(kWelcomeLogo, kWelcomeLogo), devicePixelRatioF()));
    logo->setAccessibleName(tr("Bitloom's sign"));
    head->addWidget(logo, 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(ui::kGap / 2);
    words->addWidget(makeHeading(QStringLiteral("Bitloom"), 1.9, content));
    words->addWidget(makeDim(tr("Choose how many bits each layer of a neural network gets, see at "
                                "once what that costs, and export a file that is proven."),
                             content));
    head->addLayout(words, 1);
    column->addLayout(head);

    auto* row = new QHBoxLayout;
    row->setSpacing(2 * kGroupGap);
    row->addWidget(makeFirstSteps(actions), 2);
    row->addWidget(makeRecent(), 3);
    column->addLayout(row, 1);
    m_drop = makeDim({}, content);
    m_drop->setAlignment(Qt::AlignCenter);
    column->addWidget(m_drop);
    auto* running = new QHBoxLayout;
    m_progress = new QProgressBar(content);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(ui::kGap);
    m_progress->setAccessibleName(tr("Progress of the example"));
    m_stop = new QPushButton(tr("Stop"), content);
    ui::setHelp(*m_stop, tr("Stop making the example; what is there of it is removed."));
    connect(m_stop, &QPushButton::clicked, this, &WelcomePage::stopRequested);
    running->addWidget(m_progress, 1);
    running->addWidget(m_stop);
    column->addLayout(running);
    setBusy({});

    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setAccessibleName(tr("Welcome"));
    auto* holder = new QWidget;
    auto* centred = new QHBoxLayout(holder);
    centred->setContentsMargins(0, 0, 0, 0);
    centred->addStretch(1);
    centred->addWidget(content, 100);
    centred->addStretch(1);
    scroll->setWidget(holder);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);

    connect(&m_recent, &RecentFiles::changed, this, &WelcomePage::showRecent);
    showRecent();
}

QWidget* WelcomePage::makeFirstSteps(const ActionRegistry& actions)
{
    auto* part = new QWidget(this);
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(ui::kGap);
    auto* heading = makeHeading(tr("Start"), 1.15, part);
    heading->setMinimumHeight(
        QPushButton(part).sizeHint().height()); // as high as the line beside it
    column->addWidget(heading);
    const char* const ids[] = {"file.open", "file.open_project", "file.open_name", "file.example"};
    for (const char* id : ids) {
        if (QAction* action = actions.action(QString::fromLatin1(id))) {
            QPushButton* button = makeActionButton(action, part);
            button->setStyleSheet(QStringLiteral("text-align: left; padding: 6px 10px;"));
            column->addWidget(button);
        }
    }
    column->addSpacing(ui::kGap);
    column->addWidget(makeHeading(tr("What to do first"), 1.15, part));
    const QStringList steps{
        tr("Open a model. Nothing in it is executed."),
        tr("Set bits by hand; bytes and bit operations follow each edit."),
        tr("Measure the sensitivity of each layer, then give a budget."),
        tr("Evaluate, compare, export. The file is read back and proven."),
    };
    auto* list = new QGridLayout;
    list->setHorizontalSpacing(ui::kGap);
    list->setVerticalSpacing(ui::kGap / 2);
    for (int i = 0; i < steps.size(); ++i) {
        auto* number = makeDim(locale().toString(i + 1), part);
        number->setAlignment(Qt::AlignTop | Qt::AlignRight);
        auto* text = new QLabel(steps[i], part);
        text->setWordWrap(true);
        list->addWidget(number, i, 0);
        list->addWidget(text, i, 1);
    }
    list->setColumnStretch(1, 1);
    column->addLayout(list);
    column->addStretch(1);
    return part;
}

QWidget* WelcomePage::makeRecent()
{
    auto* part = new QWidget(this);
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(ui::kGap);
    auto* head = new QHBoxLayout;
    head->addWidget(makeHeading(tr("Recent"), 1.15, part), 1);
    m_clear = new QPushButton(tr("Clear list"), part);
    m_clear->setFlat(true);
    ui::setHelp(*m_clear, tr("Forget all of them; the files stay."));
    connect(m_clear, &QPushButton::clicked, this, [this] { m_recent.clear(); });
    head->addWidget(m_clear);
    column->addLayout(head);
    m_noRecent = makeDim(tr("Models and projects that you open will be listed here."), part);
    column->addWidget(m_noRecent);
    m_list = new QListWidget(part);
    m_list->setAccessibleName(tr("Recent models and projects"));
    m_list->setAccessibleDescription(tr("Enter opens, Delete takes an entry from the list."));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setItemDelegate(new RecentDelegate(m_list));
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* forget = new QAction(tr("Remove from list"), m_list);
    forget->setShortcut(QKeySequence::Delete);
    forget->setShortcutContext(Qt::WidgetShortcut);
    m_list->addAction(forget);
    connect(forget, &QAction::triggered, this, [this] {
        if (const QListWidgetItem* item = m_list->currentItem()) {
            m_recent.remove(item->data(kSpecRole).toString());
        }
    });
    const auto open = [this](const QListWidgetItem* item) {
        if (item->flags() & Qt::ItemIsEnabled) {
            Q_EMIT openRequested(item->data(kSpecRole).toString());
        }
    };
    connect(m_list, &QListWidget::itemActivated, this, open);
    connect(m_list, &QListWidget::itemClicked, this, open);
    column->addWidget(m_list, 100);
    column->addStretch(1); // keeps the heading at the top while the list is hidden
    return part;
}

void WelcomePage::showRecent()
{
    m_list->clear();
    for (const RecentFile& file : m_recent.files()) {
        const bool isName = namesArchitecture(file.spec.toStdString());
        const QString title = isName ? file.spec : QFileInfo(file.spec).fileName();
        const QString where = isName ? tr("built-in architecture") : folderForPeople(file.spec);
        auto* item = new QListWidgetItem(m_list);
        item->setText(title + u'\n' + (file.missing.isEmpty() ? where : file.missing));
        item->setIcon(
            ui::icon(file.isProject ? QStringLiteral("project") : QStringLiteral("model")));
        item->setData(kSpecRole, file.spec);
        item->setToolTip(file.missing.isEmpty() ? file.spec : file.spec + u'\n' + file.missing);
        item->setData(Qt::AccessibleDescriptionRole, item->toolTip());
        if (!file.missing.isEmpty()) {
            item->setFlags(Qt::ItemIsSelectable); // so that Delete can take it away
        }
    }
    m_list->setVisible(m_list->count() > 0);
    m_clear->setVisible(m_list->count() > 0);
    m_noRecent->setVisible(m_list->count() == 0);
}

void WelcomePage::setBusy(const QString& sentence, int done, int total)
{
    m_progress->setVisible(total > 0);
    m_stop->setVisible(total > 0);
    m_progress->setRange(0, total);
    m_progress->setValue(done);

    m_drop->setText(sentence.isEmpty()
                        ? tr("Or drop a model, a state dict or a project folder anywhere here.")
                        : sentence);
}

} // namespace bitloom::workbench
