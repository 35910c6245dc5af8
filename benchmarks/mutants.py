# SPDX-License-Identifier: Apache-2.0
"""Mutants: conditions changed one at a time, each of which some test must notice.

A mutant is a module with one comparison, `and`, `or` or test of an `if` changed; on demand also a sum, a product or a small
number. Those that no test notices are printed: they are explained in docs/mutants.md, or a test is missing. A driver of its own
and no library, since mutmut and cosmic-ray start the tests anew for every mutant: here the tests are collected and traced once,
and a mutant is a fork of that process (mutant_runs.py).
"""

from __future__ import annotations

import ast
import copy
import os
import random
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PASSES = tuple(f"tests/passes/test_{name}.py" for name in ("texts", "passes", "edges", "branch_edges", "drawn"))
CONTROL = ("tests/passes/test_control_edges.py", "tests/operators/test_states.py", "tests/operators/test_control.py")
CHOICE = tuple(f"tests/kernels/test_{name}.py" for name in ("choice", "choice_edges", "provider"))
CHOICES = tuple(
    f"tests/kernels/test_{name}.py"
    for name in (
        "choices",
        "goals",
        "facts",
        "fact_numbers",
        "unusual_facts",
        "unusual_calls",
        "kernel_edges",
        "variations",
        "account",
        "calls",
        "coded",
        "economy",
    )
)
CASES = "tests/operators/test_operators.py"
ROWS = tuple(
    f"tests/program/test_{name}.py"
    for name in ("parts", "forms", "runs", "search", "lowering", "pulled", "rooms", "streams", "rings")
)
TESTS: Mapping[str, tuple[str, ...]] = {
    "tinycc/passes/prune_channels.py": ("tests/passes/test_prune_channels.py", "tests/passes/test_prune_drawn.py", *PASSES),
    "tinycc/passes/views.py": (*PASSES, "tests/passes/test_layout_edges.py"),
    "tinycc/passes/layout": ("tests/frontends/test_onnx_layout.py", "tests/passes/test_layout_edges.py", *PASSES),
    "tinycc/passes/settle_control.py": (*PASSES, *CONTROL),
    "tinycc/passes/resolve_control.py": (*PASSES, *CONTROL),
    "tinycc/passes/write_back.py": (*PASSES, *CONTROL, "tests/operators/test_ops_circular.py"),
    "tinycc/passes/s": (*PASSES, *(f"tests/passes/test_{name}.py" for name in ("steps", "step_rules", "shift_states"))),
    "tinycc/passes/": PASSES,
    "tinycc/plan/banks.py": ("tests/apart/test_banks.py",),
    "tinycc/plan/": tuple(f"tests/program/test_{name}.py" for name in ("trace", "parts", "plan", "program")),
    "tinycc/schedule/": ROWS,
    "tinycc/lowering/": (*ROWS, "tests/program/test_program.py", "tests/apart/test_apart.py"),
    "tinycc/arrange.py": ("tests/program/test_arrange.py", *ROWS),
    "tinycc/kernels/accumulate.py": (*CHOICES, *ROWS),
    "tinycc/kernels/portable/accumulate.py": ("tests/kernels/test_sums_of_rows.py", *CHOICES, *ROWS),
    "tinycc/kernels/choice.py": CHOICE,
    "tinycc/kernels/base.py": CHOICE,
    "tinycc/kernels/cmsis_nn/": (*CHOICES, *CHOICE, "tests/kernels/test_cmsis_provider.py", CASES),
    "tinycc/kernels/dsp/": (
        *CHOICES,
        *CHOICE,
        *(f"tests/kernels/test_{name}.py" for name in ("pool_lines", "dsp_models", "packed")),
    ),
    "tinycc/kernels/mve/": (*CHOICES, *CHOICE, *(f"tests/kernels/test_{name}.py" for name in ("mve_edges", "mve_models"))),
    "tinycc/kernels/fpu/": (*CHOICES, *CHOICE, "tests/kernels/test_fpu_models.py"),
    "tinycc/kernels/portable/paired.py": (*CHOICES, *CHOICE, "tests/kernels/test_paired_models.py"),
    "tinycc/kernels/stored/": (
        *CHOICES,
        *CHOICE,
        "tests/kernels/test_stored_edges.py",
        "tests/kernels/test_mve_edges.py",
        CASES,
    ),
    "tinycc/kernels/": (*CHOICES, *CHOICE, CASES),
    "tinycc/provider.py": CHOICE,
}
"""Modules, by what their paths begin with -> the tests that concern them; the first that fits."""
SWAPS: Mapping[type[ast.AST], type[ast.AST]] = {
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult},
}


@dataclass(frozen=True)
class Mutant:
    """`tree`: the module with the change; `text`: CRC-32 of the module without. `lines` and `column`: where the change is, a
    test that runs none of the lines cannot notice; `change`: what it is, in words."""

    path: str
    text: int
    lines: range
    column: int
    change: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.path}:{self.lines.start}: {self.change}"


def mutants(path: str, text: str, arithmetic: bool = False) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(text)
    for number, node in enumerate(ast.walk(tree)):
        for change, edit in (*_conditions(node), *(_arithmetic(node) if arithmetic else ())):
            other = copy.deepcopy(tree)
            target = next(found for index, found in enumerate(ast.walk(other)) if index == number)
            edit(target)
            other = _Alone().visit(other)
            place: Any = node.test if isinstance(node, ast.If | ast.While) else node
            lines = range(place.lineno, place.end_lineno + 1)
            yield Mutant(path, zlib.crc32(text.encode()), lines, place.col_offset, change, ast.fix_missing_locations(other))


class _Alone(ast.NodeTransformer):
    """What is left of `a and b` without `b`."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        return node if len(node.values) > 1 else node.values[0]


Edit = tuple[str, Callable[[Any], object]]
"""What is changed in a node, in words, and the change."""


def _conditions(node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            if type(op) in SWAPS:
                yield _named(node, op), partial(_swapped, index, op)
    elif isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            yield f"{_short(node.values[index])} left out", partial(_left_out, index)
        yield _named(node, node.op), lambda found: setattr(found, "op", SWAPS[type(found.op)]())
    elif isinstance(node, ast.IfExp | ast.If | ast.While):
        yield f"if not ({_short(node.test)})", lambda found: setattr(found, "test", ast.UnaryOp(ast.Not(), found.test))


def _swapped(index: int, op: ast.cmpop, found: Any) -> None:
    found.ops[index] = SWAPS[type(op)]()


def _left_out(index: int, found: Any) -> None:
    del found.values[index]


def _arithmetic(node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS and not isinstance(node.left, ast.JoinedStr):
        yield _named(node, node.op), lambda found: setattr(found, "op", SWAPS[type(found.op)]())
    elif isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) <= 64:
        yield f"{node.value} becomes {node.value + 1}", lambda found: setattr(found, "value", found.value + 1)


def _named(node: ast.expr, op: ast.AST) -> str:
    return f"{SWAPS[type(op)].__name__} for {type(op).__name__} in {_short(node)}"


def _short(node: ast.expr) -> str:
    return ast.unparse(node)[:100]


def tests_of(path: str) -> tuple[str, ...]:
    return next((tests for start, tests in TESTS.items() if path.startswith(start)), ())


@dataclass(frozen=True)
class Hunted:
    """How many mutants of a module died, lived on, or are where no test comes; `seconds`: what they took."""

    killed: int
    survived: int
    unreached: int
    seconds: float


def hunt_mutants(
    paths: Sequence[str], tests: Sequence[str], sample: int, seed: int, arithmetic: bool, log: Path | None = None
) -> int:
    """Run the tests on mutants of `paths` (files or folders below the checkout), `sample` of each module at most; print and
    count those that survive. `tests`: instead of those of the table. `log`: what became of them before, which is not asked
    again."""
    modules = [
        str(found.relative_to(ROOT))
        for path in paths
        for found in sorted((ROOT / path).rglob("*.py") if (ROOT / path).is_dir() else [ROOT / path])
    ]
    living = 0
    for group, members in groupby(modules, lambda module: tuple(tests) or tests_of(module)):
        drawn: dict[str, list[Mutant]] = {}
        for module in members:
            found = list(mutants(module, (ROOT / module).read_text(encoding="utf-8"), arithmetic))
            random.Random(seed).shuffle(found)
            drawn[module] = sorted(found[:sample], key=lambda mutant: mutant.lines.start)
        if group and any(drawn.values()):
            living += _in_a_process_of_its_own(group, drawn, log)
        else:
            print(f"{', '.join(drawn)}: nothing to change, or no tests in the table of {__name__}", flush=True)
    return living


def _in_a_process_of_its_own(tests: Sequence[str], drawn: Mapping[str, Sequence[Mutant]], log: Path | None) -> int:
    """The number of those that survive, 255 at most: it comes back as an exit status."""
    child = os.fork()
    if child == 0:
        from benchmarks.mutant_log import Log
        from benchmarks.mutant_runs import run

        os._exit(min(run(ROOT, tests, drawn, Log.read(log, ROOT, tests), sys.stdout), 255))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
