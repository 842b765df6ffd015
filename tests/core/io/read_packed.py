# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Reads a packed checkpoint with h5py and numpy alone, written from core/io/packed/FORMAT.md, and prints every value as JSON.
import json
import sys

import h5py
import numpy as np


def read(g):
    a, shape = g.attrs, tuple(g.attrs["shape"])
    if a["kind"] == "raw":
        return g["data"][()]
    rows = shape[a["axis"]] if shape else 1
    n = int(np.prod(shape, dtype=np.int64))
    if a["unit"] == "tensor":
        bits, cols, lines = [int(a["bits"])], n, 1
    else:
        bits, cols, lines = (g["row_bits"][:].astype(int) if "row_bits" in g else [int(a["bits"])] * rows), n // max(rows, 1), rows
    start, words, q = 0, g["packed"][:], []
    for r in range(lines):
        b = int(bits[r]); w = -(-cols * b // 32)
        u = np.unpackbits(words[start:start + w].view("u1"), bitorder="little")[:cols * b].reshape(cols, b) @ (1 << np.arange(b)); start += w
        origin = g["origin"][:] if "origin" in g else [0]
        q.append({"offset_binary": u - (1 << b >> 1), "unsigned": u, "bipolar": 2 * u - ((1 << b) - 1),
                  "min_shift": u + origin[r if len(origin) > 1 else 0]}[a["encoding"]])
    q = np.concatenate(q).reshape(rows, -1).astype(np.int64) if n else np.zeros((rows, 0), np.int64)
    scale = np.asarray(g["scale"][()] if "scale" in g else [1], np.float32)
    zero = np.asarray(g["zero_point"][()] if "zero_point" in g else 0 * scale, np.int64)
    group = g["g_idx"][:] if "g_idx" in g else np.arange(q.shape[1]) // a["group_size"] if "group_size" in a else None
    per_col = (lambda x: x[:, group]) if group is not None else (lambda x: x.reshape(-1, 1))
    w = per_col(scale) * (q - per_col(zero)).astype(np.float32)
    moved = [rows] + [s for i, s in enumerate(shape) if i != a["axis"]]
    back = lambda x: np.moveaxis(x.reshape(moved), 0, a["axis"]).reshape(shape)
    return back(q), back(w)


with h5py.File(sys.argv[1]) as f:
    out = {"attrs": {k: f.attrs[k] if isinstance(f.attrs[k], str) else f.attrs[k].tolist() for k in f.attrs},
           "meta": {k: json.loads(f["meta"][k].asstr()[()]) for k in f["meta"]}, "int": {}, "raw": {}, "activations": {}}
    for g in f["tensors"].values():
        if g.attrs["kind"] == "raw":
            data = read(g)
            out["raw"][g.attrs["name"]] = {"dtype": g.attrs["dtype"], "numpy": str(data.dtype), "shape": list(data.shape),
                                           "values": np.asarray(data, np.float64).ravel().tolist()}
        elif g.attrs["kind"] == "int":
            q, w = read(g)
            out["int"][g.attrs["name"]] = {"q": q.ravel().tolist(), "w": w.ravel().astype(np.float64).tolist()}
    for g in f["activations"].values():
        out["activations"][g.attrs["name"]] = {"bits": int(g.attrs["bits"]), "signed": int(g.attrs["signed"]),
                                               "scale": g["scale"][:].astype(float).tolist(),
                                               "zero_point": g["zero_point"][:].tolist(), "range": g["range"][:].astype(float).tolist()}
json.dump(out, sys.stdout)
