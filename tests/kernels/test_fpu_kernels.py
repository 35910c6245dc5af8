# SPDX-License-Identifier: Apache-2.0
"""float32 kernels for a floating-point unit and for Helium: the C twins on this machine and the assembly on emulated cores.

Both against numpy: the scalar kernels to the last bit, with products and sums each rounded; those that fuse them within the
rounding of a sum, and C twin and assembly alike to the last bit.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kernel_runs import RUNTIME, Board, Call, Folder, Host

from tinycc.kernels.fpu.convolution import packed
from tinycc.ops.window import Padding, Pair, Window, patches

FOLDER = RUNTIME / "kernels" / "fpu"
SYMBOLS = sorted(path.stem for path in FOLDER.glob("tk_*.c"))
INSTALLED = shutil.which("arm-none-eabi-gcc") and shutil.which("qemu-system-arm")
CORES = {"fpu": "cortex-m4", "mve": "cortex-m55"}
RANGES = ((-np.inf, np.inf), (0.0, np.inf), (0.0, 1.5), (-1.0, 1.0))


@dataclass(frozen=True, eq=False)
class Trial:
    call: Call
    output: np.ndarray
    expected: np.ndarray
    label: str


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    flags = ["-fsanitize=undefined", "-fno-sanitize-recover=all", "-ffp-contract=off"]
    return Host(Folder(FOLDER, SYMBOLS), tmp_path_factory.mktemp("host"), flags)


def constant(array: np.ndarray) -> np.ndarray:
    array = np.ascontiguousarray(array, np.float32)
    array.flags.writeable = False
    return array


def numbers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Of all sizes, with zeros of both signs, infinities and NaN among them now and then."""
    found = (rng.normal(size=shape) * 2.0 ** rng.integers(-3, 4, shape)).astype(np.float32)
    special = rng.choice(np.array([0.0, -0.0, np.inf, -np.inf, np.nan], np.float32), shape)
    return np.where(rng.random(shape) < 0.003, special, found).astype(np.float32)


def summed(windows: np.ndarray, weights: np.ndarray, bias: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """[P, K, C or 1] times [K, C] + [C], added up from the first to the last, then clamped: NaN stays."""
    total = np.zeros((len(windows), weights.shape[1]), np.float32)
    with np.errstate(invalid="ignore"):
        for k in range(windows.shape[1]):
            total = total + windows[:, k] * weights[k]
        total = total + bias
    raised = np.where(total < np.float32(limits[0]), np.float32(limits[0]), total)
    return np.where(np.float32(limits[1]) < raised, np.float32(limits[1]), raised)


def slide(window: Window, shape: tuple[int, ...], out: tuple[int, int, int]) -> tuple[str, dict[str, Any]]:
    batch, height, width, channels = shape
    fields = {"batch": batch, "in_h": height, "in_w": width, "column": channels}
    fields |= {"out_h": out[0], "out_w": out[1], "out_column": out[2], "rows": window.size.h, "columns": window.size.w}
    fields |= {"stride_h": window.stride.h, "stride_w": window.stride.w, "pad_h": window.padding.top}
    fields |= {"pad_w": window.padding.left, "dilation_h": window.dilation.h, "dilation_w": window.dilation.w}
    return "tk_slide_f32", fields | {"padding": constant(np.zeros(width * channels))}


def drawn_window(rng: np.random.Generator, shape: tuple[int, ...]) -> Window:
    while True:
        pairs = [Pair(*rng.integers(1, most + 1, 2).tolist()) for most in (4, 3, 2)]
        window = Window(*pairs, Padding(*rng.integers(0, 3, 4).tolist()))
        if min(window.output(*shape[1:3])) >= 1:
            return window


def product(rng: np.random.Generator, unit: str, pixels: int, depth: int, channels: int) -> Trial:
    step, pitch = depth + int(rng.integers(0, 3)), channels + int(rng.integers(0, 3))
    x, weights, bias = numbers(rng, (pixels - 1) * step + depth), numbers(rng, channels, depth), numbers(rng, channels)
    limits = RANGES[int(rng.integers(4))]
    windows = np.lib.stride_tricks.as_strided(x, (pixels, depth), (4 * step, 4))
    y = np.full((pixels - 1) * pitch + channels, 77, np.float32)
    expected = y.copy()
    view = np.lib.stride_tricks.as_strided(expected, (pixels, channels), (4 * pitch, 4))
    view[...] = summed(windows[:, :, None], weights.T, bias, limits)
    fields = {"weights": constant(packed(weights, bias)), "depth": depth, "step": step, "channels": channels, "pitch": pitch}
    fields |= {"min": float(limits[0]), "max": float(limits[1])}
    call = Call(f"tk_{unit}_gemm_f32", (constant(x), y, pixels, ("tk_gemm_f32", fields)))
    return Trial(call, y, expected, f"{pixels} x {depth} x {channels} {limits}")


def convolution(rng: np.random.Generator, unit: str, shape: tuple[int, ...], channels: int, window: Window) -> Trial:
    """`channels` 0: depthwise."""
    out, limits = window.output(*shape[1:3]), RANGES[int(rng.integers(4))]
    x, each = numbers(rng, *shape), channels == 0
    taps = patches(x, window, 0)
    count = channels or shape[3]
    depth = window.size.h * window.size.w * (1 if each else shape[3])
    weights, bias = numbers(rng, count, depth), numbers(rng, count)
    windows = taps.reshape(-1, depth, shape[3]) if each else taps.reshape(-1, depth, 1)
    expected = summed(windows, weights.T, bias, limits).reshape(shape[0], *out, count)
    y = np.full(expected.shape, 77, np.float32)
    fields: dict[str, Any] = {"weights": constant(packed(weights, bias)), "channels": count}
    fields |= {"min": float(limits[0]), "max": float(limits[1])}
    slides = {"slide": slide(window, shape, (*out, count))}
    if each:
        layer = ("tk_depthwise_taps_f32", {"taps": ("tk_taps_f32", fields | {"taps": depth})} | slides)
        call = Call(f"tk_{unit}_depthwise_f32", (constant(x), y, layer))
    else:
        gemm = fields | {"depth": depth, "step": depth, "pitch": channels}
        memory = np.zeros((3 if unit == "mve" else 1) * depth, np.float32)
        layer = ("tk_conv_windows_f32", {"gemm": ("tk_gemm_f32", gemm)} | slides)
        call = Call(f"tk_{unit}_conv_f32", (constant(x), y, memory, layer))
    return Trial(call, y, expected, f"{shape} -> {channels or 'each'}, {window} {limits}")


def trials(unit: str) -> Iterator[Trial]:
    rng = np.random.default_rng(1)
    for pixels, depth, channels in ((1, 1, 1), (2, 7, 8), (3, 16, 9), (4, 9, 12), (5, 30, 15), (7, 64, 16), (1, 33, 10)):
        yield product(rng, unit, pixels, depth, channels)
    for _ in range(24):
        shape = (int(rng.integers(1, 3)), *rng.integers(1, 9, 2).tolist(), int(rng.integers(1, 20)))
        window = drawn_window(rng, shape)
        yield convolution(rng, unit, shape, int(rng.integers(0, 2)) and int(rng.integers(1, 18)), window)


@pytest.mark.parametrize("unit", CORES)
def test_equals_numpy(unit: str, host: Host, tmp_path: Path) -> None:
    made = list(trials(unit))
    twins = []
    for trial in made:
        host.run(trial.call)
        if unit == "fpu":
            np.testing.assert_array_equal(trial.output, trial.expected, f"C, {trial.call.symbol} {trial.label}")
        else:
            np.testing.assert_allclose(trial.output, trial.expected, 1e-4, 1e-3, err_msg=f"C, {trial.label}")
        twins.append(trial.output.copy())
        trial.output[...] = 77
    if not INSTALLED:
        pytest.skip("not installed: arm-none-eabi-gcc, qemu-system-arm")
    symbols = [symbol for symbol in SYMBOLS if f"_{unit}_" in symbol]
    Board(Folder(FOLDER, symbols), tmp_path, CORES[unit]).run([trial.call for trial in made])
    for trial, twin in zip(made, twins, strict=True):
        np.testing.assert_array_equal(trial.output, twin, f"assembly, {trial.call.symbol} {trial.label}")
