# SPDX-License-Identifier: Apache-2.0
"""Helium kernels: the C twins on this machine and the assembly on an emulated Cortex-M55, both against numpy.

Shapes are drawn; the data are random with extremes among them, all smallest inputs with all smallest weights, or extremes of
random signs. A test calls every kernel of a family, all of them on the board in one go.

Long: all kernels in one run on the board.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kernel_runs import RUNTIME, Board, Call, Host
from mve_trials import FOLDER, KINDS, Requantization, Trial, check, codes, constant, make_board, make_host

from tinycc.kernels.mve.columns import Across
from tinycc.kernels.mve.lines import Cut
from tinycc.kernels.mve.packing import (
    cells_by1_stream,
    cells_by2_stream,
    dense_stream,
    gemm_stream,
    lines_stream,
    moved_constants,
    pair_constants,
    signed_constants,
    signed_scalars,
    taps_stream,
)
from tinycc.numerics.staircase_mve import moved_form, pair_form
from tinycc.ops.window import Padding, Pair, Window, patches

CROSS = ["-mthumb", "-mcpu=cortex-m55", "-mfloat-abi=hard"]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    return make_host(tmp_path_factory.mktemp("host"))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board | None:
    return make_board(tmp_path_factory.mktemp("board"))


def matrix(
    draw: Requantization, weights: np.ndarray, bias: np.ndarray, signed: bool, pack: Callable[..., np.ndarray]
) -> dict[str, Any] | None:
    """The fields of a `tk_mve_gemm` for weights int8[O, K]; None if the requantization does not fold."""
    fields: dict[str, Any] = {"depth": weights.shape[1], "channels": len(weights)}
    if signed:
        return fields | draw.fields | {"weights": constant(pack(weights, signed_constants(bias, *draw.arrays)))}
    form = pair_form(draw.stairs(weights, bias))
    if not form.proved.all():
        return None
    constants = pair_constants(form)
    return fields | {"shift": form.shift, "unit": form.unit, "weights": constant(pack(weights, constants))}


def name(stem: str, signed: bool) -> str:
    return f"tk_mve_{stem}{'_signed' if signed else ''}_s8"


# Matrix products


def product(rng: np.random.Generator, kind: str, signed: bool, pixels: int, depth: int, channels: int) -> Trial | None:
    """tk_mve_gemm: windows that overlap or lie apart, results with gaps."""
    step, pitch = int(rng.integers(1, 2 * depth + 1)), channels + int(rng.integers(0, 5))
    x = codes(rng, kind, ((pixels - 1) * step + depth,), -128)
    weights, bias = codes(rng, kind, (channels, depth), -127), rng.integers(-20000, 20000, channels)
    draw = Requantization.draw(rng, channels, signed)
    fields = matrix(draw, weights, bias, signed, gemm_stream)
    if fields is None:
        return None
    windows = np.lib.stride_tricks.as_strided(x, (pixels, depth), (step, 1))
    y = np.full((pixels - 1) * pitch + channels, 77, np.int8)
    expected = y.copy()
    view = np.lib.stride_tricks.as_strided(expected, (pixels, channels), (pitch, 1))
    view[...] = draw(windows.astype(np.int64) @ weights.T.astype(np.int64) + bias)
    arguments = (constant(x), y, pixels, ("tk_mve_gemm", fields | {"step": step, "pitch": pitch}))
    return Trial(Call(name("gemm", signed), arguments), y, expected, f"{pixels} x {depth} x {channels}, {kind}")


def dense(rng: np.random.Generator, kind: str, signed: bool, depth: int, channels: int) -> Trial | None:
    x, weights = codes(rng, kind, (depth,), -128), codes(rng, kind, (channels, depth), -127)
    bias, draw = rng.integers(-20000, 20000, channels), Requantization.draw(rng, channels, signed)
    fields = matrix(draw, weights, bias, signed, dense_stream)
    if fields is None:
        return None
    y = np.full(channels, 77, np.int8)
    expected = draw(weights.astype(np.int64) @ x.astype(np.int64) + bias)
    arguments = (constant(x), y, ("tk_mve_gemm", fields))
    return Trial(Call(name("dense", signed), arguments), y, expected, f"{depth} x {channels}, {kind}")


DEPTHS = (1, 8, 15, 16, 17, 32, 40, 64, 144, 150, 160, 175, 208, 288, 576, 640)
"""One step, tails, the whole chain, rounds of the loop."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("signed", [False, True], ids=["folded", "signed"])
def test_matrix_products(host: Host, board: Board | None, signed: bool, kind: str) -> None:
    rng = np.random.default_rng(1)
    shapes = [(int(rng.integers(1, 8)), depth, int(rng.integers(1, 30))) for depth in DEPTHS]
    check((product(rng, kind, signed, *shape) for shape in (*shapes, (1, 64, 8), (2, 64, 64))), host, board)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("signed", [False, True], ids=["folded", "signed"])
def test_matrix_layers(host: Host, board: Board | None, signed: bool, kind: str) -> None:
    rng = np.random.default_rng(2)
    check((dense(rng, kind, signed, depth, int(rng.integers(1, 30))) for depth in (*DEPTHS, 2000)), host, board)


# Convolutions


def rows_of(window: Window, x: np.ndarray, out: tuple[int, int, int], rows: int, zero_point: int) -> Any:
    """The `tk_mve_rows` of a window over x [N,H,W,C]; out: height, width, channels."""
    batch, height, width, channels = x.shape
    fields = {"batch": batch, "in_h": height, "in_row": width * channels, "out_h": out[0], "out_row": out[1] * out[2]}
    fields |= {"rows": rows, "stride": window.stride.h, "pad": window.padding.top, "dilation": window.dilation.h}
    return "tk_mve_rows", fields | {"padding": constant(np.full(width * channels, zero_point, np.int8))}


def convolution(
    rng: np.random.Generator, kind: str, signed: bool, shape: tuple[int, ...], channels: int, window: Window
) -> Trial | None:
    height, width = window.output(*shape[1:3])
    zero_point = int(rng.integers(-128, 128))
    x, weights = codes(rng, kind, shape, -128), codes(rng, kind, (channels, *window.size, shape[3]), -127)
    bias, draw = rng.integers(-20000, 20000, channels), Requantization.draw(rng, channels, signed)
    taps = patches(x.astype(np.int64) - zero_point, window, 0)
    expected = draw(np.tensordot(taps, weights.astype(np.int64), ((3, 4, 5), (1, 2, 3))) + bias)
    along = Across(
        *(shape[2], shape[3], width, channels, window.size.h, window.size.w),
        *(window.stride.w, window.dilation.w, window.padding.left),
    )
    flat = weights.transpose(0, 2, 1, 3).reshape(channels, -1)
    fields = matrix(draw, flat, bias - zero_point * flat.astype(np.int64).sum(1), signed, gemm_stream)
    if fields is None:
        return None
    fields["step"] = window.stride.w * shape[3] if along.direct else along.step
    fields["pitch"] = channels * (1 if along.direct else along.apart)
    twos = not along.direct and len(along.runs) == 1 and bool(rng.integers(2))
    two = fields | {"row_step": along.scratch, "row_pitch": width * channels} if twos else {}
    columns = {"rows": window.size.h, "bytes": shape[3], "apart": window.dilation.w * shape[3], "group": along.group}
    columns |= {"spread": constant(np.array(along.spread, np.uint8)), "zero_point": zero_point}
    layer = {"gemm": ("tk_mve_gemm", fields), "two": ("tk_mve_gemm", two), "columns": ("tk_mve_columns", columns)}
    layer["runs"] = constant(np.array([run.words for run in along.runs], np.int32))
    layer |= {"run_count": 0 if along.direct else len(along.runs), "pixels": width}
    layer["down"] = rows_of(window, x, (height, width, channels), window.size.h, zero_point)
    y, scratch = np.full(expected.shape, 77, np.int8), np.zeros(along.scratch * (2 if twos else 1) or 1, np.int8)
    arguments = (constant(x), y, scratch, ("tk_mve_conv", layer))
    return Trial(Call(name("conv", signed), arguments), y, expected, f"{shape} -> {channels}, {window}, {kind}")


def drawn_window(rng: np.random.Generator, shape: tuple[int, ...], *, most: int, steps: int, dilations: int) -> Window:
    """A window that fits into an image."""
    while True:
        size, stride = Pair(*rng.integers(1, most + 1, 2).tolist()), Pair(*rng.integers(1, steps + 1, 2).tolist())
        dilation, padding = Pair(*rng.integers(1, dilations + 1, 2).tolist()), Padding(*rng.integers(0, 4, 4).tolist())
        window = Window(size, stride, dilation, padding)
        if min(window.output(*shape[1:3])) >= 1:
            return window


NAMED = [
    ((1, 13, 10, 1), 64, Window(Pair(10, 4), Pair(2, 2), Pair(1, 1), Padding(4, 5, 1, 1))),
    ((1, 8, 32, 3), 8, Window(Pair(3, 3), Pair(2, 2), Pair(1, 1), Padding(0, 1, 0, 1))),
    ((1, 4, 16, 16), 16, Window(Pair(3, 3), Pair(1, 1), Pair(1, 1), Padding(1, 1, 1, 1))),
    ((2, 5, 7, 32), 20, Window(Pair(1, 1), Pair(2, 2), Pair(1, 1), Padding(0, 0, 0, 0))),
    ((1, 1, 30, 5), 12, Window(Pair(1, 7), Pair(1, 2), Pair(1, 1), Padding(0, 0, 0, 0))),
    ((1, 1, 1, 3), 1, Window(Pair(3, 3), Pair(1, 1), Pair(1, 1), Padding(1, 1, 1, 1))),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("signed", [False, True], ids=["folded", "signed"])
def test_convolutions(host: Host, board: Board | None, signed: bool, kind: str) -> None:
    rng = np.random.default_rng(3)

    def trials() -> Iterator[Trial | None]:
        for shape, channels, window in NAMED:
            yield convolution(rng, kind, signed, shape, channels, window)
        for _ in range(16):
            shape = (int(rng.integers(1, 3)), *rng.integers(1, 12, 2).tolist(), int(rng.integers(1, 36)))
            window = drawn_window(rng, shape, most=5, steps=3, dilations=3)
            yield convolution(rng, kind, signed, shape, int(rng.integers(1, 20)), window)

    check(trials(), host, board)


# Depthwise convolutions


def depthwise(
    rng: np.random.Generator, kind: str, signed: bool, shape: tuple[int, ...], window: Window, in_place: bool = False
) -> Trial | None:
    channels, by = shape[3], window.stride.h
    height, width = window.output(*shape[1:3])
    zero_point = int(rng.integers(-128, 128))
    x, kernels = codes(rng, kind, shape, -128), codes(rng, kind, (channels, *window.size), -127)
    bias, draw = rng.integers(-20000, 20000, channels), Requantization.draw(rng, channels, signed)
    taps = patches(x.astype(np.int64) - zero_point, window, 0)
    expected = draw((taps * kernels.transpose(1, 2, 0).astype(np.int64)).sum((3, 4)) + bias)
    flat = kernels.reshape(channels, -1)
    bias = bias - zero_point * flat.astype(np.int64).sum(1)
    fields: dict[str, Any] = {"pixel": channels, "zero_point": zero_point, "out_row": width * channels, "out_pixel": channels}
    if signed:
        fields, constants = fields | draw.fields, signed_scalars(bias, *draw.arrays)
    else:
        form = moved_form(draw.stairs(flat, bias))
        if not form.proved.all():
            return None
        fields, constants = fields | {"shift": form.shift}, moved_constants(form)
    packed = (cells_by1_stream if by == 1 else cells_by2_stream)(kernels, constants)
    rows = height if in_place else int(rng.integers(1, height + 1))
    columns = width if in_place else int(rng.integers(1, width + 1))
    columns += columns % 2 if by == 1 else 0
    fields["strip"] = 64 * (max(rows + 2, 4) if by == 1 else 2 * (rows + rows % 2) + 2)
    layer = {"cells": ("tk_mve_cells", fields), "weights": constant(packed), "stream": len(packed) // channels}
    layer |= {"channels": channels, "in_w": shape[2], "out_w": width, "padded": window.padding.left}
    layer |= {"columns": columns, "rows": rows}
    layer["down"] = rows_of(window, x, (height, width, channels), window.size.h, zero_point)
    y = x.copy() if in_place else np.full(expected.shape, 77, np.int8)
    scratch = np.zeros(((columns + 1) // 2 if by == 1 else columns) * fields["strip"], np.int8)
    arguments = (y if in_place else constant(x), y, scratch, ("tk_mve_depthwise", layer))
    label = f"{shape}, {window}, {rows} x {columns} at once{', in place' if in_place else ''}, {kind}"
    return Trial(Call(name(f"depthwise_by{by}", signed), arguments), y, expected, label)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("signed", [False, True], ids=["folded", "signed"])
@pytest.mark.parametrize("by", [1, 2])
def test_depthwise_convolutions(host: Host, board: Board | None, by: int, signed: bool, kind: str) -> None:
    rng = np.random.default_rng(4)
    same = Padding(1, 1, 1, 1) if by == 1 else Padding(0, 1, 0, 1)
    plain = Window(Pair(3, 3), Pair(by, by), Pair(1, 1), same)

    def trials() -> Iterator[Trial | None]:
        for size in range(by, 10):
            yield depthwise(rng, kind, signed, (1, size, int(rng.integers(by, 10)), 20), plain)
        for _ in range(12):
            shape = (int(rng.integers(1, 3)), *rng.integers(1, 14, 2).tolist(), int(rng.integers(1, 36)))
            window = drawn_window(rng, shape, most=3 if by == 1 else 4, steps=1, dilations=1)
            window = window._replace(stride=Pair(by, by), padding=window.padding._replace(left=int(rng.integers(2))))
            if min(window.output(*shape[1:3])) >= 1:
                yield depthwise(rng, kind, signed, shape, window)
        for shape in ((1, 25, 5, 32), (2, 7, 8, 17)) if by == 1 else ():
            yield depthwise(rng, kind, signed, shape, plain, in_place=True)

    check(trials(), host, board)


def any_depthwise(rng: np.random.Generator, kind: str, shape: tuple[int, ...], window: Window) -> Trial:
    channels, (height, width) = shape[3], window.output(*shape[1:3])
    zero_point = int(rng.integers(-128, 128))
    x, kernels = codes(rng, kind, shape, -128), codes(rng, kind, (channels, *window.size), -127)
    bias, draw = rng.integers(-20000, 20000, channels), Requantization.draw(rng, channels, True)
    taps = patches(x.astype(np.int64) - zero_point, window, 0)
    expected = draw((taps * kernels.transpose(1, 2, 0).astype(np.int64)).sum((3, 4)) + bias)
    flat = kernels.reshape(channels, -1)
    packed = taps_stream(flat, signed_constants(bias - zero_point * flat.astype(np.int64).sum(1), *draw.arrays))
    fields = {"weights": constant(packed), "taps": flat.shape[1], "channels": channels} | draw.fields
    layer = {"taps": ("tk_mve_taps", fields), "in_w": shape[2], "out_w": width, "columns": window.size.w}
    layer |= {"stride": window.stride.w, "pad": window.padding.left, "dilation": window.dilation.w}
    layer["down"] = rows_of(window, x, (height, width, channels), window.size.h, zero_point)
    y = np.full(expected.shape, 77, np.int8)
    call = Call("tk_mve_depthwise_any_s8", (constant(x), y, ("tk_mve_depthwise_any", layer)))
    return Trial(call, y, expected, f"{shape}, {window}, {kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_depthwise_convolutions_with_any_kernel(host: Host, board: Board | None, kind: str) -> None:
    rng = np.random.default_rng(7)

    def trials() -> Iterator[Trial | None]:
        for _ in range(16):
            shape = (int(rng.integers(1, 3)), *rng.integers(1, 12, 2).tolist(), int(rng.integers(1, 36)))
            yield any_depthwise(rng, kind, shape, drawn_window(rng, shape, most=7, steps=3, dilations=3))

    check(trials(), host, board)


def lines(rng: np.random.Generator, kind: str, shape: tuple[int, ...], multiplier: int, window: Window) -> Trial:
    channels, (height, width) = shape[3] * multiplier, window.output(*shape[1:3])
    zero_point = int(rng.integers(-128, 128))
    x, kernels = codes(rng, kind, shape, -128), codes(rng, kind, (channels, *window.size), -127)
    bias, draw = rng.integers(-20000, 20000, channels), Requantization.draw(rng, channels, True)
    if rng.integers(2):
        draw = replace(draw, low=-128, high=127)
    taps = np.repeat(patches(x.astype(np.int64) - zero_point, window, 0), multiplier, axis=-1)
    expected = draw((taps * kernels.transpose(1, 2, 0).astype(np.int64)).sum((3, 4)) + bias)
    along = Cut(window, shape[2], width)
    fields = along.fields(kernels)
    bias = bias - zero_point * kernels.reshape(channels, -1).astype(np.int64).sum(1)
    packed = lines_stream(signed_scalars(bias, *draw.arrays), fields)
    planes = {"rows": window.size.h, "columns": along.columns, "pixel": shape[3], "left": along.left, "plane": along.plane}
    planes |= {"right": along.width - along.left - along.columns, "zero_point": zero_point}
    numbers = {"weights": constant(packed), "stream": len(packed) // channels, "field": fields.shape[2]}
    numbers |= {"pieces": constant(np.array(along.pieces, np.int32)), "stride": along.stride, "plane": along.plane}
    numbers |= {"multiplier": multiplier, "out_w": width, "pixel": channels} | draw.fields
    layer = {"planes": ("tk_mve_planes", planes), "lines": ("tk_mve_lines", numbers), "channels": shape[3]}
    layer["down"] = rows_of(window, x, (height, width, channels), window.size.h, zero_point)
    y, scratch = np.full(expected.shape, 77, np.int8), np.full(along.scratch, 99, np.int8)
    call = Call("tk_mve_depthwise_lines_s8", (constant(x), y, scratch, ("tk_mve_depthwise_lines", layer)))
    return Trial(call, y, expected, f"{shape} times {multiplier}, {window}, {kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_depthwise_convolutions_over_lines(host: Host, board: Board | None, kind: str) -> None:
    rng = np.random.default_rng(8)

    def trials() -> Iterator[Trial | None]:
        for size in (1, 3, 10, 13, 14, 20):  # one piece, two
            window = Window(Pair(1, size), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))
            yield lines(rng, kind, (1, 1, 28, 12), 1, window)
        for _ in range(16):
            shape = (int(rng.integers(1, 3)), *rng.integers(1, 12, 2).tolist(), int(rng.integers(1, 20)))
            yield lines(rng, kind, shape, int(rng.integers(1, 4)), drawn_window(rng, shape, most=6, steps=4, dilations=3))

    check(trials(), host, board)


# Element by element, and pools


@pytest.mark.parametrize("kind", KINDS)
def test_sums(host: Host, board: Board | None, kind: str) -> None:
    rng = np.random.default_rng(5)

    def trials() -> Iterator[Trial | None]:
        for n in (0, 1, 7, 8, 9, 40, 61):
            x1, x2 = codes(rng, kind, (n + 1,), -128)[:n], codes(rng, kind, (n + 1,), -128)[:n]
            m1, m2, offset = rng.integers(-(1 << 22), 1 << 22, 3).tolist()
            total = x1.astype(np.int64) * m1 + x2.astype(np.int64) * m2 + offset
            expected = np.clip(total >> 21, -128, 127).astype(np.int8)
            y = x1.copy() if n == 40 else np.full(n, 77, np.int8)  # in place
            sums = ("tk_mve_add", {"multiplier1": m1, "multiplier2": m2, "offset": offset})
            call = Call("tk_mve_add_s8", (y if n == 40 else constant(x1), constant(x2), y, n, sums))
            yield Trial(call, y, expected, f"{n}, {kind}")

    check(trials(), host, board)


def pool(rng: np.random.Generator, kind: str, average: bool, shape: tuple[int, ...], window: Window) -> Trial:
    height, width = window.output(*shape[1:3])
    x = codes(rng, kind, shape, -128)
    low, high = sorted(rng.integers(-128, 128, 2).tolist()) if rng.integers(2) else (-128, 127)
    wide = x.astype(np.int64)
    if average:
        total, count = patches(wide, window, 0).sum((3, 4)), patches(np.ones_like(wide), window, 0).sum((3, 4))
        pooled = np.sign(total) * ((np.abs(total) + count // 2) // count)
    else:
        pooled = patches(wide, window, -128).max((3, 4))
    expected = np.clip(pooled, low, high).astype(np.int8)
    inputs = {"channels": shape[3], "pixel": shape[3], "min": low, "max": high}
    layer = {"window": ("tk_mve_pool_window", inputs), "in_w": shape[2], "out_w": width, "columns": window.size.w}
    layer |= {"stride": window.stride.w, "pad": window.padding.left}
    layer["down"] = rows_of(window, x, (height, width, shape[3]), window.size.h, 0)
    y = np.full(expected.shape, 77, np.int8)
    symbol = f"tk_mve_{'avg' if average else 'max'}_pool_s8"
    return Trial(Call(symbol, (constant(x), y, ("tk_mve_pool", layer))), y, expected, f"{shape}, {window}, {kind}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("average", [True, False], ids=["average", "maximum"])
def test_pools(host: Host, board: Board | None, average: bool, kind: str) -> None:
    rng = np.random.default_rng(6)

    def trials() -> Iterator[Trial | None]:
        for size in ((25, 5), (16, 16), (1, 1), (3, 1)):
            window = Window(Pair(*size), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))
            yield pool(rng, kind, average, (1, *size, 20), window)
        for _ in range(12):
            shape = (int(rng.integers(1, 3)), *rng.integers(1, 10, 2).tolist(), int(rng.integers(1, 40)))
            window = drawn_window(rng, shape, most=4, steps=3, dilations=1)
            if window.touches(*shape[1:3]):
                yield pool(rng, kind, average, shape, window)

    check(trials(), host, board)


def average_by_line(rng: np.random.Generator, kind: str, shape: tuple[int, ...], size: Pair, even: bool) -> Trial:
    """Means of as many codes each: halves to even, or any line."""
    window = Window(size, Pair(*rng.integers(1, 4, 2).tolist()), Pair(1, 1), Padding(0, 0, 0, 0))
    height, width = window.output(*shape[1:3])
    x, power = codes(rng, kind, shape, -128), int(size.h * size.w).bit_length() - 1
    line = {
        "multiplier": 1,
        "addend": (1 << power) // 2 - 1,
        "shift": power,
        "even": 1,
        "zero_point": int(rng.integers(-128, 128)),
    }
    if not even:
        line |= {"multiplier": int(rng.integers(1, 2**15)), "addend": int(rng.integers(-(2**29), 2**29)), "even": 0}
        line |= {"shift": int(rng.integers(1, 24))}
    products = patches(x.astype(np.int64), window, 0).sum((3, 4)) * line["multiplier"]
    odd = (products >> line["shift"]) + line["zero_point"] & line["even"]
    expected = np.clip(products + line["addend"] + odd >> line["shift"], -100, 90).astype(np.int8)
    inputs = {"channels": shape[3], "pixel": shape[3], "min": -100, "max": 90}
    layer = {"window": ("tk_mve_pool_window", inputs), "in_w": shape[2], "out_w": width, "columns": size.w}
    layer |= {"stride": window.stride.w, "pad": 0, "down": rows_of(window, x, (height, width, shape[3]), size.h, 0)}
    y = np.full(expected.shape, 77, np.int8)
    arguments = (constant(x), y, ("tk_mve_pool", layer), ("tk_mve_line", line))
    return Trial(Call("tk_mve_avg_pool_line_s8", arguments), y, expected, f"{shape}, {window}, {kind}, {line}")


@pytest.mark.parametrize("kind", KINDS)
def test_means_by_a_line(host: Host, board: Board | None, kind: str) -> None:
    rng = np.random.default_rng(7)

    def trials() -> Iterator[Trial | None]:
        for size in ((16, 16), (2, 2), (4, 1), (8, 4)):
            shape = (2, size[0] + 1, size[1] + 2, int(rng.integers(1, 40)))
            for even in (True, False):
                yield average_by_line(rng, kind, shape, Pair(*size), even)

    check(trials(), host, board)


def test_one_multiplication_divides_every_sum_of_a_pool() -> None:
    """What tk_mve_average_s8 does: all counts, all magnitudes."""
    for n in range(1, 257):
        t = np.arange(128 * n + n // 2 + 1)
        k = n.bit_length() - 1
        m = min((1 << (16 + k)) // n, 65535)
        assert t[-1] < 1 << 16
        assert ((((t * m + (1 << 15)) >> 16) >> k) == t // n).all()


# The assembly


ASSEMBLY = sorted([*FOLDER.glob("*.S"), *(RUNTIME / "kernels" / "fpu").glob("*.S")])


@pytest.mark.parametrize("path", ASSEMBLY, ids=lambda path: path.stem)
def test_gnu_and_clang_assemblers_agree(path: Path, tmp_path: Path) -> None:
    """Instruction by instruction. (GNU as 2.40 takes VQSHRN for VQRSHRN: the kernels have neither.)"""
    found = []
    for assembler in (["arm-none-eabi-gcc"], ["clang", "--target=arm-none-eabi"]):
        for command in (assembler[0], "arm-none-eabi-objdump"):
            if shutil.which(command) is None:
                pytest.skip(f"not installed: {command}")
        place = tmp_path / f"{assembler[0]}.o"
        subprocess.run([*assembler, *CROSS, "-c", str(path), "-o", str(place)], check=True)
        dump = ["arm-none-eabi-objdump", "-d", f"--section=.text.{path.stem}", str(place)]
        found.append(instructions(subprocess.run(dump, check=True, capture_output=True, text=True).stdout))
    assert len(found[0]) > 20
    assert found[0] == found[1]
    assert not re.search(r"\bvqshru?n", path.read_text(encoding="utf-8"))


def instructions(dump: str) -> list[str]:
    """Addresses and operands; what is equal though written or encoded in two ways, in one of them; without padding."""
    lines = [line.split("\t") for line in dump.splitlines() if line.count("\t") >= 2]
    texts = [" ".join((line[0].strip(), *line[2:])).split(" @")[0].strip() for line in lines]
    texts = [re.sub(r"\b(adds|subs) (r\d), \2, ", r"\1 \2, ", text) for text in texts]
    return [text for text in texts if not text.endswith(" nop")]


def test_without_helium_there_is_only_the_c(tmp_path: Path) -> None:
    """The assembly files are empty for other cores, as the C twins are for this one."""
    for path in ASSEMBLY:
        result = subprocess.run(["gcc", "-E", "-P", str(path)], check=True, capture_output=True, text=True)
        assert not result.stdout.strip()
