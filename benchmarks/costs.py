# SPDX-License-Identifier: Apache-2.0
"""What the choice of kernels predicts, beside what is counted: drawn int8 layers on an emulated core, every kernel that can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from unittest.mock import patch

from benchmarks import use_test_code
from tinycc.compiler import compile
from tinycc.device.bench import bench
from tinycc.kernels import choice
from tinycc.kernels.base import Context
from tinycc.kernels.choice import candidates
from tinycc.ops.base import Operator
from tinycc.target import find_target

CLOSE = 0.05
"""An error that is none."""


def compare_costs(target: str, count: int, only: str = "") -> None:
    """Print, for `count` drawn layers of each operator and every kernel whose name contains `only`, the cycles predicted and
    counted; then a line for each kernel, and how many choices were not the fastest."""
    use_test_code()
    from dsp_models import LAYERS, USUAL

    errors: dict[str, list[float]] = defaultdict(list)
    lost = []
    for draw in (*LAYERS.values(), *USUAL.values()):
        for seed in range(count):
            drawn = draw(seed)
            rows = {}
            for name in able(drawn.model, target):
                if only in name:
                    rows[name] = _measure(drawn.model, target, name)
            for name, (predicted, counted) in rows.items():
                errors[name].append(predicted / counted - 1)
                print(f"{name:34} {predicted:>11,} {counted:>11,} {errors[name][-1]:+7.1%}  {drawn.label}", flush=True)
            if rows:
                taken = min(rows.values())
                lost.append(taken[1] / min(counted for _, counted in rows.values()) - 1)
    print()
    for name, found in sorted(errors.items()):
        print(f"{name:34} {len(found):3} layers, median error {median(map(abs, found)):5.1%}, {_close(found)}")
    print(f"{'the fastest of all, if taken':34} {len(lost):3} layers, at worst {max(lost):.1%} faster, {_close(lost)}")


def able(model: bytes, target: str) -> tuple[str, ...]:
    """The kernels that can compute the one layer of a model."""
    compilation = compile(model, target=target)
    core = find_target(target)
    assert core is not None
    (op,) = (op for op in compilation.graph.ops if isinstance(op, Operator) and not op.view)
    context = Context(core)
    return tuple(variant.name for variant in candidates(op) if variant.refusal(op, context) is None)


def _measure(model: bytes, target: str, name: str) -> tuple[int, int]:
    """(predicted, counted) cycles of the kernel `name`."""
    with chosen(name):
        predicted = compile(model, target=target).program.steps[0].cycles
        return predicted, bench(model, on=target).layers[0].cycles_estimate


@contextmanager
def chosen(name: str) -> Iterator[None]:
    """Meanwhile no other kernel than `name` is chosen."""

    def one(op: Operator) -> tuple[object, ...]:
        return tuple(variant for variant in candidates(op) if variant.name == name)

    with patch.object(choice, "candidates", one):
        yield


def _close(errors: list[float]) -> str:
    return f"within {CLOSE:.0%}: {sum(abs(error) <= CLOSE for error in errors) / len(errors):4.0%}"
