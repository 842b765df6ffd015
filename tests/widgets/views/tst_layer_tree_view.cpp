// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/models/layer_samples.h"
#include "widgets/models/layer_filter_proxy.h"
#include "widgets/models/layer_tree_model.h"
#include "widgets/views/bit_delegate.h"
#include "widgets/views/bit_typing.h"
#include "widgets/views/filter_line.h"
#include "widgets/views/layer_table.h"

#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;
using ui::BitTarget;
using ui::LayerColumn;

namespace {
int at(LayerColumn column)
{
    return static_cast<int>(column);
}

QString name(const char* text)
{
    return QString::fromLatin1(text);
}

struct Fixture {
    explicit Fixture(ui::LayerRows rows = test::residualRows())
        : view(*table.view()), edits(&view, &ui::LayerTreeView::editRequested),
          selections(&view, &ui::LayerTreeView::layersSelected),
          messages(&view, &ui::LayerTreeView::messageRequested),
          pastes(&view, &ui::LayerTreeView::bitsPasted)
    {
        table.resize(900, 500);
        table.setRows(test::shared(std::move(rows)));
    }
    QModelIndex index(const QString& layer, LayerColumn column = LayerColumn::Name) const
    {
        return table.proxy()->mapFromSource(table.model()->indexOf(layer, column));
    }
    void current(const QString& layer, LayerColumn column) const
    {
        view.selectionModel()->setCurrentIndex(index(layer, column), QItemSelectionModel::NoUpdate);
    }
    void select(const QModelIndex& row) const
    {
        view.selectionModel()->select(row, QItemSelectionModel::ClearAndSelect |
                                               QItemSelectionModel::Rows);
    }
    QString lastMessage() const
    {
        return messages.isEmpty() ? QString() : messages.last().first().toString();
    }

    ui::LayerTable table;
    ui::LayerTreeView& view;
    QSignalSpy edits, selections, messages, pastes;
};
} // namespace

class TestLayerTreeView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void selectionIsToldOnceAndNotEchoed()
    {
        Fixture f;
        f.view.selectLayers({name("fc"), name("layer1.0.conv2"), name("nothing")});
        QCOMPARE(f.selections.count(), 0);
        QCOMPARE(f.view.selectedLayers(), (QStringList{name("layer1.0.conv2"), name("fc")}));
        f.select(f.index(name("conv1")));
        QCOMPARE(f.selections.count(), 1);
        QCOMPARE(f.selections.at(0).first().toStringList(), QStringList{name("conv1")});
        f.view.selectLayers({name("conv1")}); // an echo changes nothing
        QCOMPARE(f.view.selectedLayers(), QStringList{name("conv1")});
    }

    void scopesStandForTheirLayers()
    {
        const Fixture f;
        f.select(f.index(name("layer1.0.conv1")).parent());
        QCOMPARE(f.view.selectedLayers(),
                 (QStringList{name("layer1.0.conv1"), name("layer1.0.conv2"),
                              name("layer1.0.downsample.0")}));
    }

    void selectingOpensTheScopes()
    {
        Fixture f;
        f.view.collapseAll();
        f.view.selectLayers({name("layer1.1.conv2")});
        QVERIFY(f.view.isExpanded(f.index(name("layer1.1.conv2")).parent()));
        QVERIFY(f.view.isExpanded(f.index(name("layer1.1.conv2")).parent().parent()));
    }

    void typedNumbersAreOneEditOfTheSelection()
    {
        Fixture f;
        f.view.selectLayers({name("conv1"), name("fc")});
        f.current(name("fc"), LayerColumn::WeightBits);
        QTest::keyClick(&f.view, Qt::Key_4);
        QCOMPARE(f.edits.count(), 1);
        QCOMPARE(f.edits.at(0).at(0).toStringList(), (QStringList{name("conv1"), name("fc")}));
        QCOMPARE(f.edits.at(0).at(1).value<BitTarget>(), BitTarget::Weights);
        QCOMPARE(f.edits.at(0).at(2).toInt(), 4);
        f.current(name("fc"), LayerColumn::ActivationBits);
        QTest::keyClick(&f.view, Qt::Key_1);
        QTest::keyClick(&f.view, Qt::Key_6);
        QCOMPARE(f.edits.count(), 2);
        QCOMPARE(f.edits.at(1).at(1).value<BitTarget>(), BitTarget::Activations);
        QCOMPARE(f.edits.at(1).at(2).toInt(), 16);
        QTest::keyClick(&f.view, Qt::Key_F);
        QCOMPARE(f.edits.at(2).at(2).toInt(), 32);
        QTest::keyClick(&f.view, Qt::Key_1);
        QTest::keyClick(&f.view, Qt::Key_Return);
        QCOMPARE(f.edits.at(3).at(2).toInt(), 1);
    }

    void lettersChooseTheTarget()
    {
        Fixture f;
        f.view.selectLayers({name("fc")});
        QTest::keyClick(&f.view, Qt::Key_A);
        QCOMPARE(f.view.targetOfCurrentColumn(), BitTarget::Activations);
        QTest::keyClick(&f.view, Qt::Key_6);
        QTest::keyClick(&f.view, Qt::Key_W);
        QTest::keyClick(&f.view, Qt::Key_5);
        QCOMPARE(f.edits.at(0).at(1).value<BitTarget>(), BitTarget::Activations);
        QCOMPARE(f.edits.at(0).at(2).toInt(), 6);
        QCOMPARE(f.edits.at(1).at(1).value<BitTarget>(), BitTarget::Weights);
        QCOMPARE(f.edits.at(1).at(2).toInt(), 5);
        QCOMPARE(f.view.selectedLayers(), QStringList{name("fc")});
        QTest::keyClick(&f.view, Qt::Key_F2);
        QVERIFY(f.view.findChild<QComboBox*>() != nullptr);
    }

    void locksByClickAndKey()
    {
        ui::LayerRows rows = test::residualRows();
        rows[0].locked = true;
        Fixture f(rows);
        QSignalSpy locks(&f.view, &ui::LayerTreeView::lockRequested);
        const QModelIndex cell = f.index(name("fc"), LayerColumn::Locked);
        f.table.show(); // lays out the viewport
        f.view.scrollTo(cell);
        QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {}, f.view.visualRect(cell).center());
        QCOMPARE(locks.count(), 1);
        QCOMPARE(locks.at(0).at(0).toStringList(), QStringList{name("fc")});
        QCOMPARE(locks.at(0).at(1).toBool(), true);
        const auto toggle = [&f] {
            for (QAction* action : f.view.actions()) {
                if (action->shortcut() == QKeySequence(Qt::Key_L)) {
                    action->trigger();
                }
            }
        };
        f.view.selectLayers({name("conv1"), name("fc")}); // one is locked: lock all
        toggle();
        QCOMPARE(locks.at(1).at(1).toBool(), true);
        f.view.selectLayers({name("conv1")});
        toggle();
        QCOMPARE(locks.at(2).at(1).toBool(), false);
        f.view.clearSelection();
        toggle();
        QCOMPARE(locks.count(), 3);
    }

    void aWaitingDigitDoesNotMoveToAnotherSelection()
    {
        Fixture f;
        f.view.selectLayers({name("conv1")});
        QTest::keyClick(&f.view, Qt::Key_1);
        f.select(f.index(name("fc")));
        QVERIFY(f.view.findChild<ui::BitTyping*>()->waiting().isEmpty());
        QCOMPARE(f.edits.count(), 0);
    }

    void whatCannotBeEditedIsLeftOutAndSaid()
    {
        ui::LayerRows rows = test::residualRows();
        rows[0].locked = true;
        rows[1].hasWeight = false;
        Fixture f(rows);
        f.view.selectLayers({name("conv1"), name("layer1.0.conv1"), name("fc")});
        f.view.setBitsOfSelection(4);
        QCOMPARE(f.edits.at(0).at(0).toStringList(), QStringList{name("fc")});
        QVERIFY(f.lastMessage().contains(name("2 of 3 layers were left out: conv1 is locked")));
        f.view.selectLayers({name("layer1.0.conv1")});
        f.view.setBitsOfSelection(4);
        QVERIFY(f.lastMessage().contains(name("layer1.0.conv1 has no weight")));
        f.view.clearSelection();
        f.view.setBitsOfSelection(4);
        QVERIFY(f.lastMessage().startsWith(name("Select the layers")));
        QCOMPARE(f.edits.count(), 1);
    }

    void editorOffersLegalWidthsOnly()
    {
        ui::LayerRows rows = test::residualRows();
        rows[0].weight.scheme = QScheme::Symmetric;
        rows[6].locked = true;
        const Fixture f(rows);
        auto* delegate = qobject_cast<ui::BitDelegate*>(
            f.view.itemDelegateForColumn(at(LayerColumn::WeightBits)));
        const auto editor = [&](const QString& layer, LayerColumn column) {
            return std::unique_ptr<QComboBox>(qobject_cast<QComboBox*>(delegate->createEditor(
                f.view.viewport(), QStyleOptionViewItem(), f.index(layer, column))));
        };
        const auto weights = editor(name("conv1"), LayerColumn::WeightBits);
        QCOMPARE(weights->findData(1), -1);
        QCOMPARE(weights->itemText(0), name("pruned"));
        QCOMPARE(weights->itemText(weights->count() - 1), name("FP32"));
        QVERIFY(!weights->accessibleName().isEmpty());
        delegate->setEditorData(weights.get(), f.index(name("conv1"), LayerColumn::WeightBits));
        QCOMPARE(weights->currentData().toInt(), 8);
        QCOMPARE(editor(name("conv1"), LayerColumn::ActivationBits)->findData(0), -1);
        QVERIFY(editor(name("fc"), LayerColumn::WeightBits) == nullptr);
    }

    void pickingInsideTheSelectionEditsAllOfIt()
    {
        Fixture f;
        auto* delegate = qobject_cast<ui::BitDelegate*>(
            f.view.itemDelegateForColumn(at(LayerColumn::WeightBits)));
        const QModelIndex cell = f.index(name("conv1"), LayerColumn::WeightBits);
        QComboBox box;
        box.addItem(name("6"), 6);
        f.view.selectLayers({name("conv1"), name("fc")});
        delegate->setModelData(&box, f.table.proxy(), cell);
        QCOMPARE(f.edits.at(0).at(0).toStringList(), (QStringList{name("conv1"), name("fc")}));
        f.view.selectLayers({name("fc")});
        delegate->setModelData(&box, f.table.proxy(), cell);
        QCOMPARE(f.edits.at(1).at(0).toStringList(), QStringList{name("conv1")});
        box.setItemData(0, 8); // what it has already
        delegate->setModelData(&box, f.table.proxy(), cell);
        QCOMPARE(f.edits.count(), 2);
    }

    void copiedTextHoldsVisibleColumnsInTheirOrder()
    {
        Fixture f;
        for (int column = 0; column < ui::kLayerColumns; ++column) {
            const bool shown = column == at(LayerColumn::Name) ||
                               column == at(LayerColumn::WeightBits) ||
                               column == at(LayerColumn::Macs);
            f.view.setColumnHidden(column, !shown);
        }
        f.view.header()->moveSection(f.view.header()->visualIndex(at(LayerColumn::WeightBits)), 1);
        f.view.selectLayers({name("conv1"), name("layer1.0.conv2")});
        f.view.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 name("name\twbits\tmacs\nconv1\t8\t1000000\nlayer1.0.conv2\t2\t2000000\n"));
    }

    void copiedBitsCanBePasted()
    {
        Fixture f;
        f.view.selectLayers({name("conv1"), name("fc")});
        f.view.copy();
        f.view.paste();
        const auto bits = f.pastes.at(0).first().value<QList<ui::LayerBits>>();
        QCOMPARE(bits, (QList<ui::LayerBits>{{name("conv1"), 8, 32}, {name("fc"), 8, 8}}));
    }

    void pasteIsOneStepAndSaysWhatWasLeftOut()
    {
        ui::LayerRows rows = test::residualRows();
        rows[0].locked = true;
        Fixture f(rows);
        QGuiApplication::clipboard()->setText(name("conv1\t4\t4\nfc\t2\nother\t2\n"));
        f.view.paste();
        QCOMPARE(f.pastes.count(), 1);
        QCOMPARE(f.pastes.at(0).first().value<QList<ui::LayerBits>>(),
                 (QList<ui::LayerBits>{{name("fc"), 2, std::nullopt}}));
        QVERIFY(f.lastMessage().contains(name("other, conv1")));
        QGuiApplication::clipboard()->setText(name("fc\tmany"));
        f.view.paste();
        QCOMPARE(f.pastes.count(), 1);
        QVERIFY(f.lastMessage().contains(name("is not a bit width")));
    }

    void columnsRoundTrip()
    {
        Fixture f;
        f.view.setColumnHidden(at(LayerColumn::Scheme), false);
        f.view.setColumnHidden(at(LayerColumn::Macs), true);
        f.view.header()->moveSection(5, 2);
        f.view.setColumnWidth(at(LayerColumn::Bytes), 123);
        f.view.sortByColumn(at(LayerColumn::Bytes), Qt::DescendingOrder);
        const QByteArray saved = f.view.saveColumns();
        Fixture other;
        QVERIFY(other.view.saveColumns() != saved);
        QVERIFY(other.view.restoreColumns(saved));
        QCOMPARE(other.view.saveColumns(), saved);
        QCOMPARE(other.view.columnWidth(at(LayerColumn::Bytes)), 123);
        other.view.resetColumns();
        QCOMPARE(other.view.saveColumns(), Fixture().view.saveColumns());
    }

    void badColumnsChangeNothing_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{columns");
        QTest::newRow("array") << QByteArray("[1,2]");
        QTest::newRow("newer") << QByteArray(R"({"version":2,"columns":[]})");
        QTest::newRow("no columns") << QByteArray(R"({"version":1})");
    }
    void badColumnsChangeNothing()
    {
        QFETCH(QByteArray, json);
        Fixture f;
        const QByteArray before = f.view.saveColumns();
        QVERIFY(!f.view.restoreColumns(json));
        QCOMPARE(f.view.saveColumns(), before);
    }

    void unknownColumnsAreSkippedAndTheFirstStays()
    {
        Fixture f;
        QVERIFY(f.view.restoreColumns(
            R"({"version":1,"columns":[{"key":"future"},{"key":"name","visible":false},5]})"));
        QVERIFY(!f.view.isColumnHidden(0));
    }

    void filterOpensMatchesAndRestoresTheScopes()
    {
        Fixture f;
        f.view.collapseAll();
        f.table.filter()->setText(name("wbits<=2"));
        QVERIFY(f.view.isExpanded(f.index(name("layer1.0.conv2")).parent()));
        f.table.filter()->setText(QString());
        QVERIFY(!f.view.isExpanded(f.index(name("layer1.0.conv2")).parent()));
    }

    void matchesAreCounted()
    {
        Fixture f;
        const auto labels = f.table.findChildren<QLabel*>();
        const auto shows = [&labels](const QString& text) {
            return std::any_of(labels.begin(), labels.end(),
                               [&text](const QLabel* label) { return label->text() == text; });
        };
        QVERIFY(shows(name("7 layers")));
        f.table.filter()->setText(name("conv1"));
        QVERIFY(shows(name("3 of 7 layers")));
    }

    void contextMenuOffersBitsAndTakesMore()
    {
        Fixture f;
        f.view.selectLayers({name("fc")});
        QStringList texts;
        QStringList layers;
        connect(&f.view, &ui::LayerTreeView::contextMenuAboutToShow, &f.view,
                [&](QMenu* menu, const QStringList& about) {
                    for (const QAction* action : menu->actions()) {
                        texts << action->text();
                    }
                    layers = about;
                });
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(5, 5), QPoint(5, 5));
        QCoreApplication::sendEvent(f.view.viewport(), &event);
        QCOMPARE(layers, QStringList{name("fc")});
        for (const char* text : {"Weight bits", "Activation bits", "Lock", "Columns"}) {
            QVERIFY2(texts.contains(name(text)), text);
        }
        for (QMenu* menu : f.view.findChildren<QMenu*>()) {
            menu->close();
        }
    }

    void picturesHoldTheRowsOfTheirTime()
    {
        Fixture f;
        f.view.setColumnHidden(at(LayerColumn::Bytes), true);
        const ui::Picture picture = f.view.picture();
        f.table.setRows(nullptr);
        const QStringList lines = picture.csv().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 8); // header and layers; scopes are sums
        QCOMPARE(lines.first(), name("name,macs,wbits,abits,share,sens,loss,locked"));
        QVERIFY(lines[3].startsWith(name("layer1.0.conv2,2000000,2,8,")));
        const QByteArray png =
            ui::renderPicture(picture, ui::PictureFormat::Png, picture.size, 1, ui::Provenance());
        const QImage image = QImage::fromData(png);
        QCOMPARE(image.size(), picture.size);
        QSet<QRgb> colours;
        for (int x = 0; x < image.width(); ++x) {
            for (int y = 0; y < image.height(); ++y) {
                colours.insert(image.pixel(x, y));
            }
        }
        QVERIFY(colours.size() > 10); // painted, chips included
    }

    void largerFontsGetWiderColumns()
    {
        Fixture f;
        const int before = f.view.columnWidth(at(LayerColumn::Macs));
        QFont font = f.view.font();
        font.setPointSizeF(font.pointSizeF() * 1.5);
        f.view.setFont(font);
        QVERIFY(f.view.columnWidth(at(LayerColumn::Macs)) > before);
        QVERIFY(f.view.isColumnHidden(at(LayerColumn::Scheme)));
    }

    void everyControlHasAName()
    {
        const Fixture f;
        for (const auto* widget :
             {static_cast<const QWidget*>(&f.view), static_cast<const QWidget*>(f.view.header())}) {
            QVERIFY(!widget->accessibleName().isEmpty());
        }
        for (const QAction* action : f.view.actions()) {
            QVERIFY(!action->text().isEmpty());
            QVERIFY(action->toolTip() != action->text());
        }
    }

    /// Quadratic time would be minutes here.
    void largeSelectionsSurviveSorting()
    {
        Fixture f(test::manyRows(10'000));
        QStringList layers;
        for (const ui::LayerRow& row : *f.table.model()->rows()) {
            layers << row.name;
        }
        layers.removeLast();
        f.view.selectLayers(layers);
        f.view.sortByColumn(at(LayerColumn::WeightBits), Qt::DescendingOrder);
        f.view.sortByColumn(-1, Qt::AscendingOrder);
        QCOMPARE(f.view.selectedLayers(), layers);
        QCOMPARE(f.selections.count(), 0);
    }

    /// Nobody waits for Ctrl+A: the bound leaves room for a machine that is busy.
    void allOfTenThousandLayersAreSelectedAtOnce()
    {
        Fixture f(test::manyRows(10'000));
        f.view.expandAll();
        QElapsedTimer timer;
        timer.start();
        f.view.selectAll();
        const qint64 elapsed = timer.elapsed();
        qInfo("10,000 layers selected in %lld ms", static_cast<long long>(elapsed));
        QCOMPARE(f.selections.count(), 1);
        QCOMPARE(f.selections.last().first().toStringList().size(), 10'000);
        QVERIFY2(elapsed < 1000, qPrintable(QString::number(elapsed)));
        f.view.collapseAll();
        f.view.selectAll(); // the scopes stand for their layers
        QCOMPARE(f.view.selectedLayers().size(), 10'000);
    }

    void selectingAllTakesWhatTheFilterLeaves()
    {
        Fixture f;
        f.table.filter()->setText(name("wbits<=2"));
        f.view.selectAll();
        QVERIFY(f.view.selectionModel()->isSelected(f.index(name("layer1.0.conv2"))));
        QVERIFY(!f.index(name("fc")).isValid());
    }

    void columnsFitTheRoomUntilTheUserSizesOne()
    {
        Fixture f;
        f.table.show();
        const auto total = [&f] { return f.view.header()->length(); };
        const int nameWidth = f.view.columnWidth(at(LayerColumn::Name));
        for (const int width : {1100, 900, 780}) {
            f.table.resize(width, 500);
            QCoreApplication::processEvents();
            QVERIFY2(total() <= f.view.viewport()->width(), qPrintable(QString::number(width)));
        }
        QVERIFY(f.view.columnWidth(at(LayerColumn::Name)) < nameWidth);
        f.view.setColumnHidden(at(LayerColumn::Macs), true); // its room goes to the names
        QVERIFY(total() <= f.view.viewport()->width());
        QVERIFY(!f.view.saveColumns().contains("width"));
        f.view.header()->resizeSection(at(LayerColumn::Bytes), 300);
        QCOMPARE(f.view.columnWidth(at(LayerColumn::Bytes)), 300);
        f.table.resize(700, 500);
        QCoreApplication::processEvents();
        QCOMPARE(f.view.columnWidth(at(LayerColumn::Bytes)), 300);
        QVERIFY(f.view.saveColumns().contains("width"));
        f.view.resetColumns();
        QVERIFY(f.view.columnWidth(at(LayerColumn::Bytes)) < 300);
    }

    void tenThousandRowsPaint()
    {
        Fixture f(test::manyRows(10'000));
        f.table.setFlat(true);
        f.table.show();
        f.view.scrollToBottom();
        QVERIFY(!f.table.grab().isNull());
        f.view.selectAll();
        QCOMPARE(f.selections.last().first().toStringList().size(), 10'000);
    }
};

QTEST_MAIN(TestLayerTreeView)
#include "tst_layer_tree_view.moc"
