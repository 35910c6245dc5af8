# SPDX-License-Identifier: Apache-2.0
"""Whole C programs, with a main and printf, on an emulated Cortex-M4."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from conftest import ROOT

from tinycc.codegen.emit import render
from tinycc.device.toolchains import FLAGS, find_compiler, find_emulator
from tinycc.target import TARGETS

BOARD = ROOT / "runtime" / "board"
M4 = TARGETS["cortex-m4"]


def printed_on_m4(folder: Path, sources: Sequence[str | Path], flags: Sequence[str], emulator_flags: Sequence[str] = ()) -> str:
    """What the program of these sources prints; built in `folder`."""
    board, toolchain, emulator = M4.boards[0], find_compiler(M4), find_emulator(M4)
    assert emulator is not None
    memories = {"machine": board.machine, "vectors": board.vectors, "flash": board.flash, "ram": board.ram}
    script = render("board.ld.j2", **memories, stack_bytes=board.stack_bytes, model="none", weights=[])
    (folder / "program.ld").write_text(script)
    around = [BOARD / "start_arm.c", BOARD / "semihost.c", ROOT / "tests" / "support" / "newlib_board.c"]
    command = [*toolchain.command, *FLAGS, *flags, *map(str, sources), f"-I{BOARD}", *map(str, around)]
    subprocess.run([*command, "-T", "program.ld", *toolchain.link, "-o", "program.elf"], cwd=folder, check=True)
    run = [emulator.path, "-M", board.machine, *emulator_flags, "-display", "none", "-monitor", "none", "-serial", "none"]
    run += ["-semihosting-config", "enable=on,target=native", "-kernel", "program.elf"]
    return subprocess.run(run, cwd=folder, check=True, capture_output=True, text=True, timeout=200).stdout
