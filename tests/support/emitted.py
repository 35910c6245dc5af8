# SPDX-License-Identifier: Apache-2.0
"""Generated C for the tests that look at it: a few models with everything odd in them, emitted once, and compilers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from harness import STRICT
from model_builder import ModelBuilder
from numpy.typing import NDArray

from tinycc.compiler import Compilation, compile

EXAMPLES = ("digits", "anomaly", "wine")
SENSOR_EXAMPLES = ("keyword", "person", "vibration", "gesture")
ODD_NAME = 'odd "name" */ /* \\ ??/ \u00fc\u202e\t\nnext'
"""Would end a comment, splice lines, draw warnings about trigraphs and bidirectional text."""


def odd_model(dtype: str) -> bytes:
    """Convolution, pooling, dense, softmax and addition in odd shapes, with two inputs and seven outputs.

    Outputs: probabilities; the sum of one element with itself; an input as it is; four constants (int64, bool, one without
    elements, float32 with infinities and NaN). The dense layer's int8 weights have every byte value, more than one string
    literal of them.
    """
    rng = np.random.default_rng(7)
    m = ModelBuilder()

    def q(scale: float, zero_point: int = 0) -> dict[str, Any]:
        return {"scale": scale, "zero_point": zero_point} if dtype == "int8" else {}

    def weights(values: NDArray[np.int8], scale: float | list[float], axis: int = 0) -> int:
        if dtype == "int8":
            return m.const(values, scale=scale, axis=axis, name=f"weights {ODD_NAME}")
        return m.const((values / 100).astype(np.float32), name=f"weights {ODD_NAME}")

    def bias(units: int, scale: list[float]) -> int:
        values = rng.integers(-500, 500, units, dtype=np.int32)
        return m.const(values, scale=scale) if dtype == "int8" else m.const((values / 500).astype(np.float32))

    x = m.input((1, 7, 5, 3), dtype, name=ODD_NAME, **q(0.05, 3))
    one = m.input((1, 1), dtype, name="", **q(0.1, -128))
    scales = [0.01 + 0.001 * i for i in range(9)]
    conv = m.tensor((1, 4, 3, 9), dtype, name=f"conv/{ODD_NAME}", **q(0.2, -7))
    kernel = rng.integers(-127, 127, (9, 3, 3, 3), dtype=np.int8, endpoint=True)
    operands = [x, weights(kernel, scales), bias(9, [0.05 * scale for scale in scales])]
    m.op("CONV_2D", operands, [conv], stride_h=2, stride_w=2, padding="SAME", fused_activation="RELU6")
    pool = m.tensor((1, 3, 2, 9), dtype, name="conv/pool?", **q(0.2, -7))
    m.op("AVERAGE_POOL_2D", [conv], [pool], stride_h=1, stride_w=1, filter_height=2, filter_width=2, padding="VALID")
    flat = m.tensor((1, 54), dtype, **q(0.2, -7))
    m.op("RESHAPE", [pool, m.const(np.array([1, 54], np.int32))], [flat], new_shape=[1, 54])
    every = np.resize(np.frombuffer(bytes(range(256)) + b'\\"?' + b'??/ ??=%"0123', np.int8), (77, 54))
    dense, y = (m.tensor((1, 77), dtype, name=f"dense/{i}", **q(0.3, 5)) for i in range(2))
    m.op("FULLY_CONNECTED", [flat, weights(every, 0.004), bias(77, [0.2 * 0.004])], [dense])
    y = m.tensor((1, 77), dtype, name="dense/softmax", **q(1 / 256, -128))
    m.op("SOFTMAX", [dense], [y], beta=1.0)
    doubled = m.tensor((1, 1), dtype, name="doubled", **q(0.2, -128))
    m.op("ADD", [one, one], [doubled])
    constants = [
        m.const(np.array([-(2**63), -1, 2**40], np.int64), name=f"constant {ODD_NAME}"),
        m.const(np.array([[True], [False]]), name="flags"),
        m.const(np.zeros((0, 3), np.float32), name="empty"),
        m.const(np.array([np.inf, -np.inf, np.nan, 1e-45, np.finfo(np.float32).max, -0.0], np.float32), name="floats"),
    ]
    return m.build([y, doubled, x, *constants])


@dataclass(frozen=True)
class Emitted:
    """A model's generated files in `folder`."""

    compilation: Compilation
    folder: Path

    @property
    def name(self) -> str:
        return self.compilation.name

    @property
    def sources(self) -> list[str]:
        """All C files but the example, relative to the folder."""
        return sorted(path for path in self.compilation.files if path.endswith(".c") and path != "example_main.c")

    @property
    def includes(self) -> list[str]:
        return [f"-I{self.folder / part}" for part in ("", "cmsis_nn", "kernels")]


def model_bytes(name: str) -> bytes:
    """`odd_int8`, `odd_float32`, or an example such as `digits_int8`."""
    task, _, dtype = name.rpartition("_")
    if task == "odd":
        return odd_model(dtype)
    return (ROOT / "examples" / task / f"{name}.tflite").read_bytes()


def emit_to(folder: Path, model: bytes | Path, name: str, target: str = "generic", provider: str = "bundled") -> Emitted:
    return Emitted(compile(model, folder, name=name, target=target, provider=provider), folder)


def tool(name: str) -> str:
    """The path of a program; without it the test is skipped."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def run(command: Sequence[str], cwd: Path, *, stdin: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run a program; a failure shows what it printed. The same environment everywhere, so that CC and CFLAGS do not matter."""
    result = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, check=False)
    if check and result.returncode:
        text = (result.stdout + result.stderr).decode(errors="replace")
        pytest.fail(f"{' '.join(map(str, command))[:300]}\nstatus {result.returncode}\n{text[:4000]}", pytrace=False)
    return result


def compile_objects(command: Sequence[str], emitted: Emitted, folder: Path, sources: Sequence[str] | None = None) -> list[Path]:
    """Compile the C of a model (all of it, the example too, unless `sources` says what), strictly; the object files."""
    folder.mkdir(parents=True)
    wanted = [*emitted.sources, "example_main.c"] if sources is None else sources
    paths = [str(emitted.folder / source) for source in wanted]
    run([tool(command[0]), *command[1:], "-std=c99", "-O2", *STRICT, *emitted.includes, "-c", *paths], folder)
    return sorted(folder.glob("*.o"))


def symbols(nm: str, paths: Sequence[Path]) -> dict[str, list[tuple[str, str]]]:
    """object file -> (kind as nm has it, symbol)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in paths:
        text = run([tool(nm), "-P", str(path)], path.parent).stdout.decode()
        rows = [line.split() for line in text.splitlines()]
        found[path.stem] = [(row[1], row[0]) for row in rows if len(row) > 1]  # an archive's members have a row of their own
    return found


def identifiers(text: str) -> set[str]:
    """C identifiers outside of comments and strings."""
    code = re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\])*"', " ", text, flags=re.DOTALL)
    return set(re.findall(r"[A-Za-z_]\w*", code))
