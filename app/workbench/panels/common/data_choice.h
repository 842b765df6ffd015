// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/job.h"

#include <QObject>
#include <QStringList>

#include <optional>

namespace bitloom::workbench {

enum class DataKind { Digits, Mnist, Cifar10, Images };

struct DataSettings {
    DataKind kind = DataKind::Digits;
    QString folder;              ///< of the kinds that have one
    int digits = 1000;           ///< of DataKind::Digits
    bool training = false;       ///< the training split instead of the test split
    int limit = 0;               ///< first images only; 0: all
    int calibrationImages = 256; ///< >= 1
    bool operator==(const DataSettings&) const = default;
};

/// The images that models are measured and calibrated on: one choice for the whole window, so that
/// figures of different panels belong together. Reads no files. GUI thread only.
class DataChoice final : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype kMaxRecent = 8;

    using QObject::QObject;

    const DataSettings& settings() const { return m_settings; }
    void setSettings(const DataSettings& settings);
    /// Takes over what a project was measured on; unknown kinds change nothing.
    /// calibrationImages: 0: stays.
    void setData(const engine::DataRef& data, std::int64_t calibrationImages = 0);

    /// What is missing, as one sentence; empty if data() has a value.
    QString problem() const;
    std::optional<engine::DataRef> data() const;
    engine::CalibrationOptions calibration() const;
    QString describe() const; ///< "digits:200, test, first 100 images"

    /// Datasets that jobs were started with, newest first: "mnist:/data/mnist".
    QStringList recent() const { return m_recent; }
    void setRecent(const QStringList& specs);
    /// The current choice was used.
    void remember();

Q_SIGNALS:
    void changed();
    void recentChanged();
    void used(); ///< a job was started with the current choice

private:
    DataSettings m_settings;
    QStringList m_recent;
};

} // namespace bitloom::workbench
