# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the TorchScript models that tst_torchscript_reader opens: python make_torchscript_models.py FOLDER.

Small seeded networks, one class per family that the reader promises to open, each saved as NAME.trace.pt and
NAME.script.pt where both make sense, and a few that have to be refused.
"""
import contextlib
import io
import pathlib
import sys
import warnings
from typing import Dict, List, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F

warnings.filterwarnings("ignore")


class BasicBlock(nn.Module):
    def __init__(self, inputs: int, width: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or inputs != width:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)


class Bottleneck(nn.Module):
    def __init__(self, inputs: int, width: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inputs != width * 4:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, width * 4, 1, stride, bias=False), nn.BatchNorm2d(width * 4))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        return self.relu(self.bn3(self.conv3(out)) + identity)


class ResNet(nn.Module):
    """The ImageNet residual network with torchvision's parameter names; widths are divided for speed."""

    def __init__(self, block, layers, width: int, classes: int):
        super().__init__()
        self.inplanes = width
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        expansion = 4 if block is Bottleneck else 1
        for stage, count in enumerate(layers):
            blocks = []
            for i in range(count):
                blocks.append(block(self.inplanes, width << stage, 2 if stage > 0 and i == 0 else 1))
                self.inplanes = (width << stage) * expansion
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(self.inplanes, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class InvertedResidual(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, expand: int):
        super().__init__()
        hidden = inputs * expand
        self.use_res_connect = stride == 1 and inputs == outputs
        layers = []
        if expand != 1:
            layers.append(nn.Sequential(nn.Conv2d(inputs, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(True)))
        layers += [nn.Sequential(nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False),
                                 nn.BatchNorm2d(hidden), nn.ReLU6(True)),
                   nn.Conv2d(hidden, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x):
        if self.use_res_connect:
            return x + self.conv(x)
        return self.conv(x)


class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(True)),
            InvertedResidual(8, 8, 1, 1), InvertedResidual(8, 12, 2, 6), InvertedResidual(12, 12, 1, 6))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(12, 10))

    def forward(self, x):
        x = self.features(x)
        x = F.adaptive_avg_pool2d(x, (1, 1))
        return self.classifier(x.view(x.shape[0], -1))


class MobileNetV2(nn.Module):
    """The whole ImageNet network with torchvision's parameter names."""

    def __init__(self):
        super().__init__()
        layers = [nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(True))]
        inputs = 32
        for expand, outputs, repeats, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                                 (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
            for i in range(repeats):
                layers.append(InvertedResidual(inputs, outputs, stride if i == 0 else 1, expand))
                inputs = outputs
        layers.append(nn.Sequential(nn.Conv2d(320, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6(True)))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

    def forward(self, x):
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(self.features(x), (1, 1)), 1))


class Shuffle(nn.Module):
    """Concatenation, split, channel shuffle and a squeeze-and-excitation gate."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding="same")
        self.branch = nn.Sequential(nn.Conv2d(8, 8, 1), nn.ReLU(), nn.Conv2d(8, 8, 3, 1, 1, groups=8))
        self.towers = nn.ModuleList([nn.Conv2d(16, 4, k, padding=k // 2) for k in (1, 3, 5)])
        self.squeeze = nn.Conv2d(12, 3, 1)
        self.excite = nn.Conv2d(3, 12, 1)
        self.fc = nn.Linear(12, 10)

    def shuffle(self, x, groups: int):
        b, c, h, w = x.shape
        x = x.view(b, groups, c // groups, h, w)
        return torch.transpose(x, 1, 2).contiguous().view(b, -1, h, w)

    def forward(self, x):
        x = F.relu(self.stem(x))
        left, right = x.chunk(2, dim=1)
        x = self.shuffle(torch.cat([left, self.branch(right)], 1), 2)
        outs = []
        for tower in self.towers:
            outs.append(F.relu(tower(x)))
        x = torch.cat(outs, 1)
        gate = F.silu(self.squeeze(F.adaptive_avg_pool2d(x, 1)))
        x = x * torch.sigmoid(self.excite(gate))
        a, b = torch.split(x, [4, 8], dim=1)
        x = torch.cat([F.hardswish(a), F.avg_pool2d(b, 3, 1, 1)], 1)
        return self.fc(F.max_pool2d(x, 2).mean([2, 3]))


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int, fused: bool):
        super().__init__()
        self.heads = heads
        self.fused = fused
        self.scale = (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        if self.fused:
            x = F.scaled_dot_product_attention(q, k, v)
        else:
            attention = (q * self.scale) @ k.transpose(-2, -1)
            x = self.drop(attention.softmax(dim=-1)) @ v
        return self.proj(x.transpose(1, 2).reshape(b, n, c))


class EncoderBlock(nn.Module):
    def __init__(self, dim: int, fused: bool):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = Attention(dim, 2, fused)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, dim * 2), nn.GELU(), nn.Dropout(0.1), nn.Linear(dim * 2, dim))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 4, 4)
        self.cls_token = nn.Parameter(torch.randn(1, 1, 16) * 0.02)
        self.pos_embed = nn.Parameter(torch.randn(1, 17, 16) * 0.02)
        self.blocks = nn.ModuleList([EncoderBlock(16, True), EncoderBlock(16, False)])
        self.norm = nn.LayerNorm(16)
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], dim=1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, 2, 1)
        self.deep = nn.Conv2d(8, 8, 3, 2, 1)
        self.up = nn.ConvTranspose2d(8, 8, 2, 2)
        self.last = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        a = F.leaky_relu(self.down(x), 0.1)
        b = self.up(F.elu(self.deep(a)))
        y = self.last(torch.cat([a, b], 1))
        return F.interpolate(y, scale_factor=2.0, mode="bilinear", align_corners=False)


class Plain(nn.Module):
    """In-place operators, aliases of one tensor, a view and a fixed mask."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5)
        self.fc1 = nn.Linear(4 * 12 * 12, 16)
        self.fc2 = nn.Linear(16, 10)

    def forward(self, x):
        x = self.conv(x)
        same = x
        x.relu_()
        x = F.max_pool2d(same, 2)
        x = x.view(-1, 4 * 12 * 12)
        y = self.fc1(x)
        y.mul_(0.5).add_(1.0)
        return self.fc2(F.hardtanh(y, -1.0, 1.0))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 16)
        layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(16, 4)

    def forward(self, tokens):
        return self.head(self.encoder(self.embed(tokens)).mean(1))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 6, batch_first=True)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out[:, -1])


class Loops(nn.Module):
    """Control flow that only scripting keeps: loops, branches on shapes, optional values, dictionaries."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])
        self.rounds = 2
        self.names = ["a", "b"]

    def helper(self, x, flag: bool) -> Dict[str, torch.Tensor]:
        found: Dict[str, torch.Tensor] = {}
        for i, name in enumerate(self.names):
            found[name] = x * float(i + 1) if flag else x
        return found

    def forward(self, x):
        for _ in range(self.rounds):
            for i, layer in enumerate(self.layers):
                x = layer(x)
                if i % 2 == 0:
                    x = torch.relu(x)
        if x.dim() == 3:
            raise RuntimeError("rows are expected")
        count = 0
        while count < 3:
            x = x + 1.0
            count += 1
        found = self.helper(x, x.size(1) == 8)
        return {"out": found["a"] + found["b"], "aux": found["b"]}


class DataBranch(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = DataBranchInner()

    def forward(self, x):
        return self.inner(x)


class DataBranchInner(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        y = self.fc(x)
        if bool(y.sum() > 0):
            y = y * 2
        return y


class DataLoop(nn.Module):
    def forward(self, x):
        for _ in range(int(x.abs().sum())):
            x = x + 1
        return x


class BatchBranch(nn.Module):
    def forward(self, x):
        if x.size(0) > 1:
            return x * 2
        return x


class SliceWrite(nn.Module):
    def forward(self, x):
        y = x * 2
        y[:, 0] = 0.0
        return y


class Stateful(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(1))

    def forward(self, x):
        self.seen.add_(1.0)
        return x + self.seen


class Endless(nn.Module):
    def forward(self, x):
        for _ in range(1 << 40):
            x = x + 1
        return x


class Masked(nn.Module):
    def forward(self, x):
        return torch.masked_select(x, x > 0)


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Linear(4, 3)
        self.right = nn.Linear(5, 3)

    def forward(self, a, b):
        return self.left(a) + self.right(b)


class NoInput(nn.Module):
    def forward(self, x: Tuple[torch.Tensor, torch.Tensor]):
        return x[0] + x[1]


class Unpacked(nn.Module):
    """Takes its input's sizes apart before any weight is met."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        b, c, h, w = x.shape
        return self.conv(x.reshape(b, c, h, w)).mean((2, 3))


class Umlaut(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module("größe", nn.Linear(4, 3))

    def forward(self, x):
        return getattr(self, "größe")(x)


class TrainDropout(nn.Module):
    def forward(self, x):
        return F.dropout(x, 0.5)


MODELS = {
    "resnet18": (lambda: ResNet(BasicBlock, [2, 2, 2, 2], 4, 10), (1, 3, 64, 64)),
    "resnet50": (lambda: ResNet(Bottleneck, [3, 4, 6, 3], 4, 10), (2, 3, 64, 64)),
    "mobilenet": (MobileNet, (1, 3, 32, 32)),
    "shuffle": (Shuffle, (3, 3, 16, 16)),
    "vit": (ViT, (2, 3, 16, 16)),
    "unet": (UNet, (1, 3, 16, 16)),
    "plain": (Plain, (1, 1, 28, 28)),
    "lstm": (Recurrent, (2, 5, 8)),
}
SCRIPT_ONLY = {"loops": Loops, "data_branch": DataBranch, "data_loop": DataLoop, "batch_branch": BatchBranch,
               "slice_write": SliceWrite, "stateful": Stateful, "endless": Endless, "masked": Masked, "pair": Pair,
               "tuple_input": NoInput, "train_dropout": TrainDropout, "unpacked": Unpacked}


def perturb(model: nn.Module) -> nn.Module:
    """Running statistics that are not the initial ones, so that batch norm does something."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            with torch.no_grad():
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.2, 0.2)
    return model.eval()


def main(folder: pathlib.Path) -> None:
    torch.manual_seed(7)
    torch.set_num_threads(1)
    for name, (make, shape) in MODELS.items():
        model = perturb(make())
        torch.jit.trace(model, torch.randn(shape), check_trace=False).save(folder / f"{name}.trace.pt")
        torch.jit.script(model).save(folder / f"{name}.script.pt")
    encoder = perturb(Encoder())
    tokens = torch.randint(0, 20, (2, 6))
    torch.jit.script(encoder).save(folder / "encoder.script.pt")
    with torch.no_grad():
        torch.jit.trace(encoder, tokens, check_trace=False).save(folder / "encoder_fused.trace.pt")
    torch.backends.mha.set_fastpath_enabled(False)
    torch.jit.trace(encoder, tokens, check_trace=False).save(folder / "encoder.trace.pt")
    for name, make in SCRIPT_ONLY.items():
        torch.jit.script(make().eval()).save(folder / f"{name}.script.pt")
    torch.jit.trace(Umlaut(), torch.randn(1, 4)).save(folder / "umlaut.trace.pt")
    torch.jit.trace(perturb(MobileNet()).train(), torch.randn(2, 3, 32, 32), check_trace=False).save(
        folder / "trained.trace.pt")
    torch.jit.freeze(torch.jit.script(perturb(MobileNet()))).save(folder / "frozen.script.pt")
    torch.jit.script(perturb(ResNet(BasicBlock, [2, 2, 2, 2], 64, 1000))).save(folder / "resnet18_full.script.pt")
    torch.jit.trace(perturb(MobileNetV2()), torch.randn(1, 3, 224, 224), check_trace=False).save(
        folder / "mobilenet_v2_full.trace.pt")
    torch.save(MobileNet().state_dict(), folder / "state_dict.pth")


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        main(pathlib.Path(sys.argv[1]))
