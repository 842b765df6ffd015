#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""The PyPI package safetensors beside ours: safetensors_package.py OURS THEIRS

Reads the file OURS, and writes THEIRS with one tensor of each dtype that PyTorch has. Prints what the package finds in
each: {"ours":{"tensors":{NAME:[DTYPE,SHAPE,HEX]},"metadata":{KEY:TEXT}},"theirs":...}.
"""
import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file

NAMES = {torch.bool: "BOOL", torch.uint8: "U8", torch.int8: "I8", torch.int16: "I16", torch.uint16: "U16",
         torch.float16: "F16", torch.bfloat16: "BF16", torch.int32: "I32", torch.uint32: "U32", torch.float32: "F32",
         torch.float64: "F64", torch.int64: "I64", torch.uint64: "U64", torch.complex64: "C64",
         torch.float8_e4m3fn: "F8_E4M3", torch.float8_e5m2: "F8_E5M2"}


def describe(path):
    tensors = {}
    with safe_open(path, framework="pt") as file:
        for name in file.keys():
            tensor = file.get_tensor(name)
            values = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex() if tensor.numel() else ""
            tensors[name] = [NAMES[tensor.dtype], list(tensor.shape), values]
        return {"tensors": tensors, "metadata": file.metadata() or {}}


def make(path):
    tensors = {}
    for i, dtype in enumerate(NAMES):
        tensors[f"t.{i}"] = (torch.arange(6).reshape(2, 3) - int(dtype.is_signed)).to(dtype)
    tensors["scalar"] = torch.tensor(2.5)
    tensors["empty"] = torch.zeros(0, 3)
    save_file(tensors, path, metadata={"format": "pt", "note": "\u00e4 \"quoted\""})
    return describe(path)


if __name__ == "__main__":
    print(json.dumps({"ours": describe(sys.argv[1]), "theirs": make(sys.argv[2])}))
