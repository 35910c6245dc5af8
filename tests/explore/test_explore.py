# SPDX-License-Identifier: Apache-2.0
"""`tinycc explore`: every point is what its options give, nothing beats it, and each is right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.explore import explore
from tinycc.model_cost import unbeaten

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"
HAS_ARM = shutil.which("arm-none-eabi-gcc") and shutil.which("qemu-system-arm")


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tinycc", "explore", *arguments],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_beats_a_point_and_each_is_what_its_options_give() -> None:
    model = load(DIGITS)
    tried, best = explore(model, target="cortex-m4", compare=False)
    assert [point.number for point in best] == list(range(1, len(best) + 1))
    assert len({point.costs for point in tried}) == len(tried) >= len(best) >= 4
    for point in best:
        assert not any(other.costs != point.costs and all(map(int.__le__, other.costs, point.costs)) for other in tried)
    small = [point for point in best if point.options.flash is not None]
    assert len({point.flash for point in small}) >= 2, "budgets of flash"
    assert all(point.flash <= (point.options.flash or 0) for point in small)
    for point in (best[0], best[-1]):
        assert compile(model, options=point.options).report.arena_bytes == point.ram, point.flags
    whole = compile(model, target="cortex-m4", without=["stream"]).report.arena_bytes
    assert best[0].ram < whole, "the least RAM comes of rows"
    assert min(point.cycles for point in best) <= min(point.cycles for point in tried)


def test_points_are_compared_with_the_reference() -> None:
    _, best = explore(WINE, compare=True)
    assert {point.verified for point in best} == {"tflm"}


def test_wrong_c_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import tinycc.explore as module

    verify = module.verify

    def wrong(*arguments: object, **keywords: object) -> object:
        verdict = verify(*arguments, **keywords)  # type: ignore[arg-type]
        return replace(verdict, outputs=tuple(replace(row, outside=1) for row in verdict.outputs))

    monkeypatch.setattr(module, "verify", wrong)
    with pytest.raises(CompileError, match=r"found FAIL: .*wine_int8"):
        explore(WINE)


@pytest.mark.skipif(not HAS_ARM, reason="no cross compiler, or no emulator")
def test_counted_on_a_core() -> None:
    tried, best = explore(WINE, on="cortex-m4", compare=False)
    assert all(point.counted for point in best)
    assert not any(point.counted for point in tried)
    assert best == tuple(replace(point, number=n) for n, point in enumerate(unbeaten(best, lambda p: p.costs), 1))


def test_a_point_is_written(tmp_path: Path) -> None:
    done = command(str(WINE), "--skip-verify", "--point", "1", "-o", "out", "--html", "page.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "wine_int8.c").exists()
    assert "nothing is better" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--point", "1"], "one without the other"),
        (["-o", "out"], "one without the other"),
        (["--point", "99", "-o", "out"], "--point: found 99; expected a number from 1 to"),
    ],
)
def test_what_is_refused(arguments: list[str], problem: str, tmp_path: Path) -> None:
    done = command(str(WINE), "--skip-verify", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert problem in done.stderr
    assert not (tmp_path / "out").exists()
