// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Our codec beside BitPack's algorithm in numpy (bitpack_numpy.py), in turns, on the same 25
// million codes; both must make the same bytes. Counters: the best time of numpy over the best of
// ours, for each instruction set, and with the output allocated anew for each call as numpy does.
// The environment variable BITLOOM_PYTHON names a Python that has numpy.
#include "core/base/rng.h"
#include "core/pack/bit_packer.h"
#include "core/pack/bitpack_layout.h"
#include "memcpy_share.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace bitloom;
namespace fs = std::filesystem;

const std::vector<std::int64_t> kShape{15625, 64, 5, 5};
constexpr const char* kShapeText = "15625x64x5x5";
constexpr std::size_t kCodes = 25'000'000;
constexpr int kOurTurns = 5; ///< for each turn of numpy, which takes hundreds of times as long

/// A folder of this program, removed at its end.
class Folder {
public:
    Folder()
    {
        std::string pattern = (fs::temp_directory_path() / "bitloom-bench-XXXXXX").string();
        m_path = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(m_path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const char* name) const { return (m_path / name).string(); }

private:
    fs::path m_path;
};

template <typename Bytes>
void writeFile(const std::string& path, const Bytes& bytes)
{
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

template <typename Bytes>
bool isContent(const std::string& path, const Bytes& bytes)
{
    std::ifstream in(path, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return content.size() == bytes.size() &&
           std::memcmp(content.data(), bytes.data(), bytes.size()) == 0;
}

/// Seconds that numpy needed for one call, as it says; negative if it failed.
double secondsOfNumpy(const std::string& way, int bits, const std::string& from,
                      const std::string& to)
{
    const char* python = std::getenv("BITLOOM_PYTHON");
    const std::string command = std::string(python == nullptr ? "python3" : python) + " '" +
                                BITLOOM_BENCH_SCRIPT + "' " + way + " " + std::to_string(bits) +
                                " " + kShapeText + " '" + from + "' '" + to + "'";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    double seconds = -1;
    const bool said = pipe != nullptr && std::fscanf(pipe, "%lf", &seconds) == 1;
    const bool ended = pipe != nullptr && ::pclose(pipe) == 0;
    return said && ended ? seconds : -1;
}

class Best {
public:
    template <typename Body>
    void take(Body body)
    {
        m_seconds = std::min(m_seconds, bench::secondsPerCall(1, body));
    }
    double seconds() const { return m_seconds; }

private:
    double m_seconds = 1e9;
};

struct Data {
    std::vector<std::uint8_t> codes;
    std::vector<std::byte> packed;
};

Data makeData(int bits)
{
    Data data{std::vector<std::uint8_t>(kCodes), {}};
    Rng rng(1);
    for (std::uint8_t& code : data.codes) {
        code = static_cast<std::uint8_t>(rng.next() & ((1U << bits) - 1U));
    }
    data.packed = bitPack(data.codes, kShape, bits);
    return data;
}

void besideNumpy(benchmark::State& state, int bits, bool unpacking)
{
    const Folder folder;
    const Data data = makeData(bits);
    const std::string from = folder.file("given");
    const std::string to = folder.file("made");
    unpacking ? writeFile(from, data.packed) : writeFile(from, data.codes);
    std::vector<std::uint8_t> codes(kCodes);
    std::vector<std::byte> packed(data.packed.size());
    double numpy = 1e9;
    std::map<Isa, Best> best;
    Best allocating;
    for (auto step : state) {
        static_cast<void>(step);
        const double turn = secondsOfNumpy(unpacking ? "unpack" : "pack", bits, from, to);
        if (turn < 0) {
            state.SkipWithError("set BITLOOM_PYTHON to a Python that has numpy");
            return;
        }
        numpy = std::min(numpy, turn);
        state.SetIterationTime(turn);
        for (const Isa isa : supportedIsas()) {
            for (int i = 0; i < kOurTurns; ++i) {
                best[isa].take([&] {
                    unpacking
                        ? unpackBits(data.packed, bits, BitOrder::MsbFirst, codes, isa)
                        : packBits(std::span(data.codes), bits, BitOrder::MsbFirst, packed, isa);
                });
            }
        }
        for (int i = 0; i < kOurTurns; ++i) {
            allocating.take([&] {
                if (unpacking) {
                    benchmark::DoNotOptimize(bitUnpack(data.packed, kShape, bits).data());
                } else {
                    benchmark::DoNotOptimize(bitPack(data.codes, kShape, bits).data());
                }
            });
        }
    }
    const bool same = unpacking ? codes == data.codes && isContent(to, codes)
                                : packed == data.packed && isContent(to, packed);
    if (!same) {
        state.SkipWithError("numpy and our codec made different bytes");
        return;
    }
    state.counters["numpy_Mvalues_per_s"] = 1e-6 * static_cast<double>(kCodes) / numpy;
    for (const auto& [isa, ours] : best) {
        state.counters["times_numpy_" + std::string(toString(isa))] = numpy / ours.seconds();
    }
    state.counters["times_numpy_allocating"] = numpy / allocating.seconds();
}

} // namespace

int main(int argc, char** argv)
{
    for (const bool unpacking : {false, true}) {
        for (int bits = 1; bits <= kMaxBitPackBits; ++bits) {
            const std::string name = (unpacking ? "unpack/" : "pack/") + std::to_string(bits);
            benchmark::RegisterBenchmark(
                name.c_str(), [=](benchmark::State& state) { besideNumpy(state, bits, unpacking); })
                ->UseManualTime()
                ->Unit(benchmark::kMillisecond)
                ->Iterations(4);
        }
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
