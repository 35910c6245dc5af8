# SPDX-License-Identifier: Apache-2.0
"""uint8 becomes int8: scale * (code - zero_point) stays what it is if code and zero point are both 128 less.

So no operator and no kernel knows quantized uint8. Only a model's inputs and outputs keep the type of the file: at this border
a table translates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

import numpy as np

from tinycc.frontends.tflite.callees import CALLS
from tinycc.frontends.tflite.file import QuantizationRecord, SubgraphRecord
from tinycc.ir import Array, DType, Graph, Origin, TensorType, Value
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.passes.rewrite import fresh, substitute

OFFSET = 128
READ_CODES = frozenset(
    {"BITWISE_XOR", "CAST", "REDUCE_WINDOW", "RESIZE_BILINEAR", "RIGHT_SHIFT", "SCATTER_ND", "SPARSE_TO_DENSE"}
)
"""Operators that compute with the codes of uint8 themselves. They get them, through a table."""
CONVERSIONS = frozenset({"CAST", "QUANTIZE"})
"""Operators that have uint8 on one side and may have int8 on the other."""


def shifted(codes: Array) -> Array:
    """uint8 codes as int8 and the reverse: 128 less, 128 more."""
    turned: Array = codes.view(np.uint8) ^ np.uint8(OFFSET)
    return turned.view(np.int8) if codes.dtype == np.uint8 else turned


_CODES = np.arange(256, dtype=np.uint8)
_TO_INT8, _TO_UINT8 = shifted(_CODES), shifted(_CODES.view(np.int8))


def signed(subgraphs: tuple[SubgraphRecord, ...]) -> tuple[SubgraphRecord, ...]:
    """The same subgraphs with quantized uint8 tensors as int8; `unsigned` marks them. Their data is still that of the file.

    A uint8 tensor without quantization goes along where an operator joins it to a quantized one, or a call hands one on as the
    other; a tensor stays as it is where none but READ_CODES touch it.
    """
    tensors = [list(subgraph.tensors) for subgraph in subgraphs]
    groups = list(_groups(subgraphs))
    users: dict[_Place, list[int]] = {}
    for number, group in enumerate(groups):
        for place in group:
            users.setdefault(place, []).append(number)
    joined: set[int] = set()
    pending = [(graph, index) for graph, index in sorted(users) if tensors[graph][index].quantization is not None]
    while pending:
        graph, index = place = pending.pop()
        tensor = tensors[graph][index]
        if tensor.dtype == "UINT8":
            tensors[graph][index] = replace(tensor, dtype="INT8", quantization=_less(tensor.quantization), unsigned=True)
            new = [number for number in users[place] if number not in joined]
            joined.update(new)
            pending += [other for number in new for other in groups[number]]
    return tuple(replace(subgraph, tensors=tuple(made)) for subgraph, made in zip(subgraphs, tensors, strict=True))


_Place = tuple[int, int]
"""Subgraph and tensor."""


def _groups(subgraphs: Sequence[SubgraphRecord]) -> Iterator[list[_Place]]:
    """Tensors whose codes mean the same: those of an operator, and what a call hands on as what."""
    for number, subgraph in enumerate(subgraphs):
        for operator in subgraph.operators:
            if operator.kind not in CALLS:
                touched = operator.inputs + operator.outputs if operator.kind not in READ_CODES else ()
                yield [(number, index) for index in touched if index >= 0]
            for called in CALLS.get(operator.kind, ()):
                callee = operator.options.get(called.option, -1)
                if 0 <= callee < len(subgraphs):
                    pairs = list(zip(operator.inputs[called.skipped :], subgraphs[callee].inputs, strict=False))
                    pairs += zip(operator.outputs if called.gives else (), subgraphs[callee].outputs, strict=False)
                    yield from ([(number, outer), (callee, inner)] for outer, inner in pairs if outer >= 0)
            if operator.kind == "WHILE":
                kept = zip(operator.inputs, operator.outputs, strict=False)
                yield from ([(number, before), (number, after)] for before, after in kept if before >= 0)


def _less(q: QuantizationRecord | None) -> QuantizationRecord | None:
    return q and replace(q, zero_points=tuple(zero_point - OFFSET for zero_point in q.zero_points or (0,)))


def with_borders(graph: Graph, unsigned: Set[int]) -> Graph:
    """`graph` with uint8 inputs and outputs again, where the tensor's number is in `unsigned`.

    `%x: int8 -> %y: int8` -> `%x: uint8; %x_signed: int8 = Lookup(%x) -> %y_signed: int8; %y: uint8 = Lookup(%y_signed)`.
    """
    names = graph.names
    inner: dict[Value, Value] = {}
    outer: dict[Value, Value] = {}
    for value in dict.fromkeys((*graph.inputs, *graph.outputs)):
        if value.index in unsigned:
            inner[value] = value if value.constant else replace(value, name=fresh(f"{value.name}_signed", names), index=None)
            outer[value] = as_in_file(value)
    entries = [border(outer[value], inner[value], "input") for value in graph.inputs if value in outer]
    ops = tuple(replace(op, outputs=tuple(inner.get(value, value) for value in op.outputs)) for op in graph.ops)
    made = [value for value in outer if value in graph.outputs and value not in graph.inputs and not value.constant]
    exits = [border(inner[value], outer[value], "output") for value in made]
    states = tuple(replace(state, before=inner.get(state.before, state.before)) for state in graph.states)
    new = {old: value for old, value in inner.items() if old is not value}
    changed = substitute(replace(graph, states=states), ops, new)
    return replace(
        changed,
        inputs=tuple(outer.get(value, value) for value in graph.inputs),
        outputs=tuple(outer.get(value, value) for value in graph.outputs),
        ops=(*entries, *changed.ops, *exits),
    )


def as_in_file(value: Value) -> Value:
    """The uint8 tensor that an int8 value stands for."""
    q = value.type.quantization
    q = q and replace(q, zero_points=tuple(zero_point + OFFSET for zero_point in q.zero_points))
    data = None if value.data is None else shifted(value.data)
    return replace(value, type=TensorType(value.shape, DType.UINT8, q), data=data)


def border(x: Value, y: Value, kind: str = "CODES") -> Lookup:
    """From uint8 to int8, or the reverse. `kind`: what people see it as, since the file has no such operator."""
    table = _TO_INT8 if y.dtype is DType.INT8 else _TO_UINT8
    return Lookup(x=x, table=table, outputs=(y,), origin=Origin(-1, kind, y.name))
