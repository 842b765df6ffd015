// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QTreeView;

namespace bitloom::ui {

/// Which columns the table of layers shows, and how wide they are.
///
/// Until the user drags a border, the widths follow the room there is: names and bars give way
/// first and take what is left over, so that the default columns need no scrolling in the smallest
/// window. Widths that the user chose stay, and are kept with the columns.
class LayerColumns final : public QObject {
    Q_OBJECT
public:
    /// The view has its model already, and calls fit() when its room changes.
    explicit LayerColumns(QTreeView& view);

    void reset();
    QByteArray save() const;
    /// False, and nothing changed, if the text is not of save().
    bool restore(const QByteArray& json);
    void fit();
    /// The font of the view is another one.
    void followFont();

private:
    int titleWidth(int column) const;
    /// Of title and values; names and bars are content with less.
    int usualWidth(int column) const;
    int leastWidth(int column) const;
    int mostWidth(int column) const;
    int characters(int count) const;
    void titlesChanged(int first, int last);

    QTreeView& m_view;
    int m_digitWidth = 0;  ///< of the font that chosen widths were made for
    bool m_chosen = false; ///< widths are the user's
    bool m_fitting = false;
};

} // namespace bitloom::ui
