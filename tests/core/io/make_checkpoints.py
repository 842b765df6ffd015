# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes checkpoints with PyTorch for tst_state_dict, or checks one that Bitloom wrote.

make_checkpoints.py make FOLDER         one file per case, and FOLDER/expected.json
make_checkpoints.py digest FILE...      JSON: file -> name -> [dtype, shape, sha256 of the contiguous bytes]
make_checkpoints.py check FILE...       the same for a file of ours, loaded with weights_only=True
"""
import collections
import hashlib
import json
import os
import sys
import warnings

import numpy as np
import torch

warnings.simplefilter("ignore")


def digest(tensor):
    dense = tensor.detach().contiguous()
    raw = b"" if dense.numel() == 0 else bytes(dense.reshape(-1).view(torch.uint8).numpy())
    return [str(dense.dtype), list(dense.shape), hashlib.sha256(raw).hexdigest()]


def state_of(saved):
    for key in ("state_dict", "model"):
        if isinstance(saved, dict) and key in saved:
            return state_of(saved[key])
    return saved


def digests(saved):
    tensors = {k: v for k, v in state_of(saved).items() if isinstance(v, torch.Tensor)}
    prefix = "module." if all(k.startswith("module.") for k in tensors) else ""
    return {k[len(prefix):]: digest(v) for k, v in tensors.items()}


def cases():
    torch.manual_seed(7)
    base = torch.arange(48, dtype=torch.float32).reshape(6, 8)
    dtypes = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.bfloat16,
              torch.float32, torch.float64, torch.bool, torch.complex64, torch.complex128]
    young = [torch.uint16, torch.uint32, torch.uint64, torch.float8_e4m3fn, torch.float8_e5m2]
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    net_state = net.state_dict()
    yield "dtypes", {str(d): torch.randn(3, 4).mul(9).to(d) for d in dtypes}
    yield "young", {str(d): torch.arange(6).to(torch.float32).to(d) for d in young}
    yield "views", collections.OrderedDict(
        whole=base, row=base[2], column=base[:, 3], transposed=base.t(), stepped=base[::2, 1::3],
        scalar=torch.tensor(2.5), empty=torch.empty(0, 3), expanded=torch.ones(2, 1).expand(2, 5),
        parameter=torch.nn.Parameter(base.clone()), permuted=torch.randn(2, 3, 4).permute(2, 0, 1))
    yield "module", net_state
    yield "nested", {"epoch": 3, "state_dict": {"module." + k: v for k, v in net_state.items()},
                     "best": np.float64(91.5), "history": [1, 2.5, None, True], "loss": torch.tensor(1.0),
                     "device": torch.device("cuda:0"), "ids": {1, 2}, "big": 10 ** 30, "raw": b"\x00\xff",
                     "array": np.arange(3), "dtype": torch.float16, "size": torch.Size([1, 2]),
                     "counter": collections.Counter([30, 60])}
    yield "deeper", {"model": {"state_dict": dict(net_state)}, "optimizer": {"state": {}}}


def make(folder):
    expected = {}
    for name, saved in cases():
        for suffix, options in (("zip", {}), ("legacy", {"_use_new_zipfile_serialization": False}),
                                ("protocol4", {"pickle_protocol": 4})):
            if name == "young" and suffix == "legacy":
                continue  # PyTorch cannot load its own untyped legacy storages
            path = os.path.join(folder, f"{name}-{suffix}.pth")
            torch.save(saved, path, **options)
            expected[os.path.basename(path)] = digests(saved)
    torch.jit.script(torch.nn.ReLU()).save(os.path.join(folder, "script.pt"))
    torch.save(torch.nn.Linear(2, 3), os.path.join(folder, "whole-module.pth"))
    torch.save({"w": torch.ones(2, 2).to_sparse()}, os.path.join(folder, "sparse.pth"))
    torch.save({"w": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)},
               os.path.join(folder, "quantized.pth"))
    torch.save([1, 2], os.path.join(folder, "list.pth"))
    np.savez(os.path.join(folder, "arrays.npz"), a=np.arange(3))
    with open(os.path.join(folder, "expected.json"), "w") as out:
        json.dump(expected, out)


def main():
    verb, *paths = sys.argv[1:]
    if verb == "make":
        make(paths[0])
    elif verb == "digest":
        print(json.dumps({p: digests(torch.load(p, map_location="cpu", weights_only=True)) for p in paths}))
    elif verb == "check":
        result = {}
        for path in paths:
            saved = torch.load(path, weights_only=True)
            storages = {v.untyped_storage().data_ptr() for v in saved.values() if v.numel() > 0}
            result[path] = {"tensors": digests(saved), "storages": len(storages)}
        print(json.dumps(result))


main()
