// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bitloom::hdf5 {

/// The heaps in which HDF5 keeps texts of variable length ("global heap collections", version 1).
/// Neither they nor the references to their texts have a checksum: the library of version 1.10
/// never returns from one whose pieces do not lie one behind the other, and takes as much memory as
/// a reference asks for.
///
/// Source: HDF5 File Format Specification 3.0, III.E and, of references, IV.B.
class TextHeaps {
public:
    /// file: its name, for messages. addressBytes: how many the file's addresses have.
    TextHeaps(std::string file, std::size_t addressBytes)
        : m_file(std::move(file)), m_addressBytes(addressBytes)
    {
    }

    /// Looks at every heap that begins in these bytes, the first of which is the file's first-th.
    /// Errors: CorruptFile with the place of the first that is damaged. Cost: one search.
    void add(std::span<const std::byte> bytes, std::size_t first);
    /// Looks at everything in these bytes that looks like a reference to a text of the heaps, which
    /// are all there now: an attribute's lies somewhere in its object's header.
    /// Errors: CorruptFile where one is longer than its text, or has the number of none.
    /// Cost:   a search for each heap.
    void requireSoundReferences(std::span<const std::byte> bytes, std::size_t first) const;
    /// Looks at the reference with which these bytes begin, at a place of the file: a dataset's.
    /// Errors: CorruptFile as above, and where it refers to no heap.
    void requireSoundReference(std::span<const std::byte> bytes, std::size_t place) const;

private:
    struct Heap {
        std::size_t place = 0;
        std::map<std::uint32_t, std::uint64_t> lengths; ///< of its texts, by their numbers
    };
    static bool read(std::span<const std::byte> bytes, Heap& heap);
    void requireSound(const Heap& heap, std::span<const std::byte> reference, std::size_t place,
                      bool isSurely) const;
    /// A reference: the text's length, its heap's address, its number there.
    std::size_t referenceBytes() const { return m_addressBytes + 8; }

    std::string m_file;
    std::size_t m_addressBytes;
    std::vector<Heap> m_heaps;
};

} // namespace bitloom::hdf5
