// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/image_labels.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <charconv>
#include <string_view>

namespace bitloom {

namespace fs = std::filesystem;

namespace {
constexpr std::int64_t kMostClasses = 1'000'000;

std::string classFolderOf(const std::string& relativePath)
{
    return fs::path(relativePath).parent_path().filename().string();
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r\"";
    const std::size_t begin = text.find_first_not_of(kBlank);
    const std::size_t end = text.find_last_not_of(kBlank);
    return begin == std::string_view::npos ? std::string_view{}
                                           : text.substr(begin, end - begin + 1);
}

void addLine(std::string_view line, std::int64_t number, ImageLabels& labels)
{
    // From the right would break on names with commas, from the left on paths with commas; names
    // have them more often.
    const std::size_t first = line.find(',');
    BITLOOM_REQUIRE(first != std::string_view::npos, ErrorCode::CorruptFile, "line ", number,
                    " has one column; expected path,class index,name");
    const std::size_t second = line.find(',', first + 1);
    const std::string relative =
        fs::path(trimmed(line.substr(0, first))).lexically_normal().generic_string();
    const std::string_view digits = trimmed(
        line.substr(first + 1, second == std::string_view::npos ? second : second - first - 1));
    std::int64_t label = -1;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), label);
    const bool isNumber = failure == std::errc{} && end == digits.data() + digits.size();
    if (number == 1 && !isNumber) {
        return; // the header line
    }
    BITLOOM_REQUIRE(isNumber && label >= 0 && label < kMostClasses, ErrorCode::CorruptFile, "line ",
                    number, " has the class index \"", digits, "\"; expected 0 to ",
                    kMostClasses - 1);
    BITLOOM_REQUIRE(!relative.empty() && !relative.starts_with("..") &&
                        !fs::path(relative).is_absolute(),
                    ErrorCode::UnsafeFile, "line ", number, " names \"", relative,
                    "\", which leaves the folder");
    const auto [known, added] = labels.byPath.try_emplace(relative, label);
    BITLOOM_REQUIRE(added || known->second == label, ErrorCode::CorruptFile, "line ", number,
                    " gives ", relative, " the class ", label, ", an earlier line the class ",
                    known->second);
    labels.byClassFolder.try_emplace(classFolderOf(relative), label);
    if (second != std::string_view::npos) {
        labels.names.try_emplace(label, trimmed(line.substr(second + 1)));
    }
}
} // namespace

std::optional<std::int64_t> ImageLabels::labelOf(const std::string& relativePath) const
{
    if (const auto found = byPath.find(relativePath); found != byPath.end()) {
        return found->second;
    }
    if (const auto found = byClassFolder.find(classFolderOf(relativePath));
        found != byClassFolder.end()) {
        return found->second;
    }
    return std::nullopt;
}

ImageLabels readImageLabels(const fs::path& path)
{
    return withContext(path.string(), [&] {
        const std::string content = readTextFile(path);
        std::string_view text = content;
        ImageLabels labels;
        for (std::int64_t number = 1; !text.empty(); ++number) {
            const std::size_t end = text.find('\n');
            const std::string_view line = text.substr(0, end);
            if (!trimmed(line).empty()) {
                addLine(line, number, labels);
            }
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        BITLOOM_REQUIRE(!labels.byPath.empty(), ErrorCode::CorruptFile, "lists no files");
        return labels;
    });
}

} // namespace bitloom
