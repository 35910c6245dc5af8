# SPDX-License-Identifier: Apache-2.0
"""Mutants: conditions changed one at a time, each of which some test must notice.

A mutant is a module with one comparison, `and`, `or`, `not`, sum, product or small number changed. It is put into a copy of the
checkout, where the tests that cover the module run until one fails. Those that none notices are printed: they are explained in
docs/mutants.md, or a test is missing. A driver of its own and no library, since mutmut and cosmic-ray run one command for all
mutants of a project: here each module has its own few tests, and a process that has loaded numpy already.
"""

from __future__ import annotations

import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PASSES = ("tests/passes/test_texts.py", "tests/passes/test_passes.py")
CONTROL = ("tests/operators/test_states.py", "tests/operators/test_control.py")
KERNELS = ("tests/kernels/test_mve_models.py", "tests/kernels/test_dsp_models.py")
TESTS: Mapping[str, tuple[str, ...]] = {
    "tinycc/passes/prune_channels.py": ("tests/passes/test_prune_channels.py", "tests/passes/test_texts.py"),
    "tinycc/passes/layout": ("tests/frontends/test_onnx_layout.py", "tests/passes/test_texts.py"),
    "tinycc/passes/settle_control.py": (
        "tests/passes/test_texts.py",
        "tests/operators/test_control.py",
        "tests/operators/test_states.py",
    ),
    "tinycc/passes/resolve_control.py": ("tests/passes/test_texts.py", "tests/operators/test_control.py"),
    "tinycc/passes/write_back.py": ("tests/passes/test_texts.py", "tests/operators/test_states.py"),
    "tinycc/passes/": PASSES,
    "tinycc/plan/": ("tests/program/test_plan.py",),
    "tinycc/program/": ("tests/program/test_program.py",),
    "tinycc/lowering/": ("tests/program/test_program.py", *CONTROL),
    "tinycc/kernels/choice.py": ("tests/kernels/test_choice.py",),
    "tinycc/kernels/base.py": ("tests/kernels/test_choice.py", "tests/kernels/test_provider.py"),
    "tinycc/kernels/": (
        "tests/operators/test_operators.py",
        "tests/kernels/test_mve_models.py",
        "tests/kernels/test_dsp_models.py",
    ),
    "tinycc/provider.py": ("tests/kernels/test_provider.py",),
}
"""Modules, by what their paths begin with -> the tests that cover them; the first that fits."""
SWAPS: Mapping[type[ast.AST], type[ast.AST]] = {
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult},
}
SLACK = 20.0
"""Seconds that a run of tests may take more than thrice what it takes without a mutant."""


@dataclass(frozen=True)
class Mutant:
    """`text`: the module with the change. `line`: where it is; `change`: what it is, in words."""

    path: str
    line: int
    change: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.change}"


def mutants(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(text)
    for number, node in enumerate(ast.walk(tree)):
        for change, edit in _edits(node):
            other = copy.deepcopy(tree)
            target = next(found for index, found in enumerate(ast.walk(other)) if index == number)
            edit(target)
            yield Mutant(path, getattr(node, "lineno", 0), change, ast.unparse(ast.fix_missing_locations(other)))


def _edits(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], object]]]:
    """What can be changed in a node, in words, and the change."""
    if isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            if type(op) in SWAPS:
                yield _named(node, op), lambda found, index=index, op=op: found.ops.__setitem__(index, SWAPS[type(op)]())
    elif isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            yield f"{ast.unparse(node.values[index])} left out", lambda found, index=index: found.values.pop(index)
        yield _named(node, node.op), lambda found: setattr(found, "op", SWAPS[type(found.op)]())
    elif isinstance(node, ast.BinOp) and type(node.op) in SWAPS and not isinstance(node.left, ast.JoinedStr):
        yield _named(node, node.op), lambda found: setattr(found, "op", SWAPS[type(found.op)]())
    elif isinstance(node, ast.IfExp | ast.If | ast.While):
        yield f"if not ({ast.unparse(node.test)})", lambda found: setattr(found, "test", ast.UnaryOp(ast.Not(), found.test))
    elif isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) <= 64:
        yield f"{node.value} becomes {node.value + 1}", lambda found: setattr(found, "value", found.value + 1)


def _named(node: ast.expr, op: ast.AST) -> str:
    return f"{SWAPS[type(op)].__name__} for {type(op).__name__} in {ast.unparse(node)[:80]}"


def tests_of(path: str) -> tuple[str, ...]:
    return next((tests for start, tests in TESTS.items() if path.startswith(start)), ())


def hunt_mutants(paths: Sequence[str], sample: int, seed: int, minutes: float) -> int:
    """Run the tests on mutants of `paths` (files or folders below `tinycc`), `sample` of each module at most, for about so many
    minutes; print and count those that survive."""
    modules = [
        str(found.relative_to(ROOT))
        for path in paths
        for found in sorted((ROOT / path).rglob("*.py") if (ROOT / path).is_dir() else [ROOT / path])
    ]
    survivors, killed, end = [], 0, time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory(prefix="tinycc-") as folder:
        place = _copied(Path(folder))
        for module in modules:
            text = (ROOT / module).read_text(encoding="utf-8")
            found = list(mutants(module, text))
            random.Random(seed).shuffle(found)
            known = _seconds(place, tests_of(module)) if found and tests_of(module) else None
            for mutant in found[:sample] if known is not None else ():
                if time.monotonic() > end:
                    break
                (place / module).write_text(mutant.text, encoding="utf-8")
                if _passes(place, tests_of(module), 3 * known + SLACK):
                    survivors.append(mutant)
                    print(f"survives: {mutant}", flush=True)
                else:
                    killed += 1
            (place / module).write_text(text, encoding="utf-8")
            print(f"{module}: {killed} killed so far, {len(survivors)} survive", flush=True)
    return len(survivors)


def _copied(folder: Path) -> Path:
    place = folder / "checkout"
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines():
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    os.environ.setdefault("TINYCC_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    return place


def _seconds(place: Path, tests: Sequence[str]) -> float | None:
    """What the tests take as they are; None if they fail."""
    start = time.monotonic()
    passed = _passes(place, tests, 600)
    if not passed:
        print(f"{' '.join(tests)}: fail without a mutant", flush=True)
    return time.monotonic() - start if passed else None


def _passes(place: Path, tests: Sequence[str], seconds: float) -> bool:
    """Whether the tests pass in time, in a process of its own."""
    child = os.fork()
    if child == 0:
        os._exit(_run_tests(place, tests))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.05)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return False


def _run_tests(place: Path, tests: Sequence[str]) -> int:
    import pytest

    os.chdir(place)
    sys.dont_write_bytecode = True
    for name in [name for name in sys.modules if name.split(".")[0] in ("tinycc", "benchmarks", "tests", "conftest")]:
        del sys.modules[name]
    sys.path[:] = [str(place), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1), os.dup2(nothing, 2)
    return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))
