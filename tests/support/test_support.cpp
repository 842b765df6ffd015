// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_support.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace bitloom::test {

namespace fs = std::filesystem;

fs::path dataFile(const std::string& name)
{
    const char* folder = std::getenv("BITLOOM_TEST_DATA");
    if (folder == nullptr) {
        qFatal("BITLOOM_TEST_DATA is not set: run the tests through ctest");
    }
    return fs::path(folder) / name;
}

std::optional<fs::path> realData()
{
    if (const char* folder = std::getenv("BITLOOM_DATA");
        folder != nullptr && fs::is_directory(folder)) {
        return fs::path(folder);
    }
    if (const char* folder = std::getenv("BITLOOM_TEST_DATA"); folder != nullptr) {
        const fs::path beside = fs::path(folder) / ".." / ".." / ".." / "shared" / "data";
        if (fs::is_directory(beside)) {
            return fs::canonical(beside);
        }
    }
    return std::nullopt;
}

std::optional<Error> errorOf(const std::function<void()>& body)
{
    try {
        body();
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

std::string readFile(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

void writeFile(const fs::path& path, std::string_view bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

} // namespace bitloom::test
