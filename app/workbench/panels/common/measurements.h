// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/job.h"
#include "core/types/results.h"

#include <QHash>
#include <QObject>

#include <memory>

namespace bitloom::workbench {

/// What was measured in this session: of which plan, on which images. Kept by the plan's digest, so
/// an undone edit brings its figures back and a renamed plan keeps them. GUI thread only.
class Measurements final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// The images, and what activations were calibrated with, which a plan's figures depend on.
    struct Images {
        engine::DataRef data;
        engine::CalibrationOptions calibration;
    };
    using Result = std::shared_ptr<const EvalResult>;

    /// planDigest: empty for the model without a plan. Replaces an older result.
    void add(const QString& planDigest, const Images& images, const Result& result);
    /// nullptr if it was not measured.
    Result find(const QString& planDigest, const Images& images) const;
    void clear();

Q_SIGNALS:
    void changed();

private:
    QHash<QString, Result> m_results;
};

} // namespace bitloom::workbench
