// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_filter.h"

namespace bitloom::ui {

namespace {
enum Field {
    Name,
    Scope,
    Op,
    Kind,
    Scheme,
    Bits,
    WeightBits,
    ActivationBits,
    Share,
    Macs,
    Parameters,
    Bytes,
    Bops,
    Sensitivity,
    Loss,
    Locked,
    FieldCount
};

std::vector<FilterField> makeFields()
{
    const auto text = [](const char* name, QStringList values = {}) {
        return FilterField{QString::fromLatin1(name), {},   FieldType::Text, FieldUnit::None,
                           std::move(values),         false};
    };
    const auto number = [](const char* name, QStringList aliases = {},
                           FieldUnit unit = FieldUnit::None) {
        return FilterField{
            QString::fromLatin1(name), std::move(aliases), FieldType::Number, unit, {}, false};
    };
    const auto word = [](const char* name) { return QString::fromLatin1(name); };
    const QStringList kinds{kindName(LayerKind::Conv), kindName(LayerKind::ConvTranspose),
                            kindName(LayerKind::Linear), kindName(LayerKind::MatMul)};
    std::vector<FilterField> fields(FieldCount);
    fields[Name] = text("name");
    fields[Name].isName = true;
    fields[Scope] = text("scope");
    fields[Op] = text("op", kinds);
    fields[Kind] = text("kind", kinds);
    fields[Scheme] =
        text("scheme", {word("affine"), word("symmetric"), word("per_channel"), word("per_tensor"),
                        word("minmax"), word("percentile"), word("mse")});
    fields[Bits] = number("bits", {}, FieldUnit::Bits);
    fields[WeightBits] = number("wbits", {word("w")}, FieldUnit::Bits);
    fields[ActivationBits] = number("abits", {word("a")}, FieldUnit::Bits);
    fields[Share] = number("share", {}, FieldUnit::Percent);
    fields[Macs] = number("macs");
    fields[Parameters] = number("params", {word("parameters")});
    fields[Bytes] = number("bytes", {word("size")}, FieldUnit::Bytes);
    fields[Bops] = number("bops");
    fields[Sensitivity] = number("sens", {word("sensitivity")});
    fields[Loss] = number("loss");
    fields[Locked] = {word("locked"), {}, FieldType::Flag, FieldUnit::None, {}, false};
    return fields;
}

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}
} // namespace

const std::vector<FilterField>& layerFilterFields()
{
    static const std::vector<FilterField> fields = makeFields();
    return fields;
}

FilterNumbers LayerFilterRow::numbers(int field) const
{
    FilterNumbers values;
    const auto add = [&values](auto value) { values.append(static_cast<double>(value)); };
    const auto addKnown = [&values](const std::optional<double>& value) {
        if (value) {
            values.append(*value);
        }
    };
    if ((field == Bits || field == WeightBits) && m_row.hasWeight) {
        add(m_row.weight.bits);
    }
    if (field == Bits || field == ActivationBits) {
        add(m_row.activation.bits);
        if (m_row.secondActivationBits) {
            add(*m_row.secondActivationBits);
        }
    }
    switch (field) {
    case Share:
        add(100 * m_row.bopsShare);
        break;
    case Macs:
        add(m_row.macs);
        break;
    case Parameters:
        add(m_row.parameters);
        break;
    case Bytes:
        add(m_row.bytes);
        break;
    case Bops:
        add(m_row.bops);
        break;
    case Sensitivity:
        addKnown(m_row.sensitivity);
        break;
    case Loss:
        addKnown(m_row.predictedLoss);
        break;
    default:
        break;
    }
    return values;
}

QStringList LayerFilterRow::texts(int field) const
{
    switch (field) {
    case Name:
        return {m_row.name};
    case Scope:
        return {m_row.scope};
    case Op:
        return {m_row.op, kindName(m_row.kind)};
    case Kind:
        return {kindName(m_row.kind)};
    case Scheme: {
        const QuantSpec& spec = m_row.hasWeight ? m_row.weight : m_row.activation;
        return {fromView(toString(spec.scheme)), fromView(toString(spec.granularity)),
                fromView(toString(spec.observer))};
    }
    default:
        return {};
    }
}

bool LayerFilterRow::flag(int field) const
{
    return field == Locked && m_row.locked;
}

void resolveFor(RowFilter& filter, const LayerRows& rows)
{
    if (!filter.needsColumns()) {
        return;
    }
    filter.resolve([&rows](int field) {
        std::vector<double> values;
        values.reserve(rows.size());
        for (const LayerRow& row : rows) {
            for (const double value : LayerFilterRow(row).numbers(field)) {
                values.push_back(value);
            }
        }
        return values;
    });
}

} // namespace bitloom::ui
