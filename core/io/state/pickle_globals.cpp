// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/pickle_globals.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace bitloom::io {

namespace {

using c10::ScalarType;
using Role = GlobalRole;

constexpr auto kGlobals = std::to_array<PickleGlobal>({
    {"torch._utils", "_rebuild_tensor", Role::RebuildTensor},
    {"torch._utils", "_rebuild_tensor_v2", Role::RebuildTensorV2},
    {"torch._utils", "_rebuild_tensor_v3", Role::RebuildTensorV3},
    {"torch._utils", "_rebuild_parameter", Role::RebuildParameter},
    {"torch._utils", "_rebuild_parameter_with_state", Role::RebuildParameter},
    {"torch._tensor", "_rebuild_from_type_v2", Role::RebuildFromType},
    {"torch._utils", "_rebuild_sparse_tensor", Role::SparseTensor},
    {"torch._utils", "_rebuild_qtensor", Role::QuantizedTensor},
    {"torch.serialization", "_get_layout", Role::Layout},
    {"torch", "per_tensor_affine", Role::QuantizationScheme},
    {"torch", "per_channel_affine", Role::QuantizationScheme},
    {"torch", "Size", Role::Size},
    {"torch", "device", Role::Device},
    {"torch", "Tensor", Role::TensorType},
    {"torch.nn.parameter", "Parameter", Role::TensorType},
    {"collections", "OrderedDict", Role::OrderedDict},
    {"collections", "defaultdict", Role::DefaultDict},
    {"collections", "Counter", Role::OrderedDict},
    {"builtins", "dict", Role::OrderedDict},
    {"__builtin__", "dict", Role::OrderedDict},
    {"builtins", "set", Role::Set},
    {"__builtin__", "set", Role::Set},
    {"builtins", "frozenset", Role::Set},
    {"__builtin__", "frozenset", Role::Set},
    {"builtins", "list", Role::List},
    {"__builtin__", "list", Role::List},
    {"builtins", "tuple", Role::Tuple},
    {"__builtin__", "tuple", Role::Tuple},
    {"builtins", "bytes", Role::Bytes},
    {"__builtin__", "bytes", Role::Bytes},
    {"builtins", "bytearray", Role::Bytes},
    {"__builtin__", "bytearray", Role::Bytes},
    {"_codecs", "encode", Role::CodecsEncode},
    {"numpy.core.multiarray", "scalar", Role::NumpyScalar},
    {"numpy._core.multiarray", "scalar", Role::NumpyScalar},
    {"numpy.core.multiarray", "_reconstruct", Role::NumpyArray},
    {"numpy._core.multiarray", "_reconstruct", Role::NumpyArray},
    {"numpy", "ndarray", Role::NumpyArray},
    {"numpy", "dtype", Role::NumpyDtype},
    {"torch.storage", "UntypedStorage", Role::StorageType, ScalarType::Byte},
    {"torch", "UntypedStorage", Role::StorageType, ScalarType::Byte},
    {"torch", "ByteStorage", Role::StorageType, ScalarType::Byte},
    {"torch", "CharStorage", Role::StorageType, ScalarType::Char},
    {"torch", "ShortStorage", Role::StorageType, ScalarType::Short},
    {"torch", "IntStorage", Role::StorageType, ScalarType::Int},
    {"torch", "LongStorage", Role::StorageType, ScalarType::Long},
    {"torch", "HalfStorage", Role::StorageType, ScalarType::Half},
    {"torch", "BFloat16Storage", Role::StorageType, ScalarType::BFloat16},
    {"torch", "FloatStorage", Role::StorageType, ScalarType::Float},
    {"torch", "DoubleStorage", Role::StorageType, ScalarType::Double},
    {"torch", "BoolStorage", Role::StorageType, ScalarType::Bool},
    {"torch", "ComplexFloatStorage", Role::StorageType, ScalarType::ComplexFloat},
    {"torch", "ComplexDoubleStorage", Role::StorageType, ScalarType::ComplexDouble},
    {"torch", "QInt8Storage", Role::StorageType, ScalarType::Char},
    {"torch", "QUInt8Storage", Role::StorageType, ScalarType::Byte},
    {"torch", "QInt32Storage", Role::StorageType, ScalarType::Int},
    {"torch", "uint8", Role::Dtype, ScalarType::Byte},
    {"torch", "int8", Role::Dtype, ScalarType::Char},
    {"torch", "int16", Role::Dtype, ScalarType::Short},
    {"torch", "int32", Role::Dtype, ScalarType::Int},
    {"torch", "int64", Role::Dtype, ScalarType::Long},
    {"torch", "uint16", Role::Dtype, ScalarType::UInt16},
    {"torch", "uint32", Role::Dtype, ScalarType::UInt32},
    {"torch", "uint64", Role::Dtype, ScalarType::UInt64},
    {"torch", "float16", Role::Dtype, ScalarType::Half},
    {"torch", "bfloat16", Role::Dtype, ScalarType::BFloat16},
    {"torch", "float32", Role::Dtype, ScalarType::Float},
    {"torch", "float64", Role::Dtype, ScalarType::Double},
    {"torch", "bool", Role::Dtype, ScalarType::Bool},
    {"torch", "complex64", Role::Dtype, ScalarType::ComplexFloat},
    {"torch", "complex128", Role::Dtype, ScalarType::ComplexDouble},
    {"torch", "float8_e4m3fn", Role::Dtype, ScalarType::Float8_e4m3fn},
    {"torch", "float8_e5m2", Role::Dtype, ScalarType::Float8_e5m2},
    {"torch", "float8_e4m3fnuz", Role::Dtype, ScalarType::Float8_e4m3fnuz},
    {"torch", "float8_e5m2fnuz", Role::Dtype, ScalarType::Float8_e5m2fnuz},
});

// The tensor iterators of LibTorch stop at 64 dimensions.
constexpr std::size_t kMaxPickledDimensions = 64;

template <typename... Parts>
[[noreturn]] void misfit(const PickleGlobal& callee, const Parts&... parts)
{
    fail(ErrorCode::CorruptFile, "damaged or hostile pickle: ", callee.module, ".", callee.name,
         " ", parts...);
}

const PickleSequence& sequenceOf(const PickleGlobal& callee, const PickleValue& value,
                                 const char* what)
{
    const auto* sequence = value.node<PickleSequence>();
    if (sequence == nullptr) {
        misfit(callee, "wants a tuple as ", what);
    }
    return *sequence;
}

std::vector<std::int64_t> integersOf(PickleTree& tree, const PickleGlobal& callee,
                                     const PickleValue& value, const char* what)
{
    const PickleSequence& sequence = sequenceOf(callee, value, what);
    if (sequence.items.size() > kMaxPickledDimensions) {
        misfit(callee, "has ", sequence.items.size(), " numbers as ", what, "; at most ",
               kMaxPickledDimensions, " are read");
    }
    tree.chargeCopies(sequence.items.size());
    std::vector<std::int64_t> result;
    for (const PickleValue& item : sequence.items) {
        const auto number = item.integer();
        if (!number) {
            misfit(callee, "wants integers as ", what);
        }
        result.push_back(*number);
    }
    return result;
}

/// What all ways to make a tensor begin with: a storage, an offset, sizes and strides.
PickleTensor stridedTensor(PickleTree& tree, const PickleGlobal& callee,
                           std::span<const PickleValue> arguments, std::size_t wanted)
{
    if (arguments.size() < wanted) {
        misfit(callee, "has ", arguments.size(), " arguments, ", wanted, " were expected");
    }
    PickleTensor tensor;
    tensor.storage = arguments[0].node<PickleStorage>();
    const auto offset = arguments[1].integer();
    if (tensor.storage == nullptr || !offset) {
        misfit(callee, "wants a storage and an offset");
    }
    tensor.type = tensor.storage->type;
    tensor.offset = *offset;
    tensor.sizes = integersOf(tree, callee, arguments[2], "size");
    tensor.strides = integersOf(tree, callee, arguments[3], "stride");
    if (tensor.sizes.size() != tensor.strides.size()) {
        misfit(callee, "has ", tensor.sizes.size(), " sizes but ", tensor.strides.size(),
               " strides");
    }
    return tensor;
}

/// What views of complex tensors put off: {"conj": bool, "neg": bool}.
void readMetadata(const PickleGlobal& callee, const PickleValue& value, PickleTensor& tensor)
{
    const auto* metadata = value.node<PickleDict>();
    if (metadata == nullptr) {
        if (!value.isNone()) {
            misfit(callee, "wants a dict as the tensor's metadata");
        }
        return;
    }
    for (const auto& [key, isSet] : metadata->items) {
        const auto* flag = std::get_if<bool>(&isSet.data);
        const std::string_view name = key.text().value_or("(not a text)");
        if (flag == nullptr || (name != "conj" && name != "neg")) {
            misfit(callee, "has the metadata ", name, ", conj and neg were expected");
        }
        (name == "conj" ? tensor.isConjugated : tensor.isNegated) = *flag;
    }
}

PickleValue rebuildTensor(PickleTree& tree, const PickleGlobal& callee,
                          std::span<const PickleValue> arguments)
{
    const std::size_t wanted = callee.role == Role::RebuildTensor     ? 4
                               : callee.role == Role::RebuildTensorV2 ? 6
                                                                      : 7;
    PickleTensor tensor = stridedTensor(tree, callee, arguments, wanted);
    if (callee.role == Role::RebuildTensorV3) {
        const auto* dtype = arguments[6].node<PickleGlobal>();
        if (dtype == nullptr || dtype->role != Role::Dtype) {
            misfit(callee, "wants a torch dtype as its seventh argument");
        }
        tensor.type = dtype->type;
    }
    if (arguments.size() > wanted) {
        readMetadata(callee, arguments[wanted], tensor);
    }
    return tree.addTensor(std::move(tensor));
}

/// Storage, offset, sizes, strides, and (scheme, scale, zero point) or (scheme, scales, zero
/// points, axis).
PickleValue rebuildQuantized(PickleTree& tree, const PickleGlobal& callee,
                             std::span<const PickleValue> arguments)
{
    PickleTensor codes = stridedTensor(tree, callee, arguments, 6);
    const std::vector<PickleValue>& grid = sequenceOf(callee, arguments[4], "its grid").items;
    const auto* scheme = grid.empty() ? nullptr : grid[0].node<PickleGlobal>();
    if (scheme == nullptr || scheme->role != Role::QuantizationScheme) {
        misfit(callee, "wants a quantization scheme");
    }
    PickleQuantized tensor;
    if (scheme->name == "per_tensor_affine") {
        const auto* scale = grid.size() < 3 ? nullptr : std::get_if<double>(&grid[1].data);
        const auto zeroPoint = grid.size() < 3 ? std::nullopt : grid[2].integer();
        if (scale == nullptr || !zeroPoint) {
            misfit(callee, "wants a scale and a zero point");
        }
        tensor.scale = *scale;
        tensor.zeroPoint = *zeroPoint;
    } else { // per_channel_affine
        tensor.scales = grid.size() < 4 ? nullptr : grid[1].node<PickleTensor>();
        tensor.zeroPoints = grid.size() < 4 ? nullptr : grid[2].node<PickleTensor>();
        tensor.axis = grid.size() < 4 ? std::nullopt : grid[3].integer();
        if (tensor.scales == nullptr || tensor.zeroPoints == nullptr || !tensor.axis) {
            misfit(callee, "wants scales, zero points and an axis");
        }
    }
    tensor.codes = tree.addTensor(std::move(codes)).node<PickleTensor>();
    return tree.addQuantized(tensor);
}

/// list(x), set(x), tuple(x), torch.Size(x).
PickleValue copySequence(PickleTree& tree, const PickleGlobal& callee,
                         std::span<const PickleValue> arguments, PickleSequence::Kind kind)
{
    if (arguments.empty()) {
        return tree.addSequence(kind, {});
    }
    const PickleSequence& source = sequenceOf(callee, arguments[0], "its contents");
    tree.chargeCopies(source.items.size());
    return tree.addSequence(kind, source.items);
}

/// dict(), OrderedDict([[k, v], ...]), Counter({...}).
PickleValue makeDict(PickleTree& tree, const PickleGlobal& callee,
                     std::span<const PickleValue> arguments)
{
    const PickleValue made = tree.addDict();
    auto& items = std::get<PickleDict*>(made.data)->items;
    if (arguments.empty() || callee.role == Role::DefaultDict) {
        return made; // a defaultdict's argument is the factory of missing entries
    }
    if (const auto* source = arguments[0].node<PickleDict>()) {
        tree.chargeCopies(source->items.size());
        items = source->items;
        return made;
    }
    const PickleSequence& pairs = sequenceOf(callee, arguments[0], "its contents");
    tree.chargeCopies(pairs.items.size());
    for (const PickleValue& item : pairs.items) {
        const PickleSequence& pair = sequenceOf(callee, item, "an entry");
        if (pair.items.size() != 2) {
            misfit(callee, "wants pairs as entries");
        }
        items.emplace_back(pair.items[0], pair.items[1]);
    }
    return made;
}

/// text.encode('latin1'): how protocol 2 writes bytes.
PickleValue encodeLatin1(PickleTree& tree, const PickleGlobal& callee,
                         std::span<const PickleValue> arguments)
{
    const auto text = arguments.empty() ? std::nullopt : arguments[0].text();
    const auto codec = arguments.size() < 2 ? std::nullopt : arguments[1].text();
    if (!text || (codec != "latin1" && codec != "latin-1")) {
        misfit(callee, "wants a text and the codec latin1");
    }
    tree.chargeCopies(text->size() / sizeof(PickleValue) + 1);
    std::string bytes;
    bytes.reserve(text->size());
    for (std::size_t i = 0; i < text->size(); ++i) {
        const auto lead = static_cast<unsigned char>((*text)[i]);
        if (lead < 0x80) {
            bytes.push_back(static_cast<char>(lead));
        } else if ((lead == 0xC2 || lead == 0xC3) && i + 1 < text->size()) {
            const auto next = static_cast<unsigned char>((*text)[++i]);
            bytes.push_back(static_cast<char>(((lead & 3U) << 6U) | (next & 0x3FU)));
        } else {
            misfit(callee, "is given a character beyond latin1");
        }
    }
    return tree.addOwnedBytes(std::move(bytes));
}

template <typename Number>
PickleValue numberFrom(std::string bytes, bool bigEndian)
{
    if (bigEndian != (std::endian::native == std::endian::big)) {
        std::reverse(bytes.begin(), bytes.end());
    }
    Number number{};
    std::memcpy(&number, bytes.data(), sizeof number);
    if constexpr (std::is_floating_point_v<Number>) {
        return {static_cast<double>(number)};
    } else {
        return {static_cast<std::int64_t>(number)};
    }
}

PickleValue numpyScalar(PickleTree& tree, const PickleGlobal& callee,
                        std::span<const PickleValue> arguments)
{
    const auto* dtype = arguments.empty() ? nullptr : arguments[0].node<PickleOpaque>();
    const auto* value = arguments.size() < 2 ? nullptr : arguments[1].node<PickleBytes>();
    if (dtype == nullptr || dtype->kind != PickleOpaque::Kind::NumpyDtype || value == nullptr) {
        misfit(callee, "wants a numpy dtype and bytes");
    }
    struct Reader {
        std::string_view code;
        std::size_t bytes;
        PickleValue (*read)(std::string, bool);
    };
    static constexpr auto kReaders = std::to_array<Reader>({
        {"f8", 8, numberFrom<double>},
        {"f4", 4, numberFrom<float>},
        {"i8", 8, numberFrom<std::int64_t>},
        {"i4", 4, numberFrom<std::int32_t>},
        {"i2", 2, numberFrom<std::int16_t>},
        {"i1", 1, numberFrom<std::int8_t>},
        {"u4", 4, numberFrom<std::uint32_t>},
        {"u2", 2, numberFrom<std::uint16_t>},
        {"u1", 1, numberFrom<std::uint8_t>},
        {"b1", 1, numberFrom<std::uint8_t>},
    });
    for (const Reader& reader : kReaders) {
        if (dtype->what == reader.code && value->bytes.size() == reader.bytes) {
            return reader.read(std::string(value->bytes), dtype->bigEndian);
        }
    }
    return tree.addOpaque({PickleOpaque::Kind::Other, "a numpy value"});
}

PickleValue numpyDtype(PickleTree& tree, const PickleGlobal& callee,
                       std::span<const PickleValue> arguments)
{
    const auto code = arguments.empty() ? std::nullopt : arguments[0].text();
    if (!code) {
        misfit(callee, "wants a type code");
    }
    return tree.addOpaque({PickleOpaque::Kind::NumpyDtype, *code});
}

PickleValue rebuildParameter(const PickleGlobal& callee, std::span<const PickleValue> arguments)
{
    if (arguments.empty() || arguments[0].node<PickleTensor>() == nullptr) {
        misfit(callee, "wants a tensor");
    }
    return arguments[0];
}

/// A tensor with attributes of its own, as nn.Buffer has: (how it is made, its class, what it is
/// made of, the attributes, which nobody needs here).
PickleValue rebuildFromType(PickleTree& tree, const PickleGlobal& callee,
                            std::span<const PickleValue> arguments)
{
    const auto* maker = arguments.size() < 4 ? nullptr : arguments[0].node<PickleGlobal>();
    const auto* type = arguments.size() < 4 ? nullptr : arguments[1].node<PickleGlobal>();
    if (type == nullptr || type->role != Role::TensorType || maker == nullptr ||
        (maker->role != Role::RebuildTensorV2 && maker->role != Role::RebuildTensorV3)) {
        misfit(callee, "wants a function that makes tensors, and a class of tensors");
    }
    return rebuildTensor(tree, *maker,
                         sequenceOf(callee, arguments[2], "the function's arguments").items);
}

} // namespace

const PickleGlobal& allowedGlobal(std::string_view module, std::string_view name)
{
    const auto* found =
        std::find_if(kGlobals.begin(), kGlobals.end(), [&](const PickleGlobal& entry) {
            return entry.module == module && entry.name == name;
        });
    BITLOOM_REQUIRE(found != kGlobals.end(), ErrorCode::UnsafeFile,
                    "refused: the file asks to run `", module, ".", name,
                    "`; only tensors and plain containers are read; re-save with "
                    "torch.save(model.state_dict(), ...)");
    return *found;
}

PickleValue callGlobal(PickleTree& tree, const PickleGlobal& callee,
                       std::span<const PickleValue> arguments)
{
    switch (callee.role) {
    case Role::RebuildTensor:
    case Role::RebuildTensorV2:
    case Role::RebuildTensorV3:
        return rebuildTensor(tree, callee, arguments);
    case Role::RebuildParameter:
        return rebuildParameter(callee, arguments);
    case Role::RebuildFromType:
        return rebuildFromType(tree, callee, arguments);
    case Role::SparseTensor:
        return tree.addOpaque({PickleOpaque::Kind::SparseTensor, "a sparse tensor"});
    case Role::QuantizedTensor:
        return rebuildQuantized(tree, callee, arguments);
    case Role::Layout:
        return tree.addOpaque({PickleOpaque::Kind::Other, "a layout"});
    case Role::Device:
        return tree.addOpaque({PickleOpaque::Kind::Other, "a device"});
    case Role::Size:
    case Role::Tuple:
        return copySequence(tree, callee, arguments, PickleSequence::Kind::Tuple);
    case Role::Set:
        return copySequence(tree, callee, arguments, PickleSequence::Kind::Set);
    case Role::List:
        return copySequence(tree, callee, arguments, PickleSequence::Kind::List);
    case Role::OrderedDict:
    case Role::DefaultDict:
        return makeDict(tree, callee, arguments);
    case Role::CodecsEncode:
        return encodeLatin1(tree, callee, arguments);
    case Role::Bytes:
        if (arguments.empty()) {
            return tree.addBytes({});
        }
        if (arguments[0].node<PickleBytes>() != nullptr) {
            return arguments[0];
        }
        return encodeLatin1(tree, callee, arguments);
    case Role::NumpyScalar:
        return numpyScalar(tree, callee, arguments);
    case Role::NumpyDtype:
        return numpyDtype(tree, callee, arguments);
    case Role::NumpyArray:
        return tree.addOpaque({PickleOpaque::Kind::Other, "a numpy array"});
    case Role::StorageType:
    case Role::Dtype:
    case Role::TensorType:
    case Role::QuantizationScheme:
        break;
    }
    misfit(callee, "is called, but it is only ever named in files that torch.save wrote");
}

PickleValue storageOfPersistentId(PickleTree& tree, const PickleValue& id)
{
    const auto* parts = id.node<PickleSequence>();
    const auto wrong = [](const char* what) {
        fail(ErrorCode::CorruptFile, "damaged or hostile pickle: a persistent id ", what,
             "; expected ('storage', type, key, location, number of elements)");
    };
    if (parts == nullptr || parts->items.size() < 5 || parts->items[0].text() != "storage") {
        wrong("is no storage");
    }
    const auto* type = parts->items[1].node<PickleGlobal>();
    const auto key = parts->items[2].text();
    const auto numel = parts->items[4].integer();
    if (type == nullptr || type->role != Role::StorageType || !key || !numel) {
        wrong("has parts of the wrong type");
    }
    BITLOOM_REQUIRE(*numel >= 0, ErrorCode::CorruptFile, "storage ", *key,
                    " has the negative size ", *numel);
    PickleStorage storage{*key, type->type, *numel, 0, std::nullopt};
    if (parts->items.size() > 5 && !parts->items[5].isNone()) {
        const auto* view = parts->items[5].node<PickleSequence>();
        const auto offset =
            view == nullptr || view->items.size() != 3 ? std::nullopt : view->items[1].integer();
        const auto size = offset ? view->items[2].integer() : std::nullopt;
        if (!size || *offset < 0 || *size < 0) {
            wrong("has a view that is not (key, offset >= 0, size >= 0)");
        }
        storage.viewOffset = *offset;
        storage.viewNumel = size;
    }
    return tree.addStorage(storage);
}

} // namespace bitloom::io
