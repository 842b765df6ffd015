// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/atomic_file.h"
#include "core/io/packed/hdf5_file.h"
#include "core/io/safetensors/safetensors_writer.h"
#include "core/io/state/zip_writer.h"

#include "tests/support/test_support.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Files that no program should write, made byte by byte.
namespace bitloom::test {

/// What torch.save would have written around a pickle and storages.
inline void writeArchive(const std::filesystem::path& path, std::string_view pickle,
                         const std::vector<std::string>& storages = {})
{
    AtomicFile file(path);
    io::StoredZipWriter zip(file);
    zip.add("archive/data.pkl", pickle);
    for (std::size_t i = 0; i < storages.size(); ++i) {
        zip.add("archive/data/" + std::to_string(i), storages[i]);
    }
    zip.add("archive/version", "3\n");
    zip.finish();
    file.commit();
}

/// The pickle of a text of at most 255 bytes.
inline std::string pickledText(std::string_view text)
{
    return std::string("X") + static_cast<char>(text.size()) + std::string(3, '\0') +
           std::string(text);
}

/// The pickle of an int32 tensor in the storage "0" of numel elements. sizes, strides: pickled
/// tuples.
inline std::string pickledTensor(int numel, const std::string& sizes, const std::string& strides)
{
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickledText("storage") +
           "ctorch\nIntStorage\n" + pickledText("0") + pickledText("cpu") + "K" +
           static_cast<char>(numel) + "tQK" + std::string(1, '\0') + sizes + strides +
           "\x89"
           "ccollections\nOrderedDict\n)RtR";
}

/// A state dict of one tensor by its pickle.
inline std::string pickledDict(const std::string& name, const std::string& tensor)
{
    return "\x80\x02}" + pickledText(name) + tensor + "s.";
}

/// A safetensors file by its header and data.
inline void writeSafetensors(const std::filesystem::path& path, const std::string& header,
                             const std::string& data = {})
{
    std::string length;
    for (unsigned i = 0; i < 8; ++i) {
        length += static_cast<char>(header.size() >> (8 * i) & 0xFFU);
    }
    writeFile(path, length + header + data);
}

/// One tensor of a packed HDF5 file, as the format has it but for what is changed.
struct PackedGroup {
    std::string format = "bitloom.packed";
    std::int64_t major = 1;
    std::int64_t words = 1; ///< of 3 codes of 4 bits in one row
    std::uint32_t crc = 0;  ///< of words that are all 0: filled in where it is 0
};
void writePackedHdf5(const std::filesystem::path& path, const PackedGroup& group);

/// A layer "fc" of 2 x 4 weights in the layout of compressed-tensors, as others write it.
struct ForeignLayer {
    std::vector<float> scale = {0.5F, 1};
    int bits = 4;
    std::int64_t cols = 4;
    std::string version = "0.18.0"; ///< empty: none
};
/// folder/model.safetensors and config.json.
void writeForeignLayer(const std::filesystem::path& folder, const ForeignLayer& layer);

} // namespace bitloom::test
