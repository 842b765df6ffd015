# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes packed checkpoints of version 1.0, one per kind of tensor, and what a reader must find in them, from
core/io/packed/FORMAT.md alone: packed/KIND.h5 and packed/KIND.json. These files are kept for ever: what could be read once must
stay readable, so a run of this script may add files and must not change any."""
import hashlib
import json
import pathlib
import zlib

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).parent / "packed"
TEXT = h5py.string_dtype("utf-8")
HASHED = ["packed", "data", "row_bits", "scale", "zero_point", "origin", "g_idx"]
RAW_TYPES = {"bfloat16": "<u2", "bool": "u1"}


def stream(codes, bits):
    """Codes of one stream as 32-bit words, lowest bit first."""
    line = np.concatenate([((codes[:, None] >> np.arange(bits)) & 1).ravel(), np.zeros(-codes.size * bits % 32, np.int64)])
    return np.packbits(line.astype("u1"), bitorder="little").view("<u4")


def integers_of(codes, bits, encoding, origin):
    return {"offset_binary": codes - (1 << bits >> 1), "unsigned": codes, "bipolar": 2 * codes - ((1 << bits) - 1),
            "min_shift": codes + origin}[encoding]


def int_tensor(rng, shape, bits, encoding="offset_binary", unit="row", axis=0, few=False, **parameters):
    rows = shape[axis]
    cols = int(np.prod(shape)) // rows
    widths = np.asarray(bits if np.ndim(bits) else [bits] * rows, np.int64)
    origin = np.broadcast_to(parameters.get("origin", np.zeros(1, "i4")), rows).astype(np.int64)
    codes = [rng.integers(0, 1 << b, cols) * (rng.random(cols) < (0.01 if few else 1)) for b in widths]
    q = np.stack([integers_of(c, int(b), encoding, o) for c, b, o in zip(codes, widths, origin)])
    lines = [(np.concatenate(codes), int(widths[0]))] if unit == "tensor" else [(c, int(b)) for c, b in zip(codes, widths)]
    datasets = {"packed": np.concatenate([stream(c, b) for c, b in lines])}
    if np.ndim(bits):
        datasets["row_bits"] = widths.astype("u1")
    scale = np.asarray(parameters.get("scale", [1]), "<f4")
    zero = np.asarray(parameters.get("zero_point", np.zeros_like(scale)), np.int64)
    group = parameters.get("g_idx")
    if "group_size" in parameters:
        group = np.arange(cols) // parameters["group_size"] if group is None else group
        scale_of, zero_of = scale[:, group], zero[:, group]
    else:
        scale_of, zero_of = scale[:, None], zero[:, None]
    w = scale_of * (q - zero_of).astype("f4")
    for name, kind in [("scale", "<f4"), ("zero_point", "<i4"), ("origin", "<i4"), ("g_idx", "<i4")]:
        if name in parameters:
            datasets[name] = np.asarray(parameters[name], kind)
    attributes = {"axis": np.int64(axis), "encoding": encoding, "unit": unit}
    if not np.ndim(bits):
        attributes["bits"] = np.uint8(bits)
    if "group_size" in parameters:
        attributes["group_size"] = np.int64(parameters["group_size"])
    moved = [rows] + [s for i, s in enumerate(shape) if i != axis]
    crc = lambda x, kind: zlib.crc32(np.ascontiguousarray(np.moveaxis(x.reshape(moved), 0, axis), kind).tobytes())
    expected = {"integers_crc32": crc(q, "<i4"), "weights_crc32": crc(w, "<f4"), "last_row": q[-1].tolist()}
    return {"kind": "int", "dtype": "float32", "shape": shape, "attributes": attributes, "datasets": datasets}, expected


def raw_tensor(dtype, values):
    data = np.asarray(values, RAW_TYPES.get(dtype, np.dtype(dtype).newbyteorder("<") if dtype not in RAW_TYPES else None))
    return {"kind": "raw", "dtype": dtype, "shape": data.shape, "attributes": {}, "datasets": {"data": data}}, {"bytes": data.tobytes().hex()}


def write(kind, tensors, activations=(), compress=False):
    expected = {name: values for name, (_, values) in tensors.items()}
    lines = []
    with h5py.File(FOLDER / f"{kind}.h5", "w", libver=("earliest", "v108")) as file:
        for name in sorted(tensors, key=str.encode):
            tensor = tensors[name][0]
            group = file.create_group("tensors/" + name.replace("%", "%25").replace("/", "%2F"))
            shape = np.asarray(tensor["shape"], "<i8")
            for key, value in {"name": name, "kind": tensor["kind"], "dtype": tensor["dtype"], **tensor["attributes"]}.items():
                group.attrs.create(key, value, dtype=TEXT if isinstance(value, str) else None)
            group.attrs.create("shape", shape)
            sha = hashlib.sha256(name.encode() + b"\0" + np.array([shape.size], "<i8").tobytes() + shape.tobytes())
            crcs = {"crc32": 0, "params_crc32": 0}
            for dataset in HASHED:
                if dataset not in tensor["datasets"]:
                    continue
                values = tensor["datasets"][dataset]
                payload = dataset in ("packed", "data")
                large = compress and payload and values.nbytes >= 65536
                group.create_dataset(dataset, data=values, **({"chunks": (min(values.size, 16384),), "compression": "gzip",
                                                               "compression_opts": 1, "fletcher32": True} if large else {}))
                blob = values.tobytes()
                sha.update(dataset.encode() + b"\0" + np.array([len(blob)], "<i8").tobytes() + blob)
                crc = "crc32" if payload else "params_crc32"
                crcs[crc] = zlib.crc32(blob, crcs[crc])
            for key, value in crcs.items():
                group.attrs.create(key, np.uint32(value))
            lines.append(sha.hexdigest() + "\n")
        file.create_group("activations")
        for name, bits, scale, zero, low, high in activations:
            group = file.create_group("activations/" + name)
            group.attrs.create("name", name, dtype=TEXT)
            for key, value in {"bits": bits, "signed": 0, "per_channel": len(scale) > 1}.items():
                group.attrs.create(key, np.uint8(value))
            group["scale"], group["zero_point"], group["range"] = np.array(scale, "<f4"), np.array(zero, "<i4"), np.array([low, high], "<f4")
        for key, value in {"format": "bitloom.packed", "creator": "make_packed_files.py", "model": kind,
                           "created": "2026-01-01T00:00:00Z", "sha256": hashlib.sha256("".join(lines).encode()).hexdigest()}.items():
            file.attrs.create(key, value, dtype=TEXT)
        file.attrs.create("version", np.array([1, 0], "<u2"))
        for key in ("config", "graph", "provenance"):
            file.create_dataset("meta/" + key, data="{}", dtype=TEXT)
    (FOLDER / f"{kind}.json").write_text(json.dumps(expected) + "\n")


def main():
    FOLDER.mkdir(exist_ok=True)
    rng = np.random.default_rng(6)
    real = lambda *shape: rng.integers(1, 64, shape) / 64
    whole = lambda *shape: rng.integers(-9, 10, shape)
    write("offset_binary", {"a/b.weight": int_tensor(rng, [3, 5, 2, 2], 3, scale=real(1)),
                            "up.weight": int_tensor(rng, [2, 4, 3], 5, axis=1, scale=real(4), zero_point=whole(4))})
    write("unsigned", {"weight": int_tensor(rng, [4, 33], 7, "unsigned", scale=real(4), zero_point=whole(4))})
    write("bipolar", {"weight": int_tensor(rng, [3, 40], 1, "bipolar", scale=real(3)), "wide": int_tensor(rng, [2, 9], 4, "bipolar")})
    write("min_shift", {"one": int_tensor(rng, [2, 9], 3, "min_shift", origin=[-3]),
                        "rows": int_tensor(rng, [3, 7], 9, "min_shift", origin=[-300, 2000000000, 0], scale=real(3))})
    write("unit_tensor", {"depthwise.weight": int_tensor(rng, [32, 1, 3, 3], 4, unit="tensor", scale=real(32))})
    write("row_bits", {"weight": int_tensor(rng, [7, 11], [0, 1, 3, 8, 13, 16, 2], scale=real(7))})
    write("groups", {"weight": int_tensor(rng, [3, 10], 4, "unsigned", group_size=4, scale=real(3, 3), zero_point=whole(3, 3))})
    write("g_idx", {"weight": int_tensor(rng, [3, 10], 4, group_size=4, scale=real(3, 3), zero_point=whole(3, 3),
                                         g_idx=[2, 0, 1, 0, 2, 1, 1, 0, 0, 1])})
    write("raw", {"f16": raw_tensor("float16", [1, -2.5]), "bf16": raw_tensor("bfloat16", [0x3F80, 0xC020]),
                  "f32": raw_tensor("float32", [[1.5, -2.25]]), "f64": raw_tensor("float64", [0.1, -1e300]),
                  "i8": raw_tensor("int8", [-128, 127]), "i16": raw_tensor("int16", [-32768]), "i32": raw_tensor("int32", [-2147483647]),
                  "i64": raw_tensor("int64", 123456789012), "u8": raw_tensor("uint8", [255]), "flags": raw_tensor("bool", [1, 0]),
                  "nothing": raw_tensor("float32", np.zeros((0, 3)))},
          activations=[("relu", 6, [0.125, 0.25], [0, 3], -0.5, 6.25), ("float", 32, [], [], 0, 1)])
    write("compressed", {"weight": int_tensor(rng, [300, 700], 4, scale=real(1), few=True),
                         "small": int_tensor(rng, [2, 8], 4), "zeros": raw_tensor("float32", np.zeros(20000))}, compress=True)


main()
