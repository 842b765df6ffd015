// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg_canvas.h"

#include "core/base/error.h"
#include "core/report/colours.h"
#include "core/report/style.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace bitloom::report {

namespace {
constexpr std::string_view kReplacement = "\ufffd";

/// The length of the valid UTF-8 sequence at the start of text (1 to 4) that XML allows; 0 if there
/// is none.
std::size_t sequenceLength(std::string_view text)
{
    const auto byteAt = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byteAt(0);
    if (lead < 0x80) {
        return lead >= 0x20 || lead == '\t' || lead == '\n' ? 1 : 0;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
        return 0;
    }
    unsigned code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(i) & 0xC0U) != 0x80U) {
            return 0;
        }
        code = (code << 6) | (byteAt(i) & 0x3FU);
    }
    constexpr std::array<unsigned, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
    const bool isSurrogate = code >= 0xD800 && code <= 0xDFFF;
    const bool isNonCharacter = code == 0xFFFE || code == 0xFFFF;
    // C1 controls, and controls that reorder the text around them, have no place in a name.
    const bool isControl =
        code < 0xA0 || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    const bool isLegal = code >= kSmallest[length] && code <= 0x10FFFF && !isSurrogate;
    return isLegal && !isNonCharacter && !isControl ? length : 0;
}

/// Splits text into characters; what is no character becomes the replacement character.
std::vector<std::string_view> charactersOf(std::string_view text)
{
    std::vector<std::string_view> characters;
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        characters.push_back(length == 0 ? kReplacement : text.substr(0, length));
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
    return characters;
}

std::string attribute(std::string_view name, double value)
{
    return std::string(" ").append(name).append("=\"").append(coordinate(value)).append("\"");
}

std::string classAttribute(std::string_view classes)
{
    return classes.empty() ? std::string() : std::string(" class=\"").append(classes).append("\"");
}

std::string boxAttributes(const SvgBox& box)
{
    return attribute("x", box.x) + attribute("y", box.y) +
           attribute("width", std::max(0.0, box.width)) +
           attribute("height", std::max(0.0, box.height));
}
} // namespace

std::string escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const std::string_view character : charactersOf(text)) {
        if (character == "&") {
            out += "&amp;";
        } else if (character == "<") {
            out += "&lt;";
        } else if (character == ">") {
            out += "&gt;";
        } else if (character == "\"") {
            out += "&quot;";
        } else if (character == "'") {
            out += "&#39;";
        } else {
            out += character;
        }
    }
    return out;
}

std::string elided(std::string_view text, std::size_t maxCharacters)
{
    const std::vector<std::string_view> characters = charactersOf(text);
    std::string out;
    const bool fits = characters.size() <= maxCharacters;
    // The end of a module path tells more than its start.
    const std::size_t tail = fits ? 0 : maxCharacters * 3 / 5;
    const std::size_t head = fits ? characters.size() : maxCharacters - tail - 1;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (i < head || i >= characters.size() - tail) {
            out += characters[i];
        } else if (i == head) {
            out += "\u2026";
        }
    }
    return out;
}

std::size_t characterCount(std::string_view text)
{
    return charactersOf(text).size();
}

double estimatedWidth(std::string_view text, double fontSize)
{
    // Wide interface fonts average 0.6 em a character in lower-case names and digits.
    return 0.62 * fontSize * static_cast<double>(charactersOf(text).size());
}

std::string coordinate(double value)
{
    BITLOOM_ASSERT(std::isfinite(value) && std::abs(value) < 1e9);
    const double rounded = std::round(value * 100) / 100 + 0.0;
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), rounded,
                                            std::chars_format::fixed, 2);
    BITLOOM_ASSERT(error == std::errc());
    std::string text(buffer.data(), end);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text;
}

SvgCanvas::SvgCanvas(double width, double height, std::string_view title, SvgUse use)
    : m_width(width), m_height(height)
{
    // A file needs a margin of its own; on the page the surroundings give it.
    const double margin = use == SvgUse::File ? 12 : 0;
    const std::string w = coordinate(width + 2 * margin);
    const std::string h = coordinate(height + 2 * margin);
    const std::string origin = coordinate(-margin);
    m_out = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"bl\" role=\"img\" aria-label=\"" +
            escaped(title) + "\" width=\"" + w + "\" height=\"" + h + "\" viewBox=\"" + origin +
            " " + origin + " " + w + " " + h + "\">\n";
    if (use == SvgUse::File) {
        m_out.append("<style>").append(pictureStyle()).append("</style>\n");
        rect({-margin, -margin, width + 2 * margin, height + 2 * margin}, "bg");
    }
}

void SvgCanvas::element(std::string_view body, std::string_view tag, std::string_view tooltip)
{
    m_out.append("<").append(tag).append(body);
    if (tooltip.empty()) {
        m_out += "/>\n";
    } else {
        m_out.append("><title>").append(escaped(tooltip)).append("</title></").append(tag) += ">\n";
    }
}

void SvgCanvas::rect(const SvgBox& box, std::string_view classes, std::string_view tooltip)
{
    element(boxAttributes(box) + classAttribute(classes), "rect", tooltip);
}

void SvgCanvas::filledRect(const SvgBox& box, std::string_view hexColour, std::string_view tooltip)
{
    element(boxAttributes(box).append(" fill=\"").append(hexColour).append("\""), "rect", tooltip);
}

void SvgCanvas::line(double x1, double y1, double x2, double y2, std::string_view classes)
{
    element(attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
                classAttribute(classes),
            "line", {});
}

void SvgCanvas::circle(double x, double y, double radius, std::string_view classes,
                       std::string_view tooltip)
{
    element(attribute("cx", x) + attribute("cy", y) + attribute("r", radius) +
                classAttribute(classes),
            "circle", tooltip);
}

void SvgCanvas::diamond(double x, double y, double radius, std::string_view classes,
                        std::string_view tooltip)
{
    const std::string points = coordinate(x) + "," + coordinate(y - radius) + " " +
                               coordinate(x + radius) + "," + coordinate(y) + " " + coordinate(x) +
                               "," + coordinate(y + radius) + " " + coordinate(x - radius) + "," +
                               coordinate(y);
    element(" points=\"" + points + "\"" + classAttribute(classes), "polygon", tooltip);
}

void SvgCanvas::path(std::string_view data, std::string_view classes)
{
    element(std::string(" d=\"").append(data).append("\"") + classAttribute(classes), "path", {});
}

void SvgCanvas::text(double x, double y, std::string_view content, std::string_view classes,
                     std::string_view tooltip)
{
    m_out.append("<text").append(attribute("x", x)).append(attribute("y", y));
    m_out.append(classAttribute(classes)).append(">");
    if (!tooltip.empty()) {
        m_out.append("<title>").append(escaped(tooltip)).append("</title>");
    }
    m_out += escaped(content) + "</text>\n";
}

void SvgCanvas::hatchedRect(const SvgBox& box, std::string_view tooltip)
{
    rect(box, "bar bg", tooltip);
    constexpr double kSpacing = 5;
    std::string lines;
    for (double start = kSpacing; start < box.width + box.height; start += kSpacing) {
        // The part of the diagonal x + y = start that lies in the box.
        const double top = std::min(start, box.width);
        const double left = std::min(start, box.height);
        lines += "M" + coordinate(box.x + top) + " " + coordinate(box.y + start - top) + "L" +
                 coordinate(box.x + start - left) + " " + coordinate(box.y + left);
    }
    if (!lines.empty()) {
        path(lines, "hatchline");
    }
}

void SvgCanvas::openGroup(std::string_view classes)
{
    m_out.append("<g").append(classAttribute(classes)).append(">\n");
}

void SvgCanvas::closeGroup()
{
    m_out += "</g>\n";
}

std::string SvgCanvas::finish()
{
    return m_out + "</svg>\n";
}

std::string emptyPicture(std::string_view title, std::string_view reason, SvgUse use)
{
    SvgCanvas canvas(1080, 48, title, use);
    canvas.text(0, 28, reason, "dim");
    return canvas.finish();
}

} // namespace bitloom::report
