// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz entry point over the files of a corpus folder and over seeded mutations of each, for
// compilers without libFuzzer. A finding shows as a crash or a sanitizer report; the last line
// names the input.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kMutationsPerFile = 200;

using Bytes = std::vector<std::uint8_t>;

void mutate(Bytes& bytes, std::mt19937_64& random)
{
    const auto below = [&](std::size_t bound) {
        return static_cast<std::size_t>(random() % bound);
    };
    for (std::size_t edits = 1 + below(4); edits-- > 0 && !bytes.empty();) {
        const std::size_t at = below(bytes.size());
        const auto position = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        switch (below(5)) {
        case 0:
            bytes[at] = static_cast<std::uint8_t>(random());
            break;
        case 1:
            bytes[at] ^= static_cast<std::uint8_t>(1U << below(8));
            break;
        case 2:
            bytes.erase(position, bytes.end());
            break;
        case 3:
            bytes.insert(position, static_cast<std::uint8_t>(random()));
            break;
        default: {
            const Bytes copy(position, position + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                                      16, bytes.size() - at)));
            bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size())),
                         copy.begin(), copy.end());
        }
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
        std::fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 2;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::mt19937_64 random(1);
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        const Bytes original{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        std::printf("%s\n", file.filename().c_str());
        std::fflush(stdout);
        LLVMFuzzerTestOneInput(original.data(), original.size());
        for (int i = 0; i < kMutationsPerFile; ++i) {
            Bytes bytes = original;
            mutate(bytes, random);
            LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
        }
    }
    return files.empty() ? 1 : 0;
}
