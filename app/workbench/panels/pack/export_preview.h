// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"
#include "core/types/conversion.h"

#include <QObject>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bitloom::workbench {

class PlanDocument;

/// What an export of the shown plan would hold, format by format: asked of the engine, and kept
/// until the plan is another. GUI thread only.
class ExportPreview final : public QObject {
    Q_OBJECT
public:
    /// Both must outlive it.
    ExportPreview(PlanDocument& document, JobCenter& center, QObject* parent = nullptr);

    /// Asks where the plan or the type of the numbers is not the one that is known. The document
    /// must be open.
    void request(const std::string& dtype);
    void clear();

    /// Null: not known yet, or not at all.
    std::shared_ptr<const ConversionReport> report(WeightFormat format) const;
    /// Of the formats that can hold the model: about how many bytes.
    std::map<WeightFormat, std::int64_t> sizes() const;
    QString problem() const { return m_problem; } ///< why nothing is known

Q_SIGNALS:
    void changed();

private:
    PlanDocument& m_document;
    JobCenter& m_center;
    QString m_asked;
    std::shared_ptr<const std::vector<ConversionReport>> m_reports;
    QString m_problem;
};

} // namespace bitloom::workbench
