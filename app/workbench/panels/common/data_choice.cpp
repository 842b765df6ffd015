// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/common/data_choice.h"

#include "widgets/util/formatting.h"

#include <array>
#include <utility>

namespace bitloom::workbench {

namespace {
constexpr std::array<std::pair<DataKind, const char*>, 4> kDataKinds{
    {{DataKind::Digits, "digits"},
     {DataKind::Mnist, "mnist"},
     {DataKind::Cifar10, "cifar10"},
     {DataKind::Images, "images"}}};

QString specOf(const DataSettings& settings)
{
    for (const auto& [kind, name] : kDataKinds) {
        if (kind == settings.kind) {
            return QStringLiteral("%1:").arg(QLatin1String(name)) +
                   (kind == DataKind::Digits ? QString::number(settings.digits)
                                             : settings.folder.trimmed());
        }
    }
    return {};
}
} // namespace

void DataChoice::setSettings(const DataSettings& settings)
{
    if (settings != m_settings) {
        m_settings = settings;
        Q_EMIT changed();
    }
}

void DataChoice::setData(const engine::DataRef& data, std::int64_t calibrationImages)
{
    const QString spec = QString::fromStdString(data.spec);
    const QString place = spec.section(u':', 1);
    for (const auto& [kind, name] : kDataKinds) {
        if (spec.section(u':', 0, 0) != QLatin1String(name) || place.isEmpty()) {
            continue;
        }
        DataSettings settings = m_settings;
        settings.kind = kind;
        if (kind == DataKind::Digits) {
            settings.digits = place.toInt();
        } else {
            settings.folder = place;
        }
        settings.training = data.split == "train";
        settings.limit = static_cast<int>(data.limit);
        if (calibrationImages > 0) {
            settings.calibrationImages = static_cast<int>(calibrationImages);
        }
        setSettings(settings);
    }
}

QString DataChoice::problem() const
{
    if (m_settings.kind == DataKind::Digits) {
        return m_settings.digits > 0 ? QString() : tr("Choose how many digits to generate.");
    }
    return m_settings.folder.trimmed().isEmpty() ? tr("Choose the folder of the images.")
                                                 : QString();
}

std::optional<engine::DataRef> DataChoice::data() const
{
    if (!problem().isEmpty()) {
        return std::nullopt;
    }
    engine::DataRef data;
    data.spec = specOf(m_settings).toStdString();
    data.split = m_settings.training ? "train" : "test";
    data.limit = m_settings.limit;
    return data;
}

engine::CalibrationOptions DataChoice::calibration() const
{
    engine::CalibrationOptions options;
    options.images = m_settings.calibrationImages;
    return options;
}

QString DataChoice::describe() const
{
    const QString split = m_settings.training ? tr("training split") : tr("test split");
    return m_settings.limit > 0
               ? tr("%1, %2, first %3 images")
                     .arg(specOf(m_settings), split, ui::formatExact(m_settings.limit))
               : tr("%1, %2").arg(specOf(m_settings), split);
}

void DataChoice::setRecent(const QStringList& specs)
{
    if (specs != m_recent) {
        m_recent = specs;
        Q_EMIT recentChanged();
    }
}

void DataChoice::remember()
{
    if (!problem().isEmpty()) {
        return;
    }
    QStringList specs = m_recent;
    specs.removeAll(specOf(m_settings));
    specs.prepend(specOf(m_settings));
    setRecent(specs.mid(0, kMaxRecent));
    Q_EMIT used();
}

} // namespace bitloom::workbench
