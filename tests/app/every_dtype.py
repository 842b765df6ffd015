# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Tensors of the types that networks rarely have, judged by other people's readers: every_dtype.py (make | check) FOLDER

make writes FOLDER/all.pth, FOLDER/narrow.pth (without complex128, which safetensors does not have) and
FOLDER/complex.pth (of the types that legacy files have) with PyTorch. check prints, for each file that was converted
into FOLDER, the tensors that are not the same in type, shape and bits: {FILE: [NAME]}.
"""
import json
import os
import sys

import h5py
import numpy as np
import torch
from safetensors.torch import load_file


def tensors():
    torch.manual_seed(7)
    state = {"c64": torch.tensor([[1 + 2j, -0.5j], [complex(float("nan"), 1), complex(float("inf"), -0.0)]]),
             "c64.scalar": torch.tensor(1.5 - 2j), "c64.empty": torch.zeros(0, 3, dtype=torch.complex64),
             "c64.turned": torch.randn(4, 6, dtype=torch.complex64).t(),
             "c64.conjugated": torch.randn(5, dtype=torch.complex64).conj(),
             "f32.negated": torch.randn(5, dtype=torch.complex64).conj().imag,
             "c128": torch.randn(3, 5, dtype=torch.complex128)}
    for bits in (16, 32, 64):
        dtype = getattr(torch, f"uint{bits}")
        state[f"u{bits}"] = torch.tensor([[0, 1, 2**bits - 1], [2 ** (bits - 1), 7, 255]], dtype=dtype)
        state[f"u{bits}.scalar"] = torch.tensor(2**bits - 2, dtype=dtype)
    return state


def bits_of(tensor):
    dense = tensor.resolve_conj().resolve_neg().contiguous().reshape(-1)
    return [str(dense.dtype), list(tensor.shape), bytes(dense.view(torch.uint8).numpy()) if dense.numel() else b""]


def bits_of_hdf5(group):
    data = group["data"][()]
    assert data.dtype == np.dtype(group.attrs["dtype"]), "h5py finds another type than the attribute says"
    return ["torch." + group.attrs["dtype"], list(group.attrs["shape"]), np.ascontiguousarray(data).tobytes()]


def read(path):
    if path.endswith(".h5"):
        with h5py.File(path) as file:
            return {group.attrs["name"]: bits_of_hdf5(group) for group in file["tensors"].values()}
    found = load_file(path) if path.endswith(".safetensors") else torch.load(path, weights_only=True)
    found = found[0] if isinstance(found, tuple) else found
    return {name: bits_of(tensor) for name, tensor in found.items()}


folder = sys.argv[2]
state = tensors()
subsets = {"all": set(state), "narrow": {name for name in state if name != "c128"},
           "complex": {name for name in state if not name.startswith("u")}}
if sys.argv[1] == "make":
    for name, members in subsets.items():
        torch.save({key: state[key] for key in sorted(members)}, os.path.join(folder, name + ".pth"))
    print("{}")
else:
    wrong = {}
    for file in sorted(os.listdir(folder)):
        subset, _, kind = file.partition(".")
        if kind != "pth" and os.path.isfile(os.path.join(folder, file)):
            found = read(os.path.join(folder, file))
            expected = {name: bits_of(state[name]) for name in subsets[subset.split("_")[0]]}
            wrong[file] = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    print(json.dumps(wrong))
