// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// A checkpoint of 1 GiB, integers kept in float32, packed to 4 bits, proven, compared and unpacked,
// beside what cannot be avoided: reading the input once, mapped as we map it and on one thread, and
// writing the output's bytes to the disk. The input is in the page cache.
#include "core/base/atomic_file.h"
#include "core/base/mapped_file.h"
#include "core/io/integer_file.h"
#include "core/io/state/state_dict.h"

#include <ATen/ops/randint.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace bitloom;
namespace fs = std::filesystem;

/// Files of this program, removed at its end.
class Files {
public:
    Files()
    {
        std::string pattern = (fs::temp_directory_path() / "bitloom-bench-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
        io::StateDict state;
        for (int i = 0; i < 64; ++i) {
            state.tensors.emplace_back("layer" + std::to_string(i),
                                       at::randint(-8, 8, {1024, 4096}, at::kFloat));
        }
        io::writeStateDict(path("integers.pth"), state);
    }
    ~Files() { fs::remove_all(m_folder); }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    std::string path(const char* name) const { return (m_folder / name).string(); }

private:
    fs::path m_folder;
};

const Files& files()
{
    static const Files made;
    return made;
}

template <typename Work>
double secondsOf(Work work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double medianOf(std::vector<double>& seconds)
{
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
}

/// Reads one file and writes as many bytes as another has.
void readAndWrite(const std::string& input, const std::string& output)
{
    const MappedFile in(input);
    const std::span words(reinterpret_cast<const std::uint64_t*>(in.bytes().data()),
                          in.size() / sizeof(std::uint64_t));
    benchmark::DoNotOptimize(std::accumulate(words.begin(), words.end(), std::uint64_t{0}));
    const std::vector<char> piece(std::size_t{1} << 20);
    AtomicFile out(files().path("floor.bin"));
    for (std::uintmax_t left = fs::file_size(output); left > 0;) {
        const std::size_t some = std::min<std::uintmax_t>(left, piece.size());
        out.write(std::string_view(piece.data(), some));
        left -= some;
    }
    out.commit();
}

/// Times work, which makes output of input, and the floor in turns.
template <typename Work>
void besideFloor(benchmark::State& state, const std::string& input, const std::string& output,
                 Work work)
{
    work(); // so that there is an output to measure, and everything is in the page cache
    std::vector<double> floors;
    std::vector<double> seconds;
    for (auto iteration : state) {
        static_cast<void>(iteration);
        floors.push_back(secondsOf([&] { readAndWrite(input, output); }));
        const double one = secondsOf(work);
        seconds.push_back(one);
        state.SetIterationTime(one);
    }
    state.counters["floor_ms"] = 1e3 * medianOf(floors);
    state.counters["times_floor"] = medianOf(seconds) / medianOf(floors);
    state.counters["GB_per_s"] =
        1e-9 * static_cast<double>(fs::file_size(files().path("integers.pth"))) / medianOf(seconds);
}

IntegerInput source()
{
    IntegerInput input;
    input.file = files().path("integers.pth");
    input.all = true;
    input.forcePackFp = true;
    return input;
}

void pack(benchmark::State& state, IntegerFormat format, const char* name)
{
    RunControl control;
    const std::string output = files().path(name);
    besideFloor(state, source().file, output, [&] {
        packIntegers(source(), {output, format, false}, control);
    });
}
BENCHMARK_CAPTURE(pack, bitpack_with_proof, IntegerFormat::BitPackSafe, "packed.pth")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(9);
BENCHMARK_CAPTURE(pack, hdf5_with_proof, IntegerFormat::Packed, "packed.h5")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(9);

void unpack(benchmark::State& state)
{
    RunControl control;
    const std::string input = files().path("packed.pth");
    packIntegers(source(), {input, IntegerFormat::BitPackSafe, false}, control);
    IntegerUnpackOptions options;
    options.output = files().path("unpacked.pth");
    options.dtype = "float32";
    besideFloor(state, input, options.output, [&] { unpackIntegers(input, options, control); });
}
BENCHMARK(unpack)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(9);

} // namespace

BENCHMARK_MAIN();
