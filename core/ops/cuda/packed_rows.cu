// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda/packed_rows.h"
#include "core/ops/packed_words.h"

#include <cuda_fp16.h>
#include <cuda_runtime.h>

namespace bitloom::ops::cuda {
namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kMaxBlocks = 1 << 20;

/// The words of a row, which may begin at any byte and end within a word.
struct RowWords {
    const std::uint8_t* bytes;
    std::int64_t rowBytes;
    bool isAligned; ///< every row begins at a word and consists of words

    __device__ std::uint32_t operator()(std::int64_t word) const
    {
        if (isAligned) {
            return reinterpret_cast<const std::uint32_t*>(bytes)[word];
        }
        std::uint32_t result = 0;
        for (int k = 0; k < 4; ++k) {
            const std::int64_t at = word * 4 + k;
            result |= at < rowBytes ? static_cast<std::uint32_t>(bytes[at]) << (8 * k) : 0U;
        }
        return result;
    }
};

bool hasWholeWords(const void* packed, std::int64_t rowBytes)
{
    return reinterpret_cast<std::uintptr_t>(packed) % 4 == 0 && rowBytes % 4 == 0;
}

template <typename T>
__device__ T valueOf(std::int64_t integer)
{
    return static_cast<T>(integer);
}

template <>
__device__ __half valueOf<__half>(std::int64_t integer)
{
    return __float2half_rn(static_cast<float>(integer));
}

/// The integer, or -1 - offset (which has no code) where there is none. Integers beyond 2^40 have
/// no code either.
template <typename T>
__device__ std::int64_t integerOf(T value, std::int64_t /*offset*/)
{
    return static_cast<std::int64_t>(value);
}

template <>
__device__ std::int64_t integerOf<float>(float value, std::int64_t offset)
{
    const bool isInteger = value == truncf(value) && fabsf(value) <= 1099511627776.0F;
    return isInteger ? static_cast<std::int64_t>(value) : -1 - offset;
}

template <>
__device__ std::int64_t integerOf<__half>(__half value, std::int64_t offset)
{
    return integerOf(__half2float(value), offset);
}

/// Each thread makes 16 bytes of values, so that stores are wide whatever the type.
template <typename T>
__global__ void unpackKernel(PackedRowsProblem problem, const std::uint8_t* packed, bool isAligned,
                             T* values)
{
    constexpr int kPiece = 16 / sizeof(T);
    const std::int64_t count = problem.rows * problem.columns;
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x * kPiece;
    for (std::int64_t first =
             (static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x) * kPiece;
         first < count; first += stride) {
        std::int64_t row = first / problem.columns;
        std::int64_t column = first - row * problem.columns;
        RowWords words{packed + row * problem.rowBytes, problem.rowBytes, isAligned};
        alignas(16) T piece[kPiece];
#pragma unroll
        for (int k = 0; k < kPiece; ++k) {
            if (first + k < count) {
                const std::uint32_t code =
                    packedCode(column, problem.bits, problem.msbFirst, words);
                piece[k] = valueOf<T>(static_cast<std::int64_t>(code) - problem.offset);
                if (++column == problem.columns) {
                    column = 0;
                    words.bytes += problem.rowBytes;
                }
            }
        }
        if (first + kPiece <= count) {
            *reinterpret_cast<uint4*>(values + first) = *reinterpret_cast<const uint4*>(piece);
        } else {
            for (int k = 0; first + k < count; ++k) {
                values[first + k] = piece[k];
            }
        }
    }
}

/// Each thread makes one word of a row.
template <typename T>
__global__ void packKernel(PackedRowsProblem problem, const T* values, std::uint8_t* packed,
                           bool isAligned, unsigned long long* firstBad)
{
    const std::int64_t wordsPerRow = (problem.rowBytes + 3) / 4;
    const std::int64_t count = problem.rows * wordsPerRow;
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
    const std::int64_t top = (std::int64_t{1} << problem.bits) - 1;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
         i < count; i += stride) {
        const std::int64_t row = i / wordsPerRow;
        const std::int64_t word = i - row * wordsPerRow;
        const auto codeAt = [&](std::int64_t column) {
            const std::int64_t place = row * problem.columns + column;
            const std::int64_t code = integerOf<T>(values[place], problem.offset) + problem.offset;
            if (code < 0 || code > top) {
                atomicMin(firstBad, static_cast<unsigned long long>(place));
                return 0U;
            }
            return static_cast<std::uint32_t>(code);
        };
        const std::uint32_t result =
            packedWord(word, problem.bits, problem.columns, problem.msbFirst, codeAt);
        std::uint8_t* const out = packed + row * problem.rowBytes + word * 4;
        if (isAligned) {
            *reinterpret_cast<std::uint32_t*>(out) = result;
        } else {
            for (int k = 0; k < 4 && word * 4 + k < problem.rowBytes; ++k) {
                out[k] = static_cast<std::uint8_t>(result >> (8 * k));
            }
        }
    }
}

unsigned blocksFor(std::int64_t threads)
{
    const std::int64_t blocks = (threads + kThreads - 1) / kThreads;
    return static_cast<unsigned>(blocks < kMaxBlocks ? blocks : kMaxBlocks);
}

template <typename T>
Status unpack(const PackedRowsProblem& problem, const std::uint8_t* packed, void* values,
              Stream stream)
{
    constexpr std::int64_t kPiece = 16 / sizeof(T);
    const std::int64_t pieces = (problem.rows * problem.columns + kPiece - 1) / kPiece;
    unpackKernel<T><<<blocksFor(pieces), kThreads, 0, stream>>>(
        problem, packed, hasWholeWords(packed, problem.rowBytes), static_cast<T*>(values));
    return cudaGetLastError();
}

template <typename T>
Status pack(const PackedRowsProblem& problem, const void* values, std::uint8_t* packed,
            unsigned long long* firstBad, Stream stream)
{
    const std::int64_t words = problem.rows * ((problem.rowBytes + 3) / 4);
    packKernel<T><<<blocksFor(words), kThreads, 0, stream>>>(
        problem, static_cast<const T*>(values), packed, hasWholeWords(packed, problem.rowBytes),
        firstBad);
    return cudaGetLastError();
}

} // namespace

Status launchUnpackRows(const PackedRowsProblem& problem, const std::uint8_t* packed, void* values,
                        Stream stream)
{
    switch (problem.element) {
    case PackedElement::UInt8:
        return unpack<std::uint8_t>(problem, packed, values, stream);
    case PackedElement::Int16:
        return unpack<std::int16_t>(problem, packed, values, stream);
    case PackedElement::Int32:
        return unpack<std::int32_t>(problem, packed, values, stream);
    case PackedElement::Float16:
        return unpack<__half>(problem, packed, values, stream);
    case PackedElement::Float32:
        return unpack<float>(problem, packed, values, stream);
    }
    return cudaErrorInvalidValue;
}

Status launchPackRows(const PackedRowsProblem& problem, const void* values, std::uint8_t* packed,
                      unsigned long long* firstBad, Stream stream)
{
    switch (problem.element) {
    case PackedElement::UInt8:
        return pack<std::uint8_t>(problem, values, packed, firstBad, stream);
    case PackedElement::Int16:
        return pack<std::int16_t>(problem, values, packed, firstBad, stream);
    case PackedElement::Int32:
        return pack<std::int32_t>(problem, values, packed, firstBad, stream);
    case PackedElement::Float16:
        return pack<__half>(problem, values, packed, firstBad, stream);
    case PackedElement::Float32:
        return pack<float>(problem, values, packed, firstBad, stream);
    }
    return cudaErrorInvalidValue;
}

} // namespace bitloom::ops::cuda
