// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bitloom::io {

/// Emits one pickle of protocol 2, the one torch.save uses, opcode by opcode. Without a memo:
/// nothing that Bitloom writes is shared but storages, which have keys.
class PickleWriter {
public:
    PickleWriter();

    void global(std::string_view module, std::string_view name);
    /// A str; value must be valid UTF-8.
    void text(std::string_view value);
    /// An int of 64 bits.
    void integer(std::int64_t value);
    /// A tuple of ints.
    void integers(std::span<const std::int64_t> values);
    void emptyOrderedDict();
    /// Opcodes as they are.
    template <typename... Parts>
    void raw(const Parts&... parts)
    {
        (m_out.append(parts), ...);
    }
    const std::string& bytes() const { return m_out; }

private:
    void littleEndian(std::uint64_t value, std::size_t count);

    std::string m_out;
};

} // namespace bitloom::io
