# SPDX-License-Identifier: Apache-2.0
"""Which kernels have no branch and no address that depends on the values they compute with, as valgrind sees it over the cases
of all operators: tinycc/kernels/steady.json, by which a model's report says which layers always take the same instructions."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import click

from benchmarks import use_test_code
from tinycc.compiler import Compilation, compile, load
from tinycc.errors import CompileError
from tinycc.kernels.steady import PATH, written
from tinycc.runtime import library

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


def write_steady(only: str) -> None:
    """Watch all kernels of the cases, and write what was seen."""
    use_test_code()
    from harness import build_archive

    seen = Seen()
    with tempfile.TemporaryDirectory() as place:
        archive = build_archive(Path(place), ("-g",))
        chosen = _chosen(seen, only)
        while batch := list(islice(chosen, BATCH)):
            with tempfile.TemporaryDirectory() as folder:
                _watch(batch, Path(folder), archive, seen)
            click.echo(f"{len(seen.ran)} kernels, {len(seen.depends)} of them depend on inputs")
    if not only:
        PATH.write_text(written(sorted(seen.ran), {name: sorted(found) for name, found in seen.depends.items()}), "utf-8")
    for name, found in sorted(seen.depends.items()):
        click.echo(f"{name}: {', '.join(sorted(found)[:5])}")


def _chosen(seen: Seen, only: str) -> Iterator[Compilation]:
    """Cases with kernels that were not watched enough."""
    from case_types import all_cases

    number = 0
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
                if not loops and any(seen.ran.get(symbol, 0) < ENOUGH for symbol in symbols):
                    seen.ran |= {symbol: seen.ran.get(symbol, 0) + 1 for symbol in symbols}
                    number += 1
                    yield made
        except CompileError:
            continue


def _watch(batch: Sequence[Compilation], folder: Path, archive: Path, seen: Seen) -> None:
    from harness import build_many, prefix_of

    build_many(batch, folder, archive, ("-g",))
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
