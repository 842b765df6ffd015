// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/bits_text.h"
#include "widgets/models/layer_rows.h"
#include "widgets/util/picture.h"

#include <QSet>
#include <QTreeView>

class QMenu;

namespace bitloom::ui {

class BitDelegate;
class BitTyping;
class LayerColumns;
class LayerFilterProxy;
class LayerTreeModel;
class ShareBarDelegate;

/// The table of layers: selection across rows, bits by keyboard, copy and paste, columns at will.
///
/// It edits nothing: what the user wants comes out as signals, one per step that undo takes back.
/// A scope stands for all layers below it. Model and proxy outlive the view.
class LayerTreeView final : public QTreeView {
    Q_OBJECT
public:
    LayerTreeView(LayerTreeModel* layers, LayerFilterProxy* proxy, QWidget* parent = nullptr);

    /// In execution order.
    QStringList selectedLayers() const;
    /// Selects what is not filtered out, opens the scopes above and shows the first. Tells nobody.
    void selectLayers(const QStringList& layers);

    QByteArray saveColumns() const;
    /// False if the text is not of saveColumns(); then nothing changed.
    bool restoreColumns(const QByteArray& json);
    void resetColumns();

    /// The rows as they are shown; the CSV holds all layers that pass the filter.
    Picture picture() const;

    void selectAll() override;

    // Also as actions of the widget, with their usual keys.
    void copy();
    void paste();
    void setBitsOfSelection(int bits);

    BitTarget targetOfCurrentColumn() const;

Q_SIGNALS:
    void editRequested(const QStringList& layers, bitloom::ui::BitTarget target, int bits);
    void lockRequested(const QStringList& layers, bool locked);
    void bitsPasted(const QList<bitloom::ui::LayerBits>& bits);
    /// By the user, not by selectLayers().
    void layersSelected(const QStringList& layers);
    void currentLayerChanged(const QString& layer);
    /// One sentence: why nothing happened, or what was left out.
    void messageRequested(const QString& sentence);
    void filterRequested();
    /// The menu of a right click, before it is shown: for entries of whoever owns the view.
    void contextMenuAboutToShow(QMenu* menu, const QStringList& layers);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void selectionChanged(const QItemSelection& selected,
                          const QItemSelection& deselected) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    /// Letters and digits are bit widths here; names are found by the filter.
    void keyboardSearch(const QString& search) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void makeActions();
    void makeMenu(QMenu& menu);
    bool takeKey(int key, const QString& text);
    /// The layers of a cell; all selected ones if it is among them.
    QStringList layersMeantBy(const QModelIndex& index) const;
    void toggleLock();
    void requestBits(const QStringList& layers, BitTarget target, int bits);
    void setSelectionAside();
    void takeSelectionBack();
    void rowsWereReset();
    void rowsChanged();
    void filterChanged(const QString& text);

    LayerTreeModel* m_layers;
    LayerFilterProxy* m_proxy;
    BitTyping* m_typing;
    ShareBarDelegate* m_shares;
    LayerColumns* m_columns = nullptr;
    QAction* m_copy = nullptr;
    QAction* m_paste = nullptr;
    QAction* m_lock = nullptr;
    QAction* m_unlock = nullptr;
    QAction* m_expandAll = nullptr;
    QAction* m_collapseAll = nullptr;
    QStringList m_aside; ///< a large selection while the rows change places
    QSet<QString> m_openBeforeFilter;
    bool m_filtered = false;
    bool m_silent = false;
};

} // namespace bitloom::ui
