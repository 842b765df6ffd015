// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/npy.h"

#include "core/base/atomic_file.h"
#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/state/file_kind.h"
#include "core/ops/tensor_bytes.h"

#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::io {

namespace {

using namespace std::string_view_literals;
using c10::ScalarType;

constexpr std::string_view kMagic = "\x93NUMPY"sv;
constexpr std::size_t kNpyAlignment = 64;
constexpr std::size_t kMaxNpyDimensions = 64;

struct NpyType {
    std::string_view code; ///< of dtype.str without its byte order
    ScalarType type;
};
constexpr auto kNpyTypes = std::to_array<NpyType>({
    {"f4", ScalarType::Float},
    {"f8", ScalarType::Double},
    {"f2", ScalarType::Half},
    {"i1", ScalarType::Char},
    {"i2", ScalarType::Short},
    {"i4", ScalarType::Int},
    {"i8", ScalarType::Long},
    {"u1", ScalarType::Byte},
    {"u2", ScalarType::UInt16},
    {"u4", ScalarType::UInt32},
    {"u8", ScalarType::UInt64},
    {"b1", ScalarType::Bool},
    {"c8", ScalarType::ComplexFloat},
    {"c16", ScalarType::ComplexDouble},
});

struct Header {
    ScalarType type = ScalarType::Undefined;
    bool bigEndian = false;
    bool fortranOrder = false;
    std::vector<std::int64_t> shape;
};

/// Reads the header, a Python dict literal with exactly the keys descr, fortran_order and shape in
/// any order.
class HeaderParser {
public:
    explicit HeaderParser(std::string_view text) : m_text(text) {}

    Header parse()
    {
        Header header;
        std::array<bool, 3> seen{};
        expect('{');
        while (!accept('}')) {
            const std::string_view key = quoted();
            expect(':');
            const std::size_t index = key == "descr"           ? 0
                                      : key == "fortran_order" ? 1
                                      : key == "shape"         ? 2
                                                               : 3;
            require(index < 3 && !seen[index], "an unknown or repeated key");
            seen[index] = true;
            if (index == 0) {
                parseType(header);
            } else if (index == 1) {
                header.fortranOrder = boolean();
            } else {
                header.shape = tuple();
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        require(m_at == m_text.size(), "text after the dict");
        require(seen == std::array{true, true, true}, "not all of descr, fortran_order and shape");
        return header;
    }

private:
    void require(bool condition, std::string_view found) const
    {
        BITLOOM_REQUIRE(condition, ErrorCode::CorruptFile, "damaged .npy header: it holds ", found,
                        " at character ", m_at);
    }
    void skipSpace() { m_at = std::min(m_text.find_first_not_of(" \t\r\n", m_at), m_text.size()); }
    bool accept(char c)
    {
        skipSpace();
        const bool found = m_at < m_text.size() && m_text[m_at] == c;
        m_at += found ? 1 : 0;
        return found;
    }
    void expect(char c) { require(accept(c), "something else than '" + std::string(1, c) + "'"); }
    std::string_view quoted()
    {
        const char quote = accept('"') ? '"' : '\'';
        if (quote == '\'') {
            expect('\'');
        }
        const std::size_t end = m_text.find(quote, m_at);
        require(end != std::string_view::npos, "a text without end");
        const std::string_view value = m_text.substr(m_at, end - m_at);
        m_at = end + 1;
        return value;
    }
    bool boolean()
    {
        skipSpace();
        const bool value = m_text.substr(m_at).starts_with("True");
        require(value || m_text.substr(m_at).starts_with("False"), "no boolean");
        m_at += value ? 4 : 5;
        return value;
    }
    std::vector<std::int64_t> tuple()
    {
        std::vector<std::int64_t> values;
        expect('(');
        while (!accept(')')) {
            skipSpace();
            std::int64_t value = 0;
            const char* first = m_text.data() + m_at;
            const auto [end, failure] =
                std::from_chars(first, m_text.data() + m_text.size(), value);
            require(failure == std::errc() && value >= 0, "no size >= 0");
            m_at += static_cast<std::size_t>(end - first);
            values.push_back(value);
            require(values.size() <= kMaxNpyDimensions, "more than 64 dimensions");
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return values;
    }
    void parseType(Header& header)
    {
        skipSpace();
        const bool plain = m_at < m_text.size() && (m_text[m_at] == '\'' || m_text[m_at] == '"');
        BITLOOM_REQUIRE(plain, ErrorCode::Unsupported,
                        "the .npy file holds records; only plain numbers are read");
        const std::string_view descr = quoted();
        const auto* found =
            std::find_if(kNpyTypes.begin(), kNpyTypes.end(), [&](const NpyType& type) {
                return descr.size() > 1 && "<>|="sv.find(descr[0]) != std::string_view::npos &&
                       descr.substr(1) == type.code;
            });
        BITLOOM_REQUIRE(found != kNpyTypes.end(), ErrorCode::Unsupported,
                        "the .npy file holds elements of type '", descr,
                        "'; only plain numbers are read");
        header.type = found->type;
        header.bigEndian = descr[0] == '>';
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

void swapBytes(std::byte* data, std::size_t count, std::size_t width)
{
    for (std::size_t i = 0; i < count; ++i) {
        std::reverse(data + i * width, data + (i + 1) * width);
    }
}

at::Tensor tensorFrom(const Header& header, std::span<const std::byte> payload)
{
    const auto width = static_cast<std::int64_t>(c10::elementSize(header.type));
    const std::int64_t needed =
        checkedMultiply(checkedNumel(header.shape, "the .npy shape"), width, "the .npy array");
    BITLOOM_REQUIRE(static_cast<std::uint64_t>(needed) == payload.size(), ErrorCode::CorruptFile,
                    "the .npy array needs ", needed, " bytes, the file has ", payload.size(),
                    " after its header");
    std::vector<std::int64_t> stored = header.shape;
    if (header.fortranOrder) {
        std::reverse(stored.begin(), stored.end());
    }
    at::Tensor tensor = at::empty(stored, at::TensorOptions(header.type));
    auto* data = static_cast<std::byte*>(tensor.mutable_data_ptr());
    if (!payload.empty()) {
        std::memcpy(data, payload.data(), payload.size());
    }
    if (header.bigEndian) {
        const std::size_t single =
            static_cast<std::size_t>(width) / (c10::isComplexType(header.type) ? 2 : 1);
        swapBytes(data, payload.size() / single, single);
    }
    if (header.type == ScalarType::Bool) {
        std::transform(data, data + payload.size(), data,
                       [](std::byte byte) { return byte == std::byte{0} ? byte : std::byte{1}; });
    }
    if (!header.fortranOrder) {
        return tensor;
    }
    std::vector<std::int64_t> reversed(stored.size());
    for (std::size_t i = 0; i < reversed.size(); ++i) {
        reversed[i] = static_cast<std::int64_t>(reversed.size() - 1 - i);
    }
    return tensor.permute(reversed).contiguous();
}

} // namespace

at::Tensor readNpy(std::span<const std::byte> content)
{
    const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
    BITLOOM_REQUIRE(text.starts_with(kMagic), ErrorCode::UnknownFormat,
                    "a numpy array (.npy) was expected, the file is ", describeContent(content));
    BITLOOM_REQUIRE(text.size() >= 12, ErrorCode::CorruptFile,
                    "the .npy file is cut off in its header");
    const int major = static_cast<unsigned char>(text[6]);
    BITLOOM_REQUIRE(major >= 1 && major <= 3, ErrorCode::Unsupported, ".npy format ", major,
                    " is not known (1 to 3 are)");
    const std::size_t lengthBytes = major == 1 ? 2 : 4;
    std::size_t length = 0;
    for (std::size_t i = lengthBytes; i-- > 0;) {
        length = (length << 8U) | static_cast<unsigned char>(text[8 + i]);
    }
    const std::size_t headerAt = 8 + lengthBytes;
    BITLOOM_REQUIRE(length <= text.size() - headerAt, ErrorCode::CorruptFile,
                    "the .npy file is cut off: its header has ", length, " bytes, the file has ",
                    text.size() - headerAt, " left");
    try {
        const Header header = HeaderParser(text.substr(headerAt, length)).parse();
        return tensorFrom(header, content.subspan(headerAt + length));
    } catch (const c10::Error& error) {
        fail(ErrorCode::OutOfMemory,
             "not enough memory for the .npy array: ", error.what_without_backtrace());
    }
}

at::Tensor readNpy(const std::filesystem::path& path)
{
    const MappedFile file(path);
    return withContext(path.string(), [&] { return readNpy(file.bytes()); });
}

void writeNpy(const std::filesystem::path& path, const at::Tensor& tensor)
{
    const auto* found = std::find_if(kNpyTypes.begin(), kNpyTypes.end(), [&](const NpyType& type) {
        return type.type == tensor.scalar_type();
    });
    BITLOOM_REQUIRE(found != kNpyTypes.end(), ErrorCode::Unsupported, "numpy has no element type ",
                    c10::toString(tensor.scalar_type()), "; convert the tensor to float32 first");
    const at::Tensor dense = tensor.cpu().contiguous();
    const bool oneByte = dense.element_size() == 1;
    std::string dict = "{'descr': '";
    dict += oneByte ? '|' : '<';
    dict += found->code;
    dict += "', 'fortran_order': False, 'shape': (";
    for (const std::int64_t size : dense.sizes()) {
        dict += std::to_string(size) + ",";
    }
    dict += "), }";
    constexpr std::size_t kBeforeDict = 10;
    dict.append((kNpyAlignment - (kBeforeDict + dict.size() + 1) % kNpyAlignment) % kNpyAlignment,
                ' ');
    dict += '\n';

    std::string head(kMagic);
    head += {'\x01', '\x00', static_cast<char>(dict.size() & 0xFFU),
             static_cast<char>(dict.size() >> 8U)};
    AtomicFile file(path);
    file.write(head + dict);
    file.write(bytesOfTensor(dense));
    file.commit();
}

} // namespace bitloom::io
