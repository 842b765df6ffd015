# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes checkpoints as the published code of Bayesian Bits saves them, and what their networks compute.

usage: make_checkpoint.py FOLDER {lenet5|vgg|resnet18|mobilenet_v2} [legacy]
Writes FOLDER/checkpoint.pth, images.npy and logits.npy. Names, formulas and defaults are those of the method's
description; nothing here knows how Bitloom computes.
"""
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

random = torch.Generator().manual_seed(7)


def uniform(low, high, *shape):
    return torch.rand(*shape, generator=random) * (high - low) + low


class Levels(nn.Module):
    """The decomposed quantizer. It has never run until its range is set."""

    def __init__(self):
        super().__init__()
        self.x_min, self.x_max = (nn.Parameter(torch.tensor([value])) for value in (-10.0, 10.0))
        for level in (4, 8, 16, 32):
            setattr(self, f"gamma_{level}", nn.Parameter(torch.tensor([6.0])))

    def start(self, x, channels):
        """A range that clips a little, a random width, and a tenth of the channels off.

        Coarse activations would make chaos of the last bits in which two programs may differ.
        """
        self.x_min.data.fill_(min(x.min().item(), 0.0))
        self.x_max.data.fill_(0.9 * x.abs().max().item())
        width = int(torch.randint(0 if channels else 2, 4, (), generator=random))
        for index, level in enumerate((4, 8, 16, 32)):
            getattr(self, f"gamma_{level}").data.fill_(float(uniform(-0.9, 6, ())) if index < width else -3.0 - index)
        if channels > 0:
            self.gamma_2 = nn.Parameter(torch.where(uniform(0, 1, channels) < 0.1, -1.5, uniform(-0.9, 6, channels)))

    def forward(self, x):
        signed = self.x_min.item() < 0
        high = np.float32(1 - 1e-7) * self.x_max
        low = -high if signed else torch.zeros(1)
        clipped = high - F.relu((high - low) - F.relu(x - low))
        step = (self.x_max + self.x_max if signed else self.x_max - 0.0) / 3
        result = step * torch.round(clipped / step)
        for level, divisor in ((4, 5), (8, 17), (16, 257), (32, 65537)):
            if not getattr(self, f"gamma_{level}") > -0.93530263:
                break
            step = step / divisor
            result = result + step * torch.round((clipped - result) / step)
        if hasattr(self, "gamma_2"):
            result = result * (self.gamma_2 > -0.93530263).float().reshape(-1, *[1] * (x.dim() - 1))
        return result


class Quantizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.quantizer = Levels()


class Quantized(nn.Module):
    def __init__(self):
        super().__init__()
        self.activation_quantizer = Quantizer()
        self.weight_quantizer = Quantizer()

    def quantize(self, x, start):
        if start:
            self.activation_quantizer.quantizer.start(x, 0)
        return self.activation_quantizer.quantizer(x)


class Layer(Quantized):
    """A convolution (kernel > 0) or linear layer, normalised or with a bias."""

    def __init__(self, inputs, outputs, kernel=0, stride=1, groups=1, norm=True, function=F.relu, pad=None, prunable=True):
        super().__init__()
        shape = (outputs, inputs // groups) + ((kernel, kernel) if kernel else ())
        fan = np.prod(shape[1:])
        self.weight = nn.Parameter(torch.randn(shape, generator=random) / np.sqrt(fan))
        self.bias = None if norm else nn.Parameter(uniform(-0.1, 0.1, outputs))
        if norm:
            self.gamma = nn.Parameter(uniform(0.5, 1.5, outputs))
            self.beta = nn.Parameter(uniform(-0.2, 0.4, outputs))
            self.register_buffer("running_mean", uniform(-0.1, 0.1, outputs))
            self.register_buffer("running_var", uniform(0.5, 1.5, outputs))
        self.kernel, self.stride, self.groups, self.function = kernel, stride, groups, function
        self.pad = kernel // 2 if pad is None else pad
        self.prunable = prunable

    def forward(self, x, start):
        weight, bias = self.weight, self.bias
        if bias is None:
            sigma = torch.sqrt(self.running_var + 1e-5)
            weight = (weight.transpose(0, -1) * self.gamma / sigma).transpose(0, -1)
            bias = self.beta - self.gamma * self.running_mean / sigma
        if start:
            self.weight_quantizer.quantizer.start(weight, weight.size(0) if self.prunable else 0)
        weight = self.weight_quantizer.quantizer(weight)
        if self.kernel:
            y = F.conv2d(x, weight, None, self.stride, self.pad, groups=self.groups) + bias.reshape(-1, 1, 1)
        else:
            y = F.linear(x, weight) + bias
        if self.function is None:  # logits stay as they are
            return y
        return self.quantize(self.function(y), start)


def identity(x):
    return x


class Pool(nn.Module):
    def __init__(self, kernel, stride, pad=0):
        super().__init__()
        self.arguments = kernel, stride, pad

    def forward(self, x, start):
        return F.max_pool2d(x, *self.arguments)


class Chain(nn.Sequential):
    def forward(self, x, start):
        for part in self:
            x = part(x, start)
        return x


class ResidualBlock(Quantized):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.features = Chain(Layer(inputs, outputs, 3, stride), Layer(outputs, outputs, 3, function=identity))
        wants = stride != 1 or inputs != outputs
        self.downsample = Chain(Layer(inputs, outputs, 1, stride, function=identity)) if wants else None

    def forward(self, x, start):
        y = self.features(x, start)
        y = y + (x if self.downsample is None else self.downsample(x, start))
        return self.quantize(F.relu(y), start)


class InvertedResidual(Quantized):
    def __init__(self, inputs, outputs, stride, expand):
        super().__init__()
        hidden = inputs * expand
        layers = [] if expand == 1 else [Layer(inputs, hidden, 1, function=F.relu6)]
        layers += [Layer(hidden, hidden, 3, stride, hidden, function=F.relu6, prunable=False),
                   Layer(hidden, outputs, 1, function=identity)]
        self.conv = Chain(*layers)
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x, start):
        y = self.conv(x, start)
        return self.quantize(x + y, start) if self.adds else y


class Network(nn.Module):
    def __init__(self, features, head, mean):
        super().__init__()
        self.features = features
        if isinstance(head, Layer):
            self.fc = head
        else:
            self.classifier = head
        self.mean = mean

    def forward(self, x, start=False):
        x = self.features(x, start)
        x = x.mean((2, 3)) if self.mean else x.flatten(1)
        return (self.fc if hasattr(self, "fc") else self.classifier)(x, start)


def logits(inputs, outputs):
    return Layer(inputs, outputs, norm=False, function=None, prunable=False)


def lenet5():
    return Network(Chain(Layer(1, 32, 5, norm=False, pad=0), Pool(2, 2), Layer(32, 64, 5, norm=False, pad=0), Pool(2, 2)),
                   Chain(Layer(1024, 512, norm=False), logits(512, 10)), False)


def vgg():
    return Network(Chain(Layer(3, 128, 3), Layer(128, 128, 3), Pool(2, 2), Layer(128, 256, 3), Layer(256, 256, 3),
                         Pool(2, 2), Layer(256, 512, 3), Layer(512, 512, 3), Pool(2, 2)),
                   Chain(Layer(8192, 1024), logits(1024, 10)), False)


def resnet18():
    stages, inputs = [], 64
    for outputs, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        stages.append(Chain(ResidualBlock(inputs, outputs, stride), ResidualBlock(outputs, outputs, 1)))
        inputs = outputs
    return Network(Chain(Layer(3, 64, 7, 2), Pool(3, 2, 1), *stages), logits(512, 1000), True)


def mobilenet_v2():
    blocks, inputs = [Layer(3, 32, 3, 2, function=F.relu6)], 32
    for expand, outputs, count, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                                           (6, 160, 3, 2), (6, 320, 1, 1)):
        for index in range(count):
            blocks.append(InvertedResidual(inputs, outputs, stride if index == 0 else 1, expand))
            inputs = outputs
    blocks.append(Layer(320, 1280, 1, function=F.relu6))
    return Network(Chain(*blocks), Chain(nn.Identity(), logits(1280, 1000))[1:], True)


def main():
    torch.set_num_threads(1)
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    network = {"lenet5": lenet5, "vgg": vgg, "resnet18": resnet18, "mobilenet_v2": mobilenet_v2}[name]()
    shape = {"lenet5": (4, 1, 28, 28), "vgg": (4, 3, 32, 32)}.get(name, (4, 3, 64, 64))
    images = torch.randn(shape, generator=random).clamp(0, None)
    with torch.no_grad():
        network(images, True)
        result = network(images)
    optimizer = torch.optim.Adam([p for n, p in network.named_parameters() if "quantizer" not in n], 1e-3)
    for group in optimizer.param_groups:
        for parameter in group["params"][:2]:
            parameter.grad = torch.zeros_like(parameter)
    optimizer.step()  # of gradient 0: nothing moves, but there is a state
    torch.save({"model_state": {"module." + key: value for key, value in network.state_dict().items()},
                "param_optim": optimizer.state_dict(), "quant_params_optim": {}, "scale_params_optim": {}},
               folder / "checkpoint.pth", _use_new_zipfile_serialization="legacy" not in sys.argv)
    np.save(folder / "images.npy", images.numpy())
    np.save(folder / "logits.npy", result.numpy())


if __name__ == "__main__":
    main()
