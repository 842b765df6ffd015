// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/run_warnings_page.h"

#include "app/workbench/document/run_view.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/panels/common/state_mark.h"
#include "app/workbench/panels/search/run_warning_model.h"

#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QStyle>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kMargin = 12;
constexpr int kMarkRoom = 24;

/// A warning sign and the sentence beside it, on as many lines as it needs.
class WarningDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyleOptionViewItem ground(option);
        initStyleOption(&ground, index);
        ground.text.clear();
        const QWidget* widget = option.widget;
        QStyle* style = widget->style();
        style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, widget);
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        const QColor ink =
            option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
        const QRect text = textRect(option.rect);
        paintMark(*painter, QRectF(option.rect.left() + kMargin, text.top() + 1, 14, 14),
                  Mark::Warning, ink);
        painter->setPen(ink);
        painter->drawText(text, Qt::AlignLeft | Qt::TextWordWrap, index.data().toString());
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto* view = qobject_cast<const QListView*>(option.widget);
        const int width = view == nullptr ? 400 : view->viewport()->width();
        const QRect text = textRect(QRect(0, 0, width, 0));
        const QRect needed = option.fontMetrics.boundingRect(QRect(0, 0, text.width(), 10000),
                                                             Qt::AlignLeft | Qt::TextWordWrap,
                                                             index.data().toString());
        return {width, needed.height() + 12};
    }

private:
    static QRect textRect(const QRect& row)
    {
        return row.adjusted(kMargin + kMarkRoom, 6, -kMargin, -6);
    }
};
} // namespace

RunWarnings::RunWarnings(const RunParts& parts, QWidget* parent)
    : RunPage(parts, parent), m_model(new RunWarningModel(this)), m_list(new QListView),
      m_empty(new QLabel(tr("No warnings: nothing in the run's history "
                            "calls for attention.")))
{
    m_list->setModel(m_model);
    m_list->setItemDelegate(new WarningDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setWordWrap(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Warnings of the run"));
    m_list->setAccessibleDescription(
        tr("Return shows the layer of a warning at the step where it began"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(24);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    layout->addWidget(m_empty);
    m_nextLook.setSingleShot(true);
    connect(&m_nextLook, &QTimer::timeout, this, &RunWarnings::look);
    connect(m_list, &QListView::activated, this,
            [this](const QModelIndex& index) { choose(index.row()); });
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { choose(index.row()); });
}

int RunWarnings::count() const
{
    return m_model->rowCount();
}

void RunWarnings::look()
{
    if (view().isEmpty()) {
        m_model->setRows({});
        Q_EMIT countChanged(0);
        return;
    }
    const bool isOther = m_run != &view().run();
    if (!isOther && m_lastLook.isValid() && m_lastLook.elapsed() < kIntervalMs) {
        if (!m_nextLook.isActive()) {
            m_nextLook.start(kIntervalMs - static_cast<int>(m_lastLook.elapsed()));
        }
        return;
    }
    m_run = &view().run();
    m_model->setRows(runWarningRows(view().facts().method, view().history()));
    m_lastLook.start();
    m_list->setVisible(count() > 0);
    m_empty->setVisible(count() == 0);
    Q_EMIT countChanged(count());
}

void RunWarnings::refresh()
{
    look();
}

void RunWarnings::choose(int row)
{
    if (row < 0 || row >= count()) {
        return;
    }
    const RunWarningRow& warning = m_model->rows()[static_cast<std::size_t>(row)];
    const auto& rows = m_sites.rows(parts());
    const int layer = ui::gateRowOf(rows, warning.subject);
    if (layer >= 0) {
        const ui::GateRow& chosen = rows[static_cast<std::size_t>(layer)];
        selection().setLayers(chosen.layers.isEmpty() ? QStringList{chosen.name} : chosen.layers);
    }
    view().setTime(warning.step);
}

} // namespace bitloom::workbench
