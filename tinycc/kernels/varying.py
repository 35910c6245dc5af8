# SPDX-License-Identifier: Apache-2.0
"""By how much the instructions of a layer depend on the values it computes with.

Most kernels have no branch that goes by a value (steady.py says how that is known). Of some that have, the difference between
the fastest and the slowest values is bounded: so many rounds, each with at most so many instructions more. Of the others it is
not known, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tinycc.ir import DType, Op
from tinycc.kernels.steady import branching, steady
from tinycc.ops.base import Operator
from tinycc.ops.pooling import Pool2D
from tinycc.target import Feature, Target


@dataclass(frozen=True)
class Variation:
    """`why`: in words, empty if a layer takes the same instructions for all values; `most`: how many more the slowest values
    take than the fastest, at most; None if that is not known."""

    why: str
    most: int | None


@dataclass(frozen=True)
class Varying:
    """`rounds` of an operator, each with up to `spread` instructions more for one value than for another: as measured for the
    differences of two int8 values on a Cortex-M4 (GCC -O2), with a margin. Holds where products of 32 bits have 64."""

    why: str
    rounds: Callable[[Op], int]
    spread: int


def _elements(op: Op) -> int:
    return sum(value.type.elements for value in op.inputs if not value.constant)


def _compared(op: Op) -> int:
    """Elements of all windows."""
    assert isinstance(op, Pool2D)
    return op.work


_SOFTMAX = Varying("exponentials go by the bits of how far a value is below the largest", lambda op: 2 * _elements(op), 150)
_LARGEST = Varying("a value that is larger than those before it is kept", _elements, 4)
VARYING: Mapping[str, Varying] = {
    "arm_softmax_s8": _SOFTMAX,
    "tk_softmax_s8": _SOFTMAX,
    "arm_max_pool_s8": Varying("a value that is larger than those before it is kept", _compared, 2),
    "tk_reduce_max_s8": _LARGEST,
    "tk_arg_max_s8": _LARGEST,
}
NONE = Variation("", 0)
_CORES = frozenset({"cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55", "cortex-m85"})
"""With products of 64 bits, so that their instructions are like those of a Cortex-M4."""


def variation(op: Op, symbols: Iterable[str], target: Target, *, bundled: bool) -> Variation:
    """Of an operator that the kernels `symbols` compute; `bundled`: CMSIS-NN's functions are those that were looked at."""
    assert isinstance(op, Operator)
    called = sorted(set(symbols))
    if op.graphs:
        return Variation("it decides what runs, and how often", None)
    if not bundled and any(symbol.startswith("arm_") for symbol in called):
        return Variation("Arm's library was not looked at", None)
    floats = any(value.dtype is DType.FLOAT32 for value in (*op.inputs, *op.outputs))
    if floats and called and Feature.FPU not in target.features and not target.any_core:
        return Variation("floats are computed by a library", None)
    found = [_of(op, symbol, target) for symbol in called]
    varying = [one for one in found if one.why]
    if not varying:
        return NONE
    bounds = [one.most for one in varying]
    most = None if None in bounds else sum(bound for bound in bounds if bound is not None)
    return Variation("; ".join(dict.fromkeys(one.why for one in varying)), most)


def _of(op: Op, symbol: str, target: Target) -> Variation:
    if symbol in steady(target.name):
        return NONE
    if symbol in VARYING:
        varying = VARYING[symbol]
        return Variation(varying.why, varying.rounds(op) * varying.spread if target.name in _CORES else None)
    if symbol in branching():
        return Variation("it branches by values", None)
    return Variation("nobody has looked whether its kernel branches by values", None)
