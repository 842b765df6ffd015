# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Reads state dicts with other people's readers: PyTorch without pickled code, and the safetensors package. Prints
# {file: {tensor: [dtype, shape, values]}}.
import json
import sys

import torch
from safetensors.torch import load_file

found = {}
for path in sys.argv[1:]:
    state = load_file(path) if path.endswith(".safetensors") else torch.load(path, weights_only=True)
    found[path] = {name: [str(t.dtype), list(t.shape), t.double().flatten().tolist()] for name, t in state.items()}
json.dump(found, sys.stdout)
