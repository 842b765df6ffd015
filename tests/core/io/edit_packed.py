# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Makes damaged copies of a packed checkpoint; prints "copy<TAB>text that the error must hold" for each.
import shutil
import sys

import h5py
import numpy as np


def replace(group, name, data):
    del group[name]
    group.create_dataset(name, data=data)


def chunk(f):
    t = f["tensors/layer4.weight"]
    words = t["packed"][:]
    del t["packed"]
    t.create_dataset("packed", data=words, chunks=True, shuffle=True, compression="gzip")


def unwritten_chunks(f):
    t = f["tensors/layer4.weight"]
    del t["packed"]
    t.create_dataset("packed", (36,), "u4", chunks=(36,))


def large_chunks(f):
    t = f["tensors/layer4.weight"]
    words = t["packed"][:]
    del t["packed"]
    t.create_dataset("packed", data=words, chunks=(1 << 23,), maxshape=(None,))


def outside(f):
    t = f["tensors/layer4.weight"]
    del t["packed"]
    t.create_dataset("packed", (36,), "u4", external=[("/etc/hostname", 0, 144)])


def external(f):
    t = f["tensors/layer4.weight"]
    del t["packed"]
    t["packed"] = h5py.ExternalLink("/etc/hostname", "/x")


def soft(f):
    f["tensors"]["elsewhere"] = h5py.SoftLink("/tensors/u8")


def huge(f):
    t = f["tensors/layer4.weight"]
    t.attrs["shape"] = np.array([1 << 40, 1 << 40], "i8")


def free(f):
    f["tensors/layer0.weight"].attrs["shape"] = np.array([1 << 20, 1 << 20], "i8")


def large_dataset(f):
    t = f["tensors/layer4.weight"]
    del t["packed"]
    space = h5py.h5s.create_simple((1 << 40,))
    h5py.h5d.create(t.id, b"packed", h5py.h5t.STD_U32LE, space)


def set_attr(path, name, value):
    def change(f):
        f[path].attrs[name] = value
    return change


def drop_attr(path, name):
    def change(f):
        del f[path].attrs[name]
    return change


T = "tensors/layer4.weight"
CASES = [
    ("foreign", drop_attr("/", "format"), "not a packed checkpoint: it has no attribute format"),
    ("other", set_attr("/", "format", "keras"), "its format is \"keras\""),
    ("newer", set_attr("/", "version", np.array([2, 0], "u2")), "its format version is 2.0"),
    ("crc", set_attr(T, "crc32", np.uint32(1)), "layer4.weight is damaged: the CRC-32 of its payload"),
    ("params", set_attr(T, "params_crc32", np.uint32(1)), "the CRC-32 of its parameters"),
    ("words", lambda f: replace(f[T], "packed", np.zeros(5, "u4")), "packed words, there are 5"),
    ("bits", set_attr(T, "bits", np.uint8(17)), "codes of 17 bits"),
    ("no bits", drop_attr(T, "bits"), "states no width"),
    ("row bits", lambda f: replace(f["tensors/mixed.weight"], "row_bits", np.full(7, 20, "u1")), "codes of 20 bits in row 0"),
    ("nan", lambda f: replace(f[T], "scale", np.array([np.nan], "f4")), "scale of layer4.weight: value 0 is nan"),
    ("scales", lambda f: replace(f[T], "scale", np.ones(4, "f4")), "scale of layer4.weight has 4 values"),
    ("groups", lambda f: replace(f["tensors/ordered.weight"], "g_idx", np.full(10, 3, "i4")), "g_idx of ordered.weight: column 0 is in group 3 of 3"),
    ("negative", set_attr(T, "shape", np.array([6, -5], "i8")), "negative size -5"),
    ("huge", huge, "too large"),
    ("free", free, "cannot hold that many"),
    ("large", large_dataset, "the whole file has"),
    ("axis", set_attr(T, "axis", np.int64(9)), "axis 9"),
    ("encoding", set_attr(T, "encoding", "gray"), "encoding \"gray\""),
    ("unit", set_attr(T, "unit", "byte"), "unit \"byte\""),
    ("name", set_attr(T, "name", "other"), "states the name \"other\""),
    ("kind", set_attr(T, "kind", "codebook"), "of the kind \"codebook\", which this program cannot decode"),
    ("dtype", set_attr("tensors/u8", "dtype", "float8_e4m3fn"), "dtype \"float8_e4m3fn\""),
    ("raw shape", set_attr("tensors/u8", "shape", np.array([2], "i8")), "shape of its data"),
    ("type", lambda f: replace(f[T], "packed", np.zeros(72, "f4")), "another type of numbers"),
    ("filtered", chunk, "is stored with the filter 2"),
    ("unwritten", unwritten_chunks, "the 0 bytes stored of it cannot hold them"),
    ("large chunks", large_chunks, "lies in chunks of 33554432 bytes"),
    ("outside", outside, "does not lie inside the file"),
    ("external", external, "link to somewhere else"),
    ("soft", soft, "link to somewhere else"),
    ("no tensors", lambda f: f.__delitem__("tensors"), "/tensors is missing"),
]
for name, change, text in CASES:
    copy = sys.argv[1] + "." + name.replace(" ", "_")
    shutil.copy(sys.argv[1], copy)
    with h5py.File(copy, "r+") as f:
        change(f)
    print(copy + "\t" + text)
