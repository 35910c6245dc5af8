# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int8 on Helium: kernels of up to 3 x 3 (stride 2: 4 x 4) from cells of 4 x 4 inputs of one channel."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Field, Scratch, Struct, Tensor, struct
from tinycc.kernels.costs import Loops, all_rounds
from tinycc.kernels.mve import counts, layer
from tinycc.kernels.mve.packing import (
    cells_by1_stream,
    cells_by2_stream,
    moved_constants,
    octets,
    signed_constants,
    signed_scalars,
    taps_stream,
)
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.preferences import Goal
from tinycc.target import Feature

MAX_TAPS = 64
"""TK_MVE_MAX_TAPS."""
MAX_ROWS = 32
"""TK_MVE_MAX_ROWS: input rows at a time."""
BLOCK = 16
"""Channels at a time."""
ROW = 64
"""Bytes of a row of a strip of cells."""
LITTLE = 6144
"""Bytes of cells that are granted to any layer."""
SHARE = 5
"""And to a large one this part of input and output: layers before and after it take more, mostly."""


@dataclass(frozen=True)
class Blocks:
    """How many rows and columns of the output are computed at once, and the cells that they take: bytes of a strip, strips."""

    rows: int
    columns: int
    strip: int
    strips: int

    @property
    def scratch(self) -> int:
        return self.strip * self.strips


def kernels(op: DepthwiseConv2D) -> Array:
    """int8[C, h, w]; zeros between the taps of a dilated kernel."""
    data, window = op.weights.data, op.window
    assert data is not None
    spread = np.zeros((op.channels, window.reach.h, window.reach.w), np.int8)
    spread[:, :: window.dilation.h, :: window.dilation.w] = data[0].transpose(2, 0, 1)
    return spread


def stride(op: DepthwiseConv2D) -> int:
    return op.window.stride.h


@lru_cache(maxsize=64)
def blocks_of(op: DepthwiseConv2D, goal: Goal = Goal.SPEED) -> Blocks:
    """What takes the fewest instructions with the scratch that is granted, or with the least that there can be."""
    by, (_, height, width, _) = stride(op), op.y.shape
    most = min(height, (MAX_ROWS - op.window.reach.h) // by + 1)
    granted = LITTLE if goal is Goal.RAM else max(LITTLE, (op.x.type.bytes + op.y.type.bytes) // SHARE)
    rows = sorted({most, *range(4, most, 4)} | ({most - 1} if most == 5 else set()))
    columns = sorted({width, *range(2, width, 2)})
    found = [_blocks(by, r, c) for r in rows for c in columns]
    small = [blocks for blocks in found if blocks.scratch <= granted]
    return min(small, key=lambda blocks: (instructions(op, blocks), blocks.scratch)) if small else found[0]


def _blocks(by: int, rows: int, columns: int) -> Blocks:
    if by == 1:
        return Blocks(rows, columns + columns % 2, ROW * max(rows + 2, 4), (columns + 1) // 2)
    return Blocks(rows, columns, ROW * (2 * (rows + rows % 2) + 2), columns)


def at_once(op: DepthwiseConv2D, goal: Goal) -> bool:
    """Whether all of 16 channels is in cells before any of it is written: the output may lie on the input."""
    found, (_, height, width, _) = blocks_of(op, goal), op.y.shape
    return op.x.shape == op.y.shape and found.rows >= height and found.columns >= width


def one_to_one(op: DepthwiseConv2D, context: Context) -> str | None:
    """every input channel feeds one output"""
    return None if op.multiplier == 1 else f"a depth multiplier of {op.multiplier}"


def steps_of_1(op: DepthwiseConv2D, context: Context) -> str | None:
    """the stride is 1, and the kernel with its dilation at most 3 x 3"""
    window = op.window
    return None if window.stride == (1, 1) and max(window.reach) <= 3 else f"window {window}"


def steps_of_2(op: DepthwiseConv2D, context: Context) -> str | None:
    """the stride is 2, and the kernel with its dilation at most 4 x 4"""
    window = op.window
    return None if window.stride == (2, 2) and max(window.reach) <= 4 else f"window {window}"


def little_padding(op: DepthwiseConv2D, context: Context) -> str | None:
    """there is at most one column of padding on the left"""
    return None if op.window.padding.left <= 1 else f"{op.window.padding.left}"


def short_rows(op: DepthwiseConv2D, context: Context) -> str | None:
    """four rows of the output take less than 2**16 bytes"""
    row = op.y.shape[2] * op.channels
    return None if 3 * row + op.channels < 1 << 16 else f"{row:,} bytes per row"


def described(op: DepthwiseConv2D, folded: bool, found: Blocks) -> Struct:
    """The `tk_mve_depthwise` of a layer."""
    by = stride(op)
    form = layer.moved(op) if folded else None
    constants = moved_constants(form) if form else signed_scalars(layer.sums(op).bias, *layer.right_shifts(op))
    packed = (cells_by1_stream if by == 1 else cells_by2_stream)(kernels(op), constants)
    window, (batch, height, width, channels) = op.window, op.x.shape
    cells: dict[str, Field] = {
        "pixel": channels,
        "strip": found.strip,
        "zero_point": op.x.zero_point,
        "out_row": op.y.shape[2] * channels,
        "out_pixel": channels,
    }
    down = struct(
        "tk_mve_rows",
        batch=batch,
        in_h=height,
        in_row=width * channels,
        out_h=op.y.shape[1],
        out_row=op.y.shape[2] * channels,
        rows=window.reach.h,
        stride=by,
        pad=window.padding.top,
        dilation=1,
        padding=layer.padding(op, width * channels),
    )
    return struct(
        "tk_mve_depthwise",
        cells=Struct("tk_mve_cells", tuple((cells | layer.requantization(op, form)).items())),
        weights=layer.stream(packed),
        stream=len(packed) // channels,
        channels=channels,
        in_w=width,
        out_w=op.y.shape[2],
        padded=window.padding.left,
        columns=found.columns,
        rows=found.rows,
        down=down,
    )


def loops_of(op: DepthwiseConv2D, found: Blocks) -> Loops:
    """How often the loops over cells are gone through for an image, computed in such blocks."""
    by, (_, height, width, channels) = stride(op), op.y.shape
    sets = -(-channels // BLOCK)
    loops: dict[str, float] = defaultdict(float)
    for rows, times_down in Counter(_split(height, found.rows)).items():
        for columns, times in Counter(_split(width, found.columns)).items():
            blocks = times_down * times
            in_rows = (rows - 1) * by + op.window.reach.h
            loops["block"] += blocks
            loops["set"] += blocks * sets
            loops["line"] += blocks * sets * in_rows
            loops["cell"] += blocks * sets * in_rows * ((columns + 1) // 2 if by == 1 else columns)
            loops["channel"] += blocks * channels
            for loop, rounds in (_by1 if by == 1 else _by2)(rows, columns).items():
                loops[loop] += blocks * channels * rounds
    return loops


def instructions(op: DepthwiseConv2D, found: Blocks) -> float:
    """Of an image, computed in such blocks, folded."""
    return all_rounds(loops_of(op, found), counts.CELLS[stride(op), True]).instructions


def cost_of(folded: bool, op: DepthwiseConv2D, goal: Goal) -> Cost:
    loops = {loop: op.y.shape[0] * times for loop, times in loops_of(op, blocks_of(op, goal)).items()}
    flash = op.channels * ((36 if stride(op) == 1 else 28) - 4 - op.window.size.h * op.window.size.w)
    return counts.cost_of({"call": 1, **loops}, counts.CELLS[stride(op), folded], flash)


def _by2(rows: int, columns: int) -> Loops:
    """tk_mve_cells_by2(_signed)_s8, per channel: two strips at a time, two rows of them."""
    strips = (columns + 1) // 2
    return {"strip": strips, "two": strips * ((rows + 1) // 2)}


def _by1(rows: int, columns: int) -> Loops:
    """tk_mve_cells_by1(_signed)_s8, per channel: a strip of two columns, or of a last one, four rows at a time; one to three
    rows are left, or there is but one."""
    (fours, left), (strips, single) = divmod(rows, 4), divmod(columns, 2)
    rest = f"{left} left" if rows > 1 else "one row"
    loops = {"strip": strips, "four": strips * fours, "single": single, "four of a single": single * fours}
    return loops | {rest: strips, f"{rest} of a single": single} if left else loops


def _split(total: int, part: int) -> list[int]:
    """The sizes of the parts."""
    return [min(part, total - start) for start in range(0, total, part)]


def in_one_go(op: DepthwiseConv2D, context: Context) -> str | None:
    """all rows and columns of the output are computed at once, and it is as large as the input"""
    found = blocks_of(op, context.goal)
    return (
        None
        if at_once(op, context.goal)
        else f"{op.x.type} to {op.y.type}, {found.rows} rows and {found.columns} columns at once"
    )


def variant(symbol: str, reach: Fact[DepthwiseConv2D], folded: bool, *, in_place: bool = False) -> Variant[DepthwiseConv2D]:
    """`in_place`: the form that may have its output on its input."""

    def bind(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
        found = blocks_of(op, context.goal)
        scratch = Scratch("cells", found.scratch)
        return (Call(symbol, (Tensor(op.x), Tensor(op.y), scratch, described(op, folded, found))),)

    def cost(op: DepthwiseConv2D, context: Context) -> Cost:
        return cost_of(folded, op, context.goal)

    shapes: tuple[Fact[DepthwiseConv2D], ...] = (*layer.COMMON, one_to_one, reach, little_padding, short_rows)
    form: tuple[Fact[DepthwiseConv2D], ...] = (layer.full_range, layer.folds_moved) if folded else (layer.rounds_twice,)
    place: tuple[Fact[DepthwiseConv2D], ...] = (in_one_go,) if in_place else ()
    return Variant(
        name=f"{symbol} in place" if in_place else symbol,
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(*shapes, *place, *form),
        features=frozenset({Feature.MVE}),
        in_place=("x",) if in_place else (),
    )


def few_taps(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel has at most 64 taps, in at most 32 rows"""
    size = op.window.size
    return None if size.h * size.w <= MAX_TAPS and size.h <= MAX_ROWS else f"a kernel of {size}"


def bind_any(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    window, (batch, height, width, channels) = op.window, op.x.shape
    sums = layer.sums(op)
    packed = taps_stream(sums.weights, signed_constants(sums.bias, *layer.right_shifts(op)))
    fields: dict[str, Field] = {"weights": layer.stream(packed), "taps": window.size.h * window.size.w, "channels": channels}
    down = struct(
        "tk_mve_rows",
        batch=batch,
        in_h=height,
        in_row=width * channels,
        out_h=op.y.shape[1],
        out_row=op.y.shape[2] * channels,
        rows=window.size.h,
        stride=window.stride.h,
        pad=window.padding.top,
        dilation=window.dilation.h,
        padding=layer.padding(op, width * channels),
    )
    described = struct(
        "tk_mve_depthwise_any",
        taps=Struct("tk_mve_taps", tuple((fields | layer.requantization(op, None)).items())),
        in_w=width,
        out_w=op.y.shape[2],
        columns=window.size.w,
        stride=window.stride.w,
        pad=window.padding.left,
        dilation=window.dilation.w,
        down=down,
    )
    return (Call("tk_mve_depthwise_any_s8", (Tensor(op.x), Tensor(op.y), described)),)


def cost_any(op: DepthwiseConv2D, context: Context) -> Cost:
    taps, channels = op.window.size.h * op.window.size.w, op.channels
    flash = octets(channels) * (8 * taps + 96) - channels * (taps + 4)
    return counts.cost_of(counts.of_taps(op), counts.TAPS, flash)


ANY = Variant(
    name="tk_mve_depthwise_any_s8",
    op=DepthwiseConv2D,
    signatures=("int8",),
    bind=bind_any,
    cost=cost_any,
    facts=(*layer.COMMON, one_to_one, few_taps, layer.rounds_twice),
    features=frozenset({Feature.MVE}),
)

VARIANTS = (
    variant("tk_mve_depthwise_by1_s8", steps_of_1, folded=True, in_place=True),
    variant("tk_mve_depthwise_by1_signed_s8", steps_of_1, folded=False, in_place=True),
    variant("tk_mve_depthwise_by1_s8", steps_of_1, folded=True),
    variant("tk_mve_depthwise_by1_signed_s8", steps_of_1, folded=False),
    variant("tk_mve_depthwise_by2_s8", steps_of_2, folded=True),
    variant("tk_mve_depthwise_by2_signed_s8", steps_of_2, folded=False),
    ANY,
)
