// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"
#include "core/types/conversion.h"

#include <QDialog>
#include <QTimer>

#include <memory>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace bitloom::workbench {

class ConversionView;
class FailureLine;
class FormatChoice;
class JobProgress;

/// Converts one file of weights into another: which file, into what, what becomes of each tensor
/// before anything is written, then the work and its result. Where a file does not say how it is to
/// be read, the question appears. Closed while it works, the conversion goes on among the jobs.
class ConvertDialog final : public QDialog {
    Q_OBJECT
public:
    /// The center must outlive the dialog.
    explicit ConvertDialog(JobCenter& center, QWidget* parent = nullptr);

    /// Proposes an output beside it.
    void setInput(const QString& file);
    void setOutput(const QString& file);
    void setFormat(WeightFormat format);
    /// As the dialog stands.
    ConversionRequest request() const;
    QString commandLine() const;
    void convert();

    QString sentence() const; ///< below the table: how it went
    const ConversionView& view() const { return *m_view; }

Q_SIGNALS:
    void converted(const bitloom::ConversionReport& report);

private:
    void build();
    void addQuestions(QFormLayout& form);
    QWidget* makeFileRow(QLineEdit& line, const QString& browse, void (ConvertDialog::*choose)());
    void chooseInput();
    void chooseOutput();
    void followInput();
    void followFormat();
    QString proposedOutput() const;
    /// The input, the output or an option is another: what would become of it is asked anew.
    void changed();
    void look();
    void looked(const std::shared_ptr<const ConversionReport>& report);
    void ask(const OpenQuestion& question);
    QWidget* fieldOf(InputQuestion question) const;
    void showState();

    JobCenter& m_center;
    QString m_slot; ///< of its looks
    QFormLayout* m_form;
    QLineEdit* m_input;
    QLabel* m_kind; ///< of the input
    FormatChoice* m_format;
    QLineEdit* m_output;
    QComboBox* m_gptqZeros;
    QComboBox* m_ctLayout;
    QLineEdit* m_offset;
    ConversionView* m_view;
    JobProgress* m_progress;
    FailureLine* m_failure;
    QWidget* m_result;
    QLabel* m_mark;
    QLabel* m_sentence;
    QPushButton* m_convert;
    QPushButton* m_copy;

    QTimer m_lookSoon; ///< after the last key
    WeightFormat m_shownFormat = WeightFormat::Packed;
    bool m_outputChosen = false;
    int m_state = 0;           ///< counts what was changed: an answer about an older one is none
    bool m_mayConvert = false; ///< what would become of it is known
    JobId m_job = 0;
};

} // namespace bitloom::workbench
