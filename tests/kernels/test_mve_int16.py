# SPDX-License-Identifier: Apache-2.0
"""Layers of int16 on Helium: drawn layers through the compiler with the C twins, and kernels with their assembly on a board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from drawn16 import check_drawn
from kernel_runs import Board, Call, Host
from mve_trials import KINDS, Trial, check, codes, constant, make_board, make_host

from tinycc.kernels.base import Context
from tinycc.kernels.mve import recurrent16
from tinycc.kernels.mve.columns import Across
from tinycc.kernels.mve.packing import STEP_S16, dense_stream, gemm_stream, high_constants, pixels_stream
from tinycc.ops.window import Padding, Pair, Window, patches
from tinycc.target import TARGETS

DRAWN = 120
"""Models of an operator."""
TARGET = "cortex-m55"
BARE = Context(TARGETS[TARGET])
KERNELS = {
    "CONV_2D": {"tk_mve_conv_s16", "tk_mve_gemm_s16"},
    "DEPTHWISE_CONV_2D": {"tk_mve_conv_s16", "tk_mve_depthwise_s16"},
    "FULLY_CONNECTED": {"tk_mve_dense_s16", "tk_mve_gemm_s16"},
    "POOL_2D": {"tk_mve_avg_pool_s16", "tk_mve_max_pool_s16"},
}
"""What the draws of an operator take, each of them."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    return make_host(tmp_path_factory.mktemp("host"))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board | None:
    return make_board(tmp_path_factory.mktemp("board"))


@pytest.mark.parametrize("operator", KERNELS)
def test_drawn_layers_equal_numpy(operator: str, runtime_archive: Path, tmp_path: Path) -> None:
    check_drawn(operator, DRAWN, TARGET, KERNELS[operator], runtime_archive, tmp_path)


def inputs(rng: np.random.Generator, kind: str, shape: tuple[int, ...]) -> np.ndarray:
    if kind == "smallest":
        return np.full(shape, -32768, np.int16)
    extremes = rng.choice([-32768, 32767], shape)
    if kind == "extremes":
        return extremes.astype(np.int16)
    mixed: np.ndarray = np.where(rng.random(shape) < 0.1, extremes, rng.integers(-32768, 32768, shape)).astype(np.int16)
    return mixed


def as_dense(weights: np.ndarray, bias: np.ndarray, multiplier: np.ndarray) -> np.ndarray:
    return dense_stream(weights, high_constants(bias, multiplier), STEP_S16)


def as_gemm(weights: np.ndarray, bias: np.ndarray, multiplier: np.ndarray) -> np.ndarray:
    return gemm_stream(weights, high_constants(bias, multiplier), STEP_S16)


def layer_of(rng: np.random.Generator, weights: np.ndarray, pack: Any) -> tuple[dict[str, Any], Any]:
    """The fields of a `tk_mve_gemm` for weights int8[O, K], and what becomes of its products."""
    channels = len(weights)
    bias = rng.integers(-(10**6), 10**6, channels)
    multiplier = rng.integers(1 << 14, 1 << 15, channels) << rng.integers(0, 9, channels)
    low, high = [(-32768, 32767), (0, 32767), (0, 9000), (-700, 4)][rng.integers(4)]
    stream = constant(pack(weights, bias, multiplier))
    fields = {"weights": stream, "depth": weights.shape[1], "channels": channels, "min": low, "max": high}

    def codes_of(products: np.ndarray) -> np.ndarray:
        high_word = ((products + bias) * multiplier + (1 << 31)) >> 32
        clamped: np.ndarray = np.clip(np.clip(high_word, -32768, 32767), low, high).astype(np.int16)
        return clamped

    return fields, codes_of


DEPTHS = (1, 4, 7, 8, 9, 16, 20, 32, 72, 75, 80, 87, 104, 144, 288, 320)
"""One step, tails, the whole chain, rounds of the loop."""


@pytest.mark.parametrize("kind", KINDS)
def test_matrix_layers(host: Host, board: Board | None, kind: str) -> None:
    rng = np.random.default_rng(1)

    def trials() -> Iterator[Trial]:
        for depth in (*DEPTHS, 500):
            x, weights = inputs(rng, kind, (depth,)), codes(rng, kind, (int(rng.integers(1, 30)), depth), -127)
            fields, result = layer_of(rng, weights, as_dense)
            y, expected = np.full(len(weights), 77, np.int16), result(weights.astype(np.int64) @ x.astype(np.int64))
            arguments = (constant(x), y, ("tk_mve_gemm", fields))
            yield Trial(Call("tk_mve_dense_s16", arguments), y, expected, f"{depth} x {len(weights)}, {kind}")

    check(trials(), host, board)


@pytest.mark.parametrize("kind", KINDS)
def test_matrix_products(host: Host, board: Board | None, kind: str) -> None:
    """Windows that overlap or lie apart, results with gaps."""
    rng = np.random.default_rng(2)

    def trials() -> Iterator[Trial]:
        for pixels, depth, channels in [(int(rng.integers(1, 8)), d, int(rng.integers(1, 30))) for d in DEPTHS] + [(1, 32, 8)]:
            step, pitch = int(rng.integers(1, 2 * depth + 1)), channels + int(rng.integers(0, 5))
            x, weights = inputs(rng, kind, ((pixels - 1) * step + depth,)), codes(rng, kind, (channels, depth), -127)
            fields, result = layer_of(rng, weights, as_gemm)
            windows = np.lib.stride_tricks.as_strided(x, (pixels, depth), (2 * step, 2))
            y = np.full((pixels - 1) * pitch + channels, 77, np.int16)
            expected = y.copy()
            view = np.lib.stride_tricks.as_strided(expected, (pixels, channels), (2 * pitch, 2))
            view[...] = result(windows.astype(np.int64) @ weights.T.astype(np.int64))
            arguments = (constant(x), y, pixels, ("tk_mve_gemm", fields | {"step": step, "pitch": pitch}))
            yield Trial(Call("tk_mve_gemm_s16", arguments), y, expected, f"{pixels} x {depth} x {channels}, {kind}")

    check(trials(), host, board)


def rows_of(window: Window, x: np.ndarray, out: tuple[int, int, int]) -> Any:
    """The `tk_mve_rows` of a window over x [N,H,W,C]; out: height, width, channels."""
    batch, height, width, channels = x.shape
    fields = {"batch": batch, "in_h": height, "in_row": 2 * width * channels, "out_h": out[0], "out_row": out[1] * out[2]}
    fields |= {"rows": window.size.h, "stride": window.stride.h, "pad": window.padding.top, "dilation": window.dilation.h}
    return "tk_mve_rows", fields | {"padding": constant(np.zeros(2 * width * channels, np.int8))}


def convolution(rng: np.random.Generator, kind: str, shape: tuple[int, ...], channels: int, window: Window) -> Trial:
    height, width = window.output(*shape[1:3])
    x, weights = inputs(rng, kind, shape), codes(rng, kind, (channels, *window.size, shape[3]), -127)
    flat = weights.transpose(0, 2, 1, 3).reshape(channels, -1)
    fields, result = layer_of(rng, flat, as_gemm)
    expected = result(np.tensordot(patches(x.astype(np.int64), window, 0), weights.astype(np.int64), ((3, 4, 5), (1, 2, 3))))
    along = Across(
        *(shape[2], 2 * shape[3], width, channels, window.size.h, window.size.w),
        *(window.stride.w, window.dilation.w, window.padding.left, (0, 2, 4)[rng.integers(3)]),
    )
    fields["step"] = window.stride.w * shape[3] if along.direct else along.step // 2
    fields["pitch"] = channels * (1 if along.direct else along.apart)
    twos = not along.direct and len(along.runs) == 1 and bool(rng.integers(2))
    two = fields | {"row_step": along.scratch // 2, "row_pitch": width * channels} if twos else {}
    columns: dict[str, Any] = {
        "rows": window.size.h,
        "bytes": 2 * shape[3],
        "apart": window.dilation.w * 2 * shape[3],
        "group": along.group,
    }
    columns |= {"spread": constant(np.array(along.spread, np.uint8)), "zero_point": 0}
    layer: dict[str, Any] = {
        "gemm": ("tk_mve_gemm", fields),
        "two": ("tk_mve_gemm", two),
        "columns": ("tk_mve_columns", columns),
    }
    layer["runs"] = constant(np.array([run.words for run in along.runs], np.int32))
    layer |= {"run_count": 0 if along.direct else len(along.runs), "pixels": width}
    layer["down"] = rows_of(window, x, (height, width, channels))
    y, scratch = np.full(expected.shape, 77, np.int16), np.zeros(along.scratch // 2 * (2 if twos else 1) or 1, np.int16)
    arguments = (constant(x), y, scratch, ("tk_mve_conv", layer))
    return Trial(Call("tk_mve_conv_s16", arguments), y, expected, f"{shape} -> {channels}, {window}, {kind}")


def drawn_window(rng: np.random.Generator, shape: tuple[int, ...], most: int) -> Window:
    """A window that fits into an image."""
    while True:
        size, stride, dilation = (Pair(*rng.integers(1, n + 1, 2).tolist()) for n in (most, 3, 3))
        window = Window(size, stride, dilation, Padding(*rng.integers(0, 4, 4).tolist()))
        if min(window.output(*shape[1:3])) >= 1:
            return window


@pytest.mark.parametrize("kind", KINDS)
def test_convolutions(host: Host, board: Board | None, kind: str) -> None:
    rng = np.random.default_rng(3)

    def trials() -> Iterator[Trial]:
        for _ in range(20):
            shape = (int(rng.integers(1, 3)), *rng.integers(1, 12, 2).tolist(), int(rng.integers(1, 20)))
            yield convolution(rng, kind, shape, int(rng.integers(1, 20)), drawn_window(rng, shape, 5))

    check(trials(), host, board)


def pool(rng: np.random.Generator, kind: str, average: bool, shape: tuple[int, ...], window: Window) -> Trial:
    height, width = window.output(*shape[1:3])
    x, line = inputs(rng, kind, shape), 2 * shape[3]
    low, high = sorted(rng.integers(-32768, 32768, 2).tolist()) if rng.integers(2) else (-32768, 32767)
    wide = x.astype(np.int64)
    if average:
        total, count = patches(wide, window, 0).sum((3, 4)), patches(np.ones_like(wide), window, 0).sum((3, 4))
        pooled = np.sign(total) * ((np.abs(total) + count // 2) // count)
    else:
        pooled = patches(wide, window, -32768).max((3, 4))
    expected = np.clip(pooled, low, high).astype(np.int16)
    seen = {"channels": line, "pixel": line, "min": low, "max": high}
    layer: dict[str, Any] = {"window": ("tk_mve_pool_window", seen), "in_w": shape[2], "out_w": width, "columns": window.size.w}
    layer |= {"stride": window.stride.w, "pad": window.padding.left}
    layer["down"] = rows_of(window, x, (height, width, line))
    y = np.full(expected.shape, 77, np.int16)
    symbol = f"tk_mve_{'avg' if average else 'max'}_pool_s16"
    return Trial(Call(symbol, (constant(x), y, ("tk_mve_pool", layer))), y, expected, f"{shape}, {window}, {kind}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("average", [True, False], ids=["average", "maximum"])
def test_pools(host: Host, board: Board | None, average: bool, kind: str) -> None:
    rng = np.random.default_rng(6)

    def trials() -> Iterator[Trial]:
        for size in ((25, 5), (16, 16), (1, 1), (3, 1), (32, 70)):
            window = Window(Pair(*size), Pair(1, 1), Pair(1, 1), Padding(0, 0, 0, 0))
            yield pool(rng, kind, average, (1, *size, 10), window)
        for _ in range(12):
            shape = (int(rng.integers(1, 3)), *rng.integers(1, 10, 2).tolist(), int(rng.integers(1, 20)))
            size, stride = (Pair(*rng.integers(1, n + 1, 2).tolist()) for n in (4, 3))
            window = Window(size, stride, Pair(1, 1), Padding(*rng.integers(0, 4, 4).tolist()))
            if min(window.output(*shape[1:3])) >= 1 and window.touches(*shape[1:3]):
                yield pool(rng, kind, average, shape, window)

    check(trials(), host, board)


def test_one_multiplication_divides_every_sum_of_a_pool() -> None:
    """What tk_mve_average_s16 does: all counts, magnitudes at both sides of a step, the least and the greatest among them."""
    rng = np.random.default_rng(7)
    for n in range(1, 1 << 16):
        most, k = (n << 15) + n // 2, n.bit_length() - 1
        steps = n * np.append(rng.integers(1, most // n + 1, 8), [1, most // n])
        t = np.concatenate((steps, steps - 1, [0, most])).astype(np.uint64)
        high, rest = divmod(1 << (16 + k), n)
        m = np.uint64(0xFFFFFFFF if high >> 16 else (high << 16) + (rest << 16) // n)
        assert rest << 16 < 1 << 32
        assert ((((t * m + np.uint64(1 << 31)) >> np.uint64(32)) >> np.uint64(k)) == t // np.uint64(n)).all()


def depthwise(rng: np.random.Generator, kind: str, shape: tuple[int, ...], window: Window) -> Trial:
    height, width = window.output(*shape[1:3])
    channels, taps = shape[3], window.size.h * window.size.w
    x, weights = inputs(rng, kind, shape), codes(rng, kind, (taps, channels), -127)
    fields, result = layer_of(rng, weights.T, lambda weights, *constants: pixels_stream(weights.T, *constants))
    seen = patches(x.astype(np.int64), window, 0).reshape(shape[0], height, width, taps, channels)
    expected = result((seen * weights.astype(np.int64)).sum(3))
    del fields["depth"]
    pixels = ("tk_mve_pixels", fields | {"taps": taps, "step": window.stride.w * channels})
    layer: dict[str, Any] = {"pixels": pixels, "in_w": shape[2], "out_w": width, "columns": window.size.w}
    layer |= {"stride": window.stride.w, "pad": window.padding.left, "dilation": window.dilation.w}
    layer["down"] = rows_of(window, x, (height, width, channels))
    y = np.full(expected.shape, 77, np.int16)
    arguments = (constant(x), y, ("tk_mve_depthwise_taps", layer))
    return Trial(Call("tk_mve_depthwise_s16", arguments), y, expected, f"{shape}, {window}, {kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_depthwise(host: Host, board: Board | None, kind: str) -> None:
    rng = np.random.default_rng(4)

    def trials() -> Iterator[Trial]:
        for channels in (1, 7, 8, 9, 15, 16, 17, 24, 31, 32, 40, 50):
            shape = (int(rng.integers(1, 3)), *rng.integers(1, 12, 2).tolist(), channels)
            yield depthwise(rng, kind, shape, drawn_window(rng, shape, 5))

    check(trials(), host, board)


@pytest.mark.parametrize(
    ("bias", "multiplied", "found"),
    [(2**17 - 1, True, None), (2**17, True, "2,147,483,648 at most"), (0, False, "multipliers without one")],
)
def test_gates_of_int16_on_helium(monkeypatch: pytest.MonkeyPatch, bias: int, multiplied: bool, found: str | None) -> None:
    weights = np.array([[127] * 516], np.int8)
    product = recurrent16.Product(weights, np.array([-bias]), np.ones(1, np.int64) if multiplied else None)
    monkeypatch.setattr(recurrent16, "products", lambda op: (replace(product, bias=np.zeros(1, np.int64)), product))
    assert recurrent16.one_multiplication(SimpleNamespace(), BARE) == found
