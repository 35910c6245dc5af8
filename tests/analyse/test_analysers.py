# SPDX-License-Identifier: Apache-2.0
"""Analysers over emitted C: what is wrong is found, what is listed is let through, and no more than that."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT))

from benchmarks.analyse.deviations import PAGE, Deviation, excess, page, read_deviations
from benchmarks.analyse.findings import Finding
from benchmarks.analyse.fuzzing import fuzz_inputs
from benchmarks.analyse.reading import READERS
from benchmarks.analyse.watching import WATCHERS, has_sanitizers, kernel_of
from tinycc.compiler import Compilation, compile

WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"
DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
CLEAN = ["asan+ubsan", "msan"]


def watched(name: str, compilation: Compilation, folder: Path) -> list[Finding]:
    if not WATCHERS[name].is_here:
        pytest.skip(f"{name} is not installed")
    compilation.write(folder)
    return WATCHERS[name].watch(compilation, folder)


def changed(compilation: Compilation, path: str, change: Callable[[str], str]) -> Compilation:
    files = {**compilation.files, path: change(compilation.files[path])}
    assert files != compilation.files
    return replace(compilation, emission=replace(compilation.emission, files=files))


@pytest.mark.parametrize("name", CLEAN)
def test_a_model_that_is_right(name: str, tmp_path: Path) -> None:
    assert watched(name, compile(WINE, name="model"), tmp_path) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("asan+ubsan", "i < n;", "i < n + 9000;", "buffer-overflow"),
        ("asan+ubsan", "to[i] =", "to[i] = INT32_MAX - 2 + i < 0; to[i] =", "undefined-behaviour"),
        ("msan", "to[i] =", "uint8_t unset[2]; to[i] = unset[i % 2] +", "use-of-uninitialized-value"),
    ],
)
def test_a_mistake_is_found(name: str, old: str, new: str, rule: str, tmp_path: Path) -> None:
    wrong = changed(compile(WINE, name="model"), "kernels/tk_lut.c", lambda text: text.replace(old, new, 1))
    assert any(rule in found.rule for found in watched(name, wrong, tmp_path))


def test_what_depends_on_inputs(tmp_path: Path) -> None:
    """By kernel: digits branches in its softmax and max pool, and nowhere else."""
    found = watched("memcheck", compile(DIGITS, name="model", watched=True), tmp_path)
    assert {one.rule for one in found} == {"branch arm_softmax_s8", "branch arm_max_pool_s8"}


def test_the_kernel_of_a_line() -> None:
    compilation = compile(DIGITS, name="model")
    text = compilation.files["model.c"]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "arm_softmax_s8(" in line]
    assert kernel_of(compilation, text, lines[-1]) == "arm_softmax_s8"
    assert kernel_of(compilation, text, 1) == "control"


@pytest.mark.parametrize("name", READERS)
def test_a_model_has_no_more_than_is_listed(name: str, tmp_path: Path) -> None:
    if not READERS[name].is_here:
        pytest.skip(f"{name} is not installed")
    compilation = compile(WINE, name="model")
    compilation.write(tmp_path)
    found = READERS[name].read(tmp_path, [path for path in compilation.sources if path.endswith(".c")])
    assert excess(found, sample=False) == []


@pytest.mark.parametrize(("name", "rule"), [("fanalyzer", "-Wanalyzer-null-dereference"), ("cppcheck", "nullPointer")])
def test_a_reader_finds_a_mistake(name: str, rule: str, tmp_path: Path) -> None:
    if not READERS[name].is_here:
        pytest.skip(f"{name} is not installed")
    (tmp_path / "wrong.c").write_text("int f(int a);\nint f(int a)\n{\n    int *p = 0;\n    return a > 3 ? *p : a;\n}\n")
    (found,) = [found for found in READERS[name].read(tmp_path, ["wrong.c"]) if "misra" not in found.rule]
    assert (found.rule, found.file, found.line, found.part) == (rule, "wrong.c", 5, "model")


def test_more_than_is_listed_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = (Deviation("cppcheck", "a", 1, 1, "so"),)
    monkeypatch.setattr("benchmarks.analyse.deviations.read_deviations", lambda: listed)
    kernel, other = Finding("cppcheck", "a", "kernels/x.c", 1), Finding("cppcheck", "a", "kernels/x.c", 2)
    models = [Finding("cppcheck", "a", "model.c", line) for line in (1, 2)]
    assert excess([kernel, *models], sample=False) == []
    assert excess([kernel, other], sample=False)
    assert excess(models, sample=True)
    assert excess([Finding("cppcheck", "b", "model.c", 1)], sample=False)


def test_the_page_is_the_list() -> None:
    deviations = read_deviations()
    assert PAGE.read_text(encoding="utf-8") == page(deviations), "run: python -m benchmarks analyse --write"
    assert [one for one in deviations if not one.reason] == []


@pytest.mark.parametrize("right", [True, False])
def test_fuzzing_inputs(
    right: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not has_sanitizers():
        pytest.skip("no clang with libFuzzer")
    made = compile(WINE, name="model")
    wrong = changed(
        made, "kernels/tk_lut.c", lambda text: text.replace("to[i] =", "to[i] = INT32_MAX - from[i] + 9 < 0; to[i] =")
    )
    monkeypatch.setattr("benchmarks.analyse.fuzzing.compile", lambda *args, **keywords: made if right else wrong)
    assert fuzz_inputs([WINE], 2, "generic", tmp_path) == (0 if right else 1)
    assert ("nothing found" if right else "signed integer overflow") in capsys.readouterr().out
    assert list((tmp_path / WINE.stem).iterdir()), "inputs are kept"
