# SPDX-License-Identifier: Apache-2.0
"""The proof of the generated C: it succeeds on what is right, and fails on what is not."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import ROOT
from model_builder import ModelBuilder

from tinycc.cli import cli
from tinycc.compiler import Compilation, compile
from tinycc.errors import CompileError
from tinycc.proof.contracts import CONTRACTS
from tinycc.proof.drivers import Driver, step_drivers, whole_driver
from tinycc.proof.eva import read_log
from tinycc.proof.prove import Proof, prove

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"
WINE_FLOAT = ROOT / "examples" / "wine" / "wine_float32.tflite"
needs_frama_c = pytest.mark.skipif(not shutil.which("frama-c"), reason="no frama-c")
Q = {"scale": 0.5, "zero_point": 3}


def shown(proof: Proof) -> str:
    return "\n".join(f"{found.driver.name}: {found.alarms} {found.missing}" for found in proof.found if not found.proved)


@needs_frama_c
@pytest.mark.parametrize("target", ["generic", "cortex-m4", "cortex-m55"])
def test_a_network_of_dense_layers(target: str) -> None:
    proof = prove(compile(WINE, target=target))
    assert proof.proved, shown(proof)
    assert {found.driver.name for found in proof.found} >= {"whole", "step_1", "contract_reciprocal_of_one_plus"}


@needs_frama_c
def test_a_float_network() -> None:
    proof = prove(compile(WINE_FLOAT))
    assert proof.proved, shown(proof)


@needs_frama_c
@pytest.mark.parametrize("target", ["int8", "int16"])
def test_floats_become_codes(target: str) -> None:
    """Infinities and NaN, too."""
    m = ModelBuilder()
    m.op("QUANTIZE", [m.input((1, 5), "float32")], [y := m.tensor((1, 5), target, scale=0.1, zero_point=0)])
    proof = prove(compile(m.build([y])))
    assert proof.proved, shown(proof)


@needs_frama_c
def test_every_step_of_a_convolutional_network() -> None:
    proof = prove(compile(DIGITS), whole=False)
    assert proof.proved, shown(proof)
    names = [found.driver.name for found in proof.found]
    steps, rows = [f"step_{number}" for number in (1, 5, 6, 7, 9, 10)], ["steps_2", "steps_3"]
    assert sorted(names) == sorted([*steps, *rows, "contract_reciprocal_of_one_plus"])


def window(op: str) -> bytes:
    """A small network around one operator with windows."""
    m = ModelBuilder()
    x = m.input((1, 4, 4, 3), "int8", name="x", **Q)
    y = m.tensor((1, 4, 4, 3 if op != "CONV_2D" else 2), "int8", name="y", **Q)
    options: dict[str, Any] = {"padding": "SAME", "stride_h": 1, "stride_w": 1, "fused_activation": "NONE"}
    if op == "CONV_2D":
        rng = np.random.default_rng(0)
        scales = {"scale": [0.1, 0.2], "zero_point": [0, 0], "axis": 0}
        w = m.const(rng.integers(-127, 128, (2, 3, 3, 3)).astype(np.int8), name="w", **scales)
        b = m.const(np.array([5, -7], np.int32), name="b", scale=[0.05, 0.1], zero_point=[0, 0], axis=0)
        m.op(op, [x, w, b], [y], **options)
    else:
        m.op(op, [x], [y], filter_height=2, filter_width=2, **options)
    return m.build(outputs=[y])


def chain() -> bytes:
    """Two convolutions, the second with a stride, that are worth running row by row."""
    m = ModelBuilder()
    rng = np.random.default_rng(1)
    x = m.input((1, 10, 4, 2), "int8", name="x", **Q)
    for number, (lines, columns, stride) in enumerate(((10, 4, 1), (5, 2, 2))):
        y = m.tensor((1, lines, columns, 2), "int8", name=f"y{number}", **Q)
        w = m.const(rng.integers(-127, 128, (2, 3, 3, 2)).astype(np.int8), name=f"w{number}", scale=0.01, zero_point=0)
        options = {"padding": "SAME", "stride_h": stride, "stride_w": stride, "fused_activation": "NONE"}
        m.op("CONV_2D", [x, w], [y], **options)
        x = y
    return m.build(outputs=[x])


@needs_frama_c
def test_row_by_row() -> None:
    proof = prove(compile(chain(), name="net", optimize="ram"), whole=True)
    assert proof.proved, shown(proof)
    assert {found.driver.name for found in proof.found} >= {"steps_1", "whole"}


Change = Callable[[str], str]


def changed(compilation: Compilation, path: str, change: Change) -> Compilation:
    """With another text in one of its files."""
    files = dict(compilation.files)
    before = files[path]
    files[path] = change(before)
    assert files[path] != before, "the mutation found nothing to change"
    return replace(compilation, emission=replace(compilation.emission, files=files))


def substituted(pattern: str, by: str) -> Change:
    return lambda text: re.sub(pattern, by, text, count=1)


SOFTMAX, FC = "cmsis_nn/arm_nn_softmax_s8.c", "cmsis_nn/arm_nn_fully_connected_s8.c"
MUTANTS: dict[str, tuple[bytes | Path, str, Change]] = {
    "an element too many": (WINE, "kernels/tk_lut.c", substituted("i < n;", "i <= n;")),
    "a row too many": (
        window("MAX_POOL_2D"),
        "cmsis_nn/arm_max_pool_s8.c",
        substituted("input_dims->h, 1", "input_dims->h + 1, 1"),
    ),
    "a channel unwritten": (
        window("AVERAGE_POOL_2D"),
        "cmsis_nn/arm_avgpool_s8.c",
        substituted("c < channels", "c + 1 < channels"),
    ),
    "a sum too large": (
        window("AVERAGE_POOL_2D"),
        "cmsis_nn/arm_avgpool_s8.c",
        substituted(r"sum \+ count / 2", "sum * 0x1000000"),
    ),
    "a shift too far": (WINE, SOFTMAX, substituted(r"\(int32_t\)1 << shift", "(int32_t)1 << (shift + 9)")),
    "a pointer beyond one past the end": (WINE, FC, substituted(r"rows.first \+= depth", "rows.first += depth + 1")),
}
"""Each seen by the analysis of its step; the last by no sanitizer, as nobody follows the pointer."""


@needs_frama_c
@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_is_found(name: str) -> None:
    model, path, change = MUTANTS[name]
    assert not prove(changed(compile(model, name="net"), path, change), whole=False).proved


@needs_frama_c
@pytest.mark.parametrize("op", ["CONV_2D", "MAX_POOL_2D", "AVERAGE_POOL_2D"])
def test_windows(op: str) -> None:
    proof = prove(compile(window(op), name="net"), whole=True)
    assert proof.proved, shown(proof)


@needs_frama_c
def test_a_contract_that_does_not_hold_is_found() -> None:
    right = compile(WINE, name="net")
    broken = changed(right, "cmsis_nn/arm_nn_softmax_s8.c", substituted("1515870810", "1015870810"))
    failed = {found.driver.name for found in prove(broken, whole=False).found if not found.proved}
    assert failed == {"contract_reciprocal_of_one_plus"}


@needs_frama_c
def test_a_time_limit_proves_nothing() -> None:
    proof = prove(compile(DIGITS), whole=False, limit=0.01)
    assert not any(found.proved for found in proof.found)
    assert all(found.missing == ("not done within 0.01 s",) for found in proof.found)


def test_contracts_stand_in_the_runtime() -> None:
    for contract in CONTRACTS:
        (path,) = (ROOT / "runtime").rglob(contract.file)
        text = path.read_text(encoding="utf-8")
        annotation = text[: text.index(f"{contract.function}(")].rpartition("/*@")[2]
        assert contract.ensures.replace("y", "\\result") in annotation


DRIVER = Driver("step_1", "", "", (), ("success", "written_0"))
SUMMARY = """[eva:summary] ====== ANALYSIS SUMMARY ======
    Assertions        {valid} valid     {unknown} unknown     0 invalid      2 total
    Preconditions     1 valid     0 unknown     0 invalid      1 total
"""


def test_reading_a_log() -> None:
    fine = SUMMARY.format(valid=2, unknown=0)
    assert read_log(DRIVER, fine, 0, 1.0).proved
    assert not read_log(DRIVER, fine, 1, 1.0).proved
    assert not read_log(DRIVER, "", 0, 1.0).proved
    assert "1 not shown" in read_log(DRIVER, SUMMARY.format(valid=1, unknown=1), 0, 1.0).missing[0]
    assert "not reached" in read_log(DRIVER, SUMMARY.format(valid=1, unknown=0), 0, 1.0).missing[0]
    assert read_log(
        DRIVER, "[kernel] x.c: Warning: \n  Neither code nor specification for function gone, ...\n" + fine, 0, 1.0
    ).missing
    assert read_log(DRIVER, "Neither code nor specification for function tanhf, ...\n" + fine, 0, 1.0).proved
    alarm = "[eva:alarm] a.c:3: Warning: \n  signed overflow. assert x + 1 <= 2147483647;\n"
    (found,) = read_log(DRIVER, alarm + fine, 0, 1.0).alarms
    assert (found.place, found.text) == ("a.c:3", "signed overflow. assert x + 1 <= 2147483647;")


def test_drivers_have_an_array_for_each_buffer() -> None:
    compilation = compile(DIGITS, target="cortex-m4", name="net", without=["stream"])
    drivers = list(step_drivers(compilation))
    assert len(drivers) == len([step for step in compilation.program.all_steps if step.calls])
    assert all("arena" not in driver.text for driver in drivers)
    first = drivers[0].text
    assert "uint8_t own_in_input_0[64];" in first
    assert "Frama_C_make_unknown((char *)in_input_0, 64);" in first
    assert "make_unknown((char *)in_y1" not in first
    assert "\\initialized(&own_in_y1[0 .. 1023])" in first
    assert all(path.endswith(".c") for path in whole_driver(compilation).sources)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, arguments)


@needs_frama_c
def test_command(tmp_path: Path) -> None:
    result = run("prove", str(WINE), "--steps-only", "--json", "--keep", str(tmp_path / "kept"))
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert found["proved"]
    assert "in each step by itself" in found["claim"]
    assert "ANALYSIS SUMMARY" in (tmp_path / "kept" / "prove_step_1.log").read_text()
    late = run("prove", str(DIGITS), "--steps-only", "--time-limit", "1")
    assert (late.exit_code, "NOT PROVED" in late.output) == (1, True)


@needs_frama_c
def test_what_was_analysed_is_not_again(tmp_path: Path) -> None:
    """Until a file, the driver or the command line changes; an analysis that was broken off counts for nothing."""
    compilation, kept = compile(WINE), tmp_path / "kept"
    first = prove(compilation, whole=False, keep=kept)
    logs = sorted(kept.glob("*.log"))
    written = [log.stat().st_mtime_ns for log in logs]
    again = prove(compilation, whole=False, keep=kept, limit=0.001)
    assert again.proved, shown(again)
    assert len(again.found) == len(first.found) == len(logs)
    assert [log.stat().st_mtime_ns for log in logs] == written
    assert not prove(compilation, whole=False, keep=kept, machine="int16", limit=0.001).proved
    logs[0].write_text("# 1.0\n[eva] ====== ANALYSIS SUMMARY ======\n")
    assert not prove(compilation, whole=False, keep=kept, limit=0.001).proved


def test_without_the_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinycc.proof.eva.find_tool", lambda *args: None)
    with pytest.raises(CompileError, match="apt-get install frama-c-base"):
        prove(compile(WINE))


def test_a_machine_that_is_not_there() -> None:
    if shutil.which("frama-c"):
        with pytest.raises(CompileError, match="ilp32, int16"):
            prove(compile(WINE), machine="z80")
