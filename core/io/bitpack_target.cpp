// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_source.h"
#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack/bitpack_file.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/stored_rows.h"
#include "core/io/weight_targets.h"
#include "core/ops/tensor_bytes.h"
#include "core/ops/torch_errors.h"
#include "core/pack/bitpack_layout.h"

#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <functional>
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

/// A tensor of the output, whose values are read when they are wanted.
struct Part {
    std::string name;
    bool isCode = false;
    std::function<at::Tensor()> values;
};

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

    /// BitPack itself stops at codes without a negative value, and takes more bits for others.
    bool dependsOnCodes() const override { return m_exact; }

    ConvertedTensor foresee(const PackedTensor& tensor) const override
    {
        ConvertedTensor line = lineAbout(tensor);
        if (tensor.kind != PackedKind::Int) {
            foreseeRaw(tensor, line);
        } else if (m_exact) {
            foreseeExactly(tensor, line);
        } else {
            foreseeSafely(tensor, line);
        }
        return line;
    }

    std::vector<Phrase> losses(const PackedSource& source) const override
    {
        return lossesOfModel(source);
    }

    std::int64_t containerBytes(const PackedSource& source) const override
    {
        // So much for each entry; those of codes have others for their scales and zero points.
        const std::int64_t entry = m_legacy ? 430 : 640;
        const std::int64_t file = m_legacy ? 160 : 470;
        return m_exact ? estimate(source, {.file = file, .code = entry, .name = 0})
                       : estimate(source, {.file = file, .code = 5 * entry / 2, .raw = entry});
    }

    bool write(const PackedSource& source, const std::filesystem::path& path,
               RunControl& control) override
    {
        BitPackFile file;
        const bool complete =
            forEachTensor(source, "looking", control, [&](const PackedTensorHeader& header) {
                withTorchErrors([&] {
                    for (const Part& part : partsOf(source, header)) {
                        file.entries.push_back(entryOf(part));
                    }
                });
            });
        if (!complete) {
            return false;
        }
        requireDistinct(file);
        return writeBitPack(path, file, m_legacy ? TorchContainer::Legacy : TorchContainer::Zip,
                            m_exact ? BitPackOffsets::PackedOnly : BitPackOffsets::All, control);
    }

    bool compare(const PackedSource& source, const std::filesystem::path& path, RunControl& control,
                 std::vector<PackSheetRow>* rows) override
    {
        const BitPackFile file = readBitPack(path);
        std::map<std::string, const BitPackEntry*> entries;
        for (const BitPackEntry& entry : file.entries) {
            entries.emplace(entry.name, &entry);
        }
        return forEachTensor(source, "comparing", control, [&](const PackedTensorHeader& header) {
            withTorchErrors([&] {
                for (const Part& part : partsOf(source, header)) {
                    const auto found = entries.find(part.name);
                    const at::Tensor expected = part.values();
                    requireSame(part.name,
                                found != entries.end() && sameValues(*found->second, expected));
                    if (rows != nullptr) {
                        rows->push_back(sheetRow(*found->second));
                    }
                }
            });
        });
    }

private:
    /// Bit for bit, as NaN equals nothing.
    static bool sameValues(const BitPackEntry& entry, const at::Tensor& expected)
    {
        const at::Tensor read = decode(entry).to(expected.scalar_type()).contiguous();
        return read.sizes() == expected.sizes() &&
               sameBytes(bytesOfTensor(read), bytesOfTensor(expected.contiguous()));
    }

    static void foreseeExactly(const PackedTensor& tensor, ConvertedTensor& line)
    {
        const BitPackEntry entry = withTorchErrors([&] {
            return encodeDeferred(tensor.name, integersOf(tensor), BitPackMode::Exact, true);
        });
        line.bytes = checkedNumel(bitPackShape(entry.shape, entry.bits), tensor.name);
        line.after = PhraseId::BitPackCodes;
        if (!isBare(tensor)) {
            line.fate = ConversionFate::Lost;
            line.what = PhraseId::ScalesLost;
        }
    }

    static void foreseeSafely(const PackedTensor& parameters, ConvertedTensor& line)
    {
        const bool narrow = parameters.bits >= 0 && parameters.bits <= kMaxBits;
        const std::int64_t count = checkedNumel(parameters.shape, parameters.name);
        line.bytes = narrow ? (count * parameters.bits + 7) / 8 : 4 * count;
        line.bytes += static_cast<std::int64_t>(
            4 * (parameters.scale.size() + parameters.zeroPoint.size() + parameters.gIdx.size()));
        line.after = narrow ? PhraseId::BitPackCodes : PhraseId::BitPackCodesOrInt32;
        if (!isBare(parameters)) {
            line.fate = ConversionFate::Changed;
            line.what = {PhraseId::ScalesApart, {parameters.name}};
        }
    }

    void foreseeRaw(const PackedTensor& parameters, ConvertedTensor& line) const
    {
        if (m_exact || parameters.kind == PackedKind::Unknown) {
            line.fate = ConversionFate::Lost;
            line.what =
                parameters.kind == PackedKind::Unknown ? PhraseId::KindIsNewer : PhraseId::NoCodes;
            return;
        }
        if (const auto type = dtypeNamed(parameters.dtype); type && m_legacy) {
            requireHeld(TorchContainer::Legacy, parameters.name, *type);
        }
        line.after = parameters.dtype;
        line.bytes = parameters.payloadBytes;
    }

    /// A tensor of the source and what stands apart beside it, codes as int32.
    std::vector<Part> partsOf(const PackedSource& source, const PackedTensorHeader& header) const
    {
        const std::string& name = header.name;
        if (header.kind != PackedKind::Int) {
            if (m_exact || header.kind == PackedKind::Unknown) {
                return {};
            }
            return {{name, false, [&] { return decodeParameter(source.readTensor(name)); }}};
        }
        std::vector<Part> parts{{name, true, [&] { return integersOf(source.readTensor(name)); }}};
        if (m_exact) {
            return parts;
        }
        const PackedTensor tensor = source.readParameters(name);
        const auto addApart = [&](const char* suffix, const at::Tensor& values) {
            if (values.numel() > 0) {
                parts.push_back({name + suffix, false, [values] { return values; }});
            }
        };
        addApart(".scale", copyOf(tensor.scale, at::kFloat));
        addApart(".zero_point", copyOf(tensor.zeroPoint, at::kInt));
        addApart(".g_idx", copyOf(tensor.gIdx, at::kInt));
        if (tensor.groupSize > 0) {
            addApart(".group_size", copyOf(std::vector<std::int64_t>{tensor.groupSize}, at::kLong));
        }
        return parts;
    }

    /// The values are read now, for their range, and again when they are written: never those of
    /// two tensors are in memory together.
    BitPackEntry entryOf(const Part& part) const
    {
        const BitPackMode mode = m_exact ? BitPackMode::Exact : BitPackMode::Safe;
        const auto encoded = [part, mode] {
            const at::Tensor values = part.values();
            return part.isCode ? encodeDeferred(part.name, values, mode, true)
                               : BitPackEntry{part.name, values.sizes().vec(), BitPackEntry::kRaw,
                                              0, values};
        };
        BitPackEntry entry = encoded();
        if (!entry.isPacked()) {
            entry.deferredType = entry.stored.scalar_type();
        }
        entry.stored = at::Tensor();
        entry.deferred = [encoded](const ByteSink& sink) {
            const BitPackEntry again = encoded();
            if (again.deferred) {
                again.deferred(sink);
            } else {
                sink(bytesOfTensor(again.stored.contiguous()));
            }
        };
        return entry;
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
