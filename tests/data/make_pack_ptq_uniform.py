# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Cuts pack_ptq_uniform.json out of the full reference vectors of Pack-PTQ:

    python make_pack_ptq_uniform.py PATH/pack_ptq.json > pack_ptq_uniform.json
"""
import json
import sys

KEYS = ("lp_loss", "uniform_affine", "uniform_affine_gradient")

with open(sys.argv[1], encoding="utf-8") as source:
    vectors = json.load(source)
lines = [json.dumps(key) + ":" + json.dumps(vectors[key], separators=(",", ":")) for key in KEYS]
print("{\n" + ",\n".join(lines) + "\n}")
