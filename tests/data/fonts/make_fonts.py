#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the fonts of the picture tests: a few hundred glyphs of DejaVu (fonts-dejavu-core 2.37 and fonts-dejavu-extra),
under names of their own, so that no installed font can take their place. Needs fonttools.

    python3 make_fonts.py /usr/share/fonts/truetype/dejavu
"""
import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x384, 0x3CE), (0x2009, 0x200A), (0x2010, 0x2015), (0x2018, 0x201E),
          (0x2020, 0x2022), (0x2026, 0x2026), (0x202F, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A), (0x2070, 0x208E),
          (0x20AC, 0x20AC), (0x2190, 0x2195), (0x2200, 0x2213), (0x221A, 0x221E), (0x2248, 0x2248), (0x2260, 0x2265),
          (0x22C5, 0x22C5), (0x25A0, 0x25CF), (0x2713, 0x2717), (0x2318, 0x2318), (0x21E7, 0x21E7), (0x1E9E, 0x1E9E)]
FONTS = [("DejaVuSans", "Sans", "Regular"), ("DejaVuSans-Bold", "Sans", "Bold"),
         ("DejaVuSans-Oblique", "Sans", "Oblique"), ("DejaVuSansMono", "Mono", "Regular")]


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "mark"]
    options.name_IDs = ["*"]
    options.drop_tables += ["FFTM"]
    for source, family, style in FONTS:
        font = TTFont(folder / f"{source}.ttf", recalcTimestamp=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[c for first, last in RANGES for c in range(first, last + 1)])
        subsetter.subset(font)
        name = f"Bitloom Test {family}"
        for record in list(font["name"].names):
            text = {1: name, 4: f"{name} {style}", 6: f"{name} {style}".replace(" ", ""), 16: name}.get(record.nameID)
            if text is not None:
                font["name"].setName(text, record.nameID, record.platformID, record.platEncID, record.langID)
        font.save(pathlib.Path(__file__).parent / f"BitloomTest{family}-{style}.ttf")


main()
