# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Loads libbitloom_ops into Python and compares its operators with eager PyTorch: check_ops.py PATH_OF_LIBRARY"""
import pathlib
import shutil
import subprocess
import sys

import torch

torch.ops.load_library(sys.argv[1])
ops = torch.ops.bitloom


def eager(x, scale, zero_point, low, high):
    """The same function with the same gradients, from PyTorch's own operators."""
    ratio = x / scale
    rounded = ratio + (torch.round(ratio) - ratio).detach()
    level = rounded + zero_point
    return (torch.clamp(level, low, high) - zero_point) * scale


def check(device, shape, axis):
    generator = torch.Generator().manual_seed(5)
    count = 1 if axis < 0 else shape[axis]
    x = torch.randn(shape, generator=generator).to(device).requires_grad_()
    scale = (torch.rand(count, generator=generator) * 0.3 + 0.05).to(device).requires_grad_()
    zero_point = torch.randint(0, 16, (count,), generator=generator, dtype=torch.int32).to(device)
    upstream = torch.randn(shape, generator=generator).to(device)
    broadcast = [1] * len(shape)
    if axis >= 0:
        broadcast[axis] = count

    y = ops.fake_quantize(x, scale, zero_point, axis, 0, 15)
    dx, dscale = torch.autograd.grad(y, (x, scale), upstream)
    expected = eager(x, scale.view(broadcast), zero_point.view(broadcast), 0, 15)
    dx_expected, dscale_expected = torch.autograd.grad(expected, (x, scale), upstream)
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-6)
    torch.testing.assert_close(dx, dx_expected, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(dscale, dscale_expected, rtol=1e-4, atol=1e-4)

    codes = ops.quantize_codes(x.detach(), scale.detach(), zero_point, axis, 0, 15)
    assert codes.dtype == torch.int32
    back = (codes - zero_point.view(broadcast)).float() * scale.detach().view(broadcast)
    assert torch.equal(back, y.detach()), "the codes do not give the fake-quantized values back"


def bayesian_bits(x, x_max, gates, channel_gates, signed):
    """The decomposed quantizer with all levels on, from PyTorch's own operators; channels are the first axis."""
    high = x_max * 0.99999988079071045
    low = -high if signed else torch.zeros_like(high)
    rest = -torch.relu((high - low) - torch.relu(x - low)) + high
    scale = (x_max + x_max if signed else x_max) / 3
    parts = []
    for divisor in (5, 17, 257, 65537, 1):
        ratio = rest / scale
        parts.append(scale * (ratio + (torch.round(ratio) - ratio).detach()))
        rest = rest - parts[-1]
        scale = scale / divisor
    value = parts[4]
    for j in (3, 2, 1, 0):
        value = parts[j] + gates[j] * value
    return channel_gates[:, None] * value


def check_bayesian_bits(device, signed):
    generator = torch.Generator().manual_seed(7)
    x = torch.randn((6, 500), generator=generator).to(device).requires_grad_()
    x_max = torch.tensor([1.5], device=device, requires_grad=True)
    gates = (torch.rand(4, generator=generator) * 0.8 + 0.1).to(device).requires_grad_()
    channel_gates = torch.rand(6, generator=generator).to(device).requires_grad_()
    upstream = torch.randn((6, 500), generator=generator).to(device)
    inputs = (x, x_max, gates, channel_gates)

    y = ops.bayesian_bits_quantize(x, x_max, gates, channel_gates, 0, signed)
    expected = bayesian_bits(x, x_max, gates, channel_gates, signed)
    assert torch.equal(y, expected), "values differ from eager PyTorch"
    for got, wanted in zip(torch.autograd.grad(y, inputs, upstream), torch.autograd.grad(expected, inputs, upstream)):
        torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-3)

    # On the grid of 8 bits the values are codes times the step.
    y = ops.pact_quantize(x, x_max, None, -1, 8, signed)
    ratio = y / (x_max * (1 + signed) / 255)
    codes = torch.round(ratio)
    torch.testing.assert_close(ratio, codes, rtol=0, atol=1e-4)
    assert codes.min() == (-127 if signed else 0) and codes.max() == (127 if signed else 255)
    two_bits = ops.bayesian_bits_quantize(x, x_max, torch.zeros(4, device=device), None, -1, signed)
    assert len(torch.unique(two_bits)) == (3 if signed else 4)


def check_gates(device):
    """Two quantizers, of 3 channels and none."""
    offsets = torch.tensor([0, 7, 11], device=device)
    logits = torch.linspace(-1.5, 2.5, 11, device=device).requires_grad_()
    uniforms = torch.linspace(0.1, 0.9, 11, device=device)
    concrete = torch.sigmoid((torch.log(uniforms) - torch.log(1 - uniforms) + logits) * 1.5)
    expected = torch.clamp(1.2 * concrete - 0.1, 0, 1)
    gates = ops.hard_concrete_gates(logits, offsets, "l0", uniforms)
    torch.testing.assert_close(gates, expected, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(torch.autograd.grad(gates.sum(), logits)[0],
                               torch.autograd.grad(expected.sum(), logits)[0], rtol=1e-5, atol=1e-6)
    first = ops.hard_concrete_gates(logits, offsets, "l0", None, 5, 17)
    assert torch.equal(first, ops.hard_concrete_gates(logits, offsets, "l0", seed=5, step=17))
    assert not torch.equal(first, ops.hard_concrete_gates(logits, offsets, "l0", seed=5, step=18))
    open_gates = ops.hard_concrete_gates(logits, offsets, "evaluation")
    assert torch.equal(open_gates, (logits > -0.93530263).float())

    p = torch.sigmoid(logits + 1.598596848532247)
    mean = p[:3].mean()
    weights = torch.tensor([[1.0, 2, 4, 8, 16], [2, 4, 8, 16, 32]], device=device)
    wanted = [mean * (weights[0, 0] + (weights[0, 1:] * p[3:7].cumprod(0)).sum()),
              1 + (weights[1, 1:] * p[7:11].cumprod(0)).sum()]
    total, shares = ops.bayesian_bits_regulariser(logits, offsets, weights)
    torch.testing.assert_close(shares, torch.stack(wanted).detach(), rtol=1e-6, atol=0)
    torch.testing.assert_close(torch.autograd.grad(total, logits)[0],
                               torch.autograd.grad(sum(wanted), logits)[0], rtol=1e-5, atol=1e-6)


def check_rows(device):
    """Packed rows against their definition: code c of a row takes the bits from c * bits on, lowest first."""
    generator = torch.Generator().manual_seed(3)
    for bits in range(1, 17):
        values = (torch.randint(0, 1 << bits, (5, 77), generator=generator) - 3).int().to(device)
        packed = ops.pack_rows(values, bits, 3)
        assert packed.dtype == torch.uint8 and packed.shape[1] % 4 == 0
        stream = ((packed.int()[:, :, None] >> torch.arange(8, device=device)) & 1).flatten(1)
        codes = stream[:, :77 * bits].reshape(5, 77, bits) << torch.arange(bits, device=device)
        assert torch.equal(codes.sum(-1) - 3, values.long()), f"{bits} bits"
        assert torch.equal(ops.unpack_rows(packed, bits, 77, 3), values)
        assert torch.equal(ops.unpack_rows(packed, bits, 77, 3, dtype=torch.float32), values.float())
        stream = ops.pack_rows(values.flatten()[None], bits, 3, True, 1)
        assert torch.equal(ops.unpack_rows(stream, bits, 5 * 77, 3, True).view(5, 77), values)


# Kernels for CUDA come by themselves where both this torch and Bitloom are built with it.
kernels_there = torch.version.cuda is not None and pathlib.Path(sys.argv[1]).with_name("libbitloom_ops_cuda.so").exists()
for name in ("fake_quantize", "fake_quantize_backward", "bayesian_bits_quantize", "bayesian_bits_quantize_backward",
             "pact_quantize", "pact_quantize_backward", "hard_concrete_gates_with_slopes",
             "bayesian_bits_regulariser_with_gradient", "expected_bit_operations_with_gradient", "pack_rows",
             "unpack_rows"):
    registered = torch._C._dispatch_has_kernel_for_dispatch_key(f"bitloom::{name}", "CUDA")
    assert registered == kernels_there, f"bitloom::{name} on CUDA: {registered}, expected {kernels_there}"

devices = ["cpu"] + (["cuda"] if kernels_there and torch.cuda.is_available() else [])
for device in devices:
    check(device, (4, 7, 5, 5), -1)
    check(device, (4, 7, 5, 5), 0)
    check(device, (4, 7, 5, 5), 1)
    check(device, (6, 11), 1)
    check_rows(device)
    if device == "cpu":  # these have no kernels for CUDA yet
        check_bayesian_bits(device, True)
        check_bayesian_bits(device, False)
        check_gates(device)

meta = ops.fake_quantize(torch.empty(2, 3, device="meta"), torch.empty(1, device="meta"),
                         torch.empty(1, dtype=torch.int32, device="meta"), -1, 0, 15)
assert meta.shape == (2, 3) and meta.device.type == "meta"
try:
    ops.fake_quantize(torch.zeros(2), torch.ones(1), torch.zeros(1), -1, 0, 15)
except RuntimeError as error:
    assert "zero_point must be int32" in str(error), error
else:
    raise AssertionError("a float zero point was accepted")
torch.library.opcheck(ops.fake_quantize.default,
                      (torch.randn(3, 4, requires_grad=True), torch.ones(1, requires_grad=True),
                       torch.zeros(1, dtype=torch.int32), -1, 0, 15),
                      test_utils=("test_schema", "test_faketensor", "test_autograd_registration"))
torch.library.opcheck(ops.bayesian_bits_quantize.default,
                      (torch.randn(3, 4, requires_grad=True), torch.ones(1, requires_grad=True),
                       torch.full((4,), 0.5, requires_grad=True), torch.ones(3, requires_grad=True), 0, True),
                      test_utils=("test_schema", "test_faketensor", "test_autograd_registration"))
torch.library.opcheck(ops.pact_quantize.default,
                      (torch.randn(3, 4, requires_grad=True), torch.ones(1, requires_grad=True), None, -1, 4, True),
                      test_utils=("test_schema", "test_faketensor", "test_autograd_registration"))
rows = (torch.zeros(9, requires_grad=True), torch.tensor([0, 4, 9]))
for op, arguments in ((ops.hard_concrete_gates, rows + ("l0", None, 3, 4)),
                      (ops.bayesian_bits_regulariser, rows + (torch.ones(2, 5),)),
                      (ops.expected_bit_operations,
                       rows + (torch.tensor([[1, 0, 1, -1, 1, 0]]), torch.ones(1, dtype=torch.float64)))):
    torch.library.opcheck(op.default, arguments,
                          test_utils=("test_schema", "test_faketensor", "test_autograd_registration"))
for op, arguments in ((ops.pack_rows, (torch.ones(3, 9, dtype=torch.int32), 4)),
                      (ops.unpack_rows, (torch.ones(3, 8, dtype=torch.uint8), 4, 9))):
    torch.library.opcheck(op.default, arguments, test_utils=("test_schema", "test_faketensor"))
if shutil.which("readelf"):  # Python has LibTorch and what the compiler brings, and need have nothing else of ours
    dynamic = subprocess.run(["readelf", "-d", sys.argv[1]], capture_output=True, text=True, check=True).stdout
    needed = {line.split("[")[1].rstrip("]") for line in dynamic.splitlines() if "(NEEDED)" in line}
    strange = {name for name in needed if name.split(".so")[0] not in (
        "libtorch_cpu", "libtorch", "libc10", "libgomp", "libstdc++", "libm", "libgcc_s", "libc", "ld-linux-x86-64")}
    assert needed and not strange, f"libbitloom_ops.so needs {sorted(strange)}"
print("ok on", ", ".join(devices) + (", with CUDA kernels" if kernels_there else ""))
