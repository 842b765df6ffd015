// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bitloom::report {

/// Text for XML and HTML: markup characters escaped, bytes that are no UTF-8 and characters that
/// XML forbids replaced by U+FFFD. Every name from a file passes through here.
std::string escaped(std::string_view text);

/// At most maxCharacters characters; a longer text loses its middle: "features.den…conv2".
std::string elided(std::string_view text, std::size_t maxCharacters);

/// How many characters (code points) a text shows.
std::size_t characterCount(std::string_view text);

/// A generous estimate of a text's width, for fonts we cannot measure.
double estimatedWidth(std::string_view text, double fontSize = 11);

/// Where a picture goes: a file of its own carries styles and background; inside the page they are
/// the page's.
enum class SvgUse { File, Page };

struct SvgBox {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};

/// Writes one SVG picture. Coordinates are pixels at 100 %, rounded to 0.01; a coordinate that is
/// not finite is our own bug and stops the program. Texts and tooltips are escaped here; classes
/// are ours (see style.cpp).
class SvgCanvas {
public:
    static constexpr double kPageWidth = 1080; ///< of a picture that takes the width of a report

    SvgCanvas(double width, double height, std::string_view title, SvgUse use);

    void rect(const SvgBox& box, std::string_view classes, std::string_view tooltip = {});
    /// As rect, with a fill that comes from a continuous colour ramp.
    void filledRect(const SvgBox& box, std::string_view hexColour, std::string_view tooltip = {});
    void line(double x1, double y1, double x2, double y2, std::string_view classes);
    void circle(double x, double y, double radius, std::string_view classes,
                std::string_view tooltip = {});
    void diamond(double x, double y, double radius, std::string_view classes,
                 std::string_view tooltip = {});
    /// data is built from path commands and coordinate().
    void path(std::string_view data, std::string_view classes);
    void text(double x, double y, std::string_view content, std::string_view classes,
              std::string_view tooltip = {});
    /// A rectangle hatched with diagonal lines, for what is pruned.
    void hatchedRect(const SvgBox& box, std::string_view tooltip = {});
    void openGroup(std::string_view classes);
    void closeGroup();

    double width() const { return m_width; }
    double height() const { return m_height; }
    /// The finished picture.
    std::string finish();

private:
    void element(std::string_view body, std::string_view tag, std::string_view tooltip);

    double m_width;
    double m_height;
    std::string m_out;
};

/// "12.5": a coordinate as SVG wants it, independent of the locale.
std::string coordinate(double value);

/// A small picture that says why there is nothing to see.
std::string emptyPicture(std::string_view title, std::string_view reason, SvgUse use);

} // namespace bitloom::report
