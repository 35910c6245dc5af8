# SPDX-License-Identifier: Apache-2.0
"""Outputs that go row by row: the bytes of the whole output, never in memory together."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import ROOT
from model_builder import ModelBuilder

from tinycc.cli import cli
from tinycc.compiler import compile
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel, find_compiler
from tinycc.program.pushes import pushes

WAYS: dict[str, dict[str, Any]] = {
    "output": {"stream_output": True},
    "both": {"stream_output": True, "stream_input": True},
    "a shared arena": {"stream_output": True, "stream_input": True, "share_arena": "both"},
    "buffers of the caller's": {"stream_output": True, "external_io": True},
    "another library's kernels": {"stream_output": True, "stream_input": True, "provider": "either"},
}
STRICT = "-std=c99 -O1 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wstrict-prototypes -Werror"


def segmentation(*, whole: bool = False) -> bytes:
    """An image in half its size and back, with a residual; `whole`: and in between a layer that does not go by rows."""
    rng = np.random.default_rng(1)
    m = ModelBuilder()

    def conv(x: int, depth: int, height: int, channels: int, stride: int = 1) -> int:
        weights = m.const(rng.normal(size=(channels, 3, 3, depth)).astype(np.float32))
        y = m.tensor((1, height // stride, height // stride, channels))
        m.op("CONV_2D", [x, weights, -1], [y], padding="SAME", stride_h=stride, stride_w=stride)
        return y

    first = conv(m.input((1, 24, 24, 3)), 3, 24, 4)
    low = conv(first, 4, 24, 4, 2)
    if whole:
        summed = m.tensor((1, 12, 12, 4))
        m.op("CUMSUM", [low, m.const(np.array(1, np.int32))], [summed])
        low = summed
    up, both = m.tensor((1, 24, 24, 4)), m.tensor((1, 24, 24, 4))
    m.op("RESIZE_BILINEAR", [low, m.const(np.array([24, 24], np.int32))], [up], half_pixel_centers=True)
    m.op("ADD", [first, up], [both], fused_activation_function="NONE")
    y, flat = conv(both, 4, 24, 2), m.tensor((1, 576, 2))
    m.op("RESHAPE", [y, m.const(np.array([1, 576, 2], np.int32))], [flat], new_shape=[1, 576, 2])
    return m.build([flat])


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_rows_taken_are_the_output(way: str, whole: bool, tmp_path: Path) -> None:
    """Every layer, and twice in a row; the C compiles without a warning, its self-test and its example run."""
    path = tmp_path / "net.tflite"
    path.write_bytes(segmentation(whole=whole))
    plain, rows = compile(path, watched=True, optimize="speed"), compile(path, self_test=True, optimize="ram", **WAYS[way])
    (input,), (output,) = plain.graph.inputs, plain.graph.outputs
    assert rows.report.arena_bytes < plain.report.arena_bytes - output.type.bytes
    if "stream_input" in WAYS[way] and not whole:
        assert rows.report.arena_bytes < output.type.bytes + input.type.bytes
    rng = np.random.default_rng(0)
    with HostModel(rows) as one, HostModel(plain) as other:
        for _ in range(2):
            inputs = [rng.normal(size=input.shape).astype(np.float32)]
            found, expected = one.run(inputs), other.run(inputs)
            assert found.layers == expected.layers
            assert found.outputs[0].tobytes() == expected.outputs[0].tobytes()
    rows.write(tmp_path / "out")
    run(tmp_path / "out", "")
    run(
        tmp_path / "out",
        '#include "net_selftest.h"\nstatic void put(char c)\n{\n    (void)c;\n}\n'
        "int main(void)\n{\n    return net_selftest(put);\n}\n",
    )


def run(folder: Path, program: str) -> None:
    """Build the C with its example, or with another program in its place, and run it."""
    sources = sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*.c") if not program or path.stem != "example_main"
    )
    if program:
        (folder / "program.txt").write_text(program)
        sources += ["-x", "c", "program.txt"]
    command = [*find_compiler(), *STRICT.split(), "-I.", *sources, "-o", "program", "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    subprocess.run(["./program"], cwd=folder, check=True, stdout=subprocess.DEVNULL)


PROTOCOL = """
#include "net.h"

#define EXPECT(what) \\
    if (!(what)) { \\
        return __LINE__ % 200; \\
    }

static net_instance net;
static float line[NET_ROW_SIZE], taken[NET_OUT_ROW_SIZE];

int main(void)
{
    EXPECT(net_pull_row(&net, taken) == NET_ERROR_NOT_INITIALIZED && net_output_row(&net) == 0);
    EXPECT(net_init(&net) == NET_OK && net_output_row(&net) == 0);
    EXPECT(net_push_row(&net, 0) == NET_ERROR_NULL);
    EXPECT(net_pull_row(&net, taken) == NET_WANTS_ROWS); /* none is there */
    for (int turn = 0; turn < 2; ++turn) {
        net_status status = NET_WANTS_ROWS;
        int pushed = 0, pulled = 0;
        while (status == NET_WANTS_ROWS) {
            status = net_push_row(&net, line);
            ++pushed;
        }
        EXPECT(status == NET_HAS_ROW && net_rows(&net) == pushed && pushed < NET_ROWS && net_output_row(&net) != 0);
        EXPECT(net_push_row(&net, line) == NET_HAS_ROW && net_rows(&net) == pushed && net_next_row(&net) == 0);
        EXPECT(net_pull_row(&net, 0) == NET_ERROR_NULL && net_rows_taken(&net) == 0);
        EXPECT(net_reset(&net) == NET_OK && net_rows(&net) == 0);
        status = NET_WANTS_ROWS;
        pushed = 0;
        while (status == NET_WANTS_ROWS || status == NET_HAS_ROW) {
            EXPECT(net_rows_taken(&net) == pulled);
            if (status == NET_HAS_ROW) {
                status = net_pull_row(&net, taken);
                ++pulled;
            } else {
                status = net_push_row(&net, line);
                ++pushed;
            }
        }
        EXPECT(status == NET_OK && pushed == NET_ROWS && pulled == NET_OUT_ROWS && net_rows_taken(&net) == 0);
    }
    return 0;
}
"""


def test_a_row_that_waits_is_taken_first(tmp_path: Path) -> None:
    (tmp_path / "net.tflite").write_bytes(segmentation())
    compile(tmp_path / "net.tflite", optimize="ram", stream_input=True, stream_output=True).write(tmp_path / "out")
    run(tmp_path / "out", PROTOCOL)


def test_the_work_of_each_call_is_told(tmp_path: Path) -> None:
    """All of them together do all."""
    path = tmp_path / "net.tflite"
    path.write_bytes(segmentation())
    for stream_input in (False, True):
        made = compile(path, optimize="ram", stream_input=stream_input, stream_output=True)
        work = pushes(made.program)
        assert work is not None
        assert len(work.pulled) == 24
        assert len(work.pushed) == (24 if stream_input else 1)
        assert sum(item.macs for item in (*work.pushed, *work.pulled)) == made.program.macs
        assert [item.call for item in made.report.calls] == ["push" if stream_input else "invoke"] * len(work.pushed) + [
            "pull"
        ] * 24
        assert max(item.cycles for item in made.report.calls) == work.longest
        if stream_input:
            assert work.longest < sum(step.cycles for step in made.program.all_steps) / 2
    told = CliRunner().invoke(cli, ["inspect", str(path), "--program", "--stream-input"]).output
    assert [line.split()[0] for line in told.splitlines() if line.startswith("push ")] == ["push"] * 24
    said = CliRunner().invoke(cli, ["compile", str(path), "-o", str(tmp_path / "o"), "--stream-input"]).output
    line = next(line for line in said.splitlines() if "rows " in line)
    assert "24 pushes" in line
    assert "the last one" in line


def test_an_output_that_cannot_go_in_rows_is_told() -> None:
    for model in ("wine/wine_int8", "digits/digits_int8"):
        with pytest.raises(CompileError) as raised:
            compile(ROOT / "examples" / f"{model}.tflite", stream_output=True)
        assert raised.value.problems[0].where == "--stream-output"


def test_what_moves_now_and_then_is_said_once(tmp_path: Path) -> None:
    """Two rows are made at a time and read one by one: they move up in every other turn."""
    (tmp_path / "net.tflite").write_bytes(segmentation())
    made = compile(tmp_path / "net.tflite", optimize="ram", stream_input=True, stream_output=True)
    assert "if (turn % 2 == 0) {" in made.files["net.c"]
    assert max(len(stage.cases) for stage in made.program.streams[0].stages) <= 7
