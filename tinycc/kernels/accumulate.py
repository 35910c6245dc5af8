# SPDX-License-Identifier: Apache-2.0
"""Ways to compute an operator that reads its operand row by row and has its result with the last one: sums are kept.

An accumulator is a record as a variant is, found in a module's tuple `ACCUMULATORS`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic

from tinycc.ir import DType, Value
from tinycc.kernels.base import Context, Cost, Fact, OpT
from tinycc.kernels.calls import Arg, Call, Turned
from tinycc.ops.base import Operator


@dataclass(frozen=True)
class Row:
    """What one turn works on: the row and the sums. `fresh`: it is the first row."""

    x: Value
    sums: Value
    fresh: bool

    def times(self, step: int) -> Arg:
        """The number of the row, times `step`."""
        return 0 if self.fresh else Turned(step)


@dataclass(frozen=True)
class Accumulator(Generic[OpT]):
    """`sums`: what is kept between rows, element type and number. `add` is called for every row, `finish` after the last."""

    name: str
    op: type[OpT]
    signatures: tuple[str, ...]
    sums: Callable[[OpT], tuple[DType, int]]
    add: Callable[[OpT, Row], Call]
    finish: Callable[[OpT, Value], Call]
    cost: Callable[[OpT, Context], Cost]
    facts: tuple[Fact[OpT], ...] = ()


def accumulator(op: Operator, context: Context) -> Accumulator[Any] | None:
    """The first one whose facts hold."""
    name = next((signature.name for signature in op.signatures if signature.matches(op)), None)
    for found in _declared():
        if isinstance(op, found.op) and name in found.signatures and all(fact(op, context) is None for fact in found.facts):
            return found
    return None


@cache
def _declared() -> tuple[Accumulator[Any], ...]:
    package = importlib.import_module("tinycc.kernels")
    names = sorted(info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    return tuple(item for name in names for item in getattr(importlib.import_module(name), "ACCUMULATORS", ()))
