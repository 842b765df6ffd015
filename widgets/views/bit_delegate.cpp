// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/bit_delegate.h"

#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"
#include "widgets/views/cell_painting.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QPainter>
#include <QPixmap>
#include <QTimer>

namespace bitloom::ui {

void BitDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const
{
    const QVariant bits = index.data(BitsRole);
    if (!bits.canConvert<BitRange>()) {
        RowDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem ground(option);
    paintGround(*painter, ground, index);
    paintBitsChip(*painter, option.rect, bits.value<BitRange>(), index.data().toString(),
                  option.palette, ground.font);
}

QSize BitDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = RowDelegate::sizeHint(option, index);
    size.setWidth(bitsChipWidth(option.fontMetrics, index.data().toString()) + 2 * kCellMargin);
    return size;
}

QWidget* BitDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                                   const QModelIndex& index) const
{
    const auto legal = index.data(LegalBitsRole).value<QList<int>>();
    if (legal.isEmpty()) {
        return nullptr;
    }
    auto* box = new QComboBox(parent);
    box->setFrame(false);
    box->setAccessibleName(tr("Bit width"));
    box->setAccessibleDescription(tr("The widths that are legal here."));
    box->view()->setMinimumWidth(option.fontMetrics.horizontalAdvance(formatBits(0)) + 56);
    const int size = option.fontMetrics.height();
    for (const int bits : legal) {
        QPixmap swatch(size, size);
        swatch.fill(Qt::transparent);
        QPainter painter(&swatch);
        paintBitsChip(painter, QRect(-2, 0, size + 6, size), {bits, bits}, QString(),
                      option.palette, option.font);
        painter.end();
        box->addItem(QIcon(swatch), formatBits(bits), bits);
    }
    auto* self = const_cast<BitDelegate*>(this); // createEditor is const, its signals are not
    connect(box, &QComboBox::activated, self, [self, box] {
        Q_EMIT self->commitData(box);
        Q_EMIT self->closeEditor(box);
    });
    QTimer::singleShot(0, box, &QComboBox::showPopup);
    return box;
}

void BitDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    auto* box = qobject_cast<QComboBox*>(editor);
    const QVariant bits = index.data(Qt::EditRole);
    box->setCurrentIndex(bits.isValid() ? box->findData(bits) : -1);
}

void BitDelegate::setModelData(QWidget* editor, QAbstractItemModel*, const QModelIndex& index) const
{
    const QVariant bits = qobject_cast<QComboBox*>(editor)->currentData();
    if (bits.isValid() && bits != index.data(Qt::EditRole)) {
        Q_EMIT bitsPicked(index, bits.toInt());
    }
}

} // namespace bitloom::ui
