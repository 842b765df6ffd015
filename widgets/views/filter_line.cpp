// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/filter_line.h"

#include "widgets/util/theme.h"

#include <QCompleter>
#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStringListModel>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::ui {

/// Completes the term before the end of the line and leaves what stands before it.
class FilterLine::TermCompleter final : public QCompleter {
public:
    explicit TermCompleter(QLineEdit* line)
        : QCompleter(line), m_words(new QStringListModel(this)), m_line(line)
    {
        setModel(m_words);
        setCaseSensitivity(Qt::CaseInsensitive);
        setFilterMode(Qt::MatchStartsWith);
        setMaxVisibleItems(12);
    }
    void setWords(const QStringList& words) { m_words->setStringList(words); }

    QStringList splitPath(const QString& path) const override
    {
        return {path.mid(termStart(path))};
    }
    QString pathFromIndex(const QModelIndex& index) const override
    {
        const QString text = m_line->text();
        return text.left(termStart(text)) + QCompleter::pathFromIndex(index);
    }

private:
    static qsizetype termStart(const QString& text)
    {
        qsizetype start = text.size();
        while (start > 0 && !text[start - 1].isSpace() && text[start - 1] != u'|') {
            --start;
        }
        return start < text.size() && text[start] == u'-' ? start + 1 : start;
    }

    QStringListModel* m_words;
    QLineEdit* m_line;
};

FilterLine::FilterLine(QWidget* parent)
    : QWidget(parent), m_line(new QLineEdit(this)), m_message(new QLabel(this)),
      m_completer(new TermCompleter(m_line))
{
    m_line->setClearButtonEnabled(true);
    m_line->setCompleter(m_completer);
    m_line->setAccessibleName(tr("Filter"));
    m_line->setAccessibleDescription(
        tr("Words and conditions such as bits<=4; Up and Down recall earlier filters."));
    m_line->setToolTip(tr("Words match names; conditions compare: bits<=4, op:conv, share>5%, "
                          "sens>p90, locked.\nBlanks mean and, | means or, - means not."));
    m_line->installEventFilter(this);
    setFocusProxy(m_line);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setAccessibleName(tr("Error in the filter"));
    m_message->hide();
    colourError();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_line);
    layout->addWidget(m_message);

    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_patience, &QTimer::timeout, this, [this] { showError(true); });
    connect(m_line, &QLineEdit::textChanged, this, &FilterLine::textChanged);
    connect(m_line, &QLineEdit::returnPressed, this, &FilterLine::confirm);
}

void FilterLine::setAccept(std::function<std::optional<FilterError>(const QString& text)> accept)
{
    m_accept = std::move(accept);
}

void FilterLine::setWords(const QStringList& words)
{
    m_completer->setWords(words);
}

void FilterLine::setPlaceholder(const QString& text)
{
    m_line->setPlaceholderText(text);
}

QString FilterLine::text() const
{
    return m_line->text();
}

void FilterLine::setText(const QString& text)
{
    m_line->setText(text);
    confirm();
}

void FilterLine::focusLine()
{
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
}

QString FilterLine::errorMessage() const
{
    return m_message->isHidden() ? QString() : m_message->text();
}

void FilterLine::setHistory(const QStringList& history)
{
    m_history = history.mid(0, kHistory);
    m_recalled = -1;
}

void FilterLine::textChanged()
{
    m_error = m_accept ? m_accept(m_line->text()) : std::nullopt;
    if (m_error) {
        m_patience.start(); // half a condition is no mistake yet
        return;
    }
    showError(false);
}

void FilterLine::confirm()
{
    showError(m_error.has_value());
    const QString text = m_line->text().trimmed();
    if (m_error || text.isEmpty()) {
        return;
    }
    m_history.removeAll(text);
    m_history.prepend(text);
    m_history = m_history.mid(0, kHistory);
    m_recalled = -1;
}

void FilterLine::showError(bool now)
{
    m_patience.stop();
    if (!now || !m_error) {
        m_message->hide();
        return;
    }
    m_message->setText(m_error->message);
    m_message->setAccessibleDescription(m_error->message);
    m_message->show();
}

void FilterLine::colourError()
{
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, Theme(palette()).error());
    m_message->setPalette(colours);
}

void FilterLine::recall(int step)
{
    const int next = std::clamp(m_recalled + step, -1, static_cast<int>(m_history.size()) - 1);
    if (next == m_recalled) {
        return;
    }
    if (m_recalled < 0) {
        m_typed = m_line->text();
    }
    m_recalled = next;
    m_line->setText(next < 0 ? m_typed : m_history[next]);
}

bool FilterLine::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_line || event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Up:
        recall(+1);
        return true;
    case Qt::Key_Down:
        if (m_recalled < 0) {
            Q_EMIT leaveRequested();
        } else {
            recall(-1);
        }
        return true;
    case Qt::Key_Escape:
        if (!m_line->text().isEmpty()) {
            m_line->clear();
        } else {
            Q_EMIT leaveRequested();
        }
        return true;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void FilterLine::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) { // another theme has another colour for it
        colourError();
    }
}

} // namespace bitloom::ui
