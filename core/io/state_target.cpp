// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_source.h"
#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/packed_tensor_codec.h"
#include "core/io/safetensors/safetensors_reader.h"
#include "core/io/safetensors/safetensors_writer.h"
#include "core/io/state/state_dict.h"
#include "core/io/weight_targets.h"
#include "core/ops/torch_errors.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>

namespace bitloom::io {

namespace {

constexpr std::array kTypes{
    std::pair(at::kHalf, SafetensorsType::F16),  std::pair(at::kBFloat16, SafetensorsType::BF16),
    std::pair(at::kFloat, SafetensorsType::F32), std::pair(at::kDouble, SafetensorsType::F64),
    std::pair(at::kChar, SafetensorsType::I8),   std::pair(at::kShort, SafetensorsType::I16),
    std::pair(at::kInt, SafetensorsType::I32),   std::pair(at::kLong, SafetensorsType::I64),
    std::pair(at::kByte, SafetensorsType::U8),   std::pair(at::kBool, SafetensorsType::Bool),
};

SafetensorsType safetensorsTypeOf(at::ScalarType type)
{
    const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                    [&](const auto& pair) { return pair.first == type; });
    BITLOOM_ASSERT(found != kTypes.end()); // dtypeNamed() knows no others
    return found->second;
}

std::span<const std::byte> bytesOf(const at::Tensor& tensor)
{
    return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

bool sameBytes(std::span<const std::byte> left, std::span<const std::byte> right)
{
    return left.size() == right.size() &&
           (left.empty() || std::memcmp(left.data(), right.data(), left.size()) == 0);
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
            line.what = "its kind is of a newer version";
            return line;
        }
        const at::ScalarType type = typeAfter(parameters);
        line.after = typeName(type);
        line.bytes =
            checkedMultiply(checkedNumel(parameters.shape, parameters.name),
                            static_cast<std::int64_t>(c10::elementSize(type)), parameters.name);
        if (isDequantized(parameters)) {
            line.fate = ConversionFate::Changed;
            line.what = "codes and scales become their products";
            line.what += type == at::kFloat || type == at::kDouble ? "" : ", rounded";
        } else if (line.after != parameters.dtype) {
            line.fate = ConversionFate::Changed;
            line.what = "rounded to " + line.after;
        }
        return line;
    }

    std::vector<std::string> losses(const PackedSource& source) const override
    {
        return lossesOfModel(source);
    }

protected:
    static bool isDequantized(const PackedTensor& parameters)
    {
        return parameters.kind == PackedKind::Int &&
               (!parameters.scale.empty() || !parameters.zeroPoint.empty());
    }

    at::ScalarType typeAfter(const PackedTensor& parameters) const
    {
        const auto own = dtypeNamed(parameters.dtype);
        BITLOOM_REQUIRE(own, ErrorCode::Unsupported, parameters.name, " is of the type ",
                        parameters.dtype, ", which cannot be converted");
        const at::ScalarType type =
            isDequantized(parameters) && !c10::isFloatingType(*own) ? at::kFloat : *own;
        return c10::isFloatingType(type) ? m_type.value_or(type) : type;
    }

    at::ScalarType typeOf(const PackedSource& source, const PackedTensorHeader& header) const
    {
        return typeAfter(header.kind == PackedKind::Int
                             ? source.readParameters(header.name)
                             : PackedTensor{header, {}, {}, {}, {}, {}, {}, {}});
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

    static void requireSame(const std::string& name, bool same)
    {
        BITLOOM_REQUIRE(same, ErrorCode::VerifyFailed, name,
                        " does not read back as it was written");
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

    bool write(const PackedSource& source, const std::filesystem::path& path,
               RunControl& control) override
    {
        std::vector<DeferredTensor> tensors;
        const auto total = static_cast<std::int64_t>(source.tensors().size());
        std::int64_t done = 0;
        for (const PackedTensorHeader& header : source.tensors()) {
            if (isKnown(header)) {
                tensors.push_back({header.name, header.shape, typeOf(source, header),
                                   [&, this](const ByteSink& sink) {
                                       if (control.shouldStop()) {
                                           throw Stopped{};
                                       }
                                       sink(bytesOf(decoded(source, header.name)));
                                       control.report({"writing", ++done, total, "tensors"});
                                   }});
            }
        }
        return untilStopped([&] { writeStateDict(path, tensors); });
    }

    bool compare(const PackedSource& source, const std::filesystem::path& path,
                 RunControl& control) override
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
                            sameBytes(bytesOf(tensor.contiguous()), bytesOf(expected)));
        });
    }
};

class SafetensorsStateTarget final : public StateTarget {
public:
    using StateTarget::StateTarget;

    std::int64_t containerBytes(const PackedSource& source) const override
    {
        return estimate(source, {.file = 100, .code = 65, .raw = 65});
    }

    bool write(const PackedSource& source, const std::filesystem::path& path,
               RunControl& control) override
    {
        std::vector<SafetensorsDeclaration> tensors;
        for (const PackedTensorHeader& header : source.tensors()) {
            if (isKnown(header)) {
                tensors.push_back(
                    {header.name, safetensorsTypeOf(typeOf(source, header)), header.shape});
            }
        }
        SafetensorsWriter writer(path, std::move(tensors), {{"format", "pt"}});
        const auto total = static_cast<std::int64_t>(writer.entries().size());
        std::int64_t done = 0;
        for (const SafetensorsEntry& entry : writer.entries()) {
            if (control.shouldStop()) {
                return false;
            }
            writer.append(entry.name, bytesOf(decoded(source, entry.name)));
            control.report({"writing", ++done, total, "tensors"});
        }
        writer.finish();
        return true;
    }

    bool compare(const PackedSource& source, const std::filesystem::path& path,
                 RunControl& control) override
    {
        const SafetensorsReader reader(path);
        return forEachTensor(source, "comparing", control, [&](const PackedTensorHeader& header) {
            if (!isKnown(header)) {
                return;
            }
            const SafetensorsEntry* const entry = reader.find(header.name);
            requireSame(header.name, entry != nullptr && entry->shape == header.shape &&
                                         sameBytes(reader.bytesOf(*entry),
                                                   bytesOf(decoded(source, header.name))));
        });
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
