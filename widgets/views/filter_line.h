// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/row_filter.h"

#include <QStringList>
#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;

namespace bitloom::ui {

/// One line for a filter text, with completion of the last term, history on the arrow keys, and the
/// error in words below it.
class FilterLine final : public QWidget {
    Q_OBJECT
public:
    /// A text that stands still so long is complained about; Return complains at once.
    static constexpr int kPatienceMs = 500;
    static constexpr int kHistory = 20;

    explicit FilterLine(QWidget* parent = nullptr);

    /// Takes a text, or says what is wrong with it; called for each change of the text.
    void setAccept(std::function<std::optional<FilterError>(const QString& text)> accept);
    void setWords(const QStringList& words);
    void setPlaceholder(const QString& text);

    QString text() const;
    void setText(const QString& text); ///< as if typed and confirmed
    void focusLine();
    QString errorMessage() const; ///< as shown; empty: none

    QStringList history() const { return m_history; } ///< newest first
    void setHistory(const QStringList& history);

Q_SIGNALS:
    /// Escape or Down with nothing to recall: the table wants the focus back.
    void leaveRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class TermCompleter;

    void textChanged();
    void confirm();
    void showError(bool now);
    void colourError();
    void recall(int step);

    QLineEdit* m_line;
    QLabel* m_message;
    TermCompleter* m_completer;
    QTimer m_patience;
    std::function<std::optional<FilterError>(const QString&)> m_accept;
    std::optional<FilterError> m_error;
    QStringList m_history;
    int m_recalled = -1; ///< index into the history; -1: what is being typed
    QString m_typed;
};

} // namespace bitloom::ui
