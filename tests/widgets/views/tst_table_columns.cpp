// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Columns that gave way for lack of room are still in what is copied and exported.
#include "widgets/views/table_columns.h"
#include "widgets/views/table_picture.h"

#include <QStandardItemModel>
#include <QTreeView>
#include <QtTest>

using namespace bitloom;

class TestTableColumns : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void yieldedColumnsAreCopiedHiddenOnesAreNot()
    {
        QStandardItemModel model;
        model.setHorizontalHeaderLabels({"name", "bits", "size", "time"});
        model.appendRow({new QStandardItem("conv"), new QStandardItem("4"),
                         new QStandardItem("100"), new QStandardItem("2")});
        QTreeView view;
        view.setModel(&model);
        view.setColumnHidden(1, true); // by the user
        ui::setYielded(view, 3, true);
        QVERIFY(view.isColumnHidden(3));
        const QString expected = QStringLiteral("name,size,time\nconv,100,2\n");
        QCOMPARE(ui::tableText(view, {model.index(0, 0)}, u','), expected);
        QCOMPARE(ui::tableText(view, {model.index(0, 0)}, u'\t'),
                 QStringLiteral("name\tsize\ttime\nconv\t100\t2\n"));
        // The picture is what one sees, the numbers behind it are complete.
        const ui::Picture narrow = ui::tablePicture(QStringLiteral("table"), view);
        QCOMPARE(narrow.csv(), expected);
        ui::setYielded(view, 3, false);
        QVERIFY(!view.isColumnHidden(3));
        const ui::Picture wide = ui::tablePicture(QStringLiteral("table"), view);
        QCOMPARE(wide.size.width(), narrow.size.width() + view.columnWidth(3));
        QCOMPARE(wide.csv(), expected);
        // Once there was room again, hiding it is the user's own wish.
        view.setColumnHidden(3, true);
        QCOMPARE(ui::tableText(view, {model.index(0, 0)}, u','),
                 QStringLiteral("name,size\nconv,100\n"));
    }
};

QTEST_MAIN(TestTableColumns)
#include "tst_table_columns.moc"
