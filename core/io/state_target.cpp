// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_source.h"
#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/interchange/safetensors_values.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/safetensors/safetensors_reader.h"
#include "core/io/state/safetensors_state.h"
#include "core/io/state/state_dict.h"
#include "core/io/weight_targets.h"
#include "core/ops/tensor_bytes.h"
#include "core/ops/torch_errors.h"

#include <span>
#include <utility>

namespace bitloom::io {

namespace {

void addRow(std::vector<PackSheetRow>* rows, const std::string& name, const at::Tensor& stored)
{
    if (rows == nullptr) {
        return;
    }
    const std::span<const std::byte> bytes = bytesOfTensor(stored);
    PackSheetRow row;
    row.name = name;
    row.kind = "raw";
    row.bits = static_cast<int>(8 * stored.element_size());
    row.shape = stored.sizes().vec();
    row.packedBytes = static_cast<std::int64_t>(bytes.size());
    row.crc32 = crc32(bytes);
    rows->push_back(std::move(row));
}

/// The weights as numbers, under their names.
class StateTarget : public WeightTarget {
public:
    explicit StateTarget(const std::string& dtype) : m_type(dtypeNamed(dtype))
    {
        BITLOOM_REQUIRE(dtype.empty() || (m_type && c10::isFloatingType(*m_type)),
                        ErrorCode::InvalidArgument,
                        "a state dict is written in float16, bfloat16, "
                        "float32 or float64, not in ",
                        dtype);
    }

    ConvertedTensor foresee(const PackedTensor& parameters) const override
    {
        ConvertedTensor line = lineAbout(parameters);
        if (parameters.kind == PackedKind::Unknown) {
            line.fate = ConversionFate::Lost;
            line.what = PhraseId::KindIsNewer;
            return line;
        }
        const at::ScalarType type = typeAfter(parameters);
        const std::string after(typeName(type));
        line.after = after;
        line.bytes =
            checkedMultiply(checkedNumel(parameters.shape, parameters.name),
                            static_cast<std::int64_t>(c10::elementSize(type)), parameters.name);
        if (isDequantized(parameters)) {
            line.fate = ConversionFate::Changed;
            line.what = type == at::kFloat || type == at::kDouble ? PhraseId::BecomeProducts
                                                                  : PhraseId::BecomeRoundedProducts;
        } else if (after != parameters.dtype) {
            line.fate = ConversionFate::Changed;
            line.what = {PhraseId::RoundedTo, {after}};
        }
        return line;
    }

    std::vector<Phrase> losses(const PackedSource& source) const override
    {
        return lossesOfModel(source);
    }

    /// Each tensor is read and decoded when it is its turn.
    bool write(const PackedSource& source, const std::filesystem::path& path,
               RunControl& control) final
    {
        std::vector<DeferredTensor> tensors;
        const auto total = static_cast<std::int64_t>(source.tensors().size());
        std::int64_t done = 0;
        for (const PackedTensorHeader& header : source.tensors()) {
            if (isKnown(header)) {
                tensors.push_back({header.name, header.shape,
                                   typeAfter(source.withoutPayload(header)),
                                   [&, this](const ByteSink& sink) {
                                       if (control.shouldStop()) {
                                           throw Stopped{};
                                       }
                                       sink(bytesOfTensor(decoded(source, header.name)));
                                       control.report({"writing", ++done, total, "tensors"});
                                   }});
            }
        }
        return untilStopped([&] { store(path, tensors); });
    }

protected:
    virtual void store(const std::filesystem::path& path,
                       std::span<const DeferredTensor> tensors) const = 0;

    static bool isDequantized(const PackedTensor& parameters)
    {
        return parameters.kind == PackedKind::Int &&
               (!parameters.scale.empty() || !parameters.zeroPoint.empty());
    }

    at::ScalarType typeAfter(const PackedTensor& parameters) const
    {
        const auto own = dtypeNamed(parameters.dtype);
        if (!own) {
            throw PhraseError(ErrorCode::Unsupported,
                              {PhraseId::TypeNotConverted, {parameters.name, parameters.dtype}});
        }
        const at::ScalarType type =
            isDequantized(parameters) && !c10::isFloatingType(*own) ? at::kFloat : *own;
        return c10::isFloatingType(type) ? m_type.value_or(type) : type;
    }

    at::Tensor decoded(const PackedSource& source, const std::string& name) const
    {
        return withTorchErrors([&] {
            PackedTensor tensor = source.readTensor(name);
            const at::ScalarType type = typeAfter(tensor);
            if (isDequantized(tensor)) {
                tensor.dtype = "float32"; // an integer type would cut the products off
            }
            return decodeParameter(tensor).to(type).contiguous();
        });
    }

    static bool isKnown(const PackedTensorHeader& header)
    {
        return header.kind != PackedKind::Unknown;
    }

private:
    std::optional<at::ScalarType> m_type; ///< of floating point tensors; absent: their own
};

class TorchStateTarget final : public StateTarget {
public:
    using StateTarget::StateTarget;

    std::int64_t containerBytes(const PackedSource& source) const override
    {
        return estimate(source, {.file = 500, .code = 300, .raw = 300});
    }

    bool compare(const PackedSource& source, const std::filesystem::path& path, RunControl& control,
                 std::vector<PackSheetRow>* rows) override
    {
        const StateDict state = readStateDict(path, TensorMemory::Mapped);
        std::size_t at = 0;
        return forEachTensor(source, "comparing", control, [&](const PackedTensorHeader& header) {
            if (!isKnown(header)) {
                return;
            }
            requireSame(header.name, at < state.tensors.size());
            const auto& [name, tensor] = state.tensors[at++];
            // A prefix that all names have is taken off by the reader.
            const at::Tensor expected = decoded(source, header.name);
            requireSame(header.name,
                        header.name.ends_with(name) && tensor.sizes() == expected.sizes() &&
                            tensor.scalar_type() == expected.scalar_type() &&
                            sameBytes(bytesOfTensor(tensor.contiguous()), bytesOfTensor(expected)));
            addRow(rows, name, expected); // the same bytes
        });
    }

private:
    void store(const std::filesystem::path& path,
               std::span<const DeferredTensor> tensors) const override
    {
        writeStateDict(path, tensors);
    }
};

class SafetensorsStateTarget final : public StateTarget {
public:
    using StateTarget::StateTarget;

    ConvertedTensor foresee(const PackedTensor& parameters) const override
    {
        if (parameters.kind == PackedKind::Raw) {
            safetensorsTypeOf(parameters);
        }
        return StateTarget::foresee(parameters);
    }

    std::int64_t containerBytes(const PackedSource& source) const override
    {
        return estimate(source, {.file = 100, .code = 65, .raw = 65});
    }

    bool compare(const PackedSource& source, const std::filesystem::path& path, RunControl& control,
                 std::vector<PackSheetRow>* rows) override
    {
        const SafetensorsReader reader(path);
        return forEachTensor(source, "comparing", control, [&](const PackedTensorHeader& header) {
            if (!isKnown(header)) {
                return;
            }
            const SafetensorsEntry* const entry = reader.find(header.name);
            const at::Tensor expected = decoded(source, header.name);
            requireSame(header.name,
                        entry != nullptr && entry->shape == header.shape &&
                            sameBytes(reader.bytesOf(*entry), bytesOfTensor(expected)));
            addRow(rows, header.name, expected); // the same bytes
        });
    }

private:
    void store(const std::filesystem::path& path,
               std::span<const DeferredTensor> tensors) const override
    {
        writeSafetensorsState(path, tensors);
    }
};

} // namespace

std::unique_ptr<WeightTarget> makeStateTarget(WeightFormat format, const std::string& dtype)
{
    if (format == WeightFormat::SafetensorsState) {
        return std::make_unique<SafetensorsStateTarget>(dtype);
    }
    return std::make_unique<TorchStateTarget>(dtype);
}

} // namespace bitloom::io
