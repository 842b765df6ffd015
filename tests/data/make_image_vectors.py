#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes image_vectors.json: small JPEG and PNG files and the RGB pixels that Pillow's convert("RGB") reads from them.

Run: python3 make_image_vectors.py (needs pillow and numpy). Files and pixels (row-major, RGB) are hexadecimal.
"""
import io
import json
import pathlib

import numpy
import PIL
from PIL import Image

HEIGHT, WIDTH = 11, 14


def picture():
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    rgb = numpy.stack([x * 18, y * 22, 255 - x * 9 - y * 10], -1).astype(numpy.uint8)
    rgb[3:6, 4:9] = (250, 30, 10)
    return Image.fromarray(rgb)


def main():
    rgb = picture()
    alpha = Image.fromarray(numpy.tile(numpy.arange(WIDTH, dtype=numpy.uint8) * 17, (HEIGHT, 1)))
    rgba = rgb.copy()
    rgba.putalpha(alpha)
    grey_alpha = Image.merge("LA", (rgb.convert("L"), alpha))
    rotated = Image.Exif()
    rotated[0x0112] = 6
    palette = rgb.quantize(7)
    files = []
    for name, image, options in [
        ("jpeg 4:2:0", rgb, {"format": "JPEG", "quality": 90}),
        ("jpeg 4:4:4 progressive", rgb, {"format": "JPEG", "quality": 95, "subsampling": 0, "progressive": True}),
        ("jpeg 4:2:2", rgb, {"format": "JPEG", "quality": 80, "subsampling": 1}),
        ("jpeg grey", rgb.convert("L"), {"format": "JPEG"}),
        ("jpeg CMYK", rgb.convert("CMYK"), {"format": "JPEG", "quality": 95}),
        ("jpeg with EXIF rotation", rgb, {"format": "JPEG", "exif": rotated}),
        ("png RGB", rgb, {"format": "PNG"}),
        ("png RGBA", rgba, {"format": "PNG"}),
        ("png grey", rgb.convert("L"), {"format": "PNG"}),
        ("png grey with alpha", grey_alpha, {"format": "PNG"}),
        ("png 1 bit", rgb.convert("1"), {"format": "PNG"}),
        ("png palette", palette, {"format": "PNG"}),
        ("png palette, one entry transparent", palette, {"format": "PNG", "transparency": 2}),
        ("png grey, one level transparent", rgb.convert("L"), {"format": "PNG", "transparency": 100}),
    ]:
        data = io.BytesIO()
        image.save(data, **options)
        pixels = numpy.asarray(Image.open(io.BytesIO(data.getvalue())).convert("RGB"))
        files.append({"name": name, "height": HEIGHT, "width": WIDTH, "file": data.getvalue().hex(),
                      "pixels": pixels.tobytes().hex()})
    out = pathlib.Path(__file__).with_name("image_vectors.json")
    out.write_text(json.dumps({"made_with": f"Pillow {PIL.__version__}", "files": files}, separators=(",", ":"))
                   .replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
