// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/common/measurements.h"

namespace bitloom::workbench {

namespace {
QString keyOf(const QString& planDigest, const Measurements::Images& images)
{
    QString key = QStringLiteral("%1|%2|%3|%4")
                      .arg(planDigest, QString::fromStdString(images.data.split))
                      .arg(images.data.limit)
                      .arg(QString::fromStdString(images.data.spec));
    if (!planDigest.isEmpty()) {
        key += QStringLiteral("|%1").arg(images.calibration.images);
    }
    return key;
}
} // namespace

void Measurements::add(const QString& planDigest, const Images& images, const Result& result)
{
    m_results.insert(keyOf(planDigest, images), result);
    Q_EMIT changed();
}

Measurements::Result Measurements::find(const QString& planDigest, const Images& images) const
{
    return m_results.value(keyOf(planDigest, images));
}

void Measurements::clear()
{
    m_results.clear();
    Q_EMIT changed();
}

} // namespace bitloom::workbench
