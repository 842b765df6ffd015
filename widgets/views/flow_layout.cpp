// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/flow_layout.h"

#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace bitloom::ui {

namespace {
int leastWidth(const QLayoutItem& item)
{
    const int wanted = item.sizeHint().width();
    return item.expandingDirections().testFlag(Qt::Horizontal)
               ? std::min(item.minimumSize().width(), wanted)
               : wanted;
}
} // namespace

FlowLayout::FlowLayout(QWidget* parent) : QLayout(parent)
{
}

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.emplace_back(item);
}

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    if (index < 0 || index >= count()) {
        return nullptr;
    }
    QLayoutItem* item = m_items[static_cast<std::size_t>(index)].release();
    m_items.erase(m_items.begin() + index);
    return item;
}

int FlowLayout::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const
{
    QSize line(0, 0);
    for (const auto& item : m_items) {
        if (item->isEmpty()) { // hidden
            continue;
        }
        const QSize hint = item->sizeHint();
        line.rwidth() += hint.width() + (line.isEmpty() ? 0 : spacing());
        line.setHeight(std::max(line.height(), hint.height()));
    }
    return line.grownBy(contentsMargins());
}

QSize FlowLayout::minimumSize() const
{
    QSize least(0, 0);
    for (const auto& item : m_items) {
        least = least.expandedTo(item->minimumSize());
    }
    return least.grownBy(contentsMargins());
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool place) const
{
    const QRect inside = rect.marginsRemoved(contentsMargins());
    int y = inside.top();
    for (std::size_t first = 0; first < m_items.size();) {
        // As many as fit at the least, and what is left of the line then.
        std::size_t end = first;
        int left = inside.width();
        int height = 0;
        for (int used = 0; end < m_items.size(); ++end) {
            const QLayoutItem& item = *m_items[end];
            const int room = item.isEmpty() ? 0 : leastWidth(item) + (used > 0 ? spacing() : 0);
            if (used > 0 && used + room > inside.width()) {
                break;
            }
            used += room;
            left = inside.width() - used;
            height = item.isEmpty() ? height : std::max(height, item.sizeHint().height());
        }
        int x = inside.left();
        for (; first < end; ++first) {
            QLayoutItem& item = *m_items[first];
            if (item.isEmpty()) {
                continue;
            }
            const QSize hint = item.sizeHint();
            const bool grows = item.expandingDirections().testFlag(Qt::Horizontal);
            const int most = grows ? item.maximumSize().width() : hint.width();
            const int more = std::clamp(left, 0, std::max(most - leastWidth(item), 0));
            const int width = std::min(leastWidth(item) + more, std::max(inside.width(), 0));
            left -= more;
            if (place) {
                const QRect there(x, y + (height - hint.height()) / 2, width, hint.height());
                item.setGeometry(
                    QStyle::visualRect(parentWidget()->layoutDirection(), inside, there));
            }
            x += width + spacing();
        }
        y += height + (end < m_items.size() ? spacing() : 0);
    }
    return y - rect.top() + contentsMargins().bottom();
}

} // namespace bitloom::ui
