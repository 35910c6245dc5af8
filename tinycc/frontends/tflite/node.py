# SPDX-License-Identifier: Apache-2.0
"""What an operator's front-end row sees of one operator in a model file, whatever the file format."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tinycc.errors import CompileError, fail
from tinycc.frontends.tflite.places import Part
from tinycc.frontends.tflite.refusals import parameter
from tinycc.ir import Array, Origin, Quantization, TensorType, Value
from tinycc.numerics.rules import TFLM, Numerics
from tinycc.ops.base import Activation


@dataclass(frozen=True)
class Node:
    """One operator of a file: operands (None where the file leaves one out), declared outputs, options by the file's names.

    `numerics`: whose arithmetic is asked for; if int8 tensors are uint8 in the file, it is LITERT_U8, as
    TFLM has next to no kernels for that, the arithmetic is LiteRT's. `intermediates`: how results that never leave the
    operator are quantized. `variables`: whether each output is a variable tensor. `open_axes`: the
    dimensions of each output whose sizes the file leaves open (its values have 1 there). `part`: what a slice takes whose place
    or size is computed at run time.
    """

    origin: Origin
    inputs: tuple[Value | None, ...]
    outputs: tuple[Value, ...]
    options: Mapping[str, Any]
    numerics: Numerics = TFLM
    advance: Callable[[int], tuple[Value, Value]] | None = None
    keep: Callable[[str, TensorType, Array, Value | None], tuple[Value, Value]] | None = None
    intermediates: tuple[Quantization | None, ...] = ()
    variables: tuple[bool, ...] = ()
    open_axes: tuple[tuple[int, ...], ...] = ()
    part: Callable[[], Part | None] = lambda: None

    def own_state(self, role: str, type: TensorType, initial: Array) -> tuple[Value, Value]:
        """Memory that the operator keeps to itself from one inference to the next, which the file does not show: what the
        operator finds there, and the value for what it leaves. `initial` is stretched to the type's shape."""
        assert self.keep is not None
        return self.keep(role, type, initial, None)

    def kept_output(self, position: int, type: TensorType, initial: Array) -> Value:
        """Output `position`, which lives on as a state: what the operator finds there."""
        assert self.keep is not None
        return self.keep(f"output_{position}_before", type, initial, self.outputs[position])[0]

    def state(self, position: int) -> tuple[Value, Value]:
        """Operand `position`, a variable tensor: what the operator finds there, and the value for what it leaves."""
        assert self.advance is not None
        return self.advance(position)

    def declared(self) -> tuple[int, ...]:
        """The shape of the first output as the file describes it, with -1 for what it leaves open."""
        left_open = self.open_axes[0] if self.open_axes else ()
        return tuple(-1 if axis in left_open else size for axis, size in enumerate(self.outputs[0].shape))

    def error(self, found: str, expected: str = "", hint: str = "") -> CompileError:
        return fail(str(self.origin), found, expected, hint, self.origin.kind)

    def optional(self, position: int) -> Value | None:
        """Operand `position`, or None if it is left out."""
        return self.inputs[position] if position < len(self.inputs) else None

    def input(self, position: int) -> Value:
        """Operand `position`, which must be there."""
        value = self.optional(position)
        if value is None:
            raise self.error(f"no operand {position}", f"at least {position + 1} operands")
        return value

    def constant(self, position: int) -> Array:
        """The content of operand `position`, which must be a constant (after folding)."""
        value = self.input(position)
        if value.data is None:
            raise self.error(f"operand {position} %{value.name} computed at run time", *parameter(self.origin.kind, position))
        return value.data

    def option(self, name: str) -> Any:
        """An option by the schema's name (`stride_h`); a file that carries no options table for the operator is refused."""
        if name not in self.options:
            raise self.error(f"no option {name}", "an options table", "The file was written by a faulty converter.")
        content = self.options[name]
        if isinstance(content, float) and not math.isfinite(content):
            raise self.error(f"option {name} {content:g}", "a finite number", "The file was written by a faulty converter.")
        return content

    def check_repeated(self, name: str, actual: int) -> None:
        """An option that repeats what the operands say must not contradict them, as runtimes differ in what they follow.

        The schema's default, 0, says nothing.
        """
        stated = self.options.get(name, 0)
        if stated not in (0, actual):
            raise self.error(f"option {name} {stated}", f"{actual}, as the operands have it", "The file is damaged.")

    @property
    def activation(self) -> Activation:
        """The fused activation."""
        name = str(self.option("fused_activation_function"))
        if name not in Activation.__members__:
            raise self.error(f"fused activation {name}", " or ".join(Activation.__members__))
        return Activation[name]
