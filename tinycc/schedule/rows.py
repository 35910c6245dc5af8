# SPDX-License-Identifier: Apache-2.0
"""Operators in turns: which rows of its operands one reads in each, and which operator it is then.

A part of a convolution is a convolution: of fewer rows, and of what is left of the padding. So every kernel that computes an
operator computes a part of it, with the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tinycc.ir import TensorType, Value
from tinycc.kernels.accumulate import Accumulator
from tinycc.kernels.folding import are_alike, is_part
from tinycc.ops.base import Operator

ROWS = 1
"""The dimension that rows are numbered along: height, in [N,H,W,C]."""


def height(value: Value) -> int:
    return value.shape[ROWS]


def row_bytes(value: Value) -> int:
    return value.type.bytes // height(value)


def has_rows(value: Value) -> bool:
    """Whether it is one image, of rows that are whole numbers of bytes one behind the other."""
    shape = value.shape
    return len(shape) >= 3 and shape[0] == 1 and all(shape) and value.dtype.bits >= 8


@dataclass(frozen=True)
class Reading:
    """In turn n: rows `first + step * n` and the next ones of an operand, `count` in all. Those that there are none of count
    as padding. `only`: of these no others than the row that is listed for the turn, in whatever order."""

    value: Value
    first: int
    step: int
    count: int
    only: tuple[int, ...] = ()

    def wanted(self, turn: int) -> range:
        first = self.first + self.step * turn
        return range(first, first + self.count)

    def rows(self, turn: int) -> range:
        """Those that there are."""
        if self.only:
            return range(self.only[turn], self.only[turn] + 1)
        wanted = self.wanted(turn)
        found = range(max(wanted.start, 0), min(wanted.stop, height(self.value)))
        return found if found else range(0)

    def above(self, turn: int) -> int:
        """How many of the rows that are wanted would lie above the first one that there is."""
        return 0 if self.only else min(max(-self.wanted(turn).start, 0), self.count)


@dataclass(frozen=True, eq=False)
class Block:
    """A part of an operator: an operator itself. `parts`: the operands of which it has rows, and what stands for them in it."""

    op: Operator
    parts: tuple[tuple[Value, Value], ...]


Restrict = Callable[[Mapping[Value, Value], Value, int], Operator]
"""(parts of the operands, part of the result, rows that are missing above) -> the operator between them."""


@dataclass(frozen=True)
class Sums:
    """What an operator keeps that has its result with the last row of its operand."""

    accumulator: Accumulator[Any]
    value: Value


@dataclass(frozen=True, eq=False)
class Form:
    """An operator that goes row by row: it makes `rows` rows of its result in every turn, or it reads a row in every turn and
    keeps `sums`, or is the caller who takes it. `whole`: operands that every turn reads all of."""

    op: Operator
    rows: int
    readings: tuple[Reading, ...]
    whole: tuple[Value, ...]
    restrict: Restrict
    sums: Sums | None = None
    _blocks: dict[tuple[object, ...], Block] = field(default_factory=dict)

    @cached_property
    def y(self) -> Value:
        return self.op.y

    @cached_property
    def makes_rows(self) -> bool:
        return self.sums is None and not isinstance(self.op, Departure)

    @cached_property
    def turns(self) -> int:
        if not self.makes_rows:
            return height(self.readings[0].value)
        return -(-height(self.y) // self.rows)

    def made(self, turn: int) -> range:
        """The rows that are there after a turn and were not before."""
        if not self.makes_rows:
            return range(0)
        return range(turn * self.rows, min((turn + 1) * self.rows, height(self.y)))

    def block(self, turn: int) -> Block:
        """What a turn computes; the same for all turns in which the same rows are missing."""
        rows = self._rows(turn)
        missing = tuple((reading.above(turn), len(found)) for reading, found in zip(self.readings, rows, strict=True))
        key = (len(self.made(turn)), *missing)
        if key not in self._blocks:
            parts = {
                reading.value: part_of(reading.value, len(found)) for reading, found in zip(self.readings, rows, strict=True)
            }
            above = max((top for top, _ in missing), default=0)
            y = part_of(self.y, len(self.made(turn))) if self.makes_rows else self.y
            op = self.restrict(parts, y, above)
            assert op.infer()[0].shape == op.y.shape, f"{op.origin}: {op.infer()[0]} for {op.y!r}"
            if op is not self.op:
                is_part(op, self.op)
            self._blocks[key] = Block(op, tuple(parts.items()))
        return self._blocks[key]

    def _rows(self, turn: int) -> list[range]:
        return [reading.rows(turn) for reading in self.readings]

    @cached_property
    def usual(self) -> Block:
        """What most turns compute: the middle one, unless that has padding alone."""
        with_rows = (turn for turn in range(self.turns) if all(map(len, self._rows(turn))))
        middle = self.turns // 2
        found = self.block(middle if all(map(len, self._rows(middle))) else next(with_rows, middle))
        if self.makes_rows:
            parts = dict.fromkeys(self.block(turn).op for turn in range(self.turns))
            are_alike(found.op, tuple(op for op in parts if op is not found.op and type(op) is type(found.op)))
        return found

    @cached_property
    def is_even(self) -> bool:
        """Whether what a few turns at the edges and in the middle read says when all can be."""
        return all(not reading.only and reading.above(0) < reading.count for reading in self.readings)


@dataclass(frozen=True, eq=False, kw_only=True)
class Arrival(Operator):
    """The rows of an input, which the caller brings one by one. No kernel computes it."""

    def infer(self) -> tuple[TensorType, ...]:
        return (self.y.type,)


@dataclass(frozen=True, eq=False, kw_only=True)
class Departure(Operator):
    """The rows of an output, which the caller takes one by one."""

    x: Value

    def infer(self) -> tuple[TensorType, ...]:
        return (self.x.type,)


def part_of(value: Value, rows: int) -> Value:
    """So many rows of a tensor."""
    shape = (*value.shape[:ROWS], rows, *value.shape[ROWS + 1 :])
    return Value(value.name, TensorType(shape, value.dtype, value.type.quantization))
