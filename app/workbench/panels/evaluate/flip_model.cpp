// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/evaluate/flip_model.h"

#include "widgets/util/formatting.h"

#include <algorithm>

namespace bitloom::workbench {

void FlipModel::setChanges(std::shared_ptr<const PredictionChanges> changes,
                           const std::vector<std::string>& classNames, const QString& images)
{
    if (changes == m_changes && images == m_images) {
        return;
    }
    if (images != m_images) {
        m_images = images;
        m_pictures.clear();
    }
    m_changes = std::move(changes);
    m_classNames = classNames;
    rebuild();
}

void FlipModel::setKind(std::optional<FlipKind> kind)
{
    if (kind != m_kind) {
        m_kind = kind;
        rebuild();
    }
}

void FlipModel::rebuild()
{
    beginResetModel();
    m_flips.clear();
    const auto add = [this](const std::vector<PredictionChange>& changes, FlipKind kind) {
        if (!m_kind || *m_kind == kind) {
            for (const PredictionChange& change : changes) {
                m_flips.push_back({change, kind});
            }
        }
    };
    if (m_changes) {
        add(m_changes->toWrong, FlipKind::ToWrong);
        add(m_changes->toRight, FlipKind::ToRight);
        add(m_changes->toOtherWrong, FlipKind::ToOtherWrong);
    }
    endResetModel();
}

int FlipModel::count(std::optional<FlipKind> kind) const
{
    if (!m_changes) {
        return 0;
    }
    const auto wanted = [kind](FlipKind one, std::size_t size) {
        return !kind || *kind == one ? static_cast<int>(size) : 0;
    };
    return wanted(FlipKind::ToWrong, m_changes->toWrong.size()) +
           wanted(FlipKind::ToRight, m_changes->toRight.size()) +
           wanted(FlipKind::ToOtherWrong, m_changes->toOtherWrong.size());
}

void FlipModel::addThumbnails(const std::vector<Thumbnail>& thumbnails)
{
    for (const Thumbnail& thumbnail : thumbnails) {
        const QImage shared(thumbnail.rgb.data(), thumbnail.width, thumbnail.height,
                            3 * thumbnail.width, QImage::Format_RGB888);
        m_pictures.insert(thumbnail.image, shared.copy());
    }
    if (!m_flips.empty()) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {Qt::DecorationRole});
    }
}

std::vector<std::int64_t> FlipModel::takeMissing(int firstRow, int lastRow)
{
    std::vector<std::int64_t> missing;
    for (int row = std::max(0, firstRow); row <= std::min(lastRow, rowCount() - 1); ++row) {
        const std::int64_t image = m_flips[static_cast<std::size_t>(row)].change.image;
        if (!m_pictures.contains(image)) {
            m_pictures.insert(image, QImage());
            missing.push_back(image);
        }
    }
    return missing;
}

QString FlipModel::className(std::int64_t label) const
{
    const auto position = static_cast<std::size_t>(label);
    return position < m_classNames.size() && !m_classNames[position].empty()
               ? QString::fromStdString(m_classNames[position])
               : QString::number(label);
}

int FlipModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_flips.size());
}

QVariant FlipModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.model() != this || index.row() >= rowCount()) {
        return {};
    }
    const Flip& flip = m_flips[static_cast<std::size_t>(index.row())];
    const auto description = [&] {
        return tr("Image %1 shows %2; without a plan the answer is %3, with it %4.")
            .arg(ui::formatExact(flip.change.image), className(flip.change.label),
                 className(flip.change.parent), className(flip.change.other));
    };
    switch (role) {
    case Qt::DisplayRole:
        return QStringLiteral("%1 \u2192 %2")
            .arg(className(flip.change.parent), className(flip.change.other));
    case Qt::DecorationRole:
        return m_pictures.value(flip.change.image);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return description();
    case LabelRole:
        return className(flip.change.label);
    case ImageRole:
        return static_cast<qlonglong>(flip.change.image);
    case MarkRole:
        return static_cast<int>(flip.kind == FlipKind::ToWrong   ? Mark::Failed
                                : flip.kind == FlipKind::ToRight ? Mark::Done
                                                                 : Mark::Stopped);
    default:
        return {};
    }
}

} // namespace bitloom::workbench
