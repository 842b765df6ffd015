# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Runs built-in networks, written here as ordinary PyTorch modules, on given weights and images.

usage: reference_networks.py FOLDER...
FOLDER/job.json: {"architecture", "input": shape, "tensors": [{"name", "shape", "file"}]}; raw float32 files beside it.
Writes logits.bin (inference), and from one training step: gradients.bin (all trainable parameters in the order of
job.json) and statistics.bin (all buffers in that order after the step). Loss: sum of logits * (0, 1, 2, ... mod 7).
"""
import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def conv_bn(inputs, outputs, kernel, stride=1, groups=1):
    return (nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs))


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 32, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), nn.ReLU(),
                                      nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Linear(1024, 512), nn.ReLU(), nn.Linear(512, 10))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class Vgg7(nn.Module):
    def __init__(self):
        super().__init__()
        layers, inputs = [], 3
        for outputs in (128, 256, 512):
            for _ in range(2):
                layers += [*conv_bn(inputs, outputs, 3), nn.ReLU()]
                inputs = outputs
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(8192, 1024, bias=False), nn.BatchNorm1d(1024), nn.ReLU(),
                                        nn.Linear(1024, 10))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class CifarBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = conv_bn(inputs, outputs, 3, stride)
        self.conv2, self.bn2 = conv_bn(outputs, outputs, 3)
        self.pad = (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.pad:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.pad, self.pad))
        return F.relu(y + x)


class CifarResNet(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.conv1, self.bn1 = conv_bn(3, 16, 3)
        inputs = 16
        for stage, outputs in enumerate((16, 32, 64)):
            layers = []
            for block in range(blocks):
                layers.append(CifarBlock(inputs, outputs, 2 if stage and not block else 1))
                inputs = outputs
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


class Block(nn.Module):
    def __init__(self, inputs, width, stride, bottleneck):
        super().__init__()
        outputs = width * (4 if bottleneck else 1)
        if bottleneck:
            self.conv1, self.bn1 = conv_bn(inputs, width, 1)
            self.conv2, self.bn2 = conv_bn(width, width, 3, stride)
            self.conv3, self.bn3 = conv_bn(width, outputs, 1)
        else:
            self.conv1, self.bn1 = conv_bn(inputs, width, 3, stride)
            self.conv2, self.bn2 = conv_bn(width, width, 3)
        self.bottleneck = bottleneck
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(*conv_bn(inputs, outputs, 1, stride))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.bottleneck:
            y = self.bn3(self.conv3(F.relu(y)))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, blocks, bottleneck):
        super().__init__()
        self.conv1, self.bn1 = conv_bn(3, 64, 7, 2)
        inputs = 64
        for stage, count in enumerate(blocks):
            layers = []
            for block in range(count):
                layers.append(Block(inputs, 64 << stage, 2 if stage and not block else 1, bottleneck))
                inputs = (64 << stage) * (4 if bottleneck else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(inputs, 1000)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


def conv_bn_relu6(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Sequential(*conv_bn(inputs, outputs, kernel, stride, groups), nn.ReLU6())


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, expansion, stride):
        super().__init__()
        hidden = inputs * expansion
        layers = [] if expansion == 1 else [conv_bn_relu6(inputs, hidden, 1)]
        layers += [conv_bn_relu6(hidden, hidden, 3, stride, hidden), *conv_bn(hidden, outputs, 1)]
        self.conv = nn.Sequential(*layers)
        self.skip = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.conv(x) if self.skip else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        layers, inputs = [conv_bn_relu6(3, 32, 3, 2)], 32
        for t, c, n, s in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
                           (6, 320, 1, 1)):
            for i in range(n):
                layers.append(InvertedResidual(inputs, c, t, 1 if i else s))
                inputs = c
        self.features = nn.Sequential(*layers, conv_bn_relu6(320, 1280, 1))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


NETWORKS = {
    "lenet5": LeNet5,
    "vgg7": Vgg7,
    "resnet20_cifar": lambda: CifarResNet(3),
    "resnet18": lambda: ResNet((2, 2, 2, 2), False),
    "resnet50": lambda: ResNet((3, 4, 6, 3), True),
    "mobilenet_v2": MobileNetV2,
}


def run(folder):
    def read(file, shape):
        return torch.from_numpy(np.fromfile(folder / file, np.float32).reshape(shape))

    def write(file, tensors):
        np.concatenate([t.detach().numpy().ravel() for t in tensors]).tofile(folder / file)

    job = json.loads((folder / "job.json").read_text())
    net = NETWORKS[job["architecture"]]()
    # strict: exactly the names PyTorch expects, but for the batch counters that inference does not need
    state = {t["name"]: read(t["file"], t["shape"]) for t in job["tensors"]}
    counters = {n: b for n, b in net.named_buffers() if n.endswith("num_batches_tracked")}
    net.load_state_dict({**state, **counters}, strict=True)
    x = read("input.bin", job["input"])
    with torch.no_grad():
        write("logits.bin", [net.eval()(x)])
    net.train()
    logits = net(x)
    (logits * (torch.arange(logits.numel()) % 7).reshape(logits.shape)).sum().backward()
    trained = dict(net.named_parameters())
    buffers = dict(net.named_buffers())
    write("gradients.bin", [trained[t["name"]].grad for t in job["tensors"] if t["name"] in trained])
    statistics = [buffers[t["name"]] for t in job["tensors"] if t["name"] in buffers]
    write("statistics.bin", statistics or [torch.zeros(0)])


for argument in sys.argv[1:]:
    run(pathlib.Path(argument))
