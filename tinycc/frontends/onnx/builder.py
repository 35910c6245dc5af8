# SPDX-License-Identifier: Apache-2.0
"""Makes the ops that stand for one node: types follow from the operands, what only reads constants is computed at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tinycc.errors import CompileError, Problem, fail
from tinycc.frontends.onnx.tensors import constant
from tinycc.ir import Array, DType, Graph, Op, Origin, Quantization, TensorType, Value
from tinycc.numerics.rules import ORT
from tinycc.ops.base import Clamped, Operator, Range, problems
from tinycc.ops.conversion.cast import PAIRS, Cast, SameBits
from tinycc.ops.elementwise.bitwise import Bitwise
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.movement.transpose import Transpose
from tinycc.ops.strides import Shape, broadcast
from tinycc.passes.fold_constants import evaluate
from tinycc.passes.rewrite import fresh, renamed, substitute

MAX_FOLDED = 2**26
"""Elements that may be computed while a model is read."""
AFFORDABLE = f"at most {MAX_FOLDED:,} elements to compute in the whole model"

UNBOUNDED = Range(-math.inf, math.inf)
"""The clamp that float32 results of ONNX operators have: none."""


_SMALL = (DType.INT8, DType.UINT8, DType.INT16, DType.UINT16)
WIDER = {**dict.fromkeys(_SMALL, (DType.INT32, DType.INT64)), DType.UINT32: (DType.INT64,)}
"""Element types of which operators know none as numbers -> those that hold all of them, the best first."""


def _takes(cls: type[Operator], dtype: DType) -> bool:
    return any(signature.operands.get("x1") is dtype for signature in cls.signatures)


def _of_codes(cls: type[Operator], dtype: DType) -> bool:
    """Whether the operator does not take numbers of this type as they are."""
    return not (issubclass(cls, Bitwise) and _takes(cls, dtype))


@dataclass(frozen=True)
class Blocks:
    """A constant of which every `size` elements along `axis` have a scale: (codes - zeros) * scales, repeated. Codes and zero
    points are int8; `bits` of a code are used."""

    codes: Array
    scales: Array
    zeros: Array
    axis: int
    size: int
    bits: int

    def transposed(self, permutation: tuple[int, ...]) -> Blocks:
        codes, scales, zeros = (part.transpose(permutation) for part in (self.codes, self.scales, self.zeros))
        return replace(self, codes=codes, scales=scales, zeros=zeros, axis=permutation.index(self.axis))


class Codes:
    """The codes of float32 constants that were dequantized. They are found by the arrays, which keep their identity when values
    get other names."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[Array, Value]] = {}
        self._blocks: dict[int, tuple[Array, Blocks]] = {}

    def note_blocks(self, value: Value, blocks: Blocks) -> None:
        assert value.data is not None
        self._blocks[id(value.data)] = (value.data, blocks)

    def blocks(self, value: Value) -> Blocks | None:
        entry = self._blocks.get(id(value.data)) if value.data is not None else None
        return None if entry is None else entry[1]

    def note(self, value: Value, codes: Value) -> None:
        assert value.data is not None
        self._found[id(value.data)] = (value.data, codes)

    def get(self, value: Value) -> Value | None:
        entry = self._found.get(id(value.data)) if value.data is not None else None
        return None if entry is None else entry[1]

    def moved(self, value: Value, result: Value, op: Operator) -> None:
        """Note the codes of what a reshape or a transposition made of a constant."""
        codes, blocks = self.get(value), self.blocks(value)
        if blocks is not None and isinstance(op, Transpose):
            self.note_blocks(result, blocks.transposed(op.permutation))
        if codes is None or codes.data is None or not isinstance(op, (Reshape, Transpose)):
            return
        q, axis = codes.quantization, codes.quantization.axis
        if q.per_channel and axis is not None:
            if isinstance(op, Transpose):
                axis = op.permutation.index(axis)
            elif axis != 0 or result.shape[:1] != value.shape[:1]:
                return
        data = op.eval(lambda _: codes.data if codes.data is not None else np.empty(0))[0]
        type = TensorType(result.shape, codes.dtype, replace(q, axis=axis))
        self.note(
            result, replace(codes, name=f"{result.name}_codes", type=type, data=np.asarray(data, codes.data.dtype, order="C"))
        )


@dataclass
class Ledger:
    """What a model has become so far: ops in order, names in use, elements computed while reading, codes of constants."""

    ops: list[Op] = field(default_factory=list)
    codes: Codes = field(default_factory=Codes)
    names: set[str] = field(default_factory=set)
    folded: int = 0


Inline: TypeAlias = Callable[[Any, Sequence[Value]], tuple[Value, ...]]
"""Makes the ops of a graph that a node holds, its inputs being these values; the graph's results."""


@dataclass(frozen=True)
class Traced:
    """Ops on their way to a graph that an op runs. `captured`: what they read of the graph around."""

    inputs: tuple[Value, ...]
    results: tuple[Value, ...]
    ops: tuple[Op, ...]

    @property
    def captured(self) -> tuple[Value, ...]:
        inside = {*self.inputs, *(value for op in self.ops for value in op.outputs)}
        read = (*(value for op in self.ops for value in op.inputs), *self.results)
        return tuple(dict.fromkeys(value for value in read if not value.constant and value not in inside))

    def closed(self, name: str, captured: Sequence[Value], names: set[str]) -> Graph:
        """The graph, whose inputs behind its own stand for the values `captured`."""
        given = {value: renamed(value, names) for value in captured}
        return substitute(Graph(name, (*self.inputs, *given.values()), self.results, ()), self.ops, given)


class Builder:
    """The ops of one node. Intermediate values are named after the node's first output."""

    def __init__(self, ledger: Ledger, origin: Origin, inline: Inline | None = None) -> None:
        self.ledger, self.origin, self._inline = ledger, origin, inline
        self.numerics = ORT
        self.labels: dict[Value, tuple[str, ...]] = {}
        """Results whose numbers stand for texts."""

    def constant(self, content: ArrayLike, dtype: DType | None = None, name: str = "") -> Value:
        """A constant of the node's own."""
        array = np.asarray(content, dtype.numpy if dtype is not None else None)
        return constant(self._name(name or "constant"), array)

    def op(self, cls: type[Operator], *, types: tuple[TensorType, ...] | None = None, **attributes: Any) -> Value:
        """The only result of an op."""
        (value,) = self.ops(cls, types=types, **attributes)
        return value

    def ops(self, cls: type[Operator], *, types: tuple[TensorType, ...] | None = None, **attributes: Any) -> tuple[Value, ...]:
        """The results of an op with these operands and attributes.

        `types` are those of the results where the operands do not tell. Without further ado floats are not clamped, and
        integers are by their type alone. Raises CompileError if the op is none that tinycc computes.
        """
        if "numerics" in {item.name for item in fields(cls)}:
            attributes.setdefault("numerics", self.numerics)
        trial = cls(outputs=self._outputs(types or ()), origin=self.origin, **self._bounded(cls, attributes))
        types = types or trial.infer()
        if large := [type for type in types if not type.storable]:
            raise self.error(f"a result of {large[0]}", "less than 2**31 elements")
        op = replace(trial, outputs=self._outputs(types))
        if op.known:
            return self._folded(op)
        if any(type.dtype is DType.INT4 for type in types):
            raise self.error("int4 results that are computed at run time", "int8", "Only constants can be int4.")
        if found := problems(op):
            raise CompileError(found)
        self.ledger.ops.append(op)
        return op.outputs

    @staticmethod
    def _bounded(cls: type[Operator], attributes: dict[str, Any]) -> dict[str, Any]:
        if issubclass(cls, Clamped) and "range" not in attributes:
            first = next(value for value in attributes.values() if isinstance(value, Value))
            attributes["range"] = Range(*first.dtype.limits) if first.dtype.is_integer else UNBOUNDED
        return attributes

    def _outputs(self, types: tuple[TensorType, ...]) -> tuple[Value, ...]:
        return tuple(Value(self._name(), type) for type in types)

    def _name(self, role: str = "") -> str:
        return fresh(f"{self.origin.name}_{role}" if role else f"{self.origin.name}_", self.ledger.names)

    def _folded(self, op: Operator) -> tuple[Value, ...]:
        self.ledger.folded += op.work
        if self.ledger.folded > MAX_FOLDED:
            found = f"constants alone as operands, of which to compute {op.work:,} elements"
            raise fail(str(self.origin), found, AFFORDABLE, "Give the model the result as a constant.", self.origin.kind)
        if any(value.dtype is DType.COMPLEX64 for value in op.inputs) and (broken := problems(op)):
            raise CompileError(broken)
        try:
            results = evaluate(op)
        except (ValueError, IndexError) as error:  # What the formula takes for granted, as the conditions say it.
            if broken := problems(op):
                raise CompileError(broken) from error
            raise
        if isinstance(op, (Reshape, Transpose)):
            self.ledger.codes.moved(op.x, results[0], op)
        return results

    # What many rows need.

    def afford(self, *sizes: int) -> None:
        """Raise CompileError if a constant of these sizes would be out of all proportion."""
        if math.prod(sizes) > MAX_FOLDED:
            raise self.error(f"sizes {list(sizes)}", AFFORDABLE)

    def reshape(self, x: Value, shape: Sequence[int]) -> Value:
        shape = tuple(shape)
        if math.prod(shape) != x.type.elements:
            raise self.error(f"{list(shape)} requested for {list(x.shape)}", f"{x.type.elements} elements")
        return x if shape == x.shape else self.op(Reshape, x=x, shape=shape)

    def transpose(self, x: Value, permutation: Sequence[int]) -> Value:
        same = tuple(permutation) == tuple(range(len(x.shape)))
        return x if same else self.op(Transpose, x=x, permutation=tuple(permutation))

    def cast(self, x: Value, dtype: DType) -> Value:
        if x.dtype is dtype:
            return x
        cls = SameBits if (x.dtype, dtype) in PAIRS else Cast
        return self.op(cls, x=x, types=(TensorType(x.shape, dtype),))

    def binary(self, cls: type[Operator], x1: Value, x2: Value, **attributes: Any) -> Value:
        """An op of two operands that stretch to each other; of small integers, which are numbers here, in a type that holds
        them and that the operator has."""
        if broadcast(x1.shape, x2.shape) is None:
            raise self.error(f"shapes {list(x1.shape)} and {list(x2.shape)}", "shapes that stretch to each other")
        wider = next((dtype for dtype in WIDER.get(x1.dtype, ()) if _takes(cls, dtype)), None)
        if wider is None or x1.dtype is not x2.dtype or not _of_codes(cls, x1.dtype):
            return self.op(cls, x1=x1, x2=x2, **attributes)
        y = self.op(cls, x1=self.cast(x1, wider), x2=self.cast(x2, wider), **attributes)
        return self.cast(y, x1.dtype) if y.dtype is wider else y

    def maker(self, value: Value) -> Op | None:
        """The op that makes a value."""
        return next((op for op in reversed(self.ledger.ops) if value in op.outputs), None)

    def requantized(self, x: Value, quantization: Quantization) -> Value:
        """The codes of `x` read with another scale and zero point."""
        type = replace(x.type, quantization=quantization)
        return self.op(Reshape, x=x, shape=x.shape, types=(type,))

    def like(self, x: Value, number: float) -> Value:
        """A number of the element type of `x`."""
        if x.dtype.is_integer and not x.dtype.limits[0] <= number <= x.dtype.limits[1]:
            raise self.error(f"{number:g} among operands of {x.dtype.value}", "a number that this type holds")
        return self.constant(np.asarray(number, x.dtype.numpy))

    def inline(self, graph: Any, inputs: Sequence[Value] = ()) -> tuple[Value, ...]:
        """The results of a graph that the node holds, run on these inputs."""
        assert self._inline is not None
        return self._inline(graph, inputs)

    def traced(self, make: Callable[[], tuple[Sequence[Value], Sequence[Value]]]) -> Traced:
        """What `make`, which returns inputs and results, does: instead of doing it here."""
        start = len(self.ledger.ops)
        try:
            inputs, results = make()
            return Traced(tuple(inputs), tuple(results), tuple(self.ledger.ops[start:]))
        finally:
            del self.ledger.ops[start:]

    def variable(self, role: str, type: TensorType) -> Value:
        """An input of a graph that an op of this node runs."""
        return Value(self._name(role), type)

    def error(self, found: str, expected: str = "", hint: str = "") -> CompileError:
        return CompileError(Problem(str(self.origin), found, expected, hint, self.origin.kind))


def ranked(shape: Shape, rank: int) -> Shape:
    """`shape` with sizes of 1 in front, up to `rank` dimensions."""
    return (1,) * (rank - len(shape)) + shape
