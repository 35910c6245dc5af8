# SPDX-License-Identifier: Apache-2.0
"""The typed intermediate representation: Values and Ops in a Graph (SSA, NHWC), its checker and its printer.

Everything is frozen. A Value is compared by identity and has one producer at most; an Op is a frozen dataclass with named
operands and typed attributes (see `tinycc.ops`); a Graph is a topologically ordered tuple of Ops. A pass builds new objects.

Long, as it is one language: types, values, operators, graphs, their check and their text.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from tinycc.errors import fail

Array = NDArray[Any]
Reader = Callable[["Value"], Array]


class DType(Enum):
    """Element type of a tensor. The value is the name in print and in messages, and in numpy but for int4 and int2.

    int4 and int2 are types of constants only: an int8 array here, and two or four to a byte where they lie in flash (see
    `packed`). A complex64 is two floats in C, the real part first.
    """

    INT8 = "int8"
    UINT8 = "uint8"
    INT16 = "int16"
    UINT16 = "uint16"
    INT32 = "int32"
    UINT32 = "uint32"
    INT64 = "int64"
    UINT64 = "uint64"
    FLOAT32 = "float32"
    FLOAT16 = "float16"
    COMPLEX64 = "complex64"
    BOOL = "bool"
    INT4 = "int4"
    INT2 = "int2"

    @cached_property
    def numpy(self) -> np.dtype[Any]:
        """The type of the arrays that hold such elements."""
        return np.dtype("int8" if self.packed else self.value)

    @property
    def bytes(self) -> int:
        """Size of one element in bytes, before packing."""
        return self.numpy.itemsize

    @cached_property
    def bits(self) -> int:
        """Size of one element in memory."""
        return {DType.INT4: 4, DType.INT2: 2}.get(self, 8 * self.bytes)

    @property
    def packed(self) -> bool:
        """Whether several elements share a byte."""
        return self in (DType.INT4, DType.INT2)

    @property
    def ctype(self) -> str:
        """The C type of one element, or of each of its `parts`."""
        return _CTYPES[self]

    @property
    def parts(self) -> int:
        """Numbers in an element."""
        return 2 if self is DType.COMPLEX64 else 1

    @property
    def is_integer(self) -> bool:
        return self.numpy.kind in "iu"

    @property
    def limits(self) -> tuple[int, int]:
        """Smallest and largest value of an integer type, or of bool."""
        if self.packed:
            return -(1 << (self.bits - 1)), (1 << (self.bits - 1)) - 1
        if self is DType.BOOL:
            return 0, 1
        info = np.iinfo(self.numpy)
        return int(info.min), int(info.max)


_CTYPES = {
    DType.INT8: "int8_t",
    DType.UINT8: "uint8_t",
    DType.INT16: "int16_t",
    DType.UINT16: "uint16_t",
    DType.INT32: "int32_t",
    DType.UINT32: "uint32_t",
    DType.INT64: "int64_t",
    DType.UINT64: "uint64_t",
    DType.FLOAT32: "float",
    DType.FLOAT16: "uint16_t",
    DType.COMPLEX64: "float",
    DType.BOOL: "bool",
    DType.INT4: "int8_t",
    DType.INT2: "int8_t",
}


def packed(codes: Array, bits: int = 4) -> Array:
    """Codes of 4 or 2 bits as bytes, the first in the lowest bits, 0 behind the last: int8[ceil(codes * bits / 8)]."""
    per = 8 // bits
    parts = np.zeros(-(-codes.size // per) * per, np.uint8)
    parts[: codes.size] = codes.astype(np.uint8).ravel() & ((1 << bits) - 1)
    whole: Array = np.bitwise_or.reduce([parts[i::per] << np.uint8(bits * i) for i in range(per)]).view(np.int8)
    return whole


def unpacked(raw: Array, shape: tuple[int, ...], bits: int = 4) -> Array:
    """The codes, as int8, that `packed` made bytes of."""
    raw = raw.view(np.int8)
    parts = [raw << (8 - bits * (i + 1)) >> (8 - bits) for i in range(8 // bits)]
    codes: Array = np.stack(parts, axis=-1).ravel()[: int(np.prod(shape, dtype=np.int64))].reshape(shape)
    return codes


@dataclass(frozen=True)
class Quantization:
    """real = scale * (code - zero_point), per tensor (one scale) or per slice along `axis`.

    With `block`, each run of so many elements along the last dimension has a scale, in row-major order, and zero point 0.
    Scales are float32 values held as Python floats: arithmetic on them states its precision where it is done.
    """

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int | None = None
    block: int | None = None

    @property
    def per_channel(self) -> bool:
        return len(self.scales) > 1

    @property
    def scale(self) -> float:
        """The only one. Raises CompileError if there are several."""
        if len(self.scales) != 1:
            raise fail("quantization", f"{len(self.scales)} scales", "one for the whole tensor")
        return self.scales[0]

    @property
    def zero_point(self) -> int:
        """The only one. Raises CompileError if there are several."""
        if len(set(self.zero_points)) != 1:
            raise fail("quantization", f"{len(self.zero_points)} zero points", "one for the whole tensor")
        return self.zero_points[0]

    def __str__(self) -> str:
        if self.block is not None:
            return f"scale=[{self.scales[0]:.6g}, ... {len(self.scales)}] block={self.block}"
        if self.per_channel:
            return f"scale=[{self.scales[0]:.6g}, ... {len(self.scales)}] axis={self.axis}"
        return f"scale={self.scale:.6g} zero_point={self.zero_point}"


@dataclass(frozen=True)
class TensorType:
    """Static shape, element type and quantization of a tensor."""

    shape: tuple[int, ...]
    dtype: DType
    quantization: Quantization | None = None

    @cached_property
    def elements(self) -> int:
        return math.prod(self.shape)

    @property
    def storable(self) -> bool:
        """Whether the dimensions, those of 0 aside, are sizes that an index of 32 bits runs over."""
        return min(self.shape, default=0) >= 0 and math.prod(size or 1 for size in self.shape) < 2**31

    @cached_property
    def bytes(self) -> int:
        return -(-self.elements * self.dtype.bits // 8)

    def same_storage(self, other: TensorType) -> bool:
        """Equal shape and element type (the quantization may differ)."""
        return (self.shape, self.dtype) == (other.shape, other.dtype)

    def __str__(self) -> str:
        text = f"{self.dtype.value}[{','.join(map(str, self.shape))}]"
        return f"{text} {self.quantization}" if self.quantization else text


@dataclass(frozen=True)
class Kept:
    """Which channels of a tensor of `total` in the file are left, where a pass dropped others."""

    channels: tuple[int, ...]
    total: int


@dataclass(frozen=True, eq=False)
class Value:
    """A tensor: what one op makes and others read, a graph input, or (with `data`) a constant.

    `index` is the tensor's number in the source file (None for one that a pass made): verification compares by it. `order`: the
    dimensions of the file's tensor in the order in which they lie here (None: in their own); `kept` tells which of the channels
    then, the last dimension, are left (None: all). `labels`: the texts of the file that its numbers stand for.
    """

    name: str
    type: TensorType
    data: Array | None = None
    index: int | None = None
    kept: Kept | None = None
    order: tuple[int, ...] | None = None
    labels: tuple[str, ...] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.type.shape

    @property
    def dtype(self) -> DType:
        return self.type.dtype

    @property
    def constant(self) -> bool:
        return self.data is not None

    @property
    def quantization(self) -> Quantization:
        """The quantization of a tensor that an operator requires to be quantized. Raises CompileError if it is not."""
        if self.type.quantization is None:
            raise fail(f"%{self.name}", f"{self.dtype.value} without scale and zero point", "a quantized tensor")
        return self.type.quantization

    @property
    def scale(self) -> float:
        return self.quantization.scale

    @property
    def zero_point(self) -> int:
        return self.quantization.zero_point

    def lying(self, array: Array) -> Array:
        """The file's tensor in the order in which it lies here, with all of its channels."""
        if self.order is None:
            return array
        shape = self.shape if self.kept is None else (*self.shape[:-1], self.kept.total)
        return np.asarray(array.transpose(self.order).reshape(shape), order="C")

    def __repr__(self) -> str:
        return f"%{self.name}: {self.type}"


@dataclass(frozen=True)
class Origin:
    """Where an op comes from: its position in the file's subgraph, the file's name for its kind, its first output's name."""

    index: int
    kind: str
    name: str
    subgraph: int = 0

    @property
    def place(self) -> str:
        """The position alone."""
        return f"op {self.index}" if self.subgraph == 0 else f"subgraph {self.subgraph}, op {self.index}"

    def __str__(self) -> str:
        return f'{self.place} {self.kind} "{self.name}"'


@dataclass(frozen=True, eq=False, kw_only=True)
class Op:
    """Base of all operators. Subclasses add operands (fields that hold Values), graphs that the op runs (fields that hold
    Graphs) and attributes (all other fields).

    A `view` has no code: its output is its first operand's memory. `updates` pairs a state operand with the number of the
    output that replaces it in the same memory.
    """

    outputs: tuple[Value, ...]
    origin: Origin

    view: ClassVar[bool] = False
    updates: ClassVar[tuple[tuple[str, int], ...]] = ()
    _BASE: ClassVar[frozenset[str]] = frozenset({"outputs", "origin"})

    @property
    def y(self) -> Value:
        """The first (for most operators: the only) output."""
        return self.outputs[0]

    @property
    def operands(self) -> Iterator[tuple[str, Value]]:
        """(field name, value) of every operand that is present, in field order; a tuple operand yields each element."""
        for field in fields(self):
            if field.name in self._BASE:
                continue
            content = getattr(self, field.name)
            if isinstance(content, Value):
                yield field.name, content
            elif isinstance(content, tuple):
                yield from ((field.name, item) for item in content if isinstance(item, Value))

    @cached_property
    def inputs(self) -> tuple[Value, ...]:
        return tuple(value for _, value in self.operands)

    @property
    def attributes(self) -> Iterator[tuple[str, Any]]:
        """(field name, content) of everything that is neither operand nor output; what is absent or False is left out."""
        operands = {name for name, _ in self.operands}
        for field in fields(self):
            content = getattr(self, field.name)
            if field.name in operands or field.name in self._BASE or isinstance(content, Graph):
                continue
            if content is not None and content is not False:
                yield field.name, content

    @property
    def graphs(self) -> dict[str, Graph]:
        """Field name -> graph, for the graphs that the op runs."""
        return {field.name: content for field in fields(self) if isinstance(content := getattr(self, field.name), Graph)}

    @property
    def updated(self) -> Iterator[tuple[Value, Value]]:
        """(operand, output) of every output that replaces an operand in the same memory."""
        operands = dict(self.operands)
        yield from ((operands[name], self.outputs[output]) for name, output in self.updates)

    @property
    def known(self) -> bool:
        """Whether nothing that is only there at run time decides the results, so that the op can be folded: its operands are
        constants, or there is no element in its results."""
        return all(value.constant for value in self.inputs) or (
            not self.updates and not any(value.type.elements for value in self.outputs)
        )

    def with_operands(self, new: Mapping[Value, Value]) -> Self:
        """The same op reading `new[v]` wherever it read `v`."""
        changes: dict[str, Any] = {}
        for field in fields(self):
            content = getattr(self, field.name)
            if field.name in self._BASE:
                continue
            if isinstance(content, Value) and content in new:
                changes[field.name] = new[content]
            elif isinstance(content, tuple) and any(isinstance(item, Value) and item in new for item in content):
                changes[field.name] = tuple(new.get(item, item) for item in content)
        return replace(self, **changes) if changes else self

    def infer(self) -> tuple[TensorType, ...]:
        """Shape and element type of each output, from the operands. Raises CompileError on a contradiction."""
        raise NotImplementedError(type(self).__name__)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        """The semantics in numpy: `read(value)` gives an operand's array. Integer types are exact."""
        raise NotImplementedError(type(self).__name__)

    @property
    def period(self) -> int:
        """Every how many inferences that reach the op it lets them go on; above 1, the others end behind it (`stops`)."""
        return 1

    def stops(self, outputs: tuple[Array, ...]) -> bool:
        """Whether the inference in which the op made `outputs` ends behind it."""
        return False

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations of one inference."""
        return 0

    @property
    def work(self) -> int:
        """Elements that `eval` goes through, more or less: what it costs to fold the op."""
        return max(self.macs, *(value.type.elements for value in (*self.inputs, *self.outputs)))


@dataclass(frozen=True, eq=False)
class State:
    """Memory that lives from one inference to the next: an inference finds it as `before` and leaves it as `after`.

    The first inference finds `initial`.
    """

    before: Value
    after: Value
    initial: Array

    def __repr__(self) -> str:
        return f"{self.before!r} <- %{self.after.name}"


@dataclass(frozen=True)
class Graph:
    """A model: inputs, outputs, states, and ops in an order in which each reads only what is already there."""

    name: str
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    ops: tuple[Op, ...]
    states: tuple[State, ...] = ()

    @property
    def sources(self) -> tuple[Value, ...]:
        """What is there before the first op."""
        return (*self.inputs, *(state.before for state in self.states))

    @property
    def results(self) -> tuple[Value, ...]:
        """What must be there after the last op."""
        return (*self.outputs, *(state.after for state in self.states))

    @property
    def names(self) -> set[str]:
        """The names of all values that are no constants."""
        return {value.name for value in (*self.sources, *(value for op in self.ops for value in op.outputs))}

    @cached_property
    def producers(self) -> dict[Value, Op]:
        return {value: op for op in self.ops for value in op.outputs}

    def owner(self, value: Value) -> Value:
        """The value whose memory `value` is, if views made it; else itself."""
        while value in self.producers and self.producers[value].view:
            value = self.producers[value].inputs[0]
        return value

    @property
    def users(self) -> dict[Value, list[Op]]:
        """Every op that reads a value, once each, in order. Graph outputs are not among them."""
        found: dict[Value, list[Op]] = {}
        for op in self.ops:
            for value in dict.fromkeys(op.inputs):
                found.setdefault(value, []).append(op)
        return found

    @property
    def period(self) -> int:
        """Every how many inferences all ops run."""
        return math.prod(op.period for op in self.ops)

    @property
    def constants(self) -> tuple[Value, ...]:
        """Constants that an op or an output reads, in order of first use."""
        read = [value for op in self.ops for value in op.inputs] + list(self.results)
        return tuple(value for value in dict.fromkeys(read) if value.constant)

    @property
    def all_ops(self) -> Iterator[Op]:
        """The ops and, behind each, those of the graphs that it runs."""
        for op in self.ops:
            yield op
            for graph in op.graphs.values():
                yield from graph.all_ops

    @property
    def macs(self) -> int:
        return sum(op.macs for op in self.ops)

    @cached_property
    def work(self) -> int:
        """Elements that an evaluation of all ops goes through, more or less."""
        return sum(op.work for op in self.ops)


class InvalidGraphError(Exception):
    """A pass broke the IR: a defect of tinycc, never of the user's model."""


def check(graph: Graph) -> Graph:
    """Return `graph` if every invariant holds, in the graphs that its ops run, too: SSA, order, types equal to what `infer`
    says. Raise InvalidGraphError if not."""
    defined: set[Value] = set(graph.sources)
    names: set[str] = {value.name for value in graph.sources}
    for op in graph.ops:
        for inner in op.graphs.values():
            check(inner)
        for name, value in op.operands:
            if not value.constant and value not in defined:
                raise InvalidGraphError(f"{op.origin}: operand {name} = {value!r} is read before it is made")
        inferred = op.infer()
        if len(inferred) != len(op.outputs):
            raise InvalidGraphError(f"{op.origin}: {len(op.outputs)} outputs, {len(inferred)} inferred")
        for value, expected in zip(op.outputs, inferred, strict=True):
            if value in defined or value.constant or value.name in names:
                raise InvalidGraphError(f"{op.origin}: {value!r} is made twice")
            if not value.type.same_storage(expected):
                raise InvalidGraphError(f"{op.origin}: {value!r} should be {expected}")
            defined.add(value)
            names.add(value.name)
    for value in graph.results:
        if not value.constant and value not in defined:
            raise InvalidGraphError(f"result {value!r} is never made")
    for state in graph.states:
        if not state.before.type.same_storage(state.after.type):
            raise InvalidGraphError(f"state {state!r} changes its type to {state.after.type}")
    return graph


def _show(content: Any) -> str:
    if isinstance(content, Enum):
        return str(content.value)
    if isinstance(content, np.ndarray):
        return f"<{content.dtype}{list(content.shape)}>"
    if isinstance(content, tuple) and not hasattr(content, "_fields"):
        return "(" + ",".join(map(_show, content)) + ")"
    return str(content)


def print_graph(graph: Graph) -> str:
    """The graph as text, one op a line, every value with its type: `%y: int8[1,10] = Softmax(%x) beta=1.0`. The graphs that an
    op runs follow it, indented."""
    lines = [f"graph {graph.name}("]
    lines += [f"    {value!r}," for value in graph.inputs]
    lines += [") {"]
    lines += [f"    state {state!r}" for state in graph.states]
    lines += [f"    const {value!r}" for value in graph.constants]
    for op in graph.ops:
        made = ", ".join(repr(value) for value in op.outputs)
        read = ", ".join(f"{name}=%{value.name}" for name, value in op.operands)
        attributes = "".join(f" {name}={_show(content)}" for name, content in op.attributes)
        lines.append(f"    {made} = {type(op).__name__}({read}){attributes}")
        for name, inner in op.graphs.items():
            lines.append(textwrap.indent(f"{name}: {print_graph(inner)}", " " * 8))
    lines += [f"    return {', '.join('%' + value.name for value in graph.outputs)}", "}"]
    return "\n".join(lines)
