# SPDX-License-Identifier: Apache-2.0
"""Rows that move up in a line buffer: any number of bytes, by any number, on this machine and on emulated cores."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from kernel_runs import RUNTIME, Board, Call, Folder, Host

MOVEMENT = RUNTIME / "kernels" / "movement"
WRAPPER = {
    "tk_moved.h": "#include <stdint.h>\nvoid tk_moved(uint8_t *x, int32_t to, int32_t from, int32_t bytes);\n",
    "tk_moved.c": '#include "tk_moved.h"\n\n#include "tk_move_rows.h"\n\n'
    "void tk_moved(uint8_t *x, int32_t to, int32_t from, int32_t bytes)\n{\n    tk_move_rows(x + to, x + from, bytes);\n}\n",
}
"""Within one array: the arguments of a call do not overlap."""
LENGTHS = (*range(1, 36), 47, 48, 49, 63, 64, 65, 130)
DISTANCES = (1, 2, 3, 4, 7, 8, 12, 15, 16, 17, 31, 40)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    place = tmp_path / "kernels"
    place.mkdir()
    for suffix in ("c", "h"):
        shutil.copy(MOVEMENT / f"tk_move_rows.{suffix}", place)
    for name, text in WRAPPER.items():
        (place / name).write_text(text)
    return Folder(place, ["tk_moved"])


def moves() -> tuple[list[Call], list[np.ndarray]]:
    """The calls, and what their arrays have to hold then: nothing beside the rows is written."""
    rng, calls, expected = np.random.default_rng(0), [], []
    for length in LENGTHS:
        for distance in rng.choice(DISTANCES, 4, replace=False).tolist():
            to = int(rng.integers(0, 5))
            x = rng.integers(0, 256, to + distance + length + 3, np.uint8)
            after = x.copy()
            after[to : to + length] = x[to + distance : to + distance + length]
            calls.append(Call("tk_moved", (x, to, to + distance, length)))
            expected.append(after)
    return calls, expected


def compare(calls: list[Call], expected: list[np.ndarray]) -> None:
    for call, after in zip(calls, expected, strict=True):
        np.testing.assert_array_equal(call.arrays[0], after, f"{call.arguments[1:]}")


def test_on_this_machine(folder: Folder, tmp_path: Path) -> None:
    calls, expected = moves()
    host = Host(folder, tmp_path, ["-fsanitize=undefined", "-fno-sanitize-recover=all"])
    for call in calls:
        host.run(call)
    compare(calls, expected)


@pytest.mark.skipif(not shutil.which("arm-none-eabi-gcc") or not shutil.which("qemu-system-arm"), reason="no board")
@pytest.mark.parametrize("core", ["cortex-m4", "cortex-m55"])
def test_on_a_board(core: str, folder: Folder, tmp_path: Path) -> None:
    calls, expected = moves()
    Board(folder, tmp_path, core).run(calls)
    compare(calls, expected)
