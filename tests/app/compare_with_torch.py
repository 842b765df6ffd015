# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""compare_with_torch.py STATE.pth X.npy Y.npy: a LeNet-5 of these weights must give Y for X.
compare_with_torch.py --make X.npy: writes the input. compare_with_torch.py --equal A.pth B.pth BITS:
each weight of B is that of A rounded to at most 2**BITS values per output channel."""

import sys

import numpy
import torch
from torch import nn

if sys.argv[1] == "--make":
    numpy.save(sys.argv[2], numpy.random.default_rng(1).random((3, 1, 28, 28), dtype=numpy.float32))
elif sys.argv[1] == "--equal":
    left, right = (torch.load(name, weights_only=True) for name in sys.argv[2:4])
    assert sorted(left) == sorted(right), (list(left), list(right))
    for name, value in left.items():
        assert value.shape == right[name].shape and value.dtype == right[name].dtype, name
        if value.dim() == 1:
            assert torch.equal(value, right[name]), name
            continue
        for a, b in zip(value, right[name]):
            levels = b.unique()
            assert len(levels) <= 2 ** int(sys.argv[4]), (name, len(levels))
            step = (levels[1:] - levels[:-1]).min() if len(levels) > 1 else torch.tensor(0.0)
            inside = (a >= levels.min()) & (a <= levels.max())
            assert ((a - b).abs()[inside] <= 0.5001 * step).all(), name
else:
    network = nn.Module()
    network.features = nn.Sequential(nn.Conv2d(1, 32, 5), nn.ReLU(), nn.MaxPool2d(2),
                                     nn.Conv2d(32, 64, 5), nn.ReLU(), nn.MaxPool2d(2))
    network.classifier = nn.Sequential(nn.Linear(1024, 512), nn.ReLU(), nn.Linear(512, 10))
    network.load_state_dict(torch.load(sys.argv[1], weights_only=True))
    with torch.no_grad():
        x = torch.from_numpy(numpy.load(sys.argv[2]))
        expected = network.classifier(network.features(x).flatten(1)).numpy()
    got = numpy.load(sys.argv[3])
    assert got.dtype == numpy.float32 and got.shape == expected.shape, (got.dtype, got.shape)
    assert numpy.abs(got - expected).max() < 1e-5, numpy.abs(got - expected).max()
