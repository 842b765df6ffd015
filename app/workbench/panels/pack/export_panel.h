// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/panels/common/measurements.h"
#include "app/workbench/panels/evaluate/evaluate_panel.h"
#include "core/types/conversion.h"
#include "core/types/pack_sheet.h"
#include "widgets/views/panel.h"

#include <memory>
#include <optional>

class QLabel;
class QLineEdit;
class QPushButton;
class QTabWidget;

namespace bitloom::workbench {

class ByteBar;
class ConversionView;
class ExportPreview;
class DataChoice;
class DataChoiceForm;
class FailureLine;
class FormatChoice;
class JobProgress;
class ProofSheet;

/// Exports the shown plan into a file of any kind: what it keeps and loses and how large it will be
/// before anything runs, the work, and the proof that the file was read back. A failure leaves the
/// proof of the file before in its place.
class ExportPanel final : public ui::Panel {
    Q_OBJECT
public:
    /// All references must outlive the panel.
    ExportPanel(PlanDocument& document, JobCenter& center, DataChoice& choice,
                const Measurements& measurements, CommandLineOf commandLine,
                QWidget* parent = nullptr);
    ~ExportPanel() override;

    /// Where files are proposed: a project's exports.
    void setFolder(const QString& folder);
    void setFile(const QString& path);
    void setFormat(WeightFormat format);
    /// The proof that a project kept. plan: as it was packed, where that is known.
    void setProof(const PackSheet& sheet, const QString& path,
                  const std::optional<BitPlan>& plan = std::nullopt, bool fileIsThere = true);
    /// Nothing was packed.
    void clearProof();
    std::shared_ptr<const PackSheet> proof() const { return m_sheet; }

    void pack();
    void measurePackedFile();
    /// Asks for the report of the packed plan, or of the shown one before anything was packed.
    void writeReportTo(const QString& path);
    QList<ui::Picture> pictures() const override;

Q_SIGNALS:
    void packed(const bitloom::PackSheet& sheet, const QString& path);
    /// The accuracy in the proof is new.
    void proofMeasured(const bitloom::PackSheet& sheet);
    void reportRequested(const bitloom::BitPlan& plan, const QString& path);

protected:
    void refresh() override;

private:
    QWidget* makeForm();
    void startOver();
    void showPreview();
    void showSizes();
    void followFormat();
    void chooseFile();
    void chooseReport();
    QString proposedFile() const;
    bool needsImages() const;
    /// Why packing cannot start; empty: it can.
    QString problem() const;
    void fail(const QString& what, const QString& code, const QString& message);

    PlanDocument& m_document;
    JobCenter& m_center;
    DataChoice& m_choice;
    const Measurements& m_measurements;
    CommandLineOf m_commandLine;

    ExportPreview* m_preview;
    FormatChoice* m_format;
    QLineEdit* m_file;
    QLabel* m_figures;
    ByteBar* m_parts;
    QLabel* m_calibrationNote;
    DataChoiceForm* m_data;
    QPushButton* m_pack;
    JobProgress* m_progress;
    FailureLine* m_failure;
    QTabWidget* m_pages;
    ConversionView* m_foreseen;
    QLabel* m_noProof;
    ProofSheet* m_proof;

    QString m_folder;
    bool m_fileChosen = false; ///< the name no longer follows the plan's
    WeightFormat m_shownFormat = WeightFormat::Packed;
    JobId m_job = 0; ///< packing
    bool m_measuring = false;
    std::shared_ptr<const PackSheet> m_sheet;
    QString m_packedPath;
    std::optional<BitPlan> m_packedPlan;
    bool m_fileIsThere = true;
    std::unique_ptr<QObject> m_session; ///< context of all jobs: gone when the model changes
};

} // namespace bitloom::workbench
