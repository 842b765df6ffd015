// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

#include <deque>
#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace bitloom::workbench {

/// Something that the user should know, and what can be done about it.
struct Notice {
    enum class Kind { Info, Warning, Error };
    Kind kind = Kind::Info;
    QString what;            ///< one sentence
    QString why = {};        ///< one sentence; may be empty
    QString next = {};       ///< what to do; may be empty
    QString actionText = {}; ///< a button, "Show the file"; empty: none
    std::function<void()> action = {};
};

/// Of an error: its words for users, and its own message as the reason.
Notice noticeOfError(const QString& what, const QString& errorCode, const QString& message);

/// A thin bar that shows notices one after the other, and hides when there are none. It never takes
/// the keyboard focus and never blocks. GUI thread only.
class NoticeBar final : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);

    /// Shown after those that wait; one that is already there is not repeated.
    void add(const Notice& notice);
    void dismiss(); ///< goes on to the next one
    const Notice* current() const { return m_queue.empty() ? nullptr : &m_queue.front(); }
    int count() const { return static_cast<int>(m_queue.size()); }
    /// What the copy button copies.
    static QString textOf(const Notice& notice);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showCurrent();

    std::deque<Notice> m_queue;
    QLabel* m_icon;
    QLabel* m_text;
    QLabel* m_more;
    QPushButton* m_action;
    QToolButton* m_copy;
    QToolButton* m_dismiss;
};

} // namespace bitloom::workbench
