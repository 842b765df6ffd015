// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/models/layer_samples.h"
#include "widgets/models/layer_tree_model.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using ui::LayerColumn;

namespace {
int at(LayerColumn column)
{
    return static_cast<int>(column);
}

struct Fixture {
    explicit Fixture(ui::LayerRows rows = test::residualRows())
        : tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest)
    {
        model.setRows(test::shared(std::move(rows)));
    }
    QVariant cell(const QString& layer, LayerColumn column, int role = Qt::DisplayRole) const
    {
        return model.indexOf(layer, column).data(role);
    }
    ui::LayerRows copy() const { return *model.rows(); }

    ui::LayerTreeModel model;
    QAbstractItemModelTester tester;
};
} // namespace

class TestLayerTreeModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void treeShowsScopesWithSums()
    {
        const Fixture f;
        const QStringList expected{
            QStringLiteral("conv1 | 8 | FP32 | 1.00\u00A0M | 2.30\u00A0kB"),
            QStringLiteral("layer1 | 2\u20134 | 4\u20138 | 8.50\u00A0M | 5.18\u00A0kB"),
            QStringLiteral("  0 | 2\u20134 | 4\u20138 | 4.50\u00A0M | 2.88\u00A0kB"),
            QStringLiteral("    conv1 | 4 | 8 | 2.00\u00A0M | 1.15\u00A0kB"),
            QStringLiteral("    conv2 | 2 | 8 | 2.00\u00A0M | 576\u00A0B"),
            QStringLiteral("    downsample.0 | 4 | 4 | 500\u00A0k | 1.15\u00A0kB"),
            QStringLiteral("  1 | 4 | 4 | 4.00\u00A0M | 2.30\u00A0kB"),
            QStringLiteral("    conv1 | 4 | 4 | 2.00\u00A0M | 1.15\u00A0kB"),
            QStringLiteral("    conv2 | 4 | 4 | 2.00\u00A0M | 1.15\u00A0kB"),
            QStringLiteral("fc | 8 | 8 | 640 | 2.30\u00A0kB"),
        };
        QCOMPARE(test::printed(f.model, {at(LayerColumn::Name), at(LayerColumn::WeightBits),
                                         at(LayerColumn::ActivationBits), at(LayerColumn::Macs),
                                         at(LayerColumn::Bytes)}),
                 expected);
    }

    void flatShowsFullNames()
    {
        Fixture f;
        f.model.setFlat(true);
        QCOMPARE(
            test::printed(f.model, {0}),
            (QStringList{QStringLiteral("conv1"), QStringLiteral("layer1.0.conv1"),
                         QStringLiteral("layer1.0.conv2"), QStringLiteral("layer1.0.downsample.0"),
                         QStringLiteral("layer1.1.conv1"), QStringLiteral("layer1.1.conv2"),
                         QStringLiteral("fc")}));
        f.model.setFlat(false);
        QCOMPARE(f.model.rowCount(), 3);
    }

    void oddNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("empty") << QString();
        QTest::newRow("dot") << QStringLiteral(".");
        QTest::newRow("leading dot") << QStringLiteral(".a.b");
        QTest::newRow("two dots") << QStringLiteral("a..b");
        QTest::newRow("trailing dot") << QStringLiteral("a.");
        QTest::newRow("layer that is a scope too") << QStringLiteral("layer1.0");
        QTest::newRow("10,000 levels") << QStringLiteral("a.").repeated(10'000) + u'b';
    }
    void oddNames()
    {
        QFETCH(QString, name);
        ui::LayerRows rows = test::residualRows();
        rows.push_back(test::layerRow(name, 1, 4, 4));
        const Fixture f(rows);
        const QModelIndex index = f.model.indexOf(name);
        QVERIFY(index.isValid());
        QCOMPARE(f.model.layersAt(index), QStringList{name});
    }

    void numbersKeepRawValuesAndUnits()
    {
        ui::LayerRows rows = test::residualRows();
        rows[1].predictedLoss = 0.0123456;
        Fixture f(rows);
        const QString name = QStringLiteral("layer1.0.conv1");
        QCOMPARE(f.cell(name, LayerColumn::PredictedLoss).toString(), QStringLiteral("0.0123"));
        QCOMPARE(f.cell(name, LayerColumn::PredictedLoss, ui::SortRole).toDouble(), 0.0123456);
        QCOMPARE(f.cell(name, LayerColumn::PredictedLoss, ui::PredictedRole).toBool(), true);
        QCOMPARE(f.cell(name, LayerColumn::PredictedLoss, ui::RawTextRole).toString().toDouble(),
                 0.0123456);
        QCOMPARE(f.cell(name, LayerColumn::Macs, ui::SortRole).toLongLong(), 2'000'000);
        QCOMPARE(f.cell(name, LayerColumn::Macs, Qt::ToolTipRole).toString(),
                 QStringLiteral("2,000,000 multiply-accumulates"));
        QCOMPARE(f.cell(name, LayerColumn::Shape, ui::RawTextRole).toString(),
                 QStringLiteral("16x16x3x3"));
        QCOMPARE(f.cell(name, LayerColumn::BopsShare, ui::BarRole).toDouble(), rows[1].bopsShare);
        QCOMPARE(f.cell(name, LayerColumn::WeightBits, ui::BitsRole).value<ui::BitRange>(),
                 (ui::BitRange{4, 4}));
        QCOMPARE(f.cell(name, LayerColumn::Name, ui::LayerNameRole).toString(), name);
        QCOMPARE(f.cell(name, LayerColumn::Macs, Qt::TextAlignmentRole).toInt(),
                 static_cast<int>(Qt::AlignRight | Qt::AlignVCenter));
        f.model.setLossUnit(QStringLiteral("nats"));
        QCOMPARE(f.model.headerData(at(LayerColumn::PredictedLoss), Qt::Horizontal).toString(),
                 QStringLiteral("Predicted loss\nnats"));
        QVERIFY(!f.model.headerData(at(LayerColumn::Macs), Qt::Horizontal, Qt::ToolTipRole)
                     .toString()
                     .isEmpty());
    }

    void unknownIsADashAndNeverZero()
    {
        const Fixture f;
        const QString name = QStringLiteral("layer1.0.conv1");
        for (const LayerColumn column : {LayerColumn::Sensitivity, LayerColumn::PredictedLoss}) {
            QCOMPARE(f.cell(name, column).toString(), QStringLiteral("\u2013"));
            QVERIFY(!f.cell(name, column, ui::SortRole).isValid());
            QCOMPARE(f.cell(name, column, ui::RawTextRole).toString(), QString());
        }
        QVERIFY(!f.cell(name, LayerColumn::PredictedLoss, ui::PredictedRole).toBool());
    }

    void scopeLossIsKnownOnlyIfAllLayersAre()
    {
        ui::LayerRows rows = test::residualRows();
        rows[4].predictedLoss = 0.25;
        rows[4].sensitivity = 0.5;
        Fixture f(rows);
        const auto scope = [&f](LayerColumn column) {
            const QModelIndex name = f.model.indexOf(QStringLiteral("layer1.1.conv1")).parent();
            return name.siblingAtColumn(at(column)).data(ui::SortRole);
        };
        QVERIFY(!scope(LayerColumn::PredictedLoss).isValid());
        QCOMPARE(scope(LayerColumn::Sensitivity).toDouble(), 0.5); // the largest known
        rows[5].predictedLoss = 0.5;
        f.model.setRows(test::shared(rows));
        QCOMPARE(scope(LayerColumn::PredictedLoss).toDouble(), 0.75);
    }

    void oneEditTellsItsRowAndScopesOnly()
    {
        Fixture f;
        QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
        QSignalSpy reset(&f.model, &QAbstractItemModel::modelReset);
        ui::LayerRows rows = f.copy();
        rows[2].weight.bits = 8;
        rows[2].bytes = 2304;
        f.model.setRows(test::shared(rows));
        QCOMPARE(reset.count(), 0);
        QCOMPARE(changed.count(), 3); // layer1, layer1.0, layer1.0.conv2
        for (const QList<QVariant>& signal : changed) {
            const auto from = signal.at(0).toModelIndex();
            const auto to = signal.at(1).toModelIndex();
            QCOMPARE(from.row(), to.row());
            QCOMPARE(from.column(), at(LayerColumn::WeightBits));
            QCOMPARE(to.column(), at(LayerColumn::Bytes));
        }
        QCOMPARE(f.cell(QStringLiteral("layer1.0.conv2"), LayerColumn::WeightBits).toString(),
                 QStringLiteral("8"));
        const QModelIndex scope =
            f.model.indexOf(QStringLiteral("layer1.0.conv2"), LayerColumn::WeightBits);
        QCOMPARE(scope.parent().siblingAtColumn(at(LayerColumn::WeightBits)).data().toString(),
                 QStringLiteral("4\u20138"));
        changed.clear();
        f.model.setRows(test::shared(rows)); // the same again
        QCOMPARE(changed.count(), 0);
    }

    void brothersThatChangedAlikeAreOneSignal()
    {
        Fixture f(test::manyRows(10'000));
        QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
        ui::LayerRows rows = f.copy();
        rows[4321].weight.bits = 16;
        f.model.setRows(test::shared(rows));
        QCOMPARE(changed.count(), 3);
        changed.clear();
        f.model.setFlat(true);
        for (ui::LayerRow& row : rows) {
            row.bopsShare /= 2;
        }
        f.model.setRows(test::shared(rows));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.at(0).at(0).toModelIndex().column(), at(LayerColumn::BopsShare));
        QCOMPARE(changed.at(0).at(1).toModelIndex().column(), at(LayerColumn::BopsShare));
        QCOMPARE(changed.at(0).at(1).toModelIndex().row(), 9'999);
    }

    void otherNamesReset()
    {
        Fixture f;
        QSignalSpy reset(&f.model, &QAbstractItemModel::modelReset);
        ui::LayerRows rows = f.copy();
        rows[0].name = QStringLiteral("stem");
        f.model.setRows(test::shared(rows));
        QCOMPARE(reset.count(), 1);
        QVERIFY(!f.model.indexOf(QStringLiteral("conv1")).isValid());
        f.model.setRows(nullptr);
        QCOMPARE(reset.count(), 2);
        QCOMPARE(f.model.rowCount(), 0);
    }

    void editsAreRequestsAndChangeNothing()
    {
        Fixture f;
        QSignalSpy edits(&f.model, &ui::LayerTreeModel::editRequested);
        const QModelIndex cell =
            f.model.indexOf(QStringLiteral("layer1.0.conv1"), LayerColumn::WeightBits);
        QVERIFY(f.model.setData(cell, 6));
        QCOMPARE(edits.count(), 1);
        QCOMPARE(edits.at(0).at(0).toStringList(), QStringList{QStringLiteral("layer1.0.conv1")});
        QCOMPARE(edits.at(0).at(1).value<ui::BitTarget>(), ui::BitTarget::Weights);
        QCOMPARE(edits.at(0).at(2).toInt(), 6);
        QCOMPARE(cell.data(Qt::EditRole).toInt(), 4);

        const QModelIndex scope = cell.parent().siblingAtColumn(at(LayerColumn::ActivationBits));
        QVERIFY(f.model.setData(scope, 4));
        QCOMPARE(edits.at(1).at(0).toStringList(),
                 (QStringList{QStringLiteral("layer1.0.conv1"), QStringLiteral("layer1.0.conv2"),
                              QStringLiteral("layer1.0.downsample.0")}));
        QCOMPARE(edits.at(1).at(1).value<ui::BitTarget>(), ui::BitTarget::Activations);

        QVERIFY(!f.model.setData(cell, 17));
        QVERIFY(!f.model.setData(cell, QStringLiteral("many")));
        QVERIFY(!f.model.setData(cell.siblingAtColumn(at(LayerColumn::Macs)), 4));
        QVERIFY(!f.model.setData(scope, kPrunedBits)); // an input of zeros
        QCOMPARE(edits.count(), 2);
    }

    void lockedLayersAndMatmulsOfferNothing()
    {
        ui::LayerRows rows = test::residualRows();
        rows[1].locked = true;
        rows[2].hasWeight = false;
        Fixture f(rows);
        QSignalSpy edits(&f.model, &ui::LayerTreeModel::editRequested);
        QSignalSpy locks(&f.model, &ui::LayerTreeModel::lockRequested);
        const QModelIndex locked =
            f.model.indexOf(QStringLiteral("layer1.0.conv1"), LayerColumn::WeightBits);
        const QModelIndex matmul =
            f.model.indexOf(QStringLiteral("layer1.0.conv2"), LayerColumn::WeightBits);
        for (const QModelIndex& index : {locked, matmul}) {
            QVERIFY(!(index.flags() & Qt::ItemIsEditable));
            QVERIFY(index.data(ui::LegalBitsRole).value<QList<int>>().isEmpty());
            QVERIFY(!f.model.setData(index, 4));
        }
        QCOMPARE(matmul.data().toString(), QStringLiteral("\u2013"));
        QVERIFY(f.model.setData(locked.parent().siblingAtColumn(at(LayerColumn::WeightBits)), 4));
        QCOMPARE(edits.at(0).at(0).toStringList(),
                 QStringList{QStringLiteral("layer1.0.downsample.0")});
        const QModelIndex check = locked.siblingAtColumn(at(LayerColumn::Locked));
        QCOMPARE(check.data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
        const QModelIndex scope = locked.parent().siblingAtColumn(at(LayerColumn::Locked));
        QCOMPARE(scope.data(Qt::CheckStateRole).toInt(), int(Qt::PartiallyChecked));
        QVERIFY(f.model.setData(check, Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(locks.at(0).at(0).toStringList(), QStringList{QStringLiteral("layer1.0.conv1")});
        QCOMPARE(locks.at(0).at(1).toBool(), false);
    }

    void outOfRange()
    {
        const Fixture f;
        QVERIFY(!f.model.index(-1, 0).isValid());
        QVERIFY(!f.model.index(3, 0).isValid());
        QVERIFY(!f.model.index(0, ui::kLayerColumns).isValid());
        QVERIFY(!f.model.index(0, -1).isValid());
        QVERIFY(!f.model.headerData(ui::kLayerColumns, Qt::Horizontal).isValid());
        QVERIFY(!f.model.headerData(-1, Qt::Horizontal).isValid());
        QVERIFY(!f.model.headerData(0, Qt::Vertical).isValid());
        QVERIFY(!f.model.data(QModelIndex()).isValid());
        QVERIFY(f.model.layersAt(QModelIndex()).isEmpty());
        QCOMPARE(f.model.rowAt(QModelIndex()), nullptr);
        QCOMPARE(f.model.flags(QModelIndex()), Qt::NoItemFlags);
        QCOMPARE(f.model.rowCount(f.model.index(1, 1)), 0);
        QVERIFY(!f.model.indexOf(QStringLiteral("nothing")).isValid());
    }
};

QTEST_MAIN(TestLayerTreeModel)
#include "tst_layer_tree_model.moc"
