// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/workbench/window/window_checks.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QDockWidget>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSet>
#include <QSizeGrip>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyle>
#include <QStyleOptionTab>
#include <QTabBar>
#include <QTabWidget>
#include <QTextEdit>
#include <QToolBar>
#include <QToolButton>

namespace bitloom::test {

namespace {

/// Inside a popup of a combo box, a completer or a menu: shown by its owner alone.
bool isInPopup(const QWidget& widget)
{
    for (const QWidget* at = &widget; at != nullptr; at = at->parentWidget()) {
        if (at->inherits("QComboBoxPrivateContainer") ||
            (at->windowFlags() & Qt::WindowType_Mask) == Qt::Popup) {
            return true;
        }
    }
    return false;
}

/// Qt's controls are made of parts that it names and reaches for us.
bool isPartOfControl(const QWidget& widget)
{
    const QWidget* parent = widget.parentWidget();
    if (parent == nullptr || qobject_cast<const QScrollBar*>(&widget) != nullptr ||
        qobject_cast<const QHeaderView*>(&widget) != nullptr ||
        qobject_cast<const QSizeGrip*>(&widget) != nullptr ||
        qobject_cast<const QSplitterHandle*>(&widget) != nullptr ||
        widget.objectName().startsWith(QLatin1String("qt_")) ||
        widget.inherits("QDockWidgetTitleButton") || widget.inherits("QTabBarButton")) {
        return true;
    }
    const auto* area = qobject_cast<const QAbstractScrollArea*>(parent);
    if (area != nullptr && area->viewport() == &widget) {
        return true;
    }
    return qobject_cast<const QAbstractSpinBox*>(parent) != nullptr ||
           qobject_cast<const QComboBox*>(parent) != nullptr ||
           qobject_cast<const QLineEdit*>(parent) != nullptr ||
           qobject_cast<const QTabBar*>(parent) != nullptr;
}

/// Structure only: it takes the focus of nothing, although Qt gives some of them a policy.
bool isContainer(const QWidget& widget)
{
    return qobject_cast<const QMainWindow*>(&widget) != nullptr ||
           qobject_cast<const QMenuBar*>(&widget) != nullptr ||
           qobject_cast<const QMenu*>(&widget) != nullptr ||
           qobject_cast<const QToolBar*>(&widget) != nullptr ||
           qobject_cast<const QStatusBar*>(&widget) != nullptr ||
           qobject_cast<const QDockWidget*>(&widget) != nullptr ||
           qobject_cast<const QStackedWidget*>(&widget) != nullptr ||
           qobject_cast<const QTabWidget*>(&widget) != nullptr ||
           qobject_cast<const QSplitter*>(&widget) != nullptr || widget.isWindow();
}

QString textOf(const QWidget& widget)
{
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) {
        return button->text();
    }
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        return label->text();
    }
    return {};
}

QString accessibleText(QWidget& widget, QAccessible::Text kind)
{
    QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&widget);
    return face == nullptr ? QString() : face->text(kind).trimmed();
}

bool takesTab(const QWidget& widget)
{
    return (widget.focusPolicy() & Qt::TabFocus) != 0;
}

/// Tab moves inside of it for ever, and the user is stuck.
bool keepsTab(const QWidget& widget)
{
    if (const auto* view = qobject_cast<const QAbstractItemView*>(&widget)) {
        return view->tabKeyNavigation();
    }
    if (const auto* edit = qobject_cast<const QPlainTextEdit*>(&widget)) {
        return !edit->isReadOnly() && !edit->tabChangesFocus();
    }
    if (const auto* edit = qobject_cast<const QTextEdit*>(&widget)) {
        return !edit->isReadOnly() && !edit->tabChangesFocus();
    }
    return false;
}

/// In a dock, or in the bar of its tabs, that waits behind another tab: Qt puts it out of sight.
bool isPutAway(const QWidget& widget, const QWidget& window)
{
    for (const QWidget* at = &widget; at != nullptr && at != &window; at = at->parentWidget()) {
        const bool isOfTabs = qobject_cast<const QDockWidget*>(at) != nullptr ||
                              (qobject_cast<const QTabBar*>(at) != nullptr &&
                               qobject_cast<const QMainWindow*>(at->parentWidget()) != nullptr);
        if (isOfTabs && at->geometry().right() < 0 && at->geometry().bottom() < 0) {
            return true;
        }
    }
    return false;
}

/// Nothing to see and nothing to press until it gets a text.
bool isEmpty(const QWidget& widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    return textOf(widget).isEmpty() &&
           (qobject_cast<const QLabel*>(&widget) != nullptr ||
            (button != nullptr && button->icon().isNull() && widget.isHidden()));
}

bool isInScrollArea(const QWidget& widget, const QWidget& below)
{
    for (const QWidget* at = widget.parentWidget(); at != nullptr && at != &below;
         at = at->parentWidget()) {
        if (qobject_cast<const QAbstractScrollArea*>(at) != nullptr) {
            return true;
        }
    }
    return false;
}

} // namespace

QString describeWidget(const QWidget& widget)
{
    QStringList parents;
    for (const QWidget* at = widget.parentWidget(); at != nullptr; at = at->parentWidget()) {
        parents << (at->objectName().isEmpty() ? QString::fromLatin1(at->metaObject()->className())
                                               : at->objectName());
    }
    return QStringLiteral("%1 %2 '%3' in %4")
        .arg(QString::fromLatin1(widget.metaObject()->className()), widget.objectName(),
             textOf(widget), parents.join(u'/'));
}

QList<QWidget*> controlsOf(const QWidget& root)
{
    QList<QWidget*> controls;
    const auto widgets = root.findChildren<QWidget*>();
    for (QWidget* widget : widgets) {
        const bool isButton = qobject_cast<QAbstractButton*>(widget) != nullptr;
        const bool isText = qobject_cast<QLabel*>(widget) != nullptr; // selectable, no control
        if ((isButton || (widget->focusPolicy() != Qt::NoFocus && !isText)) &&
            !isPartOfControl(*widget) && !isContainer(*widget) && !isInPopup(*widget) &&
            !isEmpty(*widget)) {
            controls << widget;
        }
    }
    return controls;
}

QStringList namelessControls(const QWidget& root)
{
    QStringList findings;
    const auto controls = controlsOf(root);
    for (QWidget* control : controls) {
        const auto* button = qobject_cast<QAbstractButton*>(control);
        // A label is its own description, and the one field of a question is described by it.
        const bool isLabelled = (button != nullptr && !button->text().isEmpty()) ||
                                qobject_cast<QLabel*>(control) != nullptr ||
                                qobject_cast<QInputDialog*>(control->window()) != nullptr;
        if (qobject_cast<QTabBar*>(control) != nullptr && isPutAway(*control, root)) {
            continue; // Qt keeps those that it does not need at present
        }
        if (accessibleText(*control, QAccessible::Name).isEmpty()) {
            findings << QStringLiteral("no accessible name: ") + describeWidget(*control);
        } else if (!isLabelled && qobject_cast<QTabBar*>(control) == nullptr &&
                   accessibleText(*control, QAccessible::Description).isEmpty()) {
            findings << QStringLiteral("no accessible description: ") + describeWidget(*control);
        }
    }
    return findings;
}

QStringList unreachableControls(QWidget& root)
{
    QSet<const QWidget*> reached;
    for (QWidget* at = root.nextInFocusChain(); at != &root; at = at->nextInFocusChain()) {
        if (reached.contains(at)) {
            return {QStringLiteral("the tab order runs in a circle at ") + describeWidget(*at)};
        }
        reached.insert(at);
    }
    QStringList findings;
    const auto controls = controlsOf(root);
    for (QWidget* control : controls) {
        if (!control->isVisibleTo(&root) || !control->isEnabledTo(&root) ||
            control->window() != root.window()) {
            continue;
        }
        const QWidget* proxy = control->focusProxy() != nullptr ? control->focusProxy() : control;
        if (!takesTab(*proxy)) {
            findings << QStringLiteral("not by Tab: ") + describeWidget(*control);
        } else if (!reached.contains(proxy)) {
            findings << QStringLiteral("not in the tab order: ") + describeWidget(*control);
        }
        if (keepsTab(*control)) {
            findings << QStringLiteral("keeps the Tab key: ") + describeWidget(*control);
        }
    }
    return findings;
}

QStringList clippedTexts(const QWidget& root)
{
    QStringList findings;
    const auto widgets = root.findChildren<QWidget*>();
    for (QWidget* widget : widgets) {
        if (!widget->isVisibleTo(&root) || isInPopup(*widget) || isPutAway(*widget, root)) {
            continue;
        }
        if (const auto* bar = qobject_cast<QTabBar*>(widget)) {
            // The bar wants as much as its tabs need; with less, it shortens their titles.
            if (bar->count() > 0 && bar->elideMode() != Qt::ElideNone &&
                bar->sizeHint().width() > bar->width()) {
                QStringList titles;
                for (int tab = 0; tab < bar->count(); ++tab) {
                    titles << bar->tabText(tab);
                }
                findings << QStringLiteral("the tabs '%1' need %2, have %3: %4")
                                .arg(titles.join(u'|'))
                                .arg(bar->sizeHint().width())
                                .arg(bar->width())
                                .arg(describeWidget(*widget));
            }
            continue;
        }
        if (isPartOfControl(*widget)) {
            continue;
        }
        QSize needed;
        if (const auto* label = qobject_cast<QLabel*>(widget)) {
            if (label->text().isEmpty()) {
                continue;
            }
            needed = label->wordWrap() ? QSize(0, label->heightForWidth(label->width()))
                                       : label->minimumSizeHint();
        } else if (const auto* button = qobject_cast<QPushButton*>(widget)) {
            needed = button->text().isEmpty() ? QSize() : button->minimumSizeHint();
        } else if (const auto* tool = qobject_cast<QToolButton*>(widget)) {
            needed = tool->sizeHint();
        } else if (qobject_cast<QAbstractButton*>(widget) != nullptr) {
            needed = widget->minimumSizeHint();
        }
        if (needed.width() > widget->width() || needed.height() > widget->height()) {
            findings << QStringLiteral("needs %1x%2, has %3x%4: %5")
                            .arg(needed.width())
                            .arg(needed.height())
                            .arg(widget->width())
                            .arg(widget->height())
                            .arg(describeWidget(*widget));
        }
    }
    return findings;
}

QStringList widgetsOutside(const QWidget& window)
{
    QStringList findings;
    const auto widgets = window.findChildren<QWidget*>();
    for (const QWidget* widget : widgets) {
        if (!widget->isVisibleTo(&window) || widget->window() != &window ||
            isInScrollArea(*widget, window) || widget->size().isEmpty() ||
            isPartOfControl(*widget) || isPutAway(*widget, window)) {
            continue;
        }
        const QRect place(widget->mapTo(&window, QPoint(0, 0)), widget->size());
        if (!window.rect().contains(place)) {
            findings << QStringLiteral("at %1,%2 %3x%4: %5")
                            .arg(place.x())
                            .arg(place.y())
                            .arg(place.width())
                            .arg(place.height())
                            .arg(describeWidget(*widget));
            continue;
        }
        // A child that its own parent cuts off is not seen either.
        const QWidget* parent = widget->parentWidget();
        if (!parent->rect().contains(widget->geometry()) && !widget->isWindow()) {
            findings << QStringLiteral("cut off by its parent (%1x%2 at %3,%4): %5")
                            .arg(widget->width())
                            .arg(widget->height())
                            .arg(widget->x())
                            .arg(widget->y())
                            .arg(describeWidget(*widget));
        }
    }
    return findings;
}

} // namespace bitloom::test
