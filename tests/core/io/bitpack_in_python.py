# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""BitPack's format in Python, written from its description (core/pack/bitpack_layout.h), for tst_bitpack_file.

bitpack_in_python.py save FOLDER      files as BitPack writes them, in both containers, and FOLDER/expected.json with what
                                      its loader makes of them: {file: {name: [dtype, shape, values]}}
bitpack_in_python.py load FILE...     the same JSON for files of ours, opened with weights_only=True
bitpack_in_python.py hawq FOLDER      quantized checkpoints as HAWQ exports them
"""
import collections
import json
import os
import sys

import numpy as np
import torch

INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)


def packed_shape(shape, bits):
    whole = [i for i, size in enumerate(shape) if size * bits % 8 == 0]
    chosen = whole[0] if whole else shape.index(max(shape))
    return tuple(-(-size * bits // 8) if i == chosen else size for i, size in enumerate(shape))


def pack(codes, bits):
    shape = packed_shape(list(codes.shape), bits)
    stream = (codes.reshape(-1, 1).astype(np.int64) >> np.arange(bits - 1, -1, -1)) & 1
    packed = np.zeros(int(np.prod(shape)), np.uint8)
    data = np.packbits(stream.astype(np.uint8).reshape(-1))
    packed[:len(data)] = data
    return packed.reshape(shape)


def unpack(packed, bits, shape):
    count = int(np.prod(shape))
    stream = np.unpackbits(packed.reshape(-1))[:count * bits].reshape(count, bits)
    return (stream.astype(np.int64) @ (1 << np.arange(bits - 1, -1, -1))).astype(np.uint8).reshape(shape)


def saved(tensors):
    """The four dicts as BitPack makes them, with the types in which it computes."""
    state, widths, shapes, offsets = type(tensors)(), {}, {}, {}
    if hasattr(tensors, "_metadata"):
        state._metadata = tensors._metadata
    for name, tensor in tensors.items():
        shapes[name] = tensor.size()
        if tensor.dtype not in INTEGERS:
            state[name], widths[name] = tensor, -1
            continue
        offset = (-tensor.min()).to(torch.uint8)
        codes = tensor + offset
        highest = int(codes.max())
        bits = next((k for k in range(1, 9) if highest < 2 ** k - 1), 8)
        state[name] = torch.from_numpy(pack(codes.numpy(), bits))
        widths[name], offsets[name] = bits, offset
    return state, widths, shapes, offsets


def loaded(state, widths, shapes, offsets):
    result = {}
    for name, tensor in state.items():
        if widths[name] == -1:
            offsets[name]  # BitPack looks it up for raw tensors too, and fails where it is not there
            result[name] = tensor
        else:
            codes = torch.from_numpy(unpack(tensor.numpy(), widths[name], tuple(shapes[name])))
            result[name] = (codes.to(torch.int32) - offsets[name]).to(torch.int32)
    return result


def as_json(tensors):
    return {k: [str(v.dtype), list(v.shape), v.detach().reshape(-1).tolist()] for k, v in tensors.items()}


def cases():
    def ints(values, shape=None, dtype=torch.int32):
        tensor = torch.tensor(values, dtype=dtype)
        return tensor if shape is None else tensor.reshape(shape)
    torch.manual_seed(3)
    wide = {f"w{k}": torch.randint(-(2 ** k) // 2, 2 ** k // 2, (5, 3, 3, 3), dtype=torch.int32) for k in range(1, 9)}
    yield "widths", wide
    yield "odd shapes", {f"{s}": torch.randint(-3, 4, s, dtype=torch.int16).index_fill_(0, torch.tensor(0), -3)
                         for s in [(1,), (7,), (8,), (27, 3, 3, 3), (3, 3, 3), (1, 17), (64, 5)]}
    module = torch.nn.Module()
    module.register_buffer("weight_integer", ints([-7, -1, 0, 7, 3, -2], (2, 3)))
    yield "state dict of a module", module.state_dict()
    yield "offset modulo 256", {"a": ints([-300, 0, 10]), "b": ints([-256, -3, -1])}
    yield "span above 255", {"a": ints([-2, 0, 1000])}
    yield "int8 overflow", {"a": ints([-128, 0, 127], dtype=torch.int8), "b": ints([-100, 0, 100], dtype=torch.int8)}
    yield "int16 overflow", {"a": ints([-32768, 0, 5], dtype=torch.int16)}
    yield "many", collections.OrderedDict(
        (f"module.layer{i}.weight_integer", torch.randint(-8, 8, (16, 8, 3, 3))) for i in range(20))


def save(folder):
    expected = {}
    for number, (name, tensors) in enumerate(cases()):
        for suffix, options in (("zip", {}), ("legacy", {"_use_new_zipfile_serialization": False})):
            file = f"{number}-{suffix}.pth.tar"
            parts = saved(tensors)
            torch.save(parts, os.path.join(folder, file), **options)
            expected[file] = {"case": name, "tensors": as_json(loaded(*parts))}
    # Floating point tensors get no offset, so BitPack cannot load what it writes here.
    mixed = {"a": torch.tensor([-1, 0, 1]), "b": torch.nn.Parameter(torch.tensor([0.5, -2.0])),
             "c": torch.tensor([True, False])}
    parts = saved(mixed)
    torch.save(parts, os.path.join(folder, "mixed.pth.tar"))
    expected["mixed.pth.tar"] = {"case": "mixed", "tensors": as_json(
        {"a": loaded({"a": parts[0]["a"]}, *parts[1:])["a"], "b": mixed["b"], "c": mixed["c"]})}
    with open(os.path.join(folder, "expected.json"), "w") as out:
        json.dump(expected, out)


def hawq(folder):
    torch.manual_seed(5)

    def weight(shape, bits):
        return torch.randint(-(2 ** (bits - 1)), 2 ** (bits - 1), shape).to(torch.float32)
    layers = {"module.quant_init_convbn": (8, 3, 3, 3), "module.stage1.quant_convbn1": (8, 8, 3, 3),
              "module.final_conv": (4, 8, 1, 1), "module.quant_output": (10, 8), "module.unused": (2, 2)}
    parts = collections.OrderedDict((part, {}) for part in ("convbn_scaling_factor", "fc_scaling_factor",
                                                            "weight_integer", "bias_integer", "act_scaling_factor"))
    state = {}
    for name, shape in layers.items():
        key = name + ".weight_integer"
        parts["weight_integer"][key] = torch.zeros(shape) if name.endswith("unused") else weight(shape, 4)
        if "convbn" in name:
            parts["convbn_scaling_factor"][name + ".convbn_scaling_factor"] = torch.rand(shape[0]) + 0.1
            parts["bias_integer"][name + ".bias_integer"] = torch.randint(-2 ** 20, 2 ** 20, (shape[0],)).float()
    parts["fc_scaling_factor"]["module.quant_output.fc_scaling_factor"] = torch.rand(10) + 0.1
    parts["act_scaling_factor"]["module.quant_act.act_scaling_factor"] = torch.rand(1)
    torch.save(dict(parts), os.path.join(folder, "quantized_checkpoint.pth.tar"))
    for part in parts.values():
        state.update(part)
    state["module.final_conv.conv_scaling_factor"] = torch.rand(4) + 0.1
    state["module.bn.running_mean"] = torch.rand(3)
    torch.save({"epoch": 3, "state_dict": state}, os.path.join(folder, "checkpoint.pth.tar"))
    torch.save({"epoch": 3, "state_dict": {"conv.weight": torch.rand(2, 2)}}, os.path.join(folder, "float.pth.tar"))
    wrong = {k: dict(v) for k, v in parts.items()}
    wrong["weight_integer"]["module.quant_output.weight_integer"][1, 3] = 2.5
    torch.save(wrong, os.path.join(folder, "not_integers.pth.tar"))
    integers = {k: v.to(torch.int32) for k, v in parts["weight_integer"].items() if "unused" not in k}
    torch.save({"weight_integer": integers}, os.path.join(folder, "integers.pth.tar"))


def main():
    verb, *paths = sys.argv[1:]
    if verb == "save":
        save(paths[0])
    elif verb == "hawq":
        hawq(paths[0])
    else:
        print(json.dumps({p: as_json(loaded(*torch.load(p, weights_only=True))) for p in paths}))


main()
