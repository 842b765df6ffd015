// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// A checkpoint of 1 GiB, integers kept in float32, packed to 4 bits, proven, compared and unpacked,
// beside what cannot be avoided: reading the input once and writing the output to the disk. All in
// the page cache.
#include "core/base/atomic_file.h"
#include "core/io/integer_file.h"
#include "core/io/state/state_dict.h"

#include <ATen/ops/randint.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
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

/// Reads one file and writes as many bytes as another has.
void readAndWrite(const std::string& input, const std::string& output)
{
    std::vector<char> piece(std::size_t{1} << 20);
    std::ifstream in(input, std::ios::binary);
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size()))) {
        benchmark::DoNotOptimize(piece.data());
    }
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
    double floor = 0;
    double seconds = 0;
    for (auto iteration : state) {
        static_cast<void>(iteration);
        floor += secondsOf([&] { readAndWrite(input, output); });
        const double one = secondsOf(work);
        seconds += one;
        state.SetIterationTime(one);
    }
    state.counters["times_floor"] = seconds / floor;
    state.counters["GB_per_s"] = 1e-9 *
                                 static_cast<double>(fs::file_size(files().path("integers.pth"))) *
                                 static_cast<double>(state.iterations()) / seconds;
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
    ->Iterations(5);
BENCHMARK_CAPTURE(pack, hdf5_with_proof, IntegerFormat::Packed, "packed.h5")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5);

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
BENCHMARK(unpack)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(5);

} // namespace

BENCHMARK_MAIN();
