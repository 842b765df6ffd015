// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/pack/bit_packer.h"

#include "tests/support/test_support.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

using namespace bitloom;

namespace {

/// memcmp must not get the null pointers of empty vectors.
bool sameBytes(const void* a, const void* b, std::size_t bytes)
{
    return bytes == 0 || std::memcmp(a, b, bytes) == 0;
}

constexpr std::array kAllIsas{Isa::Scalar, Isa::Avx2, Isa::Avx512};
constexpr std::array kOrders{BitOrder::LsbFirst, BitOrder::MsbFirst};

std::string hex(std::span<const std::byte> bytes)
{
    std::string text;
    for (const std::byte byte : bytes) {
        text += "0123456789abcdef"[std::to_integer<int>(byte) >> 4];
        text += "0123456789abcdef"[std::to_integer<int>(byte) & 15];
    }
    return text;
}

template <typename Code>
std::string packedHex(const std::vector<int>& values, int bits, BitOrder order, Isa isa,
                      std::size_t bytes = 0)
{
    const std::vector<Code> codes(values.begin(), values.end());
    std::vector<std::byte> out(bytes != 0 ? bytes : packedStreamBytes(codes.size(), bits),
                               std::byte{0xEE});
    packBits(std::span<const Code>(codes), bits, order, out, isa);
    return hex(out);
}

/// The definition itself, one bit at a time: the reference kernels are tested against this.
template <typename Code>
std::vector<std::byte> packBitByBit(std::span<const Code> codes, int bits, BitOrder order)
{
    std::vector<std::byte> out(packedStreamBytes(codes.size(), bits));
    std::size_t k = 0;
    for (const Code code : codes) {
        for (int i = 0; i < bits; ++i, ++k) {
            const bool lsb = order == BitOrder::LsbFirst;
            const int bit = (code >> (lsb ? i : bits - 1 - i)) & 1;
            const int place = static_cast<int>(lsb ? k % 8 : 7 - k % 8);
            out[k / 8] |= static_cast<std::byte>(bit << place);
        }
    }
    return out;
}

template <typename Code>
std::vector<Code> randomCodes(Rng& rng, std::size_t count, int bits)
{
    std::vector<Code> codes(count);
    for (Code& code : codes) {
        code = static_cast<Code>(rng.below(std::uint64_t{1} << bits));
    }
    return codes;
}

/// Memory that ends at a page that must not be touched, and begins behind one.
class GuardedBuffer {
public:
    explicit GuardedBuffer(std::size_t size, bool atEnd)
        : m_page(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))),
          m_pages((size + m_page - 1) / m_page + 2)
    {
        m_base = static_cast<std::byte*>(::mmap(nullptr, m_pages * m_page, PROT_READ | PROT_WRITE,
                                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        if (m_base == MAP_FAILED || ::mprotect(m_base, m_page, PROT_NONE) != 0 ||
            ::mprotect(m_base + (m_pages - 1) * m_page, m_page, PROT_NONE) != 0) {
            qFatal("no guarded memory");
        }
        m_data = atEnd ? m_base + (m_pages - 1) * m_page - size : m_base + m_page;
    }
    ~GuardedBuffer() { ::munmap(m_base, m_pages * m_page); }
    GuardedBuffer(const GuardedBuffer&) = delete;
    GuardedBuffer& operator=(const GuardedBuffer&) = delete;
    std::byte* data() const { return m_data; }

private:
    std::size_t m_page;
    std::size_t m_pages;
    std::byte* m_base = nullptr;
    std::byte* m_data = nullptr;
};

/// Packs and unpacks between guarded buffers and compares with the bit-by-bit definition.
template <typename Code>
bool guardedRoundTrip(const std::vector<Code>& codes, int bits, BitOrder order, Isa isa, bool atEnd)
{
    const std::vector<std::byte> expected = packBitByBit(std::span<const Code>(codes), bits, order);
    const GuardedBuffer in(codes.size() * sizeof(Code), atEnd);
    const GuardedBuffer packed(expected.size(), atEnd);
    const GuardedBuffer back(codes.size() * sizeof(Code), atEnd);
    std::memcpy(in.data(), codes.data(), codes.size() * sizeof(Code));
    packBits(std::span(reinterpret_cast<const Code*>(in.data()), codes.size()), bits, order,
             std::span(packed.data(), expected.size()), isa);
    unpackBits(std::span<const std::byte>(packed.data(), expected.size()), bits, order,
               std::span(reinterpret_cast<Code*>(back.data()), codes.size()), isa);
    return sameBytes(packed.data(), expected.data(), expected.size()) &&
           sameBytes(back.data(), codes.data(), codes.size() * sizeof(Code));
}

template <typename Code>
int firstGuardedFailure(Isa isa, int lowestBits, int highestBits)
{
    Rng rng(11);
    for (int bits = lowestBits; bits <= highestBits; ++bits) {
        for (const BitOrder order : kOrders) {
            for (std::size_t count = 1; count <= 140; ++count) {
                const auto codes = randomCodes<Code>(rng, count, bits);
                for (const bool atEnd : {false, true}) {
                    if (!guardedRoundTrip(codes, bits, order, isa, atEnd)) {
                        return bits * 1000 + static_cast<int>(count);
                    }
                }
            }
        }
    }
    return 0;
}

/// One random case at misaligned addresses with canaries behind every buffer.
template <typename Code>
bool randomCaseHolds(Rng& rng, Isa isa, int bits, std::size_t maxCount)
{
    const BitOrder order = rng.below(2) == 0 ? BitOrder::LsbFirst : BitOrder::MsbFirst;
    const std::size_t count = rng.below(maxCount + 1);
    const std::size_t bytes = packedStreamBytes(count, bits);
    const std::size_t shift = rng.below(64);
    constexpr std::byte kCanary{0xA5};
    const std::vector<Code> codes = randomCodes<Code>(rng, count, bits);

    std::vector<std::byte> reference(bytes);
    packBits(std::span<const Code>(codes), bits, order, reference, Isa::Scalar);

    // uint16 pointers keep their natural alignment of 2.
    const std::size_t codeShift = shift / sizeof(Code) * sizeof(Code);
    std::vector<std::byte> in(count * sizeof(Code) + 128);
    if (count > 0) { // an empty vector's data may be null, which memcpy must not get
        std::memcpy(in.data() + codeShift, codes.data(), count * sizeof(Code));
    }
    std::vector<std::byte> out(bytes + 128, kCanary);
    packBits(std::span(reinterpret_cast<const Code*>(in.data() + codeShift), count), bits, order,
             std::span(out).subspan(shift, bytes), isa);
    bool good = sameBytes(out.data() + shift, reference.data(), bytes);
    for (std::size_t i = 0; i < out.size(); ++i) {
        good = good && ((i >= shift && i < shift + bytes) || out[i] == kCanary);
    }

    std::vector<std::byte> back(count * sizeof(Code) + 128, kCanary);
    unpackBits(std::span<const std::byte>(out).subspan(shift, bytes), bits, order,
               std::span(reinterpret_cast<Code*>(back.data() + codeShift), count), isa);
    good = good && sameBytes(back.data() + codeShift, codes.data(), count * sizeof(Code));
    for (std::size_t i = 0; i < back.size(); ++i) {
        good = good &&
               ((i >= codeShift && i < codeShift + count * sizeof(Code)) || back[i] == kCanary);
    }
    return good;
}

} // namespace

class BitPackerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (const Isa isa : kAllIsas) {
            if (!isSupported(isa)) {
                qInfo("%s is not tested: this machine lacks it", toString(isa).data());
            }
        }
    }

    void vectorsMsbFirst_data()
    {
        QTest::addColumn<QVector<int>>("codes");
        QTest::addColumn<int>("bits");
        QTest::addColumn<QString>("bytes");
        const auto add = [](const char* name, QVector<int> codes, int offset, int bits,
                            const char* bytes) {
            for (int& code : codes) {
                code += offset;
            }
            QTest::newRow(name) << codes << bits << bytes;
        };
        add("worked example", {1, 2, 3, 4, 5, 6, 7, 0, 1, 2}, 0, 3, "29cbb828");
        add("4 bits", {-7, -1, 0, 7, 3, -2}, 7, 4, "067ea5");
        add("2 bits", {-1, 0, 1, 1, 0, -1, -1, 1, 0, 0}, 1, 2, "1a4250");
        add("5 bits", {-8, 7, 0, -1}, 8, 5, "03d070");
        add("tight 4 bits", {-8, 7, 0, -1}, 8, 4, "0f87");
        add("3 bits padded", {-3, 3, 2, -2, 1, -1, 0, 3, -3, 2, 1, 0, -1, -2, 3, -3, 0, 1}, 3, 3,
            "1a989e163470700000000000");
        add("6 bits", {-31, 31, 0, 15, -16}, 31, 6, "03e7ee3c");
        add("8 bits", {-127, 127, 0, 1}, 127, 8, "00fe7f80");
        add("8 bits full span", {-128, 127, 0, 1}, 128, 8, "00ff8081");
        add("3 bits waste", {-2, -1, 0,  1, 2, -2, -1, 0,  1, 2, -2, -1, 0, 1,
                             2,  -2, -1, 0, 1, 2,  -2, -1, 0, 1, 2,  -2, 2},
            2, 3, "05380a7014e029c053820000000000000000");
        add("constant", {-5, -5, -5}, 5, 1, "00");
        add("1 bit", {1, 0, 1, 1, 0, 0, 0, 1, 1}, 0, 1, "b180");
        add("1 bit padded", {1, 0, 1, 1, 0, 0, 0, 1, 1}, 0, 1, "b18000");
        add("2 bits, 8 codes", {0, 1, 2, 3, 3, 2, 1, 0}, 0, 2, "1be4");
        add("5 bits, 18 codes", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, 0,
            5, "00443214c74254b635cf8440");
        add("7 bits", {127, 0, 64, 1, 2, 3}, 0, 7, "fe02001040c0");
        add("one code", {5}, 0, 3, "a0");
        add("empty", {}, 0, 3, "");
    }

    void vectorsMsbFirst()
    {
        QFETCH(QVector<int>, codes);
        QFETCH(int, bits);
        QFETCH(QString, bytes);
        const std::vector<int> values(codes.begin(), codes.end());
        const auto size = static_cast<std::size_t>(bytes.size() / 2);
        for (const Isa isa : supportedIsas()) {
            QCOMPARE(packedHex<std::uint8_t>(values, bits, BitOrder::MsbFirst, isa, size),
                     bytes.toStdString());
            QCOMPARE(packedHex<std::uint16_t>(values, bits, BitOrder::MsbFirst, isa, size),
                     bytes.toStdString());
        }
    }

    void vectorsLsbFirst()
    {
        std::vector<int> nibbles(16);
        for (int i = 0; i < 16; ++i) {
            nibbles[static_cast<std::size_t>(i)] = i;
        }
        for (const Isa isa : supportedIsas()) {
            QCOMPARE(packedHex<std::uint8_t>({5, 0, 7, 1, 2, 3, 4, 6, 7, 7, 1}, 3,
                                             BitOrder::LsbFirst, isa, 8),
                     std::string("c5a3d17f00000000"));
            QCOMPARE(packedHex<std::uint8_t>(nibbles, 4, BitOrder::LsbFirst, isa),
                     std::string("1032547698badcfe"));
            QCOMPARE(packedHex<std::uint16_t>({1023, 0, 512, 1}, 10, BitOrder::LsbFirst, isa, 8),
                     std::string("ff03006000000000"));
        }
    }

    void scalarEqualsTheDefinition()
    {
        Rng rng(5);
        for (int bits = 1; bits <= 16; ++bits) {
            for (const BitOrder order : kOrders) {
                for (const std::size_t count : {1, 7, 8, 9, 31, 33, 255, 257}) {
                    const auto wide = randomCodes<std::uint16_t>(rng, count, bits);
                    std::vector<std::byte> out(packedStreamBytes(count, bits));
                    packBits(std::span<const std::uint16_t>(wide), bits, order, out, Isa::Scalar);
                    QVERIFY(out == packBitByBit(std::span<const std::uint16_t>(wide), bits, order));
                    if (bits <= 8) {
                        const std::vector<std::uint8_t> narrow(wide.begin(), wide.end());
                        std::vector<std::byte> same(out.size());
                        packBits(std::span<const std::uint8_t>(narrow), bits, order, same,
                                 Isa::Scalar);
                        QVERIFY(out == same);
                    }
                }
            }
        }
    }

    void neverTouchesMemoryOutside()
    {
        for (const Isa isa : supportedIsas()) {
            QCOMPARE((firstGuardedFailure<std::uint8_t>(isa, 1, 8)), 0);
            QCOMPARE((firstGuardedFailure<std::uint16_t>(isa, 1, 16)), 0);
        }
    }

    void tenThousandRandomCasesEqualTheReference()
    {
        for (const Isa isa : supportedIsas()) {
            Rng rng(2026);
            for (int i = 0; i < 10000; ++i) {
                const int bits = 1 + static_cast<int>(rng.below(16));
                const std::size_t limit = i % 100 == 0 ? 20000 : 600;
                const bool narrow = bits <= 8 && rng.below(4) != 0;
                const bool good = narrow ? randomCaseHolds<std::uint8_t>(rng, isa, bits, limit)
                                         : randomCaseHolds<std::uint16_t>(rng, isa, bits, limit);
                QVERIFY2(good, qPrintable(QString("%1, case %2, %3 bits")
                                              .arg(toString(isa).data())
                                              .arg(i)
                                              .arg(bits)));
            }
        }
    }

    void outputsPastTheCachesEqualTheReference()
    {
        // Large enough for the streaming stores, at an odd address and with a ragged end.
        constexpr std::size_t kCount = (std::size_t{17} << 20) + 4099;
        Rng rng(9);
        std::vector<std::uint16_t> wide(kCount);
        std::vector<std::uint8_t> narrow(kCount);
        for (std::size_t i = 0; i < kCount; ++i) {
            const std::uint64_t number = rng.next();
            wide[i] = static_cast<std::uint16_t>(number & 0x1FFF);
            narrow[i] = static_cast<std::uint8_t>(number >> 32 & 0x3F);
        }
        const Isa isa = supportedIsas().back();
        const auto check = [&]<typename Code>(const std::vector<Code>& codes, int bits) {
            const std::size_t bytes = packedStreamBytes(kCount, bits);
            std::vector<std::byte> reference(bytes);
            std::vector<std::byte> out(bytes + 3);
            for (std::size_t first = 0; first < kCount; first += 1 << 16) {
                const auto piece = std::span<const Code>(codes).subspan(
                    first, std::min<std::size_t>(1 << 16, kCount - first));
                packBits(piece, bits, BitOrder::LsbFirst,
                         std::span(reference).subspan(packedStreamBytes(first, bits),
                                                      packedStreamBytes(piece.size(), bits)),
                         Isa::Scalar);
            }
            packBits(std::span<const Code>(codes), bits, BitOrder::LsbFirst,
                     std::span(out).subspan(3), isa);
            QVERIFY(sameBytes(out.data() + 3, reference.data(), bytes));
            std::vector<Code> back(kCount + 1);
            unpackBits(std::span<const std::byte>(out).subspan(3), bits, BitOrder::LsbFirst,
                       std::span(back).subspan(1), isa);
            QVERIFY(std::equal(codes.begin(), codes.end(), back.begin() + 1));
        };
        check(wide, 13);
        check(narrow, 6);
    }

    void codesThatDoNotFitAreNamed()
    {
        for (const Isa isa : supportedIsas()) {
            for (const std::size_t bad : {0, 5, 63, 64, 99}) {
                std::vector<std::uint8_t> codes(100, 7);
                codes[bad] = 9;
                std::vector<std::byte> out(100);
                BITLOOM_EXPECT_ERROR(
                    packBits(std::span<const std::uint8_t>(codes), 3, BitOrder::LsbFirst, out, isa),
                    ErrorCode::InvalidArgument,
                    "code 9 at index " + std::to_string(bad) + " needs 4 bits, 3 given");
                std::vector<std::uint16_t> wide(100, 1023);
                wide[bad] = 40000;
                std::vector<std::byte> wideOut(200);
                BITLOOM_EXPECT_ERROR(packBits(std::span<const std::uint16_t>(wide), 10,
                                              BitOrder::MsbFirst, wideOut, isa),
                                     ErrorCode::InvalidArgument,
                                     "code 40000 at index " + std::to_string(bad) +
                                         " needs 16 bits, 10 given");
                // Must not be taken modulo 256 on the way to the 8-bit kernels.
                wide.assign(100, 1);
                wide[bad] = 256;
                BITLOOM_EXPECT_ERROR(packBits(std::span<const std::uint16_t>(wide), 8,
                                              BitOrder::LsbFirst, wideOut, isa),
                                     ErrorCode::InvalidArgument, "code 256");
            }
        }
    }

    void zeroBits()
    {
        std::vector<std::uint8_t> codes(5, 0);
        packBits(std::span<const std::uint8_t>(codes), 0, BitOrder::LsbFirst, {});
        std::vector<std::uint8_t> back(5, 9);
        unpackBits({}, 0, BitOrder::LsbFirst, std::span(back));
        QVERIFY(back == codes);
        codes[3] = 1;
        BITLOOM_EXPECT_ERROR(
            packBits(std::span<const std::uint8_t>(codes), 0, BitOrder::LsbFirst, {}),
            ErrorCode::InvalidArgument, "index 3 needs 1 bits, 0 given");
    }

    void wrongArgumentsAreRefused()
    {
        std::vector<std::uint8_t> codes(10, 0);
        std::vector<std::byte> bytes(3);
        const std::span<const std::uint8_t> in(codes);
        BITLOOM_EXPECT_ERROR(packBits(in, 9, BitOrder::LsbFirst, bytes), ErrorCode::InvalidArgument,
                             "width 9 is not possible");
        BITLOOM_EXPECT_ERROR(packBits(in, -1, BitOrder::LsbFirst, bytes),
                             ErrorCode::InvalidArgument, "width -1");
        BITLOOM_EXPECT_ERROR(packBits(in, 3, BitOrder::LsbFirst, bytes), ErrorCode::ShapeMismatch,
                             "need 4 bytes, the output has 3");
        BITLOOM_EXPECT_ERROR(unpackBits(bytes, 3, BitOrder::LsbFirst, std::span(codes)),
                             ErrorCode::ShapeMismatch, "need 4 bytes, the input has 3");
        std::vector<std::uint16_t> wide(1);
        BITLOOM_EXPECT_ERROR(unpackBits(bytes, 17, BitOrder::LsbFirst, std::span(wide)),
                             ErrorCode::InvalidArgument, "width 17");
        for (const Isa isa : kAllIsas) {
            if (!isSupported(isa)) {
                BITLOOM_EXPECT_ERROR(packBits(in, 1, BitOrder::LsbFirst, bytes, isa),
                                     ErrorCode::Unsupported, toString(isa));
            }
        }
    }
};

QTEST_GUILESS_MAIN(BitPackerTest)
#include "tst_bit_packer.moc"
