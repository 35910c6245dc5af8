# SPDX-License-Identifier: Apache-2.0
"""What the compiler itself costs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tinycc.compiler import compile
from tinycc.execution.host import build_library


def measure_compile(model: Path, repeat: int) -> None:
    """Print the best of `repeat` runs: wall seconds and peak resident megabytes of the command, seconds of the host build."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [_run_once(model, Path(folder) / "out") for _ in range(repeat)]
        print(f"tinycc {model.name}: {min(run[0] for run in runs):.2f} s, {max(run[1] for run in runs):.0f} MB peak")
        compilation = compile(model)
        seconds = []
        for _ in range(repeat):
            start = time.perf_counter()
            build_library(compilation, Path(folder) / "host")
            seconds.append(time.perf_counter() - start)
        print(f"host library: {min(seconds):.2f} s")


def _run_once(model: Path, out: Path) -> tuple[float, float]:
    """(wall seconds, peak resident MB) of one compile in its own process."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "tinycc", str(model), "-o", str(out), "--quiet"])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"tinycc ended with status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024
