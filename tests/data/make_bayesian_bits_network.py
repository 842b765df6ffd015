# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Cuts bayesian_bits_network.json, the vectors about whole networks, out of the full reference vectors of Bayesian Bits:

    python make_bayesian_bits_network.py PATH/bayesian_bits.json > bayesian_bits_network.json
"""
import json
import sys

KEYS = ("bops", "bn_folded_conv", "lr_lambda", "toy_training")

with open(sys.argv[1], encoding="utf-8") as source:
    vectors = json.load(source)
for network in vectors["bops"].values():
    del network["groups"]  # follows from quantizer_mac_counts
lines = [json.dumps(key) + ":" + json.dumps(vectors[key], separators=(",", ":")) for key in KEYS]
print("{\n" + ",\n".join(lines) + "\n}")
