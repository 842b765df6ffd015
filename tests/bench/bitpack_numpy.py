# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""BitPack's way of packing, in numpy: every bit of every code becomes a byte.

Written from the file format (one stream, highest bit first; one shortened dimension) and from how many bytes the original
holds at its peak, not from its source. bench_bitpack_numpy runs it beside our codec:  bitpack_numpy.py pack|unpack BITS SHAPE INPUT OUTPUT
INPUT and OUTPUT are files of bytes; the last line printed is the seconds that the work alone took.
"""
import math
import sys
import time

import numpy as np


def packed_shape(shape, bits):
    """The first dimension that fills whole bytes is shortened, or else the largest."""
    fitting = [i for i, size in enumerate(shape) if size * bits % 8 == 0]
    chosen = fitting[0] if fitting else max(range(len(shape)), key=lambda i: shape[i])
    return [math.ceil(size * bits / 8) if i == chosen else size for i, size in enumerate(shape)]


def pack(codes, bits):
    out = packed_shape(codes.shape, bits)
    each = np.unpackbits(codes.copy()[..., np.newaxis], axis=-1)  # eight bytes a code
    stream = each[..., 8 - bits:].reshape(-1)
    padded = np.concatenate([stream, np.zeros(math.prod(out) * 8 - stream.size, np.uint8)])
    return np.packbits(padded).reshape(out)


def unpack(packed, bits, shape):
    stream = np.unpackbits(packed.reshape(-1))[:math.prod(shape) * bits]
    each = np.zeros((math.prod(shape), 8), np.uint8)
    each[:, 8 - bits:] = stream.reshape(-1, bits)
    return np.packbits(each, axis=-1).reshape(shape)


def main():
    way, bits, shape = sys.argv[1], int(sys.argv[2]), [int(size) for size in sys.argv[3].split("x")]
    given = np.fromfile(sys.argv[4], np.uint8)
    given = given.reshape(shape if way == "pack" else packed_shape(shape, bits))
    start = time.perf_counter()
    made = pack(given, bits) if way == "pack" else unpack(given, bits, shape)
    seconds = time.perf_counter() - start
    made.tofile(sys.argv[5])
    print(seconds)


main()
