# SPDX-License-Identifier: Apache-2.0
"""What all operators share that only move elements: their semantics is a list of moves between views, and so is their code.

An operator says where its elements go by slicing, transposing and reshaping numpy arrays. `eval` copies along these views; the
kernels read offsets and strides off the same views, made over arrays that have no content.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tinycc.ir import Array, Reader, Value
from tinycc.ops.base import Operator
from tinycc.ops.strides import MAX_LOOPS, Loop, Shape, merge, row_major

Arrays = Callable[[Value], Array]
MAX_PARTS = 64
"""Calls that may stand for one that has more loops than the kernels."""
MAX_ELEMENTS = 2**31
"""Kernels count in int32."""


class Fill(NamedTuple):
    """One element that goes wherever no operand's element does."""

    role: str
    data: Array


class Move(NamedTuple):
    """The elements `seen` of `source` go to the elements `written` of `target`; these are views of one shape."""

    source: Value | Fill
    seen: Array
    target: Value
    written: Array


@dataclass(frozen=True, eq=False, kw_only=True)
class Movement(Operator):
    """An operator each of whose output elements is an operand's element, in a place that is known beforehand."""

    def moves(self, array: Arrays) -> Iterator[Move]:
        """The moves, in order; `array` gives an operand's or an output's array, to make views of. A later move may read what
        an earlier one wrote."""
        raise NotImplementedError(type(self).__name__)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        made = {y: np.empty(type.shape, type.dtype.numpy) for y, type in zip(self.outputs, self.infer(), strict=True)}
        for move in self.moves(lambda value: made[value] if value in made else read(value)):
            move.written[...] = move.seen
        return tuple(made.values())

    @property
    def identity(self) -> bool:
        """Whether the only output holds the elements of the only operand, in their order."""
        if len(self.inputs) != 1 or len(self.outputs) != 1 or self.inputs[0].type.elements != self.y.type.elements:
            return False
        return all(walk.whole for walk in self.walks)

    @property
    def walks(self) -> tuple[Walk, ...]:
        """The moves that move anything, as loops over strides."""
        shapes = dict(zip(self.outputs, (type.shape for type in self.infer()), strict=False))
        blanks: dict[Value | Fill, Array] = {}

        def array(value: Value) -> Array:
            return blanks.setdefault(value, blank(shapes.get(value, value.shape)))

        return tuple(part for move in self.moves(array) if move.seen.size for part in _split(_walk(move, blanks)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Rearrangement(Movement):
    """A Movement of one operand and one output, whose elements in row-major order are those of `seen(x)`."""

    x: Value

    def seen(self, x: Array) -> Array:
        """What y holds, as a view of x; y may have another shape of the same elements."""
        raise NotImplementedError(type(self).__name__)

    def moves(self, array: Arrays) -> Iterator[Move]:
        seen = self.seen(array(self.x))
        yield Move(self.x, seen, self.y, array(self.y).reshape(seen.shape))


class Walk(NamedTuple):
    """A Move as loops, whose strides are those of source and target, from these offsets. All count elements."""

    source: Value | Fill
    source_offset: int
    target: Value
    target_offset: int
    loops: tuple[Loop, ...]

    @property
    def whole(self) -> bool:
        """Whether it moves all of the target, in order, from a contiguous source."""
        return self.loops == (Loop(self.target.type.elements, (1, 1)),) and self.source_offset == 0

    @property
    def rows(self) -> bool:
        """Whether it moves contiguous rows at even distances."""
        *outer, last = self.loops
        return last.strides == (1, 1) and len(outer) <= 1 and all(min(loop.strides) >= 0 for loop in outer)


def blank(shape: Shape) -> Array:
    """An array without content, to make views of: one step is one byte."""
    return np.lib.stride_tricks.as_strided(np.empty(1, np.int8), shape, row_major(shape))


def _address(array: Array) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _walk(move: Move, blanks: dict[Value | Fill, Array]) -> Walk:
    if isinstance(move.source, Fill):
        source_offset, source_strides = 0, [0] * move.seen.ndim
    else:
        source_offset, source_strides = _address(move.seen) - _address(blanks[move.source]), list(move.seen.strides)
    target_offset = _address(move.written) - _address(blanks[move.target])
    return Walk(
        move.source, source_offset, move.target, target_offset, merge(move.seen.shape, source_strides, move.written.strides)
    )


def _split(walk: Walk) -> Iterator[Walk]:
    """`walk`, or if it has more loops than the kernels, one for each step of its shortest loops."""
    *outer, last = walk.loops
    surplus = max(len(walk.loops) - MAX_LOOPS, 0)
    chosen = set(sorted(range(len(outer)), key=lambda i: outer[i].size)[:surplus])
    unrolled = [outer[i] for i in sorted(chosen)]
    if math.prod(loop.size for loop in unrolled) > MAX_PARTS:
        chosen, unrolled = set(), []
    kept = (*(loop for i, loop in enumerate(outer) if i not in chosen), last)
    for steps in itertools.product(*(range(loop.size) for loop in unrolled)):
        source, target = (sum(n * loop.strides[side] for n, loop in zip(steps, unrolled, strict=True)) for side in (0, 1))
        yield walk._replace(source_offset=walk.source_offset + source, target_offset=walk.target_offset + target, loops=kept)


def storable(op: Operator) -> str | None:
    """outputs have less than 2**31 elements"""
    counts = [math.prod(type.shape) for type in op.infer()]
    return f"{max(counts):,} elements" if max(counts, default=0) >= MAX_ELEMENTS else None


def few_walks(op: Movement) -> str | None:
    """at most six separate runs of dimensions are moved at a time, or up to 64 times six"""
    if storable(op):
        return None
    most = max((len(walk.loops) for walk in op.walks), default=0)
    return f"{most} runs" if most > MAX_LOOPS else None


def equal_types(op: Operator) -> str | None:
    """all outputs have the operand's element type"""
    types = [value.dtype.value for value in op.outputs]
    return f"outputs of {', '.join(types)}" if len(set(types)) > 1 else None


Movement.conditions = (equal_types, storable, few_walks)
