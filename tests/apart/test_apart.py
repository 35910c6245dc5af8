# SPDX-License-Identifier: Apache-2.0
"""Buffers of the caller's and an arena that models share: the same results, and what callers do wrong."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from harness import STRICT
from model_builder import ModelBuilder

from tinycc.cli import cli
from tinycc.compiler import compile
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel, find_compiler
from tinycc.execution.inputs import random_inputs
from tinycc.packages.layout import write_package

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"
CONVLSTM = ROOT / "tests" / "models" / "convlstm.tflite"
LOOP = ROOT / "tests" / "models" / "loop_windows.tflite"
ALL: dict[str, Any] = {"external_io": True, "external_weights": True, "share_arena": "shared"}


def accumulator(scale: float = 0.5) -> bytes:
    """y = state + x, kept as the state: a variable that every inference reads and writes."""
    m = ModelBuilder()
    x = m.input((1, 4), "float32")
    handle = m.tensor((), "resource")
    y = m.tensor((1, 4), "float32")
    before = m.tensor((1, 4), "float32")
    step = m.tensor((1, 4), "float32")
    factor = m.const(np.full((1, 4), scale, np.float32))
    m.op("VAR_HANDLE", [], [handle], shared_name="sum")
    m.op("READ_VARIABLE", [handle], [before])
    m.op("MUL", [x, factor], [step])
    m.op("ADD", [before, step], [y])
    m.op("ASSIGN_VARIABLE", [handle, y], [])
    return m.build(outputs=[y])


def echo() -> bytes:
    """Returns its input, and the same twice."""
    m = ModelBuilder()
    x = m.input((1, 6), "float32")
    y = m.tensor((2, 3), "float32")
    m.op("RESHAPE", [x], [y], new_shape=[2, 3])
    return m.build(outputs=[y, y, x])


def program(folder: Path, sources: Sequence[str], text: str) -> str:
    """What a program prints that is linked to C in `folder`."""
    (folder / "try.c").write_text(text, encoding="utf-8")
    command = [*find_compiler(), "-std=c99", "-O1", "-fsanitize=address,undefined", *STRICT, "-I.", "-Ikernels"]
    build = [*command, "try.c", *sources, "-o", "try", "-lm"]
    done = subprocess.run(build, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return subprocess.run(["./try"], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("apart", [{"external_io": True}, {"external_weights": True}, {"share_arena": "shared"}, ALL], ids=str)
@pytest.mark.parametrize(
    "model", [LOOP, CONVLSTM, DIGITS, echo(), accumulator()], ids=["loop", "lstm", "digits", "echo", "sum"]
)
def test_the_same_results(model: Path | bytes, apart: dict[str, Any]) -> None:
    usual, other = compile(model, name="net"), compile(model, name="net", **apart)
    values = usual.graph.inputs
    with HostModel(usual) as one, HostModel(other, flags=STRICT) as two:
        for seed in range(3):
            arrays = random_inputs(values, seed).arrays
            for a, b in zip(one.run(arrays).outputs, two.run(arrays).outputs, strict=True):
                assert a.tobytes() == b.tobytes()


def test_ports_are_not_in_the_arena_and_nothing_is_copied() -> None:
    usual, other = compile(DIGITS, name="net"), compile(DIGITS, name="net", external_io=True)
    assert other.layout.callers_bytes == 64 + 10
    assert [step.kernel for step in usual.program.all_steps] == [step.kernel for step in other.program.all_steps]
    assert "_OFFSET" not in other.files["net.h"]
    assert "#define NET_INPUT_0_ALIGN 4" in other.files["net.h"]


def test_only_what_leads_elsewhere_is_copied() -> None:
    assert len(compile(echo(), external_io=True).program.all_steps) == 3, "two outputs are an input, one is another output"
    assert not compile(accumulator(), external_io=True).layout.arenas["output_0"].buffers[0].shown[0].startswith("state")


BUFFERS = r"""
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "net.h"

static net_instance net;
static const union { int8_t elements[NET_INPUT_0_SIZE]; int64_t align; } camera[2] = {
    {{[10] = 127, [18] = 127, [26] = 127}}, {{[3] = -128, [4] = 127, [12] = -128, [33] = 127, [41] = 127}}};
static union { int8_t elements[NET_OUTPUT_0_SIZE + 8]; int64_t align; } guess[2];

int main(void)
{
    printf("%d ", net_set_input_0(&net, camera[0].elements) == NET_ERROR_NOT_INITIALIZED);
    printf("%d ", net_init(&net) == NET_OK && net_output_0(&net) == NULL);
    printf("%d ", net_invoke(&net) == NET_ERROR_NO_BUFFER);
    printf("%d ", net_set_input_0(&net, NULL) == NET_ERROR_NULL);
    printf("%d ", net_set_output_0(&net, guess[0].elements + 1) == NET_ERROR_MISALIGNED);
    printf("%d ", net_set_input_0(&net, camera[0].elements) == NET_OK && net_invoke(&net) == NET_ERROR_NO_BUFFER);
    memset(guess, 99, sizeof guess);
    for (int i = 0; i < 2; ++i) { /* two buffers by turns: one is filled while the other is read */
        if (net_set_input_0(&net, camera[i].elements) != NET_OK || net_set_output_0(&net, guess[i].elements) != NET_OK) {
            return 1;
        }
        printf("%d ", net_invoke(&net) == NET_OK && net_output_0(&net) == guess[i].elements);
        printf("%d ", guess[i].elements[NET_OUTPUT_0_SIZE] == 99 && guess[i].elements[0] != 99);
    }
    printf("%d\n", memcmp(guess[0].elements, guess[1].elements, NET_OUTPUT_0_SIZE) != 0);
    return 0;
}
"""


def test_buffers_of_the_callers(tmp_path: Path) -> None:
    """Inputs may be constants, so nothing is written to them; what is not there, or not aligned, is told."""
    made = compile(DIGITS, tmp_path, name="net", external_io=True)
    assert program(tmp_path, made.sources, BUFFERS).split() == ["1"] * 11


TAKING_TURNS = r"""
#include <stdio.h>
#include "a.h"
#include "b.h"

static both_arena arena;
static a_instance one;
static b_instance two;

int main(void)
{
    printf("%d ", a_init(&one, NULL) == A_ERROR_NULL && a_init(&one, &arena) == A_OK && b_init(&two, &arena) == B_OK);
    for (int i = 1; i <= 3; ++i) {
        a_input_0(&one)[0] = 2.0f;
        printf("%d ", a_invoke(&one) == A_OK);
        printf("%g ", (double)a_output_0(&one)[0]);
        b_input_0(&two)[0] = 10.0f;
        printf("%d ", a_output_0(&one) == NULL && a_invoke(&one) == A_ERROR_ARENA);
        printf("%d ", b_invoke(&two) == B_OK);
        printf("%g ", (double)b_output_0(&two)[0]);
    }
    printf("%d\n", a_reset(&one) == A_OK && (a_input_0(&one)[0] = 2.0f, a_invoke(&one) == A_OK));
    printf("%g\n", (double)a_output_0(&one)[0]);
    return 0;
}
"""


def test_models_take_turns_in_one_arena(tmp_path: Path) -> None:
    """Each with a state of its own, which the other leaves alone; what was in the arena before is told to be gone."""
    made = [compile(accumulator(scale), name=name, share_arena="both") for name, scale in (("a", 0.5), ("b", 2.0))]
    write_package(made, ["cmake"], tmp_path, name="both")
    sources = sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "src").glob("*.c"))
    found = program(tmp_path, ["-Iinclude", *sources], TAKING_TURNS).split()
    expected = ["1", *(text for i in (1, 2, 3) for text in ("1", f"{i}", "1", "1", f"{20 * i}")), "1", "1"]
    assert found == expected


def test_the_example_of_a_package(tmp_path: Path) -> None:
    """It gives every model what it needs: buffers, the arena, weights."""
    write_package([compile(path, **ALL) for path in (DIGITS, WINE)], ["cmake", "arduino", "esp-idf"], tmp_path, name="shared")
    sources = sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "src").glob("*.c"))
    text = (tmp_path / "examples" / "host" / "main.c").read_text(encoding="utf-8")
    found = program(tmp_path, ["-Iinclude", "-Iexamples/host", *sources], text)
    assert found.count("thousandths") == 10 + 3
    sketch = (tmp_path / "examples" / "shared_demo" / "shared_demo.ino").read_text(encoding="utf-8")
    assert '#include "digits_int8_bin.h"' in sketch
    assert (tmp_path / "examples" / "shared_demo" / "digits_int8_bin.h").is_file()


def test_the_arena_is_as_large_as_the_largest(tmp_path: Path) -> None:
    made = [compile(path, share_arena="both") for path in (DIGITS, WINE)]
    write_package(made, ["cmake"], tmp_path, name="both")
    assert "#define BOTH_ARENA_BYTES 1536\n" in (tmp_path / "src" / "both_arena.h").read_text()
    assert made[0].layout.bytes == 1536 > made[1].layout.bytes


def test_rows_pushed_into_a_shared_arena() -> None:
    made = compile(DIGITS, stream_input=True, **ALL)
    assert made.program.entry == "push_row"
    values = made.graph.inputs
    with HostModel(compile(DIGITS)) as one, HostModel(made, flags=STRICT) as two:
        arrays = random_inputs(values, 1).arrays
        assert one.run(arrays).outputs[0].tobytes() == two.run(arrays).outputs[0].tobytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["{digits}", "--share-arena"], "--share-arena: found one model; expected several"),
        (["{digits}", "{wine}", "--share-arena", "--section", "arena=.dtcm"], "arena=.dtcm, with --share-arena"),
        (["{digits}", "--external-weights", "--section", "weights=.ext"], "a section of constants, with --external-weights"),
        (["{digits}", "--external-weights", "--place", "conv2d_3/*=.itcm"], "a section of constants, with --external-weights"),
    ],
)
def test_what_does_not_go_together(arguments: list[str], told: str) -> None:
    filled = [text.format(digits=DIGITS, wine=WINE) for text in arguments]
    with pytest.raises(CompileError, match=told.replace(".", r"\.").replace("*", r"\*")):
        cli.main(filled, standalone_mode=False)
