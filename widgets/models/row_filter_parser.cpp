// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/types/quant_spec.h"
#include "widgets/models/row_filter.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bitloom::ui {

namespace {
/// A part of the text that the user sees in messages.
struct Span {
    qsizetype position = 0;
    QString text;
};

bool isQuote(QChar c)
{
    return c == u'"';
}

QString withoutQuotes(QString text)
{
    return text.remove(u'"');
}

/// 1 for "", 1000 for "k"; nothing for another ending.
std::optional<double> factorOf(const QString& suffix, FieldUnit unit)
{
    if (suffix.isEmpty() || (unit == FieldUnit::Percent && suffix == u'%')) {
        return 1;
    }
    QString prefix = suffix;
    if (unit == FieldUnit::Bytes && prefix.endsWith(u'B')) {
        prefix.chop(1);
    }
    if (unit != FieldUnit::Bytes && unit != FieldUnit::None) {
        return std::nullopt;
    }
    static constexpr std::array<std::pair<const char*, double>, 6> prefixes{
        {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}}};
    for (const auto& [name, factor] : prefixes) {
        if (prefix == QLatin1String(name)) {
            return factor;
        }
    }
    return std::nullopt;
}
} // namespace

/// Reads one filter text from left to right; the first mistake ends it.
class RowFilterParser {
public:
    RowFilterParser(const QString& text, const std::vector<FilterField>& fields)
        : m_text(text), m_fields(fields)
    {
    }

    std::variant<RowFilter, FilterError> run()
    {
        RowFilter filter;
        bool joins = false; // the last thing read was "|"
        while (!m_error) {
            skipBlanks();
            if (atEnd()) {
                break;
            }
            if (m_text[m_at] == u'|') {
                if (joins || filter.m_groups.empty()) {
                    fail({m_at, QStringLiteral("|")}, RowFilter::tr("a term is missing before it"));
                    break;
                }
                joins = true;
                ++m_at;
                continue;
            }
            RowFilter::Term term;
            if (readTerm(term)) {
                if (!joins) {
                    filter.m_groups.emplace_back();
                }
                filter.m_groups.back().push_back(std::move(term));
                joins = false;
            }
        }
        if (!m_error && joins) {
            fail({m_text.lastIndexOf(u'|'), QStringLiteral("|")},
                 RowFilter::tr("a term is missing after it"));
        }
        if (m_error) {
            return *m_error;
        }
        return filter;
    }

private:
    using Op = RowFilter::Op;

    bool atEnd() const { return m_at >= m_text.size(); }
    void skipBlanks()
    {
        while (!atEnd() && m_text[m_at].isSpace()) {
            ++m_at;
        }
    }

    bool fail(const Span& span, const QString& why)
    {
        m_error = FilterError{
            span.position, span.text.size(),
            RowFilter::tr("At %1, “%2”: %3.").arg(span.position + 1).arg(span.text, why)};
        return false;
    }

    /// Up to the next blank or "|" outside quotes.
    bool readToken(Span& token)
    {
        token.position = m_at;
        bool quoted = false;
        while (!atEnd() && (quoted || (!m_text[m_at].isSpace() && m_text[m_at] != u'|'))) {
            quoted = quoted != isQuote(m_text[m_at]);
            ++m_at;
        }
        token.text = m_text.mid(token.position, m_at - token.position);
        return !quoted || fail(token, RowFilter::tr("the closing quote is missing"));
    }

    bool readTerm(RowFilter::Term& term)
    {
        Span token;
        if (!readToken(token)) {
            return false;
        }
        if (token.text.startsWith(u'-')) {
            term.negated = true;
            if (token.text.size() == 1) {
                return fail(token, RowFilter::tr("a term is missing after it"));
            }
            token = {token.position + 1, token.text.mid(1)};
        }
        const qsizetype at = operatorIn(token.text);
        if (at < 0) {
            return readWord(token, term);
        }
        const Span name{token.position, token.text.left(at)};
        qsizetype valueAt = at;
        term.op = operatorAt(token.text, valueAt);
        const Span value{token.position + valueAt, token.text.mid(valueAt)};
        if (name.text.isEmpty()) {
            return fail(token, RowFilter::tr("a field is missing before the operator"));
        }
        term.field = fieldNamed(name.text);
        if (term.field < 0) {
            return fail(name, RowFilter::tr("unknown field, nearest: %1").arg(nearest(name.text)));
        }
        if (withoutQuotes(value.text).isEmpty()) {
            return fail(token, RowFilter::tr("a value is missing after the operator"));
        }
        return readValue(name, value, term);
    }

    /// Position of the first operator outside quotes, or -1.
    static qsizetype operatorIn(const QString& text)
    {
        for (qsizetype i = 0; i < text.size() && !isQuote(text[i]); ++i) {
            const QChar c = text[i];
            if (c == u':' || c == u'=' || c == u'<' || c == u'>' ||
                (c == u'!' && i + 1 < text.size() && text[i + 1] == u'=')) {
                return i;
            }
        }
        return -1;
    }

    /// Moves at behind the operator.
    static Op operatorAt(const QString& text, qsizetype& at)
    {
        const QChar first = text[at++];
        const bool equal = at < text.size() && text[at] == u'=';
        if (equal && first != u':' && first != u'=') {
            ++at;
        }
        if (first == u'<') {
            return equal ? Op::LessEqual : Op::Less;
        }
        if (first == u'>') {
            return equal ? Op::GreaterEqual : Op::Greater;
        }
        return first == u':' ? Op::Holds : first == u'=' ? Op::Equal : Op::NotEqual;
    }

    int fieldNamed(const QString& name) const
    {
        for (std::size_t i = 0; i < m_fields.size(); ++i) {
            if (m_fields[i].name.compare(name, Qt::CaseInsensitive) == 0 ||
                m_fields[i].aliases.contains(name, Qt::CaseInsensitive)) {
                return static_cast<int>(i);
            }
        }
        return -1;
    }

    QString nearest(const QString& name) const
    {
        std::vector<std::string> names;
        for (const FilterField& field : m_fields) {
            names.push_back(field.name.toStdString());
        }
        QStringList found;
        for (const std::string& candidate : nearestNames(name.toLower().toStdString(), names, 2)) {
            found << QString::fromStdString(candidate);
        }
        return found.join(QStringLiteral(", "));
    }

    bool readWord(const Span& token, RowFilter::Term& term)
    {
        const int flag = fieldNamed(token.text);
        if (flag >= 0 && fieldAt(flag).type == FieldType::Flag) {
            term.field = flag;
            term.type = FieldType::Flag;
            return true;
        }
        const auto name = std::find_if(m_fields.begin(), m_fields.end(),
                                       [](const FilterField& field) { return field.isName; });
        if (name == m_fields.end()) {
            return fail(token, RowFilter::tr("this table has no names to search"));
        }
        if (withoutQuotes(token.text).isEmpty()) {
            return fail(token, RowFilter::tr("the word is empty"));
        }
        term.field = static_cast<int>(name - m_fields.begin());
        term.type = FieldType::Text;
        term.text = pattern(token.text, false);
        return true;
    }

    const FilterField& fieldAt(int field) const
    {
        return m_fields[static_cast<std::size_t>(field)];
    }

    static QRegularExpression pattern(const QString& value, bool whole)
    {
        QString expression = QRegularExpression::escape(withoutQuotes(value));
        expression.replace(QStringLiteral("\\*"), QStringLiteral(".*"));
        expression.replace(QStringLiteral("\\?"), QStringLiteral("."));
        return QRegularExpression(whole ? QRegularExpression::anchoredPattern(expression)
                                        : expression,
                                  QRegularExpression::CaseInsensitiveOption);
    }

    bool readValue(const Span& name, const Span& value, RowFilter::Term& term)
    {
        const FilterField& field = fieldAt(term.field);
        term.type = field.type;
        const bool compares =
            term.op != Op::Holds && term.op != Op::Equal && term.op != Op::NotEqual;
        if (field.type != FieldType::Number && compares) {
            return fail(name, RowFilter::tr("is no number; use : = or !="));
        }
        switch (field.type) {
        case FieldType::Text:
            term.text = pattern(value.text, term.op != Op::Holds);
            return true;
        case FieldType::Flag:
            return readFlag(value, term);
        case FieldType::Number:
            return readNumbers(value, field.unit, compares, term);
        }
        return false;
    }

    bool readFlag(const Span& value, RowFilter::Term& term)
    {
        const QString word = value.text.toLower();
        const bool yes = word == QLatin1String("yes") || word == QLatin1String("true") ||
                         word == QLatin1String("1");
        if (!yes && word != QLatin1String("no") && word != QLatin1String("false") &&
            word != QLatin1String("0")) {
            return fail(value, RowFilter::tr("expected yes or no"));
        }
        term.flag = yes != (term.op == Op::NotEqual);
        return true;
    }

    bool readNumbers(const Span& value, FieldUnit unit, bool compares, RowFilter::Term& term)
    {
        if (value.text.size() > 1 && value.text[0].toLower() == u'p' && value.text[1].isDigit()) {
            bool isNumber = false;
            const double percent = value.text.mid(1).toDouble(&isNumber);
            if (!isNumber || percent > 100) {
                return fail(value, RowFilter::tr("expected a percentile from p0 to p100"));
            }
            term.percentile = percent;
            term.resolved = false;
            return true;
        }
        const qsizetype dots = value.text.indexOf(QStringLiteral(".."));
        if (dots < 0) {
            if (!readNumber(value, unit, term.low)) {
                return false;
            }
            term.high = term.low;
            return true;
        }
        if (compares) {
            return fail(value, RowFilter::tr("a range goes with : = or !="));
        }
        const Span low{value.position, value.text.left(dots)};
        const Span high{value.position + dots + 2, value.text.mid(dots + 2)};
        if (!readNumber(low, unit, term.low) || !readNumber(high, unit, term.high)) {
            return false;
        }
        return term.low <= term.high ||
               fail(value, RowFilter::tr("the range ends before it begins"));
    }

    bool readNumber(const Span& value, FieldUnit unit, double& number)
    {
        const QString word = value.text.toLower();
        if (unit == FieldUnit::Bits &&
            (word == QLatin1String("fp32") || word == QLatin1String("float"))) {
            number = kFloatBits;
            return true;
        }
        if (unit == FieldUnit::Bits && word == QLatin1String("pruned")) {
            number = kPrunedBits;
            return true;
        }
        // The longest beginning that is a number; "1e3" is one, the "k" of "1k" is a unit.
        qsizetype end = value.text.size();
        while (end > 0 && !value.text[end - 1].isDigit() && value.text[end - 1] != u'.') {
            --end;
        }
        bool isNumber = false;
        number = value.text.left(end).toDouble(&isNumber);
        if (!isNumber || !std::isfinite(number)) {
            return fail(value, RowFilter::tr("expected a number such as %1")
                                   .arg(unit == FieldUnit::Bits      ? QStringLiteral("4, fp32")
                                        : unit == FieldUnit::Bytes   ? QStringLiteral("0.5, 100kB")
                                        : unit == FieldUnit::Percent ? QStringLiteral("0.5, 5%")
                                                                     : QStringLiteral("0.5, 10M")));
        }
        const auto factor = factorOf(value.text.mid(end), unit);
        if (!factor) {
            return fail({value.position + end, value.text.mid(end)},
                        unit == FieldUnit::Bytes  ? RowFilter::tr("unknown unit, use B, kB, MB, GB")
                        : unit == FieldUnit::None ? RowFilter::tr("unknown unit, use k, M, G, T")
                        : unit == FieldUnit::Percent ? RowFilter::tr("unknown unit, use % or none")
                                                     : RowFilter::tr("bits have no unit"));
        }
        number *= *factor;
        return true;
    }

    const QString& m_text;
    const std::vector<FilterField>& m_fields;
    qsizetype m_at = 0;
    std::optional<FilterError> m_error;
};

std::variant<RowFilter, FilterError> RowFilter::parse(const QString& text,
                                                      const std::vector<FilterField>& fields)
{
    return RowFilterParser(text, fields).run();
}

} // namespace bitloom::ui
