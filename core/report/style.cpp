// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/style.h"

#include "core/report/colours.h"
#include "core/types/quant_spec.h"

#include <string_view>

namespace bitloom::report {

namespace {
std::string pictureColours(const Theme& theme)
{
    std::string css;
    const auto add = [&css](std::string_view selector, std::string_view property,
                            const Rgb& colour) {
        css.append(selector)
            .append("{")
            .append(property)
            .append(":")
            .append(toHex(colour))
            .append("}");
    };
    add(".bg,.hollow", "fill", theme.page);
    add(".ink,.h,.num", "fill", theme.ink);
    add(".dim", "fill", theme.dim);
    add(".grid", "stroke", theme.rule);
    add(".axis,.bar,.hollow", "stroke", theme.dim);
    add(".chosen,.ref", "stroke", theme.ink);
    add(".wgt", "fill", theme.weights);
    add(".act", "fill", theme.activations);
    add(".raw", "fill", theme.neutral);
    add(".wgtl", "stroke", theme.weights);
    add(".actl,.hollow.anchor", "stroke", theme.activations);
    add(".hatchline", "stroke", theme.dim);
    add(".halo,.lbl", "stroke", theme.page);
    return css;
}

std::string pageColours(const Theme& theme)
{
    std::string css = ":root{";
    const auto add = [&css](std::string_view name, const Rgb& colour) {
        css.append("--").append(name).append(":").append(toHex(colour)).append(";");
    };
    add("page", theme.page);
    add("panel", theme.panel);
    add("ink", theme.ink);
    add("dim", theme.dim);
    add("rule", theme.rule);
    add("link", theme.weights);
    add("good", theme.good);
    add("error", theme.error);
    return css + "}";
}

std::string bothThemes(std::string (*rules)(const Theme&))
{
    return rules(lightTheme()) + "@media screen and (prefers-color-scheme:dark){" +
           rules(darkTheme()) + "}";
}
} // namespace

std::string pictureStyle()
{
    std::string css =
        "svg.bl{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica "
        "Neue',Arial,sans-serif;"
        "font-size:11px;font-variant-numeric:tabular-nums}"
        ".h{font-weight:600;font-size:12px}.num{font-variant-numeric:tabular-nums}"
        ".it{font-style:italic}.e{text-anchor:end}.m{text-anchor:middle}"
        ".grid,.axis,.bar,.ref,.hatchline{stroke-width:1}.grid,.axis,.line,.ref{fill:none}"
        ".line{stroke-width:1.75;stroke-linejoin:round}.ref{stroke-dasharray:4 3}"
        ".bar{stroke-width:.75}.hollow{stroke-width:1.75}.chosen,.halo{fill:none;stroke-width:2}."
        "halo{stroke-width:5}"
        ".lbl{paint-order:stroke;stroke-width:3;stroke-linejoin:round}.shade{opacity:.09}.bars{"
        "opacity:.8}.faint{opacity:.4}.onl{fill:#000}.ond{fill:#fff}";
    for (int bits = 1; bits <= kMaxIntegerBits; ++bits) {
        const std::string colour = toHex(bitsColour(bits));
        css += ".b" + std::to_string(bits) + "{fill:" + colour + ";background:" + colour + "}";
    }
    const std::string neutral = toHex(bitsColour(kFloatBits));
    css += ".b32{fill:" + neutral + ";background:" + neutral + "}";
    return css + bothThemes(pictureColours);
}

std::string pageStyle()
{
    return bothThemes(pageColours) +
           // The page: one column, panels without boxes, space separates.
           "*{box-sizing:border-box}html{color-scheme:light dark}"
           "body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 "
           "system-ui,-apple-system,"
           "'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-variant-numeric:tabular-nums}"
           "main{max-width:1128px;margin:0 auto;padding:32px 24px 64px}"
           "h1{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}"
           "h2{font-size:18px;margin:36px 0 4px;padding-top:16px;border-top:1px solid var(--rule)}"
           "h3{font-size:14px;margin:24px 0 4px}p{margin:4px 0 12px;max-width:80ch}"
           ".sub,.note,figcaption{color:var(--dim)}.note,figcaption{font-size:12.5px}"
           "a{color:var(--link)}nav{margin:16px 0 0;display:flex;flex-wrap:wrap;gap:4px 16px}"
           "figure{margin:12px 0 16px}figure svg,.grid2 svg,.grid3 "
           "svg{display:block;max-width:100%;height:auto}"
           ".grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));"
           "gap:24px}"
           ".grid3{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr))"
           ";gap:24px 16px}"
           ".grid3 svg,.grid2 svg{width:100%}"
           // Key figures.
           ".keys{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:16px "
           "24px;"
           "margin:24px 0 0;padding:0}.keys div{border-top:3px solid var(--link);padding-top:8px}"
           ".keys dt{color:var(--dim);font-size:12.5px}.keys "
           "dd{margin:0;font-size:24px;font-weight:600;"
           "line-height:1.3}.keys dd+dd{font-size:12.5px;font-weight:400;color:var(--dim)}"
           // Tables.
           ".scroll{overflow-x:auto;margin:12px "
           "0}table{border-collapse:collapse;font-size:12.5px;width:100%}"
           "th,td{padding:4px 8px;text-align:left;white-space:nowrap;border-bottom:1px solid "
           "var(--rule)}"
           "th{font-weight:600;color:var(--dim);background:var(--panel);vertical-align:bottom}"
           "tbody th{background:none;color:var(--ink);font-weight:400}"
           ".r{text-align:right}tr.sum th,tr.sum td{font-weight:600;border-top:1px solid "
           "var(--dim)}"
           "i{font-style:italic}"
           ".nm{max-width:300px;overflow:hidden;text-overflow:ellipsis}"
           ".chip{display:inline-block;width:10px;height:10px;border:1px solid "
           "var(--dim);margin-right:6px;"
           "vertical-align:-1px}.b0.chip{background:repeating-linear-gradient(45deg,var(--dim) 0 "
           "1px,"
           "transparent 1px 3px)}"
           ".share{display:inline-block;height:8px;background:var(--dim)}"
           ".sharebox{display:inline-block;width:56px;text-align:left}"
           ".pct{display:inline-block;min-width:56px}"
           ".good{color:var(--good);font-weight:600}.bad{color:var(--error);font-weight:600}"
           "code,pre{font:12.5px/1.5 ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans "
           "Mono',monospace}"
           "pre{background:var(--panel);padding:12px;overflow-x:auto;white-space:pre-wrap;overflow-"
           "wrap:anywhere}"
           "code{overflow-wrap:anywhere}.kv td,.kv th{white-space:normal;vertical-align:top}"
           ".kv th{width:180px}"
           "@media print{body{font-size:11px}main{max-width:none;padding:0}nav{display:none}"
           "figure,.keys "
           "div,tr{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}"
           ".grid2{grid-template-columns:1fr 1fr}.grid3{grid-template-columns:repeat(3,1fr)}"
           ".keys{grid-template-columns:repeat(4,1fr)}.grid3 svg,.grid2 figure{break-inside:avoid}"
           "table{font-size:9.5px}th,td{padding:2px 5px}*{print-color-adjust:exact}}";
}

} // namespace bitloom::report
