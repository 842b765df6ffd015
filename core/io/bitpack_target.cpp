// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack/bitpack_file.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/weight_targets.h"
#include "core/ops/torch_errors.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/from_blob.h>

#include <map>
#include <set>
#include <utility>

namespace bitloom::io {

namespace {

constexpr int kMaxBits = 8;

bool isBare(const PackedTensor& tensor)
{
    return tensor.scale.empty() && tensor.zeroPoint.empty();
}

template <typename T>
at::Tensor copyOf(const std::vector<T>& values, at::ScalarType type)
{
    return at::from_blob(const_cast<T*>(values.data()), // only read
                         {static_cast<std::int64_t>(values.size())}, type)
        .clone();
}

/// Files of BitPack: integers at the smallest width, in four dicts.
class BitPackTarget final : public WeightTarget {
public:
    explicit BitPackTarget(WeightFormat format)
        : m_exact(format == WeightFormat::BitPackExact ||
                  format == WeightFormat::BitPackExactLegacy),
          m_legacy(format == WeightFormat::BitPackLegacy ||
                   format == WeightFormat::BitPackExactLegacy)
    {
    }

    ConvertedTensor foresee(const PackedTensor& parameters) const override
    {
        ConvertedTensor line = lineAbout(parameters);
        if (parameters.kind != PackedKind::Int) {
            foreseeRaw(parameters, line);
            return line;
        }
        const bool narrow = parameters.bits >= 0 && parameters.bits <= kMaxBits;
        line.after = narrow || m_exact ? "BitPack codes" : "BitPack codes, or int32 beyond 8 bits";
        if (isBare(parameters)) {
            return line;
        }
        line.fate = m_exact ? ConversionFate::Lost : ConversionFate::Changed;
        line.what = m_exact ? "its scales: the file holds integers alone"
                            : "its scales stand apart as " + parameters.name + ".scale";
        return line;
    }

    std::vector<std::string> losses(const PackedSource& source) const override
    {
        return lossesOfModel(source);
    }

    bool write(const PackedSource& source, const std::filesystem::path& path,
               RunControl& control) override
    {
        BitPackFile file;
        const bool complete =
            forEachTensor(source, "converting", control, [&](const PackedTensorHeader& header) {
                withTorchErrors([&] { add(file, source, header); });
            });
        if (!complete) {
            return false;
        }
        requireDistinct(file);
        writeBitPack(path, file, m_legacy ? TorchContainer::Legacy : TorchContainer::Zip,
                     m_exact ? BitPackOffsets::PackedOnly : BitPackOffsets::All);
        return true;
    }

    bool compare(const PackedSource& source, const std::filesystem::path& path,
                 RunControl& control) override
    {
        const BitPackFile file = readBitPack(path);
        std::map<std::string, const BitPackEntry*> entries;
        for (const BitPackEntry& entry : file.entries) {
            entries.emplace(entry.name, &entry);
        }
        return forEachTensor(source, "comparing", control, [&](const PackedTensorHeader& header) {
            withTorchErrors([&] {
                for (const NamedTensor& expected : parts(source, header)) {
                    const auto found = entries.find(expected.first);
                    BITLOOM_REQUIRE(
                        found != entries.end() &&
                            at::equal(decode(*found->second).to(expected.second.scalar_type()),
                                      expected.second),
                        ErrorCode::VerifyFailed, expected.first,
                        " does not read back as it was written");
                }
            });
        });
    }

private:
    void foreseeRaw(const PackedTensor& parameters, ConvertedTensor& line) const
    {
        if (m_exact || parameters.kind == PackedKind::Unknown) {
            line.fate = ConversionFate::Lost;
            line.what = parameters.kind == PackedKind::Unknown
                            ? "its kind is of a newer version"
                            : "BitPack cannot read back a file with tensors that are no codes";
            return;
        }
        line.after = parameters.dtype;
    }

    /// A tensor of the source and what stands apart beside it, codes as int32.
    std::vector<NamedTensor> parts(const PackedSource& source,
                                   const PackedTensorHeader& header) const
    {
        if (header.kind != PackedKind::Int) {
            if (m_exact || header.kind == PackedKind::Unknown) {
                return {};
            }
            return {{header.name, decodeParameter(source.readTensor(header.name))}};
        }
        const PackedTensor tensor = source.readTensor(header.name);
        std::vector<NamedTensor> all{{tensor.name, integersOf(tensor)}};
        if (m_exact) {
            return all;
        }
        const auto addApart = [&](const char* suffix, const at::Tensor& values) {
            if (values.numel() > 0) {
                all.emplace_back(tensor.name + suffix, values);
            }
        };
        addApart(".scale", copyOf(tensor.scale, at::kFloat));
        addApart(".zero_point", copyOf(tensor.zeroPoint, at::kInt));
        addApart(".g_idx", copyOf(tensor.gIdx, at::kInt));
        if (tensor.groupSize > 0) {
            addApart(".group_size", copyOf(std::vector<std::int64_t>{tensor.groupSize}, at::kLong));
        }
        return all;
    }

    void add(BitPackFile& file, const PackedSource& source, const PackedTensorHeader& header) const
    {
        const BitPackMode mode = m_exact ? BitPackMode::Exact : BitPackMode::Safe;
        for (const auto& [name, values] : parts(source, header)) {
            const bool codes = header.kind == PackedKind::Int && name == header.name;
            file.entries.push_back(
                codes ? encode(name, values, mode)
                      : BitPackEntry{name, values.sizes().vec(), BitPackEntry::kRaw, 0, values});
        }
    }

    static void requireDistinct(const BitPackFile& file)
    {
        std::set<std::string> names;
        for (const BitPackEntry& entry : file.entries) {
            BITLOOM_REQUIRE(names.insert(entry.name).second, ErrorCode::InvalidArgument,
                            "scales would stand apart as ", entry.name,
                            ", which is a tensor of the input");
        }
    }

    bool m_exact;
    bool m_legacy;
};

} // namespace

std::unique_ptr<WeightTarget> makeBitPackTarget(WeightFormat format)
{
    return std::make_unique<BitPackTarget>(format);
}

} // namespace bitloom::io
