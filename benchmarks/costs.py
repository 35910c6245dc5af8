# SPDX-License-Identifier: Apache-2.0
"""What the choice of kernels predicts, beside what is counted: drawn layers of int8 and int16 on an emulated core."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from unittest.mock import patch

import numpy as np

from benchmarks import use_test_code
from tinycc.compiler import compile
from tinycc.device.bench import bench
from tinycc.kernels import choice
from tinycc.kernels.base import Context
from tinycc.kernels.choice import candidates
from tinycc.kernels.fitted import ALL, PATH, estimate, fitted_rounds
from tinycc.ops.base import Operator
from tinycc.target import find_target

CLOSE = 0.05
"""An error that is none."""
GOOD = 0.1
"""One with which what was fitted to loops is believed."""
ENOUGH = 3
"""Layers to which something is fitted."""


@dataclass(frozen=True)
class Measured:
    """A layer by a kernel: cycles and instructions as predicted, and as counted; how often the kernel's loops are gone through,
    where the prediction is made of them. `derived`: from what another kernel takes, and something more."""

    predicted: int
    predicted_instructions: int
    cycles: int
    instructions: int
    loops: Mapping[str, float]
    derived: bool = False

    @property
    def error(self) -> float:
        return self.predicted / self.cycles - 1


def compare_costs(target: str, count: int, only: str = "", fit: bool = False, write: bool = False) -> None:
    """Print, for `count` drawn layers of each operator and every kernel whose name contains `only`, the cycles predicted and
    counted; then a line for each kernel, and how many choices were not the fastest. `fit`: and for kernels whose cost is a sum
    over loops what a round of each takes, by these counts; `write`: which is kept for the core."""
    if write:
        _keep(target, {}, without=only)
    found: dict[str, list[Measured]] = defaultdict(list)
    lost = []
    for label, rows in _measured(target, count, only):
        for name, row in rows.items():
            found[name].append(row)
            print(f"{name:34} {row.predicted:>11,} {row.cycles:>11,} {row.error:+7.1%}  {label}", flush=True)
        if rows:
            taken = min(rows.values(), key=lambda row: (row.predicted, row.cycles))
            lost.append(taken.cycles / min(row.cycles for row in rows.values()) - 1)
    print()
    for name, measured in sorted(found.items()):
        errors = [row.error for row in measured]
        print(f"{name:34} {len(errors):3} layers, median error {median(map(abs, errors)):5.1%}, {_close(errors)}")
    errors = [row.error for measured in found.values() for row in measured]
    print(f"{'all':34} {len(errors):3} layers, median error {median(map(abs, errors)):5.1%}, {_close(errors)}")
    print(f"{'the fastest of all, if taken':34} {len(lost):3} layers, at worst {max(lost):.1%} faster, {_close(lost)}")
    if fit or write:
        fits = {name: fit for name, rows in sorted(found.items()) if (fit := print_fit(name, rows)) is not None}
        if write:
            _keep(target, fits)


def _measured(target: str, count: int, only: str) -> Iterator[tuple[str, Mapping[str, Measured]]]:
    """Every drawn layer, by each kernel that can compute it."""
    use_test_code()
    from dsp_models import LAYERS, LAYERS16, NARROW16, USUAL

    draws = [(table, name, seed) for table in (LAYERS, LAYERS16, NARROW16, USUAL) for name in table for seed in range(count)]
    drawn = [table[name](seed) for table, name, seed in draws]
    with ProcessPoolExecutor() as pool:
        yield from zip(
            (item.label for item in drawn),
            pool.map(_each, [item.model for item in drawn], repeat(target), repeat(only)),
            strict=True,
        )


def _each(model: bytes, target: str, only: str) -> Mapping[str, Measured]:
    return {name: measure(model, target, name) for name in able(model, target) if only in name}


Fit = dict[str, list[float]]
"""Of every loop: instructions, cycles."""


def _keep(target: str, fits: Mapping[str, Fit], without: str | None = None) -> None:
    """Write what was fitted in place of what there was for these kernels; nothing for those whose names contain `without`."""
    known = json.loads(PATH.read_text(encoding="utf-8"))
    there = {name: fit for name, fit in known.get(target, {}).items() if without is None or without not in name}
    known[target] = dict(sorted({**there, **fits}.items()))
    lines = (
        f"  {json.dumps(core)}: {{\n"
        + ",\n".join(f"    {json.dumps(name)}: {json.dumps(loops)}" for name, loops in kernels.items())
        + "\n  }"
        for core, kernels in sorted(known.items())
    )
    fitted_rounds.cache_clear()
    PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def print_fit(name: str, measured: list[Measured]) -> Fit | None:
    """What a round of every loop takes, so that the relative errors are least; or, where that would not foretell layers that it
    was not fitted to, how far the prediction is off on the whole. None: it is as good as that."""
    if len(measured) < ENOUGH or any(row.derived for row in measured):
        return None
    by_loops = _left_out(measured, _by_loops) if all(row.loops for row in measured) else None
    by_factor, known = _left_out(measured, _by_factor), median(abs(row.error) for row in measured)
    if by_loops is not None and by_loops <= GOOD and by_loops < min(by_factor, known):
        fit, error = _by_loops(measured), by_loops
    elif by_factor < known:
        fit, error = _by_factor(measured), by_factor
    else:
        return None
    print(f"\n{name}: {len(measured)} layers, median error of one that was left out {error:.1%}")
    for loop, (instructions, cycles) in fit.items():
        print(f'    "{loop}": Each({instructions:.3g}, {cycles:.3g}),')
    return fit


def _left_out(measured: list[Measured], fit: Callable[[list[Measured]], Fit]) -> float:
    """The median error in cycles of each layer by what was fitted to the others."""
    errors = []
    for i, row in enumerate(measured):
        fitted = fit([*measured[:i], *measured[i + 1 :]])
        whole = fitted.get(ALL)
        found = row.predicted * whole[1] if whole else sum(fitted[k][1] * n for k, n in row.loops.items() if k in fitted)
        errors.append(abs(found / row.cycles - 1))
    return median(errors)


def _by_loops(measured: list[Measured]) -> Fit:
    names = list(dict.fromkeys(loop for row in measured for loop, times in row.loops.items() if times))
    rounds = np.array([[row.loops.get(loop, 0) for loop in names] for row in measured], np.float64)
    counted = np.array([(row.instructions, row.cycles) for row in measured], np.float64)
    fitted = np.stack([least(rounds / counted[:, [k]]) for k in range(2)], 1)
    return {loop: [float(f"{value:.3g}") for value in each] for loop, each in zip(names, fitted, strict=True)}


def _by_factor(measured: list[Measured]) -> Fit:
    instructions = median(row.instructions / row.predicted_instructions for row in measured)
    cycles = median(row.cycles / row.predicted for row in measured)
    return {ALL: [float(f"{instructions:.3g}"), float(f"{cycles:.3g}")]}


def least(shares: np.ndarray) -> np.ndarray:
    """The non-negative x for which shares @ x is nearest to 1: least squares over those of x that stay positive."""
    there = np.ones(shares.shape[1], np.bool_)
    x = np.zeros(shares.shape[1])
    while there.any():
        x[:] = 0
        x[there] = np.linalg.lstsq(shares[:, there], np.ones(len(shares)), rcond=None)[0]
        if (x >= 0).all():
            break
        there[np.argmin(x)] = False
    return x


def able(model: bytes, target: str) -> tuple[str, ...]:
    """The kernels that can compute the one layer of a model."""
    compilation = compile(model, target=target)
    core = find_target(target)
    assert core is not None
    (op,) = (op for op in compilation.graph.ops if isinstance(op, Operator) and not op.view)
    context = Context(core)
    return tuple(variant.name for variant in candidates(op) if variant.refusal(op, context) is None)


def measure(model: bytes, target: str, name: str) -> Measured:
    """The kernel `name`, predicted and counted."""
    with chosen(name):
        compilation = compile(model, target=target, without=["stream"])
        core = find_target(target)
        assert core is not None
        (op,) = (op for op in compilation.graph.ops if isinstance(op, Operator) and not op.view)
        (variant,) = choice.candidates(op)
        counted = bench(model, on=target, without=["stream"]).layers[0]
        cost = estimate(variant, op, Context(core))
        instructions, cycles = counted.instructions, counted.cycles_estimate
        return Measured(cost.cycles, cost.instructions, cycles, instructions, cost.loops, variant.thrifty)


@contextmanager
def chosen(name: str) -> Iterator[None]:
    """Meanwhile no other kernel than `name` is chosen."""

    def one(op: Operator) -> tuple[object, ...]:
        return tuple(variant for variant in candidates(op) if variant.name == name)

    with patch.object(choice, "candidates", one):
        yield


def _close(errors: list[float]) -> str:
    return f"within {CLOSE:.0%}: {sum(abs(error) <= CLOSE for error in errors) / len(errors):4.0%}"
