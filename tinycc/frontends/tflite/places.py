# SPDX-License-Identifier: Apache-2.0
"""Slices whose place is known at run time alone: which integers depend on which tensor, and by how much.

Converters write an element of a list of tensors (the results of a recurrent layer's steps) as a CONCATENATION of what lies
before it, itself, and what lies behind it. The parts have no fixed sizes, the whole has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tinycc.frontends.tflite.file import OperatorRecord
from tinycc.frontends.tflite.tensors import Tensors
from tinycc.ops.strides import Shape

MAX_ENTRIES = 16
"""Integers of a place, far beyond any tensor's dimensions."""
MAX_STEPS = 64
"""Operators between a place and what it is made of."""
PARTS = frozenset({"SLICE", "STRIDED_SLICE"})


class Entry(NamedTuple):
    """An integer: `plus`, and element `element` of tensor `root` unless that is None."""

    root: int | None
    element: int
    plus: int

    @property
    def known(self) -> bool:
        return self.root is None

    def shifted(self, amount: int) -> Entry:
        return self._replace(plus=self.plus + amount)

    def minus(self, other: Entry) -> int | None:
        """The difference, if it is the same whatever the tensor holds."""
        return self.plus - other.plus if self[:2] == other[:2] else None


def constant(number: int) -> Entry:
    return Entry(None, 0, number)


class Part(NamedTuple):
    """A part of a tensor: along each dimension from begins[d] to ends[d] (None: to its end). `kept`: the dimensions that the
    result has; the others hold one element."""

    source: int
    begins: tuple[Entry, ...]
    ends: tuple[Entry | None, ...]
    kept: tuple[int, ...]

    def sizes(self, shape: Shape) -> tuple[int | None, ...]:
        """How many elements along each dimension, None where that is not fixed."""
        pairs = zip(self.begins, self.ends, shape, strict=True)
        return tuple((constant(size) if end is None else end).minus(begin) for begin, end, size in pairs)


Bounds = tuple[tuple[Entry, ...], tuple[Entry | None, ...], Shape]
"""Of a Part: begins, ends, dimensions that are kept."""


class Write(NamedTuple):
    """A tensor of which a block along `axis` is replaced, from element `element` of the tensor `start` on."""

    source: int
    block: int
    axis: int
    start: int
    element: int


class Places:
    """The integers of a subgraph that say where slices lie."""

    def __init__(self, tensors: Tensors) -> None:
        self.tensors = tensors
        self.made = {index: record for record in tensors.model.operators for index in record.outputs}

    def part(self, record: OperatorRecord) -> Part | None:
        """What a SLICE or STRIDED_SLICE with steps of 1 takes; None for anything that is more than that."""
        if len(record.inputs) < 3 or min(record.inputs[:3]) < 0:
            return None
        begins, others = self.entries(record.inputs[1]), self.entries(record.inputs[2])
        shape = self.tensors.values[record.inputs[0]].shape
        if begins is None or others is None or len(begins) != len(others) or len(begins) > len(shape):
            return None
        found = self._sliced(begins, others) if record.kind == "SLICE" else self._strided(record, begins, others, shape)
        return None if found is None else Part(record.inputs[0], *found)

    def write(self, record: OperatorRecord, axis: int) -> Write | None:
        """The write into a list that a CONCATENATION along `axis` stands for, if it is one."""
        if len(record.inputs) != 3 or not all(index in self.made for index in record.inputs[::2]):
            return None
        before, behind = (self.made[index] for index in record.inputs[::2])
        first = self.part(before) if before.kind in PARTS else None
        last = self.part(behind) if behind.kind in PARTS else None
        block = self.tensors.values[record.inputs[1]].shape
        if first is None or last is None or first.source != last.source or first.kept != last.kept:
            return None
        shape = self.tensors.values[first.source].shape
        end, rest = first.ends[axis], [d for d in range(len(shape)) if d != axis]
        whole = all(begin == constant(0) for begin in (*first.begins, *(last.begins[d] for d in rest)))
        full = all(ends[d] in (None, constant(shape[d])) for ends in (first.ends, last.ends) for d in rest)
        fits = len(block) == len(shape) and all(block[d] == shape[d] for d in rest)
        if not (whole and full and fits) or end is None or last.ends[axis] not in (None, constant(shape[axis])):
            return None
        if last.begins[axis].minus(end) != block[axis]:
            return None
        return Write(first.source, record.inputs[1], axis, before.inputs[2], axis)

    @staticmethod
    def _sliced(begins: Sequence[Entry], sizes: Sequence[Entry]) -> Bounds | None:
        ends: list[Entry | None] = []
        for begin, size in zip(begins, sizes, strict=True):
            if size == constant(-1):
                ends.append(None)
            elif size.known or begin.known:
                ends.append(begin.shifted(size.plus) if size.known else size.shifted(begin.plus))
            else:
                return None
        return tuple(begins), tuple(ends), tuple(range(len(begins)))

    def _strided(self, record: OperatorRecord, begins: Sequence[Entry], ends: Sequence[Entry], shape: Shape) -> Bounds | None:
        options, strides = record.options, self.entries(record.inputs[3]) if len(record.inputs) > 3 else None
        if strides is None or any(stride != constant(1) for stride in strides) or len(strides) != len(begins):
            return None
        if options.get("ellipsis_mask") or options.get("new_axis_mask"):
            return None
        firsts: list[Entry] = []
        lasts: list[Entry | None] = []
        kept = []
        for d, size in enumerate(shape):
            bit = {name: d >= len(begins) or bool(int(options.get(f"{name}_mask", 0)) >> d & 1) for name in ("begin", "end")}
            first = constant(0) if bit["begin"] else _from_end(begins[d], size)
            if d < len(begins) and int(options.get("shrink_axis_mask", 0)) >> d & 1:
                firsts.append(first)
                lasts.append(first.shifted(1))
                continue
            last = None if bit["end"] else _from_end(ends[d], size)
            if last is not None and options.get("offset"):
                if not ends[d].known:
                    return None
                last = first.shifted(ends[d].plus)
            firsts.append(first)
            lasts.append(last)
            kept.append(d)
        return tuple(firsts), tuple(lasts), tuple(kept)

    def entries(self, index: int, steps: int = MAX_STEPS) -> tuple[Entry, ...] | None:
        """The elements of a tensor of integers; None if there are too many or it holds none."""
        tensor = self.tensors.model.tensors[index]
        value = self.tensors.values.get(index)
        if tensor.dtype not in ("INT32", "INT64") or value is None or value.type.elements > MAX_ENTRIES:
            return None
        if value.data is not None:
            return tuple(constant(int(number)) for number in value.data.ravel())
        record, count = self.made.get(index), value.type.elements
        found = self._made(record, steps - 1) if record is not None and steps > 0 else None
        return found if found is not None and len(found) == count else tuple(Entry(index, i, 0) for i in range(count))

    def _made(self, record: OperatorRecord, steps: int) -> tuple[Entry, ...] | None:
        """What an operator makes of integers that are followed."""
        operands = [self.entries(index, steps) if index >= 0 else None for index in record.inputs]
        if not operands or operands[0] is None:
            return None
        if record.kind in ("RESHAPE", "SQUEEZE", "EXPAND_DIMS", "CAST"):
            return operands[0]
        if record.kind in ("PACK", "CONCATENATION") and all(operand is not None for operand in operands):
            single = record.kind == "CONCATENATION" or all(operand and len(operand) == 1 for operand in operands)
            return tuple(entry for operand in operands for entry in operand or ()) if single else None
        if record.kind in ("ADD", "SUB") and len(operands) == 2 and operands[1] is not None:
            return tuple(_sums(operands[0], operands[1], 1 if record.kind == "ADD" else -1))
        return None


def _from_end(entry: Entry, size: int) -> Entry:
    return entry.shifted(size) if entry.known and entry.plus < 0 else entry


def _sums(a: tuple[Entry, ...], b: tuple[Entry, ...], sign: int) -> Iterator[Entry]:
    """a + b or a - b, where one side of each sum is known; nothing for others."""
    if len(a) != len(b):
        return
    for left, right in zip(a, b, strict=True):
        if right.known:
            yield left.shifted(sign * right.plus)
        elif left.known and sign > 0:
            yield right.shifted(left.plus)
        else:
            return
