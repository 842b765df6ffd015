// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/picture.h"
#include "widgets/util/refresh_gate.h"

#include <QIcon>
#include <QList>
#include <QWidget>

class QAction;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedLayout;

namespace bitloom::ui {

/// Base of everything that lives in a dock: a title line with the panel's own actions at its right
/// end, below it the content, or one sentence that says what will be here and how. Controls of the
/// title line stand below it where the line is too short for them.
///
/// A panel takes data through setters of its own that keep the data and call markDirty(); only
/// refresh() writes to widgets, at most 25 times a second and never while the panel is hidden.
class Panel : public QWidget {
    Q_OBJECT
public:
    ~Panel() override;

    QString id() const { return objectName(); } ///< "sensitivity": layouts and settings keep it
    QString title() const;
    /// What "Export picture" offers here; panels without pictures have none.
    virtual QList<Picture> pictures() const { return {}; }
    /// Brings a hidden or waiting panel up to date: before its pictures are taken.
    void flushRefresh() { m_gate->flush(); }
    /// The sentence of the empty page; empty while the content is shown.
    QString emptySentence() const;
    /// The title line, for QDockWidget::setTitleBarWidget(): dragging it moves the dock. The
    /// layout of the panel lets it go; whoever takes it shows it.
    QWidget* titleLine() const { return m_titleLine; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

    Panel(const QString& id, const QString& title, QWidget* parent);

    /// Once, in the constructor of the derived class. The panel owns it.
    void setContent(QWidget* content);
    /// Left of the actions: a combo box, a switch. The caller gives it an accessible name.
    void addTitleWidget(QWidget* widget);
    /// A button at the right end; an action without icon shows its text.
    void addTitleAction(QAction* action);
    /// Makes an action of the panel's own and adds it. toolTip: one sentence, also what a screen
    /// reader says.
    QAction* addTitleAction(const QString& text, const QString& toolTip,
                            const QIcon& icon = QIcon());

    /// One sentence instead of the content, with a button for what leads out of it. The action
    /// stays its owner's; the button follows its text and state.
    void showEmpty(const QString& sentence, QAction* action = nullptr);
    void showContent();

    void markDirty() { m_gate->markDirty(); }
    virtual void refresh() = 0;

private:
    void placeControls();

    RefreshGate* m_gate;
    QWidget* m_titleLine;
    QHBoxLayout* m_titleLayout;
    QLabel* m_titleLabel;
    QWidget* m_controls; ///< the title widgets; in the title line, or below it
    QStackedLayout* m_pages;
    QWidget* m_emptyPage;
    QLabel* m_emptyLabel;
    QPushButton* m_emptyButton;
    QMetaObject::Connection m_emptyTriggered, m_emptyChanged, m_emptyGone;
};

} // namespace bitloom::ui
