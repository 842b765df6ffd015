# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the corpus of fuzz_packed_file that is about where data lies and how much there is:  make_packed_corpus.py FOLDER

tiny.h5 beside them is our own writer's. The object headers of HDF5 1.8 carry checksums, so no mutation gets past the library
with another size or type: each of these files says one such thing that the reader must look at. `plain` and the `chunks` are
right. Texts have a fixed length: the heap of the others has no checksums (text_without_end.h5).
"""
import hashlib
import os
import pathlib
import sys
import zlib

import h5py
import numpy as np

folder = sys.argv[1]
WORDS = np.array([0x7FD1A3C5, 0], "<u4")  # 3 bits: 5 0 7 1 2 3 4 6 7 7 1


def add_codes(file, words=WORDS, stated=(1, 11), **storage):
    group = file.create_group("tensors/w")
    texts = dict(name="w", kind="int", dtype="float32", encoding="offset_binary", unit="row")
    for key, value in texts.items():
        group.attrs[key] = np.bytes_(value)
    group.attrs["shape"] = np.array(stated, "<i8")
    group.attrs["axis"] = np.int64(0)
    group.attrs["bits"] = np.uint8(3)
    group.attrs["crc32"] = np.uint32(zlib.crc32(np.asarray(words).tobytes()))
    group.create_dataset("packed", data=words, **storage)
    group.create_dataset("scale", data=np.array([0.5], "<f4"))
    return group


def add_raw(file, data, stated, **storage):
    group = file.create_group("tensors/r")
    for key, value in dict(name="r", kind="raw", dtype="int8").items():
        group.attrs[key] = np.bytes_(value)
    group.attrs["shape"] = np.array(stated, "<i8")
    group.attrs["crc32"] = np.uint32(zlib.crc32(np.asarray(data).tobytes()))
    group.create_dataset("data", data=data, **storage)
    return group


def add_space(file, name, space, dcpl=None, kind=h5py.h5t.STD_U32LE):
    """A dataset whose values are never written: its size may be anything."""
    group = file["tensors/w"]
    del group[name]
    h5py.h5d.create(group.id, name.encode(), kind, space, dcpl)


def contiguous():
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.CONTIGUOUS)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_LATE)
    return properties


def chunked(size):
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((size,))
    properties.set_deflate(1)
    return properties


def external():
    properties = contiguous()
    properties.set_external(b"elsewhere.bin", 0, 8)
    return properties


def written(name):
    def decorate(fill):
        path = os.path.join(folder, name + ".h5")
        with h5py.File(path, "w", libver="v108") as file:
            file.attrs["format"] = np.bytes_("bitloom.packed")
            file.attrs["version"] = np.array([1, 0], "<u2")
            file.attrs["sha256"] = np.bytes_(hashlib.sha256().hexdigest())
            fill(file)
        return fill
    return decorate


@written("plain")
def _(file):
    add_codes(file)
    add_raw(file, np.array([[1, -1]], "i1"), (1, 2))


@written("chunks")
def _(file):
    add_codes(file, chunks=(1,), compression=1, fletcher32=True)
    add_raw(file, np.arange(24, dtype="i1").reshape(4, 6), (4, 6), chunks=(3, 4), compression=1)


@written("chunks_growing")
def _(file):
    add_codes(file, chunks=(1,), compression=1, fletcher32=True, maxshape=(None,))


@written("stated_shape_is_larger")
def _(file):
    add_codes(file, stated=(1, 1 << 40))
    add_raw(file, np.zeros((2, 2), "i1"), (1 << 31, 1 << 31))


@written("stated_shape_is_another")
def _(file):
    add_codes(file, stated=(11, 1))
    add_raw(file, np.zeros((2, 3), "i1"), (3, 2))


@written("more_values_than_bytes")
def _(file):
    add_codes(file, stated=(1 << 20, 11))
    add_space(file, "packed", h5py.h5s.create_simple((1 << 21,)), contiguous())


@written("sizes_overflow")
def _(file):
    add_codes(file, stated=(1 << 62, 11))
    # Written late: nothing is stored of it.
    add_space(file, "packed", h5py.h5s.create_simple(((1 << 62),), ((1 << 62),)), chunked(64))


@written("no_values")
def _(file):
    add_codes(file, stated=(0, 11))
    add_space(file, "packed", h5py.h5s.create(h5py.h5s.NULL), contiguous())
    add_raw(file, np.zeros((0, 5), "i1"), (0, 5))


@written("one_value")
def _(file):
    add_codes(file, words=np.uint32(5), stated=())
    add_raw(file, np.int8(3), ())


@written("many_dimensions")
def _(file):
    add_codes(file)
    add_raw(file, np.zeros((1,) * 32, "i1"), (1,) * 32)


@written("growing")
def _(file):
    add_codes(file, maxshape=(None,), chunks=(4,))


@written("compact")
def _(file):
    add_codes(file)
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    add_space(file, "packed", h5py.h5s.create_simple((2,)), properties)
    file["tensors/w/packed"][:] = WORDS


@written("outside")
def _(file):
    add_codes(file)
    add_space(file, "packed", h5py.h5s.create_simple((2,)), external())


@written("other_types")
def _(file):
    add_codes(file, words=WORDS.astype(">u4"))
    group = file["tensors/w"]
    del group["scale"]
    group["scale"] = np.array([b"one"])


def damage_texts():
    """tiny.h5, in whose first heap of texts the free piece has no length: a reader that steps over it never ends."""
    content = bytearray(pathlib.Path(folder, "tiny.h5").read_bytes())
    at = content.index(b"GCOL\x01") + 16
    while content[at:at + 2] != b"\0\0":
        at += 16 + (int.from_bytes(content[at + 8:at + 16], "little") + 7) // 8 * 8
    content[at + 8:at + 16] = bytes(8)
    pathlib.Path(folder, "text_without_end.h5").write_bytes(content)


damage_texts()
