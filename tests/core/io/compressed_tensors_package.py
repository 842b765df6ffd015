#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""The PyPI package compressed-tensors beside ours: compressed_tensors_package.py OURS THEIRS

OURS: a folder that Bitloom wrote. Every module that its config.json names is unpacked by the package; the float weights go to
OURS/unpacked.safetensors.
THEIRS: a folder for weights that the package packs, of 1 to 8 bits, per tensor, channel and group, in column order or
not, symmetric or not: model.safetensors, config.json, and unpacked.safetensors with the weights that it unpacks from them.
In THEIRS/integers the same as int-quantized: one code to an int8.
"""
import json
import pathlib
import sys

import torch
from compressed_tensors.compressors.naive_quantized.base import IntQuantizationCompressor
from compressed_tensors.compressors.pack_quantized.base import PackedQuantizationCompressor
from compressed_tensors.quantization import QuantizationArgs, QuantizationConfig, QuantizationScheme
from safetensors.torch import load_file, save_file

ROWS, COLS, GROUP = 13, 40, 8
COMPRESSORS = {"pack-quantized": PackedQuantizationCompressor, "int-quantized": IntQuantizationCompressor}


def unpack(folder):
    config = json.loads((folder / "config.json").read_text())["quantization_config"]
    tensors = load_file(folder / "model.safetensors")
    weights = {}
    for scheme in QuantizationConfig.model_validate(config).config_groups.values():
        for module in scheme.targets:
            local = {name[len(module) + 1:]: tensor for name, tensor in tensors.items()
                     if name.startswith(module + ".weight")}
            weights[module + ".weight"] = COMPRESSORS[scheme.format].decompress(local, scheme)["weight"].contiguous()
    save_file(weights, folder / "unpacked.safetensors")


def pack(folder, kind):
    torch.manual_seed(3)
    tensors, groups = {"norm.weight": torch.randn(COLS)}, {}
    for bits in range(1, 9):
        low, high = -(1 << bits - 1), (1 << bits - 1) - 1
        for strategy, ordered in ("tensor", False), ("channel", False), ("group", False), ("group", True):
            for symmetric in True, False:
                module = f"layers.{bits}.{strategy}{'_ordered' * ordered}.{'sym' if symmetric else 'asym'}"
                args = QuantizationArgs(num_bits=bits, symmetric=symmetric, strategy=strategy,
                                        group_size=GROUP if strategy == "group" else None,
                                        actorder="group" if ordered else None)
                shape = {"tensor": (1,), "channel": (ROWS, 1), "group": (ROWS, COLS // GROUP)}[strategy]
                # Zero points need spread-out scales, or clamping would make all codes the same.
                local = {"weight": torch.randn(ROWS, COLS) * (high + 1),
                         "weight_scale": torch.rand(shape) + 0.5,
                         "weight_zero_point": torch.randint(low, high + 1, shape).to(torch.int8)
                         * int(not symmetric)}
                if ordered:
                    local["weight_g_idx"] = torch.randperm(COLS).to(torch.int32) // GROUP
                scheme = QuantizationScheme(targets=[module], weights=args, format=kind)
                packed = COMPRESSORS[kind].compress(local, scheme)
                tensors.update({f"{module}.{name}": tensor.contiguous() for name, tensor in packed.items()})
                groups[f"group_{len(groups)}"] = scheme
    config = QuantizationConfig(config_groups=groups, quantization_status="compressed", format=kind)
    dumped = config.model_dump(mode="json") | {"quant_method": "compressed-tensors", "version": "0.18.0"}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps({"quantization_config": dumped}))
    unpack(folder)


if __name__ == "__main__":
    unpack(pathlib.Path(sys.argv[1]))
    theirs = pathlib.Path(sys.argv[2])
    (theirs / "integers").mkdir()
    pack(theirs, "pack-quantized")
    pack(theirs / "integers", "int-quantized")
