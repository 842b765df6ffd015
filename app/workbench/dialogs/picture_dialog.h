// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/picture.h"

#include <QDialog>
#include <QList>

#include <functional>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace bitloom::workbench {

/// Which plot or table becomes a file, and how large. It shows what it will look like, and asks
/// nothing else: whoever opened it asks for the file.
class PictureDialog final : public QDialog {
    Q_OBJECT
public:
    struct Source {
        QString id;    ///< of the panel
        QString title; ///< for the user
        std::function<QList<ui::Picture>()> pictures;
    };

    /// first: the source that is chosen at the start. sources is not empty.
    PictureDialog(QList<Source> sources, const QString& first, QWidget* parent);

Q_SIGNALS:
    /// scale: pixels per point, for PNG.
    void chosen(const QString& source, const bitloom::ui::Picture& picture, QSize size, int scale);

private:
    void showSource();
    void showPicture();
    void showPreview();
    QSize wantedSize() const;

    QList<Source> m_sources;
    QList<ui::Picture> m_pictures; ///< of the chosen source
    QComboBox* m_source;
    QComboBox* m_picture;
    QSpinBox* m_width;
    QSpinBox* m_height;
    QSpinBox* m_scale;
    QLabel* m_preview;
    QPushButton* m_export;
};

} // namespace bitloom::workbench
