// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/base64.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace bitloom {

namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 64;

constexpr std::array<std::uint8_t, 256> digitValues()
{
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoDigit);
    for (std::size_t i = 0; i < kDigits.size(); ++i) {
        values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

char digit(std::uint32_t group, int position)
{
    return kDigits[(group >> (18 - 6 * position)) & 63U];
}

} // namespace

std::string toBase64(std::span<const std::uint8_t> bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = std::uint32_t{bytes[i]} << 16U;
        group |= count > 1 ? std::uint32_t{bytes[i + 1]} << 8U : 0U;
        group |= count > 2 ? std::uint32_t{bytes[i + 2]} : 0U;
        text += digit(group, 0);
        text += digit(group, 1);
        text += count > 1 ? digit(group, 2) : '=';
        text += count > 2 ? digit(group, 3) : '=';
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> fromBase64(std::string_view text)
{
    static constexpr std::array<std::uint8_t, 256> kValues = digitValues();
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    const std::size_t numBytes = text.size() / 4 * 3 - padding;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(numBytes);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isPadding = i >= text.size() - padding;
        const std::uint8_t value = isPadding ? 0 : kValues[static_cast<unsigned char>(text[i])];
        if (value == kNoDigit) {
            return std::nullopt;
        }
        group = (group << 6U) | value;
        if (i % 4 == 3) {
            for (int shift = 16; shift >= 0 && bytes.size() < numBytes; shift -= 8) {
                bytes.push_back(static_cast<std::uint8_t>(group >> static_cast<unsigned>(shift)));
            }
        }
    }
    // Bits beyond the last byte must be zero, so that each text has one meaning.
    const bool isClean = (padding == 1 && (group & 0xFFU) == 0) ||
                         (padding == 2 && (group & 0xFFFFU) == 0) || padding == 0;
    return isClean ? std::optional(std::move(bytes)) : std::nullopt;
}

} // namespace bitloom
