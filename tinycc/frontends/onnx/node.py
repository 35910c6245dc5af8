# SPDX-License-Identifier: Apache-2.0
"""What a row sees of one node: operands by position, attributes by name, each checked where it is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tinycc.errors import CompileError, fail
from tinycc.ir import Array, DType, Origin, Value
from tinycc.ops.strides import Shape

MAX_INTEGERS = 1000
"""Of a list that says how an operator works (axes, a shape, the sizes of parts): far beyond any real one."""


@dataclass(frozen=True)
class Node:
    """One node of a file. `version` is that of its domain's operator set; operands and outputs left out are None and "".

    `read` collects the names of the attributes that were asked for: one that no row asks for may mean anything.
    """

    origin: Origin
    kind: str
    version: int
    inputs: tuple[Value | None, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    read: set[str] = field(default_factory=set)
    declared: tuple[Shape | None, ...] = ()
    """The shapes that the file says the outputs have, where it does."""

    def error(self, found: str, expected: str = "", hint: str = "") -> CompileError:
        return fail(str(self.origin), found, expected, hint, self.origin.kind)

    # Operands.

    def optional(self, position: int) -> Value | None:
        """Operand `position`, or None if it is left out."""
        return self.inputs[position] if position < len(self.inputs) else None

    def input(self, position: int) -> Value:
        """Operand `position`, which must be there."""
        value = self.optional(position)
        if value is None:
            raise self.error(f"no operand {position}", f"at least {position + 1} operands")
        return value

    @property
    def x(self) -> Value:
        """The first operand."""
        return self.input(0)

    @property
    def given(self) -> tuple[Value, ...]:
        """All operands of an operator that takes any number of them."""
        if not self.inputs or None in self.inputs:
            raise self.error("an operand left out", "all operands")
        return tuple(value for value in self.inputs if value is not None)

    def constant(self, position: int) -> Array:
        """The content of operand `position`, which must be known at compile time."""
        value = self.input(position)
        if value.data is None:
            hint = "Export the model with static shapes and constant parameters."
            raise self.error(f"operand {position} %{value.name} computed at run time", "a constant", hint)
        return value.data

    def integers(self, position: int) -> tuple[int, ...]:
        """The constant operand `position`, which must hold integers."""
        data = self.constant(position)
        if data.dtype.kind not in "iu" or data.size > MAX_INTEGERS:
            raise self.error(f"operand {position} of {self.input(position).type}", f"at most {MAX_INTEGERS} integers")
        return tuple(int(item) for item in data.ravel())

    def integer(self, position: int) -> int:
        """The constant operand `position`, which must be one integer."""
        items = self.integers(position)
        if len(items) != 1:
            raise self.error(f"operand {position} of {self.input(position).type}", "one integer")
        return items[0]

    def scalar(self, position: int, default: float) -> float:
        """The constant operand `position`, one number; `default` where it is left out."""
        if self.optional(position) is None:
            return default
        data = self.constant(position)
        if data.size != 1 or data.dtype.kind not in "biuf":
            raise self.error(f"operand {position} of {self.input(position).type}", "one real number")
        number: float = data.item()
        return number

    # Attributes.

    def attribute(self, name: str, default: Any, type: type) -> Any:
        """The attribute `name`, of a Python type, or `default` where the file has none."""
        self.read.add(name)
        content = self.attributes.get(name, default)
        if content is not default and not isinstance(content, type):
            raise self.error(f"attribute {name} of another type", type.__name__)
        return content

    def required(self, name: str) -> None:
        if name not in self.attributes:
            raise self.error(f"no attribute {name}", "one: the operator needs it")

    def attr_int(self, name: str, default: int) -> int:
        number: int = self.attribute(name, default, int)
        return number

    def attr_float(self, name: str, default: float) -> float:
        number = float(self.attribute(name, default, float))
        if not math.isfinite(number) and name in self.attributes:
            raise self.error(f"attribute {name} {number:g}", "a finite number")
        return number

    def attr_text(self, name: str, default: str) -> str:
        content = self.attribute(name, default, bytes)
        return content if isinstance(content, str) else content.decode("utf-8", "replace")

    def attr_ints(self, name: str, default: tuple[int, ...] | None = None) -> tuple[int, ...] | None:
        content = self.attribute(name, default, list)
        if content is not default and (len(content) > MAX_INTEGERS or not all(isinstance(item, int) for item in content)):
            raise self.error(f"attribute {name} of {len(content)} items", f"at most {MAX_INTEGERS} integers")
        return None if content is None else tuple(content)

    def attr_floats(self, name: str, default: tuple[float, ...] | None = None) -> tuple[float, ...] | None:
        content = self.attribute(name, default, list)
        return None if content is None else tuple(float(item) for item in content)

    def ints_or_operand(self, name: str, position: int) -> tuple[int, ...] | None:
        """What older operator sets have as an attribute, and newer ones as an operand; None where it is left out."""
        if self.optional(position) is not None:
            return self.integers(position)
        return self.attr_ints(name)

    # Dimensions.

    def axis(self, number: int, rank: int) -> int:
        """An axis counted from the front, which may be given from the end."""
        if not -rank <= number < rank:
            raise self.error(f"axis {number} of {rank} dimensions", f"{-rank} to {rank - 1}" if rank else "no scalars")
        return number % rank

    def axes(self, numbers: tuple[int, ...], rank: int) -> tuple[int, ...]:
        """Axes in ascending order, none twice."""
        found = [self.axis(number, rank) for number in numbers]
        if len(set(found)) != len(found):
            raise self.error(f"axes {list(numbers)}", "each once")
        return tuple(sorted(found))

    def ranked(self, value: Value, *ranks: int) -> Value:
        """`value`, which must have one of these numbers of dimensions."""
        if len(value.shape) not in ranks:
            raise self.error(f"%{value.name} of shape {list(value.shape)}", f"{' or '.join(map(str, ranks))} dimensions")
        return value

    def typed(self, value: Value, *dtypes: DType) -> Value:
        if value.dtype not in dtypes:
            raise self.error(f"%{value.name} of {value.dtype.value}", " or ".join(dtype.value for dtype in dtypes))
        return value
