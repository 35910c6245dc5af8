# SPDX-License-Identifier: Apache-2.0
"""Signatures of one file: a package holds the constants that they have in common once, and says what they do not share."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from harness import STRICT
from model_builder import ModelBuilder

from tinycc.cli import cli
from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import find_compiler
from tinycc.interpret import interpret
from tinycc.packages.layout import lay_out, write_package
from tinycc.provenance.folder import check_folder

INPUT = np.linspace(-1, 1, 40, dtype=np.float32).reshape(1, 40)


def two_heads() -> bytes:
    """`scores` is a dense layer, `classes` the same layer and another behind it."""
    rng = np.random.default_rng(8)
    body, head = (rng.standard_normal(shape).astype(np.float32) for shape in ((30, 40), (3, 30)))
    m = ModelBuilder()
    options = {"fused_activation_function": "RELU"}
    x, y = m.input((1, 40), name="x"), m.tensor((1, 30))
    m.op("FULLY_CONNECTED", [x, m.const(body), -1], [y], **options)
    g = m.subgraph("classes")
    given, between, result = g.input((1, 40), name="x"), g.tensor((1, 30)), g.tensor((1, 3))
    g.op("FULLY_CONNECTED", [given, g.const(body), -1], [between], **options)
    g.op("FULLY_CONNECTED", [between, g.const(head), -1], [result], fused_activation_function="NONE")
    g.outputs = [result]
    m._file.signatures = {"scores": 0, "classes": g.index}
    return m.build([y])


def both(data: bytes, **options: object) -> list[object]:
    return [compile(load(data, signature=name, name=name, **options)) for name in ("scores", "classes")]  # type: ignore[arg-type]


MAIN = """#include <stdio.h>
#include "scores.h"
#include "classes.h"

static scores_instance a;
static classes_instance b;

int main(void)
{
    (void)scores_init(&a);
    (void)classes_init(&b);
    for (int i = 0; i < 40; ++i) {
        scores_input_0(&a)[i] = -1.0f + (float)i * 2.0f / 39.0f;
        classes_input_0(&b)[i] = scores_input_0(&a)[i];
    }
    (void)scores_invoke(&a);
    (void)classes_invoke(&b);
    for (int i = 0; i < 30; ++i) {
        printf("%.9g\\n", (double)scores_output_0(&a)[i]);
    }
    for (int i = 0; i < 3; ++i) {
        printf("%.9g\\n", (double)classes_output_0(&b)[i]);
    }
    return 0;
}
"""


def test_weights_are_there_once_and_serve_both(tmp_path: Path) -> None:
    data = two_heads()
    write_package(both(data), ["cmake"], tmp_path, name="net")  # type: ignore[arg-type]
    texts = {path.name: path.read_text() for path in (tmp_path / "src").iterdir()}
    assert re.findall(r"^NET_CONSTANTS_CONSTANTS const float \w+\[(\d+)\]", texts["net_constants.c"], re.MULTILINE) == ["1200"]
    assert "[1200]" not in texts["scores_weights.c"] + texts["classes_weights.c"]
    assert "[90]" in texts["classes_weights.c"]
    assert "also of classes" in texts["net_constants.c"]
    assert "4800 of them in net_constants.c, which models share" in texts["scores.h"]
    (tmp_path / "try.c").write_text(MAIN)
    sources = [str(path) for path in sorted((tmp_path / "src").glob("*.c"))]
    command = [*find_compiler(), "-std=c99", "-fsanitize=address,undefined", *STRICT, "-Isrc", "try.c", *sources]
    subprocess.run([*command, "-lm", "-o", "try"], cwd=tmp_path, check=True)
    found = np.array(subprocess.run(["./try"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split(), float)
    expected = [interpret(load(data, signature=name).graph, [INPUT])[0].ravel() for name in ("scores", "classes")]
    np.testing.assert_allclose(found, np.concatenate(expected), rtol=1e-5, atol=1e-5)


def test_what_is_remade_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "heads.tflite").write_bytes(two_heads())
    arguments = ["compile", str(tmp_path / "heads.tflite"), "--signature", "all", "-o", str(tmp_path / "out")]
    shown = CliRunner().invoke(cli, [*arguments, "--package", "cmake,arduino"], catch_exceptions=False).output
    assert "tinycc_models_constants: 4,800 bytes, once for all; flash holds 4,800 less" in shown
    assert "note:" not in shown
    assert check_folder(tmp_path / "out", [tmp_path / "heads.tflite"]).passed
    told = json.loads(CliRunner().invoke(cli, [*arguments[:-2], "--json"], catch_exceptions=False).output)
    assert (told["shared_constant_bytes"], told["saved_constant_bytes"]) == (4800, 4800)


def test_constants_stay_apart_where_they_are_asked_to_lie_apart() -> None:
    """Equal ones in different sections, and those that the firmware hands in."""
    data = two_heads()
    scores, classes = (compile(load(data, signature=name, name=name)) for name in ("scores", "classes"))
    placed = compile(load(data, signature="classes", name="classes", sections={"weights": ".ext"}))
    assert "src/net_constants.c" in lay_out([scores, classes], ["cmake"], name="net")
    assert "src/net_constants.c" not in lay_out([scores, placed], ["cmake"], name="net")
    external = both(data, external_weights=True)
    assert "src/net_constants.c" not in lay_out(external, ["cmake"], name="net")  # type: ignore[arg-type]
    both_placed = both(data, sections={"weights": ".ext"})
    text = lay_out(both_placed, ["cmake"], name="net")["src/net_constants.c"]  # type: ignore[arg-type]
    assert 'NET_CONSTANTS_SECTION(".ext") const float' in str(text)


def test_a_model_called_like_the_constants_is_refused() -> None:
    made = [
        compile(load(two_heads(), signature=name, name=prefix))
        for name, prefix in (("scores", "net_constants"), ("classes", "classes"))
    ]
    with pytest.raises(CompileError, match="--package-name: found 'net'"):
        lay_out(made, ["cmake"], name="net")


def test_variables_that_signatures_share_are_told() -> None:
    """What `add` keeps, `get` would read in the file; in C each has an instance of its own."""
    m = ModelBuilder()
    x, handle, before, y = m.input((1, 4)), m.tensor((), "resource"), m.tensor((1, 4)), m.tensor((1, 4))
    m.op("VAR_HANDLE", [], [handle], shared_name="sum")
    m.op("READ_VARIABLE", [handle], [before])
    m.op("ADD", [before, x], [y], fused_activation_function="NONE")
    m.op("ASSIGN_VARIABLE", [handle, y], [])
    g = m.subgraph("get")
    other, kept, given, result = g.tensor((), "resource"), g.tensor((1, 4)), g.input((1, 4)), g.tensor((1, 4))
    g.op("VAR_HANDLE", [], [other], shared_name="sum")
    g.op("READ_VARIABLE", [other], [kept])
    g.op("ADD", [kept, given], [result], fused_activation_function="NONE")
    g.op("ASSIGN_VARIABLE", [other, result], [])
    g.outputs = [result]
    m._file.signatures = {"add": 0, "get": g.index}
    (note,) = load(m.build([y]), signature="get").notes
    assert note.startswith("variable sum: the file shares it with signature add; in C each has one of its own")


def test_what_another_signature_assigns_is_told() -> None:
    m = ModelBuilder()
    x, handle = m.input((1, 4)), m.tensor((), "resource")
    m.op("VAR_HANDLE", [], [handle], shared_name="sum")
    m.op("ASSIGN_VARIABLE", [handle, x], [])
    g = m.subgraph("get")
    other, kept, result = g.tensor((), "resource"), g.tensor((1, 4)), g.tensor((1, 4))
    g.op("VAR_HANDLE", [], [other], shared_name="sum")
    g.op("READ_VARIABLE", [other], [kept])
    g.op("ABS", [kept], [result])
    g.outputs = [result]
    m._file.signatures = {"set": 0, "get": g.index}
    with pytest.raises(CompileError, match="variable sum, which nothing but another entry point assigns"):
        load(m.build([x]), signature="get")
