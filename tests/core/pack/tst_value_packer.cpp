// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/pack/value_packer.h"

#include "tests/support/test_support.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

using namespace bitloom;

namespace {

/// An integer as a binary16, by its definition: sign, exponent, fraction. For |value| <= 2048.
Half halfOf(std::int64_t value)
{
    if (value == 0) {
        return {0};
    }
    const auto size = static_cast<std::uint32_t>(value < 0 ? -value : value);
    const int exponent = std::ilogb(static_cast<double>(size));
    const std::uint32_t fraction = (size << 10 >> exponent) & 0x3FFU;
    return {static_cast<std::uint16_t>((value < 0 ? 0x8000U : 0U) |
                                       static_cast<std::uint32_t>(exponent + 15) << 10 | fraction)};
}

template <typename T>
T valueOf(std::int64_t integer)
{
    if constexpr (std::is_same_v<T, Half>) {
        return halfOf(integer);
    } else {
        return static_cast<T>(integer);
    }
}

template <typename T>
std::pair<std::int64_t, std::int64_t> limitsOf()
{
    if constexpr (std::is_same_v<T, Half>) {
        return {-2048, 2048};
    } else if constexpr (std::is_same_v<T, float>) {
        return {-(1 << 24), 1 << 24};
    } else {
        return {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
    }
}

/// From 0 to count - 1.
std::size_t below(Rng& rng, std::size_t count)
{
    return static_cast<std::size_t>(rng.next() % count);
}

/// Integers that fit width and offset and that T can hold, and what packBits makes of their codes.
template <typename T>
struct Sample {
    std::int64_t offset = 0;
    int bits = 0;
    std::vector<std::uint16_t> codes;
    std::vector<T> values;
    std::vector<std::byte> packed;

    Sample(Rng& rng, std::size_t count, int bits_, BitOrder order) : bits(bits_)
    {
        const auto [low, high] = limitsOf<T>();
        const std::uint64_t room =
            static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
        const std::uint64_t top = std::min<std::uint64_t>((1ULL << bits) - 1, room);
        // The smallest value lies anywhere, and often at an end of what T holds.
        const std::uint64_t shift = rng.next() % 4 == 0   ? 0
                                    : rng.next() % 4 == 0 ? room - top
                                    : room - top == 0     ? 0
                                                          : rng.next() % (room - top);
        const auto smallest = static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + shift);
        offset = smallest == std::numeric_limits<std::int64_t>::min() ? 0 : -smallest;
        const std::int64_t first = offset == 0 ? 0 : smallest;
        const std::uint64_t most = offset == 0 ? std::min<std::uint64_t>(top, high) : top;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t code = rng.next() % (most + 1);
            codes.push_back(static_cast<std::uint16_t>(code));
            values.push_back(valueOf<T>(first + static_cast<std::int64_t>(code)));
        }
        packed.resize(packedStreamBytes(count, bits));
        packBits(std::span<const std::uint16_t>(codes), bits, order, packed, Isa::Scalar);
    }
};

template <typename T>
bool sameValues(const std::vector<T>& a, const std::vector<T>& b)
{
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

template <typename T>
void checkSample(Rng& rng, std::size_t count, int bits, BitOrder order)
{
    const Sample<T> sample(rng, count, bits, order);
    for (const Isa isa : supportedIsas()) {
        std::vector<std::byte> packed(sample.packed.size() + 3, std::byte{0xEE});
        packValues(std::span<const T>(sample.values), sample.offset, bits, order, packed, isa);
        QVERIFY(std::equal(sample.packed.begin(), sample.packed.end(), packed.begin()));
        QVERIFY(std::all_of(packed.end() - 3, packed.end(),
                            [](std::byte b) { return b == std::byte{0}; }));
        const auto [low, high] = limitsOf<T>();
        const bool allFit = -sample.offset >= low && (1 << bits) - 1 <= high &&
                            (1 << bits) - 1 - sample.offset <= high;
        if (allFit) {
            std::vector<T> back(count);
            unpackValues(std::span<const std::byte>(sample.packed), bits, order, sample.offset,
                         std::span(back), isa);
            QVERIFY(sameValues(back, sample.values));
        }
    }
}

template <typename T>
void checkRandom(std::uint64_t seed)
{
    Rng rng(seed);
    for (int round = 0; round < 1500; ++round) {
        const BitOrder order = round % 2 == 0 ? BitOrder::LsbFirst : BitOrder::MsbFirst;
        checkSample<T>(rng, below(rng, 300), static_cast<int>(below(rng, 17)), order);
    }
    for (const std::size_t count : {0, 1, 7, 8, 63, 64, 65, 4095, 4096, 4097, 8192, 12289}) {
        for (int bits = 0; bits <= 16; ++bits) {
            checkSample<T>(rng, count, bits, BitOrder::MsbFirst);
        }
    }
}

template <typename T>
QString packError(const std::vector<T>& values, std::int64_t offset, int bits, Isa isa)
{
    std::vector<std::byte> out(packedStreamBytes(values.size(), std::max(bits, 0)));
    try {
        packValues(std::span<const T>(values), offset, bits, BitOrder::LsbFirst, out, isa);
    } catch (const Error& error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

/// Each value that is no code, among many that are, is found by each instruction set.
template <typename T>
void checkMisfits(std::int64_t offset, int bits, const std::vector<std::int64_t>& misfits)
{
    for (const std::int64_t misfit : misfits) {
        const auto [low, high] = limitsOf<T>();
        if (misfit < low || misfit > high) {
            continue;
        }
        for (const Isa isa : supportedIsas()) {
            std::vector<T> values(5000, valueOf<T>(-offset));
            values[4321] = valueOf<T>(misfit);
            const QString message = packError(values, offset, bits, isa);
            QVERIFY2(message.contains(QStringLiteral("value %1 at index 4321 does not fit %2 bits")
                                          .arg(misfit)
                                          .arg(bits)),
                     qPrintable(message));
        }
    }
}

template <typename T>
void checkScan(Rng& rng)
{
    const auto [low, high] = limitsOf<T>();
    for (const Isa isa : supportedIsas()) {
        QCOMPARE(scanValues(std::span<const T>(), isa).minimum, 0);
        for (const std::size_t count : {1, 5, 64, 4096, 4099, 10000}) {
            std::vector<T> values(count, valueOf<T>(3));
            const std::size_t at = below(rng, count);
            values[at] = valueOf<T>(high);
            ScannedRange range = scanValues(std::span<const T>(values), isa);
            QVERIFY(!range.firstOther);
            QCOMPARE(range.maximum, high);
            QCOMPARE(range.minimum, count == 1 ? high : 3);
            values[at] = valueOf<T>(low);
            range = scanValues(std::span<const T>(values), isa);
            QCOMPARE(range.minimum, low);
            QCOMPARE(range.maximum, count == 1 ? low : 3);
        }
    }
}

/// One value among many that is another than its integer, at each end and in between.
template <typename T>
void checkEqual(Rng& rng)
{
    for (const Isa isa : supportedIsas()) {
        QVERIFY(equalsIntegers(std::span<const T>(), std::span<const std::int32_t>(), isa));
        for (const std::size_t count : {1, 5, 64, 4096, 4099, 10000}) {
            std::vector<T> values;
            std::vector<std::int32_t> integers;
            for (std::size_t i = 0; i < count; ++i) {
                integers.push_back(static_cast<std::int32_t>(below(rng, 100)));
                values.push_back(valueOf<T>(integers.back()));
            }
            QVERIFY(equalsIntegers(std::span<const T>(values), std::span(std::as_const(integers)),
                                   isa));
            for (const std::size_t at : {std::size_t{0}, below(rng, count), count - 1}) {
                for (const std::int32_t other : {integers[at] + 1, integers[at] + 256,
                                                 integers[at] - 65536, integers[at] + (1 << 24)}) {
                    const std::int32_t before = std::exchange(integers[at], other);
                    QVERIFY(!equalsIntegers(std::span<const T>(values),
                                            std::span(std::as_const(integers)), isa));
                    integers[at] = before;
                }
            }
        }
    }
}

} // namespace

class ValuePackerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bytesAreThoseOfTheCodes()
    {
        checkRandom<std::uint8_t>(1);
        checkRandom<std::int8_t>(2);
        checkRandom<std::int16_t>(3);
        checkRandom<std::int32_t>(4);
        checkRandom<std::int64_t>(5);
        checkRandom<Half>(6);
        checkRandom<float>(7);
    }

    void largeBuffersAreStreamed()
    {
        Rng rng(8);
        checkSample<std::int8_t>(rng, (std::size_t{9} << 20) + 13, 8, BitOrder::LsbFirst);
        checkSample<float>(rng, (std::size_t{5} << 20) + 1, 15, BitOrder::MsbFirst);
    }

    void valuesEqualTheirIntegersOnly()
    {
        Rng rng(12);
        checkEqual<std::uint8_t>(rng);
        checkEqual<std::int8_t>(rng);
        checkEqual<std::int16_t>(rng);
        checkEqual<std::int32_t>(rng);
        checkEqual<std::int64_t>(rng);
        checkEqual<Half>(rng);
        checkEqual<float>(rng);
        for (const Isa isa : supportedIsas()) {
            const auto equals = [isa](auto value, std::int32_t integer) {
                return equalsIntegers(std::span<const decltype(value)>(&value, 1),
                                      std::span<const std::int32_t>(&integer, 1), isa);
            };
            QVERIFY(equals(-0.0F, 0));
            QVERIFY(!equals(std::numeric_limits<float>::quiet_NaN(), 0));
            QVERIFY(!equals(0.5F, 0));
            QVERIFY(equals(16777216.0F, 1 << 24));
            QVERIFY(!equals(16777216.0F, (1 << 24) + 1)); // rounds to it
            QVERIFY(!equals(std::int64_t{1} << 32, 0));
        }
        BITLOOM_EXPECT_ERROR(equalsIntegers(std::span<const float>(), std::vector<std::int32_t>{1}),
                             ErrorCode::ShapeMismatch,
                             "0 values cannot be compared with 1 integers");
    }

    void halves()
    {
        for (int value = -2048; value <= 2048; ++value) {
            const Half half = halfOf(value);
            const ScannedRange range = scanValues(std::span<const Half>(&half, 1), Isa::Scalar);
            QVERIFY(!range.firstOther && range.minimum == value && range.maximum == value);
        }
        for (const Isa isa : supportedIsas()) {
            for (const int bits : {0x7C00, 0xFC00, 0x7E00, 0x0001, 0x3801, 0x4100}) {
                std::vector<Half> values(100, Half{0x3C00});
                values[77] = {static_cast<std::uint16_t>(
                    bits)}; // infinite, NaN, the smallest of all, fractions
                QCOMPARE(scanValues(std::span<const Half>(values), isa).firstOther,
                         std::size_t{77});
            }
            const std::vector<Half> largest(9, Half{0x7BFF});
            QCOMPARE(scanValues(std::span<const Half>(largest), isa).maximum, 65504);
        }
    }

    void misfits()
    {
        constexpr std::int64_t k32 = std::int64_t{1} << 32;
        const std::vector<std::int64_t> any{-1,       4,         127,       -128,      255,
                                            256,      32767,     -32768,    65535,     65536,
                                            -65536,   1 << 24,   k32,       k32 + 1,   -k32,
                                            -k32 + 1, INT32_MIN, INT32_MAX, INT64_MIN, INT64_MAX};
        for (const int bits : {2, 8, 9, 16}) {
            std::vector<std::int64_t> outside;
            for (const std::int64_t value : any) {
                if (value < 0 || value >> bits != 0) {
                    outside.push_back(value);
                }
            }
            checkMisfits<std::uint8_t>(0, bits, outside);
            checkMisfits<std::int8_t>(0, bits, outside);
            checkMisfits<std::int16_t>(0, bits, outside);
            checkMisfits<std::int32_t>(0, bits, outside);
            checkMisfits<std::int64_t>(0, bits, outside);
            checkMisfits<float>(0, bits, outside);
        }
        // Sums that would wrap into the range of codes.
        checkMisfits<std::int64_t>(INT64_MAX, 4, {-(INT64_MAX - 16), INT64_MAX, 1});
        checkMisfits<std::int64_t>(-INT64_MAX, 16, {INT64_MIN, -2, 0});
        checkMisfits<std::int32_t>(std::int64_t{INT32_MAX} + 1, 16, {INT32_MIN + 65536, INT32_MAX});
        checkMisfits<std::int32_t>(-INT32_MAX, 16, {INT32_MIN, INT32_MIN + 1, 0});
        // An offset with which no value of the type is a code.
        for (const Isa isa : supportedIsas()) {
            QVERIFY(packError(std::vector<std::int8_t>(9, 0), 65536, 8, isa)
                        .contains(QStringLiteral("value 0 at index 0 does not fit 8 bits")));
            QVERIFY(packError(std::vector<std::uint8_t>(9, 255), 65536 - 255, 8, isa)
                        .contains(QStringLiteral("value 255 at index 0")));
        }
    }

    void noIntegers()
    {
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        constexpr float kInf = std::numeric_limits<float>::infinity();
        for (const Isa isa : supportedIsas()) {
            for (const float other : {0.5F, -6.6F, kNan, kInf, -kInf, 1e-30F, 1e30F}) {
                std::vector<float> values(6000, 2.0F);
                values[4999] = other;
                QCOMPARE(scanValues(std::span<const float>(values), isa).firstOther,
                         std::size_t{4999});
                const QString message = packError(values, 1, 4, isa);
                QVERIFY2(message.contains(QStringLiteral("at index 4999 is no integer")),
                         qPrintable(message));
            }
            // Integers beyond 2^24 are still integers.
            const std::vector<float> large{16777216.0F, -12582913.0F, -33554432.0F, 0x1p62F, -0.0F};
            const ScannedRange range = scanValues(std::span<const float>(large), isa);
            QVERIFY(!range.firstOther);
            QCOMPARE(range.minimum, -33554432);
            QCOMPARE(range.maximum, std::int64_t{1} << 62);
            const std::vector<float> far(70, 33554432.0F);
            QVERIFY(packError(far, -33554432, 1, isa).isEmpty());
        }
    }

    void scans()
    {
        Rng rng(9);
        checkScan<std::uint8_t>(rng);
        checkScan<std::int8_t>(rng);
        checkScan<std::int16_t>(rng);
        checkScan<std::int32_t>(rng);
        checkScan<std::int64_t>(rng);
        checkScan<Half>(rng);
        checkScan<float>(rng);
    }

    void refused()
    {
        std::vector<std::byte> bytes(8);
        std::vector<std::int8_t> small(8);
        std::vector<Half> halfs(8);
        std::vector<float> floats(8);
        const auto unpack = [&](auto& values, int bits, std::int64_t offset) {
            unpackValues(std::span<const std::byte>(bytes), bits, BitOrder::LsbFirst, offset,
                         std::span(values));
        };
        unpack(small, 8, 128);
        BITLOOM_EXPECT_ERROR(unpack(small, 8, 0), ErrorCode::InvalidArgument,
                             "it holds -128 to 127");
        BITLOOM_EXPECT_ERROR(unpack(small, 4, 129), ErrorCode::InvalidArgument,
                             "cannot hold exactly");
        unpack(halfs, 8, 2048);
        BITLOOM_EXPECT_ERROR(unpack(halfs, 8, 2049), ErrorCode::InvalidArgument,
                             "cannot hold exactly");
        unpack(floats, 1, -(1 << 24) + 1);
        BITLOOM_EXPECT_ERROR(unpack(floats, 1, -(1 << 24)), ErrorCode::InvalidArgument,
                             "cannot hold exactly");
        BITLOOM_EXPECT_ERROR(unpack(floats, 1, INT64_MIN), ErrorCode::InvalidArgument,
                             "cannot hold exactly");
        BITLOOM_EXPECT_ERROR(unpack(floats, 9, 0), ErrorCode::ShapeMismatch,
                             "need 9 bytes, the input has 8");
        BITLOOM_EXPECT_ERROR(unpack(floats, 17, 0), ErrorCode::InvalidArgument, "width 17");
        QVERIFY(packError(small, 0, 17, Isa::Scalar).contains(QStringLiteral("width 17")));
        QVERIFY(packError(small, 0, -1, Isa::Scalar).contains(QStringLiteral("width -1")));
        std::vector<std::byte> short_(1);
        BITLOOM_EXPECT_ERROR(
            packValues(std::span<const std::int8_t>(small), 0, 2, BitOrder::LsbFirst, short_),
            ErrorCode::ShapeMismatch, "need 2 bytes, the output has 1");
    }
};

QTEST_GUILESS_MAIN(ValuePackerTest)
#include "tst_value_packer.moc"
