# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8: four pixels in three sums."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Table, Tensor, struct
from tinycc.kernels.dsp.gemm import gemm_words, rounded_up
from tinycc.kernels.dsp.requantization import constant_weights, folded_sums, signed, signed_sums
from tinycc.kernels.folding import once
from tinycc.kernels.portable.base import conv_shape
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.target import Feature


def folds(op: Conv2D, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication with a shift that all share, proved"""
    return "a channel without one" if folded_sums(op) is None else None


def is_pointwise(op: Conv2D) -> bool:
    """A product of two matrices: all pixels are one long row."""
    return op.window.size == (1, 1) == op.window.stride and not any(op.window.padding) and op.groups == 1


@once
def segments(op: Conv2D) -> Array:
    """int8[channels, segments, bytes]: the weights by what is contiguous in the image, rounded up to fours with zeros."""
    assert op.weights.data is not None
    channels, rows, columns, _ = op.weights.shape
    apart = op.window.dilation.w > 1 or op.groups > 1
    split = op.weights.data.reshape(channels, rows * columns if apart else rows, -1)
    return np.pad(split, ((0, 0), (0, 0), (0, -split.shape[2] % 4)))


def _bind(op: Conv2D, formula: HighWord | None, symbol: str, *, folded: bool) -> tuple[Call, ...]:
    assert formula is not None
    weights = segments(op).reshape(op.channels, -1)
    group, depth = op.channels // op.groups, weights.shape[1]
    words = [gemm_words(weights[g : g + group], formula[g : g + group], folded=folded) for g in range(0, op.channels, group)]
    params = struct(
        "tk_conv_dsp_params",
        weights=Table("weights", np.concatenate(words)),
        depth=depth,
        channels=rounded_up(group, 2),
        zero_point=op.x.zero_point,
    )
    x, y = op.x.shape, op.y.shape
    if is_pointwise(op):
        pixels = x[0] * x[1] * x[2]
        x, y = (1, 1, pixels, x[3]), (1, 1, pixels, y[3])
    shape = conv_shape(x, y, op.window, op.groups)
    scratch = Scratch("woven", 10 * depth + (4 * (group + 1) if group % 2 else 0))
    return (Call(symbol, (Tensor(op.x), Tensor(op.y), shape, params, scratch)),)


def _bind_folded(op: Conv2D, context: Context) -> tuple[Call, ...]:
    return _bind(op, folded_sums(op), "tk_conv_dsp_s8", folded=True)


def _bind_signed(op: Conv2D, context: Context) -> tuple[Call, ...]:
    return _bind(op, signed_sums(op), "tk_conv_dsp_any_s8", folded=False)


def _cost(op: Conv2D, *, pair: int) -> Cost:
    """Reckoned from the code: steps of the products, the rest of a channel pair, weaving of four pixels."""
    depth = segments(op).shape[1] * segments(op).shape[2]
    blocks = op.groups * -(-op.y.type.elements // op.channels // 4)
    pairs = rounded_up(op.channels // op.groups, 2) // 2
    cycles = blocks * (pairs * (7 * depth + pair) + 10 * depth + 150)
    instructions = blocks * (pairs * (5 * depth + pair * 4 // 5) + 7 * depth + 110)
    return Cost(cycles, instructions)


VARIANTS = (
    Variant(
        name="tk_conv_dsp_s8",
        op=Conv2D,
        signatures=("int8",),
        bind=_bind_folded,
        cost=lambda op, context: _cost(op, pair=72),
        facts=(constant_weights, folds),
        features=frozenset({Feature.DSP}),
    ),
    Variant(
        name="tk_conv_dsp_any_s8",
        op=Conv2D,
        signatures=("int8",),
        bind=_bind_signed,
        cost=lambda op, context: _cost(op, pair=112),
        facts=(constant_weights, signed),
        features=frozenset({Feature.DSP}),
    ),
)
