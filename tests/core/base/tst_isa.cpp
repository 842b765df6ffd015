// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/isa.h"

#include "tests/support/test_support.h"

#include <cstdlib>
#include <string>

using namespace bitloom;

class TestIsa : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Runs first, because the choice is made once per process; CMakeLists.txt starts this program
    /// once for each kind of value.
    void theEnvironmentChooses()
    {
        const char* wish = std::getenv("BITLOOM_ISA");
        if (wish == nullptr) {
            QVERIFY(isSupported(activeIsa()));
            QVERIFY(activeIsa() == Isa::Avx512 || !isSupported(Isa::Avx512));
            QVERIFY(activeIsa() != Isa::Scalar || !isSupported(Isa::Avx2));
        } else if (isaFrom(wish)) {
            QCOMPARE(std::string(toString(activeIsa())), std::string(wish));
        } else {
            BITLOOM_EXPECT_ERROR(activeIsa(), ErrorCode::InvalidArgument,
                                 "BITLOOM_ISA=neon is unknown; it may be scalar, avx2 or avx512");
        }
    }

    void namesReadBack()
    {
        for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512}) {
            QVERIFY(isaFrom(toString(isa)) == isa);
        }
        QVERIFY(!isaFrom("neon"));
        QVERIFY(!isaFrom(""));
    }

    void switchesToSupportedSetsOnly()
    {
        QVERIFY(isSupported(Isa::Scalar));
        for (const Isa isa : {Isa::Avx512, Isa::Avx2, Isa::Scalar}) {
            QVERIFY(setActiveIsa(Isa::Scalar));
            QCOMPARE(setActiveIsa(isa), isSupported(isa));
            QVERIFY(activeIsa() == (isSupported(isa) ? isa : Isa::Scalar));
        }
    }
};

QTEST_GUILESS_MAIN(TestIsa)
#include "tst_isa.moc"
