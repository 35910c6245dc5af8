# SPDX-License-Identifier: Apache-2.0
"""CONV_2D of int8, 3x3 with stride 1, by Winograd's method in integers: see runtime/kernels/dsp/tk_wino.h."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Table, Tensor, struct
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.requantization import constant_weights
from tinycc.kernels.folding import once_for_all, stairs_of
from tinycc.numerics.high_word import HighWord, fold_signed
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.preferences import Goal
from tinycc.program.types import Content
from tinycc.target import Feature

MAX_ROWS, MAX_TILES = 34, 16
"""TK_WINO_ROWS, TK_WINO_TILES."""
SCALING, TIMES, SHIFT = 6, 9, 15
"""Sums come out 576 = 9 * 2**6 times; TK_WINO_SHIFT."""
GRANTED = 46 * 1024
"""Bytes of scratch at most."""
PRODUCTS = 4 * 288


@dataclass(frozen=True)
class Tiles:
    """A layer in tiles of 4x4 results, `strip` rows of them at a time."""

    op: Conv2D
    strip: int

    @property
    def across(self) -> int:
        return -(-self.op.y.shape[2] // 4)

    @property
    def count(self) -> int:
        """Of a strip."""
        return self.strip * self.across

    @property
    def strips(self) -> int:
        return self.op.x.shape[0] * -(-self.op.y.shape[1] // (4 * self.strip))

    @property
    def lead(self) -> int:
        return rounded_up(self.op.window.padding.left * self.op.x.shape[3], 4)

    @property
    def width(self) -> int:
        _, _, in_w, in_c = self.op.x.shape
        end = (4 * self.across + 2 - self.op.window.padding.left) * in_c
        return self.lead + rounded_up(max(in_w * in_c, end), 4)

    @property
    def scratch(self) -> int:
        (_, out_h, out_w, out_c), in_c = self.op.y.shape, self.op.x.shape[3]
        tiles = rounded_up(self.count, 4)
        whole = out_h % 4 == 0 and out_w % 4 == 0 and self.count % 4 == 0 and out_h % (4 * self.strip) == 0
        rows = 6 * self.width
        return 72 * tiles * in_c + 144 * in_c + PRODUCTS + rows + (0 if whole else 16 * tiles * out_c)

    @property
    def cycles(self) -> int:
        """Reckoned from the code."""
        in_c, out_c = self.op.x.shape[3], self.op.y.shape[3]
        inputs = self.count * (in_c // 2 * 494 + 80)
        weights = out_c * (in_c // 2 * 214 + 40)
        products = 36 * (in_c // 2 * 18 + 29) + 40
        output = 8 * 406 + 60
        rows = 6 * self.strip * (110 + self.width * 6 // 10)
        return self.strips * (inputs + weights + out_c // 2 * rounded_up(self.count, 4) // 4 * (products + output) + rows)


def is_3x3(op: Conv2D, context: Context) -> str | None:
    """the kernel is 3x3 with stride 1, no dilation and no groups; input channels are a multiple of 4, output channels of 2"""
    window, channels = op.window, (op.x.shape[3], op.channels)
    if (window.size, window.stride, window.dilation, op.groups) != ((3, 3), (1, 1), (1, 1), 1):
        return f"window {window}"
    return None if channels[0] % 4 == 0 and channels[1] % 2 == 0 else f"{channels[0]} and {channels[1]} channels"


def spare(op: Conv2D, context: Context) -> str | None:
    """memory is not to be saved"""
    return "--optimize ram" if context.goal is Goal.RAM else None


def room(op: Conv2D, context: Context) -> str | None:
    """its scratch is at most 46 KiB"""
    return "more for any strip" if tiles_of(op) is None else None


def one_row(op: Conv2D, context: Context) -> str | None:
    """a strip of one row of tiles takes less scratch than the fastest, at most 46 KiB"""
    return refusal(op, 1)


def two_rows(op: Conv2D, context: Context) -> str | None:
    """a strip of two rows of tiles takes less scratch than the fastest, at most 46 KiB"""
    return refusal(op, 2)


def refusal(op: Conv2D, strip: int) -> str | None:
    fastest, tiles = tiles_of(op), Tiles(op, strip)
    if fastest is not None and fastest.strip <= strip:
        return f"{fastest.strip} in the fastest"
    fits = tiles.count <= MAX_TILES and tiles.scratch <= GRANTED
    return None if fits else f"{tiles.scratch:,} bytes"


def folds(op: Conv2D, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication of 576 sums, below 2**31, proved"""
    return "a channel without one" if sums(op) is None else None


def tiles_of(op: Conv2D) -> Tiles | None:
    """The fastest strip that there is room for."""
    most = min(-(-op.y.shape[1] // 4), (MAX_ROWS - 2) // 4)
    strips = (Tiles(op, strip) for strip in range(1, most + 1))
    able = [tiles for tiles in strips if tiles.count <= MAX_TILES and tiles.scratch <= GRANTED]
    return min(able, key=lambda tiles: tiles.cycles, default=None)


@once_for_all
def sums(op: Conv2D) -> HighWord | None:
    """None where a channel has no formula that is proved."""
    stairs = stairs_of(op)
    formula = None if stairs is None else fold_signed(stairs, SCALING, TIMES, SHIFT)
    return formula if formula is not None and formula.proved.all() else None


def words(op: Conv2D) -> Array:
    """uint32[O, C / 4, 9]: four input channels a word."""
    assert op.weights.data is not None
    channels, _, _, depth = op.weights.shape
    fours = op.weights.data.astype(np.int8).reshape(channels, 9, depth // 4, 4).swapaxes(1, 2)
    return np.ascontiguousarray(fours).view("<u4")


def bind(op: Conv2D, tiles: Tiles) -> tuple[Call, ...]:
    f = sums(op)
    assert f is not None
    constants = np.stack((f.multiplier, f.addend, f.below, f.start << (SCALING - 2)), 1)
    (batch, in_h, in_w, in_c), (_, out_h, out_w, out_c) = op.x.shape, op.y.shape
    layer = struct(
        "tk_wino_layer",
        weights=Table("weights", words(op).ravel(), Content.WEIGHTS),
        constants=Table("constants", as_words(constants).ravel(), Content.REQUANT),
        in_c=in_c,
        out_c=out_c,
        zero_point=op.x.zero_point,
        strip=4 * tiles.strip,
        row_bytes=in_w * in_c,
        lead=tiles.lead,
        width=tiles.width,
        before=-op.window.padding.left * in_c,
        batch=batch,
        in_rows=in_h,
        out_rows=out_h,
        out_w=out_w,
        pad=op.window.padding.top,
    )
    return (Call("tk_wino_dsp_s8", (Tensor(op.x), Tensor(op.y), layer, Scratch("tiles", tiles.scratch))),)


def fastest(op: Conv2D) -> Tiles:
    tiles = tiles_of(op)
    assert tiles is not None
    return tiles


def variant(name: str, tiles: Callable[[Conv2D], Tiles], fits: Fact[Conv2D]) -> Variant[Conv2D]:
    def cost(op: Conv2D, context: Context) -> Cost:
        cycles = tiles(op).cycles
        return Cost(cycles, cycles * 85 // 100)

    return Variant(
        name=name,
        op=Conv2D,
        signatures=("int8",),
        bind=lambda op, context: bind(op, tiles(op)),
        cost=cost,
        facts=(constant_weights, is_3x3, spare, fits, folds),
        features=frozenset({Feature.DSP}),
    )


VARIANTS = (
    variant("tk_wino_dsp_s8", fastest, room),
    variant("tk_wino_dsp_s8 by two rows", lambda op: Tiles(op, 2), two_rows),
    variant("tk_wino_dsp_s8 by a row", lambda op: Tiles(op, 1), one_row),
)
