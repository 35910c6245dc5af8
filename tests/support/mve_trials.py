# SPDX-License-Identifier: Apache-2.0
"""Trials of Helium kernels: what is drawn for them, and how the C twins and the assembly are held against what is expected."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from kernel_runs import RUNTIME, Board, Call, Folder, Host

from tinycc.numerics.fixedpoint import Multiplier, requantize
from tinycc.numerics.staircase import Staircase, double_rounding, reach, staircase

FOLDER = RUNTIME / "kernels" / "mve"
SYMBOLS = sorted(path.stem for path in FOLDER.glob("tk_*.c"))
BOARD = shutil.which("arm-none-eabi-gcc") and shutil.which("qemu-system-arm")
KINDS = ("mixed", "smallest", "extremes")


def make_host(place: Path) -> Host:
    """The C twins on this machine, under UBSan."""
    return Host(Folder(FOLDER, SYMBOLS), place, ["-fsanitize=undefined", "-fno-sanitize-recover=all"])


def make_board(place: Path) -> Board | None:
    """The assembly on an emulated Cortex-M55."""
    return Board(Folder(FOLDER, SYMBOLS), place, "cortex-m55") if BOARD else None


def constant(array: np.ndarray) -> np.ndarray:
    """An array that no kernel may change."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def codes(rng: np.random.Generator, kind: str, shape: tuple[int, ...], smallest: int) -> np.ndarray:
    if kind == "smallest":
        return np.full(shape, smallest, np.int8)
    extremes = rng.choice([smallest, 127], shape)
    if kind == "extremes":
        return extremes.astype(np.int8)
    return np.where(rng.random(shape) < 0.1, extremes, rng.integers(smallest, 128, shape)).astype(np.int8)


@dataclass(frozen=True, eq=False)
class Requantization:
    """Of a drawn layer. `bias` is what the sums of raw codes lack."""

    multipliers: list[Multiplier]
    zero_point: int
    low: int
    high: int

    @classmethod
    def draw(cls, rng: np.random.Generator, channels: int, signed: bool) -> Requantization:
        shifts = rng.integers(5, 10, channels)
        entries = [Multiplier(int(rng.integers(1 << 30, (1 << 31) - 1)), -int(shift)) for shift in shifts]
        if not signed:
            return cls(entries, -128, -128, 127)
        low, high = sorted(rng.integers(-128, 128, 2).tolist())
        return cls(entries, int(rng.integers(-128, 128)), low, high)

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array([m.multiplier for m in self.multipliers]), np.array([-m.shift for m in self.multipliers])

    def __call__(self, acc: np.ndarray) -> np.ndarray:
        multiplier, right = self.arrays
        return np.clip(requantize(acc, multiplier, -right) + self.zero_point, self.low, self.high).astype(np.int8)

    def stairs(self, weights: np.ndarray, bias: np.ndarray) -> Staircase:
        rule = double_rounding(self.multipliers, self.zero_point, self.low, self.high)
        return staircase(rule, *(bound + bias for bound in reach(weights))).after(bias)

    @property
    def fields(self) -> dict[str, int]:
        return {"offset": self.zero_point, "min": self.low, "max": self.high}


@dataclass(frozen=True, eq=False)
class Trial:
    """A call, the array that it fills, and what with."""

    call: Call
    output: np.ndarray
    expected: np.ndarray
    label: str


def check(trials: Iterator[Trial | None], host: Host, board: Board | None) -> None:
    """Run all that could be made, at least half of them: constants may not fold."""
    made = list(trials)
    kept = [trial for trial in made if trial is not None]
    assert len(kept) * 2 >= len(made)
    for trial in kept:
        before = [array.copy() for array in trial.call.arrays]
        host.run(trial.call)
        np.testing.assert_array_equal(trial.output, trial.expected, f"C, {trial.call.symbol} {trial.label}")
        for array, content in zip(trial.call.arrays, before, strict=True):
            if array.flags.writeable:
                array[...] = content
    if board is None:
        pytest.skip("not installed: arm-none-eabi-gcc, qemu-system-arm")
    board.run([trial.call for trial in kept])
    for trial in kept:
        np.testing.assert_array_equal(trial.output, trial.expected, f"assembly, {trial.call.symbol} {trial.label}")
