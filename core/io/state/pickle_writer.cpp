// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/pickle_writer.h"

#include <limits>

namespace bitloom::io {

PickleWriter::PickleWriter() : m_out("\x80\x02")
{
}

void PickleWriter::global(std::string_view module, std::string_view name)
{
    raw("c", module, "\n", name, "\n");
}

void PickleWriter::text(std::string_view value)
{
    m_out += 'X';
    littleEndian(value.size(), 4);
    m_out += value;
}

void PickleWriter::integer(std::int64_t value)
{
    const bool fits = value >= std::numeric_limits<std::int32_t>::min() &&
                      value <= std::numeric_limits<std::int32_t>::max();
    m_out += fits ? "J" : "\x8a\x08";
    littleEndian(static_cast<std::uint64_t>(value), fits ? 4 : 8);
}

void PickleWriter::integers(std::span<const std::int64_t> values)
{
    m_out += '(';
    for (const std::int64_t value : values) {
        integer(value);
    }
    m_out += 't';
}

void PickleWriter::emptyOrderedDict()
{
    global("collections", "OrderedDict");
    m_out += ")R";
}

void PickleWriter::littleEndian(std::uint64_t value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        m_out += static_cast<char>((value >> (8 * i)) & 0xFFU);
    }
}

} // namespace bitloom::io
