// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// What packing by BitPack costs and what it costs here: D24 and D25 of docs/bitpack.md.
#include "core/base/sanitizers.h"
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack/bitpack_file.h"
#include "core/io/conversion.h"
#include "core/io/integer_file.h"
#include "core/io/state/state_dict.h"
#include "core/pack/bitpack_layout.h"

#include "tests/core/io/bitpack_samples.h"
#include "tests/support/test_support.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>

#include <QTemporaryDir>

#include <malloc.h>

#include <chrono>
#include <fstream>

using namespace bitloom;
using namespace bitloom::test;
namespace fs = std::filesystem;

namespace {

/// The most memory that this process had since resetPeak(), in bytes; nullopt where the system does
/// not say.
std::optional<std::int64_t> peakBytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word == "VmHWM:") {
            std::int64_t kibibytes = 0;
            status >> kibibytes;
            return kibibytes * 1024;
        }
    }
    return std::nullopt;
}

bool resetPeak()
{
    std::ofstream refs("/proc/self/clear_refs");
    refs << 5 << std::flush;
    return refs.good();
}

/// Packing as BitPack does it: every bit becomes a byte, then eight of them a byte again.
std::vector<std::uint8_t> packThroughBytes(const std::vector<std::uint8_t>& codes, int bits)
{
    std::vector<std::uint8_t> stream(codes.size() * static_cast<std::size_t>(bits));
    std::size_t at = 0;
    for (const std::uint8_t code : codes) {
        for (int bit = bits - 1; bit >= 0; --bit) {
            stream[at++] = static_cast<std::uint8_t>(code >> bit & 1);
        }
    }
    std::vector<std::uint8_t> packed((stream.size() + 7) / 8);
    for (std::size_t i = 0; i < stream.size(); ++i) {
        packed[i / 8] = static_cast<std::uint8_t>(packed[i / 8] | stream[i] << (7 - i % 8));
    }
    return packed;
}

constexpr std::int64_t kTensors = 12;
constexpr std::int64_t kValues = std::int64_t{4} << 20;

template <typename Work>
double bestSeconds(Work work)
{
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        best = std::min(
            best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

} // namespace

class TestBitPackCost : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    RunControl m_control;

    std::string name(const std::string& name) const
    {
        return (fs::path(m_folder.path().toStdString()) / name).string();
    }

    /// A state dict of kTensors tensors of kValues integers each, to be packed at 4 bits.
    IntegerInput writeIntegers(const char* file) const
    {
        const at::Tensor values =
            at::arange(kValues, at::kFloat).remainder(16).sub(8).reshape({1024, -1});
        io::StateDict state;
        for (std::int64_t i = 0; i < kTensors; ++i) {
            state.tensors.emplace_back("w" + std::to_string(i), values.clone());
        }
        io::writeStateDict(name(file), state);
        IntegerInput input;
        input.file = name(file);
        input.all = true;
        input.forcePackFp = true;
        return input;
    }

private Q_SLOTS:
    void initTestCase()
    {
#ifdef __GLIBC__
        // What is freed goes back to the system at once: what is held is measured, not how the
        // allocator happens to be fragmented.
        QCOMPARE(mallopt(M_MMAP_THRESHOLD, 1 << 20), 1);
#endif
    }

    void d24_littleMemory()
    {
        constexpr std::int64_t kCodes = std::int64_t{32} << 20;
        constexpr std::int64_t kBeside = std::int64_t{8} << 20;
        if (kSanitized || !resetPeak() || !peakBytes()) {
            QSKIP("the peak of memory is not known here");
        }
        const at::Tensor wide = at::zeros({kCodes}, at::kChar);
        wide.fill_(3);
        wide.narrow(0, 0, 1).fill_(-8);
        wide.narrow(0, 1, 1).fill_(7);
        QVERIFY(resetPeak());
        const std::int64_t before = *peakBytes();
        const io::BitPackEntry entry = io::encode("w", wide, io::BitPackMode::Safe);
        QCOMPARE(entry.bits, 4);
        const std::int64_t packing = *peakBytes() - before;
        QVERIFY2(packing < kCodes / 2 + kBeside, std::to_string(packing).c_str());
        QVERIFY(resetPeak());
        const std::int64_t between = *peakBytes();
        const at::Tensor back = io::decode(entry);
        const std::int64_t unpacking = *peakBytes() - between;
        QVERIFY2(unpacking < kCodes * 4 + kBeside, std::to_string(unpacking).c_str());
        QVERIFY(at::equal(back, wide.to(at::kInt)));
    }

    /// Neither the integers nor the codes of all tensors are ever in memory together.
    void d24_littleMemoryForWholeFiles()
    {
        constexpr std::int64_t kFileBytes = kTensors * kValues * 4;
        constexpr std::int64_t kBeside = std::int64_t{64} << 20;
        if (kSanitized || !resetPeak() || !peakBytes()) {
            QSKIP("the peak of memory is not known here");
        }
        const IntegerInput input = writeIntegers("large.pth");
        for (const auto& [format, output] : {std::pair(IntegerFormat::BitPackSafe, "large.pack"),
                                             std::pair(IntegerFormat::Packed, "large.h5")}) {
            QVERIFY(resetPeak());
            const std::int64_t before = *peakBytes();
            QVERIFY(packIntegers(input, {name(output), format, false}, m_control).has_value());
            // The mapped file counts as memory of ours, though it need not stay there.
            const std::int64_t packing = *peakBytes() - before;
            QVERIFY2(packing < kFileBytes + kBeside, std::to_string(packing).c_str());
            QVERIFY(resetPeak());
            const std::int64_t between = *peakBytes();
            IntegerUnpackOptions options;
            options.output = name("unpacked.safetensors");
            QVERIFY(unpackIntegers(name(output), options, m_control).has_value());
            const std::int64_t unpacking = *peakBytes() - between;
            QVERIFY2(unpacking < kBeside, std::to_string(unpacking).c_str());
        }
        const auto tensors = io::readStateDict(name("unpacked.safetensors")).tensors;
        QCOMPARE(tensors.size(), std::size_t{kTensors});
        QVERIFY(at::equal(tensors[0].second.to(at::kFloat).reshape({-1}).narrow(0, 0, 17),
                          at::arange(17, at::kFloat).remainder(16).sub(8)));
    }

    /// Nor of a conversion, whatever is made of them.
    void d24_littleMemoryForConversions()
    {
        // A tensor's codes and its integers or values, and those that are compared with them.
        constexpr std::int64_t kBeside = 6 * kValues * 4;
        if (kSanitized || !resetPeak() || !peakBytes()) {
            QSKIP("the peak of memory is not known here");
        }
        const IntegerInput input = writeIntegers("integers.pth");
        QVERIFY(packIntegers(input, {name("integers.h5"), IntegerFormat::Packed, false}, m_control)
                    .has_value());
        for (const WeightFormat format : {WeightFormat::TorchState, WeightFormat::BitPack}) {
            ConversionRequest request;
            request.input = name("integers.h5");
            request.output = name("converted");
            request.to = format;
            QVERIFY(resetPeak());
            const std::int64_t before = *peakBytes();
            QVERIFY(convertWeights(request, m_control).has_value());
            // The output is mapped when it is read back, and counts as memory of ours.
            const auto output = static_cast<std::int64_t>(fs::file_size(name("converted")));
            const std::int64_t peak = *peakBytes() - before;
            QVERIFY2(peak < output + kBeside, std::to_string(peak).c_str());
        }
    }

    void d25_fasterThanABytePerBit()
    {
        // bench_bit_packer has the figures; this only tells a working vector path from a lost one.
        std::vector<std::uint8_t> codes(std::size_t{1} << 20);
        for (std::size_t i = 0; i < codes.size(); ++i) {
            codes[i] = static_cast<std::uint8_t>(i * 7 % 16);
        }
        const std::vector<std::int64_t> shape{static_cast<std::int64_t>(codes.size())};
        std::vector<std::byte> fast;
        std::vector<std::uint8_t> slow;
        const double fastSeconds = bestSeconds([&] { fast = bitPack(codes, shape, 4); });
        const double slowSeconds = bestSeconds([&] { slow = packThroughBytes(codes, 4); });
        QVERIFY(std::equal(fast.begin(), fast.end(), slow.begin(), slow.end(),
                           [](std::byte a, std::uint8_t b) { return std::uint8_t(a) == b; }));
        if (!kSanitized) {
            QVERIFY2(fastSeconds * 3 < slowSeconds,
                     (std::to_string(fastSeconds) + " s, " + std::to_string(slowSeconds)).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestBitPackCost)
#include "tst_bitpack_cost.moc"
