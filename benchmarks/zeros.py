# SPDX-License-Identifier: Apache-2.0
"""From which share of zeros on the kernels that store no zeros are faster, and smaller, than the fastest that store them all:
counted on emulated cores, a FULLY_CONNECTED and a 1x1 CONV_2D of int8.

What these kernels take grows in proportion to the weights that are not zero (but for odd ones at the end of a run), so that two
shares tell all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import use_test_code
from tinycc.compiler import compile
from tinycc.device.bench import bench
from tinycc.passes import STREAM
from tinycc.preferences import Goal

PAGE = Path(__file__).resolve().parent / "ZEROS.md"
CORES = ("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55", "rv32imc")
SHARES = (0.55, 0.95)
LEAST = 0.5
"""Below, these kernels are not looked at."""
INPUTS, OUTPUTS, PIXELS = 256, 64, 96
LAYERS = {"FULLY_CONNECTED": "tk_fully_connected_sparse_s8", "CONV_2D": "tk_convolve_1x1_sparse_s8"}
HEAD = f"""# From which share of zeros on they pay

Made by `python -m benchmarks zeros`; do not edit. A FULLY_CONNECTED of {INPUTS} inputs and {OUTPUTS} outputs, and a 1x1 CONV_2D
of as many channels and {PIXELS} pixels, counted on emulated cores, cycles by their tables: what a weight takes by the fastest
kernel that stores all of them, what one that is not zero takes by the kernel that stores no zeros, and what an output takes
beside; for every pixel, of the convolution. Then the share of zeros from which on cycles are fewer, and bytes of constants: at
least half, below which they are not looked at. Their code takes about 1 KB.

| core | layer | dense: cycles a weight | not zero: cycles a weight | and an output | fewer cycles from | fewer bytes from |
|---|---|---:|---:|---:|---:|---:|
"""


@dataclass(frozen=True)
class Taken:
    """Cycles of a layer, bytes of its constants."""

    cycles: int
    constants: int


def layer(operator: str, share: float) -> bytes:
    """A model of one, `share` of its weights 0."""
    use_test_code()
    from model_builder import ModelBuilder

    rng, net = np.random.default_rng(0), ModelBuilder()
    weights = rng.integers(1, 128, (OUTPUTS, INPUTS)) * rng.choice([-1, 1], (OUTPUTS, INPUTS))
    weights.flat[rng.permutation(weights.size)[: round(share * weights.size)]] = 0
    pointwise = operator == "CONV_2D"
    before, after = ((1, 8, PIXELS // 8, size) if pointwise else (1, size) for size in (INPUTS, OUTPUTS))
    x = net.input(before, "int8", scale=0.05, zero_point=-128)
    scales = [0.002 * (1 + i / OUTPUTS) for i in range(OUTPUTS)] if pointwise else [0.002]
    shape = (OUTPUTS, 1, 1, INPUTS) if pointwise else weights.shape
    w = net.const(weights.astype(np.int8).reshape(shape), scale=scales, axis=0)
    bias = net.const(rng.integers(-999, 999, OUTPUTS).astype(np.int32), scale=[0.05 * scale for scale in scales])
    y = net.tensor(after, "int8", scale=0.1, zero_point=-128)
    net.op(operator, [x, w, bias], [y], **({"stride_h": 1, "stride_w": 1} if pointwise else {}))
    return net.build([y])


def taken(model: bytes, core: str, kernel: str | None) -> Taken:
    """By this kernel, or by the fastest that stores all weights."""
    without = [STREAM]
    if kernel is not None:
        measured = bench(model, on=core, pinned=[(1, kernel)], without=without)
        return Taken(
            measured.cycles_estimate, compile(model, target=core, pinned=[(1, kernel)], without=without).program.flash()
        )
    measured = bench(model, on=core, optimize=Goal.SPEED, without=without)
    return Taken(measured.cycles_estimate, compile(model, target=core, optimize=Goal.SPEED, without=without).program.flash())


def line(core: str, operator: str) -> str:
    dense = taken(layer(operator, 0.0), core, None)
    some, few = (taken(layer(operator, share), core, LAYERS[operator]) for share in SHARES)
    weights, times = INPUTS * OUTPUTS, PIXELS if operator == "CONV_2D" else 1
    each = (some.cycles - few.cycles) / (weights * (SHARES[1] - SHARES[0]))
    rest = few.cycles - each * weights * (1 - SHARES[1])
    cells = (
        core,
        "1x1 CONV_2D" if operator == "CONV_2D" else operator,
        f"{dense.cycles / weights / times:.2f}",
        f"{each / times:.2f}",
        f"{rest / OUTPUTS / times:.0f}",
        crossing(dense.cycles, some.cycles, few.cycles),
        crossing(dense.constants, some.constants, few.constants),
    )
    return f"| {' | '.join(cells)} |"


def crossing(dense: int, some: int, few: int) -> str:
    """Where the line through both shares meets `dense`."""
    share = SHARES[0] + (some - dense) / (some - few) * (SHARES[1] - SHARES[0])
    return f"{max(share, LEAST):.0%}" if share < 0.99 else "never"


def write_zeros(cores: Sequence[str]) -> None:
    lines = []
    for core in cores:
        for operator in LAYERS:
            lines.append(line(core, operator))
            print(lines[-1], flush=True)
    PAGE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
