# SPDX-License-Identifier: Apache-2.0
"""Which kernels have no branch and no address that depends on the values they compute with, as valgrind sees it over the cases
of all operators: tinycc/kernels/steady.json, by which a model's report says which layers always take the same instructions."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import click
import numpy as np

from benchmarks import use_test_code
from tinycc.compiler import Compilation, compile, load
from tinycc.device.build import Firmware, build
from tinycc.device.count import Count, count
from tinycc.errors import CompileError
from tinycc.execution import BOARD_NAME
from tinycc.execution.inputs import InputSet, edge_inputs, random_inputs
from tinycc.ir import Array, Value
from tinycc.kernels.steady import PATH, branching, with_even, with_watched, written
from tinycc.runtime import library
from tinycc.target import find_target

DRIVER = Path(__file__).with_name("steady.c")
TARGETS = ("generic", "cortex-m4", "cortex-m55")
ENOUGH = 3
"""Cases in which a kernel is watched."""
BATCH = 60
_ERROR = re.compile(r"^==\d+== (?P<text>\S.*)$\n(?P<stack>(?:^==\d+==    (?:at|by) .*$\n?)+)", re.MULTILINE)
_FRAME = re.compile(r"(?:at|by) 0x[0-9A-F]+: (?P<function>\w+) \((?P<file>[\w.]+):(?P<line>\d+)\)")


@dataclass
class Seen:
    """Kernels that ran, and the places in which one depends on inputs: branches, and addresses."""

    ran: dict[str, int] = field(default_factory=dict)
    depends: dict[str, set[str]] = field(default_factory=dict)


def write_steady(only: str, models: Sequence[Path]) -> None:
    """Watch all kernels of the cases, or of `models` besides what was seen before, and write what was seen."""
    use_test_code()
    from harness import build_archive

    seen = Seen()
    with tempfile.TemporaryDirectory() as place:
        archive = build_archive(Path(place), ("-g",))
        chosen = _of_models(models) if models else _chosen(only)
        while batch := list(islice(chosen, BATCH)):
            with tempfile.TemporaryDirectory() as folder:
                _watch(batch, Path(folder), archive, seen)
            click.echo(f"{len(seen.ran)} kernels, {len(seen.depends)} of them depend on inputs")
    depends = {name: sorted(found) for name, found in seen.depends.items()}
    if models:
        PATH.write_text(with_watched(sorted(seen.ran), depends), "utf-8")
    elif not only:
        PATH.write_text(written(sorted(seen.ran), depends), "utf-8")
    for name, found in sorted(seen.depends.items()):
        click.echo(f"{name}: {', '.join(sorted(found)[:5])}")


UNEVEN = re.compile(r"_f32|hybrid|non_max|detection")
"""Kernels that call the C library's functions, or decide what to do: not even on any core."""


def write_even(target: str, models: Sequence[Path]) -> None:
    """Count instructions on an emulated core, of kernels that branch in C, in cases of their own, or of all in `models`, by
    layers: which take the same over edges, ramps and noise?"""
    use_test_code()
    spreads: dict[str, int] = {}
    for made in _networks(target, models) if models else _branching(target):
        for symbols, spread in _spreads(made, target):
            spreads |= {symbol: max(spread, spreads.get(symbol, 0)) for symbol in symbols}
            if spread:
                click.echo(f"{', '.join(symbols)}: {spread:,}")
    even = [symbol for symbol, spread in spreads.items() if not spread]
    PATH.write_text(with_even(target, even, set(spreads) - set(even)), "utf-8")


def _spreads(made: Compilation, target: str) -> Iterator[tuple[list[str], int]]:
    """Of each step the kernels, and by how much counts differ."""
    core = find_target(target)
    assert core is not None
    layers = len(made.program.results)
    with tempfile.TemporaryDirectory() as folder:
        firmware = build(made, core, Path(folder), marked=True)
        counts = np.array([[one.instructions for one in _counted(firmware, item, layers)] for item in _tried(made)])
    at = 0
    for step in made.program.steps:
        found = counts[:, at : at + len(step.results)].sum(1)
        at += len(step.results)
        yield sorted({symbol for call in step.calls for symbol in call.symbols if symbol}), int(found.max() - found.min())


def _counted(firmware: Firmware, item: InputSet, layers: int) -> Sequence[Count]:
    return count(firmware, item, layers)[1].layers


def _branching(target: str) -> Iterator[Compilation]:
    """A case for each kernel of the core that branches."""
    from case_types import all_cases

    left = {name for name in branching() if not UNEVEN.search(name)}
    for case in all_cases():
        try:
            made = compile(load(case.model, match=case.oracle), name=BOARD_NAME, target=target, watched=True)
        except CompileError:
            continue
        symbols = {symbol for step in made.program.all_steps for call in step.calls for symbol in call.symbols} & left
        elements = sum(value.type.elements for value in made.graph.inputs)
        if symbols and elements >= MANY and not any(step.is_control for step in made.program.all_steps):
            left -= symbols
            yield made


def _networks(target: str, models: Sequence[Path]) -> Iterator[Compilation]:
    """As they are, and small: other kernels."""
    for path in models:
        for goal in ("balanced", "size"):
            yield compile(path, name=BOARD_NAME, target=target, watched=True, optimize=goal)


MANY = 12
"""Elements of a case that is counted."""


def _tried(made: Compilation) -> Iterator[InputSet]:
    values = made.graph.inputs
    yield from edge_inputs(values)
    yield from (random_inputs(values, seed) for seed in range(3))
    for step in (1, -1):
        yield InputSet("ramp", tuple(_ramp(value, step) for value in values))


def _ramp(value: Value, step: int) -> Array:
    low, high = value.dtype.limits if value.dtype.is_integer and value.dtype.bits <= 16 else (0, 3)
    ramp: Array = np.linspace(low, high, value.type.elements)[::step].astype(value.dtype.numpy).reshape(value.shape)
    return ramp


def _chosen(only: str) -> Iterator[Compilation]:
    """Cases with kernels that were not watched enough."""
    from case_types import all_cases

    number, taken = 0, Counter[str]()
    for case in all_cases():
        if only not in case.id:
            continue
        try:
            model = load(case.model, match=case.oracle)
            for target in TARGETS:
                made = compile(model, name=f"m{number}", target=target)
                symbols = {
                    symbol for step in made.program.all_steps for call in step.calls for symbol in call.symbols if symbol
                }
                loops = any(step.is_control for step in made.program.all_steps)  # As often as an unknown input says.
                if not loops and any(taken[symbol] < ENOUGH for symbol in symbols):
                    taken.update(symbols)
                    number += 1
                    yield made
        except CompileError:
            continue


def _symbols(made: Compilation) -> set[str]:
    return {symbol for step in made.program.all_steps for call in step.calls for symbol in call.symbols if symbol}


def _of_models(models: Sequence[Path]) -> Iterator[Compilation]:
    """As they are, and small, for each core of the list."""
    made = ((path, target, goal) for path in models for target in (*TARGETS, "cortex-m0") for goal in ("balanced", "size"))
    for number, (path, target, goal) in enumerate(made):
        yield compile(path, name=f"m{number}", target=target, optimize=goal)


def _watch(batch: Sequence[Compilation], folder: Path, archive: Path, seen: Seen) -> None:
    from harness import build_many, prefix_of

    build_many(batch, folder, archive, ("-g",))
    for symbol in (symbol for made in batch for symbol in _symbols(made)):
        seen.ran[symbol] = seen.ran.get(symbol, 0) + 1
    models = " ".join(f"X({prefix_of(made)})" for made in batch)
    command = ["gcc", "-std=c99", "-g", f"-DMODELS={models}", str(DRIVER), "libmodels.so", "-Wl,-rpath,.", "-o", "steady"]
    subprocess.run(command, cwd=folder, check=True)
    options = ("--quiet", "--error-limit=no", "--num-callers=24", "--read-inline-info=yes", "--undef-value-errors=yes")
    done = subprocess.run(["valgrind", *options, "./steady"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"the models ended with {done.returncode}: {done.stderr[-400:]}")
    for found in _ERROR.finditer(done.stderr):
        frames = [frame for frame in map(_FRAME.search, found["stack"].splitlines()) if frame]
        kernels = [frame for frame in frames if f"{frame['function']}.c" in library()]
        kind = "address" if found["text"].startswith("Use of") else "branch"
        if kernels:
            place = f"{kind} {frames[0]['file']}:{frames[0]['line']}"
            seen.depends.setdefault(kernels[-1]["function"], set()).add(place)
