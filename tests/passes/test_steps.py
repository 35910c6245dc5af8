# SPDX-License-Identifier: Apache-2.0
"""Models over a window of frames as models of steps: every step gives what the model gives for the window that ends with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from model_builder import ModelBuilder

from tinycc.cli import cli
from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.interpret import Interpreter
from tinycc.ir import Graph
from tinycc.ops.movement.shift import Shift
from tinycc.options import Options
from tinycc.passes import run_passes
from tinycc.passes.steps import Steps
from tinycc.verification import verify

RNG = np.random.default_rng(5)


class Net(ModelBuilder):
    """Layers over [1,frames,width,channels], of int8 with a zero point of 3 or of float32."""

    def __init__(self, *, int8: bool) -> None:
        super().__init__()
        self.int8 = int8

    def image(self, *shape: int) -> int:
        return self.input(shape, "int8", scale=0.05, zero_point=3) if self.int8 else self.input(shape)

    def made(self, *shape: int) -> int:
        return self.tensor(shape, "int8", scale=0.05, zero_point=3) if self.int8 else self.tensor(shape)

    def weights(self, *shape: int) -> int:
        if self.int8:
            return self.const(RNG.integers(-127, 128, shape, np.int8), scale=[0.01], zero_point=0)
        return self.const(RNG.normal(size=shape).astype(np.float32))

    def conv(self, x: int, y: tuple[int, ...], kernel: tuple[int, int], depth: int, **options: Any) -> int:
        made = self.made(*y)
        given = {"padding": "VALID", "stride_h": 1, "stride_w": 1, **options}
        self.op("CONV_2D", [x, self.weights(y[3], *kernel, depth), -1], [made], **given)
        return made

    def pad(self, x: int, shape: tuple[int, ...], before: int, after: int = 0) -> int:
        made = self.made(1, shape[1] + before + after, *shape[2:])
        self.op("PAD", [x, self.const(np.array([[0, 0], [before, after], [0, 0], [0, 0]], np.int32))], [made])
        return made

    def reshape(self, x: int, *shape: int) -> int:
        made = self.made(*shape)
        self.op("RESHAPE", [x, self.const(np.array(shape, np.int32))], [made], new_shape=list(shape))
        return made

    def dense(self, x: int, depth: int, outputs: int) -> int:
        made = self.made(1, outputs)
        self.op("FULLY_CONNECTED", [x, self.weights(outputs, depth), -1], [made])
        return made

    def add(self, a: int, b: int, *shape: int) -> int:
        made = self.made(*shape)
        self.op("ADD", [a, b], [made], fused_activation_function="NONE")
        return made

    def slice(self, x: int, begin: tuple[int, ...], size: tuple[int, ...]) -> int:
        made = self.made(*size)
        self.op("SLICE", [x, *(self.const(np.array(part, np.int32)) for part in (begin, size))], [made])
        return made


def spotter(m: Net) -> int:
    """Frames without channels, convolutions without padding, a stride, a residual of the newest frames, all of them at last."""
    x = m.reshape(m.image(1, 20, 5), 1, 20, 5, 1)
    a = m.conv(x, (1, 18, 3, 4), (3, 3), 1)
    b = m.conv(a, (1, 16, 3, 4), (3, 1), 4)
    c = m.add(b, m.slice(a, (0, 2, 0, 0), (1, 16, 3, 4)), 1, 16, 3, 4)
    pooled = m.made(1, 8, 1, 4)
    m.op("MAX_POOL_2D", [c], [pooled], filter_height=2, filter_width=3, stride_h=2, stride_w=1, padding="VALID")
    return m.dense(m.reshape(pooled, 1, 32), 32, 3)


def averaged(m: Net) -> int:
    """A mean over all frames, which a gate then scales, and the scaled ones once more."""
    a = m.conv(m.image(1, 12, 1, 4), (1, 10, 1, 4), (3, 1), 4)
    mean = m.made(1, 1, 1, 4)
    m.op("MEAN", [a, m.const(np.array([1, 2], np.int32))], [mean], keep_dims=True)
    gated = m.made(1, 10, 1, 4)
    m.op("MUL", [a, mean], [gated], fused_activation_function="NONE")
    b = m.conv(gated, (1, 8, 1, 4), (3, 1), 4)
    return m.dense(m.reshape(b, 1, 32), 32, 2)


def causal(m: Net) -> int:
    """Frames of padding in front alone, dilation, a residual; a sequence."""
    x, shape = m.image(1, 24, 1, 4), (1, 24, 1, 4)
    a = m.conv(m.pad(x, shape, 2), shape, (3, 1), 4)
    b = m.conv(m.pad(a, shape, 4), shape, (3, 1), 4, dilation_h_factor=2)
    return m.add(x, b, *shape)


def delayed(m: Net) -> int:
    """Older frames than the newest."""
    x = m.image(1, 16, 1, 4)
    return m.conv(m.slice(x, (0, 1, 0, 0), (1, 12, 1, 4)), (1, 10, 1, 2), (3, 1), 4)


Build = Callable[[Net], int]
MODELS: dict[str, tuple[Build, dict[int, int]]] = {
    "spotter": (spotter, {2: 10, 4: 5}),
    "averaged": (averaged, {1: 12, 5: 3}),
    "causal": (causal, {1: 7, 3: 3}),
    "delayed": (delayed, {1: 6, 2: 4}),
}
"""The model; hops, and the step from which the outputs are those of a whole window."""


def built(build: Build, *, int8: bool = True) -> bytes:
    m = Net(int8=int8)
    return m.build([build(m)])


@pytest.mark.parametrize("int8", [True, False], ids=["int8", "float32"])
@pytest.mark.parametrize("name", MODELS)
def test_steps_give_what_windows_give(name: str, int8: bool) -> None:
    """In numpy, from the step on that is said, whatever was before."""
    build, hops = MODELS[name]
    graph = run_passes(load(built(build, int8=int8), name="m").graph)
    for hop, until in hops.items():
        steps = Steps(1, hop)
        stepped, stream = steps(graph), steps.stepwise(graph)
        assert stream.until == until
        assert any(isinstance(op, Shift) for op in stepped.ops)
        _compare(graph, stepped, hop, stream.window, stream.until)


def _compare(graph: Graph, stepped: Graph, hop: int, window: int, until: int) -> None:
    (value,), (output,) = graph.inputs, stepped.outputs
    count = -(-window // hop) * hop + 4 * hop
    shape = (1, count, *value.shape[2:])
    stream = (
        RNG.integers(-128, 128, shape).astype(np.int8) if value.dtype.is_integer else RNG.normal(size=shape).astype(np.float32)
    )
    run, whole = Interpreter(stepped), Interpreter(graph)
    for step in range(count // hop):
        stop = (step + 1) * hop
        (found,) = run.run([stream[:, stop - hop : stop]])
        if step + 1 < until:
            continue
        # As many frames as there were, and in front of them any others: they must not matter.
        before = np.resize(stream[:, ::-1], (1, max(window - stop, 0), *value.shape[2:]))
        (expected,) = whole.run([np.concatenate([before, stream[:, max(stop - window, 0) : stop]], 1)])
        newest = expected[:, -output.shape[1] :] if len(output.shape) == 4 else expected
        np.testing.assert_allclose(
            found, newest, rtol=0 if value.dtype.is_integer else 1e-5, atol=0 if value.dtype.is_integer else 1e-5
        )


def test_a_causal_model_is_right_from_the_first_step() -> None:
    """What a stream begins with is what the model pads with."""
    graph = run_passes(load(built(causal), name="m").graph)
    stream = RNG.integers(-128, 128, (1, 24, 1, 4)).astype(np.int8)
    (expected,) = Interpreter(graph).run([stream])
    run = Interpreter(Steps(1, 1)(graph))
    for frame in range(24):
        (found,) = run.run([stream[:, frame : frame + 1]])
        np.testing.assert_array_equal(found, expected[:, frame : frame + 1])


def test_the_c_of_steps(tmp_path: Path) -> None:
    """Verified against TFLM over sliding windows; its header says when it is right; less memory and work than the window."""
    path = tmp_path / "m.tflite"
    path.write_bytes(built(spotter))
    made, whole = compile(path, streaming="axis=1,hop=2"), compile(path)
    assert made.report.arena_bytes < whole.report.arena_bytes / 2
    assert made.report.macs < whole.report.macs / 4
    assert "#define M_RIGHT_FROM 10" in made.files["m.h"]
    verdict = verify(path, streaming="axis=1,hop=2", runs=3)
    assert verdict.passed
    assert verdict.runs == 6 * 5
    told = CliRunner().invoke(cli, ["compile", str(path), "-o", str(tmp_path / "o"), "--streaming", "axis=1,hop=2"]).output
    assert "a step 2 frames of 20; from step 10 on" in told
    with HostModel(made) as host, HostModel(whole) as window:
        frames = RNG.integers(-128, 128, (1, 20, 5)).astype(np.int8)
        for step in range(10):
            found = host.run([frames[:, 2 * step : 2 * step + 2]])
        assert found.outputs[0].tobytes() == window.run([frames]).outputs[0].tobytes()


@pytest.mark.parametrize("name", MODELS)
def test_layers_of_steps(name: str) -> None:
    """Each beside the newest frames of what the file's layer makes of the window; windows are no layers of the file."""
    build, hops = MODELS[name]
    verdict = verify(built(build), streaming=f"axis=1,hop={min(hops)}", layers=True, runs=1)
    assert verdict.passed
    operators = [row.operator.split()[-2] for row in verdict.layers]
    assert "CONV_2D" in operators
    assert "SHIFT" not in operators
    assert all(not row.different for row in verdict.layers)


def late(m: Net) -> int:
    return m.conv(m.pad(m.image(1, 24, 1, 4), (1, 24, 1, 4), 1, 1), (1, 24, 1, 4), (3, 1), 4)


def same(m: Net) -> int:
    return m.conv(m.image(1, 24, 1, 4), (1, 24, 1, 4), (3, 1), 4, padding="SAME")


def short(m: Net) -> int:
    x, shape = m.image(1, 6, 1, 4), (1, 6, 1, 4)
    a = m.conv(m.pad(x, shape, 4), shape, (5, 1), 4)
    return m.conv(m.pad(a, shape, 4), shape, (5, 1), 4)


def padded_then_all(m: Net) -> int:
    a = m.conv(m.pad(m.image(1, 8, 1, 4), (1, 8, 1, 4), 2), (1, 8, 1, 4), (3, 1), 4)
    return m.dense(m.reshape(a, 1, 32), 32, 2)


def numbered(m: Net) -> int:
    added = m.const(np.arange(8, dtype=np.int8).reshape(1, 8, 1, 1), scale=0.05, zero_point=3)
    return m.conv(m.add(m.image(1, 8, 1, 4), added, 1, 8, 1, 4), (1, 6, 1, 4), (3, 1), 4)


def plain(m: Net) -> int:
    return m.conv(m.image(1, 8, 1, 4), (1, 6, 1, 4), (3, 1), 4)


REFUSED: dict[str, tuple[Build, str, str]] = {
    "padding at the end": (late, "axis=1", "the future"),
    "same padding": (same, "axis=1", "padding='causal'"),
    "a window that is too short": (short, "axis=1", "longer"),
    "padding, and all frames after it": (padded_then_all, "axis=1", "padding='valid'"),
    "other constants for every frame": (numbered, "axis=1", "no frame numbers"),
    "a hop that is no multiple of the stride": (spotter, "axis=1,hop=3", "multiple"),
    "an axis that is not there": (plain, "axis=4", "an axis of the input"),
    "a hop as long as the window": (plain, "axis=1,hop=8", "more frames than a hop"),
    "no streaming": (plain, "axis=0", "axis=1,hop=1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    build, streaming, said = REFUSED[name]
    with pytest.raises(CompileError) as raised:
        compile(built(build), options=Options(), streaming=streaming)
    assert said in str(raised.value)


def test_steps_are_inspected(tmp_path: Path) -> None:
    """As a graph, and as the program; rows cannot be pushed into them."""
    path = tmp_path / "m.tflite"
    path.write_bytes(built(causal))
    shown = CliRunner().invoke(cli, ["inspect", str(path), "--streaming", "axis=1"]).output
    assert "Shift" in shown
    assert "[1,1,1,4]" in shown
    shown = CliRunner().invoke(cli, ["inspect", str(path), "--streaming", "axis=1", "--program"]).output
    assert "buffer state_0: state" in shown
    with pytest.raises(CompileError, match="--stream-input: found a model with 2 states"):
        compile(path, streaming="axis=1", stream_input=True)
