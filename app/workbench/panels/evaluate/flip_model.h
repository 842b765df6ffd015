// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/common/state_mark.h"
#include "core/types/predictions.h"
#include "core/types/thumbnail.h"

#include <QAbstractListModel>
#include <QHash>
#include <QImage>

#include <memory>
#include <vector>

namespace bitloom::workbench {

enum class FlipKind { ToWrong, ToRight, ToOtherWrong };

/// The images to which a plan gives another answer than the model without one, with their pictures
/// as far as these were loaded. GUI thread only.
class FlipModel final : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int kThumbnailSize = 72; ///< longer side that is asked for, pixels
    enum FlipRole {
        MarkRole = Qt::UserRole + 500, ///< int of Mark
        LabelRole,                     ///< QString: name of the right class
        ImageRole,                     ///< qint64: item of the dataset
    };

    using QAbstractListModel::QAbstractListModel;

    /// null: nothing to show. classNames: by class; empty where the dataset has none. Pictures of
    /// the same images are kept.
    void setChanges(std::shared_ptr<const PredictionChanges> changes,
                    const std::vector<std::string>& classNames, const QString& images);
    /// nullopt: all kinds.
    void setKind(std::optional<FlipKind> kind);
    int count(std::optional<FlipKind> kind) const;

    void addThumbnails(const std::vector<Thumbnail>& thumbnails);
    /// Images of these rows that have no picture yet; each is told once, whether it arrives or not.
    std::vector<std::int64_t> takeMissing(int firstRow, int lastRow);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    struct Flip {
        PredictionChange change;
        FlipKind kind = FlipKind::ToWrong;
    };
    QString className(std::int64_t label) const;
    void rebuild();

    std::shared_ptr<const PredictionChanges> m_changes;
    std::vector<std::string> m_classNames;
    QString m_images;
    std::optional<FlipKind> m_kind;
    std::vector<Flip> m_flips;
    QHash<std::int64_t, QImage> m_pictures; ///< null: asked for
};

} // namespace bitloom::workbench
