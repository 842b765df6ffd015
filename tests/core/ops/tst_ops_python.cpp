// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/sanitizers.h"
#include "tests/support/python.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QProcess>

using namespace bitloom;

/// The operators as a Python user meets them.
class TestOpsPython : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void loadAndCall()
    {
        BITLOOM_NEED_PYTHON(python, "torch");
        if (kSanitized) {
            QSKIP("Python is not built with the sanitizer that the operators need");
        }
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(python, {test::testScript("core/ops/check_ops.py"),
                               test::builtFile("../lib/libbitloom_ops.so")});
        QVERIFY2(process.waitForStarted(), qPrintable(python));
        QVERIFY(process.waitForFinished(100000));
        const QByteArray output = process.readAll();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0,
                 output.constData());
        QVERIFY2(output.contains("ok on cpu"), output.constData());
#ifdef BITLOOM_WITH_CUDA
        QVERIFY2(output.contains("with CUDA kernels"), output.constData());
#endif
    }
};

QTEST_GUILESS_MAIN(TestOpsPython)
#include "tst_ops_python.moc"
