# SPDX-License-Identifier: Apache-2.0
"""CONV_2D and FULLY_CONNECTED of int16 with int8 weights on Helium: the matrix products of int8, with eight inputs a vector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Field, Struct, Tensor
from tinycc.kernels.dsp.products16 import high_multipliers, one_multiplication, starts_of
from tinycc.kernels.facts import rounds_twice, symmetric_weights
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.mve import conv, dense, layer
from tinycc.kernels.mve.packing import STEP_S16, dense_stream, gemm_stream, high_constants, octets, steps
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.target import Feature

Windowed: TypeAlias = Conv2D | DepthwiseConv2D
Layer: TypeAlias = Windowed | FullyConnected

CALL = 87
"""Instructions of tk_mve_gemm_s16 besides those for pairs of pixels."""


def weights_of(op: Layer) -> Array:
    """int8[O, K], flat per output: the order of a window's inputs."""
    if not isinstance(op, FullyConnected):
        return conv.weights(op)
    assert op.weights.data is not None
    return op.weights.data.reshape(op.channels, -1)


def constants(op: Layer) -> Array:
    """int32[octets, 2, 8]: of each tile."""
    multipliers = high_multipliers(op)
    assert multipliers is not None
    return high_constants(starts_of(op), multipliers)


@once_for_all
def rows_stream(op: Layer) -> Array:
    return gemm_stream(weights_of(op), constants(op), STEP_S16)


@once_for_all
def row_stream(op: Layer) -> Array:
    return dense_stream(weights_of(op), constants(op), STEP_S16)


def described(op: Layer, stream: Array, **fields: Field) -> Struct:
    """The `tk_mve_gemm` of a layer."""
    own: dict[str, Field] = {"weights": layer.stream(stream), "depth": depth_of(op), "channels": op.channels}
    limits: dict[str, Field] = {"min": int(op.range.min), "max": int(op.range.max)}
    return Struct("tk_mve_gemm", (*own.items(), *fields.items(), *limits.items()))


def depth_of(op: Layer) -> int:
    return op.depth if isinstance(op, FullyConnected) else conv.depth_of(op)


def bind_row(op: FullyConnected) -> tuple[Call, ...]:
    return (Call("tk_mve_dense_s16", (Tensor(op.x), Tensor(op.y), described(op, row_stream(op)))),)


def bind_rows(op: FullyConnected) -> tuple[Call, ...]:
    rows = described(op, rows_stream(op), step=op.depth, pitch=op.channels)
    return (Call("tk_mve_gemm_s16", (Tensor(op.x), Tensor(op.y), op.batch, rows)),)


def bind_pixels(op: Conv2D) -> tuple[Call, ...]:
    return conv.bind_pixels("tk_mve_gemm_s16", partial(described, op, rows_stream(op)), op)


def bind_windows(op: Windowed, at_once: int = 0) -> tuple[Call, ...]:
    return conv.bind_windows("tk_mve_conv_s16", partial(described, op, rows_stream(op)), op, at_once)


def octet_instructions(op: Layer) -> float:
    """Of tk_mve_gemm_s16 for a pair of pixels and eight channels."""
    count, narrow = steps(depth_of(op), STEP_S16), op.range.max - op.range.min < 65535
    rounds = max(count - 9 + 3, 0) // 4
    octet = 28 * count + 39 + (2 * (2 * rounds + 2) if rounds else 0) if count > 1 else 58
    return octet + (6 if narrow else 0)


def rows_cost(pairs: float, beside: float, op: Layer) -> Cost:
    """Of tk_mve_gemm_s16 for so many pairs of pixels, and so many instructions beside."""
    count, flash = octets(op.channels), row_flash(depth_of(op), op.channels)
    return layer.cost(beside + pairs * (count * octet_instructions(op) + 19), 0.6 * beside + pairs * (15 + 10 * count), flash)


def row_instructions(depth: int, channels: int) -> int:
    """Of tk_mve_dense_s16."""
    wide = steps(depth, STEP_S16)
    rounds = max(wide - 9 + 3, 0) // 4
    return 71 + octets(channels) * (17 * wide + 29 + (2 * rounds + 2 if rounds else 0))


def row_flash(depth: int, channels: int) -> int:
    """Bytes of its stream beyond the weights and biases as the file has them."""
    return octets(channels) * 8 * (STEP_S16 * steps(depth, STEP_S16) + 8) - channels * (depth + 8)


def cost_row(op: FullyConnected) -> Cost:
    scalar = 36 + 6 * octets(op.channels)
    return layer.cost(row_instructions(op.depth, op.channels), scalar, row_flash(op.depth, op.channels))


def cost_rows(op: FullyConnected) -> Cost:
    return rows_cost((op.batch + 1) // 2, CALL, op)


def cost_pixels(op: Conv2D) -> Cost:
    return rows_cost((op.y.type.elements // op.channels + 1) // 2, CALL, op)


def cost_windows(op: Windowed, at_once: int = 0, placed: conv.Placed | None = None) -> Cost:
    return rows_cost(conv.pairs_of_pixels(op, at_once, placed), conv.around(op, CALL, at_once, placed), op)


def variant(
    symbol: str,
    cls: type[Layer],
    shapes: tuple[Fact[Any], ...],
    bind: Callable[[Any], tuple[Call, ...]],
    cost: Callable[[Any], Cost],
) -> Variant[Any]:
    def bound(op: Layer, context: Context) -> tuple[Call, ...]:
        return bind(op)

    def costs(op: Layer, context: Context) -> Cost:
        return cost(op)

    return Variant(
        name=symbol,
        op=cls,
        signatures=("int16x8",),
        bind=bound,
        cost=costs,
        facts=(layer.known_weights, symmetric_weights, layer.any_product, *shapes, rounds_twice, one_multiplication),
        features=frozenset({Feature.MVE}),
    )


def windowed(cls: type[Windowed], shapes: tuple[Fact[Any], ...]) -> Iterator[Variant[Any]]:
    """Of the columns of a row, or of fewer pixels at a time."""
    yield variant("tk_mve_conv_s16", cls, shapes, bind_windows, cost_windows)
    for count in conv.PARTS:
        facts = (*shapes, conv.longer_rows(count))
        bind, cost = partial(bind_windows, at_once=count), partial(cost_windows, at_once=count)
        yield variant(f"tk_mve_conv_s16 by {count}", cls, facts, bind, cost)


VARIANTS: tuple[Variant[Any], ...] = (
    variant("tk_mve_dense_s16", FullyConnected, (dense.one_row,), bind_row, cost_row),
    variant("tk_mve_gemm_s16", FullyConnected, (), bind_rows, cost_rows),
    variant("tk_mve_gemm_s16", Conv2D, conv.POINTS, bind_pixels, cost_pixels),
    *windowed(Conv2D, conv.WINDOWS),
    *windowed(DepthwiseConv2D, conv.FROM_ONE),
)
