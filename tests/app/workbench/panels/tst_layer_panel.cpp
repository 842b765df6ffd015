// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/layer_panel.h"

#include "app/workbench/document/selection.h"
#include "tests/app/workbench/panels/opened_model.h"
#include "tests/support/test_support.h"

#include <QLabel>

#include <algorithm>

using namespace bitloom;
using namespace bitloom::workbench;

class TestLayerPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Images of another size than the model's say so where they would be seen; the weights stay.
    void weightsNeedNoImages()
    {
        test::OpenedModel opened;
        Selection selection;
        engine::DataRef images;
        images.spec = "digits:8";
        images.preprocessing =
            R"({"version": 1, "resize_exact": [14, 14], "channels": 1, "mean": [0], "std": [1]})";
        LayerPanel panel(opened.document, selection, opened.center, [&] { return images; });
        QVERIFY(opened.wait());
        const auto saysWhy = [&panel] {
            const auto labels = panel.findChildren<QLabel*>();
            return std::ranges::any_of(labels, [](const QLabel* label) {
                return label->text().startsWith(QStringLiteral("the images become tensors"));
            });
        };
        QVERIFY(QTest::qWaitFor([&] {
            panel.flushRefresh();
            return saysWhy();
        }));
        QCOMPARE(panel.emptySentence(), QString());
    }
};

QTEST_MAIN(TestLayerPanel)
#include "tst_layer_panel.moc"
