// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/settings/settings_data.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

namespace bitloom::workbench {

namespace {

const QString kVersionKey = QStringLiteral("version");

/// What this file says; lupdate does not find the context of a function of one's own.
struct SettingWords {
    Q_DECLARE_TR_FUNCTIONS(Settings)
};

/// Takes values out of the object, so that what remains is what this version does not know. The
/// first value of the wrong type is remembered.
class Reader {
public:
    explicit Reader(QJsonObject object) : m_object(std::move(object)) {}

    QJsonValue take(const QString& key, QJsonValue::Type type, const QJsonValue& otherwise)
    {
        QJsonValue value = m_object.take(key);
        if (value.isUndefined()) {
            return otherwise;
        }
        if (value.type() != type) {
            fail(key);
            return otherwise;
        }
        return value;
    }
    QString text(const QString& key, const QString& otherwise)
    {
        return take(key, QJsonValue::String, otherwise).toString();
    }
    QByteArray bytes(const QString& key)
    {
        return decode(key, take(key, QJsonValue::String, QString()).toString());
    }
    QByteArray decode(const QString& key, const QString& base64)
    {
        const auto result = QByteArray::fromBase64Encoding(base64.toLatin1(),
                                                           QByteArray::AbortOnBase64DecodingErrors);
        if (!result) {
            fail(key);
        }
        return *result;
    }
    QJsonObject object(const QString& key)
    {
        return take(key, QJsonValue::Object, QJsonObject()).toObject();
    }
    QMap<QString, QString> texts(const QString& key)
    {
        QMap<QString, QString> texts;
        const QJsonObject values = object(key);
        for (auto it = values.begin(); it != values.end(); ++it) {
            if (!it->isString()) {
                fail(key + u'.' + it.key());
            }
            texts.insert(it.key(), it->toString());
        }
        return texts;
    }
    void fail(const QString& key)
    {
        if (m_wrong.isEmpty()) {
            m_wrong = key;
        }
    }
    const QString& wrong() const { return m_wrong; }
    const QJsonObject& rest() const { return m_object; }

private:
    QJsonObject m_object;
    QString m_wrong;
};

SettingsData readData(Reader& reader)
{
    SettingsData data;
    data.theme = reader.text(QStringLiteral("theme"), data.theme);
    data.language = reader.text(QStringLiteral("language"), data.language);
    data.device = reader.text(QStringLiteral("device"), data.device);
    data.threads = reader.take(QStringLiteral("threads"), QJsonValue::Double, 0).toInt(-1);
    if (data.threads < 0 || data.threads > kMaxThreads) {
        reader.fail(QStringLiteral("threads"));
    }
    // As text: a JSON number would lose digits above 2^53.
    bool isNumber = false;
    data.seed = reader.text(QStringLiteral("seed"), QStringLiteral("0")).toULongLong(&isNumber);
    if (!isNumber) {
        reader.fail(QStringLiteral("seed"));
    }
    const QJsonArray recent =
        reader.take(QStringLiteral("recent"), QJsonValue::Array, QJsonArray()).toArray();
    for (const QJsonValue entry : recent) {
        if (!entry.isString()) {
            reader.fail(QStringLiteral("recent"));
        }
        data.recent << entry.toString();
    }
    data.geometry = reader.bytes(QStringLiteral("geometry"));
    data.lastLayout = reader.bytes(QStringLiteral("last_layout"));
    const QMap<QString, QString> layouts = reader.texts(QStringLiteral("layouts"));
    for (auto it = layouts.begin(); it != layouts.end(); ++it) {
        data.layouts.insert(it.key(), reader.decode(QStringLiteral("layouts"), it.value()));
    }
    const QMap<QString, QString> shortcuts = reader.texts(QStringLiteral("shortcuts"));
    for (auto it = shortcuts.begin(); it != shortcuts.end(); ++it) {
        data.shortcuts.insert(it.key(), it.value());
    }
    data.views = reader.object(QStringLiteral("views"));
    return data;
}

} // namespace

SettingsRead readSettings(const QByteArray& json)
{
    SettingsRead result;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject()) {
        result.state = SettingsRead::State::Damaged;
        result.reason =
            error.error == QJsonParseError::NoError
                ? SettingWords::tr("the file holds no JSON object")
                : SettingWords::tr("%1 at byte %2").arg(error.errorString()).arg(error.offset);
        return result;
    }
    Reader reader(document.object());
    const QJsonValue version = reader.take(kVersionKey, QJsonValue::Double, kSettingsVersion);
    if (version.toInt(0) < 1) {
        reader.fail(kVersionKey);
    }
    const bool newer = version.toInt(0) > kSettingsVersion;
    SettingsData data = readData(reader);
    // A later version may have changed a type: what it means here is not known, but it is no
    // damage.
    if (!reader.wrong().isEmpty()) {
        result.state = newer ? SettingsRead::State::Newer : SettingsRead::State::Damaged;
        result.reason =
            SettingWords::tr("the value of \"%1\" is not of the expected kind").arg(reader.wrong());
        return result;
    }
    data.unknown = reader.rest();
    result.state = newer ? SettingsRead::State::Newer : SettingsRead::State::Ok;
    result.data = std::move(data);
    return result;
}

QByteArray writeSettings(const SettingsData& data)
{
    const auto base64 = [](const QByteArray& bytes) {
        return QString::fromLatin1(bytes.toBase64());
    };
    QJsonObject layouts;
    for (auto it = data.layouts.begin(); it != data.layouts.end(); ++it) {
        layouts.insert(it.key(), base64(it.value()));
    }
    QJsonObject shortcuts;
    for (auto it = data.shortcuts.begin(); it != data.shortcuts.end(); ++it) {
        shortcuts.insert(it.key(), it.value());
    }
    QJsonObject object = data.unknown;
    object.insert(kVersionKey, kSettingsVersion);
    object.insert(QStringLiteral("theme"), data.theme);
    object.insert(QStringLiteral("language"), data.language);
    object.insert(QStringLiteral("device"), data.device);
    object.insert(QStringLiteral("threads"), data.threads);
    object.insert(QStringLiteral("seed"), QString::number(data.seed));
    object.insert(QStringLiteral("recent"), QJsonArray::fromStringList(data.recent));
    object.insert(QStringLiteral("geometry"), base64(data.geometry));
    object.insert(QStringLiteral("last_layout"), base64(data.lastLayout));
    object.insert(QStringLiteral("layouts"), layouts);
    object.insert(QStringLiteral("shortcuts"), shortcuts);
    object.insert(QStringLiteral("views"), data.views);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

} // namespace bitloom::workbench
