# SPDX-License-Identifier: Apache-2.0
"""The proof of all kernels: for each the smallest of the test tables' cases in which it is taken."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import click

from benchmarks import use_test_code
from tinycc.compiler import Compilation, compile, load
from tinycc.errors import CompileError
from tinycc.proof.prove import Proof, prove

TARGETS = ("generic", "cortex-m0", "cortex-m3", "cortex-m4", "cortex-m55")


def sweep_proofs(only: str, targets: Sequence[str], limit: float) -> int:
    """Prove them, and print what is not; how many that are."""
    use_test_code()
    chosen = _chosen(only, targets)
    open_ones = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        proofs = pool.map(_proof, [made for made, _ in chosen], repeat(limit))
        for proof, (_, kernels) in zip(proofs, chosen, strict=True):
            open_ones += not proof.proved
            if not proof.proved:
                click.echo(f"{', '.join(sorted(kernels))}: {_found(proof)}")
    total = len({kernel for _, kernels in chosen for kernel in kernels})
    click.echo(f"{total} kernels in {len(chosen)} cases, {open_ones} of them not proved")
    return open_ones


def _proof(made: Compilation, limit: float) -> Proof:
    return prove(made, whole=False, limit=limit, jobs=1)


def _found(proof: Proof) -> str:
    alarms = sorted({f"{alarm.place} {alarm.text}" for found in proof.found for alarm in found.alarms})
    missing = sorted({name for found in proof.found for name in found.missing})
    return "; ".join([*alarms, *(f"{name} not written" for name in missing)]) or "not done in time"


def _chosen(only: str, targets: Sequence[str]) -> list[tuple[Compilation, set[str]]]:
    """The fewest cases, more or less, and the kernels for which each stands."""
    found: dict[str, tuple[int, int, Compilation]] = {}
    for number, made in enumerate(_compiled(targets)):
        kernels = {symbol for step in made.program.all_steps for call in step.calls for symbol in call.symbols if symbol}
        for kernel in kernels:
            if only in kernel and (kernel not in found or made.graph.work < found[kernel][0]):
                found[kernel] = made.graph.work, number, made
    chosen: dict[int, tuple[Compilation, set[str]]] = {}
    for kernel, (_, number, made) in found.items():
        chosen.setdefault(number, (made, set()))[1].add(kernel)
    return list(chosen.values())


def _compiled(targets: Sequence[str]) -> Iterator[Compilation]:
    from case_types import all_cases

    for case in all_cases():
        for target in targets:
            try:
                yield compile(load(case.model, match=case.oracle), name="net", target=target)
            except CompileError:
                continue
