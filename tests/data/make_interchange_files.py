# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes small checkpoints as GPTQ and AWQ programs lay them out, and the weights that they stand for, with numpy alone:
interchange/CASE/model.safetensors, its configuration, and expected.json."""
import json
import pathlib
import shutil
import struct

import numpy as np

FOLDER = pathlib.Path(__file__).parent / "interchange"
TYPES = {"int32": "I32", "float16": "F16", "float32": "F32"}
AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]  # the output that each nibble of a word holds, from the lowest up


def save(path, tensors):
    """A safetensors file: length of the header, header, values."""
    header, blob = {}, b""
    for name, values in tensors.items():
        data = values.tobytes()
        header[name] = {"dtype": TYPES[str(values.dtype)], "shape": list(values.shape), "data_offsets": [len(blob), len(blob) + len(data)]}
        blob += data
    text = json.dumps(header).encode()
    text += b" " * (-(8 + len(text)) % 64)
    path.write_bytes(struct.pack("<Q", len(text)) + text + blob)


def stream(codes, bits):
    """Codes along axis 0 as words: bit k of a column's stream is bit k % 32 of its word k // 32."""
    words = np.zeros((-(-codes.shape[0] * bits // 32), codes.shape[1]), np.int64)
    for i, row in enumerate(codes):
        for bit in range(bits):
            at = i * bits + bit
            words[at // 32] |= (row.astype(np.int64) >> bit & 1) << at % 32
    return words.astype(np.uint32).view(np.int32)


def awq_words(codes):
    return sum((codes[:, output::8].astype(np.int64) << 4 * nibble) for nibble, output in enumerate(AWQ_ORDER)).astype(np.uint32).view(np.int32)


def layer(rng, inputs, outputs, bits, group_size, symmetric=False, order=False):
    groups = 1 if group_size < 0 else -(-inputs // group_size)
    group = np.zeros(inputs, np.int32) if group_size < 0 else (np.arange(inputs) // group_size).astype(np.int32)
    if order:
        group = rng.permutation(group).astype(np.int32)
    codes = rng.integers(0, 1 << bits, (inputs, outputs))
    zeros = np.full((groups, outputs), 1 << bits - 1) if symmetric else rng.integers(0, 1 << bits, (groups, outputs))
    scales = (rng.integers(1, 512, (groups, outputs)) / 1024).astype(np.float16)
    weights = scales.astype(np.float32)[group] * (codes - zeros[group]).astype(np.float32)
    return codes, zeros, scales, group, weights.T


def write(case, config, tensors, weights, config_name="quantize_config.json"):
    folder = FOLDER / case
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    save(folder / "model.safetensors", tensors)
    if config is not None:
        (folder / config_name).write_text(json.dumps(config, indent=1) + "\n")
    (folder / "expected.json").write_text(json.dumps({n: w.astype(float).ravel().tolist() for n, w in weights.items()}) + "\n")


def gptq(rng, case, inputs, outputs, bits, group_size, version, label, with_index=True, **kind):
    codes, zeros, scales, group, weights = layer(rng, inputs, outputs, bits, group_size, **kind)
    stored = zeros - 1 & (1 << bits) - 1 if version == 1 else zeros
    tensors = {"block.fc.qweight": stream(codes, bits), "block.fc.qzeros": stream(stored.T, bits).T.copy(), "block.fc.scales": scales,
               "block.fc.bias": rng.random(outputs).astype(np.float16), "norm.weight": rng.random(5).astype(np.float32)}
    if with_index:
        tensors["block.fc.g_idx"] = group
    config = {"bits": bits, "group_size": group_size, "desc_act": kind.get("order", False), "sym": kind.get("symmetric", False)}
    if label:
        config["checkpoint_format"] = label
    write(case, config, tensors, {"block.fc.weight": weights})


def main():
    rng = np.random.default_rng(53)
    gptq(rng, "gptq_v1", 64, 16, 4, 32, 1, "gptq", symmetric=True)
    gptq(rng, "gptq_v1_unlabelled", 64, 8, 4, 32, 1, None, symmetric=True, with_index=False)
    gptq(rng, "gptq_v1_asymmetric", 64, 24, 2, 16, 1, "gptq")
    gptq(rng, "gptq_v2_order", 64, 8, 4, 16, 2, "gptq_v2", order=True)
    gptq(rng, "gptq_v2_3bit", 96, 9, 3, 32, 2, "gptq_v2")
    gptq(rng, "gptq_v2_odd", 41, 11, 3, 16, 2, "gptq_v2", order=True)
    gptq(rng, "gptq_v2_8bit", 36, 6, 8, -1, 2, "gptq_v2", symmetric=True)
    gptq(rng, "gptq_unknown", 64, 8, 4, 32, 1, None)
    gptq(rng, "gptq_mislabelled", 64, 8, 4, 32, 2, "gptq", symmetric=True)
    codes, zeros, scales, _, weights = layer(rng, 48, 16, 4, 16)
    tensors = {"fc.qweight": awq_words(codes), "fc.qzeros": awq_words(zeros), "fc.scales": scales, "fc.bias": rng.random(16).astype(np.float16)}
    config = {"model_type": "none", "quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 16, "version": "gemm", "zero_point": True}}
    write("awq", config, tensors, {"fc.weight": weights}, "config.json")


main()
