// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/palette/command_palette.h"

#include "widgets/util/spacing.h"

#include "app/workbench/palette/palette_model.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kWidth = 620;
constexpr int kTop = 64;
constexpr int kLines = 9;

/// Two lines: the title with its matched letters in bold and the shortcut; below, what it does.
class EntryDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {kWidth / 2, 2 * option.fontMetrics.height() + ui::kGap + ui::kGap / 2};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        const bool selected = option.state & QStyle::State_Selected;
        const bool available = index.data(PaletteModel::AvailableRole).toBool();
        const QPalette& palette = option.palette;
        if (selected) {
            painter->fillRect(option.rect, palette.highlight());
        }
        const QColor title = selected    ? palette.color(QPalette::HighlightedText)
                             : available ? palette.color(QPalette::Text)
                                         : palette.color(QPalette::Disabled, QPalette::Text);
        const QColor dim = selected ? title : palette.color(QPalette::PlaceholderText);
        const QRect inside = option.rect.adjusted(ui::kGap, ui::kGap / 2, -ui::kGap, -ui::kGap / 2);
        const int line = option.fontMetrics.height();
        const QRect upper(inside.left(), inside.top(), inside.width(), line);
        const QRect lower(inside.left(), inside.bottom() - line + 1, inside.width(), line);

        painter->save();
        painter->setFont(option.font);
        const QString right = index.data(PaletteModel::ShortcutRole).toString();
        const QString shown =
            right.isEmpty() ? index.data(PaletteModel::KindRole).toString() : right;
        painter->setPen(dim);
        painter->drawText(upper, Qt::AlignRight | Qt::AlignVCenter, shown);
        painter->setPen(title);
        drawTitle(painter,
                  upper.adjusted(0, 0, -option.fontMetrics.horizontalAdvance(shown) - ui::kGap, 0),
                  option.font, index);
        painter->setPen(dim);
        painter->drawText(
            lower, Qt::AlignLeft | Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data(PaletteModel::DetailRole).toString(),
                                          Qt::ElideRight, lower.width()));
        painter->restore();
    }

private:
    static void drawTitle(QPainter* painter, const QRect& rect, const QFont& font,
                          const QModelIndex& index)
    {
        QTextLayout layout(index.data().toString(), font);
        QList<QTextLayout::FormatRange> formats;
        QTextCharFormat bold;
        bold.setFontWeight(QFont::Bold);
        bold.setFontUnderline(true); // weight alone is hard to see
        const auto positions = index.data(PaletteModel::PositionsRole).value<QList<int>>();
        for (const int position : positions) {
            formats.append({position, 1, bold});
        }
        layout.setFormats(formats);
        layout.beginLayout();
        QTextLine line = layout.createLine();
        line.setLineWidth(rect.width());
        layout.endLayout();
        painter->setClipRect(rect);
        layout.draw(painter, rect.topLeft());
        painter->setClipping(false);
    }
};
} // namespace

CommandPalette::CommandPalette(std::function<std::vector<PaletteEntry>()> collect, QWidget* window)
    : QFrame(window), m_collect(std::move(collect)), m_model(new PaletteModel(this)),
      m_line(new QLineEdit(this)), m_list(new QListView(this))
{
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Command palette"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_line->setPlaceholderText(tr("Type an action, a plan or a layer"));
    m_line->setAccessibleName(tr("Command"));
    m_line->setAccessibleDescription(
        tr("Letters of the name in their order; Up and Down choose, Return runs."));
    m_line->installEventFilter(this);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new EntryDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(tr("What was found"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(ui::kGap, ui::kGap, ui::kGap, ui::kGap);
    column->setSpacing(ui::kGap);
    column->addWidget(m_line);
    column->addWidget(m_list, 1);
    connect(m_line, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_model->setText(text);
        m_list->setCurrentIndex(m_model->index(0));
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) {
        m_list->setCurrentIndex(index);
        runCurrent();
    });
    window->installEventFilter(this);
    hide();
}

void CommandPalette::open()
{
    m_focusBefore = QApplication::focusWidget();
    m_model->setEntries(m_collect());
    m_line->clear();
    m_list->setCurrentIndex(m_model->index(0));
    place();
    show();
    raise();
    m_line->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::place()
{
    const QWidget* window = parentWidget();
    const int width = std::min(kWidth, window->width() - 4 * ui::kGap);
    const int row = 2 * fontMetrics().height() + ui::kGap + ui::kGap / 2;
    const int height = std::min(m_line->sizeHint().height() + 3 * ui::kGap + kLines * row,
                                window->height() - kTop - ui::kGap);
    setGeometry((window->width() - width) / 2, kTop, width, height);
}

void CommandPalette::leave()
{
    hide();
    if (m_focusBefore != nullptr) {
        m_focusBefore->setFocus(Qt::PopupFocusReason);
    }
}

void CommandPalette::runCurrent()
{
    const PaletteEntry* entry = m_model->entryAt(m_list->currentIndex());
    if (entry == nullptr || !entry->unavailable.isEmpty()) {
        return; // the line says why
    }
    const std::function<void()> run = entry->run;
    leave();
    run();
}

void CommandPalette::moveCurrent(int step)
{
    const int rows = m_model->rowCount();
    if (rows > 0) {
        const int row = std::clamp(m_list->currentIndex().row() + step, 0, rows - 1);
        m_list->setCurrentIndex(m_model->index(row));
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    if (watched != m_line) {
        return QFrame::eventFilter(watched, event);
    }
    if (event->type() == QEvent::FocusOut) {
        hide();
    } else if (event->type() == QEvent::ShortcutOverride) {
        // Escape belongs to the palette while it is open, whatever else it may mean in the window.
        event->setAccepted(static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape);
        return event->isAccepted();
    } else if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Escape:
            leave();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            runCurrent();
            return true;
        case Qt::Key_Down:
            moveCurrent(1);
            return true;
        case Qt::Key_Up:
            moveCurrent(-1);
            return true;
        case Qt::Key_PageDown:
            moveCurrent(kLines);
            return true;
        case Qt::Key_PageUp:
            moveCurrent(-kLines);
            return true;
        default:
            break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace bitloom::workbench
