# SPDX-License-Identifier: Apache-2.0
"""Several memories: the same results, what is touched most in the nearest, and what does not fit is told."""

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
from tinycc.packages.layout import write_package
from tinycc.plan.banks import touched
from tinycc.program.types import BANK, Role

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
MEMORIES = {"dtcm": 700, "sram": 600, "ram": 4000}
STRICT = "-std=c99 -O1 -pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wstrict-prototypes -Werror"

WAYS: dict[str, dict[str, Any]] = {
    "alone": {},
    "with a self-test": {"self_test": True, "profile": True},
    "rows": {"stream_input": True, "optimize": "ram"},
    "a shared arena": {"share_arena": "both"},
    "buffers of the caller's, and weights": {"external_io": True, "external_weights": True},
}


@pytest.mark.parametrize("way", WAYS)
def test_memories_hold_the_same_model(way: str, tmp_path: Path) -> None:
    whole, made = compile(DIGITS, name="net"), compile(DIGITS, name="net", memories=MEMORIES, **WAYS[way])
    inputs = [np.random.default_rng(0).integers(-128, 128, value.shape, np.int8) for value in whole.graph.inputs]
    with HostModel(whole) as one, HostModel(made) as other:
        for _ in range(2):
            assert other.run(inputs).outputs[0].tobytes() == one.run(inputs).outputs[0].tobytes()
    assert [use.name for use in made.report.memories] == list(MEMORIES)
    assert all(use.bytes <= use.room for use in made.report.memories)
    assert made.report.memories[0].bytes > 0
    made.write(tmp_path)
    sources = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.c"))
    section = '-DNET_DTCM_SECTION=__attribute__((section(".dtcm")))'
    command = [*find_compiler(), *STRICT.split(), section, "-I.", *sources, "-o", "program", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True)
    subprocess.run(["./program"], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)


def test_the_nearest_memory_has_what_is_touched_most() -> None:
    """Of what has room there by itself, for each of its bytes."""
    program = compile(DIGITS, memories={"dtcm": 700, "ram": 4000}).program
    often = touched(program)
    most = max((buffer for buffer in program.buffers if buffer.bytes <= 700), key=lambda buffer: often[buffer] / buffer.bytes)
    assert most.memory == f"{BANK}dtcm"
    assert {buffer.memory for buffer in program.buffers} == {f"{BANK}dtcm", "arena"}


def test_rows_where_memories_are_small() -> None:
    assert not compile(DIGITS, memories={"near": 1000, "ram": 4000}, without=["stream"]).program.streams
    assert compile(DIGITS, memories={"near": 600, "ram": 1500}).program.streams


PROTOCOL = """
#include "net.h"

static net_instance net;
static net_dtcm fast;

int main(void)
{
    if (net_set_dtcm(&net, &fast) != NET_ERROR_NOT_INITIALIZED || net_init(&net) != NET_OK) {
        return 1;
    }
    if (net_invoke(&net) != NET_ERROR_NO_BUFFER || net_set_dtcm(&net, 0) != NET_ERROR_NULL) {
        return 2;
    }
    return net_set_dtcm(&net, &fast) == NET_OK && net_invoke(&net) == NET_OK ? 0 : 3;
}
"""


def test_a_memory_that_is_not_given_is_told(tmp_path: Path) -> None:
    compile(DIGITS, tmp_path, name="net", memories={"dtcm": 1000, "ram": 4000})
    (tmp_path / "main.txt").write_text(PROTOCOL)
    sources = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.c") if path.stem != "example_main")
    command = [*find_compiler(), *STRICT.split(), "-I.", *sources, "-x", "c", "main.txt", "-o", "program", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True)
    subprocess.run(["./program"], cwd=tmp_path, check=True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"memories": {"near": 100, "ram": 100}}, "left for ram"),
        ({"memories": {"near": 100}}, "two or more"),
        ({"memories": {"near": 100, "arena": 100}}, "two or more"),
        ({"memories": {"near": 100, "Ram": 100}}, "lower case"),
    ],
)
def test_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(CompileError) as raised:
        compile(DIGITS, **options)
    assert said in str(raised.value)


def test_on_the_command_line(tmp_path: Path) -> None:
    command = ["compile", str(DIGITS), "-o", str(tmp_path / "o"), "--memory", "dtcm=1K"]
    told = CliRunner().invoke(cli, [*command, "--memory", "ram=16K"]).output
    assert "of 1,024 bytes" in told
    assert CliRunner().invoke(cli, [*command, "--memory", "ram"]).exit_code == 2


SHARED = """
#include <string.h>
#include "digits.h"
#include "wine.h"

static both_arena arena;
static digits_instance digits;
static wine_instance wine;
static union {
    digits_dtcm digits;
    wine_dtcm wine;
} fast;

static int run_digits(int8_t *scores)
{
    memset(digits_input_0(&digits), 3, DIGITS_INPUT_0_BYTES);
    if (digits_invoke(&digits) != DIGITS_OK) {
        return 0;
    }
    memcpy(scores, digits_output_0(&digits), DIGITS_OUTPUT_0_BYTES);
    return 1;
}

int main(void)
{
    int8_t first[DIGITS_OUTPUT_0_SIZE], second[DIGITS_OUTPUT_0_SIZE];
    if (digits_init(&digits, &arena) != DIGITS_OK || wine_init(&wine, &arena) != WINE_OK
        || digits_set_dtcm(&digits, &fast.digits) != DIGITS_OK || wine_set_dtcm(&wine, &fast.wine) != WINE_OK) {
        return 1;
    }
    if (!run_digits(first)) {
        return 2;
    }
    memset(wine_input_0(&wine), 5, WINE_INPUT_0_BYTES);
    if (digits_output_0(&digits) != NULL || digits_invoke(&digits) != DIGITS_ERROR_ARENA || wine_invoke(&wine) != WINE_OK) {
        return 3;
    }
    return run_digits(second) && memcmp(first, second, sizeof first) == 0 ? 0 : 4;
}
"""


def test_models_that_share_an_arena_may_share_the_nearer_memory(tmp_path: Path) -> None:
    memories = {"dtcm": 700, "ram": 4000}
    models = {"digits": DIGITS, "wine": ROOT / "examples" / "wine" / "wine_int8.tflite"}
    made = [compile(path, name=name, memories=memories, share_arena="both") for name, path in models.items()]
    write_package(made, ["cmake"], tmp_path)
    assert "digits_set_dtcm" in (tmp_path / "examples" / "host" / "main.c").read_text()
    (tmp_path / "src" / "shared.c").write_text(SHARED)
    sources = sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "src").glob("*.c"))
    command = [*find_compiler(), *STRICT.split(), "-Isrc", *sources, "-o", "program", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert subprocess.run(["./program"], cwd=tmp_path).returncode == 0


def test_memories_are_filled_to_the_byte() -> None:
    made = compile(DIGITS, memories={"near": 700, "ram": 4000}, without=["stream"])
    near, ram = (use.bytes for use in made.report.memories)
    exact = compile(DIGITS, memories={"near": near, "ram": ram}, without=["stream"])
    assert [use.bytes for use in exact.report.memories] == [near, ram]
    with pytest.raises(CompileError, match=rf"found {ram:,} bytes that are left for ram \(of near {near:,} is taken\)"):
        compile(DIGITS, memories={"near": near, "ram": ram - 1}, without=["stream"])
    assert all(use.bytes for use in compile(DIGITS, memories=MEMORIES, without=["stream"]).report.memories)
    whole = compile(DIGITS, without=["stream"]).report.arena_bytes
    with pytest.raises(CompileError, match=rf"found {whole:,} bytes that are left for ram; expected at most 99"):
        compile(DIGITS, memories={"near": 1, "ram": 99}, without=["stream"])


def test_what_stays_where_it_is() -> None:
    """However near there is room: states, rows of the caller's, buffers of the caller's; and what has no bytes."""
    room = {"near": 100_000, "ram": 100_000}
    rows = compile(DIGITS, memories=room, stream_input=True, optimize="ram").program
    brought = [port.span.buffer for port in (*rows.inputs, *rows.outputs) if port.by_rows]
    assert {buffer.memory for buffer in brought} == {"arena"}
    given = compile(DIGITS, memories=room, external_io=True).program
    assert {port.span.buffer.memory for port in given.inputs} == {"input_0"}
    m = ModelBuilder()
    state, y, none = m.tensor((1, 6), variable=True), m.tensor((1, 2)), m.tensor((0, 2))
    x = m.input((1, 3))
    taps = [m.const(np.ones((2, 3), np.float32)) for _ in range(2)]
    m.op("SVDF", [x, *taps, -1, state], [y], rank=1, fused_activation_function="NONE")
    m.op("SLICE", [y, *(m.const(np.array(bound, np.int32)) for bound in ([0, 0], [0, 2]))], [none])
    program = compile(m.build([y, none]), memories=room).program
    assert {buffer.memory for buffer in program.buffers if buffer.role is Role.STATE} == {"arena"}
    assert f"{BANK}near" in {buffer.memory for buffer in program.buffers}
