// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/app/bad_packed_files.h"

#include "core/base/hash.h"

#include <nlohmann/json.hpp>

#include <array>

namespace bitloom::test {

using hdf5::ElementType;

void writePackedHdf5(const std::filesystem::path& path, const PackedGroup& group)
{
    hdf5::File file = hdf5::File::create(path);
    hdf5::Group& root = file.root();
    root.setAttribute("format", group.format);
    root.setAttribute("version", ElementType::UInt16,
                      std::span<const std::int64_t>(std::array{group.major, std::int64_t{0}}));
    root.setAttribute("creator", "bitloom");
    root.setAttribute("model", "m");
    root.setAttribute("created", "2026-01-01T00:00:00Z");
    root.setAttribute("sha256", std::string(64, '0'));
    hdf5::Group tensors = root.createGroup("tensors");
    hdf5::Group tensor = tensors.createGroup("w");
    tensor.setAttribute("name", "w");
    tensor.setAttribute("kind", "int");
    tensor.setAttribute("shape", ElementType::Int64,
                        std::span<const std::int64_t>(std::array<std::int64_t, 2>{1, 3}));
    tensor.setAttribute("dtype", "int32");
    tensor.setAttribute("axis", ElementType::Int64, 0);
    tensor.setAttribute("encoding", "unsigned");
    tensor.setAttribute("unit", "row");
    tensor.setAttribute("bits", ElementType::UInt8, 4);
    const std::vector<std::uint32_t> words(static_cast<std::size_t>(group.words), 0);
    const auto bytes = std::as_bytes(std::span(words));
    tensor.setAttribute("crc32", ElementType::UInt32, group.crc == 0 ? crc32(bytes) : group.crc);
    tensor.write("packed", ElementType::UInt32, std::array{group.words}, bytes);
    root.createGroup("activations");
    hdf5::Group meta = root.createGroup("meta");
    for (const char* name : {"config", "graph", "provenance"}) {
        meta.writeString(name, "{}");
    }
    file.close();
}

void writeForeignLayer(const std::filesystem::path& folder, const ForeignLayer& layer)
{
    using io::SafetensorsType;
    std::filesystem::create_directories(folder);
    const std::int64_t words = (layer.cols * layer.bits + 31) / 32;
    io::SafetensorsWriter writer(folder / "model.safetensors",
                                 {{"fc.weight_packed", SafetensorsType::I32, {2, words}},
                                  {"fc.weight_scale",
                                   SafetensorsType::F32,
                                   {static_cast<std::int64_t>(layer.scale.size()), 1}},
                                  {"fc.weight_shape", SafetensorsType::I64, {2}}});
    const std::vector<std::int64_t> shape{2, layer.cols};
    std::vector<std::uint32_t> codes(static_cast<std::size_t>(2 * words), 0);
    codes.front() = 0x3210U;
    for (const io::SafetensorsEntry& entry : writer.entries()) {
        writer.append(entry.name, entry.name == "fc.weight_shape" ? std::as_bytes(std::span(shape))
                                  : entry.name == "fc.weight_scale"
                                      ? std::as_bytes(std::span(layer.scale))
                                      : std::as_bytes(std::span(codes)));
    }
    writer.finish();
    nlohmann::json config;
    nlohmann::json& quantization = config["quantization_config"];
    quantization = {{"quant_method", "compressed-tensors"}, {"format", "pack-quantized"}};
    if (!layer.version.empty()) {
        quantization["version"] = layer.version;
    }
    quantization["config_groups"]["group_0"] = {{"targets", {"Linear"}},
                                                {"weights",
                                                 {{"type", "int"},
                                                  {"num_bits", layer.bits},
                                                  {"symmetric", true},
                                                  {"strategy", "channel"}}}};
    writeFile(folder / "config.json", config.dump());
}

} // namespace bitloom::test
