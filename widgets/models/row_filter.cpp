// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/row_filter.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace bitloom::ui {

bool RowFilter::matches(const FilterRow& row) const
{
    return std::all_of(m_groups.begin(), m_groups.end(), [&row](const auto& group) {
        return std::any_of(group.begin(), group.end(),
                           [&row](const Term& term) { return matchesTerm(term, row); });
    });
}

bool RowFilter::matchesTerm(const Term& term, const FilterRow& row)
{
    bool found = false;
    switch (term.type) {
    case FieldType::Flag:
        found = row.flag(term.field) == term.flag;
        break;
    case FieldType::Text: {
        const QStringList texts = row.texts(term.field);
        const bool any = std::any_of(texts.begin(), texts.end(), [&term](const QString& text) {
            return term.text.match(text).hasMatch();
        });
        found = term.op == Op::NotEqual ? !texts.isEmpty() && !any : any;
        break;
    }
    case FieldType::Number: {
        const FilterNumbers numbers = row.numbers(term.field);
        const auto fits = [&term](double value) { return matchesNumber(term, value); };
        if (!term.resolved || numbers.isEmpty()) {
            found = false;
        } else if (term.op == Op::NotEqual) {
            found = std::all_of(numbers.begin(), numbers.end(), fits);
        } else {
            found = std::any_of(numbers.begin(), numbers.end(), fits);
        }
        break;
    }
    }
    return found != term.negated;
}

bool RowFilter::matchesNumber(const Term& term, double value)
{
    switch (term.op) {
    case Op::Holds:
    case Op::Equal:
        return value >= term.low && value <= term.high;
    case Op::NotEqual:
        return value < term.low || value > term.high;
    case Op::Less:
        return value < term.low;
    case Op::LessEqual:
        return value <= term.low;
    case Op::Greater:
        return value > term.low;
    case Op::GreaterEqual:
        return value >= term.low;
    }
    return false;
}

bool RowFilter::needsColumns() const
{
    return std::any_of(m_groups.begin(), m_groups.end(), [](const auto& group) {
        return std::any_of(group.begin(), group.end(),
                           [](const Term& term) { return term.percentile.has_value(); });
    });
}

void RowFilter::resolve(const std::function<std::vector<double>(int field)>& column)
{
    for (auto& group : m_groups) {
        for (Term& term : group) {
            if (!term.percentile) {
                continue;
            }
            std::vector<double> values = column(term.field);
            term.resolved = !values.empty();
            if (values.empty()) {
                continue;
            }
            // Nearest rank: the smallest value that p percent of all do not exceed.
            const double rank =
                std::ceil(*term.percentile / 100 * static_cast<double>(values.size()));
            const auto place = static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
            std::nth_element(values.begin(), values.begin() + place, values.end());
            term.low = values[static_cast<std::size_t>(place)];
            term.high = term.low;
        }
    }
}

QStringList filterWords(const std::vector<FilterField>& fields)
{
    QStringList words;
    for (const FilterField& field : fields) {
        switch (field.type) {
        case FieldType::Flag:
            words << field.name;
            break;
        case FieldType::Number:
            words << field.name + (field.unit == FieldUnit::Bits ? QStringLiteral("<=")
                                                                 : QStringLiteral(">"));
            break;
        case FieldType::Text:
            words << field.name + u':';
            for (const QString& value : field.values) {
                words << field.name + u':' + value;
            }
            break;
        }
    }
    return words;
}

} // namespace bitloom::ui
