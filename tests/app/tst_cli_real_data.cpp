// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/app/program.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

namespace bitloom::test {

/// Published CIFAR-10 networks on the first 1,000 test images, counted by independent programs.
class TestCliRealData : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void floatingPoint_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("correct");
        QTest::newRow("resnet20") << "arch:resnet20_cifar@%1/resnet_cifar/resnet20-12fca82f.th"
                                  << 915;
        QTest::newRow("resnet32") << "arch:resnet32_cifar@%1/resnet_cifar/resnet32-d509ac18.th"
                                  << 928;
    }

    void floatingPoint()
    {
        BITLOOM_NEED_REAL_DATA(data);
        QFETCH(QString, model);
        QFETCH(int, correct);
        const QString folder = QString::fromStdString(data.string());
        const ProgramRun run =
            runProgram(m_folder.path(), {"eval", model.arg(folder), "--data",
                                         "cifar10:" + folder + "/cifar10", "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QCOMPARE(run.json()["images"].get<int>(), 1000);
        QCOMPARE(run.json()["correct"].get<int>(), correct);
    }
};

} // namespace bitloom::test

using bitloom::test::TestCliRealData;
QTEST_GUILESS_MAIN(TestCliRealData)
#include "tst_cli_real_data.moc"
