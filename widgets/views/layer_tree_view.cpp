// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/layer_tree_view.h"

#include "widgets/models/layer_filter_proxy.h"
#include "widgets/models/layer_tree_model.h"
#include "widgets/util/formatting.h"
#include "widgets/views/bit_delegate.h"
#include "widgets/views/bit_typing.h"
#include "widgets/views/layer_columns.h"
#include "widgets/views/layer_edits.h"
#include "widgets/views/lock_delegate.h"
#include "widgets/views/share_bar_delegate.h"
#include "widgets/views/table_columns.h"
#include "widgets/views/table_picture.h"
#include "widgets/views/tree_rows.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>

namespace bitloom::ui {

namespace {
constexpr int kLargeSelection = 100; ///< rows
constexpr int kOpenAtFirst = 200;    ///< models with more layers start with their top scopes only

int at(LayerColumn column)
{
    return static_cast<int>(column);
}

int bitsColumn(BitTarget target)
{
    return at(target == BitTarget::Weights ? LayerColumn::WeightBits : LayerColumn::ActivationBits);
}
} // namespace

LayerTreeView::LayerTreeView(LayerTreeModel* layers, LayerFilterProxy* proxy, QWidget* parent)
    : QTreeView(parent), m_layers(layers), m_proxy(proxy), m_typing(new BitTyping(this)),
      m_shares(new ShareBarDelegate(this))
{
    setAccessibleName(tr("Layers"));
    setAccessibleDescription(tr(
        "Layers of the plan. Type a number to set the bits of the selected layers; w and a choose "
        "weights or activations, f is FP32, p is pruned, l locks."));
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    setSelectionMode(ExtendedSelection);
    setSelectionBehavior(SelectRows);
    setEditTriggers(DoubleClicked | EditKeyPressed);
    setAllColumnsShowFocus(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setFrameShape(NoFrame);

    // First of all who hear of it: a selection model takes quadratic time to follow thousands of
    // rows through a sort, so a large selection is kept by name instead.
    connect(proxy, &QAbstractItemModel::layoutAboutToBeChanged, this,
            &LayerTreeView::setSelectionAside);
    setModel(proxy);
    connect(proxy, &QAbstractItemModel::layoutChanged, this, &LayerTreeView::takeSelectionBack);
    setItemDelegate(new RowDelegate(this));
    auto* bits = new BitDelegate(this);
    setItemDelegateForColumn(at(LayerColumn::WeightBits), bits);
    setItemDelegateForColumn(at(LayerColumn::ActivationBits), bits);
    setItemDelegateForColumn(at(LayerColumn::BopsShare), m_shares);
    auto* locks = new LockDelegate(this);
    setItemDelegateForColumn(at(LayerColumn::Locked), locks);

    header()->setSectionsMovable(true);
    header()->setSortIndicatorClearable(true);
    header()->setSortIndicator(-1, Qt::AscendingOrder);
    header()->setStretchLastSection(false);
    header()->setHighlightSections(false);
    header()->setContextMenuPolicy(Qt::CustomContextMenu);
    header()->setAccessibleName(tr("Columns of the layer table"));
    setSortingEnabled(true);
    connect(header(), &QWidget::customContextMenuRequested, this, [this](const QPoint& point) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillColumnMenu(*menu, *this);
        menu->addSeparator();
        menu->addAction(tr("Reset columns"), this, &LayerTreeView::resetColumns);
        menu->popup(header()->mapToGlobal(point));
    });

    connect(m_typing, &BitTyping::bitsTyped, this, &LayerTreeView::setBitsOfSelection);
    connect(bits, &BitDelegate::bitsPicked, this, [this](const QModelIndex& index, int picked) {
        const BitTarget target = index.column() == at(LayerColumn::ActivationBits)
                                     ? BitTarget::Activations
                                     : BitTarget::Weights;
        requestBits(layersMeantBy(index), target, picked);
    });
    connect(locks, &LockDelegate::lockPicked, this, [this](const QModelIndex& index, bool locked) {
        Q_EMIT lockRequested(layersMeantBy(index), locked);
    });
    connect(layers, &LayerTreeModel::editRequested, this, &LayerTreeView::editRequested);
    connect(layers, &LayerTreeModel::lockRequested, this, &LayerTreeView::lockRequested);
    connect(proxy, &QAbstractItemModel::modelReset, this, &LayerTreeView::rowsWereReset);
    connect(proxy, &LayerFilterProxy::filterAboutToChange, this, [this] {
        if (!m_filtered) {
            m_openBeforeFilter = openRows(*this);
        }
        if (m_layers->rows()->size() > kOpenAtFirst) { // rows that are not laid out go quickly
            collapseAll();
        }
    });
    connect(proxy, &LayerFilterProxy::filterChanged, this, &LayerTreeView::filterChanged);
    connect(layers, &LayerTreeModel::rowsChanged, this, &LayerTreeView::rowsChanged);
    makeActions();
    m_columns = new LayerColumns(*this);
    rowsWereReset();
}

void LayerTreeView::makeActions()
{
    const auto add = [this](const QString& text, const QString& toolTip, auto&& run) {
        auto* action = new QAction(text, this);
        action->setToolTip(toolTip);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, run);
        addAction(action);
        return action;
    };
    m_copy = add(tr("Copy"), tr("Copies the selected layers with all visible columns."),
                 [this] { copy(); });
    m_copy->setShortcut(QKeySequence::Copy);
    m_paste =
        add(tr("Paste bits"), tr("Sets bits from copied layers or numbers."), [this] { paste(); });
    m_paste->setShortcut(QKeySequence::Paste);
    m_lock = add(tr("Lock"), tr("Edits and searches leave the selected layers alone."),
                 [this] { Q_EMIT lockRequested(selectedLayers(), true); });
    m_unlock = add(tr("Unlock"), tr("Edits and searches may change the selected layers."),
                   [this] { Q_EMIT lockRequested(selectedLayers(), false); });
    QAction* toggle = add(tr("Lock or unlock"),
                          tr("Locks the selected layers, or unlocks them if all are locked."),
                          [this] { toggleLock(); });
    toggle->setShortcut(QKeySequence(Qt::Key_L));
    m_expandAll =
        add(tr("Expand all"), tr("Shows the layers of all scopes."), [this] { expandAll(); });
    m_expandAll->setShortcut(QKeySequence(tr("Ctrl+Shift+E")));
    m_collapseAll =
        add(tr("Collapse all"), tr("Shows the outermost scopes only."), [this] { collapseAll(); });
    m_collapseAll->setShortcut(QKeySequence(tr("Ctrl+Shift+W")));
    QAction* find = add(tr("Filter layers"), tr("Goes to the filter line."),
                        [this] { Q_EMIT filterRequested(); });
    find->setShortcut(QKeySequence::Find);
}

QStringList LayerTreeView::layersMeantBy(const QModelIndex& index) const
{
    return selectionModel()->isRowSelected(index.row(), index.parent())
               ? selectedLayers()
               : index.data(LayerNamesRole).toStringList();
}

QStringList LayerTreeView::selectedLayers() const
{
    QModelIndexList rows;
    // selectedRows() would ask for each row whether all of it is selected; here it always is.
    for (const QItemSelectionRange& range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            rows.append(m_proxy->mapToSource(m_proxy->index(row, 0, range.parent())));
        }
    }
    return m_layers->layersAt(rows);
}

void LayerTreeView::selectLayers(const QStringList& layers)
{
    const QStringList before = selectedLayers();
    if (QSet<QString>(layers.begin(), layers.end()) ==
        QSet<QString>(before.begin(), before.end())) {
        return;
    }
    QModelIndexList rows;
    for (const QString& layer : layers) {
        const QModelIndex index = m_proxy->mapFromSource(m_layers->indexOf(layer));
        if (!index.isValid()) {
            continue;
        }
        for (QModelIndex above = index.parent(); above.isValid() && !isExpanded(above);
             above = above.parent()) {
            expand(above);
        }
        rows.append(index);
    }
    const QModelIndex first = rows.value(0);
    const QItemSelection selection = asRanges(std::move(rows));
    const QScopedValueRollback<bool> silent(m_silent, true);
    selectionModel()->select(selection,
                             QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (first.isValid()) {
        selectionModel()->setCurrentIndex(
            first.siblingAtColumn(std::max(currentIndex().column(), 0)),
            QItemSelectionModel::NoUpdate);
        scrollTo(first);
    }
}

void LayerTreeView::selectAll()
{
    // QTreeView would make a range for each block of visible columns below each scope, and the
    // selection model compares them all with each other: seconds for ten thousand layers.
    selectionModel()->select(shownRows(*this),
                             QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void LayerTreeView::setSelectionAside()
{
    qsizetype rows = 0;
    for (const QItemSelectionRange& range : selectionModel()->selection()) {
        rows += range.height();
    }
    if (rows > kLargeSelection) {
        m_aside = selectedLayers();
        const QScopedValueRollback<bool> silent(m_silent, true);
        selectionModel()->clearSelection();
    }
}

void LayerTreeView::takeSelectionBack()
{
    if (!m_aside.isEmpty()) {
        const int scrolled = verticalScrollBar()->value();
        selectLayers(std::exchange(m_aside, {}));
        verticalScrollBar()->setValue(scrolled);
    }
}

void LayerTreeView::selectionChanged(const QItemSelection& selected,
                                     const QItemSelection& deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    m_typing->drop(); // a waiting digit was meant for the old selection
    if (!m_silent) {
        Q_EMIT layersSelected(selectedLayers());
    }
}

void LayerTreeView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    const QString layer = current.data(LayerNameRole).toString();
    if (!m_silent && !layer.isEmpty() && layer != previous.data(LayerNameRole).toString()) {
        Q_EMIT currentLayerChanged(layer);
    }
}

BitTarget LayerTreeView::targetOfCurrentColumn() const
{
    return currentIndex().column() == at(LayerColumn::ActivationBits) ? BitTarget::Activations
                                                                      : BitTarget::Weights;
}

void LayerTreeView::setBitsOfSelection(int bits)
{
    requestBits(selectedLayers(), targetOfCurrentColumn(), bits);
}

void LayerTreeView::toggleLock()
{
    const QStringList layers = selectedLayers();
    const bool allLocked = std::all_of(layers.begin(), layers.end(), [this](const QString& layer) {
        return m_layers->rowAt(m_layers->indexOf(layer))->locked;
    });
    if (!layers.isEmpty()) {
        Q_EMIT lockRequested(layers, !allLocked);
    }
}

void LayerTreeView::requestBits(const QStringList& layers, BitTarget target, int bits)
{
    if (layers.isEmpty()) {
        Q_EMIT messageRequested(tr("Select the layers whose bits are to change."));
        return;
    }
    const LegalLayers legal = layersThatTake(*m_layers, layers, target, bits);
    if (!legal.message.isEmpty()) {
        Q_EMIT messageRequested(legal.message);
    }
    if (!legal.layers.isEmpty()) {
        Q_EMIT editRequested(legal.layers, target, bits);
    }
}

void LayerTreeView::keyPressEvent(QKeyEvent* event)
{
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (plain && state() != EditingState && takeKey(event->key(), event->text())) {
        event->accept();
        return;
    }
    QTreeView::keyPressEvent(event);
}

bool LayerTreeView::takeKey(int key, const QString& text)
{
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return m_typing->finish();
    case Qt::Key_Escape:
        return m_typing->drop();
    case Qt::Key_F2:
        if (currentIndex().isValid()) {
            edit(currentIndex().siblingAtColumn(bitsColumn(targetOfCurrentColumn())));
        }
        return true;
    case Qt::Key_W:
    case Qt::Key_A: { // the arrow keys open and close scopes, so columns have letters
        m_typing->drop();
        const auto target = key == Qt::Key_W ? BitTarget::Weights : BitTarget::Activations;
        selectionModel()->setCurrentIndex(currentIndex().siblingAtColumn(bitsColumn(target)),
                                          QItemSelectionModel::NoUpdate);
        return true;
    }
    default:
        return selectionModel()->hasSelection() && m_typing->take(text);
    }
}

void LayerTreeView::keyboardSearch(const QString&)
{
}

void LayerTreeView::copy()
{
    const QStringList layers = selectedLayers();
    QModelIndexList rows;
    for (const QString& layer : layers) {
        const QModelIndex index = m_proxy->mapFromSource(m_layers->indexOf(layer));
        if (index.isValid()) { // a scope's filtered layers are not copied
            rows.append(index);
        }
    }
    if (rows.isEmpty()) {
        Q_EMIT messageRequested(tr("Select the layers to copy."));
        return;
    }
    QGuiApplication::clipboard()->setText(tableText(*this, rows, u'\t'));
}

void LayerTreeView::paste()
{
    const auto parsed = bitsFromText(
        QGuiApplication::clipboard()->text(), selectedLayers(), targetOfCurrentColumn(),
        [this](const QString& layer) { return m_layers->indexOf(layer).isValid(); });
    if (const auto* error = std::get_if<QString>(&parsed)) {
        Q_EMIT messageRequested(*error);
        return;
    }
    const LegalBits possible = possibleBits(*m_layers, std::get<PastedBits>(parsed));
    if (!possible.message.isEmpty()) {
        Q_EMIT messageRequested(possible.message);
    }
    if (!possible.bits.isEmpty()) {
        Q_EMIT bitsPasted(possible.bits);
    }
}

void LayerTreeView::makeMenu(QMenu& menu)
{
    const QStringList layers = selectedLayers();
    for (const BitTarget target : {BitTarget::Weights, BitTarget::Activations}) {
        QMenu* bits =
            menu.addMenu(target == BitTarget::Weights ? tr("Weight bits") : tr("Activation bits"));
        const QList<int> widths = widthsOf(*m_layers, layers, target);
        for (const int width : widths) {
            bits->addAction(formatBits(width), this,
                            [this, layers, target, width] { requestBits(layers, target, width); });
        }
        bits->setEnabled(!widths.isEmpty());
    }
    menu.addSeparator();
    for (QAction* action : {m_lock, m_unlock, m_copy}) {
        action->setEnabled(!layers.isEmpty());
        menu.addAction(action);
    }
    menu.addAction(m_paste);
    menu.addSeparator();
    menu.addAction(m_expandAll);
    menu.addAction(m_collapseAll);
    fillColumnMenu(*menu.addMenu(tr("Columns")), *this);
    connect(&menu, &QMenu::aboutToHide, this, [this] { // the keys work whatever is selected
        for (QAction* action : {m_lock, m_unlock, m_copy}) {
            action->setEnabled(true);
        }
    });
    Q_EMIT contextMenuAboutToShow(&menu, layers);
}

void LayerTreeView::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    makeMenu(*menu);
    menu->popup(event->globalPos());
}

QByteArray LayerTreeView::saveColumns() const
{
    return m_columns->save();
}

bool LayerTreeView::restoreColumns(const QByteArray& json)
{
    return m_columns->restore(json);
}

void LayerTreeView::resetColumns()
{
    m_columns->reset();
}

Picture LayerTreeView::picture() const
{
    return tablePicture(QStringLiteral("layers"), *this);
}

void LayerTreeView::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    m_columns->fit();
}

void LayerTreeView::changeEvent(QEvent* event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_columns != nullptr) {
        m_columns->followFont();
    }
}

void LayerTreeView::rowsWereReset()
{
    if (m_layers->rows()->size() <= kOpenAtFirst || m_filtered) {
        expandAll();
    } else {
        expandToDepth(0);
    }
    rowsChanged();
}

void LayerTreeView::rowsChanged()
{
    double largest = 0;
    for (int row = 0; row < m_layers->rowCount(); ++row) {
        largest = std::max(
            largest, m_layers->index(row, at(LayerColumn::BopsShare)).data(BarRole).toDouble());
    }
    if (m_shares->fullScale() != (largest > 0 ? largest : 1)) {
        m_shares->setFullScale(largest);
        viewport()->update();
    }
}

void LayerTreeView::filterChanged(const QString& text)
{
    const bool filtered = !text.trimmed().isEmpty();
    if (filtered) {
        expandAll();
    } else if (m_filtered) {
        openOnly(*this, m_openBeforeFilter);
    }
    m_filtered = filtered;
}

} // namespace bitloom::ui
