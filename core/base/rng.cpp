// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"

#include "core/base/error.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

namespace bitloom {

namespace {
std::uint64_t splitmix(std::uint64_t& state)
{
    state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}
} // namespace

Rng::Rng(std::uint64_t seed) : m_state{}
{
    for (std::uint64_t& word : m_state) {
        word = splitmix(seed);
    }
}

Rng::Rng(std::uint64_t seed, std::uint64_t index)
    : Rng(splitmix(seed) ^ (index * 0xd1342543de82ef95ULL + 1))
{
}

std::uint64_t Rng::next()
{
    const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
    const std::uint64_t t = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= t;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

double Rng::uniform()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::uint64_t Rng::below(std::uint64_t bound)
{
    BITLOOM_ASSERT(bound > 0);
    const std::uint64_t limit = -bound % bound;
    std::uint64_t value = next();
    while (value < limit) {
        value = next();
    }
    return value % bound;
}

double Rng::normal()
{
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

void Rng::shuffle(std::span<std::int64_t> items)
{
    for (std::size_t i = items.size(); i > 1; --i) {
        std::swap(items[i - 1], items[below(i)]);
    }
}

} // namespace bitloom
