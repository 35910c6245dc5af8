# SPDX-License-Identifier: Apache-2.0
"""A kernel that can compute an operator, with all that the choice looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tinycc.ir import Op
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call, Table, Tensor
from tinycc.kernels.code import code_of
from tinycc.kernels.fitted import estimate
from tinycc.ops.base import Operator
from tinycc.program.types import Decisions


@dataclass(frozen=True, eq=False)
class Candidate:
    """A variant that can compute `op`, with its cost. What its calls take in all is known once they are bound. `times`:
    how often they are made in an inference."""

    variant: Variant[Any]
    op: Operator
    context: Context
    times: int = 1

    @cached_property
    def cost(self) -> Cost:
        return estimate(self.variant, self.op, self.context)

    @property
    def cycles(self) -> int:
        """Of an inference."""
        return self.cost.cycles * self.times

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        return self.variant.bind(self.op, self.context)

    @cached_property
    def code(self) -> Mapping[str, int]:
        """Source files with the bytes of their code."""
        return code_of(frozenset().union(*(call.symbols for call in self.calls)))

    @cached_property
    def constants(self) -> int:
        """Bytes of all arrays in flash that the calls read, once each, and of the code that is written for them."""
        leaves = [leaf for call in self.calls for leaf in call.leaves()]
        arrays = {id(leaf.data): leaf.data.nbytes for leaf in leaves if isinstance(leaf, Table)}
        operands = {leaf.value for leaf in leaves if isinstance(leaf, Tensor) and leaf.value.constant}
        written = sum(leaf.code_bytes for leaf in leaves if isinstance(leaf, Decisions))
        return sum(arrays.values()) + sum(value.type.bytes for value in operands) + written

    @cached_property
    def scratch(self) -> int:
        """Bytes of working memory: of a role, as much as the most demanding call wants."""
        roles: dict[str, int] = {}
        for call in self.calls:
            for role, scratch in call.scratches.items():
                roles[role] = max(scratch.bytes, roles.get(role, 0))
        return sum(roles.values())

    def added(self, there: Collection[str] = ()) -> int:
        """Bytes of constants, and of code but for the files that are `there` anyway."""
        return self.constants + sum(size for name, size in self.code.items() if name not in there)

    @property
    def speed(self) -> tuple[int, int]:
        return self.cost.cycles, self.cost.flash


Taken = Mapping[Op, Candidate]
Able = Mapping[Op, tuple[Candidate, ...]]


def flash_of(taken: Taken) -> tuple[int, int]:
    """(bytes of constants and code, cycles) of all."""
    code = {name: size for item in taken.values() for name, size in item.code.items()}
    return sum(code.values()) + sum(item.constants for item in taken.values()), sum(item.cycles for item in taken.values())


class Account:
    """What all candidates take together, kept while others take the place of some: each move costs as much as it moves."""

    def __init__(self, taken: Taken) -> None:
        self.taken = dict(taken)
        self._constants = self._cycles = self._code = 0
        self._uses: Counter[str] = Counter()
        for item in self.taken.values():
            self._add(item)

    @property
    def total(self) -> tuple[int, int]:
        """As `flash_of`."""
        return self._code + self._constants, self._cycles

    def move(self, moved: Taken) -> Taken:
        """Put these in place of those of the same operators, which are returned."""
        before = {op: self.taken[op] for op in moved}
        for op, item in moved.items():
            if item is not before[op]:
                self._drop(before[op])
                self._add(item)
                self.taken[op] = item
        return before

    def _add(self, item: Candidate) -> None:
        self._constants += item.constants
        self._cycles += item.cycles
        for name, size in item.code.items():
            self._code += 0 if self._uses[name] else size
            self._uses[name] += 1

    def _drop(self, item: Candidate) -> None:
        self._constants -= item.constants
        self._cycles -= item.cycles
        for name, size in item.code.items():
            self._uses[name] -= 1
            self._code -= 0 if self._uses[name] else size
