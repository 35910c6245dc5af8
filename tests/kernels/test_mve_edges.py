# SPDX-License-Identifier: Apache-2.0
"""Conditions of the kernels for Helium at both sides of their edges, without their C."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from spelled import spelled

from tinycc.compiler import load
from tinycc.kernels.base import Context
from tinycc.kernels.calls import Scratch, Struct
from tinycc.kernels.mve import conv, conv16, depthwise, depthwise16, lines, pooling, recurrent16
from tinycc.kernels.mve import layer as common
from tinycc.kernels.mve.columns import Across
from tinycc.kernels.stored import helium
from tinycc.ops.window import Padding, Pair, Window
from tinycc.preferences import Goal
from tinycc.target import TARGETS

BARE = Context(TARGETS["cortex-m55"])


def across(rows: int, size: int, dilation: int, *, stride: int = 1, at_once: int = 0) -> Across:
    """Over nine pixels of four channels, to as many as there are."""
    out = (9 - (size - 1) * dilation - 1) // stride + 1
    return Across(9, 4, out, 4, rows, size, stride, dilation, 0, at_once)


@pytest.mark.parametrize(
    ("rows", "size", "dilation", "direct"), [(1, 3, 1, True), (1, 1, 2, True), (1, 3, 2, False), (2, 3, 1, False)]
)
def test_windows_that_are_contiguous_as_they_are(rows: int, size: int, dilation: int, direct: bool) -> None:
    assert across(rows, size, dilation).direct == direct


@pytest.mark.parametrize(("at_once", "pixels"), [(0, [7]), (8, [7]), (7, [7]), (6, [6, 1]), (3, [3, 3, 1])])
def test_pixels_of_the_runs_of_a_row(at_once: int, pixels: list[int]) -> None:
    assert [run.pixels for run in across(3, 3, 1, at_once=at_once).runs] == pixels


def layer(width: int, height: int = 5) -> Any:
    return load(spelled(f"CONV_2D int8 1x{height}x{width}x8 8 k3x3 s1x1 SAME")).graph.ops[-1]


@pytest.mark.parametrize(
    ("width", "height", "twos"), [(31, 5, True), (33, 5, False), (30, 5, False), (31, 2, True), (31, 1, False)]
)
@pytest.mark.parametrize("at_once", [0, 4])
def test_two_rows_at_once(width: int, height: int, twos: bool, at_once: int) -> None:
    """Of few pixels, an odd number, whose columns are there all at once."""
    op = layer(width, height)
    one = conv.across(op).scratch
    assert conv.columns_scratch(op) == (2 * one if twos else one)
    (call,) = conv.bind_windows("symbol", lambda **fields: Struct("product", tuple(fields.items())), op, at_once)
    described, scratch = call.args[-1], call.args[-2]
    assert isinstance(described, Struct)
    assert isinstance(scratch, Scratch)
    second = dict(described.fields)["two"]
    assert isinstance(second, Struct)
    paired = twos and not at_once
    assert (dict(second.fields)["row_step"] != 0) == paired
    assert scratch.bytes == conv.across(op, at_once).scratch * (2 if paired else 1)
    runs = [4] * (width // 4) + [width % 4] if at_once else [width]
    alone = height % 2 if paired else height
    assert conv.pairs_of_pixels(op, at_once) == (height - alone) // 2 * width + alone * sum((n + 1) // 2 for n in runs)


@pytest.mark.parametrize(("channels", "instructions"), [(32, 2 * (8 + (8 + 5 * 7) * 2)), (33, 2 * (8 + (8 + 5 * 7) * 3 + 7))])
def test_columns_with_a_rest_cost_an_instruction_more_each(channels: int, instructions: int) -> None:
    along = Across(9, channels, 7, 4, 2, 3, 1, 1, 0)
    assert conv.copying(along, 7) == 50 + instructions


@pytest.mark.parametrize(
    ("depth", "low", "instructions"),
    [
        (8, -32768, 58),
        (8, -32767, 64),
        (9, -32768, 95),
        (72, -32768, 28 * 9 + 39),
        (73, -32768, 28 * 10 + 39 + 8),
        (105, -32768, 28 * 14 + 39 + 12),
    ],
)
def test_instructions_of_eight_channels_of_int16(
    monkeypatch: pytest.MonkeyPatch, depth: int, low: int, instructions: int
) -> None:
    """One vector of eight inputs, several, more than the chain of nine; results that have a clamp of their own."""
    monkeypatch.setattr(conv16, "depth_of", lambda op: depth)
    op: Any = SimpleNamespace(range=SimpleNamespace(min=low, max=32767))
    assert conv16.octet_instructions(op) == instructions


@pytest.mark.parametrize(("windows", "room"), [(True, 900), (False, 1000)])
def test_room_for_decoded_weights(monkeypatch: pytest.MonkeyPatch, windows: bool, room: int) -> None:
    """Beside the columns of a row, where there are any; at least an octet, at most all of them."""
    kernel = helium.Kernel(windows, folded=True)
    monkeypatch.setattr(helium.conv, "columns_scratch", lambda op: 100)
    monkeypatch.setattr(helium, "tile_room", lambda op, beside: 1000 - beside)
    for octet, channels, tile in ((room // 2, 99, 16), (room // 2 + 1, 99, 8), (room + 1, 99, 8), (room // 9, 20, 24)):
        monkeypatch.setattr(helium.Kernel, "octet", lambda self, op, octet=octet: octet)
        op: Any = SimpleNamespace(channels=channels)
        assert kernel.tile(op) == tile


@pytest.mark.parametrize(
    ("width", "size", "stride", "dilation", "left", "right", "runs"),
    [
        (9, 3, 1, 1, 0, 0, 1),
        (9, 3, 1, 1, 1, 0, 2),
        (9, 3, 1, 1, 0, 1, 2),
        (9, 3, 1, 1, 1, 1, 3),
        (9, 3, 1, 2, 2, 2, 5),
        (9, 3, 2, 1, 1, 1, 3),
        (10, 3, 2, 1, 0, 1, 2),
        (2, 5, 1, 1, 2, 2, 2),
    ],
)
def test_runs_of_pixels_inside_and_at_the_border(
    width: int, size: int, stride: int, dilation: int, left: int, right: int, runs: int
) -> None:
    """One for each pixel that sees zeros, one for all others."""
    window = Window(Pair(1, size), Pair(1, stride), Pair(1, dilation), Padding(0, 0, left, right))
    shapes = (SimpleNamespace(shape=(1, 1, columns, 4)) for columns in (width, window.output(1, width)[1]))
    op: Any = SimpleNamespace(window=window, x=next(shapes), y=next(shapes))
    assert depthwise16.runs(op) == runs


@pytest.mark.parametrize(
    ("rows", "columns", "width", "holds"),
    [(5, 6, 6, True), (6, 7, 6, True), (4, 6, 6, False), (5, 5, 6, False), (5, 6, 5, False), (4, 5, 5, False)],
)
def test_images_that_are_in_cells_at_once(
    monkeypatch: pytest.MonkeyPatch, rows: int, columns: int, width: int, holds: bool
) -> None:
    """Of 5 x 6 pixels; `rows`, `columns`: of a block; `width`: of the input."""
    monkeypatch.setattr(depthwise, "blocks_of", lambda op, goal: SimpleNamespace(rows=rows, columns=columns))
    op: Any = SimpleNamespace(x=SimpleNamespace(shape=(1, 5, width, 4)), y=SimpleNamespace(shape=(1, 5, 6, 4)))
    assert depthwise.at_once(op, Goal.SPEED) == holds


@pytest.mark.parametrize(("channels", "holds"), [(16, False), (15, True)])
def test_four_rows_in_16_bits(channels: int, holds: bool) -> None:
    """The last channel of the last pixel's row: 3 * 1365 * 16 + 16 = 2**16."""
    op: Any = SimpleNamespace(y=SimpleNamespace(shape=(1, 4, 1365, channels)), channels=channels)
    assert (depthwise.short_rows(op, BARE) is None) == holds


@pytest.mark.parametrize(
    ("rows", "columns", "loops"),
    [
        (1, 3, {"one row": 1, "one row of a single": 1}),
        (5, 4, {"1 left": 2, "1 left of a single": 0}),
        (3, 1, {"3 left": 0, "3 left of a single": 1}),
        (8, 2, {}),
    ],
)
def test_loops_over_cells(rows: int, columns: int, loops: dict[str, int]) -> None:
    strips, single = divmod(columns, 2)
    fours = {"strip": strips, "four": strips * (rows // 4), "single": single, "four of a single": single * (rows // 4)}
    assert depthwise._by1(rows, columns) == fours | loops


def test_gates_of_int16_are_packed() -> None:
    weights, ones = np.ones((9, 5), np.int8), np.ones(9, np.int64)
    fields = dict(recurrent16.Product(weights, ones, ones).matrix.fields)
    assert (fields["depth"], fields["channels"], fields["min"], fields["max"]) == (5, 9, -32768, 32767)


@pytest.mark.parametrize(
    ("rows", "columns", "holds"), [(32, 2, True), (33, 1, False), (5, 13, False), (1, 64, True), (1, 65, False)]
)
def test_taps_of_a_kernel(rows: int, columns: int, holds: bool) -> None:
    op: Any = SimpleNamespace(window=SimpleNamespace(size=Pair(rows, columns)))
    assert (depthwise.few_taps(op, BARE) is None) == holds


@pytest.mark.parametrize(("beyond", "holds"), [(0, True), (1, False)])
def test_steps_and_rows_of_lines(monkeypatch: pytest.MonkeyPatch, beyond: int, holds: bool) -> None:
    window = SimpleNamespace(size=Pair(lines.MAX_ROWS + beyond, 1))
    monkeypatch.setattr(lines, "cut", lambda op: SimpleNamespace(stride=lines.MAX_STRIDE + beyond, window=window))
    op: Any = SimpleNamespace()
    for fact in (lines.short_steps, lines.few_rows):
        assert (fact(op, BARE) is None) == holds


@pytest.mark.parametrize(("taps", "pieces"), [(13, 1), (14, 2), (27, 3)])
@pytest.mark.parametrize("clamped", [False, True])
def test_pieces_of_a_kernel(monkeypatch: pytest.MonkeyPatch, taps: int, pieces: int, clamped: bool) -> None:
    """One, which may have a clamp of its own, or several, which have it anyway."""
    monkeypatch.setattr(common, "is_clamped", lambda op: clamped)
    op: Any = load(spelled(f"DEPTHWISE_CONV_2D int8 1x1x{taps + 7}x8 8 k1x{taps} s1x1 VALID")).graph.ops[-1]
    found = lines.cost(op, BARE).loops
    assert found is not None
    kinds = (found["eight"], found["eight of pieces"], found["piece"], found["clamp"])
    assert kinds == ((8, 0, 0, 8 * clamped) if pieces == 1 else (0, 8, 8 * (pieces - 1), 0))


@pytest.mark.parametrize(("size", "item"), [(256, 4), (260, 1)])
def test_short_streams_are_aligned_by_their_type(size: int, item: int) -> None:
    assert common.stream(np.zeros(size, np.int8)).data.itemsize == item


@pytest.mark.parametrize(
    ("multiplier", "addend", "holds"),
    [
        (2**15 - 1, 0, True),
        (2**15, 0, False),
        (1, 2**31 - 2**15 - 1, True),
        (1, 2**31 - 2**15, False),
        (1, 2**15 - 2**31, False),
    ],
)
def test_means_of_short_multipliers(monkeypatch: pytest.MonkeyPatch, multiplier: int, addend: int, holds: bool) -> None:
    """Of 256 codes: products and addend stay below 2**31."""
    line = SimpleNamespace(multiplier=multiplier, addend=addend, offset=0, zero_point=0, shift=16, even=False)
    monkeypatch.setattr(pooling, "exact_lines", lambda op: [line])
    found = pooling.short_line.__wrapped__(SimpleNamespace())  # type: ignore[attr-defined]
    assert (found is not None) == holds
