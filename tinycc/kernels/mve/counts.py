# SPDX-License-Identifier: Apache-2.0
"""How often kernels for Helium go through their loops, by a layer's shape, and what a round takes: fitted to counts on a
Cortex-M55 (`python -m benchmarks costs --on cortex-m55`), cycles as its model has them."""

from __future__ import annotations

from collections.abc import Mapping

from tinycc.kernels.base import Cost
from tinycc.kernels.cmsis_nn.counts import taps
from tinycc.kernels.costs import Each, Loops, all_rounds
from tinycc.kernels.mve.columns import Across, Run
from tinycc.kernels.mve.packing import octets, steps
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.pooling import Pool2D

LANES = 16
CHAIN, ROUND = 9, 4
"""Steps of a tile that follow each other without a loop; those of a round of the loop before them."""


def of_gemm(depth: int, channels: int, pairs: int, *, calls: int = 1, passes: int = 1, clamped: bool = False) -> Loops:
    """tk_mve_gemm(_signed)_s8 for so many pairs of pixels, in so many calls. `passes`: how often each pair is gone through,
    each time for some of the channels; `clamped`: where the signed form has a clamp."""
    long, wide = steps(depth), octets(channels) * pairs
    rounds = -(-max(long - CHAIN, 0) // ROUND)
    return {
        "call": calls * passes,
        "pair": pairs * passes,
        "octet": wide if long > 1 else 0,
        "short octet": wide if long == 1 else 0,
        "step": wide * long if long > 1 else 0,
        "loop": 2 * wide if rounds else 0,
        "round": 2 * wide * rounds,
        "clamp": wide if clamped else 0,
    }


def of_dense(depth: int, channels: int, clamped: bool = False) -> Loops:
    """tk_mve_dense(_signed)_s8."""
    long, wide = steps(depth), octets(channels)
    rounds = -(-max(long - CHAIN, 0) // ROUND)
    return {
        "call": 1,
        "octet": wide,
        "step": wide * long,
        "loop": wide if rounds else 0,
        "round": wide * rounds,
        "clamp": wide if clamped else 0,
    }


def of_columns(along: Across, run: Run, row: int) -> Mapping[str, float]:
    """tk_mve_columns_s8: a run, whose columns have rows of so many bytes together."""
    filled = -(-run.left * row // LANES) - (-run.right * row // LANES)
    if along.group:
        groups = run.columns // along.group
        return {"run": 1, "fill": filled, "grouped line": along.rows, "group": along.rows * groups}
    whole, part = divmod(along.channels, LANES)
    lines = along.rows if run.columns else 0
    return {
        "run": 1,
        "fill": filled,
        "line": lines,
        "stripe": lines * (whole + bool(part)),
        "column": lines * whole * run.columns,
        "part of a column": lines * bool(part) * run.columns,
    }


def of_pool(op: Pool2D, lanes: int) -> Loops:
    """So many channels at a time of each of a window's pixels."""
    (rows, columns), (batch, _, _, channels) = taps(op), op.y.shape
    pixels, blocks = batch * rows.size * columns.size, -(-channels // lanes)
    return {
        "call": 1,
        "row": batch * rows.size,
        "pixel": pixels,
        "block": pixels * blocks,
        "line": blocks * batch * int(rows.sum()) * columns.size,
        "input": blocks * batch * int(rows.sum()) * int(columns.sum()),
    }


def of_taps(op: DepthwiseConv2D) -> Loops:
    """tk_mve_depthwise_any_s8: eight channels at a time of each of a kernel's taps."""
    (batch, height, width, channels), size = op.y.shape, op.window.size
    pixels, blocks = batch * height * width, octets(channels)
    return {
        "call": 1,
        "row": batch * height,
        "line": batch * height * size.h,
        "pixel": pixels,
        "line of a pixel": pixels * size.h,
        "tap": pixels * size.h * size.w,
        "block": pixels * blocks,
        "product": pixels * blocks * size.h * size.w,
    }


def cost_of(loops: Loops, rounds: Mapping[str, Each], flash: int = 0) -> Cost:
    """Of so many rounds."""
    total = all_rounds(loops, rounds)
    return Cost(round(total.cycles), round(total.instructions), flash, loops)


GEMM = {
    "call": Each(87.3, 90.7),
    "pair": Each(18.7, 24.5),
    "step": Each(28.1, 56.2),
    "loop": Each(1.32, 2.4),
    "round": Each(2.05, 2.76),
    "clamp": Each(7.81, 13.2),
    "image": Each(29.9, 37.9),
    "row": Each(13.3, 22.2),
    "kernel row": Each(10, 10),
    "run": Each(43.6, 44.5),
    "fill": Each(2.02, 3.64),
    "grouped line": Each(12.7, 16.7),
    "group": Each(5.67, 9.04),
    "line": Each(9.72, 10.2),
    "stripe": Each(6.61, 10.2),
    "column": Each(5.01, 7.5),
    "part of a column": Each(5.81, 8.41),
}
FOLDED = {
    **GEMM,
    "octet": Each(39.3, 72.9),
    "short octet": Each(54.6, 109),
}
SIGNED = {
    **GEMM,
    "octet": Each(53.2, 95),
    "short octet": Each(71.2, 133),
}
"""Of matrix products, and of convolutions by them."""
DENSE = {
    "call": Each(65.5, 70.1),
    "octet": Each(25.1, 45.2),
    "step": Each(17, 34),
    "loop": Each(2.17, 3.71),
    "round": Each(2.22, 3.01),
    "clamp": Each(4, 8),
}
DENSE_SIGNED = {
    **DENSE,
    "octet": Each(39.9, 70.8),
}
AVERAGE = {
    "call": Each(54.8, 60.1),
    "row": Each(25.7, 16.5),
    "pixel": Each(62.9, 78.4),
    "block": Each(14.9, 24),
    "line": Each(3.93, 2.74),
    "input": Each(5.13, 9.2),
}
AVERAGE_LINE = {
    **AVERAGE,
    "call": Each(40, 50),
    "block": Each(36, 66),
}
AVERAGE_S16 = {
    **AVERAGE,
    "pixel": Each(69.9, 90.4),
}
MAXIMUM = {
    "call": Each(43.9, 45.6),
    "row": Each(46.4, 47.7),
    "pixel": Each(34.6, 34.5),
    "block": Each(10.8, 15.2),
    "line": Each(6.28, 6.89),
    "input": Each(5.03, 9.02),
}
TAPS = {
    "call": Each(43, 42.1),
    "row": Each(25.6, 29.6),
    "line": Each(16.1, 17.8),
    "pixel": Each(37.5, 38.9),
    "line of a pixel": Each(14.9, 16.2),
    "tap": Each(13.3, 14.7),
    "block": Each(33.2, 57.7),
    "product": Each(9.93, 17.9),
}
LINES = {
    "call": Each(50.6, 59.3),
    "row": Each(35.8, 46.6),
    "row of a kernel": Each(11.4, 14.4),
    "block": Each(95.4, 106),
    "line": Each(10.5, 10.9),
    "padding": Each(4.49, 8.5),
    "column": Each(4.09, 6.18),
    "channel": Each(14, 13.9),
    "eight": Each(48.1, 83),
    "eight of pieces": Each(59.5, 98.8),
    "piece": Each(26.3, 40.7),
    "clamp": Each(5, 8),
}
BY1 = {
    "call": Each(42.9, 51.7),
    "block": Each(67.1, 85.1),
    "set": Each(137, 174),
    "line": Each(20.3, 26.1),
    "cell": Each(18.2, 27.4),
    "channel": Each(24.8, 28.9),
    "strip": Each(9.58, 13.5),
    "four": Each(25.6, 51.5),
    "single": Each(23.8, 30.9),
    "four of a single": Each(14, 26.4),
    "1 left": Each(19, 34),
    "2 left": Each(16, 30.6),
    "3 left": Each(36, 62),
    "one row": Each(19, 34),
    "1 left of a single": Each(15, 27),
    "2 left of a single": Each(11, 20),
    "3 left of a single": Each(29, 50),
    "one row of a single": Each(13.4, 23.3),
}
BY1_SIGNED = {
    **BY1,
    "four": Each(43.7, 84.6),
    "four of a single": Each(19.9, 38.2),
    "2 left": Each(20.9, 40.9),
    "3 left": Each(55.5, 96.1),
    "2 left of a single": Each(11.6, 21.8),
    "one row of a single": Each(19.4, 34.5),
}
BY2 = {
    "call": Each(41.9, 51),
    "block": Each(70.1, 86.9),
    "set": Each(132, 178),
    "line": Each(16.6, 23.3),
    "cell": Each(18, 27.5),
    "channel": Each(32.5, 38.8),
    "strip": Each(18.4, 20.9),
    "two": Each(13.9, 30.6),
}
BY2_SIGNED = {
    **BY2,
    "two": Each(21, 43.9),
}
CELLS = {(1, True): BY1, (1, False): BY1_SIGNED, (2, True): BY2, (2, False): BY2_SIGNED}
"""By stride, and whether folded."""
ADD = {
    "call": Each(32.9, 36.9),
    "eight": Each(15.4, 30),
    "rest": Each(19.7, 32),
}
