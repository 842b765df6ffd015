# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""make_script_models.py --make NAME: writes NAME.pt (TorchScript), NAME.x.npy and what PyTorch makes of it, NAME.y.npy.
make_script_models.py --equal A.npy B.npy TOLERANCE: relative to the largest value of A."""

import sys
import warnings

import numpy
import torch
from torch import nn


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.last = nn.ConvTranspose2d(8, 2, 4, stride=2, padding=1)

    def forward(self, x):
        return self.last(torch.relu(self.first(x)))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(50, 12)
        self.recurrent = nn.GRU(12, 16, num_layers=2, batch_first=True)
        self.memory = nn.LSTM(16, 8, batch_first=True, bidirectional=True)
        self.classifier = nn.Linear(16, 4)

    def forward(self, tokens):
        states, _ = self.recurrent(self.embedding(tokens))
        states, _ = self.memory(states)
        return self.classifier(states[:, -1])


class ScriptedRecurrent(nn.Module):
    """Asks its input for its device, to make the first state there."""

    def __init__(self):
        super().__init__()
        self.recurrent = nn.GRU(6, 8, batch_first=True)
        self.last = nn.Linear(8, 3)

    def forward(self, x):
        states, _ = self.recurrent(x)
        return self.last(states[:, -1])


class Normalised(nn.Module):
    def __init__(self):
        super().__init__()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.layer = nn.utils.weight_norm(nn.Linear(6, 5))

    def forward(self, x):
        return self.layer(x)


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Linear(8, 4)
        self.right = nn.Linear(6, 4)

    def forward(self, x, y):
        return self.left(x) * torch.sigmoid(self.right(y))


torch.manual_seed(1)
if sys.argv[1] == "--make":
    name = sys.argv[2]
    module, inputs, scripted = {
        "convolutional": (Convolutional(), (torch.randn(2, 3, 20, 36),), True),
        "recurrent": (Recurrent(), (torch.randint(0, 50, (2, 9)),), False),
        "scripted_recurrent": (ScriptedRecurrent(), (torch.randn(2, 5, 6),), True),
        "bfloat16": (Convolutional().bfloat16(), (torch.randn(2, 3, 20, 36).bfloat16(),), True),
        "normalised": (Normalised(), (torch.randn(2, 6),), False),
        "two_inputs": (TwoInputs(), (torch.randn(1, 8), torch.randn(1, 6)), False),
    }[name]
    module.eval()
    with torch.no_grad():
        script = torch.jit.script(module) if scripted else torch.jit.trace(module, inputs)
        for which, values in (("x", inputs[0]), ("y", module(*inputs))):
            numpy.save(f"{name}.{which}.npy", values.float().numpy() if values.is_floating_point() else values.numpy())
    script.save(f"{name}.pt")
else:
    left, right = (numpy.load(name) for name in sys.argv[2:4])
    assert left.shape == right.shape, (left.shape, right.shape)
    difference = numpy.abs(left - right).max() / numpy.abs(left).max()
    assert difference <= float(sys.argv[4]), difference
