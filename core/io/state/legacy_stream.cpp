// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/legacy_stream.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/state/pickle_machine.h"

#include <limits>

namespace bitloom::io {

namespace {

constexpr std::int64_t kProtocol = 1001;

std::map<std::string_view, c10::ScalarType> typesOfStorages(const PickleTree& tree)
{
    std::map<std::string_view, c10::ScalarType> types;
    for (const PickleStorage& storage : tree.storages()) {
        const auto [found, added] = types.emplace(storage.key, storage.type);
        BITLOOM_REQUIRE(added || c10::elementSize(found->second) == c10::elementSize(storage.type),
                        ErrorCode::CorruptFile, "storage ", storage.key,
                        " is used with two element types");
    }
    return types;
}

std::int64_t readCount(std::string_view bytes)
{
    std::uint64_t count = 0;
    for (std::size_t i = 8; i-- > 0;) {
        count = (count << 8U) | static_cast<unsigned char>(bytes[i]);
    }
    return static_cast<std::int64_t>(count);
}

} // namespace

LegacyStream readLegacyStream(std::string_view content)
{
    std::size_t at = 0;
    const auto next = [&] {
        UnpickledObject object = readPickle(content.substr(at));
        at += object.consumed;
        return std::move(object.tree);
    };
    next(); // the magic number: the caller recognised the file by it
    const auto protocol = next().root().integer();
    BITLOOM_REQUIRE(protocol == kProtocol, ErrorCode::CorruptFile, "legacy stream of protocol ",
                    protocol.value_or(-1), "; ", kProtocol, " is the only one known");
    next(); // the writer's byte order and C type sizes; storages do not depend on them
    LegacyStream stream{next(), {}};
    const PickleTree keys = next();
    const auto* list = keys.root().node<PickleSequence>();
    BITLOOM_REQUIRE(list != nullptr, ErrorCode::CorruptFile,
                    "the legacy stream has no list of storages");

    const auto types = typesOfStorages(stream.tree);
    for (const PickleValue& item : list->items) {
        const auto key = item.text();
        BITLOOM_REQUIRE(key.has_value(), ErrorCode::CorruptFile,
                        "a storage key of the legacy stream is no text");
        const auto type = types.find(*key);
        BITLOOM_REQUIRE(type != types.end(), ErrorCode::CorruptFile, "storage ", *key,
                        " of the legacy stream belongs to no tensor");
        BITLOOM_REQUIRE(!stream.records.contains(*key), ErrorCode::CorruptFile,
                        "the legacy stream holds storage ", *key, " twice");
        BITLOOM_REQUIRE(content.size() - at >= 8, ErrorCode::CorruptFile,
                        "the file is cut off: the size of storage ", *key, " is missing at byte ",
                        at);
        const std::int64_t count = readCount(content.substr(at, 8));
        at += 8;
        BITLOOM_REQUIRE(count >= 0, ErrorCode::CorruptFile, "storage ", *key,
                        " has the negative size ", count);
        const auto bytes = static_cast<std::size_t>(
            checkedMultiply(count, static_cast<std::int64_t>(c10::elementSize(type->second)),
                            "storage " + std::string(*key)));
        BITLOOM_REQUIRE(bytes <= content.size() - at, ErrorCode::CorruptFile,
                        "the file is cut off: storage ", *key, " needs ", bytes,
                        " bytes, the file has ", content.size() - at, " left");
        stream.records.emplace(std::string(*key),
                               std::as_bytes(std::span(content.substr(at, bytes))));
        at += bytes;
    }
    return stream;
}

} // namespace bitloom::io
