// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/part_chart.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

namespace bitloom::ui {

PartChart::PartChart(QWidget* parent)
    : QWidget(parent), m_theme(palette()), m_gate(this, [this] {
          relayout();
          update();
      })
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void PartChart::relayout()
{
    layOut();
    for (int* part : {&m_current, &m_hovered}) {
        if (*part >= 0 && textOf(*part).isEmpty()) {
            *part = -1;
        }
    }
    describe();
}

void PartChart::describe()
{
    setAccessibleDescription(m_current >= 0 ? textOf(m_current) : idleText());
}

void PartChart::setCurrent(int part)
{
    m_current = part;
    describe();
    update();
}

void PartChart::forgetParts()
{
    m_current = -1;
    m_hovered = -1;
}

Picture PartChart::picture(const QString& name) const
{
    Picture picture;
    picture.name = name;
    picture.size = size();
    picture.paint = [paint = painting(), ground = m_theme.base()](QPainter& painter, QSize size) {
        painter.fillRect(QRect(QPoint(0, 0), size), ground);
        paint(painter, size);
    };
    picture.csv = [text = csv()] { return text; };
    return picture;
}

bool PartChart::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        m_gate.flush();
        if (const auto part = partAt(help->pos())) {
            QToolTip::showText(help->globalPos(), textOf(part->id), this, part->place.toRect());
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

void PartChart::changeEvent(QEvent* event)
{
    if (changesLook(*event)) {
        m_theme = Theme(palette());
        m_gate.markDirty();
    }
    QWidget::changeEvent(event);
}

void PartChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    relayout();
}

void PartChart::paintEvent(QPaintEvent* /*event*/)
{
    m_gate.flush();
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.base());
    paintChart(painter, m_hovered >= 0 ? m_hovered : hasFocus() ? m_current : -1);
}

void PartChart::mouseMoveEvent(QMouseEvent* event)
{
    m_gate.flush();
    const auto part = partAt(event->position());
    const int hovered = part ? part->id : -1;
    if (hovered != m_hovered) {
        m_hovered = hovered;
        update();
    }
}

void PartChart::mousePressEvent(QMouseEvent* event)
{
    m_gate.flush();
    const auto part = partAt(event->position());
    if (event->button() != Qt::LeftButton || !part) {
        QWidget::mousePressEvent(event);
        return;
    }
    setCurrent(part->id);
    Q_EMIT partActivated(part->id);
}

void PartChart::leaveEvent(QEvent* event)
{
    m_hovered = -1;
    update();
    QWidget::leaveEvent(event);
}

void PartChart::keyPressEvent(QKeyEvent* event)
{
    m_gate.flush();
    const int key = event->key();
    const bool activates = key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space;
    if (activates && m_current >= 0) {
        Q_EMIT partActivated(m_current);
        return;
    }
    const std::optional<int> next = activates ? std::nullopt : partTowards(key);
    if (!next) {
        QWidget::keyPressEvent(event);
        return;
    }
    m_hovered = -1;
    setCurrent(*next);
}

} // namespace bitloom::ui
