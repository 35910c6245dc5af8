# SPDX-License-Identifier: Apache-2.0
"""Many models in one run: nothing is lost, nothing is done twice, and one bad model stops nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import ROOT

import tinycc
from tinycc.batch import run as running
from tinycc.batch.rows import Candidate, Row, measure
from tinycc.batch.run import candidates_of, models_below, pareto, run, sweep
from tinycc.batch.store import Lines, Parts
from tinycc.cli import cli
from tinycc.errors import CompileError

EXAMPLES = ROOT / "examples"
DIGITS, WINE = EXAMPLES / "digits" / "digits_int8.tflite", EXAMPLES / "wine" / "wine_int8.tflite"
M4 = {"target": "cortex-m4"}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Two models, one that is none, and a file that no one asked about."""
    folder = tmp_path / "models"
    (folder / "deep").mkdir(parents=True)
    shutil.copy(DIGITS, folder / "deep" / "digits.tflite")
    shutil.copy(WINE, folder / "wine.tflite")
    (folder / "broken.tflite").write_bytes(b"not a model")
    (folder / "notes.txt").write_text("x")
    return folder


def test_cost_is_that_of_the_compile() -> None:
    for target in ("generic", "cortex-m4"):
        found, report = tinycc.cost(DIGITS, target), tinycc.compile(DIGITS, target=target).report
        assert (found.ram, found.macs, found.layers) == (report.arena_bytes, report.macs, len(report.layers))
        assert found.cycles == sum(layer.cycles for layer in report.layers)
        assert report.constant_bytes < found.flash < report.constant_bytes + 20_000
    with pytest.raises(CompileError):
        tinycc.cost(b"not a model")


@pytest.mark.skipif(not shutil.which("arm-none-eabi-gcc"), reason="no compiler for Arm")
@pytest.mark.parametrize("model", [DIGITS, WINE], ids=lambda path: path.stem)
def test_flash_is_near_what_is_linked(model: Path) -> None:
    if not shutil.which("qemu-system-arm"):
        pytest.skip("no emulator for Arm")
    linked = tinycc.bench(model, on="cortex-m4")
    assert linked.code_bytes is not None
    assert linked.weight_bytes is not None
    assert tinycc.cost(model, "cortex-m4").flash == pytest.approx(linked.code_bytes + linked.weight_bytes, rel=0.10)


def test_a_batch(models: Path, tmp_path: Path) -> None:
    rows = run(models_below(models), Lines(tmp_path / "out"), M4, jobs=2)
    assert [(row.name, row.status) for row in rows] == [
        ("broken.tflite", "refused"),
        ("deep/digits.tflite", "compiled"),
        ("wine.tflite", "compiled"),
    ]
    assert rows[1].ram == tinycc.cost(DIGITS, "cortex-m4").ram
    assert "expected" in rows[0].problem
    alone = run(models_below(models), Lines(tmp_path / "alone"), M4, jobs=1)
    assert [replace(row, seconds=0.0) for row in alone] == [replace(row, seconds=0.0) for row in rows], "however many processes"


def test_what_is_there_is_not_done_again(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, candidates = Lines(tmp_path / "out"), models_below(models)
    first = run(candidates, store, M4, jobs=1)
    monkeypatch.setattr(running, "_pooled", lambda waiting, *rest: iter(pytest.fail("measured again") for _ in waiting))
    assert run(candidates, store, M4) == first
    monkeypatch.undo()
    assert [row.key for row in run(candidates, store, {}, jobs=1)] != [row.key for row in first], "other options, other rows"
    assert len(store.rows()) == 6


def test_a_line_that_was_cut_short(tmp_path: Path) -> None:
    store = Lines(tmp_path)
    one, two = Row("1", "a", "compiled"), Row("2", "b", "compiled")
    store.add([one])
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write('{"key": "3", "na')
    assert store.rows() == {"1": one}
    store.add([two])
    assert store.rows() == {"1": one, "2": two}


def killed(candidate: Candidate, keywords: Any, *, verify: bool) -> Row:
    """In place of `measure`: one model that takes its process with it."""
    if candidate.name == "deep/digits.tflite":
        os.kill(os.getpid(), signal.SIGKILL)
    return measure(candidate, keywords, verify=verify)


def test_a_model_that_kills_its_process(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "measure", killed)
    rows = run(models_below(models), Lines(tmp_path / "out"), {}, jobs=2)
    assert [row.status for row in rows] == ["refused", "crashed", "compiled"]


def test_a_defect_is_in_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinycc.model_cost.cost_of", lambda model: 1 // 0)
    row = measure(Candidate("digits", path=str(DIGITS)), {}, verify=False)
    assert (row.status, row.problem) == ("crashed", "ZeroDivisionError: integer division or modulo by zero")


def test_verified_rows() -> None:
    assert measure(Candidate("wine", path=str(WINE)), {}, verify=True).status == "passed"


def test_command(models: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(cli, ["batch", str(models), "-o", str(out), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    assert "3 models: 2 compiled, 1 refused" in result.output
    assert (out / "results.md").read_text().count("\n") == 5
    assert isinstance(CliRunner().invoke(cli, ["batch", str(tmp_path / "out"), "-o", str(out)]).exception, CompileError)


CANDIDATES = """
from pathlib import Path

def networks():
    model = Path({wine!r})
    for number in range({count}):
        yield f"net{{number}}", model.read_bytes()
    yield "broken", b"not a model"
"""


@pytest.fixture
def module(tmp_path: Path) -> str:
    path = tmp_path / "candidates.py"
    path.write_text(CANDIDATES.format(wine=str(WINE), count=40))
    return f"{path}:networks"


def test_candidates(module: str, tmp_path: Path) -> None:
    assert [candidate.name for candidate in candidates_of(module)][-2:] == ["net39", "broken"]
    for wrong in (f"{module}s", f"{tmp_path}/none.py:networks", str(tmp_path / "none")):
        with pytest.raises(CompileError, match="candidates: found"):
            candidates_of(wrong)


def test_a_sweep_that_is_killed_and_resumed(module: str, tmp_path: Path) -> None:
    """Two workers on this machine; SIGKILL in the middle; the second run finds what the first one kept."""
    pytest.importorskip("distributed")
    pytest.importorskip("pyarrow")
    out = tmp_path / "out"
    script = (
        "import sys, tinycc.batch.run as r\n"
        "from pathlib import Path\n"
        "from tinycc.batch.store import Parts\n"
        "r.TOGETHER = 4\n"
        "if __name__ == '__main__':\n"
        "    r.sweep(r.candidates_of(sys.argv[1]), Parts(Path(sys.argv[2])), {}, workers=2)\n"
    )
    (tmp_path / "go.py").write_text(script)
    command = [sys.executable, str(tmp_path / "go.py"), module, str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        limit = time.monotonic() + 120
        while len(list(out.glob("part-*.parquet"))) < 2 and time.monotonic() < limit:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
    kept = Parts(out).rows()
    assert 8 <= len(kept) < 41
    subprocess.run(command, env=environment, check=True, timeout=300, stderr=subprocess.DEVNULL)
    rows = Parts(out).rows()
    assert len(rows) == 41
    assert {row.name for row in rows.values()} == {"broken", *(f"net{number}" for number in range(40))}
    assert all(rows[key] == row for key, row in kept.items())


def test_sweep_command(models: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    out = tmp_path / "out"
    result = CliRunner().invoke(cli, ["sweep", str(models), "-o", str(out), "--target", "cortex-m4", "--workers", "1"])
    assert result.exit_code == 0, result.output
    assert "nothing beats 1 of them" in result.output
    assert "wine.tflite" in (out / "pareto.html").read_text(encoding="utf-8")


def test_nobody_answers(module: str, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(CompileError, match="Dask scheduler"):
        sweep(candidates_of(module), Parts(tmp_path / "out"), {}, scheduler="tcp://127.0.0.1:1")


def test_pareto() -> None:
    base = Row("", "", "compiled", ram=10, flash=10, cycles=10)
    small = replace(base, key="small", ram=5, cycles=20)
    worse = replace(base, key="worse", flash=11)
    best = replace(base, key="best")
    equal = replace(base, key="equal")
    none = replace(base, key="none", status="refused", ram=1, flash=1, cycles=1)
    assert [row.key for row in pareto([worse, best, small, equal, none])] == ["small", "best", "equal"]


def test_rows_survive_json() -> None:
    from tinycc.batch.rows import row_of

    row = Row("1", "a", "compiled", ram=1, seconds=0.5)
    assert row_of(json.loads(json.dumps(row.to_json()))) == row
