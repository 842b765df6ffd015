// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

namespace bitloom::ui {

/// Bit widths typed on a selection: "4" at once, "16" and "32" while the next digit comes in time,
/// "f" for floating point, "p" or "0" for pruned.
class BitTyping final : public QObject {
    Q_OBJECT
public:
    static constexpr int kWaitMs = 600;

    explicit BitTyping(QObject* parent = nullptr);

    /// Whether the text belongs to a width; then it is taken.
    bool take(const QString& typed);
    /// Ends waiting: Return takes what there is, Escape drops it. False if nothing was waiting.
    bool finish();
    bool drop();
    QString waiting() const { return m_waiting; }

Q_SIGNALS:
    void bitsTyped(int bits);

private:
    void tell(int bits);

    QString m_waiting; ///< a digit that may become a longer number
    QTimer m_timer;
};

} // namespace bitloom::ui
