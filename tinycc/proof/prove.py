# SPDX-License-Identifier: Apache-2.0
"""A model -> what is proved of its C, and what is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from tinycc.codegen.files import workspace
from tinycc.compiler import Compilation
from tinycc.errors import CompileError, Problem, fail
from tinycc.proof.contracts import contracts_of
from tinycc.proof.drivers import WHOLE_MACS, Driver, step_drivers, whole_driver
from tinycc.proof.eva import MACHINES, Found, analyse, find_frama_c

Advance = Callable[[int, int], None]
"""Told (done, total)."""
NOT_COVERED = (
    "memory that strict aliasing or alignment forbids to be used so",
    "functions of Arm's library and assembly (its twin in C is what was analysed)",
    "the C library's mathematical functions, the compiler, and the size of the stack",
)


@dataclass(frozen=True)
class Proof:
    """What came of all analyses of a model."""

    model: str
    machine: str
    tool: str
    found: tuple[Found, ...]
    whole: bool
    assembly: tuple[str, ...]

    @property
    def proved(self) -> bool:
        return all(found.proved for found in self.found)

    @property
    def claim(self) -> str:
        """Exactly what holds if everything is proved."""
        sizes = "int has 32 bits" if self.machine == "ilp32" else "int has 16 bits"
        where = "in whole inferences, states included," if self.whole else "in each step by itself"
        return (
            f"For all inputs, {where} nothing is read or written out of bounds, no signed number overflows, no shift is too"
            " far, no pointer leaves its array, nothing is read before it is written, every output is written, and every status"
            f" is OK, where {sizes} and the machine is little-endian, if the instance is aligned and {self.tool} is right."
        )

    def to_json(self) -> dict[str, Any]:
        rows = [
            {
                "name": found.driver.name,
                "about": found.driver.about,
                "macs": found.driver.macs,
                "proved": found.proved,
                "alarms": [{"place": alarm.place, "text": alarm.text} for alarm in found.alarms],
                "missing": list(found.missing),
                "seconds": round(found.seconds, 1),
            }
            for found in self.found
        ]
        about = {"model": self.model, "machine": self.machine, "tool": self.tool, "whole": self.whole}
        claim = self.claim if self.proved else None
        return {**about, "proved": self.proved, "claim": claim, "not_covered": list(NOT_COVERED), "analyses": rows}


def prove(
    compilation: Compilation,
    *,
    machine: str = "ilp32",
    whole: bool | None = None,
    steps: bool = True,
    limit: float = 600,
    jobs: int | None = None,
    advance: Advance = lambda done, total: None,
    keep: str | os.PathLike[str] | None = None,
) -> Proof:
    """Analyse every step by itself and, if `whole` (None: where it is small), the model as it runs.

    `limit`: seconds for each analysis; `keep`: a folder for drivers and logs: what it has a log of, of the same files, is not
    analysed again. Raises CompileError without Frama-C, or if there is nothing to analyse.
    """
    tool = find_frama_c()
    if machine not in MACHINES:
        raise fail("--machine", repr(machine), "one of " + ", ".join(MACHINES))
    as_one = compilation.program.macs <= WHOLE_MACS if whole is None else whole
    drivers = _drivers(compilation, steps=steps, whole=as_one)
    if not drivers:
        raise CompileError([Problem("tinycc prove", "a model without calls", "code to analyse")], compilation.model.name)
    with workspace() as folder:
        place = Path(keep) if keep is not None else folder
        compilation.write(place)
        run = partial(analyse, tool, place, machine=machine, limit=limit)
        found = _run(run, drivers, jobs or os.cpu_count() or 1, advance)
    assembly = tuple(sorted(path for path in compilation.files if path.endswith(".S")))
    return Proof(compilation.model.name, machine, f"Frama-C {tool.version_text}", found, as_one, assembly)


def _drivers(compilation: Compilation, *, steps: bool, whole: bool) -> list[Driver]:
    """The longest analyses first."""
    folders = {PurePosixPath(path).name: PurePosixPath(path).parent.as_posix() for path in compilation.sources}
    drivers = [contract.driver(folders[contract.file]) for contract in contracts_of(folders)]
    drivers += [whole_driver(compilation)] if whole else []
    drivers += step_drivers(compilation) if steps else []
    return sorted(drivers, key=lambda driver: -driver.macs)


def _run(run: Callable[[Driver], Found], drivers: list[Driver], jobs: int, advance: Advance) -> tuple[Found, ...]:
    with ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(run, driver) for driver in drivers]
        advance(0, len(running))
        for count, _ in enumerate(as_completed(running), 1):
            advance(count, len(running))
    return tuple(sorted((future.result() for future in running), key=lambda found: _position(found.driver.name)))


def _position(name: str) -> tuple[int, int]:
    """Steps in their order, then contracts, the whole at the end."""
    if name.startswith(("step_", "steps_")):
        return 0, int(name.rpartition("_")[2])
    return (2, 0) if name == "whole" else (1, 0)
