#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes resize_vectors.json: what Pillow's BILINEAR resize makes of small pictures.

Run: python3 make_resize_vectors.py (needs pillow and numpy). Pixels are row-major, channels interleaved, hexadecimal.
"shorter_side" and "center_crop" follow torchvision's documented rules, computed here in plain Python.
"""
import json
import pathlib

import numpy
import PIL
from PIL import Image

CASES = [  # height, width, channels, new height, new width
    (8, 8, 1, 16, 16),
    (8, 8, 1, 4, 4),
    (7, 5, 1, 3, 9),
    (5, 7, 3, 11, 4),
    (1, 1, 3, 3, 3),
    (1, 9, 1, 5, 2),
    (9, 1, 1, 2, 5),
    (17, 13, 3, 17, 6),
    (13, 17, 3, 5, 17),
    (31, 23, 3, 10, 8),
    (40, 33, 1, 7, 3),
    (12, 10, 3, 25, 21),
    (33, 50, 1, 32, 48),
    (64, 3, 1, 1, 1),
    (24, 24, 1, 23, 25),
]


def pixels(generator, height, width, channels, case):
    """Noise, a hard edge or a checkerboard: pictures on which rounding and clipping show."""
    shape = (height, width, channels)
    if case % 3 == 0:
        return generator.integers(0, 256, shape).astype(numpy.uint8)
    if case % 3 == 1:
        picture = numpy.zeros(shape, numpy.uint8)
        picture[:, width // 2 :] = 255
        return picture ^ generator.integers(0, 8, shape).astype(numpy.uint8)
    y, x = numpy.mgrid[0:height, 0:width]
    return numpy.repeat((((x + y) % 2) * 255).astype(numpy.uint8)[..., None], channels, axis=2)


def shorter_side(height, width, size):
    short, long = min(height, width), max(height, width)
    other = int(size * long / short)
    return (other, size) if width <= height else (size, other)


def main():
    generator = numpy.random.default_rng(20240501)
    resize = []
    for case, (height, width, channels, new_height, new_width) in enumerate(CASES):
        source = pixels(generator, height, width, channels, case)
        image = Image.fromarray(source[..., 0] if channels == 1 else source)
        result = numpy.asarray(image.resize((new_width, new_height), Image.BILINEAR))
        resize.append({
            "height": height, "width": width, "channels": channels, "pixels": source.tobytes().hex(),
            "new_height": new_height, "new_width": new_width, "result": result.tobytes().hex(),
        })
    sizes = [(375, 500), (500, 375), (333, 500), (500, 333), (156, 350), (101, 100), (256, 256), (1, 7), (683, 1024)]
    shorter = [{"height": h, "width": w, "size": s, "result": shorter_side(h, w, s)}
               for h, w in sizes for s in (256, 248, 32)]
    crops = [{"outer": outer, "inner": inner, "offset": int(round((outer - inner) / 2.0))}
             for outer, inner in [(256, 224), (341, 224), (383, 224), (257, 224), (225, 224), (227, 224), (229, 224),
                                  (224, 224), (33, 32), (35, 32), (37, 32)]]
    out = pathlib.Path(__file__).with_name("resize_vectors.json")
    out.write_text(json.dumps({"made_with": f"Pillow {PIL.__version__}", "resize": resize, "shorter_side": shorter,
                               "center_crop": crops}, separators=(",", ":")).replace('{"height"', '\n{"height"') + "\n")


if __name__ == "__main__":
    main()
