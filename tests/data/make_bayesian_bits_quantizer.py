# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Cuts bayesian_bits_quantizer.json out of the full reference vectors of Bayesian Bits:

    python make_bayesian_bits_quantizer.py PATH/bayesian_bits.json > bayesian_bits_quantizer.json
"""
import json
import sys

KEYS = ("constants", "scales", "forward_eval", "forward_eval_pruned", "pact_fixed", "train_grad", "hard_concrete",
        "regulariser")

with open(sys.argv[1], encoding="utf-8") as source:
    vectors = json.load(source)
lines = [json.dumps(key) + ":" + json.dumps(vectors[key], separators=(",", ":")) for key in KEYS]
print("{\n" + ",\n".join(lines) + "\n}")
