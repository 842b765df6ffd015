// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/bit_typing.h"

#include "core/types/quant_spec.h"

namespace bitloom::ui {

namespace {
/// 1 may become 10 to 16, 3 may become 32.
bool mayGrow(int digit)
{
    return digit == 1 || digit == 3;
}
} // namespace

BitTyping::BitTyping(QObject* parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kWaitMs);
    connect(&m_timer, &QTimer::timeout, this, &BitTyping::finish);
}

bool BitTyping::take(const QString& typed)
{
    if (typed.size() != 1) {
        return false;
    }
    const QChar key = typed[0].toLower();
    if (key == u'f' || key == u'p') {
        drop();
        tell(key == u'f' ? kFloatBits : kPrunedBits);
        return true;
    }
    if (key < u'0' || key > u'9') {
        return false;
    }
    const int digit = key.digitValue();
    if (!m_waiting.isEmpty()) {
        const int number = 10 * m_waiting.toInt() + digit;
        if (isLegalBitWidth(number)) {
            drop();
            tell(number);
            return true;
        }
        finish();
    }
    if (mayGrow(digit)) {
        m_waiting = key;
        m_timer.start();
    } else {
        tell(digit);
    }
    return true;
}

bool BitTyping::finish()
{
    const QString number = m_waiting;
    if (!drop()) {
        return false;
    }
    tell(number.toInt());
    return true;
}

bool BitTyping::drop()
{
    m_timer.stop();
    const bool was = !m_waiting.isEmpty();
    m_waiting.clear();
    return was;
}

void BitTyping::tell(int bits)
{
    Q_EMIT bitsTyped(bits);
}

} // namespace bitloom::ui
