# SPDX-License-Identifier: Apache-2.0
"""DEPTHWISE_CONV_2D of int8: through planes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinycc.analysis.accumulators import filters
from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.gemm import as_words, rounded_up
from tinycc.kernels.dsp.requantization import SCALING, constant_weights, signed, signed_sums
from tinycc.kernels.folding import once_for_all, stairs_of
from tinycc.numerics.high_word import HighWord, fold_high
from tinycc.numerics.staircase import Staircase
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content
from tinycc.target import Feature

SHIFT = 8
"""TK_DEPTHWISE_SHIFT in runtime/kernels/dsp/tk_depthwise3.h."""
WORDS = 9
"""TK_DEPTHWISE3_WORDS: of a channel."""
LINE, LINES, MAX_LINES = 16, 10, 32
"""TK_LINE: words of a plane's line; lines of the planes that are granted to any layer; TK_DEPTHWISE_LINES."""
MAX_WORDS = 8
"""TK_TAPS_WORDS: words of two weights in a line of the kernel."""


def is_3x3(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel is 3x3 with stride 1 or 2 and without dilation, and at least four channels feed one output each"""
    window = op.window
    if window.size == (3, 3) and window.stride in ((1, 1), (2, 2)) and window.dilation == (1, 1):
        return None if op.multiplier == 1 and op.channels >= 4 else f"{op.x.shape[3]} channels for {op.channels} outputs"
    return f"window {window}"


def folds(op: DepthwiseConv2D, context: Context) -> str | None:
    """bias, multiplier, roundings and clamp of every channel are one multiplication with a shift that all share, proved"""
    return "a channel without one" if scaled_sums(op) is None else None


@once_for_all
def scaled_sums(op: DepthwiseConv2D) -> tuple[HighWord, Array] | None:
    """The formula, and by which power of two each channel's weights are multiplied for it; None where none is proved."""
    stairs = stairs_of(op)
    if stairs is None:
        return None
    with np.errstate(divide="ignore"):
        power = np.clip(SHIFT + 2 + np.floor(np.log2(np.where(stairs.live, stairs.scale, 1e-9))), 0, 8).astype(np.int64)
    columns = {name: np.zeros(len(power), np.int64) for name in ("start", "multiplier", "addend", "below", "shift")}
    for scaling in np.unique(power):
        at = np.flatnonzero(power == scaling)
        formula = fold_high(_channels(stairs, at), SHIFT, int(scaling))
        if not formula.proved.all():
            return None
        for name, column in columns.items():
            column[at] = getattr(formula, name)
    proved = np.ones(len(power), np.bool_)
    return HighWord(**columns, scaling=0, min=stairs.min, max=stairs.max, proved=proved, times=1), power


def _channels(stairs: Staircase, at: Array) -> Staircase:
    pivot = None if stairs.pivot is None else stairs.pivot[at]
    names = ("low", "high", "thresholds", "scale", "exact")
    return replace(stairs, pivot=pivot, **{name: getattr(stairs, name)[at] for name in names})


@dataclass(frozen=True)
class Axis:
    """Rows or columns of an image and its result. step: bytes of the image from one to the next, of the result."""

    inputs: int
    outputs: int
    reach: int
    taps: int
    stride: int
    dilation: int
    pad: int
    step: int
    out_step: int


@dataclass(frozen=True)
class Lines:
    """How a layer is laid out in planes. phases: see tk_depthwise_layer; 1 where neighbours are computed together."""

    op: DepthwiseConv2D
    transposed: bool
    paired: bool
    """Whether the kernel takes any column as its first one; else an even one alone."""

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """Lines and columns of the planes."""
        window, (_, h, w, c), (_, out_h, out_w, out_c) = self.op.window, self.op.x.shape, self.op.y.shape
        reach, size, stride, dilation, padding = window.reach, window.size, window.stride, window.dilation, window.padding
        rows = Axis(h, out_h, reach.h, size.h, stride.h, dilation.h, padding.top, w * c, out_w * out_c)
        columns = Axis(w, out_w, reach.w, size.w, stride.w, dilation.w, padding.left, c, out_c)
        return (columns, rows) if self.transposed else (rows, columns)

    @property
    def phases(self) -> int:
        return 1 if self.paired else 1 + self.axes[1].stride % 2

    @property
    def stride(self) -> int:
        """Columns from a result to the next of a run."""
        return self.phases * self.axes[1].stride

    @property
    def words(self) -> int:
        """Words of two taps in a line of the kernel."""
        return -(-self.axes[1].reach // 2)

    @property
    def fits(self) -> bool:
        return self.axes[0].reach <= MAX_LINES and self.words <= MAX_WORDS

    @property
    def strip(self) -> tuple[int, int]:
        """(lines, columns) of the result that are computed at a time: equal parts, as few as fit."""
        lines, columns = self.axes
        most = (
            max((max(LINES, lines.reach) - lines.reach) // lines.stride + 1, 1),
            (2 * LINE - columns.reach) // self.stride + 1,
        )
        return equal_part(lines.outputs, most[0]), equal_part(-(-columns.outputs // self.phases), most[1])

    @property
    def seen(self) -> int:
        """Lines that a strip sees."""
        return (self.strip[0] - 1) * self.axes[0].stride + self.axes[0].reach

    @property
    def scratch(self) -> int:
        return self.seen * 16 * LINE + 6 * self.stride

    def layer(self, words: Array) -> Struct:
        """words: uint32[fours, words of four input channels]."""
        (lines, columns), op, strip = self.axes, self.op, self.strip
        return struct(
            "tk_depthwise_layer",
            weights=Table("weights", words.ravel(), Content.WEIGHTS),
            four_words=words.shape[1],
            channels=op.x.shape[3],
            multiplier=op.multiplier,
            zero_point=op.x.zero_point,
            phases=self.phases,
            phase=columns.stride,
            kernel_lines=lines.taps,
            dilation_lines=lines.dilation,
            stride_lines=lines.stride,
            stride_columns=self.stride,
            reach_lines=lines.reach,
            reach_columns=columns.reach,
            strip_lines=strip[0],
            strip_columns=strip[1],
            in_lines=lines.inputs,
            in_columns=columns.inputs,
            in_line=lines.step,
            in_pixel=columns.step,
            out_lines=lines.outputs,
            out_columns=columns.outputs,
            out_line=lines.out_step,
            out_pixel=columns.out_step,
            pad_lines=lines.pad,
            pad_columns=columns.pad,
            batch=op.x.shape[0],
            in_bytes=op.x.type.elements // op.x.shape[0],
            out_bytes=op.y.type.elements // op.y.shape[0],
        )


def equal_part(whole: int, most: int) -> int:
    return -(-whole // -(-whole // most))


def of_fours(rows: Array, op: DepthwiseConv2D) -> Array:
    """uint32: words of each output channel (in axis 0) by four input channels, the last four of them the last channels."""
    inputs = op.x.shape[3]
    of_inputs = as_words(rows).reshape(inputs, -1)
    last = np.arange(inputs - 4, inputs) if inputs % 4 and inputs > 4 else np.arange(0)
    order = np.concatenate((np.arange(inputs if inputs < 4 else inputs // 4 * 4), last))
    return of_inputs[order].reshape(-1, min(inputs, 4) * of_inputs.shape[1])


def pairs(taps: Array) -> Array:
    """Words of two halfwords: [..., n] -> [..., n / 2]."""
    halves = taps & 0xFFFF
    words: Array = halves[..., ::2] | halves[..., 1::2] << 16
    return words


def lines_3x3(op: DepthwiseConv2D) -> Lines:
    """Lines are columns of the image where those are longer."""
    return Lines(op, op.y.shape[1] > op.y.shape[2], paired=True)


def taps_3x3(op: DepthwiseConv2D) -> Array:
    """int64[channels, lines, columns]."""
    weights = filters(op)
    assert weights is not None
    taps: Array = weights[:, :, 0].transpose(2, 1, 0) if lines_3x3(op).transposed else weights[:, :, 0].transpose(2, 0, 1)
    return taps


def bind_3x3(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    found, lines = scaled_sums(op), lines_3x3(op)
    assert found is not None
    formula, power = found
    taps = taps_3x3(op) << power[:, None, None]
    constants = np.stack((formula.start << power, formula.multiplier, formula.addend), 1)
    rows = np.concatenate((pairs(taps[:, :, [0, 1, 1, 2]]).reshape(-1, 6), constants), axis=1)
    layer = lines.layer(of_fours(rows, op))
    return (Call("tk_depthwise3_dsp_s8", (Tensor(op.x), Tensor(op.y), layer, Scratch("planes", lines.scratch))),)


def loops_3x3(lines: Lines) -> Loops:
    """How often the code goes through its loops: planes laid, then results, at stride 1 two lines at a time."""
    (line, column), (rows, columns), op = lines.axes, lines.strip, lines.op
    fours = op.x.shape[0] * rounded_up(op.x.shape[3], 4) // 4
    starts = range(0, line.outputs, rows)
    down = [(min(rows, line.outputs - start), start * line.stride - line.pad) for start in starts]
    there = sum(min(top + (n - 1) * line.stride + 3, line.inputs) - max(top, 0) for n, top in down)
    across = parts(column.outputs, columns)
    words = sum(((n - 1) * column.stride + 4) // 2 for n in across)
    twos = sum(n // 2 for n, _ in down) if line.stride == 1 else 0
    ones = line.outputs - 2 * twos
    pairs = sum(-(-n // 2) for n in across)
    return {
        "call": 1,
        "strip": op.x.shape[0] * len(down) * len(across),
        "four": fours * len(down) * len(across),
        "line": fours * there * len(across),
        "word": fours * there * words,
        "two lines": 4 * fours * twos * len(across),
        "two by two": 4 * fours * twos * pairs,
        "single line": 4 * fours * ones * len(across) * (line.stride == 1),
        "single pair": 4 * fours * ones * pairs * (line.stride == 1),
        "line of stride 2": 4 * fours * ones * len(across) * (line.stride == 2),
        "pair of stride 2": 4 * fours * ones * pairs * (line.stride == 2),
    }


ROUNDS_3X3 = {
    "call": Each(130, 166),
    "strip": Each(130, 201),
    "four": Each(166, 262),
    "line": Each(21.1, 31.8),
    "word": Each(11, 12.6),
    "two lines": Each(27, 46.4),
    "two by two": Each(50.4, 65.3),
    "single line": Each(24.8, 34.9),
    "single pair": Each(26.5, 34.7),
    "line of stride 2": Each(25, 35),
    "pair of stride 2": Each(34.3, 40),
}


def cost_3x3(op: DepthwiseConv2D, context: Context) -> Cost:
    return loops_cost(loops_3x3(lines_3x3(op)), ROUNDS_3X3, context.target)


def lines_any(op: DepthwiseConv2D) -> Lines | None:
    """The cheaper of both ways to lay the image, of those that are possible."""
    both = [lines for lines in (Lines(op, transposed, paired=False) for transposed in (False, True)) if lines.fits]
    return min(both, key=cycles_any, default=None)


def parts(whole: int, most: int) -> list[int]:
    return [min(most, whole - start) for start in range(0, whole, most)]


def loops_any(lines: Lines) -> Loops:
    """How often the code goes through its loops."""
    (line, column), (rows, columns), op = lines.axes, lines.strip, lines.op
    down = parts(line.outputs, rows)
    runs = [-(-(column.outputs - phase) // lines.phases) for phase in range(lines.phases)]
    across = [part for run in runs for part in parts(run, columns)]
    fours = op.x.shape[0] * rounded_up(op.x.shape[3], 4) // 4
    in_four = min(op.x.shape[3], 4)
    seen = fours * sum((n - 1) * line.stride + line.reach for n in down)
    pixels = seen * sum((n - 1) * lines.stride + column.reach for n in across)
    channels = in_four * op.multiplier * fours
    quads = channels * sum(down) * sum(-(-n // 4) for n in across)
    return {
        "call": 1,
        "line": seen * len(across),
        "pixel": pixels,
        "narrow code": pixels * in_four if in_four < 4 else 0,
        "channel": channels * len(down) * len(across),
        "row": channels * sum(down) * len(across),
        "quad": quads,
        "line of a quad": quads * line.taps,
        "word of a quad": quads * line.taps * lines.words,
    }


ANY = {
    "call": Each(490, 700),
    "line": Each(10, 39),
    "pixel": Each(6.5, 7),
    "narrow code": Each(7, 10),
    "channel": Each(59, 103),
    "row": Each(22.6, 40.4),
    "quad": Each(50, 62),
    "line of a quad": Each(6.7, 8),
    "word of a quad": Each(8, 10),
}


def cycles_any(lines: Lines) -> float:
    return sum(ANY[name].cycles * count for name, count in loops_any(lines).items())


def fits_planes(op: DepthwiseConv2D, context: Context) -> str | None:
    """the kernel reaches over at most 16 columns and 32 rows, or the other way round"""
    return f"window {op.window}" if lines_any(op) is None else None


def bind_any(op: DepthwiseConv2D, context: Context) -> tuple[Call, ...]:
    formula, weights, lines = signed_sums(op), filters(op), lines_any(op)
    assert formula is not None
    assert weights is not None
    assert lines is not None
    order = (2, 1, 0) if lines.transposed else (2, 0, 1)
    kernel, columns = weights[:, :, 0].transpose(order), lines.axes[1]
    taps = np.zeros((*kernel.shape[:2], 2 * lines.words), np.int64)
    taps[:, :, : columns.reach : columns.dilation] = kernel << SCALING
    f = formula
    start, constants = (f.start << SCALING)[:, None], np.stack((f.multiplier, f.addend, f.below, f.shift), 1)
    rows = np.concatenate((start, pairs(taps).reshape(len(taps), -1), constants), axis=1)
    layer = lines.layer(of_fours(rows, op))
    return (Call("tk_depthwise_dsp_s8", (Tensor(op.x), Tensor(op.y), layer, Scratch("planes", lines.scratch))),)


def cost_any(op: DepthwiseConv2D, context: Context) -> Cost:
    lines = lines_any(op)
    assert lines is not None
    return loops_cost(loops_any(lines), ANY, context.target)


VARIANTS = (
    Variant(
        name="tk_depthwise3_dsp_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind_3x3,
        cost=cost_3x3,
        facts=(constant_weights, is_3x3, folds),
        features=frozenset({Feature.DSP}),
    ),
    Variant(
        name="tk_depthwise_dsp_s8",
        op=DepthwiseConv2D,
        signatures=("int8",),
        bind=bind_any,
        cost=cost_any,
        facts=(constant_weights, fits_planes, signed),
        features=frozenset({Feature.DSP}),
    ),
)
