// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed_tensor_codec.h"

#include "core/base/error.h"
#include "core/quant/uniform_quantizer.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace bitloom {

namespace {

struct DtypeName {
    at::ScalarType type;
    const char* name;
};
constexpr std::array<DtypeName, 15> kDtypes{{{at::kHalf, "float16"},
                                             {at::kBFloat16, "bfloat16"},
                                             {at::kFloat, "float32"},
                                             {at::kDouble, "float64"},
                                             {at::kChar, "int8"},
                                             {at::kShort, "int16"},
                                             {at::kInt, "int32"},
                                             {at::kLong, "int64"},
                                             {at::kByte, "uint8"},
                                             {at::kUInt16, "uint16"},
                                             {at::kUInt32, "uint32"},
                                             {at::kUInt64, "uint64"},
                                             {at::kBool, "bool"},
                                             {at::kComplexFloat, "complex64"},
                                             {at::kComplexDouble, "complex128"}}};

void encodeRaw(const at::Tensor& values, io::PackedTensor& tensor)
{
    const at::Tensor contiguous = values.detach().to(at::kCPU).contiguous();
    const auto* bytes = static_cast<const std::byte*>(contiguous.const_data_ptr());
    tensor.data.assign(bytes, bytes + contiguous.nbytes());
}

void encodeCodes(const at::Tensor& weight, const WeightCoding& coding, io::PackedTensor& tensor)
{
    if (coding.grid == nullptr) {
        io::packIntegers(tensor,
                         std::vector<std::int32_t>(static_cast<std::size_t>(weight.numel()), 0));
        return;
    }
    const at::Tensor values = weight.detach().to(at::kCPU);
    const UniformQuantizer quantizer(*coding.grid);
    at::Tensor codes;
    io::packIntegers(tensor, [&](std::int64_t row, std::int64_t rows) {
        codes = (values.dim() == 0 ? quantizer.codes(values)
                                   : quantizer.codesOfSlice(values, tensor.axis, row, rows))
                    .contiguous();
        return std::span(codes.const_data_ptr<std::int32_t>(),
                         static_cast<std::size_t>(codes.numel()));
    });
}

} // namespace

std::string dtypeName(const std::string& tensor, c10::ScalarType type)
{
    const std::string name = typeName(type);
    BITLOOM_REQUIRE(dtypeNamed(name).has_value(), ErrorCode::Unsupported, "tensor ", tensor,
                    " has the type ", name,
                    ", which a packed file cannot hold; it can float16 to float64, int8 to int64, "
                    "uint8 to uint64, bool, complex64 and complex128: convert the tensor to one of "
                    "them with PyTorch");
    return name;
}

std::string typeName(c10::ScalarType type)
{
    for (const DtypeName& dtype : kDtypes) {
        if (dtype.type == type) {
            return dtype.name;
        }
    }
    return c10::toString(type);
}

std::optional<c10::ScalarType> dtypeNamed(std::string_view name)
{
    for (const DtypeName& dtype : kDtypes) {
        if (dtype.name == name) {
            return dtype.type;
        }
    }
    return std::nullopt;
}

std::map<std::string, WeightCoding> weightCodings(const LoadedModel& model, const BitPlan& plan,
                                                  const QuantState& state)
{
    std::map<std::string, WeightCoding> codings;
    for (const LayerInfo& layer : model.info.layers) {
        const LayerPlan* entry = plan.findLayer(layer.name);
        if (layer.weight.empty() || entry == nullptr || entry->weight.isFloat()) {
            continue;
        }
        WeightCoding coding{&layer, entry->weight, nullptr};
        if (!entry->weight.isPruned()) {
            const auto grid = state.weights.find(layer.name);
            BITLOOM_REQUIRE(grid != state.weights.end(), ErrorCode::InvalidArgument, "layer ",
                            layer.name, " has integer bits in the plan but no grid");
            coding.grid = &grid->second;
        }
        codings.emplace(layer.weight, coding);
    }
    return codings;
}

io::PackedTensor parametersOf(const graph::Parameter& parameter, const WeightCoding* coding)
{
    io::PackedTensor tensor;
    tensor.name = parameter.name;
    tensor.shape = parameter.tensor.sizes().vec();
    tensor.dtype = dtypeName(parameter.name, parameter.tensor.scalar_type());
    if (coding == nullptr) {
        tensor.kind = io::PackedKind::Raw;
        tensor.payloadBytes =
            parameter.tensor.numel() * static_cast<std::int64_t>(parameter.tensor.element_size());
        return tensor;
    }
    tensor.axis = coding->layer->weightAxis;
    tensor.bits = coding->spec.bits;
    if (coding->grid != nullptr) { // else 0 bits, whose codes are 0 in offset_binary
        const bool isAffine = coding->spec.scheme == QScheme::Affine;
        tensor.encoding = isAffine ? io::CodeEncoding::Unsigned : io::CodeEncoding::OffsetBinary;
        tensor.scale = coding->grid->scale;
        tensor.zeroPoint = isAffine ? coding->grid->zeroPoint : std::vector<std::int32_t>();
    }
    const MatrixView view = tensor.matrix();
    tensor.unit = choosePackUnit(view.rows, view.cols, tensor.bits);
    tensor.payloadBytes = packedBytes(view.rows, view.cols, tensor.bits, tensor.unit);
    tensor.parameterBytes =
        static_cast<std::int64_t>(4 * (tensor.scale.size() + tensor.zeroPoint.size()));
    return tensor;
}

io::PackedTensor encodeParameter(const graph::Parameter& parameter, const WeightCoding* coding)
{
    io::PackedTensor tensor = parametersOf(parameter, coding);
    if (coding == nullptr) {
        encodeRaw(parameter.tensor, tensor);
    } else {
        encodeCodes(parameter.tensor, *coding, tensor);
    }
    return tensor;
}

namespace {

at::ScalarType typeOf(const io::PackedTensor& tensor)
{
    const auto type = dtypeNamed(tensor.dtype);
    BITLOOM_REQUIRE(type.has_value(), ErrorCode::Unsupported, "tensor ", tensor.name,
                    " has the unknown type ", tensor.dtype);
    return *type;
}

at::Tensor decodeCodes(const io::PackedTensor& tensor, at::ScalarType type)
{
    if (tensor.scale.empty() && tensor.zeroPoint.empty() && c10::isIntegralType(type, false)) {
        return integersOf(tensor).to(type);
    }
    at::Tensor weight = at::empty(tensor.shape, at::kFloat);
    io::dequantize(tensor, std::span(weight.mutable_data_ptr<float>(),
                                     static_cast<std::size_t>(weight.numel())));
    return weight.to(type);
}

} // namespace

at::Tensor integersOf(const io::PackedTensor& tensor)
{
    const at::Tensor values = at::empty(tensor.shape, at::kInt);
    auto* const out = values.mutable_data_ptr<std::int32_t>();
    io::visitIntegers(tensor, [out](std::int64_t first, std::span<const std::int32_t> piece) {
        std::copy(piece.begin(), piece.end(), out + first);
    });
    return values;
}

at::Tensor decodeParameter(const io::PackedTensor& tensor)
{
    const at::ScalarType type = typeOf(tensor);
    if (tensor.kind == io::PackedKind::Int) {
        return decodeCodes(tensor, type);
    }
    at::Tensor raw = at::empty(tensor.shape, type);
    BITLOOM_REQUIRE(raw.nbytes() == tensor.data.size(), ErrorCode::CorruptFile, "tensor ",
                    tensor.name, " needs ", raw.nbytes(), " bytes, the file has ",
                    tensor.data.size());
    std::memcpy(raw.mutable_data_ptr(), tensor.data.data(), tensor.data.size());
    return raw;
}

QuantParams gridOfCodes(const std::vector<float>& scale, const std::vector<std::int32_t>& zeroPoint,
                        int bits, bool isSigned, int axis)
{
    QuantParams grid;
    grid.scale = scale;
    grid.zeroPoint = zeroPoint;
    grid.zeroPoint.resize(scale.size(), 0);
    const std::int32_t codes = std::int32_t{1} << bits;
    grid.quantMin = isSigned ? -codes / 2 : 0;
    grid.quantMax = isSigned ? codes / 2 - 1 : codes - 1;
    grid.axis = axis;
    return grid;
}

bool hasGrid(const io::PackedTensor& tensor)
{
    return tensor.kind == io::PackedKind::Int && tensor.bits > 0 && tensor.groupSize == 0 &&
           !tensor.scale.empty() &&
           (tensor.encoding == io::CodeEncoding::Unsigned ||
            tensor.encoding == io::CodeEncoding::OffsetBinary);
}

QuantParams gridOf(const io::PackedTensor& tensor)
{
    return gridOfCodes(tensor.scale, tensor.zeroPoint, tensor.bits,
                       tensor.encoding != io::CodeEncoding::Unsigned,
                       // of one row, both mean the same
                       tensor.scale.size() > 1 ? static_cast<int>(tensor.axis) : -1);
}

} // namespace bitloom
