// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bitloom {

// g++ and clang say it in different ways.
#if defined(__has_feature)
#define BITLOOM_HAS_FEATURE(feature) __has_feature(feature)
#else
#define BITLOOM_HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = BITLOOM_HAS_FEATURE(address_sanitizer);
#endif
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = BITLOOM_HAS_FEATURE(thread_sanitizer);
#endif
#undef BITLOOM_HAS_FEATURE
inline constexpr bool kSanitized = kAddressSanitizer || kThreadSanitizer;

} // namespace bitloom
