# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Writes torch_quantized.pth and torch_quantized_other.pth: state dicts with tensors that PyTorch quantized."""
import torch

weights = torch.arange(-6, 6, dtype=torch.float32).reshape(3, 4)
torch.save({
    "channels.weight": torch.quantize_per_channel(weights, torch.tensor([0.5, 0.25, 1.0]), torch.tensor([0, 3, -1]), 0,
                                                  torch.qint8),
    "columns.weight": torch.quantize_per_channel(weights, torch.tensor([0.5, 0.25, 1.0, 2.0]), torch.tensor([8, 8, 8, 8]), 1,
                                                 torch.quint8),
    "tensor.weight": torch.quantize_per_tensor(weights, 0.125, 60, torch.quint8),
    "view.weight": torch.quantize_per_tensor(weights, 0.5, 0, torch.qint8).t(),
    "wide.bias": torch.quantize_per_tensor(torch.tensor([1000.0, -70000.5]), 0.5, 0, torch.qint32),
    "float.bias": torch.tensor([1.5, 2.5]),
}, "torch_quantized.pth")
torch.save({"odd.weight": torch.quantize_per_channel(weights, torch.ones(3), torch.tensor([0.5, 0.0, 1.0]), 0, torch.quint8)},
           "torch_quantized_other.pth")
