// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/layer_lock.h"

#include "tests/support/test_support.h"

using namespace bitloom;

class TestLayerLock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads()
    {
        const std::vector<LayerLock> locks =
            parseLayerLocks("conv1=8/16,block.conv=-/4,fc=2/-/keep,a=keep,odd=name=free");
        const std::vector<LayerLock> expected{{"conv1", 8, 16, false},
                                              {"block.conv", std::nullopt, 4, false},
                                              {"fc", 2, std::nullopt, true},
                                              {"a", std::nullopt, std::nullopt, true},
                                              {"odd=name", std::nullopt, std::nullopt, false}};
        QVERIFY(locks == expected);
        QVERIFY(locks.back().isFree() && !locks[3].isFree());
        QVERIFY(parseLayerLocks("").empty());
    }

    void writesWhatItReads_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "a=8/8", "a=-/4", "a=4/-", "a=2/2/keep", "a=keep", "a=free",
                                 "a=8/8,b=keep,c=32/-"}) {
            QTest::newRow(text) << text;
        }
    }
    void writesWhatItReads()
    {
        QFETCH(QString, text);
        QCOMPARE(toText(parseLayerLocks(text.toStdString())), text.toStdString());
    }

    void malformed_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"conv1", "=8/8", "conv1=", "conv1=8", "conv1=8/8/8", "conv1=8/8/keep/keep",
              "conv1=0/8", "conv1=33/8", "conv1=8x/8", "conv1=-/-", ",a=8/8", "a=8/"}) {
            QTest::newRow(text) << text;
        }
    }
    void malformed()
    {
        QFETCH(QString, text);
        BITLOOM_EXPECT_ERROR(parseLayerLocks(text.toStdString()), ErrorCode::InvalidArgument,
                             "is not of the form LAYER=WEIGHT/ACTIVATION");
    }
};

QTEST_GUILESS_MAIN(TestLayerLock)
#include "tst_layer_lock.moc"
