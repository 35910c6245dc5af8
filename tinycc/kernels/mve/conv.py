# SPDX-License-Identifier: Apache-2.0
"""CONV_2D of int8 on Helium: a matrix product over windows that are made contiguous column by column.

DEPTHWISE_CONV_2D of one input channel is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, TypeVar

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Field, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.mve import counts, layer
from tinycc.kernels.mve.columns import Across
from tinycc.kernels.mve.packing import gemm_stream, octets, pair_constants, signed_constants, steps
from tinycc.ops.convolution.base import Convolution
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content
from tinycc.target import Feature

ConvT = TypeVar("ConvT", bound=Convolution)
Product: TypeAlias = Callable[..., Struct]
"""Makes the `tk_mve_gemm` of a convolution with these fields."""

MAX_ROWS = 32
"""TK_MVE_MAX_ROWS: kernel rows."""
PARTS = (16, 4)
"""Pixels of a row whose columns are there at once, where there is little memory."""
WIDEST_PAIR_OF_ROWS = 31
"""Pixels of a row up to which two rows at once are worth twice the scratch, if their number is odd."""


@dataclass(frozen=True)
class Placed:
    """Where the images of a convolution lie, in elements: first ones, from a pixel to the next, from a row of results to the
    next."""

    x: Tensor
    y: Tensor
    in_pixel: int
    out_pixel: int
    out_row: int


def whole(op: Convolution) -> Placed:
    """Of one that is an operator."""
    return Placed(Tensor(op.x), Tensor(op.y), op.x.shape[3], op.channels, op.y.shape[2] * op.channels)


def across(op: Convolution, at_once: int = 0, placed: Placed | None = None) -> Across:
    window, size, (_, _, width, channels), lies = op.window, op.x.dtype.bytes, op.x.shape, placed or whole(op)
    return Across(
        width=width,
        channels=channels * size,
        out_width=op.y.shape[2],
        out_channels=lies.out_pixel,
        rows=window.size.h,
        size=window.size.w,
        stride=window.stride.w,
        dilation=window.dilation.w,
        left=window.padding.left,
        at_once=at_once,
        between=(lies.in_pixel - channels) * size,
    )


def in_twos(op: Convolution, placed: Placed | None = None) -> bool:
    """Whether two rows are computed at once."""
    along = across(op, placed=placed)
    odd = op.y.shape[2] % 2 == 1 and op.y.shape[1] > 1 and op.y.shape[2] <= WIDEST_PAIR_OF_ROWS
    return odd and not along.direct and len(along.runs) == 1


def columns_scratch(op: Convolution) -> int:
    """Bytes for the windows of a row, or of two."""
    return across(op).scratch * (2 if in_twos(op) else 1)


def one_group(op: Conv2D, context: Context) -> str | None:
    """all input channels feed all outputs"""
    return None if op.groups == 1 else f"{op.groups} groups"


def one_input(op: DepthwiseConv2D, context: Context) -> str | None:
    """there is one input channel, which feeds all outputs"""
    return None if op.x.shape[3] == 1 else f"{op.x.shape[3]} channels"


def few_rows(op: Convolution, context: Context) -> str | None:
    """the kernel has at most 32 rows"""
    return None if op.window.size.h <= MAX_ROWS else f"{op.window.size.h}"


def longer_rows(count: int) -> Fact[Convolution]:
    def fact(op: Convolution, context: Context) -> str | None:
        least, scratch = across(op, count).scratch, columns_scratch(op)
        return None if least < scratch else f"{scratch} bytes"

    fact.__doc__ = f"columns are made, and those of {count} pixels take less memory than those of a row"
    return fact


def pixels(op: Convolution, context: Context) -> str | None:
    """the kernel is 1x1, without stride and padding"""
    window = op.window
    plain = window.size == (1, 1) and window.stride == (1, 1) and not any(window.padding)
    return None if plain else f"window {window}"


def weights(op: Convolution) -> Array:
    """int8[O, columns, rows, channels], flat per output: the order of a window's bytes."""
    data = op.weights.data
    assert data is not None
    if isinstance(op, DepthwiseConv2D):  # of one input channel
        data = data.transpose(3, 1, 2, 0)
    flat: Array = data.transpose(0, 2, 1, 3).reshape(op.channels, -1)
    return flat


def depth_of(op: Convolution) -> int:
    """Bytes of a window."""
    return op.window.size.h * op.window.size.w * op.x.shape[3]


def constants(op: Convolution, folded: bool) -> Array:
    """int32[octets, 2, n]: of each tile."""
    return pair_constants(layer.pairs(op)) if folded else signed_constants(layer.sums(op).bias, *layer.right_shifts(op))


def packed(op: Convolution, folded: bool) -> Table:
    return layer.stream(gemm_stream(weights(op), constants(op, folded)))


def gemm(op: Convolution, folded: bool, **fields: Field) -> Struct:
    """The `tk_mve_gemm` of a convolution."""
    numbers = layer.requantization(op, layer.pairs(op) if folded else None)
    depth = depth_of(op)
    own: dict[str, Field] = {"weights": packed(op, folded), "depth": depth, "channels": op.channels}
    return Struct("tk_mve_gemm", (*own.items(), *fields.items(), *numbers.items()))


def bind_pixels(symbol: str, product: Product, op: Convolution) -> tuple[Call, ...]:
    count = op.y.type.elements // op.channels
    described = product(step=op.x.shape[3], pitch=op.channels)
    return (Call(symbol, (Tensor(op.x), Tensor(op.y), count, described)),)


def bind_windows(
    symbol: str, product: Product, op: Convolution, at_once: int = 0, placed: Placed | None = None
) -> tuple[Call, ...]:
    """`at_once`: pixels whose columns are there at once, at most; 0: those of a row, or of two."""
    lies, size = placed or whole(op), op.x.dtype.bytes
    along, twos = across(op, at_once, lies), at_once == 0 and in_twos(op, lies)
    step = op.window.stride.w * lies.in_pixel if along.direct else along.step // size
    pitch = lies.out_pixel * (1 if along.direct else along.apart)
    one = product(step=step, pitch=pitch)
    two = product(step=step, pitch=pitch, row_step=along.scratch // size, row_pitch=lies.out_row)
    described = struct(
        "tk_mve_conv",
        gemm=one,
        two=two if twos else struct("tk_mve_gemm", row_step=0),
        columns=columns(op, along),
        runs=None
        if along.direct
        else Table("table_runs", np.asarray([run.words for run in along.runs], np.int32), Content.TABLE),
        run_count=0 if along.direct else len(along.runs),
        pixels=op.y.shape[2],
        down=down(op, lies),
    )
    scratch = Scratch("columns", along.scratch * (2 if twos else 1))
    return (Call(symbol, (lies.x, lies.y, scratch, described)),)


def columns(op: Convolution, along: Across) -> Struct:
    """The `tk_mve_columns` of a convolution."""
    return struct(
        "tk_mve_columns",
        rows=along.rows,
        bytes=along.channels,
        apart=along.dilation * along.pixel,
        group=along.group,
        spread=Table("table_spread", np.asarray(along.spread, np.uint8), Content.TABLE) if along.group else None,
        zero_point=op.x.zero_point,
    )


def down(op: Convolution, placed: Placed | None = None) -> Struct:
    """The `tk_mve_rows` of a convolution."""
    window, lies, (batch, height, width, _) = op.window, placed or whole(op), op.x.shape
    row = width * lies.in_pixel * op.x.dtype.bytes
    return struct(
        "tk_mve_rows",
        batch=batch,
        in_h=height,
        in_row=row,
        out_h=op.y.shape[1],
        out_row=lies.out_row,
        rows=window.size.h,
        stride=window.stride.h,
        pad=window.padding.top,
        dilation=window.dilation.h,
        padding=layer.padding(op, row),
    )


def flash(op: Convolution, folded: bool) -> int:
    """Bytes beyond the weights and biases as the file has them."""
    depth = depth_of(op)
    return octets(op.channels) * 8 * (16 * steps(depth) + (8 if folded else 12)) - op.channels * (depth + 4)


def cost_pixels(folded: bool, op: Convolution, tiles: int = 1) -> Cost:
    """`tiles`: how often the pixels are gone through, each time for some of the channels."""
    pairs = (op.y.type.elements // op.channels + 1) // 2
    loops = counts.of_gemm(op.x.shape[3], op.channels, pairs, passes=tiles, clamped=layer.is_clamped(op))
    return counts.cost_of(loops, counts.FOLDED if folded else counts.SIGNED, flash(op, folded))


def cost_windows(folded: bool, op: Convolution, tiles: int = 1, at_once: int = 0, placed: Placed | None = None) -> Cost:
    """`tiles`: as of `cost_pixels`; `at_once`: as of `bind_windows`."""
    along, (batch, height, _, _) = across(op, at_once, placed), op.y.shape
    twos = height // 2 if at_once == 0 and in_twos(op, placed) else 0
    runs = () if along.direct else along.runs
    calls = batch * (twos + (height - 2 * twos) * max(len(runs), 1))
    clamped, pairs = layer.is_clamped(op), pairs_of_pixels(op, at_once, placed)
    gemm = counts.of_gemm(depth_of(op), op.channels, pairs, calls=calls, passes=tiles, clamped=clamped)
    loops: dict[str, float] = defaultdict(float, gemm)
    loops["image"] = batch * tiles
    loops["row"] = batch * height * tiles
    loops["kernel row"] = batch * height * tiles * along.rows
    for run in runs:
        for loop, times in counts.of_columns(along, run, along.column).items():
            loops[loop] += batch * height * tiles * times
    return counts.cost_of(loops, counts.FOLDED if folded else counts.SIGNED, flash(op, folded))


def pairs_of_pixels(op: Convolution, at_once: int = 0, placed: Placed | None = None) -> int:
    """How many tk_mve_conv_* computes; `at_once` as of `bind_windows`."""
    along, (batch, height, width, _) = across(op, at_once, placed), op.y.shape
    runs = (run.pixels for run in along.runs) if not along.direct else (width,)
    twos = height // 2 if at_once == 0 and in_twos(op, placed) else 0
    return batch * (twos * width + (height - 2 * twos) * sum((pixels + 1) // 2 for pixels in runs))


def around(op: Convolution, call: int, at_once: int = 0, placed: Placed | None = None) -> float:
    """Instructions of tk_mve_conv_s16 besides the pairs; `call`: of the product besides; `at_once`: as of `bind_windows`."""
    along, rows = across(op, at_once, placed), op.y.shape[0] * op.y.shape[1]
    each: float = rows * (call * len(along.runs) + 20 + 8 * along.rows)
    return each if along.direct else each + rows * sum(copying(along, run.columns) for run in along.runs)


def copying(along: Across, count: int) -> float:
    """Instructions of tk_mve_columns_s8 for `count` columns."""
    if along.group:
        return 50 + along.rows * (13 + 6 * (count // along.group))
    return 50 + along.rows * (8 + (8 + 5 * count) * steps(along.channels) + (count if along.channels % 16 else 0))


def variant(
    symbol: str, cls: type[ConvT], shapes: tuple[Fact[ConvT], ...], *, windows: bool, folded: bool, at_once: int = 0
) -> Variant[ConvT]:
    def bind(op: ConvT, context: Context) -> tuple[Call, ...]:
        product = partial(gemm, op, folded)
        return bind_windows(symbol, product, op, at_once) if windows else bind_pixels(symbol, product, op)

    def cost(op: ConvT, context: Context) -> Cost:
        return cost_windows(folded, op, at_once=at_once) if windows else cost_pixels(folded, op)

    form: tuple[Fact[ConvT], ...] = (layer.full_range, layer.folds_in_pairs) if folded else (layer.rounds_twice,)
    parted: tuple[Fact[ConvT], ...] = (longer_rows(at_once),) if at_once else ()
    return Variant(
        name=f"{symbol} by {at_once}" if at_once else symbol,
        op=cls,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(*layer.COMMON, *shapes, *parted, *form),
        features=frozenset({Feature.MVE}),
    )


POINTS: tuple[Fact[Conv2D], ...] = (one_group, pixels)
WINDOWS: tuple[Fact[Conv2D], ...] = (one_group, few_rows)
FROM_ONE: tuple[Fact[DepthwiseConv2D], ...] = (one_input, few_rows)

VARIANTS: tuple[Variant[Any], ...] = (
    variant("tk_mve_gemm_s8", Conv2D, POINTS, windows=False, folded=True),
    variant("tk_mve_gemm_signed_s8", Conv2D, POINTS, windows=False, folded=False),
    variant("tk_mve_conv_s8", Conv2D, WINDOWS, windows=True, folded=True),
    variant("tk_mve_conv_signed_s8", Conv2D, WINDOWS, windows=True, folded=False),
    *(variant("tk_mve_conv_s8", Conv2D, WINDOWS, windows=True, folded=True, at_once=count) for count in PARTS),
    *(variant("tk_mve_conv_signed_s8", Conv2D, WINDOWS, windows=True, folded=False, at_once=count) for count in PARTS),
    variant("tk_mve_conv_s8", DepthwiseConv2D, FROM_ONE, windows=True, folded=True),
    variant("tk_mve_conv_signed_s8", DepthwiseConv2D, FROM_ONE, windows=True, folded=False),
)
