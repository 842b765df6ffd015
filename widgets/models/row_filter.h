// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <QVarLengthArray>

#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace bitloom::ui {

// The one filter grammar of the program, for any table whose columns have names.
//
//   filter := group { blank group }             every group must match
//   group  := term { "|" term }                 one of its terms must match
//   term   := ["-"] ( word | field op value )   "-" turns the answer round
//   op     := ":" "=" "!=" "<" "<=" ">" ">="
//
//   layer3 "my layer"        word, in quotes if it holds blanks: in the name, whatever the case
//   op:conv  name=fc         text: ":" holds it, "=" is it; * and ? stand for any characters
//   bits<=4  bits:2..4       number; ":" is "=", a..b a range with both ends
//   macs>10M  bytes>100kB  share>5%  bits=fp32  bits=pruned    numbers with units of 1000
//   sens>p90                 above the 90th percentile of the column
//   locked  -locked          a yes-or-no field
//
// A value that is not known matches no comparison. A field with several values (bits: weights and
// activations) matches if one of them does.

enum class FieldType { Number, Text, Flag };
enum class FieldUnit { None, Percent, Bytes, Bits };

struct FilterField {
    QString name;
    QStringList aliases;
    FieldType type = FieldType::Text;
    FieldUnit unit = FieldUnit::None;
    QStringList values;  ///< of a text field, for completion; may be incomplete
    bool isName = false; ///< plain words look here
};

using FilterNumbers = QVarLengthArray<double, 3>;

/// One row of a table as the filter asks for it; field: index into the list of fields.
class FilterRow {
public:
    virtual ~FilterRow() = default;
    virtual FilterNumbers numbers(int field) const = 0; ///< empty: not known
    virtual QStringList texts(int field) const = 0;
    virtual bool flag(int field) const = 0;
};

struct FilterError {
    qsizetype position = 0; ///< of the wrong part in the text
    qsizetype length = 0;
    QString message; ///< one sentence for the user, with the place in words
};

class RowFilter {
    Q_DECLARE_TR_FUNCTIONS(RowFilter)
public:
    RowFilter() = default; ///< matches everything

    /// An empty text gives the filter that matches everything.
    static std::variant<RowFilter, FilterError> parse(const QString& text,
                                                      const std::vector<FilterField>& fields);

    bool isEmpty() const { return m_groups.empty(); }
    bool matches(const FilterRow& row) const;

    /// Whether a percentile occurs: then resolve() comes before matches(), and again when the
    /// column changed.
    bool needsColumns() const;
    /// column(field) gives all known values of a number field.
    void resolve(const std::function<std::vector<double>(int field)>& column);

private:
    friend class RowFilterParser;
    enum class Op { Holds, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };
    struct Term {
        bool negated = false;
        int field = 0;
        FieldType type = FieldType::Text;
        Op op = Op::Holds;
        QRegularExpression text;
        double low = 0;                   ///< the number, or the lower end of a range
        double high = 0;                  ///< equal to low, or the upper end
        std::optional<double> percentile; ///< gives low and high once resolved
        bool resolved = true;
        bool flag = true;
    };
    static bool matchesTerm(const Term& term, const FilterRow& row);
    static bool matchesNumber(const Term& term, double value);

    std::vector<std::vector<Term>> m_groups;
};

/// What a completer offers: "bits<=", "op:conv", "locked", ...
QStringList filterWords(const std::vector<FilterField>& fields);

} // namespace bitloom::ui
