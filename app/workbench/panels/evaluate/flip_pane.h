// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"
#include "app/workbench/panels/evaluate/flip_model.h"
#include "widgets/util/picture.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QListView;

namespace bitloom::workbench {

/// The images that a plan answers otherwise, as a grid of pictures. Only pictures in sight are
/// loaded, by jobs that are not listed.
class FlipPane final : public QWidget {
    Q_OBJECT
public:
    /// The center must outlive the pane.
    explicit FlipPane(JobCenter& center, QWidget* parent = nullptr);
    ~FlipPane() override;

    /// null: nothing. data: where the images are.
    void setChanges(std::shared_ptr<const PredictionChanges> changes,
                    const std::vector<std::string>& classNames, const engine::DataRef& data);
    const FlipModel& model() const { return *m_model; }
    std::optional<ui::Picture> picture() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void updateKinds();
    void loadVisible();

    JobCenter& m_center;
    FlipModel* m_model;
    QComboBox* m_kind;
    QListView* m_view;
    engine::DataRef m_data;
    std::unique_ptr<QObject>
        m_dataset; ///< context of the jobs: pictures of other images are dropped
    bool m_loading = false;
};

} // namespace bitloom::workbench
