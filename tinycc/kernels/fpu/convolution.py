# SPDX-License-Identifier: Apache-2.0
"""CONV_2D, FULLY_CONNECTED and DEPTHWISE_CONV_2D of float32, for a floating-point unit and for Helium with floats.

Weights are packed by eight channels. A convolution's windows are gathered, a few at a time, and multiplied by a matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, OpT, Variant
from tinycc.kernels.calls import Call, Field, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.costs import cost_of
from tinycc.ops.convolution.base import Convolution, WeightedSum
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.program.types import Content
from tinycc.target import Feature

OCTET = 8
MAX_ROWS = 32
"""TK_F32_MAX_ROWS."""
MAX_TAPS = 64
"""TK_F32_MAX_TAPS."""


@dataclass(frozen=True)
class Machine:
    """A unit's kernels: `together` pixels at a time. Instructions: of `product` per float of the window and eight channels, of
    `eight` more per eight channels, of `tap` per eight channels of a tap, of `clamp` per bound, each for `together` pixels."""

    name: str
    feature: Feature
    together: int
    product: float
    eight: int
    tap: int
    clamp: int

    def products(self, pixels: int, depth: int, channels: int, bounds: int) -> float:
        """Instructions of the matrix product."""
        octet = self.product * depth + self.eight + self.clamp * bounds
        return 30 + -(-pixels // self.together) * (25 + octets(channels) * octet)


SCALAR = Machine("fpu", Feature.FPU, together=1, product=18.5, eight=28, tap=22, clamp=33)
HELIUM = Machine("mve", Feature.MVE, together=3, product=12, eight=63, tap=10, clamp=0)


def octets(channels: int) -> int:
    return -(-channels // OCTET)


def packed(weights: Array, bias: Array | None) -> Array:
    """float32[O, K] -> by eight channels the weights of each input, then the biases."""
    channels, depth = weights.shape
    blocks = np.zeros((octets(channels) * OCTET, depth + 1), np.float32)
    blocks[:channels, :depth] = weights
    if bias is not None:
        blocks[:channels, depth] = bias.ravel()
    return np.ascontiguousarray(blocks.reshape(-1, OCTET, depth + 1).transpose(0, 2, 1)).reshape(-1)


def table(weights: Array, bias: Array | None) -> Table:
    return Table("weights", packed(weights, bias), Content.WEIGHTS)


def bias_of(op: WeightedSum) -> Array | None:
    return None if op.bias is None else op.bias.data


def bounds(op: WeightedSum) -> int:
    return sum(map(np.isfinite, (op.range.min, op.range.max)))


def limited(op: WeightedSum, ctype: str, **fields: Field) -> Struct:
    """A struct that ends with the range of the results."""
    return Struct(ctype, (*fields.items(), ("min", float(op.range.min)), ("max", float(op.range.max))))


def matrix(op: WeightedSum, step: int, pitch: int) -> Struct:
    """The `tk_gemm_f32` of a layer."""
    assert op.weights.data is not None
    weights = op.weights.data.reshape(op.channels, -1)
    return limited(
        op,
        "tk_gemm_f32",
        weights=table(weights, bias_of(op)),
        depth=weights.shape[1],
        step=step,
        channels=op.channels,
        pitch=pitch,
    )


def slide(op: Convolution) -> Struct:
    """The `tk_slide_f32` of a layer."""
    window, (batch, height, width, channels), (_, out_height, out_width, out_channels) = op.window, op.x.shape, op.y.shape
    return struct(
        "tk_slide_f32",
        batch=batch,
        in_h=height,
        in_w=width,
        column=channels,
        out_h=out_height,
        out_w=out_width,
        out_column=out_channels,
        rows=window.size.h,
        columns=window.size.w,
        stride_h=window.stride.h,
        stride_w=window.stride.w,
        pad_h=window.padding.top,
        pad_w=window.padding.left,
        dilation_h=window.dilation.h,
        dilation_w=window.dilation.w,
        padding=Table("table_padding", np.zeros(width * channels, np.float32), Content.TABLE),
    )


# Facts


def known_weights(op: WeightedSum, context: Context) -> str | None:
    """weights and bias are constants"""
    computed = [name for name, value in op.operands if name in ("weights", "bias") and value.data is None]
    return f"computed {' and '.join(computed)}" if computed else None


def one_group(op: Conv2D, context: Context) -> str | None:
    """all input channels feed all outputs"""
    return None if op.groups == 1 else f"{op.groups} groups"


def one_to_one(op: DepthwiseConv2D, context: Context) -> str | None:
    """every input channel feeds one output"""
    return None if op.multiplier == 1 else f"a depth multiplier of {op.multiplier}"


def few_rows(op: Convolution, context: Context) -> str | None:
    """the kernel has at most 32 rows"""
    return None if op.window.size.h <= MAX_ROWS else f"{op.window.size.h}"


def few_taps(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel has at most 64 taps, in at most 32 rows"""
    size = op.window.size
    return None if size.h * size.w <= MAX_TAPS and size.h <= MAX_ROWS else f"a kernel of {size}"


def pixels(op: Conv2D, context: Context) -> str | None:
    """the kernel is 1x1, without stride and padding"""
    window = op.window
    plain = window.size == (1, 1) and window.stride == (1, 1) and not any(window.padding)
    return None if plain else f"window {window}"


# Variants


def variant(
    machine: Machine,
    stem: str,
    cls: type[OpT],
    facts: tuple[Fact[OpT], ...],
    bind: Callable[[OpT, str, Machine], Call],
    instructions: Callable[[OpT, Machine], float],
    flash: Callable[[OpT], int],
) -> Variant[OpT]:
    symbol = f"tk_{machine.name}_{stem}_f32"

    def cost(op: OpT, context: Context) -> Cost:
        return cost_of(round(instructions(op, machine)), context.target, flash(op))

    return Variant(
        name=symbol,
        op=cls,
        signatures=("float32",),
        bind=lambda op, context: (bind(op, symbol, machine),),
        cost=cost,
        facts=facts,
        features=frozenset({machine.feature}),
    )


def bind_pixels(op: WeightedSum, symbol: str, machine: Machine) -> Call:
    depth = op.weights.type.elements // op.channels
    count = op.y.type.elements // op.channels
    return Call(symbol, (Tensor(op.x), Tensor(op.y), count, matrix(op, depth, op.channels)))


def cost_pixels(op: WeightedSum, machine: Machine) -> float:
    depth = op.weights.type.elements // op.channels
    return machine.products(op.y.type.elements // op.channels, depth, op.channels, bounds(op))


def bind_windows(op: Conv2D, symbol: str, machine: Machine) -> Call:
    depth = op.weights.type.elements // op.channels
    described = struct("tk_conv_windows_f32", gemm=matrix(op, depth, op.channels), slide=slide(op))
    return Call(symbol, (Tensor(op.x), Tensor(op.y), Scratch("windows", 4 * machine.together * depth), described))


def cost_windows(op: Conv2D, machine: Machine) -> float:
    depth, (batch, height, width, _), size = op.weights.type.elements // op.channels, op.y.shape, op.window.size
    stretches = size.h * (size.w if op.window.dilation.w > 1 else 1)
    groups = -(-width // machine.together)
    row = groups * machine.products(machine.together, depth, op.channels, bounds(op))
    return batch * height * (40 + 10 * size.h + row + width * (12 + 65 * stretches + 1.3 * depth))


def gemm_flash(op: WeightedSum) -> int:
    """Bytes beyond the weights and biases as the file has them."""
    depth = op.weights.type.elements // op.channels
    filled = octets(op.channels) * OCTET * (depth + 1)
    return 4 * (filled - op.channels * (depth + (op.bias is not None)))


def bind_taps(op: DepthwiseConv2D, symbol: str, machine: Machine) -> Call:
    assert op.weights.data is not None
    weights = op.weights.data.reshape(-1, op.channels).T
    taps = limited(
        op,
        "tk_taps_f32",
        weights=table(weights, bias_of(op)),
        taps=weights.shape[1],
        channels=op.channels,
    )
    return Call(symbol, (Tensor(op.x), Tensor(op.y), struct("tk_depthwise_taps_f32", taps=taps, slide=slide(op))))


def cost_taps(op: DepthwiseConv2D, machine: Machine) -> float:
    taps, (batch, height, width, channels) = op.window.size.h * op.window.size.w, op.y.shape
    if machine is SCALAR:
        whole, rest = divmod(channels, OCTET)
        sums = whole * (30 + 33 * bounds(op) + machine.tap * taps) + rest * (27 + 9 * taps)
    else:
        sums = octets(channels) * (36 + machine.tap * taps)
    return batch * height * (40 + 10 * op.window.size.h + width * (60 + 14 * taps + sums))


def variants(machine: Machine) -> Iterator[Variant[Any]]:
    common = (known_weights,)
    yield variant(machine, "gemm", Conv2D, (*common, one_group, pixels), bind_pixels, cost_pixels, gemm_flash)
    yield variant(machine, "conv", Conv2D, (*common, one_group, few_rows), bind_windows, cost_windows, gemm_flash)
    yield variant(machine, "gemm", FullyConnected, common, bind_pixels, cost_pixels, gemm_flash)
    yield variant(machine, "depthwise", DepthwiseConv2D, (*common, one_to_one, few_taps), bind_taps, cost_taps, gemm_flash)


VARIANTS: tuple[Variant[Any], ...] = (*variants(SCALAR), *variants(HELIUM))
