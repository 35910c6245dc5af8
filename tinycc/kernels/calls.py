# SPDX-License-Identifier: Apache-2.0
"""The lowered form: an ordered list of kernel calls whose every argument is known. Nothing here knows about C syntax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinycc.ir import Array, DType, Op, Value
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.program.types import Content, Decisions


@dataclass(frozen=True)
class Tensor:
    """Pointer to a tensor's first element, or to element `offset`."""

    value: Value
    offset: int = 0


@dataclass(frozen=True, eq=False)
class Table:
    """Pointer to a constant array that the compiler derived (multipliers, look-up tables, repacked weights).

    `content` is what it holds, by which flash is accounted: of repacked streams, what most of their bytes are. `ctype`: what a
    struct's member points to, where that is not the type of the elements.
    """

    role: str
    data: Array
    content: Content
    ctype: str = ""

    @property
    def dtype(self) -> DType:
        return DType(self.data.dtype.name)


@dataclass(frozen=True)
class Path:
    """Of what is so many bytes further on in each of the turns `first..last`."""

    bytes: int = 0
    first: int = 0
    last: int = 0

    @property
    def length(self) -> int:
        return self.bytes * (self.last - self.first)


STAYS = Path()


@dataclass(frozen=True)
class Scratch:
    """Pointer to working memory that lives during this op's calls only. Equal `role` within an op is the same memory."""

    role: str
    bytes: int
    align: int = 4
    path: Path = STAYS


@dataclass(frozen=True)
class Struct:
    """A C struct with constant fields. An argument is passed by address, or by value if `by_value`; a field is nested."""

    ctype: str
    fields: tuple[tuple[str, Field], ...]
    by_value: bool = False


@dataclass(frozen=True)
class Ints:
    """A fixed-length array member of a Struct, zero-filled by C beyond `items`."""

    items: tuple[int, ...]


@dataclass(frozen=True)
class Turned:
    """A number of a call that is made turn by turn: `start`, and `step` times the number of the turn."""

    step: int
    start: int = 0


@dataclass(frozen=True)
class Function:
    """Pointer to a kernel, which the called one calls."""

    symbol: str


Arg = Tensor | Table | Scratch | Struct | Turned | int | float | None
Field = Arg | Ints | Function | Decisions


def struct(ctype: str, /, *, by_value: bool = False, **fields: Field) -> Struct:
    """`struct("cmsis_nn_tile", w=1, h=2)`."""
    return Struct(ctype, tuple(fields.items()), by_value)


def context(role: str, size: int) -> Struct:
    """CMSIS-NN's `cmsis_nn_context` over `size` bytes of scratch (NULL and 0 if none is needed)."""
    return struct("cmsis_nn_context", buf=Scratch(role, size) if size else None, size=size)


@dataclass(frozen=True)
class Call:
    """One kernel call. `checked`: the function returns `arm_cmsis_nn_status`, which the model looks at. `stops`: it returns
    whether the inference goes on.
    """

    symbol: str
    args: tuple[Arg, ...]
    checked: bool = False
    stops: bool = False

    def leaves(self) -> Iterator[Field]:
        """Every argument and struct field, structs opened."""

        def walk(item: Field) -> Iterator[Field]:
            yield item
            if isinstance(item, Struct):
                for _, field in item.fields:
                    yield from walk(field)

        for arg in self.args:
            yield from walk(arg)

    @property
    def scratches(self) -> dict[str, Scratch]:
        """By role."""
        return {leaf.role: leaf for leaf in self.leaves() if isinstance(leaf, Scratch) and leaf.bytes}

    def called(self, word: str, path: Path) -> Call:
        """The call with constants and working memory of its own, whose names have one more word; the latter on a path."""

        def renamed(item: Field) -> Field:
            if isinstance(item, Struct):
                return replace(item, fields=tuple((name, renamed(field)) for name, field in item.fields))
            if isinstance(item, Scratch):
                return replace(item, role=f"{item.role} {word}", path=path)
            return replace(item, role=f"{item.role} {word}") if isinstance(item, Table) else item

        return replace(self, args=tuple(renamed(arg) for arg in self.args))  # type: ignore[misc]

    @property
    def symbols(self) -> frozenset[str]:
        """The function, and those that it is handed."""
        return frozenset({self.symbol, *(leaf.symbol for leaf in self.leaves() if isinstance(leaf, Function))})

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(leaf for leaf in self.leaves() if isinstance(leaf, Table))


@dataclass(frozen=True)
class Step:
    """All calls of one op, in order, and the kernel that was chosen for it. `inner`: the steps of each graph that it runs."""

    op: Op
    kernel: str
    calls: tuple[Call, ...]
    inner: tuple[tuple[Step, ...], ...] = ()

    @property
    def all_steps(self) -> Iterator[Step]:
        """The step and those inside it."""
        yield self
        for steps in self.inner:
            for step in steps:
                yield from step.all_steps


def int32_table(role: str, items: Iterable[int], content: Content) -> Table:
    return Table(role, np.asarray(list(items), np.int32), content)


def multiplier_tables(entries: Sequence[Multiplier]) -> tuple[Table, Table]:
    """Multipliers and shifts as two arrays."""
    multipliers, shifts = [m.multiplier for m in entries], [m.shift for m in entries]
    return int32_table("multiplier", multipliers, Content.REQUANT), int32_table("shift", shifts, Content.REQUANT)


def packed_multipliers(entries: Sequence[Multiplier]) -> tuple[Table, Table]:
    """The same for kernels of tinycc's own, which take a shift as a byte."""
    multipliers, _ = multiplier_tables(entries)
    return multipliers, Table("shift", np.asarray([m.shift for m in entries], np.int8), Content.REQUANT)


def tensor_or_null(value: Value | None) -> Tensor | None:
    """An operand that may be left out."""
    return None if value is None else Tensor(value)
