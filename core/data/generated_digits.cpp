// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/generated_digits.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/data/digit_strokes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace bitloom {

namespace {
constexpr int kCanvasSide = GeneratedDigits::kSide;
using Canvas = std::array<float, static_cast<std::size_t>(kCanvasSide) * kCanvasSide>;

/// A piece of a stroke in pixels, with the pen's radius at its ends.
struct Segment {
    double x0, y0, r0;
    double x1, y1, r1;
};

/// How one writer's hand moves: everything that is drawn at random before the points are.
struct Hand {
    explicit Hand(Rng& rng)
        : aspect(rng.uniform(0.5, 0.95)), slant(0.08 + 0.22 * rng.normal()),
          angle(0.12 * rng.normal()), height(rng.uniform(17.0, 20.0)),
          displacement(rng.uniform(0.02, 0.065)),
          penRadius(std::clamp(1.2 + 0.35 * rng.normal(), 0.65, 2.1)),
          penVariation(rng.uniform(0.0, 0.25)), penFrequency(rng.uniform(1.0, 5.0)),
          penPhase(rng.uniform(0.0, 2.0 * std::numbers::pi)), wobble(rng.uniform(0.0, 0.07))
    {
        for (double& phase : wobblePhase) {
            phase = rng.uniform(0.0, 2.0 * std::numbers::pi);
        }
        for (double& frequency : wobbleFrequency) {
            frequency = rng.uniform(2.0, 6.0);
        }
    }

    /// From the unit box to pixels around the origin.
    std::pair<double, double> place(const StrokePoint& point) const
    {
        const double wx =
            point.x + wobble * std::sin(wobbleFrequency[0] * point.y + wobblePhase[0]) +
            0.5 * wobble * std::sin(2.0 * wobbleFrequency[1] * point.x + wobblePhase[1]);
        const double wy =
            point.y + wobble * std::sin(wobbleFrequency[2] * point.x + wobblePhase[2]);
        const double x = (wx - 0.5) * aspect - slant * (wy - 0.5);
        const double y = wy - 0.5;
        return {height * (std::cos(angle) * x - std::sin(angle) * y),
                height * (std::sin(angle) * x + std::cos(angle) * y)};
    }
    double radiusAt(double along) const
    {
        return penRadius * (1.0 + penVariation * std::sin(penFrequency * along + penPhase));
    }

    double aspect;       ///< width / height of the unit box
    double slant;        ///< shear, to the right
    double angle;        ///< radians
    double height;       ///< pixels
    double displacement; ///< standard deviation of the points, in unit boxes
    double penRadius;    ///< pixels
    double penVariation;
    double penFrequency;
    double penPhase;
    double wobble; ///< amplitude of the smooth distortion, in unit boxes
    std::array<double, 3> wobblePhase{};
    std::array<double, 3> wobbleFrequency{};
};

std::vector<Segment> drawStrokes(int digit, const Hand& hand, Rng& rng)
{
    const auto shapes = shapesOfDigit(digit);
    const DigitShape& shape = shapes[rng.below(shapes.size())];
    std::vector<Segment> segments;
    std::vector<StrokePoint> line;
    for (Stroke stroke : shape) {
        for (StrokePoint& point : stroke) {
            point.x += hand.displacement * rng.normal();
            point.y += hand.displacement * rng.normal();
        }
        constexpr int kSamples = 6;
        sampleStroke(stroke, kSamples, line);
        auto [x0, y0] = hand.place(line.front());
        double r0 = hand.radiusAt(0.0);
        for (std::size_t i = 1; i < line.size(); ++i) {
            const auto [x1, y1] = hand.place(line[i]);
            const double r1 =
                hand.radiusAt(static_cast<double>(i) / static_cast<double>(line.size() - 1));
            segments.push_back({x0, y0, r0, x1, y1, r1});
            x0 = x1;
            y0 = y1;
            r0 = r1;
        }
    }
    return segments;
}

/// Moves and, where too large, shrinks the strokes so that they fit 20 x 20 pixels about the
/// canvas' middle.
void fit(std::vector<Segment>& segments)
{
    constexpr double kBox = 20.0;
    double left = segments.front().x0;
    double right = left;
    double top = segments.front().y0;
    double bottom = top;
    double length = 0.0;
    double massX = 0.0;
    double massY = 0.0;
    for (const Segment& s : segments) {
        left = std::min({left, s.x0, s.x1});
        right = std::max({right, s.x0, s.x1});
        top = std::min({top, s.y0, s.y1});
        bottom = std::max({bottom, s.y0, s.y1});
        const double piece = std::hypot(s.x1 - s.x0, s.y1 - s.y0);
        length += piece;
        massX += piece * (s.x0 + s.x1) / 2;
        massY += piece * (s.y0 + s.y1) / 2;
    }
    const double scale = std::min(1.0, kBox / std::max(right - left, bottom - top));
    const double centerX = length > 0 ? massX / length : left;
    const double centerY = length > 0 ? massY / length : top;
    constexpr double kMiddle = (kCanvasSide - 1) / 2.0;
    for (Segment& s : segments) {
        s.x0 = kMiddle + (s.x0 - centerX) * scale;
        s.x1 = kMiddle + (s.x1 - centerX) * scale;
        s.y0 = kMiddle + (s.y0 - centerY) * scale;
        s.y1 = kMiddle + (s.y1 - centerY) * scale;
    }
}

/// Raises the canvas to the ink of one segment: full inside, fading over softness pixels at the
/// edge.
void paint(const Segment& s, double softness, Canvas& canvas)
{
    const auto x0 = static_cast<float>(s.x0);
    const auto y0 = static_cast<float>(s.y0);
    const auto r0 = static_cast<float>(s.r0);
    const auto widening = static_cast<float>(s.r1 - s.r0);
    const auto dx = static_cast<float>(s.x1 - s.x0);
    const auto dy = static_cast<float>(s.y1 - s.y0);
    const float perLength = 1.0F / std::max(dx * dx + dy * dy, 1e-9F);
    const auto perPixel = static_cast<float>(1.0 / softness);
    const double reach = std::max(s.r0, s.r1) + softness / 2;
    const auto first = [&](double a, double b) {
        return std::max(0, static_cast<int>(std::ceil(std::min(a, b) - reach)));
    };
    const auto last = [&](double a, double b) {
        return std::min(kCanvasSide - 1, static_cast<int>(std::max(a, b) + reach));
    };
    const int left = first(s.x0, s.x1);
    const int right = last(s.x0, s.x1);
    for (int y = first(s.y0, s.y1); y <= last(s.y0, s.y1); ++y) {
        const float py = static_cast<float>(y) - y0;
        float* row = canvas.data() + static_cast<std::ptrdiff_t>(y) * kCanvasSide;
        for (int x = left; x <= right; ++x) {
            const float px = static_cast<float>(x) - x0;
            const float along = std::min(std::max((px * dx + py * dy) * perLength, 0.0F), 1.0F);
            const float offX = px - along * dx;
            const float offY = py - along * dy;
            const float distance = std::sqrt(offX * offX + offY * offY);
            const float ink = (r0 + along * widening - distance) * perPixel + 0.5F;
            row[x] = std::max(row[x], std::min(ink, 1.0F));
        }
    }
}

/// Nearly normal with standard deviation 1: the sum of four 16-bit parts of one random number.
float cheapNormal(std::uint64_t bits)
{
    const auto sum = static_cast<float>((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) +
                                        ((bits >> 32) & 0xFFFF) + (bits >> 48));
    constexpr float kDeviation = 37836.9F; // 65536 / sqrt(12) * 2
    return (sum - 131070.0F) / kDeviation;
}

void develop(const Canvas& canvas, Rng& rng, ImageU8& image)
{
    const auto gain = static_cast<float>(rng.uniform(165.0, 275.0));
    const auto noise = static_cast<float>(rng.uniform(2.0, 24.0));
    image.reshape({kCanvasSide, kCanvasSide, 1});
    for (std::size_t i = 0; i < canvas.size(); ++i) {
        const float value = gain * canvas[i] + noise * cheapNormal(rng.next());
        image.pixels[i] = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
    }
}
} // namespace

GeneratedDigits::GeneratedDigits(std::int64_t count, DatasetSplit split, std::uint64_t seed)
    : m_count(count), m_split(split),
      m_stream(Rng(seed, split == DatasetSplit::Train ? 0 : 1).next())
{
    BITLOOM_REQUIRE(count >= 1 && count <= kMaxCount, ErrorCode::InvalidArgument,
                    "the number of generated digits is ", count, "; expected 1 to ", kMaxCount);
}

std::string GeneratedDigits::name() const
{
    return "digits " + std::string(toString(m_split));
}
std::string GeneratedDigits::className(std::int64_t label) const
{
    return std::to_string(label);
}

std::int64_t GeneratedDigits::label(std::int64_t index) const
{
    requireIndex(index);
    return static_cast<std::int64_t>(Rng(m_stream, static_cast<std::uint64_t>(index)).below(10));
}

std::string GeneratedDigits::itemId(std::int64_t index) const
{
    requireIndex(index);
    return name() + " #" + std::to_string(index);
}

void GeneratedDigits::read(std::int64_t index, ImageU8& image) const
{
    requireIndex(index);
    Rng rng(m_stream, static_cast<std::uint64_t>(index));
    const int digit = static_cast<int>(rng.below(10));
    const Hand hand(rng);
    std::vector<Segment> segments = drawStrokes(digit, hand, rng);
    fit(segments);
    const double softness = rng.uniform(0.8, 1.8);
    Canvas canvas{};
    for (const Segment& segment : segments) {
        paint(segment, softness, canvas);
    }
    develop(canvas, rng, image);
}

} // namespace bitloom
