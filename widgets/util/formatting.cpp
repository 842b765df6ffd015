// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/formatting.h"

#include "core/types/quant_spec.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace bitloom::ui {

namespace {
/// What this file says; lupdate does not find the context of a function of one's own.
struct FormattingWords {
    Q_DECLARE_TR_FUNCTIONS(Formatting)
};

/// QLocale writes a hyphen in many locales, and an exponent without a sign of its own.
QString withRealMinus(QString text)
{
    return text.replace(u'-', QChar(0x2212));
}

/// Three significant digits of a value whose magnitude lies in [1, 1000).
QString threeDigits(double value)
{
    const double magnitude = std::abs(value);
    // 9.995 is written 10.0, so the number of decimals follows the rounded value.
    const int decimals = magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0;
    return withRealMinus(QLocale().toString(value, 'f', decimals));
}

QString withUnit(std::int64_t value, const std::array<const char*, 6>& units)
{
    double scaled = static_cast<double>(value);
    std::size_t unit = 0;
    while (std::abs(scaled) >= 999.5 && unit + 1 < units.size()) {
        scaled /= 1000;
        ++unit;
    }
    const QString number = unit == 0
                               ? withRealMinus(QLocale().toString(static_cast<qlonglong>(value)))
                               : threeDigits(scaled);
    const QString name = QString::fromUtf8(units[unit]);
    return name.isEmpty() ? number : number + QChar(0x00A0) + name;
}
} // namespace

QString notKnown()
{
    return QString(QChar(0x2013));
}

QString formatCount(std::int64_t count)
{
    return withUnit(count, {"", "k", "M", "G", "T", "P"});
}

QString formatExact(std::int64_t count)
{
    return withRealMinus(QLocale().toString(static_cast<qlonglong>(count)));
}

QString formatBytes(std::int64_t bytes)
{
    return withUnit(bytes, {"B", "kB", "MB", "GB", "TB", "PB"});
}

QString formatExactBytes(std::int64_t bytes)
{
    return FormattingWords::tr("%1 bytes").arg(formatExact(bytes));
}

QString formatSignificant(double value)
{
    if (!std::isfinite(value)) {
        return notKnown();
    }
    const double magnitude = std::abs(value);
    if (magnitude == 0) {
        return QLocale().toString(0);
    }
    if (magnitude >= 1e-3 && magnitude < 999.5) {
        const int decimals =
            std::clamp(2 - static_cast<int>(std::floor(std::log10(magnitude * (1 + 5e-4)))), 0, 5);
        return withRealMinus(QLocale().toString(value, 'f', decimals));
    }
    if (magnitude >= 999.5 && magnitude < 1e6) {
        return withRealMinus(QLocale().toString(value, 'f', 0));
    }
    const int exponent = static_cast<int>(std::floor(std::log10(magnitude * (1 + 5e-4))));
    return threeDigits(value / std::pow(10, exponent)) + u'e' +
           withRealMinus(QString::number(exponent));
}

QString formatSignificant(const std::optional<double>& value)
{
    return value ? formatSignificant(*value) : notKnown();
}

QString formatPercent(double percent)
{
    if (!std::isfinite(percent)) {
        return notKnown();
    }
    return withRealMinus(QLocale().toString(percent, 'f', 2)) + QChar(0x00A0) + u'%';
}

QString formatPercent(const std::optional<double>& percent)
{
    return percent ? formatPercent(*percent) : notKnown();
}

QString formatSigned(double value, int decimals)
{
    if (!std::isfinite(value)) {
        return notKnown();
    }
    QString text = QLocale().toString(std::abs(value), 'f', decimals);
    if (text == QLocale().toString(0.0, 'f', decimals)) {
        return text;
    }
    return (value < 0 ? QChar(0x2212) : QChar(u'+')) + text;
}

QString formatRatio(double numerator, double divisor)
{
    if (!(divisor > 0) || !std::isfinite(numerator)) {
        return notKnown();
    }
    return formatSignificant(numerator / divisor) + QChar(0x00D7);
}

QString formatDuration(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0) {
        return notKnown();
    }
    if (seconds < 9.95) {
        return FormattingWords::tr("%1 s").arg(QLocale().toString(seconds, 'f', 1));
    }
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 60) {
        return FormattingWords::tr("%1 s").arg(whole);
    }
    const auto two = [](std::int64_t part) {
        return QStringLiteral("%1").arg(part, 2, 10, QChar(u'0'));
    };
    if (whole < 3600) {
        return FormattingWords::tr("%1 min %2 s").arg(whole / 60).arg(two(whole % 60));
    }
    return FormattingWords::tr("%1 h %2 min").arg(whole / 3600).arg(two(whole % 3600 / 60));
}

QString formatBits(int bits)
{
    if (bits == kFloatBits) {
        return QStringLiteral("FP32");
    }
    return bits == kPrunedBits ? FormattingWords::tr("pruned") : QLocale().toString(bits);
}

QString formatShape(const std::vector<std::int64_t>& shape)
{
    QString text;
    for (const std::int64_t size : shape) {
        if (!text.isEmpty()) {
            text += QStringLiteral(" × ");
        }
        text += QString::number(size);
    }
    return text.isEmpty() ? notKnown() : text;
}

QString shortened(const QString& text, int characters)
{
    if (text.size() <= characters) {
        return text;
    }
    const auto kept = std::max(2, characters - 1);
    const auto tail = kept / 2;
    return text.left(kept - tail) + QChar(0x2026) + text.right(tail);
}

} // namespace bitloom::ui
