// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/jobs/job_center.h"
#include "core/types/file_map.h"
#include "core/types/packed_detail.h"
#include "core/types/verify_report.h"
#include "widgets/views/panel.h"

#include <QHash>

#include <memory>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTabWidget;

namespace bitloom::ui {
class ByteMap;
class CodesPlot;
class HistogramPlot;
} // namespace bitloom::ui

namespace bitloom::workbench {

class FailureLine;
class JobProgress;
class PlanDocument;
class Selection;
class VerificationView;

/// A packed file closely: where each tensor lies in it, how often each code of the selected layer
/// occurs beside the float weights that it was made of, and whether the whole file is what its
/// model gives. The file is the open model's own, or the one that was packed of it last.
class PackedPanel final : public ui::Panel {
    Q_OBJECT
public:
    /// All references must outlive the panel.
    PackedPanel(PlanDocument& document, Selection& selection, JobCenter& center,
                CommandLineOf commandLine, QWidget* parent = nullptr);
    ~PackedPanel() override;

    /// A file that was packed of the open model.
    void showFile(const QString& path);
    /// The model whose floats are compared with; empty: none.
    void setFloatModel(const QString& spec);
    QString floatModel() const;
    void verify();

    std::shared_ptr<const FileMap> map() const { return m_map; }
    std::shared_ptr<const PackedDetail> detail() const { return m_detail; }
    std::shared_ptr<const VerifyReport> report() const { return m_report; }
    QList<ui::Picture> pictures() const override;

Q_SIGNALS:
    /// The map of a file is there. isModel: the open model is that file.
    void fileShown(bool isModel);
    void fileGone(); ///< with its model

protected:
    void refresh() override;

private:
    QWidget* makeHead();
    QWidget* makeCodes();
    void startOver();
    void askForMap(const QString& path, bool isModel);
    void askForDetail();
    void countCodes(const QString& question, const QString& against);
    void chooseModel();
    void activate(int region);
    void followSelection();
    void showHead();
    void showCodes();
    QString layerOf(const QString& tensor) const { return m_layers.value(tensor); }
    const FileRegion* codesOf(const QString& tensor) const;

    PlanDocument& m_document;
    Selection& m_selection;
    JobCenter& m_center;
    CommandLineOf m_commandLine;

    QLabel* m_head;
    QLineEdit* m_float;
    QPushButton* m_verify;
    ui::ByteMap* m_bytes;
    QTabWidget* m_tabs;
    QLabel* m_caption;
    QCheckBox* m_logCounts;
    ui::CodesPlot* m_codes;
    ui::HistogramPlot* m_floats;
    JobProgress* m_progress;
    FailureLine* m_failure;
    VerificationView* m_verification;

    QHash<QString, QString> m_layers; ///< of the open model, by tensor
    std::shared_ptr<const FileMap> m_map;
    QString m_problem; ///< why there is no map, where that is worth a sentence
    QString m_tensor;  ///< whose codes are shown
    QString m_asked;   ///< the newest question about codes
    QString m_detailProblem;
    std::shared_ptr<const PackedDetail> m_detail;
    JobId m_job = 0; ///< verifying
    std::shared_ptr<const VerifyReport> m_report;
    QString m_reportModel;
    std::unique_ptr<QObject> m_session; ///< context of all jobs: gone when the model changes
};

} // namespace bitloom::workbench
